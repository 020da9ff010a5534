"""The numbers that authors give their steps, kept in a row when steps are moved, added, removed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from simulator.content.runbook import Runbook, RunbookStep
from simulator.review.revising.layout import lines_of

_ITEM = re.compile(r"^(?P<before>[ \t]*)(?P<number>\d{1,9})(?P<after>[.)][ \t]+)")
_HEADING = re.compile(
    r"^(?P<before>#{1,6}[ \t]+(?:\*\*)?(?:(?:step|task)[ \t]+)?)(?P<number>\d{1,4})(?P<after>\b.*)",
    re.IGNORECASE,
)


def number_of(line: str) -> int | None:
    """Return the number that a step's first line gives it, if it does."""
    found = _ITEM.match(line) or _HEADING.match(line)
    return int(found["number"]) if found else None


def numbered(lines: Sequence[str], number: int) -> tuple[str, ...]:
    """Return a step's lines with another number on the first.

    Where the number takes more room or less, what stands in the item is moved with it, else it
    would no longer belong to it.
    """
    if not lines:
        return ()
    heading = _ITEM.match(lines[0]) is None
    found = _ITEM.match(lines[0]) or _HEADING.match(lines[0])
    if found is None or int(found["number"]) == number:
        return tuple(lines)
    rest = lines[0][found.end("number") :]
    first = f"{found['before']}{number}{rest}"
    wider = len(str(number)) - len(found["number"])
    if heading or not wider:
        return (first, *lines[1:])
    room = found.end("after")
    return (first, *(_shifted(line, room, wider) for line in lines[1:]))


def _shifted(line: str, room: int, wider: int) -> str:
    """Return a line of an item whose content began at column `room`; lazy lines stay."""
    if not line.strip() or len(line) - len(line.lstrip(" ")) < room:
        return line
    return " " * wider + line if wider > 0 else line[-wider:]


def row_from(book: Runbook, step: RunbookStep) -> tuple[RunbookStep, ...]:
    """Return the steps from this one on whose numbers go on one by one, itself first.

    Empty where it has no number. Where all have the same, as `1.` for every item, it stands alone.
    """
    lines = lines_of(book.text)
    known = [(one, number_of(lines[one.line - 1])) for one in book.steps[book.steps.index(step) :]]
    if known[0][1] is None:
        return ()
    row = [step]
    for (_, earlier), (later, number) in pairwise(known):
        if earlier is None or number != earlier + 1 or later.section != step.section:
            break
        row.append(later)
    return tuple(row)
