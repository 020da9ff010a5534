"""Dates as an iCalendar file (RFC 5545): whole days, which every calendar takes.

Written out here: of the standard only an event on a day is needed, and that is a dozen lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

_WIDEST = 75
"""Bytes of a line; what is longer goes on in the next one, after a blank."""


@dataclass(frozen=True)
class Event:
    """Something on a day. `uid` stays the same when it is written again; `stamp` is when, UTC."""

    uid: str
    day: date
    title: str
    about: str
    stamp: datetime


def write_calendar(name: str, events: Iterable[Event]) -> str:
    """Return the events as the text of an iCalendar file."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Tabletop//Improvement plan//EN",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_escaped(name)}",
    ]
    for event in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_escaped(event.uid)}",
            f"DTSTAMP:{event.stamp:%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(event.title)}",
            f"DESCRIPTION:{_escaped(event.about)}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _escaped(text: str) -> str:
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return text.replace("\r\n", "\\n").replace("\r", "\\n").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Yield a line in parts of at most 75 bytes; no letter is cut in two."""
    part, room = "", _WIDEST
    for letter in line:
        width = len(letter.encode())
        if width > room:
            yield part
            part, room = " ", _WIDEST - 1
        part += letter
        room -= width
    yield part
