"""The newest lines of a log stream, in the shape of the tool that shows them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from simulator.content.system import Says
from simulator.world.shell.scene import Scene

_SPAN = re.compile(r"(\d{1,6}) ?(s|m|h|d|second|minute|hour|day)?s?(?: ago)?")
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}
_DEFAULT_LINES = 40
_DEFAULT_SPAN = 900
_MOST_LINES = 500
_SHAPE = "{time|clock}  {level:<5}  {text}"


def newest_lines(scene: Scene, stream: str, args: Mapping[str, str], says: Says | None) -> str:
    """Return the newest lines, as many and as far back as the call asked.

    `{since}` and `{n}`, `{lines}`, `{limit}` or `{tail}` of the pattern are honoured. With a
    `row` in the command's `says` the lines take its shape, from {time}, {level} and {text};
    its `text` stands above them.
    """
    span = _span(args.get("since", ""))
    limit = next(
        (_count(args[name]) for name in ("n", "lines", "limit", "tail") if name in args), 0
    )
    until = scene.state.t
    kept = scene.world.log_lines(
        scene.state, stream, until - (span or _DEFAULT_SPAN), until, limit or _DEFAULT_LINES
    )
    shape = (says.row if says is not None else "") or _SHAPE
    out = [scene.fill(says.text, args)] if says is not None and says.text else []
    out += [
        scene.fill(
            shape,
            args,
            {"time": line.t, "level": line.level, "text": line.text, "detail": line.detail},
        )
        for line in kept
    ]
    if not kept:
        out.append("No logs found")
    if says is not None and says.after:
        out.append(scene.fill(says.after, args))
    return "\n".join(part.rstrip("\n") for part in out)


def _span(text: str) -> int:
    found = _SPAN.fullmatch(text.strip().lstrip("-"))
    if not found:
        return 0
    return min(int(found[1]) * _UNITS[(found[2] or "")[:1]], 86_400)


def _count(text: str) -> int:
    return min(int(text), _MOST_LINES) if re.fullmatch(r"\d{1,6}", text) else 0
