"""How a step is written in its file, so that what is added looks as if its author had added it."""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from simulator.content.runbook import Runbook, RunbookStep
from simulator.content.runbook_blocks import Block, read_blocks
from simulator.content.runbook_commands import commands_of_code
from simulator.review.revising.lines import raw_lines, without_end

_MARKER = re.compile(r"^(?P<before>[ \t]*(?:[-*+•]|\d{1,9}[.)])[ \t]{1,4})(?:\[[ xX]\][ \t]+)?")
_TASK = re.compile(r"^[ \t]*(?:[-*+•]|\d{1,9}[.)])[ \t]+\[[ xX]\][ \t]")
_STOPS = re.compile(
    r"^\s*(?:$|```|~~~|>|\||#{1,6}\s|(?:[-*+•]|\d{1,9}[.)])\s"
    r"|(?:expected|you should|if not|if (?:this|it|that) (?:fails|does)|otherwise|undo)\b)",
    re.IGNORECASE,
)
_WOULD_BE_READ = re.compile(r"^(?:[-*+•>#|]|\d{1,9}[.)]|```|~~~)(?:\s|$)|^[-=]+$")
_NARROWEST, _WIDEST = 60, 140


@dataclass(frozen=True)
class Layout:
    """Where the parts of a step stand. Lines count from 1.

    `indent` is what its lines begin with; `loose` says that blank lines stand between its parts;
    `head_end` is the last line of its own words, `told_end` of its words and commands. `fence`
    opens a block of commands, "" where the file indents them; `prompt` stands before each of them.
    `task` says that the step is ticked.
    """

    kind: str
    indent: str
    loose: bool
    head_end: int
    told_end: int
    fence: str
    prompt: str
    task: bool


@lru_cache(maxsize=16)
def blocks_of(text: str) -> tuple[Block, ...]:
    """Return the blocks of a runbook's text."""
    return tuple(read_blocks(text.removeprefix("\ufeff")))


def lines_of(text: str) -> list[str]:
    """Return the lines of a text, without their ends."""
    return [without_end(line) for line in raw_lines(text.removeprefix("\ufeff"))]


def layout_of(book: Runbook, step: RunbookStep) -> Layout | None:
    """Return how a step is written; None where nothing can be added to it: a row of a table."""
    blocks = blocks_of(book.text)
    at = next((n for n, block in enumerate(blocks) if _begins(block, step)), None)
    if at is None or blocks[at].kind == "row":
        return None
    block, lines = blocks[at], lines_of(book.text)
    first = lines[step.line - 1]
    marker = _MARKER.match(first)
    if block.kind == "item" and marker is None:  # `-item`, which holds no paragraphs
        return None
    indent = " " * len(marker["before"]) if block.kind == "item" and marker else _indent(first)
    head_end = _head_end(block, step, lines)
    return Layout(
        kind=block.kind,
        indent=indent,
        loose=block.kind != "item" or _loose(book, step, lines),
        head_end=head_end,
        told_end=max([head_end, *_ends_of_commands(blocks, step)]),
        fence=_fence(blocks, lines),
        prompt=_prompt(blocks),
        task=bool(_TASK.match(first)),
    )


def _begins(block: Block, step: RunbookStep) -> bool:
    kinds = ("item", "heading", "paragraph", "code", "row")
    return block.line == step.line and block.kind in kinds and not block.quoted


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _head_end(block: Block, step: RunbookStep, lines: Sequence[str]) -> int:
    if block.kind == "heading":
        return block.end
    if block.kind == "code":
        return step.line - 1
    end = step.line
    while end < step.end and not _STOPS.match(lines[end]):
        end += 1
    return end


def _loose(book: Runbook, step: RunbookStep, lines: Sequence[str]) -> bool:
    if any(not line.strip() for line in lines[step.line - 1 : step.end]):
        return True
    number = book.steps.index(step)
    for other in book.steps[max(0, number - 1) : number + 2]:
        if other is not step and other.section == step.section:
            between = range(min(other.end, step.end), max(other.line, step.line) - 1)
            if between and all(not lines[line].strip() for line in between):
                return True
    return False


def _ends_of_commands(blocks: Sequence[Block], step: RunbookStep) -> list[int]:
    return [
        block.end
        for block in blocks
        if block.kind == "code" and step.line <= block.line <= step.end and commands_of_code(block)
    ]


def _fence(blocks: Sequence[Block], lines: Sequence[str]) -> str:
    """Return how most of a file's commands are fenced; "" where they are only indented."""
    opened: Counter[str] = Counter()
    indented = 0
    for block in blocks:
        if block.kind == "code" and commands_of_code(block):
            first = lines[block.line - 1].strip()
            if first.startswith(("```", "~~~")):
                opened[first.split(" ")[0]] += 1
            else:
                indented += 1
    if not opened:
        return "" if indented else "```sh"
    shell = [one for one in opened if not one.endswith(("sql", "psql"))]
    return max(shell, key=lambda one: opened[one]) if shell else "```sh"


def _prompt(blocks: Sequence[Block]) -> str:
    """Return what most of a file's commands begin with: a prompt, or nothing."""
    typed = [block for block in blocks if block.kind == "code" and commands_of_code(block)]
    prompted = [block for block in typed if _PROMPTED.search(block.content)]
    return "$ " if len(prompted) * 2 > len(typed) else ""


_PROMPTED = re.compile(r"^\s*\$ \S", re.MULTILINE)


def code_of(book: Runbook, step: RunbookStep) -> list[str]:
    """Return the lines of code that stand in a step, without prompts, told apart by no parser."""
    return [
        re.sub(r"^\s*\$ ", "", line).strip()
        for block in blocks_of(book.text)
        if block.kind == "code" and step.line <= block.line <= step.end
        for line in block.content.splitlines()
        if line.strip()
    ]


def width_of(text: str) -> int:
    """Return the width at which a file's prose is wrapped; 0 where its paragraphs are one line."""
    wrapped: list[int] = []
    whole: list[int] = []
    lines = lines_of(text)
    for block in blocks_of(text):
        if block.kind not in ("paragraph", "item") or block.quoted:
            continue
        own = block.content.count("\n") + 1
        first = block.text_line or block.line
        for number in range(first, first + own):
            if number <= len(lines):
                (wrapped if number < first + own - 1 else whole).append(len(lines[number - 1]))
    if len(wrapped) < 3:
        return 0
    width = max(wrapped)
    longer = sum(length > width for length in whole)
    return width if _NARROWEST <= width <= _WIDEST and longer * 10 <= len(whole) else 0


def prose(text: str, indent: str, width: int) -> list[str]:
    """Return a paragraph's lines, wrapped where the file wraps; none begins like a list."""
    if not width:
        return [f"{indent}{text}"]
    pieces: list[str] = []
    for line in textwrap.wrap(
        text, max(20, width - len(indent)), break_long_words=False, break_on_hyphens=False
    ):
        if pieces and _WOULD_BE_READ.match(line):
            pieces[-1] = f"{pieces[-1]} {line}"
        else:
            pieces.append(line)
    return [f"{indent}{piece}" for piece in pieces]


def code(lines: Sequence[str], layout: Layout, *, shown: bool = False) -> list[str]:
    """Return a block of commands as the file writes them, or one of what is `shown`."""
    lines = list(lines) if shown else [f"{layout.prompt}{line}" for line in lines]
    if not layout.fence:
        return [f"{layout.indent}    {line}".rstrip() for line in lines]
    mark = layout.fence[0]
    opened = layout.fence if not shown else layout.fence[: _run(layout.fence, mark)]
    length = max([_run(opened, mark) - 1, *(_longest(line, mark) for line in lines)]) + 1
    fence = mark * length
    word = opened[_run(opened, mark) :]
    return [f"{layout.indent}{line}".rstrip() for line in (f"{fence}{word}", *lines, fence)]


def _run(text: str, mark: str) -> int:
    return len(text) - len(text.lstrip(mark))


def _longest(line: str, mark: str) -> int:
    return max((len(run) for run in re.findall(f"{re.escape(mark)}+", line)), default=0)


def span(text: str) -> str:
    """Return a text as a code span, whatever backticks it holds."""
    ticks = "`" * (_longest(text, "`") + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"
