"""One spelling for every way to write a command: the same for patterns and for what people type.

A call is its tool, its words in order, and its flags sorted; aliases, wrappers, short flags,
`--flag value` and `--flag=value`, ignored flags and other words for a word are all resolved from
the tools' data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from simulator.content.terminal import Tool
from simulator.world.shell.known_tools import CURL, PSQL, RUNNERS, WRAPPERS
from simulator.world.shell.sql_text import fold, is_sql, looks_like_sql, statements
from simulator.world.shell.words import WordsError, quoted, split_line

_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")
ASKED = ("--command", "--list")
"""What a call of psql is about; how it connects and shows is left out."""

_SHORT = re.compile(r"-[A-Za-z]")

Flag = tuple[str, str | None]


@dataclass(frozen=True)
class Rules:
    """How one tool's words and flags are read."""

    tool: str
    words: Mapping[str, str]
    same: Mapping[str, str]
    takes_value: frozenset[str]
    ignored: frozenset[str]
    short: frozenset[str]

    def name(self, flag: str) -> str:
        """Return the one name of a flag."""
        return self.same.get(flag, flag)

    def word(self, word: str) -> str:
        """Return the one spelling of a word; `deploy/api` is `deployment/api`."""
        head, slash, tail = word.partition("/")
        if slash and head in self.words and "/" not in self.words[head]:
            return self.words[head] + slash + tail
        return self.words.get(word, word)


@dataclass(frozen=True)
class Call:
    """A command reduced to what it asks for."""

    tool: str
    words: tuple[str, ...]
    flags: tuple[Flag, ...]
    known: bool

    @property
    def text(self) -> str:
        """The canonical spelling, which reads back as the same call."""
        if not self.tool and not self.words:
            return ""
        plain, bar, after = _apart(self.words)
        flags = [quoted(name if value is None else f"{name}={value}") for name, value in self.flags]
        # a name that looks like SQL must not read back as SQL
        tool = f"'{self.tool}'" if looks_like_sql(self.tool) else quoted(self.tool)
        return " ".join([tool, *map(quoted, plain), *flags, *bar, *map(quoted, after)])


@dataclass(frozen=True)
class Piece:
    """A word, and the optional groups of a pattern that it stands in."""

    text: str
    groups: tuple[int, ...] = ()


class Grammar:
    """The tools of a system, ready to canonicalise by."""

    def __init__(self, tools: Iterable[Tool]) -> None:
        self.tools = {tool.id: tool for tool in tools}
        self.rules = {tool.id: _rules(tool) for tool in self.tools.values()}
        self.rules |= {tool.id: _rules(tool) for tool in (CURL, PSQL) if tool.id not in self.tools}
        self.aliases: list[tuple[tuple[str, ...], str]] = []
        for tool in self.tools.values():
            for alias in [tool.id, *tool.aliases]:
                self.aliases.append((tuple(alias.split()), tool.id))
        for tool_id in self.rules:
            if tool_id not in self.tools:
                self.aliases.append(((tool_id,), tool_id))
        self.aliases.sort(key=lambda pair: -len(pair[0]))

    def call(self, words: Sequence[str]) -> Call:
        """Return what the words of one command ask for."""
        tool, known, pieces = self.head([Piece(word) for word in words])
        positional, flags = self.read(tool, pieces) if known else (pieces, [])
        call = Call(
            tool,
            tuple(piece.text for piece in positional),
            tuple(sorted({(name, value) for name, value, _ in flags}, key=_by_name)),
            known,
        )
        if tool in self.tools:
            return call
        if tool == "psql":
            return Call("psql", (), tuple(flag for flag in call.flags if flag[0] in ASKED), True)
        return _curl_call(call) if tool == "curl" else call

    def arguments(self, words: Sequence[str]) -> list[str]:
        """Return the words after the command's name, as they were typed."""
        return [piece.text for piece in self.head([Piece(word) for word in words])[2]]

    def head(self, pieces: Sequence[Piece]) -> tuple[str, bool, list[Piece]]:
        """Return the tool that is called, whether it is known, and the pieces after its name."""
        rest = _unwrapped(list(pieces))
        if not rest:
            return "", False, []
        rest = _without_runner_flags(rest)
        texts = [piece.text for piece in rest]
        texts[0] = texts[0].rsplit("/", 1)[-1] or texts[0]
        for alias, tool in self.aliases:
            if tuple(texts[: len(alias)]) == alias:
                return tool, True, rest[len(alias) :]
        return rest[0].text, False, rest[1:]

    def read(
        self, tool: str, pieces: Sequence[Piece]
    ) -> tuple[list[Piece], list[tuple[str, str | None, tuple[int, ...]]]]:
        """Return the words and the flags of a call of a known tool."""
        rules = self.rules[tool]
        words: list[Piece] = []
        flags: list[tuple[str, str | None, tuple[int, ...]]] = []
        queue = list(pieces)
        while queue:
            piece = queue.pop(0)
            text = piece.text
            if text == "--":
                words += [piece, *queue] if queue else []
                break
            if len(text) < 2 or text[0] != "-":
                words.append(Piece(rules.word(text), piece.groups))
                continue
            for name, given in _flags_of(text, rules):
                value = given
                if given is None and name in rules.takes_value:
                    # a value left out is written `--flag=`, so that it reads back the same
                    follows = bool(queue) and not _is_flag(queue[0].text)
                    value = queue.pop(0).text if follows else ""
                elif given == "true" and name not in rules.takes_value:
                    value = None
                if name not in rules.ignored:
                    flags.append((name, value, piece.groups))
        return words, flags


def grammar_of(tools: Iterable[Tool] | Grammar) -> Grammar:
    """Return the grammar of `tools`, which may be one already."""
    return tools if isinstance(tools, Grammar) else Grammar(tools)


def canonical(
    line: str, tools: Iterable[Tool] | Grammar, environment: Mapping[str, str] | None = None
) -> str:
    """Return the one spelling of `line`: of SQL, of a command, of a sequence of commands."""
    grammar = grammar_of(tools)
    if is_sql(line):
        return " ".join(f"{fold(statement)};" for statement in statements(line)[0])
    if line.lstrip().startswith("\\"):
        return " ".join(line.split())
    try:
        pipelines = split_line(line, environment or {})
    except WordsError:
        return line.strip()
    spelled: list[str] = []
    for pipeline in pipelines:
        stages = [command_text(stage.words, grammar) for stage in pipeline.stages]
        text = " | ".join(filter(None, stages))
        if text:
            joint = f" {pipeline.joint} " if pipeline.joint in ("&&", "||") else "; "
            spelled.append((joint if spelled else "") + text)
    return "".join(spelled).strip()


def command_text(words: Sequence[str], grammar: Grammar) -> str:
    """Return the one spelling of one command."""
    return grammar.call(words).text


def _rules(tool: Tool) -> Rules:
    same = _resolved({_flag(short): _flag(long) for short, long in tool.same_flags.items()})
    takes = {same.get(_flag(flag), _flag(flag)) for flag in tool.value_flags}
    for pattern in (p for command in tool.commands for p in [command.pattern, *command.also]):
        # `--since={time}` and `[--since {time}]` say by themselves that the flag takes a value.
        for found in re.finditer(r"(?<![^\s\[])(--?[A-Za-z][\w-]*)=\S", pattern):
            takes.add(same.get(found[1], found[1]))
        for found in re.finditer(r"\[(--?[A-Za-z][\w-]*) +\{[a-z][\w-]*(?::[^}]*)?\}\]", pattern):
            takes.add(same.get(found[1], found[1]))
    ignored = {same.get(_flag(flag), _flag(flag)) for flag in tool.ignored_flags}
    short = {flag for flag in [*same, *takes, *ignored] if _SHORT.fullmatch(flag)}
    return Rules(
        tool.id,
        _resolved(tool.same_words),
        same,
        frozenset(takes),
        frozenset(ignored),
        frozenset(short),
    )


def _flag(text: str) -> str:
    text = text.strip()
    if text.startswith("-"):
        return text
    return f"-{text}" if len(text) == 1 else f"--{text}"


def _resolved(same: Mapping[str, str]) -> dict[str, str]:
    """Follow chains to their end, so that canonicalising twice changes nothing."""
    resolved = {}
    for word in same:
        seen = [word]
        while seen[-1] in same and same[seen[-1]] not in seen:
            seen.append(same[seen[-1]])
        resolved[word] = min(seen) if seen[-1] in same else seen[-1]
    return resolved


def _flags_of(text: str, rules: Rules) -> list[Flag]:
    name, equals, value = text.partition("=")
    if text.startswith("--") or rules.name(name) in rules.takes_value or name in rules.same:
        return [(rules.name(name), value if equals else None)]
    first = text[:2]
    if rules.name(first) in rules.takes_value and first in rules.short:
        return [(rules.name(first), text[2:])]
    letters = [f"-{letter}" for letter in text[1:]]
    if len(letters) > 1 and all(letter in rules.short for letter in letters[:1]):
        flags: list[Flag] = []
        for place, letter in enumerate(letters):
            if letter not in rules.short:
                return [(rules.name(name), value if equals else None)]
            if rules.name(letter) in rules.takes_value:
                return [*flags, (rules.name(letter), text[place + 2 :] or None)]
            flags.append((rules.name(letter), None))
        return flags
    return [(rules.name(name), value if equals else None)]


def _unwrapped(pieces: list[Piece]) -> list[Piece]:
    """Drop assignments and wrappers such as `sudo -u root`, `time`, `watch -n 5`."""
    while pieces:
        first = pieces[0].text
        if _ASSIGNMENT.match(first):
            pieces = pieces[1:]
        elif first in WRAPPERS and len(pieces) > 1:
            takes_value, plain = WRAPPERS[first]
            pieces = pieces[1:]
            while pieces and pieces[0].text.startswith("-") and len(pieces[0].text) > 1:
                pieces = pieces[2:] if pieces[0].text in takes_value else pieces[1:]
            pieces = pieces[plain:]
            if len(pieces) == 1 and " " in pieces[0].text.strip():
                # watch takes its command as one quoted word as well
                group = pieces[0].groups
                pieces = [Piece(word, group) for word in pieces[0].text.split()]
        else:
            break
    return pieces


def _without_runner_flags(pieces: list[Piece]) -> list[Piece]:
    """`npx -y vercel@latest ls` is `npx vercel ls`; whether that is a tool, its aliases say."""
    first = pieces[0].text
    if first not in RUNNERS:
        return pieces
    head = 1
    if RUNNERS[first]:
        if len(pieces) < 2 or pieces[1].text not in RUNNERS[first]:
            return pieces
        head = 2
    rest = pieces[head:]
    while rest and rest[0].text.startswith("-"):
        rest = rest[1:]
    if rest:
        name = rest[0].text
        bare = name[0] + name[1:].partition("@")[0] if name else name
        rest = [Piece(bare, rest[0].groups), *rest[1:]]
    return [*pieces[:head], *rest]


def _curl_call(call: Call) -> Call:
    """What a request is about is its method and its address, not how its answer is shown."""
    flags = dict(call.flags)
    method = (flags.get("--request") or "").upper()
    if not method:
        method = "POST" if any(flag.startswith("--data") for flag in flags) else "GET"
    follow = "--location" in flags
    words = [_address(word, follow) for word in [*call.words, flags.get("--url")] if word]
    kept: list[Flag] = []
    if method not in ("GET", "HEAD"):
        kept.append(("--request", method))
    return Call("curl", tuple(words), tuple(kept), True)


def _address(word: str, follow: bool) -> str:
    scheme, found, rest = word.partition("://")
    if not found and word.startswith(("{", "$")):
        return word  # a pattern's hole, or a name that stands for the whole address
    if not found:
        scheme, rest = "http", word
    if follow and scheme == "http":
        scheme = "https"
    host, slash, path = rest.partition("/")
    if not re.fullmatch(r"[\w.:\[\]{}-]+", host):
        return word
    path = path.rstrip("/") if "?" not in path else path
    return f"{scheme}://{host}{slash if path else ''}{path}"


def _is_flag(text: str) -> bool:
    return text.startswith("-") and len(text) > 1 and not text[1].isdigit()


def _apart(words: Sequence[str]) -> tuple[Sequence[str], list[str], Sequence[str]]:
    if "--" not in words:
        return words, [], []
    bar = list(words).index("--")
    return words[:bar], ["--"], words[bar + 1 :]


def _by_name(flag: Flag) -> tuple[str, bool, str]:
    name, value = flag
    return name, value is not None, value or ""
