"""Command patterns, as content writes them, matched against what people type.

`vercel rollback [{deployment}] [--yes]`: words must match, `{name}` takes one word,
`{name:a|b}` one of those, `[..]` may be left out, `{name...}` takes the rest. Flags may stand in
any order. A pattern that begins as SQL does is compared with statements, spaces and case aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import re2

from simulator.content.terminal import Tool
from simulator.world.shell.canonical import ASKED, Call, Grammar, Piece, grammar_of
from simulator.world.shell.sql_text import fold, is_sql, is_statement, statements
from simulator.world.shell.words import WordsError, split_line

_HOLE = re.compile(r"\{([a-z][a-z0-9_.-]*?)(\.\.\.|:[^{}]*)?\}")
_MOST_CHOICES = 4
"""How many values of a hole are tried when patterns are held against each other."""


class PatternError(ValueError):
    """A pattern that cannot be read."""


@dataclass(frozen=True)
class Pattern:
    """A compiled pattern of one tool."""

    source: str
    tool: str
    words: tuple[Piece, ...]
    flags: tuple[tuple[str, str | None, tuple[int, ...]], ...]
    groups: tuple[int, ...]

    def variants(self) -> Iterator[list[str]]:
        """Yield the sequences of words that it allows, the longest first."""
        optional = sorted({group for word in self.words for group in word.groups})
        for kept in range(2 ** len(optional) - 1, -1, -1):
            out = {group for place, group in enumerate(optional) if not kept >> place & 1}
            yield [word.text for word in self.words if not out.intersection(word.groups)]


def compile_pattern(source: str, tools: Iterable[Tool] | Grammar) -> Pattern:
    """Return the pattern that `source` writes; raise PatternError where it is not one."""
    grammar = grammar_of(tools)
    tool, known, rest = grammar.head(_pieces(source))
    if not tool:
        raise PatternError("an empty pattern")
    words, flags = grammar.read(tool, rest) if known else (rest, [])
    if tool == "curl" and "curl" not in grammar.tools:
        plain = grammar.call([tool, *(piece.text for piece in rest)])
        words = [Piece(text, word.groups) for text, word in zip(plain.words, words, strict=False)]
        flags = [(name, value, ()) for name, value in plain.flags]
    if tool == "psql":  # a call of it says neither how it connects
        words, flags = [], [flag for flag in flags if flag[0] in ASKED]
    optional = sorted({group for word in words for group in word.groups})
    if len(optional) > 8:
        raise PatternError("more than 8 optional parts")
    return Pattern(source, tool, tuple(words), tuple(flags), tuple(optional))


def match_call(pattern: Pattern, call: Call) -> dict[str, str] | None:
    """Return what the pattern's holes took of a call, None when it does not match."""
    if call.tool != pattern.tool:
        return None
    taken = _match_flags(pattern, call)
    if taken is None:
        return None
    for variant in pattern.variants():
        found = match_words(variant, call.words)
        if found is not None:
            return taken | found
    return None


def ready(source: str, grammar: Grammar) -> Pattern | str:
    """Return the compiled pattern of a command; one of SQL is held against statements as it is."""
    if is_statement(source) and not grammar.head([Piece(source.split()[0])])[1]:
        return source
    return compile_pattern(source, grammar)


def matches(
    pattern: str | Pattern,
    line: str,
    tools: Iterable[Tool] | Grammar,
    environment: Mapping[str, str] | None = None,
) -> dict[str, str] | None:
    """Return what a pattern takes of any command of a line, None when none matches.

    A $NAME that `environment` does not know stands as it is, so that a hole takes it.
    """
    grammar = grammar_of(tools)
    compiled = ready(pattern, grammar) if isinstance(pattern, str) else pattern
    if isinstance(compiled, str):
        return _match_sql(compiled, line, grammar, environment or {})
    return match_calls(compiled, calls_of(line, grammar, environment or {}))


def calls_of(line: str, grammar: Grammar, environment: Mapping[str, str]) -> list[Call]:
    """Return every command of a line; none of one that cannot be read."""
    try:
        pipelines = split_line(line, environment)
    except WordsError:
        return []
    return [grammar.call(stage.words) for pipeline in pipelines for stage in pipeline.stages]


def match_calls(pattern: Pattern, calls: Iterable[Call]) -> dict[str, str] | None:
    """Return what a pattern takes of the first of these calls that it matches, None of none."""
    found = (match_call(pattern, call) for call in calls)
    return next((taken for taken in found if taken is not None), None)


def match_words(wanted: Sequence[str], words: Sequence[str]) -> dict[str, str] | None:
    """Return what a sequence of words with holes takes of `words`, None when it does not fit."""
    if not wanted:
        return {} if not words else None
    rest = _HOLE.fullmatch(wanted[0])
    if rest and rest[2] == "...":
        for length in range(len(words), 0, -1):
            found = match_words(wanted[1:], words[length:])
            if found is not None:
                return {rest[1]: " ".join(words[:length])} | found
        return None
    if not words:
        return None
    first = match_word(wanted[0], words[0])
    found = match_words(wanted[1:], words[1:]) if first is not None else None
    return None if first is None or found is None else first | found


def match_word(wanted: str, word: str) -> dict[str, str] | None:
    """Return what the holes of one word take, None when it does not fit."""
    if "{" not in wanted:
        return {} if wanted == word else None
    expression, names = _expression(wanted, r".+")
    found = re2.fullmatch(expression, word)
    return dict(zip(names, found.groups(), strict=True)) if found else None


def shadow_of(pattern: Pattern, earlier: Sequence[Pattern]) -> Pattern | None:
    """Return one of the earlier patterns if these together take every call of a pattern."""
    taken: Pattern | None = None
    for call in _examples(pattern):
        taken = next((one for one in earlier if match_call(one, call) is not None), None)
        if taken is None:
            return None
    return taken


def _examples(pattern: Pattern) -> Iterator[Call]:
    """Yield calls of a pattern: each variant, with all of its flags and with the needed ones."""
    needed = [flag for flag in pattern.flags if not flag[2]]
    for words in pattern.variants():
        for flags in (pattern.flags, needed):
            for number in range(_MOST_CHOICES):
                shown = tuple(_example(word, number) for word in words)
                given = tuple(
                    (name, None if value is None else _example(value, number))
                    for name, value, _ in flags
                )
                yield Call(pattern.tool, shown, given, True)


def _example(word: str, number: int) -> str:
    def value(found: re.Match[str]) -> str:
        choices = found[2][1:].split("|") if (found[2] or "").startswith(":") else []
        return choices[number % len(choices)] if choices else f"any{number}"

    return _HOLE.sub(value, word)


def holes(text: str) -> list[tuple[str, list[str]]]:
    """Return the holes of a pattern: name, and the choices where it lists them."""
    return [
        (name, more[1:].split("|") if more.startswith(":") else [])
        for name, more in _HOLE.findall(text)
    ]


def _match_flags(pattern: Pattern, call: Call) -> dict[str, str] | None:
    taken: dict[str, str] = {}
    left = list(pattern.flags)
    for name, value in call.flags:
        for flag in left:
            if flag[0] != name or (flag[1] is None) != (value is None):
                continue
            found = {} if value is None else match_word(flag[1] or "", value)
            if found is not None:
                taken |= found
                left.remove(flag)
                break
        else:
            return None
    return taken if all(groups for _, _, groups in left) else None


def _match_sql(
    pattern: str, line: str, grammar: Grammar, environment: Mapping[str, str]
) -> dict[str, str] | None:
    wanted = fold(re.sub(r"\s*\[(\{[a-z][a-z0-9_-]*)\.\.\.\}\]", r"\1...?}", pattern))
    expression, names = _expression(wanted, r"[^\s;]+")
    for statement in queries(line, grammar, environment):
        found = re2.fullmatch(f"(?is){expression}", fold(statement))
        if found:
            return {
                name: text.strip()
                for name, text in zip(names, found.groups(), strict=True)
                if text is not None and text.strip()
            }
    return None


def queries(line: str, grammar: Grammar, environment: Mapping[str, str]) -> list[str]:
    """Return the statements of a line: SQL as it stands, or what `psql -c` is given."""
    if is_sql(line) or is_statement(line):
        done, rest = statements(line)
        return [*done, *([rest] if rest else [])]
    try:
        pipelines = split_line(line, environment or {})
    except WordsError:
        return []
    found = []
    for pipeline in pipelines:
        for stage in pipeline.stages:
            call = grammar.call(stage.words)
            if call.tool == "psql":
                for name, value in call.flags:
                    if name == "--command" and value:
                        done, rest = statements(value)
                        found += [*done, *([rest] if rest else [])]
    return found


def _expression(text: str, one: str) -> tuple[str, list[str]]:
    """Return the regular expression of a text with holes, and the holes' names in order."""
    parts: list[str] = []
    names: list[str] = []
    at = 0
    for found in re.finditer(r"\{([a-z][a-z0-9_-]*)(\.\.\.\??|:[^{}]*)?\}", text):
        parts.append(re2.escape(text[at : found.start()]))
        names.append(found[1])
        more = found[2] or ""
        if more.startswith(":"):
            parts.append("(" + "|".join(re2.escape(choice) for choice in more[1:].split("|")) + ")")
        elif more == "...?":
            parts.append(r"(\s.*)?")
        else:
            parts.append("(.+)" if more else f"({one})")
        at = found.end()
    parts.append(re2.escape(text[at:]))
    return "".join(parts), names


def _pieces(source: str) -> list[Piece]:
    """Split a pattern into words, remembering which optional groups each stands in."""
    found: list[Piece] = []
    open_groups: list[int] = []
    count = 0
    word: list[str] = []

    def end_word() -> None:
        if word:
            found.append(Piece("".join(word), tuple(open_groups)))
            word.clear()

    at = 0
    while at < len(source):
        letter = source[at]
        close = source.find("}", at) if letter == "{" else -1
        quote = source.find(letter, at + 1) if letter in "'\"" else -1
        if close > 0:
            word.append(source[at : close + 1])
            at = close + 1
            continue
        if quote > 0:
            word.append(source[at + 1 : quote])
            at = quote + 1
            continue
        if letter == "[":
            end_word()
            count += 1
            open_groups.append(count)
        elif letter == "]":
            end_word()
            if not open_groups:
                raise PatternError(f"a bracket too many in: {source}")
            open_groups.pop()
        elif letter.isspace():
            end_word()
        else:
            word.append(letter)
        at += 1
    end_word()
    if open_groups:
        raise PatternError(f"a bracket is not closed in: {source}")
    return found
