"""The newest lines of a log stream, in the shape of the tool that shows them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from simulator.content.terminal import Says
from simulator.world.logs import LogLine
from simulator.world.shell.scene import Scene

_SPAN = re.compile(r"(\d{1,6}) ?(s|m|h|d|second|minute|hour|day)?s?(?: ago)?")
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}
_ON_SCREEN = 60
_PIPED = 2_000
"""Lines that are printed when the call does not say how many: a filter wants to see more."""

_DEFAULT_SPAN = 900
_SHAPE = "{time|clock}  {level:<5}  {text}"


def newest_lines(
    scene: Scene, stream: str, args: Mapping[str, str], says: Says | None, piped: bool
) -> str:
    """Return the newest lines, as many and as far back as the call asked.

    `{since}` and `{n}`, `{lines}`, `{limit}` or `{tail}` of the pattern are honoured. With a
    `row` in the command's `says` the lines take its shape, from {time}, {level}, {text} and
    {detail}; its `text` stands above them. Without one, a stream of JSON prints its JSON.
    """
    span = _span(args.get("since", ""))
    asked = [_count(args[name]) for name in ("n", "lines", "limit", "tail") if name in args]
    until = scene.state.t
    kept = scene.world.log_lines(
        scene.state,
        stream,
        until - (span or _DEFAULT_SPAN),
        until,
        next(filter(None, asked), _PIPED if piped else _ON_SCREEN),
    )
    shape = says.row if says is not None else ""
    structured = any(one.format == "pino" for one in scene.world.system.logs if one.id == stream)
    out = [scene.fill(says.text, args)] if says is not None and says.text else []
    out += [
        _compact(line.detail) if structured and not shape else _shaped(scene, line, shape, args)
        for line in kept
    ]
    if not kept and not piped:
        out.append("No logs found")
    if says is not None and says.after:
        out.append(scene.fill(says.after, args))
    return "\n".join(part.rstrip("\n") for part in out)


def _shaped(scene: Scene, line: LogLine, shape: str, args: Mapping[str, str]) -> str:
    parts = {"time": line.t, "level": line.level, "text": line.text, "detail": line.detail}
    return scene.fill(shape or _SHAPE, args, parts)


def _compact(detail: str) -> str:
    """Return a JSON record without spaces, as loggers write it and people search for it."""
    return json.dumps(json.loads(detail), ensure_ascii=False, separators=(",", ":"))


def _span(text: str) -> int:
    found = _SPAN.fullmatch(text.strip().lstrip("-"))
    if not found:
        return 0
    return min(int(found[1]) * _UNITS[(found[2] or "")[:1]], 86_400)


def _count(text: str) -> int:
    return min(int(text), _PIPED) if re.fullmatch(r"\d{1,6}", text) else 0
