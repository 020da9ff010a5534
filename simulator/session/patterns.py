"""Patterns of commands and statements: each can be read, and what it takes goes somewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import re2

from simulator.content.pack import Pack
from simulator.content.problems import Problem, did_you_mean
from simulator.content.references import Path, problem_at, walk
from simulator.content.scenario import Proof
from simulator.content.system import Action
from simulator.content.terminal import Command, Says, SessionGroup, Tool
from simulator.content.yaml_source import Source
from simulator.world import placeholders
from simulator.world.shell import (
    Grammar,
    Pattern,
    PatternError,
    compile_pattern,
    pattern_holes,
    ready,
    shadow_of,
)

_OF_A_KILL = frozenset({"count", "pid", "group"})
_OF_A_LINE = frozenset({"time", "level", "text", "detail"})


class _Where(NamedTuple):
    """A place in the system's file."""

    source: Source
    path: Path

    def problem(self, fault: str, remedy: str | None, *more: str | int) -> Problem:
        return problem_at(self.source, (*self.path, *more), fault, remedy)


def patterns(pack: Pack) -> Iterator[Problem]:
    """Yield what is wrong with the patterns of a pack, and with what they hand to actions."""
    grammar = Grammar(pack.system.tools)
    actions = {action.id: action for action in (*pack.system.actions, *pack.scenario.actions)}
    yield from _tool_names(pack)
    for number, tool in enumerate(pack.system.tools):
        earlier: list[Pattern] = []
        for place, command in enumerate(tool.commands):
            where = _Where(pack.system_source, ("tools", number, "commands", place))
            yield from _command(pack, tool, command, grammar, earlier, where)
            yield from _handed(command, actions, where)
    yield from _statements(pack, actions)
    yield from _sessions(pack, actions)
    yield from _arguments(pack)
    yield from _proofs(pack, grammar, actions)


def _tool_names(pack: Pack) -> Iterator[Problem]:
    taken: dict[str, str] = {}
    for number, tool in enumerate(pack.system.tools):
        for name in (tool.id, *tool.aliases):
            if taken.setdefault(name, tool.id) != tool.id:
                fault = f'"{name}" is the tool "{taken[name]}" already'
                place = _Where(pack.system_source, ("tools", number))
                yield place.problem(fault, "take the alias out")


def _command(
    pack: Pack,
    tool: Tool,
    command: Command,
    grammar: Grammar,
    earlier: list[Pattern],
    where: _Where,
) -> Iterator[Problem]:
    sources: dict[Path, str] = {("pattern",): command.pattern}
    sources |= {("also", index): text for index, text in enumerate(command.also)}
    for place, text in sources.items():
        try:
            compiled = compile_pattern(text, grammar)
        except PatternError as error:
            yield where.problem(f"the pattern cannot be read: {error}", "mend it", *place)
            continue
        if compiled.tool != tool.id:
            fault = f'the pattern is of "{compiled.tool}", not of the tool "{tool.id}"'
            yield where.problem(fault, f"let it begin with {tool.id}", *place)
        before = shadow_of(compiled, earlier)
        if before is not None:
            fault = f'the pattern "{before.source}" takes every such line before this one'
            yield where.problem(fault, "put this one first, or make them one", *place)
        earlier.append(compiled)
    if not (command.says or command.action or command.logs or command.view):
        yield where.problem("a command that says and does nothing", "write `says` or `action`")
    taken = {name for text in sources.values() for name, _ in pattern_holes(text)}
    known = taken | set(command.args)
    for place_of, says in enumerate(command.says):
        yield from _says(
            pack, command, says, known, _Where(where.source, (*where.path, "says", place_of))
        )


def _says(
    pack: Pack, command: Command, says: Says, known: set[str], where: _Where
) -> Iterator[Problem]:
    table = pack.system.tables.get(says.table or "")
    for column in says.where:
        if table is not None and column not in table.columns:
            fault = f'table "{says.table}" has no column "{column}"'
            yield where.problem(fault, did_you_mean(column, table.columns), "where", column)
    if table is not None and not says.row:
        yield where.problem("a table of which no row is printed", "write `row`")
    if says.row and table is None and command.logs is None:
        yield where.problem('"row" does nothing without "table"', "take it out", "row")
    everywhere = set(pack.system.state) | set(pack.system.derived) | set(pack.system.pools)
    everywhere |= {f"pool.{name}" for name in pack.system.pools} | {"now", "t"} | known
    columns = set(table.columns) if table else _OF_A_LINE if command.logs else set()
    texts: list[tuple[str, str, Iterable[str]]] = [
        ("row", says.row, columns), ("text", says.text, ()), ("after", says.after, ()),
        ("empty", says.empty, ()),
    ]  # fmt: skip
    for field, text, more in texts:
        yield from _filled(text, everywhere | set(more), where, field)


def _filled(text: str, names: set[str], where: _Where, field: str) -> Iterator[Problem]:
    for mark in placeholders(text):
        if not mark.prefix and mark.name not in names:
            fault = f"nothing fills {{{mark.name}}} here"
            yield where.problem(fault, did_you_mean(mark.name, names), field)


def _handed(command: Command, actions: Mapping[str, Action], where: _Where) -> Iterator[Problem]:
    action = actions.get(command.action or "")
    if action is None:
        return
    for name in command.args:
        if name not in action.args:
            fault = f'the action "{action.id}" has no argument "{name}"'
            yield where.problem(fault, did_you_mean(name, action.args), "args", name)


def _statements(pack: Pack, actions: Mapping[str, Action]) -> Iterator[Problem]:
    statements = pack.system.database.statements if pack.system.database else []
    for number, statement in enumerate(statements):
        where = _Where(pack.system_source, ("database", "statements", number))
        try:
            compiled = re2.compile(f"(?is){statement.match}", _quiet())
        except re2.error as error:
            said = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error)
            yield where.problem(f"the pattern cannot be read: {said}", "mend it", "match")
            continue
        action = actions.get(statement.action)
        for name, group in statement.args.items():
            if action is not None and name not in action.args:
                fault = f'the action "{action.id}" has no argument "{name}"'
                yield where.problem(fault, did_you_mean(name, action.args), "args", name)
            if group.isdigit() and int(group) > compiled.groups:
                fault = f"the pattern has {compiled.groups} groups, not {group}"
                yield where.problem(fault, "put what is meant in ( )", "args", name)


def _quiet() -> re2.Options:
    options = re2.Options()
    options.log_errors = False
    return options


def _sessions(pack: Pack, actions: Mapping[str, Action]) -> Iterator[Problem]:
    groups: list[SessionGroup] = pack.system.database.sessions if pack.system.database else []
    for number, group in enumerate(groups):
        for field in ("terminate", "cancel"):
            action = actions.get(getattr(group, field) or "")
            for name, argument in action.args.items() if action else ():
                if name not in _OF_A_KILL and argument.default is None:
                    fault = f'nothing gives the action "{action.id}" its "{name}"' if action else ""
                    where = _Where(pack.system_source, ("database", "sessions", number, field))
                    yield where.problem(fault, "a kill gives count, pid and group")


def _arguments(pack: Pack) -> Iterator[Problem]:
    for source, actions in (
        (pack.system_source, pack.system.actions),
        (pack.scenario_source, pack.scenario.actions),
    ):
        for number, action in enumerate(actions):
            for name, argument in action.args.items():
                where = _Where(source, ("actions", number, "args", name))
                if argument.choices is None:
                    continue
                if argument.values:
                    fault = '"values" and "choices" are two lists of what can be chosen'
                    yield where.problem(fault, "write one of them", "values")
                table, dot, column = argument.choices.partition(".")
                known = pack.system.tables.get(table)
                if known is None or not dot:
                    fault = f'there is no table "{table}"'
                    near = did_you_mean(table, pack.system.tables)
                    yield where.problem(fault, near or "write table.column", "choices")
                elif column not in known.columns:
                    fault = f'table "{table}" has no column "{column}"'
                    yield where.problem(fault, did_you_mean(column, known.columns), "choices")


def _proofs(pack: Pack, grammar: Grammar, actions: Mapping[str, Action]) -> Iterator[Problem]:
    for part in walk(pack.scenario, ()):
        proofs = part.value if isinstance(part.value, list) else [part.value]
        for index, proof in enumerate(proofs):
            if not isinstance(proof, Proof):
                continue
            path = (*part.path, index) if isinstance(part.value, list) else part.path
            where = _Where(pack.scenario_source, path)
            action = actions.get(proof.action or "")
            for name in proof.args if action else ():
                if action and name not in action.args:
                    fault = f'the action "{action.id}" has no argument "{name}"'
                    yield where.problem(fault, did_you_mean(name, action.args), "args", name)
            if proof.command is not None:
                try:
                    ready(proof.command, grammar)
                except PatternError as error:
                    yield where.problem(
                        f"the pattern cannot be read: {error}", "mend it", "command"
                    )
