"""Which lines of a log are shown: a pure rule over streams, level and text."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, cast

import re2

from simulator.tui.widgets.log_line import LogLine, weight

_MOST_SPANS = 200


class _Match(Protocol):
    def span(self) -> tuple[int, int]: ...


class _Pattern(Protocol):
    def search(self, text: str) -> _Match | None: ...

    def finditer(self, text: str) -> "list[_Match]": ...


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What must hold of a line for it to be shown. The empty filter shows all."""

    streams: frozenset[str] = frozenset()
    """The streams shown; empty for all."""
    level: str = ""
    """The least level shown; empty for all."""
    query: str = ""
    """Text, or a pattern, to be found in the text or the detail, whatever its case."""
    is_pattern: bool = False

    @property
    def problem(self) -> str:
        """What is wrong with the pattern, in a sentence; empty when nothing is."""
        found = _compile(self.query, self.is_pattern)
        return found if isinstance(found, str) else ""

    @property
    def shows_all(self) -> bool:
        """Whether no line can fail."""
        return not (self.streams or weight(self.level or "debug") or self.query)

    def accepts(self, line: LogLine) -> bool:
        """Whether a line is shown."""
        return self.rule()(line)

    def rule(self) -> Callable[[LogLine], bool]:
        """The filter as a function, for many lines at once. A broken pattern accepts none."""
        streams, query = self.streams, self.query
        least = weight(self.level or "debug")
        found = _compile(query, self.is_pattern)
        if isinstance(found, str):
            return lambda _: False
        search = found.search

        def accepts(line: LogLine) -> bool:
            if streams and line.stream not in streams:
                return False
            if least and weight(line.level) < least:
                return False
            if not query or search(line.text) is not None:
                return True
            return bool(line.detail) and search(line.detail) is not None

        return accepts

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where the query is found in a text, for highlighting."""
        found = _compile(self.query, self.is_pattern)
        if not self.query or isinstance(found, str):
            return []
        spans: list[tuple[int, int]] = []
        for match in found.finditer(text):
            start, end = match.span()
            if end > start:
                spans.append((start, end))
            if len(spans) == _MOST_SPANS:
                break
        return spans


class _LinearPattern:
    """A pattern that runs in time linear in the text, whoever wrote it."""

    def __init__(self, pattern: str) -> None:
        options = re2.Options()
        options.log_errors = False
        options.case_sensitive = False
        self._pattern = re2.compile(pattern, options)

    def search(self, text: str) -> _Match | None:
        return cast("_Match | None", self._pattern.search(_encodable(text)))

    def finditer(self, text: str) -> list[_Match]:
        return list(self._pattern.finditer(_encodable(text)))


def _encodable(text: str) -> str:
    # RE2 reads UTF-8, which has no place for half a surrogate pair.
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8")


@lru_cache(maxsize=16)
def _compile(query: str, is_pattern: bool) -> _Pattern | str:
    if not is_pattern:
        return cast("_Pattern", re.compile(re.escape(query), re.IGNORECASE))
    try:
        return _LinearPattern(_encodable(query))
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        if isinstance(reason, bytes):
            reason = reason.decode("utf-8", "replace")
        return f"Not a valid pattern: {reason or 'refused'}"
