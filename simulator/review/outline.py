"""The outline of a post-incident review: the one that the runbooks themselves ask for.

A runbook's template is a fenced block of Markdown in a section such as "Post-incident review", or
the headings below such a section. Where no runbook has one, ours is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simulator.content.pack import Pack
from simulator.content.runbook import Runbook, Section

_TITLE = re.compile(
    r"post[\s-]?incident|post[\s-]?mortem|incident review|retrospective|lessons learn", re.I
)
_HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_FENCE = re.compile(r"^(\s*)(`{3,}|~{3,})\s*(\w*)\s*$")

OURS = """\
# Review: title of the incident, date, severity

## Summary

## Impact

## Incident timeline

| Time (UTC) | What happened | Who did what |
| --- | --- | --- |

## Root cause

## Resolution

| Step | Result |
| --- | --- |

## What went well

## What could go better

## Actions

| Action | Owner | Due |
| --- | --- | --- |

## Runbook updates

| File and step | Missing, wrong or confusing | New text |
| --- | --- | --- |
"""


@dataclass(frozen=True)
class Part:
    """A heading with what the template says below it; `columns` are its table's, if it has one."""

    level: int
    title: str
    prompts: tuple[str, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Outline:
    """The parts of a review, the first being its title; `place` is where the template stands."""

    parts: tuple[Part, ...]
    place: str


def outline_of(pack: Pack) -> Outline:
    """Return the outline that the pack's runbooks ask for, those of the scenario first; or ours."""
    names = dict.fromkeys([*pack.scenario.runbooks, *pack.runbooks])
    for name in names:
        book = pack.runbooks[name]
        for section in book.sections:
            if _TITLE.search(section.title):
                found = _in_section(book, section)
                if found is not None:
                    return found
    return Outline(tuple(read_parts(OURS.splitlines())), "")


def _in_section(book: Runbook, section: Section) -> Outline | None:
    lines = book.text.removeprefix("\ufeff").splitlines()[section.line : section.end]
    for first, block in _fenced(lines):
        parts = tuple(read_parts(block))
        if len(parts) > 1:
            return Outline(parts, f"{book.file}:{section.line + first + 1}")
    below = [one for one in book.sections if section.line < one.line <= section.end]
    has_steps = any(section.line <= step.line <= section.end for step in book.steps)
    if len(below) > 1 and not has_steps:
        parts = tuple(read_parts([f"# {section.title}", *lines]))
        return Outline(parts, f"{book.file}:{section.line}")
    return None


def _fenced(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the fenced blocks that may be Markdown, each with the number of its fence."""
    opened: tuple[int, str, str] | None = None
    for number, line in enumerate(lines):
        fence = _FENCE.match(line)
        if opened is None and fence:
            opened = number, fence[2], fence[3].lower()
        elif opened is not None and line.strip() == opened[1]:
            if opened[2] in ("", "markdown", "md", "text"):
                indent = len(lines[opened[0]]) - len(lines[opened[0]].lstrip())
                yield opened[0], [one[indent:] for one in lines[opened[0] + 1 : number]]
            opened = None


def read_parts(lines: Sequence[str]) -> Iterator[Part]:
    """Yield the parts of a template; what stands before its first heading is left out."""
    heading: tuple[int, str] | None = None
    body: list[str] = []
    for line in [*lines, "# "]:
        found = _HEADING.match(line)
        if found is None:
            body.append(line)
            continue
        if heading is not None:
            yield _part(heading, body)
        heading, body = (len(found[1]), found[2]), []


def _part(heading: tuple[int, str], body: Sequence[str]) -> Part:
    rows = [line for line in body if line.lstrip().startswith("|")]
    columns = tuple(cell.strip() for cell in rows[0].strip().strip("|").split("|")) if rows else ()
    prompts = tuple(line.strip() for line in body if line.strip() and line not in rows)
    return Part(heading[0], heading[1], prompts, columns)
