"""Runbooks: the sections and steps of a Markdown file, each with its lines."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from simulator.content.clean import clean
from simulator.content.problems import Problem
from simulator.content.runbook_blocks import Block, SlowError, read_blocks, split_lines
from simulator.content.runbook_commands import read_commands
from simulator.content.runbook_marks import Marks, read_marks, without_mark
from simulator.content.runbook_steps import Reader, Recognised, action_of, extent, without_number

MAX_BYTES = 2_000_000
MAX_WARNINGS = 100


@dataclass(frozen=True)
class Section:
    """A heading and the lines down to the next one of its level; `anchor` is its link's."""

    title: str
    level: int
    line: int
    end: int
    anchor: str


@dataclass(frozen=True)
class RunbookStep:
    """A step: what to do, where it stands, what to type and what to see.

    `text` is its first line in plain text; `body` its lines of Markdown without the mark;
    `section` the headings above it; `line` and `end` are 1-based and inclusive. `marked` says
    that its author gave it its id; otherwise the id was made from its text.
    """

    id: str
    text: str
    body: str
    section: tuple[str, ...]
    line: int
    end: int
    commands: tuple[str, ...]
    expected: str | None
    marked: bool


@dataclass(frozen=True)
class Runbook:
    """A runbook as it was read; `text` is the file, byte for byte."""

    name: str
    file: str
    title: str
    front_matter: Mapping[str, Any]
    sections: tuple[Section, ...]
    steps: tuple[RunbookStep, ...]
    problems: tuple[Problem, ...]
    text: str = field(repr=False)

    def step(self, id_: str) -> RunbookStep | None:
        """Return the step with this id, if there is one."""
        return self._by_id.get(id_)

    def step_line(self, id_: str) -> int | None:
        """Return the 1-based line on which a step begins."""
        found = self.step(id_)
        return found.line if found else None

    def step_at(self, line: int) -> RunbookStep | None:
        """Return the step that a line belongs to."""
        return next((step for step in self.steps if step.line <= line <= step.end), None)

    def section_of(self, step: RunbookStep) -> Section | None:
        """Return the innermost section that a step stands in."""
        inside = [s for s in self.sections if s.line <= step.line <= s.end]
        return max(inside, key=lambda section: section.line, default=None)

    @cached_property
    def _by_id(self) -> dict[str, RunbookStep]:
        return {step.id: step for step in self.steps}


def read_runbook(text: str, name: str, file: str) -> Runbook:
    """Return the runbook that `text` is; what is wrong with it is in its `problems`.

    `name` is its name in `runbook#step`, `file` the name that problems give it.
    """
    fault = _refusal(text)
    try:
        blocks = [] if fault else read_blocks(text.removeprefix("\ufeff"))
    except SlowError:
        fault = ("takes too long to read", "split it")
        blocks = []
    if fault:
        problem = Problem(file, None, None, *fault)
        return Runbook(name, file, name, {}, (), (), (problem,), text)
    return _assemble(text, name, file, blocks)


def _refusal(text: str) -> tuple[str, str] | None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        return ("is not UTF-8 text", "save it as UTF-8")
    return (f"is larger than {MAX_BYTES:,} bytes", "split it") if size > MAX_BYTES else None


def _assemble(text: str, name: str, file: str, blocks: list[Block]) -> Runbook:
    lines = split_lines(text.removeprefix("\ufeff"))
    matter, problems = _front_matter(blocks, file)
    sections = _sections(blocks, len(lines))
    paths = _paths(sections, blocks)
    marks = read_marks(blocks, file)
    problems += marks.problems
    ends = _heading_ends(blocks, sections)
    if marks.ids:
        found = [Recognised(index, extent(blocks, index, ends[index])) for index in marks.ids]
        problems += _unmarked(blocks, marks, found, file)
    else:
        found = Reader(blocks, paths, ends).read()
    steps = _steps(found, blocks, paths, lines, marks)
    title = _title(blocks, matter, name)
    return Runbook(name, file, title, matter, sections, steps, tuple(problems), text)


def _front_matter(blocks: Sequence[Block], file: str) -> tuple[dict[str, Any], list[Problem]]:
    first = blocks[0] if blocks else None
    if first is None or first.kind != "matter":
        return {}, []
    from simulator.content.yaml_source import read_front_matter

    value, problems = read_front_matter(first.content, file, first.line + 1)
    return (value if isinstance(value, dict) else {}), problems


def _title(blocks: Sequence[Block], matter: Mapping[str, Any], name: str) -> str:
    headings = [
        block for block in blocks if block.kind == "heading" and block.text and not block.bold
    ]
    top = next((block.text for block in headings if block.level == 1), None)
    given = matter.get("title")
    if top is None and isinstance(given, str) and given.strip():
        top = clean(given, 400, lines=False)
    return without_mark(top or (headings[0].text if headings else name.replace("-", " ")))


def _sections(blocks: Sequence[Block], last_line: int) -> tuple[Section, ...]:
    heads = _heads(blocks)
    anchors: dict[str, int] = {}
    sections: list[Section] = []
    ends: list[int] = [last_line] * len(heads)
    open_: list[int] = []  # the sections that the next heading may end
    for number, (_, level, line, _) in enumerate(heads):
        while open_ and heads[open_[-1]][1] >= level:
            ends[open_.pop()] = line - 1
        open_.append(number)
    for (title, level, line, linked), end in zip(heads, ends, strict=True):
        anchor = _anchor(title, anchors) if linked else ""
        sections.append(Section(title, level, line, end, anchor))
    return tuple(sections)


def _heads(blocks: Sequence[Block]) -> list[tuple[str, int, int, bool]]:
    """Return (title, level, line, has an anchor) of headings, and of bold lines used as ones."""
    return [
        (
            block.text.rstrip(":") if block.bold else block.text,
            block.level,
            block.line,
            not block.bold,
        )
        for block in blocks
        if block.kind == "heading" and block.parent is None and not block.quoted
    ]


_NOT_IN_ANCHOR = re.compile(r"[^\w\- ]")


def _anchor(title: str, seen: dict[str, int]) -> str:
    """Return the anchor that forges give a heading."""
    anchor = _NOT_IN_ANCHOR.sub("", title.strip().lower()).replace(" ", "-")
    seen[anchor] = seen.get(anchor, -1) + 1
    return f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor


def _paths(sections: Sequence[Section], blocks: Sequence[Block]) -> list[tuple[str, ...]]:
    """Return the headings above each block; a heading is not above itself."""
    paths: list[tuple[str, ...]] = []
    above: list[Section] = []
    coming = 0
    for block in blocks:
        while coming < len(sections) and sections[coming].line < block.line:
            above = [s for s in above if s.level < sections[coming].level] + [sections[coming]]
            coming += 1
        own = [s.title for s in above if s.end >= block.line]
        paths.append(tuple(own))
    return paths


def _heading_ends(blocks: Sequence[Block], sections: Sequence[Section]) -> list[int | None]:
    ends = {section.line: section.end for section in sections}
    return [ends.get(block.line) if block.kind == "heading" else None for block in blocks]


def _unmarked(
    blocks: Sequence[Block], marks: Marks, found: Sequence[Recognised], file: str
) -> list[Problem]:
    """Warn of ordered items that look like steps beside marked ones."""
    groups = {blocks[index].group for index in marks.ids}
    starts = [step.index for step in found]
    return [
        Problem(
            file,
            block.line,
            None,
            f'"{clean(block.text, 60, lines=False)}" is not a step: it has no mark',
            "end its first line with <!-- step: its-id -->",
            "warning",
        )
        for index, block in enumerate(blocks)
        if block.kind == "item"
        and block.ordered
        and index not in marks.ids
        and (block.group in groups or not _is_part(block, found, bisect_left(starts, index)))
    ][:MAX_WARNINGS]


def _is_part(block: Block, found: Sequence[Recognised], following: int) -> bool:
    """Whether a block lies within the step before it."""
    return following > 0 and block.line <= found[following - 1].end


def _steps(
    found: Sequence[Recognised],
    blocks: Sequence[Block],
    paths: Sequence[tuple[str, ...]],
    lines: Sequence[str],
    marks: Marks,
) -> tuple[RunbookStep, ...]:
    steps: list[RunbookStep] = []
    taken = dict.fromkeys(marks.ids.values(), 1)  # ids, and how often each was wanted
    position = 0
    for number, recognised in enumerate(found):
        block = blocks[recognised.index]
        later = found[number + 1] if number + 1 < len(found) else None
        end = recognised.end
        if later is not None:  # a step ends before the next one, even one within it
            end = max(block.line, min(end, blocks[later.index].line - 1))
        end = _without_blank(lines, block.line, end)
        position = recognised.index
        own: list[Block] = []
        while position < len(blocks) and blocks[position].line <= end:
            own.append(blocks[position])
            position += 1
        text = _step_text(block, own)
        mark = marks.ids.get(recognised.index)
        commands, expected = read_commands(own)
        steps.append(
            RunbookStep(
                id=mark or _mint(text, taken),
                text=text,
                body=_body(lines[block.line - 1 : end]),
                section=paths[recognised.index],
                line=block.line,
                end=end,
                commands=commands,
                expected=expected,
                marked=mark is not None,
            )
        )
    return tuple(steps)


def _without_blank(lines: Sequence[str], first: int, last: int) -> int:
    while last > first and not lines[last - 1].strip():
        last -= 1
    return last


def _step_text(block: Block, own: Sequence[Block]) -> str:
    if block.kind == "row":
        cells = " | ".join(filter(None, block.cells))
        text = action_of(block) or cells
    elif block.kind == "code":
        text = next(iter(read_commands(own)[0]), "")
    else:
        text = without_number(block.text)
    return clean(text, 400, lines=False).strip() or "(no text)"


def _body(lines: Sequence[str]) -> str:
    first = without_mark(lines[0]) if lines else ""
    indent = len(first) - len(first.lstrip(" "))
    rest = [line[indent:] if not line[:indent].strip() else line for line in lines[1:]]
    return clean("\n".join([first[indent:], *rest]), 100_000)


_WORD = re.compile(r"[a-z0-9]+")


def _mint(text: str, taken: dict[str, int]) -> str:
    """Return a new id from the first words of a step."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = _WORD.findall(plain.replace("'", ""))[:6]
    while len("-".join(words)) > 48 and len(words) > 1:
        words.pop()
    base = "-".join(words)[:48] or "step"
    id_ = base
    while id_ in taken:
        taken[base] = taken.get(base, 1) + 1
        id_ = f"{base}-{taken[base]}"
    taken[id_] = 1
    return id_
