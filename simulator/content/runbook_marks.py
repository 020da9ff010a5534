"""The invisible marks that give a runbook's steps their ids: `<!-- step: check-health -->`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from simulator.content.problems import Problem
from simulator.content.runbook_blocks import Block

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_ID = 64
_START = re.compile(r"<!--\s{0,20}steps?\s{0,20}[:=]", re.IGNORECASE)
_WHOLE = re.compile(r"<!--\s{0,20}step:\s{0,20}([^\s>]{1,200})\s{0,20}-->")
_AT_END = re.compile(r"\s{0,200}<!--\s{0,20}step:[^>\n]{0,200}-->(?=\s{0,200}\|?\s{0,200}$)")
_BACKTICKS = re.compile(r"`+")
_REMEDY = "end the step's first line with <!-- step: its-id -->"


@dataclass(frozen=True)
class Marks:
    """The ids that marks give, by the index of the block, and what is wrong with the marks."""

    ids: Mapping[int, str]
    problems: list[Problem]


def read_marks(blocks: Sequence[Block], file: str) -> Marks:
    """Return the marks of a runbook's blocks; what stands in code is not a mark."""
    ids: dict[int, str] = {}
    lines: dict[str, int] = {}
    problems: list[Problem] = []
    for index, block in enumerate(blocks):
        for line, number, text in _marks_in(block):
            fault, remedy = _fault(block, number, text)
            found = _WHOLE.match(text)
            if not fault and found and found[1] in lines:
                fault = f'the step id "{found[1]}" is here twice'
                remedy = f"it is already in line {lines[found[1]]}; ids are unique in a file"
            if fault or not found:
                problems.append(Problem(file, line, None, fault, remedy))
                continue
            ids[index] = found[1]
            lines[found[1]] = line
    return Marks(ids, problems)


def without_mark(line: str) -> str:
    """Return a line without the mark at its end."""
    return _AT_END.sub("", line) if "<!--" in line else line


def _marks_in(block: Block) -> Iterator[tuple[int, int, str]]:
    """Yield (line of the file, line of the block, the line from the mark on)."""
    if block.kind in ("code", "matter") or "<!--" not in block.content:
        return
    first = block.text_line or block.line
    for number, line in enumerate(block.content.split("\n")):
        if "<!--" not in line:
            continue
        visible = _without_code(line)
        found = _START.search(visible)
        if found:
            yield first + number, number, visible[found.start() :]


def _without_code(line: str) -> str:
    """Return the line with other letters in place of its code spans."""
    runs = list(_BACKTICKS.finditer(line))
    closing: dict[int, int] = {}  # length of a run -> the last run of that length
    for number, run in enumerate(runs):
        closing[len(run[0])] = number
    parts: list[str] = []
    place = number = 0
    while number < len(runs):
        length = len(runs[number][0])
        close = number + 1
        if closing[length] > number:
            while len(runs[close][0]) != length:
                close += 1
            start, end = runs[number].start(), runs[close].end()
            parts += [line[place:start], "x" * (end - start)]
            place, number = end, close
        number += 1
    return "".join([*parts, line[place:]])


def _fault(block: Block, number: int, text: str) -> tuple[str, str]:
    found = _WHOLE.match(text)
    if found is None:
        if "-->" not in text:
            return "a step's mark that is not closed in its line", _REMEDY
        return "a mark that names no step", _REMEDY
    if not _ID.fullmatch(found[1]) or len(found[1]) > _LONGEST_ID:
        return (
            f'the step id "{found[1][:80]}" is not made of lower case letters, digits and hyphens',
            'write an id such as "check-health"',
        )
    if block.kind == "html" or number > 0:
        return "a mark that is not on the first line of a step", _REMEDY
    if text[found.end() :].strip(" \t|"):
        return "text after a step's mark", _REMEDY
    return "", ""
