"""A section of a runbook as rows to show: prose and steps, wrapped with their indent. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content

from simulator.content.runbook import Runbook, RunbookStep, Section
from simulator.tui.panes.columns import column_widths, padded
from simulator.tui.panes.wording import line, text_of
from simulator.tui.widgets.plain_text import plain

_LINK = re.compile(r"\[([^\]\n]{1,300})\]\([^)\n]{0,500}\)")
_MARK = re.compile(r"<!--.*?-->")
_FENCE = re.compile(r"\s*(```|~~~)")
_RULE = re.compile(r"\s*\|?[\s:|-]+\|?\s*$")
_INDENT = 4
_MOST_LINES = 400


@dataclass(frozen=True)
class Entry:
    """A step, or the prose before, between and after steps."""

    step: RunbookStep | None
    text: str


def own_end(runbook: Runbook, section: Section) -> int:
    """Return the last line of a section before the next heading of any level."""
    later = [one.line - 1 for one in runbook.sections if one.line > section.line]
    return min([section.end, *later])


def entries_of(runbook: Runbook, section: Section) -> list[Entry]:
    """Return what stands under a heading, in order."""
    lines = runbook.text.removeprefix("\ufeff").splitlines()
    end = own_end(runbook, section)
    entries: list[Entry] = []
    place = section.line + 1
    for step in runbook.steps:
        if section.line <= step.line <= end:
            entries += _prose(lines[place - 1 : step.line - 1])
            entries.append(Entry(step, step.body))
            place = step.end + 1
    return entries + _prose(lines[place - 1 : end])


def _prose(lines: list[str]) -> list[Entry]:
    text = "\n".join(lines).strip("\n")
    return [Entry(None, text)] if text.strip() and not _FENCE.fullmatch(text.strip()) else []


def steps_of(runbook: Runbook, section: Section) -> list[RunbookStep]:
    """Return the steps under a heading."""
    return [entry.step for entry in entries_of(runbook, section) if entry.step is not None]


def unmarked(text: str) -> str:
    """Return a line of Markdown without links' addresses, emphasis and comments."""
    text = _MARK.sub("", text)
    text = _LINK.sub(r"\1", text)
    return plain(text.replace("**", "").replace("`", "").rstrip())


def wrapped(text: str, width: int, indent: int) -> Iterator[str]:
    """Yield a text's words in lines of at most `width` cells, each after an indent."""
    room = max(8, width - indent)
    row = ""
    for whole in text.split():
        word = whole
        while cell_len(word) > room:
            if row:
                yield " " * indent + row
                row = ""
            yield " " * indent + word[: room // 2]
            word = word[room // 2 :]
        if row and cell_len(row) + 1 + cell_len(word) > room:
            yield " " * indent + row
            row = word
        else:
            row = f"{row} {word}" if row else word
    if row:
        yield " " * indent + row


def prose(text: str, width: int) -> Content:
    """Return prose, lists, tables and code as they are read."""
    return Content("\n").join(_blocks(text.split("\n")[:_MOST_LINES], width, 0))


def step_content(step: RunbookStep, width: int, box: str, note: str, style: str) -> Content:
    """Return a step with its box, its name, its commands and what to expect."""
    head = list(wrapped(line(unmarked(step.text)), width - 1, _INDENT))
    first = (head[0] if head else "")[_INDENT:]
    pieces = [text_of((f"{box} ", style), (first, "bold"))]
    pieces += [text_of((row, "bold")) for row in head[1:]]
    name = f"  {step.id}" if step.marked else ""
    if name and cell_len(pieces[-1].plain) + cell_len(name) < width:
        pieces[-1] = text_of(pieces[-1], (name, "$foreground 60%"))
    elif name:
        pieces.append(text_of((" " * (_INDENT - 2) + name, "$foreground 60%")))
    if note:
        pieces.append(text_of((" " * _INDENT + note, "bold $text-warning")))
    body = _without_head(step)
    rows = _blocks(body[:_MOST_LINES], width - 1, _INDENT)
    pieces += [row for row in rows if row.plain.strip()]
    return Content("\n").join(pieces)


def _without_head(step: RunbookStep) -> list[str]:
    """Return a step's lines after those that its text repeats."""
    lines = step.body.split("\n")
    told = re.sub(r"\W+", "", unmarked(step.text))
    taken = ""
    while lines and len(taken) < len(told):
        piece = re.sub(r"^\s*(?:\d+[.)]|[-*+])\s+(?:\[[ xX]\]\s+)?", "", lines[0])
        piece = re.sub(r"\W+", "", unmarked(piece))
        if not told.startswith(taken + piece):
            break
        taken += piece
        lines.pop(0)
    return lines


def _blocks(lines: list[str], width: int, indent: int) -> list[Content]:
    pieces: list[Content] = []
    number = 0
    while number < len(lines):
        row = lines[number]
        if _FENCE.match(row):
            end = number + 1
            while end < len(lines) and not _FENCE.match(lines[end]):
                end += 1
            if "mermaid" in row:
                pieces.append(text_of((" " * indent + "(a diagram)", "$foreground 60%")))
            else:
                pieces += [_code(one, indent) for one in lines[number + 1 : end] if one.strip()]
            number = end + 1
        elif row.lstrip().startswith("|"):
            end = number
            while end < len(lines) and lines[end].lstrip().startswith("|"):
                end += 1
            pieces += _table(lines[number:end], width, indent)
            number = end
        else:
            pieces += _paragraph(row, width, indent)
            number += 1
    return _without_blanks(pieces)


def _code(row: str, indent: int) -> Content:
    return text_of((" " * indent + "  " + plain(row.strip()), "$text-primary"))


def _table(lines: list[str], width: int, indent: int) -> list[Content]:
    cells = [
        [unmarked(cell.strip()) for cell in row.strip().strip("|").split("|")]
        for row in lines
        if not _RULE.fullmatch(row)
    ]
    if not cells:
        return []
    widest = max(map(len, cells))
    cells = [row + [""] * (widest - len(row)) for row in cells]
    widths = column_widths(cells, width - indent - 1)
    rows = []
    for number, row in enumerate(cells):
        columns = [list(wrapped(cell, room, 0)) for cell, room in zip(row, widths, strict=True)]
        for at in range(max(map(len, columns), default=0)):
            parts = [column[at] if at < len(column) else "" for column in columns]
            style = "bold $foreground 70%" if number == 0 else ""
            rows.append(text_of((" " * indent + padded(parts, widths), style)))
    return rows


def _paragraph(row: str, width: int, indent: int) -> list[Content]:
    text = unmarked(row).strip()
    if not text:
        return [Content("")]
    if text.startswith("#"):
        return [text_of((" " * indent + text.lstrip("# "), "bold"))]
    item = re.match(r"(?:[-*+]|\d+[.)])\s+", text)
    more = 2 if item else 0
    rows = list(wrapped(text, width, indent + more))
    if item and rows:
        rows[0] = rows[0][more:]
    label = re.match(r"(Expected|If not|Undo|Note|Warning)(?= |:)[^:\n]{0,20}:", text)
    if label and rows:
        first = rows[0]
        end = first.find(label[0]) + len(label[0])
        return [text_of((first[:end], "$text-accent"), first[end:]), *map(Content, rows[1:])]
    return [Content(one) for one in rows]


def _without_blanks(pieces: list[Content]) -> list[Content]:
    """Return the pieces without the blank lines at the ends and those that follow one."""
    kept: list[Content] = []
    for piece in pieces:
        if piece.plain.strip() or (kept and kept[-1].plain.strip()):
            kept.append(piece)
    while kept and not kept[-1].plain.strip():
        kept.pop()
    return kept
