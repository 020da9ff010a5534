"""A Markdown text as a flat list of blocks with line ranges: what a reader of runbooks sees.

Only the block structure of a file is parsed as a whole, which takes linear time; inline markup
is parsed per block and only where it is short, so that no text can keep the parser busy.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Literal

from simulator.content.clean import clean

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.ruler import RuleOptionsType
    from markdown_it.token import Token

MAX_INLINE = 10_000
MAX_SECONDS = 2.0

Kind = Literal["heading", "item", "paragraph", "code", "row", "html", "matter"]
Part = tuple[Literal["text", "code", "break"], str]

_LINE_BREAK = re.compile(r"\r\n|\n|\r")
_BARE_BULLET = re.compile(r"[-*•](?=[^\s*\-])")
_BOLD = re.compile(r"\*\*[^*\n]{1,120}\*\*:?|__[^_\n]{1,120}__:?")
_TASK = re.compile(r"\[[ xX]\]\s+")


class SlowError(Exception):
    """A text that would keep the parser busy for too long."""


@dataclass(frozen=True)
class Block:
    """A heading, list item, paragraph, code block, table row or HTML block.

    `line` and `end` are 1-based and inclusive. An item's first paragraph is its own text; what
    else it holds are blocks whose `parent` is the item's index. `parts` is the inline text,
    which begins in line `text_line` if not in the block's first. A paragraph that is wholly
    `bold` is used as a heading, and is one here.
    """

    kind: Kind
    line: int
    end: int
    parent: int | None = None
    parts: tuple[Part, ...] = ()
    content: str = ""
    level: int = 0
    ordered: bool = False
    task: bool = False
    group: int = 0
    language: str = ""
    cells: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    quoted: bool = False
    text_line: int = 0
    bold: bool = False

    @cached_property
    def lines(self) -> list[str]:
        """The plain text, line by line as it stands in the file."""
        text = "".join("\n" if kind == "break" else text for kind, text in self.parts)
        return [clean(line, 1000, lines=False).strip() for line in text.split("\n")] or [""]

    @cached_property
    def text(self) -> str:
        """The plain text of the first sentence or line, whichever ends later."""
        taken: list[str] = []
        for line in self.lines:
            taken.append(line)
            if line.endswith((".", ":", ";", "!", "?", ")")):
                break
        return clean(" ".join(filter(None, taken)), 400, lines=False)


def split_lines(text: str) -> list[str]:
    """Return the lines as the Markdown parser counts them: U+2028 and the like end none."""
    lines = _LINE_BREAK.split(text)
    return lines[:-1] if lines[-1] == "" and len(lines) > 1 else lines


def read_blocks(text: str) -> list[Block]:
    """Return the blocks of a Markdown text in order; raise SlowError when it takes too long."""
    parser, deadline = _parser()
    deadline.at = time.monotonic() + MAX_SECONDS
    env: dict[str, Any] = {}
    tokens = parser.parse(text, env)
    walker = _Walker(parser, env, split_lines(text), deadline)
    walker.walk(tokens)
    return walker.blocks


class _Deadline:
    at = 0.0

    def check(self, *_: object) -> bool:
        if time.monotonic() > self.at:
            raise SlowError
        return False


@cache
def _parser() -> tuple[MarkdownIt, _Deadline]:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.front_matter import front_matter_plugin

    parser = MarkdownIt("commonmark", {"html": True}).enable("table").use(front_matter_plugin)
    parser.disable("inline")
    deadline = _Deadline()
    # A rule that never matches is asked at every block and every line of a paragraph: the one
    # place from which a parse can be stopped.
    alt: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    parser.block.ruler.before("table", "deadline", deadline.check, alt)
    return parser, deadline


class _Walker:
    """Walks the flat tokens; the parser's tree class recurses to death on deep nesting."""

    def __init__(
        self, parser: MarkdownIt, env: dict[str, Any], lines: list[str], deadline: _Deadline
    ) -> None:
        self.parser = parser
        self.env = env
        self.lines = lines
        self.deadline = deadline
        self.blocks: list[Block] = []
        self.items: list[int] = []  # the open items' indexes
        self.lists: list[tuple[bool, int]] = []  # the open lists: ordered, and their number
        self.level = 1  # of the heading above
        self.count = 0
        self.quotes = 0
        self.header: tuple[str, ...] = ()

    def walk(self, tokens: list[Token]) -> None:
        stream = iter(tokens)
        for token in stream:
            self.deadline.check()
            match token.type:
                case "front_matter":
                    self._add("matter", token, content=token.content)
                case "heading_open":
                    level = int(token.tag[1])
                    self.level = level if not self.quotes and not self.items else self.level
                    self._text("heading", next(stream), level=level)
                case "paragraph_open":
                    self._paragraph(next(stream))
                case "fence" | "code_block":
                    language = (token.info.split() or [""])[0].strip("{}.").lower()
                    self._add("code", token, content=token.content, language=language)
                case "html_block":
                    self._add("html", token, content=token.content)
                case "ordered_list_open" | "bullet_list_open":
                    self.count += 1
                    self.lists.append((token.type[0] == "o", self.count))
                case "ordered_list_close" | "bullet_list_close":
                    self.lists.pop()
                case "list_item_open":
                    ordered, group = self.lists[-1]
                    self._add("item", token, ordered=ordered, group=group)
                    self.items.append(len(self.blocks) - 1)
                case "list_item_close":
                    self.items.pop()
                case "blockquote_open":
                    self.quotes += 1
                case "blockquote_close":
                    self.quotes -= 1
                case "table_open":
                    self.count += 1
                    self.header = ()
                case "tr_open":
                    self._row(token, stream)

    def _add(self, kind: Kind, token: Token, **what: Any) -> None:
        start, end = token.map or [0, 1]
        while end > start + 1 and not self.lines[min(end, len(self.lines)) - 1].strip():
            end -= 1
        end = min(end, len(self.lines))
        parent = self.items[-1] if self.items else None
        block = Block(kind, start + 1, end, parent, quoted=self.quotes > 0)
        self.blocks.append(replace(block, **what))

    def _text(self, kind: Kind, inline: Token, **what: Any) -> None:
        self._add(kind, inline, content=inline.content, parts=self._parts(inline.content), **what)

    def _paragraph(self, inline: Token) -> None:
        owner = self.items[-1] if self.items else None
        empty = owner == len(self.blocks) - 1 and not self.blocks[-1].text_line
        if owner is not None and empty:
            self._head(owner, inline)
            return
        if owner is None and not self.quotes and _BOLD.fullmatch(inline.content):
            self._text("heading", inline, level=min(self.level + 1, 7), bold=True)
            return
        lines = inline.content.split("\n")
        if len(lines) > 1 and all(map(_BARE_BULLET.match, lines)):
            self._bare_bullets(inline, lines)
            return
        self._text("paragraph", inline)

    def _head(self, index: int, inline: Token) -> None:
        """Give an item its own text, which is its first paragraph's."""
        content = inline.content
        task = _TASK.match(content)
        if task:
            content = content[task.end() :]
        self.blocks[index] = replace(
            self.blocks[index],
            content=content,
            parts=self._parts(content),
            task=task is not None,
            text_line=(inline.map or [0, 1])[0] + 1,
        )

    def _bare_bullets(self, inline: Token, lines: list[str]) -> None:
        """Take `-item`, written without a space, for the list that its author meant."""
        self.count += 1
        start = (inline.map or [0, 1])[0]
        for number, line in enumerate(lines):
            place = inline.copy(map=[start + number, start + number + 1])
            content = line[1:]
            self._add("item", place, content=content, parts=self._parts(content), group=self.count)

    def _row(self, token: Token, stream: Iterator[Token]) -> None:
        contents: list[str] = []
        in_header = False
        for inner in stream:
            if inner.type == "tr_close":
                break
            in_header = in_header or inner.type == "th_open"
            if inner.type == "inline":
                contents.append(inner.content)
        cells = tuple(_plain(self._parts(content)) for content in contents)
        if in_header:
            self.header = cells
            return
        parts = tuple(part for content in contents for part in (*self._parts(content), _GAP))
        content = " | ".join(contents)
        self._add(
            "row",
            token,
            content=content,
            parts=parts[:-1],
            cells=cells,
            header=self.header,
            group=self.count,
        )

    def _parts(self, content: str) -> tuple[Part, ...]:
        if len(content) > MAX_INLINE:
            return (("text", content[:400].split("\n")[0]),)
        if not _HAS_MARKUP.search(content):
            return _joined(("text", line) for line in content.split("\n"))
        self.deadline.check()
        tokens: list[Token] = []
        self.parser.inline.parse(content, self.parser, self.env, tokens)
        return tuple(_inline_parts(tokens))


_GAP: Part = ("text", " ")
_HAS_MARKUP = re.compile(r"[\\`*_\[\]<>&!~:]")


def _joined(lines: Iterator[Part] | Any) -> tuple[Part, ...]:
    parts: list[Part] = []
    for part in lines:
        if parts:
            parts.append(("break", "\n"))
        parts.append((part[0], part[1].strip()))
    return tuple(parts)


def _inline_parts(tokens: list[Token]) -> Iterator[Part]:
    for token in tokens:
        match token.type:
            case "text" | "text_special":
                yield ("text", token.content)
            case "code_inline":
                yield ("code", token.content)
            case "softbreak" | "hardbreak":
                yield ("break", "\n")
            case "image":
                yield ("text", token.content)
            case "html_inline" if "\n" in token.content:
                yield from (("break", "\n") for _ in range(token.content.count("\n")))


def _plain(parts: tuple[Part, ...]) -> str:
    return clean("".join(text for _, text in parts), 1000, lines=False).strip()
