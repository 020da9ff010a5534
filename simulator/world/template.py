"""Placeholders in authored texts: a fixed list of names and filters, no template engine.

`{name}`, `{name|filter}`, `{name:<20}`, `{name|filter:>8}`, and the prefixed forms `{metric:id}`,
`{metric:id:0}`, `{number:1:9}`, `{hex:8}`, `{ago:90}`, `{pool:name}`. Only a brace followed by a
lower-case letter and closed on its line is a placeholder; `{{` is a brace.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

PREFIXES = ("metric", "number", "hex", "ago", "pool")
FILTERS = ("clock", "minute", "iso", "date", "stamp", "ago", "lower", "upper", "json")

_MARK = re.compile(
    r"\{\{|\{(?P<name>[a-z][a-zA-Z0-9_.-]*)(?P<more>(?::[A-Za-z0-9_.-]+)*?)"
    r"(?:\|(?P<filter>[a-z]+))?(?::(?P<align>[<>^])(?P<width>\d{1,3}))?\}"
)

Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One placeholder: `prefix` is "" for a plain name, `parts` what follows a prefix."""

    prefix: str
    name: str
    parts: tuple[str, ...]
    filter: str
    align: str
    width: int

    @property
    def timed(self) -> bool:
        """Whether it is a moment, in seconds since T+0."""
        return self.prefix == "ago" or self.name in ("now",) or self.name.endswith("_at")


Lookup = Callable[[Placeholder], Value]


def placeholders(text: str) -> list[Placeholder]:
    """Return the placeholders of a text, in order."""
    return list(_found(text))


def _found(text: str) -> Iterator[Placeholder]:
    if "{" in text:
        for match in _MARK.finditer(text):
            if match["name"]:
                yield _placeholder(match)


def _placeholder(match: re.Match[str]) -> Placeholder:
    name, parts = match["name"], tuple(filter(None, (match["more"] or "").split(":")))
    prefix = name if name in PREFIXES and parts else ""
    if prefix:
        name, parts = parts[0], parts[1:]
    return Placeholder(
        prefix, name, parts, match["filter"] or "", match["align"] or "", int(match["width"] or 0)
    )


def alone(text: str) -> Placeholder | None:
    """Return the placeholder that is all of a text, if one is: its value keeps its type."""
    match = _MARK.fullmatch(text)
    return _placeholder(match) if match and match["name"] else None


def fill(text: str, lookup: Lookup, epoch: int, now: int) -> str:
    """Return a text with its placeholders filled.

    `lookup` returns a plain value; moments are in seconds since T+0, whose epoch is `epoch`.
    A placeholder that nothing fills stays as it is written.
    """
    if "{" not in text:
        return text

    def replace(match: re.Match[str]) -> str:
        if not match["name"]:
            return "{"
        mark = _placeholder(match)
        try:
            value = lookup(mark)
        except KeyError:
            return match[0]
        shown = _shown(mark, value, epoch, now)
        if mark.width:
            shown = f"{shown:{mark.align}{mark.width}}"
        return shown

    return _MARK.sub(replace, text)


def _shown(mark: Placeholder, value: Value, epoch: int, now: int) -> str:
    form = mark.filter or ("iso" if mark.timed else "")
    if form in ("clock", "minute", "iso", "date", "stamp") and isinstance(value, int | float):
        return moment(epoch + int(value), form)
    if form == "ago" and isinstance(value, int | float):
        return since(now - int(value))
    text = plain(value)
    if form == "lower":
        return text.lower()
    if form == "upper":
        return text.upper()
    if form == "json":
        return json.dumps(value, ensure_ascii=False)
    return text


def plain(value: Value) -> str:
    """Return a value as people read it: whole numbers without a point, true and false in words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else repr(value)
    return str(value)


def moment(epoch: int, form: str) -> str:
    """Return a moment (seconds since 1970) in a form: clock, minute, date, stamp or iso."""
    year, month, day = _civil(epoch // 86_400)
    second = epoch % 86_400
    hour, minute, rest = second // 3600, second // 60 % 60, second % 60
    date, clock = f"{year:04}-{month:02}-{day:02}", f"{hour:02}:{minute:02}:{rest:02}"
    return {
        "clock": clock,
        "minute": clock[:5],
        "date": date,
        "stamp": f"{date} {clock}",
    }.get(form, f"{date}T{clock}Z")


def since(seconds: int) -> str:
    """Return a duration as tools write it: 34s, 12m, 3h, 2d."""
    seconds = max(0, seconds)
    for length, unit in ((86_400, "d"), (3600, "h"), (60, "m")):
        if seconds >= length:
            return f"{seconds // length}{unit}"
    return f"{seconds}s"


def _civil(days: int) -> tuple[int, int, int]:
    # Howard Hinnant's algorithm: integers only, so the same everywhere.
    z = days + 719_468
    era = z // 146_097
    doe = z - era * 146_097
    yoe = (doe - doe // 1460 + doe // 36_524 - doe // 146_096) // 365
    doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
    mp = (5 * doy + 2) // 153
    month = mp + 3 if mp < 10 else mp - 9
    return yoe + era * 400 + (month <= 2), month, doy - (153 * mp + 2) // 5 + 1
