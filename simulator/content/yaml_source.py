"""YAML files of content, read without surprises: plain values, each with its place.

The parser's events are checked while the values are built from them, so that nothing large,
deep or repeated is ever built. Scalars follow a strict rule close to YAML 1.2: only `true` and
`false` are booleans; `no`, `on`, `12:30` and dates stay text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import isfinite
from pathlib import Path
from typing import Any

from simulator.content.clean import clean
from simulator.content.problems import ContentError, Problem

MAX_BYTES = 1_000_000
MAX_DEPTH = 30
MAX_NODES = 50_000
MAX_PROBLEMS = 50

Path_ = tuple[str | int, ...]
Position = tuple[int, int]
Value = dict[str, "Value"] | list["Value"] | str | int | float | bool | None

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})?\.[0-9]{0,30}(?:[eE][-+]?[0-9]{1,3})?")
_WORDS: Mapping[str, bool | None] = {
    "true": True,
    "false": False,
    "null": None,
    "~": None,
    "": None,
}
# libyaml ends lines at these, editors do not: a blank in their place keeps the numbers of lines.
_NOT_BREAKS = {0x85: " ", 0x2028: " ", 0x2029: " "}


@dataclass(frozen=True)
class Source:
    """A YAML file's plain value, and where each of its parts stands."""

    place: str
    value: Value
    _values: Mapping[Path_, Position] = field(repr=False, compare=False)
    _keys: Mapping[Path_, Position] = field(repr=False, compare=False)

    def position(self, path: Path_, key: bool = False) -> Position:
        """Return the 1-based line and column of the value at `path`, or of its key.

        A path that does not exist has the position of its nearest parent.
        """
        for length in range(len(path), -1, -1):
            part = path[:length]
            if key and part in self._keys:
                return self._keys[part]
            if part in self._values:
                return self._values[part]
        return (1, 1)


def read_yaml(source: Path | str, place: str) -> Source:
    """Return what the file, or the text, says; raise ContentError with every problem.

    `place` is the name that problems give to the file.
    """
    text = _text_of(source, place)
    builder = _Builder(place)
    value = builder.document(_events(text, place))
    if builder.problems:
        raise ContentError(builder.problems)
    return Source(place, value, builder.values, builder.keys)


def read_front_matter(text: str, place: str, first_line: int) -> tuple[Value, list[Problem]]:
    """Return what a runbook's front matter says, as far as it can be read, with warnings.

    Other people's files repeat keys and must load all the same. `first_line` is the number of
    the text's first line within its file.
    """
    builder = _Builder(place)
    value: Value = None
    try:
        value = builder.document(_events(_text_of(text, place), place))
        found = builder.problems
    except ContentError as error:
        found = list(error.problems)
    shift = first_line - 1
    return value, [
        replace(p, line=None if p.line is None else p.line + shift, level="warning") for p in found
    ]


def _text_of(source: Path | str, place: str) -> str:
    try:
        data = source.encode() if isinstance(source, str) else _bytes_of(source)
        text = data.decode("utf-8")
    except OSError as error:
        raise _fault(place, None, f"cannot be read: {error.strerror}") from None
    except UnicodeError:
        raise _fault(place, None, "is not UTF-8 text", "save it as UTF-8") from None
    if len(data) > MAX_BYTES:
        raise _fault(place, None, f"is larger than {MAX_BYTES:,} bytes", "split it")
    return text.removeprefix("\ufeff").translate(_NOT_BREAKS)


def _bytes_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _events(text: str, place: str) -> Iterator[Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        yield from yaml.parse(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        last = text.rstrip("\n").count("\n") + 1
        position = (min(mark.line + 1, last), mark.column + 1) if mark else None
        fault, remedy = _syntax(error.problem or error.context or "this is not YAML")
        raise _fault(place, position, fault, remedy) from None
    except yaml.YAMLError:
        position = _first_unprintable(text)
        raise _fault(place, position, "a character that YAML does not allow", "remove it") from None


def _syntax(problem: str) -> tuple[str, str | None]:
    for words, fault, remedy in _SYNTAX:
        if words in problem:
            return fault, remedy
    return f"this is not YAML: {problem}", None


_SYNTAX = (
    ("maximum nesting depth", f"nested more than {MAX_DEPTH} deep", "flatten it"),
    (
        "mapping values are not allowed",
        'a ": " where it cannot stand',
        "put quotes around a text that holds a colon, or check the indentation",
    ),
    (
        "cannot start any token",
        "a character that cannot begin a text",
        "put quotes around the text; indent with spaces, never with tabs",
    ),
    (
        "could not find expected ':'",
        'a key without ":"',
        'write "key: value", and quotes around a text that goes over several lines',
    ),
    (
        "did not find expected key",
        "the lines do not fit together here",
        "check the indentation, and the quotes above",
    ),
    (
        "did not find expected '-' indicator",
        "this is not an item of the list above",
        "check the indentation",
    ),
    (
        "did not find expected node content",
        "a value is missing here, or a bracket is never closed",
        "put quotes around a text that begins with a bracket or a comma",
    ),
    (
        "did not find expected ',' or",
        "a comma or a closing bracket is missing",
        "close the bracket, or put quotes around the text",
    ),
    (
        "unexpected end of stream",
        "a quoted text or a bracket that is never closed",
        "close it",
    ),
)


def _first_unprintable(text: str) -> Position | None:
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        for column, letter in enumerate(line, 1):
            if (not letter.isprintable() and letter not in "\t\xa0") or letter == "\ufeff":
                return (number, column)
    return None


def _fault(
    place: str, position: Position | None, fault: str, remedy: str | None = None
) -> ContentError:
    line, column = position or (None, None)
    return ContentError([Problem(place, line, column, fault, remedy)])


class _Builder:
    """Builds a document's values from its events, and notes what is wrong on the way."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.values: dict[Path_, Position] = {}
        self.keys: dict[Path_, Position] = {}
        self.problems: list[Problem] = []
        self.nodes = 0

    def document(self, events: Iterator[Any]) -> Value:
        value: Value = None
        documents = 0
        for event in events:
            kind = type(event).__name__
            if kind == "DocumentStartEvent":
                documents += 1
                if documents > 1:
                    self._note(event, "a second document", "keep one document in a file")
                    break
            elif kind not in ("StreamStartEvent", "StreamEndEvent", "DocumentEndEvent"):
                value = self._node(event, events, (), 1)
        return value

    def _node(self, event: Any, events: Iterator[Any], path: Path_, depth: int) -> Value:
        self._check(event, depth)
        self.values[path] = _position(event)
        match type(event).__name__:
            case "ScalarEvent":
                return _scalar(event)
            case "SequenceStartEvent":
                return self._sequence(events, path, depth)
            case "MappingStartEvent":
                return self._mapping(events, path, depth)
        return None  # an alias, already noted

    def _sequence(self, events: Iterator[Any], path: Path_, depth: int) -> list[Value]:
        items: list[Value] = []
        for event in events:
            if type(event).__name__ == "SequenceEndEvent":
                break
            items.append(self._node(event, events, (*path, len(items)), depth + 1))
        return items

    def _mapping(self, events: Iterator[Any], path: Path_, depth: int) -> dict[str, Value]:
        items: dict[str, Value] = {}
        for event in events:
            if type(event).__name__ == "MappingEndEvent":
                break
            key = self._key(event, events, path, depth)
            inner = (*path, key)
            if key in items:
                first = self.keys[inner][0]
                self._note(
                    event, f'the key "{key}" is here twice', f"it is already in line {first}"
                )
            else:
                self.keys[inner] = _position(event)
            items[key] = self._node(next(events), events, inner, depth + 1)
        return items

    def _key(self, event: Any, events: Iterator[Any], path: Path_, depth: int) -> str:
        if type(event).__name__ != "ScalarEvent":
            self._note(event, "a key that is not a plain text", "write a name as the key")
            self._node(event, events, path, depth + 1)
            return ""
        self._check(event, depth)
        key = clean(event.value, MAX_BYTES, lines=False)
        if key == "<<" and event.implicit[0]:
            self._note(event, "a merge key", "write the keys out")
        return key

    def _check(self, event: Any, depth: int) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self._stop(event, f"more than {MAX_NODES:,} values", "split the file")
        if depth > MAX_DEPTH:
            self._stop(event, f"nested more than {MAX_DEPTH} deep", "flatten it")
        if type(event).__name__ == "AliasEvent":
            self._note(event, f"an alias, *{event.anchor}", "write the value out")
            return
        if event.anchor:
            self._note(event, f"an anchor, &{event.anchor}", "write the value out where it is used")
        if event.tag:
            self._note(event, f"a tag, {event.tag}", "write the value without it")

    def _note(self, event: Any, fault: str, remedy: str) -> None:
        line, column = _position(event)
        self.problems.append(
            Problem(self.place, line, column, clean(fault, 300, lines=False), remedy)
        )
        if len(self.problems) >= MAX_PROBLEMS:
            raise ContentError(self.problems)

    def _stop(self, event: Any, fault: str, remedy: str) -> None:
        self._note(event, fault, remedy)
        raise ContentError(self.problems)


def _position(event: Any) -> Position:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1)


def _scalar(event: Any) -> str | int | float | bool | None:
    text: str = event.value
    if not event.implicit[0]:  # quoted, or a block: text, whatever it looks like
        return clean(text, MAX_BYTES)
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return _float(text)
    return clean(text, MAX_BYTES)


def _float(text: str) -> float | str:
    try:
        number = float(text)
    except ValueError:
        return text
    return number if isfinite(number) else text
