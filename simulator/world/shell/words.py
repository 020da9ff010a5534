"""A command line as words: quotes, escapes, $NAMES, pipes, sequences and redirections."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

Joint = str
"""What stands before a pipeline: "" at first, then `;`, `&&` or `||`."""

_NAME = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*)|([?$#!@*0-9])")
_PLAIN = re.compile(r"[A-Za-z0-9_@%+=:,./{}\[\]-]+\Z")
_BREAKS = " \t\n|;&<>"


class WordsError(ValueError):
    """A line that cannot be split; its text is what the shell says about it."""


@dataclass(frozen=True)
class Stage:
    """One command of a pipeline."""

    words: tuple[str, ...]
    errors_too: bool = False
    """Whether `2>&1` sends what it says about errors down the pipe."""

    @property
    def text(self) -> str:
        return " ".join(quoted(word) for word in self.words)


@dataclass(frozen=True)
class Pipeline:
    """Commands joined by pipes, and where the last one's output should go."""

    stages: tuple[Stage, ...]
    joint: Joint = ""
    target: str | None = None


def split_line(
    line: str,
    environment: Mapping[str, str],
    substitute: Callable[[str], str] | None = None,
) -> list[Pipeline]:
    """Return the pipelines of `line`; raise WordsError where a shell would not understand it.

    `substitute` runs what stands in `$(...)`. Without it the line is only read, not run: what
    it holds in `$(...)` and in unknown $NAMES stays as it is written.
    """
    return list(each_pipeline(line, environment, substitute))


def each_pipeline(
    line: str,
    environment: Mapping[str, str],
    substitute: Callable[[str], str] | None = None,
) -> Iterator[Pipeline]:
    """Yield the pipelines of `line` one by one: what one sets in `environment`, the next reads."""
    yield from _Splitter(line, environment, substitute).split()


def quoted(word: str) -> str:
    """Return `word` so that splitting gives it back."""
    if _PLAIN.match(word):
        return word
    return "'" + word.replace("'", "'\\''") + "'"


class _Splitter:
    def __init__(
        self,
        line: str,
        environment: Mapping[str, str],
        substitute: Callable[[str], str] | None,
    ) -> None:
        self.line = line
        self.environment = environment
        self.substitute = substitute
        self.at = 0
        self.stages: list[Stage] = []
        self.words: list[str] = []
        self.joint: Joint = ""
        self.errors_too = False
        self.target: str | None = None

    def split(self) -> Iterator[Pipeline]:
        while self.at < len(self.line):
            rest = self.line[self.at : self.at + 2]
            letter = rest[0]
            if letter in " \t":
                self.at += 1
            elif rest == "\\\n":
                self.at += 2
            elif letter == "#":
                end = self.line.find("\n", self.at)
                self.at = len(self.line) if end < 0 else end
            elif rest in ("&&", "||"):
                self.at += 2
                yield self._end_pipeline(rest)
            elif letter in ";\n":
                self.at += 1
                if self.words or self.stages:
                    yield self._end_pipeline(";")
            elif letter == "|":
                self.at += 2 if rest == "|&" else 1
                self.errors_too = self.errors_too or rest == "|&"
                self._end_stage("|")
            elif not self._redirection():
                if letter == "&":
                    raise WordsError("shell: jobs in the background are not available here")
                self.words.append(self._word())
        if self.stages and not self.words:
            raise WordsError("shell: syntax error near the end: a command is missing after `|'")
        if self.words:
            yield self._end_pipeline("")

    def _end_stage(self, mark: str) -> None:
        if not self.words:
            raise WordsError(f"shell: syntax error near unexpected token `{mark}'")
        self.stages.append(Stage(tuple(self.words), self.errors_too))
        self.words, self.errors_too = [], False

    def _end_pipeline(self, mark: str) -> Pipeline:
        self._end_stage(mark)
        pipeline = Pipeline(tuple(self.stages), self.joint, self.target)
        self.stages, self.target = [], None
        self.joint = mark if mark in ("&&", "||") else ";"
        return pipeline

    def _redirection(self) -> bool:
        found = re.compile(r"(&>>?|[12]?>>?|<<?<?)[ \t]*(&[12])?").match(self.line, self.at)
        if not found:
            return False
        self.at = found.end()
        if found[1].startswith("<"):
            raise WordsError("shell: reading from files with `<' is not available here")
        if found[2]:
            self.errors_too = self.errors_too or found[1].startswith("2")
            return True
        if self.at >= len(self.line) or self.line[self.at] in _BREAKS:
            raise WordsError("shell: syntax error near unexpected token `newline'")
        target = self._word()
        if not found[1].startswith("2"):
            self.target = target
        return True

    def _word(self) -> str:
        word: list[str] = []
        while self.at < len(self.line) and self.line[self.at] not in _BREAKS:
            letter = self.line[self.at]
            self.at += 1
            if letter == "\\":
                word.append(self.line[self.at : self.at + 1].replace("\n", ""))
                self.at += 1
            elif letter == "'":
                word.append(self._until_single())
            elif letter == '"':
                word.append(self._until_double())
            elif letter == "$":
                word.append(self._expansion())
            elif letter == "`":
                raise WordsError("shell: a command inside a command is not available here")
            else:
                word.append(letter)
        return "".join(word)

    def _until_single(self) -> str:
        end = self.line.find("'", self.at)
        if end < 0:
            raise WordsError("shell: a quote (') is not closed")
        inner = self.line[self.at : end]
        self.at = end + 1
        return inner

    def _until_double(self) -> str:
        inner: list[str] = []
        while self.at < len(self.line):
            letter = self.line[self.at]
            self.at += 1
            if letter == '"':
                return "".join(inner)
            if letter == "\\" and self.line[self.at : self.at + 1] in ('"', "\\", "$", "`", "\n"):
                inner.append(self.line[self.at].replace("\n", ""))
                self.at += 1
            elif letter == "$":
                inner.append(self._expansion())
            elif letter == "`":
                raise WordsError("shell: a command inside a command is not available here")
            else:
                inner.append(letter)
        raise WordsError('shell: a quote (") is not closed')

    def _expansion(self) -> str:
        if self.line[self.at : self.at + 1] == "(":
            return self._substitution()
        found = _NAME.match(self.line, self.at)
        if not found:
            return "$"
        self.at = found.end()
        if found[3]:
            return "0" if found[3] == "?" else ""
        name = found[1] or found[2]
        return self.environment.get(name, "" if self.substitute else f"${name}")

    def _substitution(self) -> str:
        start = self.at
        depth = 0
        quote = ""
        for place in range(start, len(self.line)):
            letter = self.line[place]
            if quote:
                quote = "" if letter == quote else quote
            elif letter in "'\"":
                quote = letter
            elif letter in "()":
                depth += 1 if letter == "(" else -1
                if depth == 0:
                    self.at = place + 1
                    inner = self.line[start + 1 : place]
                    return self.substitute(inner) if self.substitute else f"$({inner})"
        raise WordsError("shell: a bracket $( is not closed")
