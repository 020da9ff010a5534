"""What the Tab key offers: words, flags and values that the tools' patterns allow."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from simulator.content.terminal import Command
from simulator.world.shell.action_call import choices
from simulator.world.shell.answer import ShellContext
from simulator.world.shell.database.views import VIEWS
from simulator.world.shell.known_tools import CURL_SWITCHES
from simulator.world.shell.pattern import holes, match_word
from simulator.world.shell.scene import Scene
from simulator.world.shell.words import WordsError, quoted, split_line

if TYPE_CHECKING:
    from simulator.world.scope import Outside
    from simulator.world.shell.shell import Shell
    from simulator.world.state import WorldState

_BUILT_IN = ("clear", "date", "echo", "env", "help", "history", "whoami")
_PIPES = ("cut", "grep", "head", "jq", "sort", "tail", "uniq", "wc")
_META = ("\\conninfo", "\\d", "\\di", "\\dt", "\\du", "\\l", "\\q", "\\timing", "\\x", "\\?")
_MOST = 60


def complete(
    shell: Shell, state: WorldState, line: str, outside: Outside, context: ShellContext
) -> list[str]:
    """Return the words that could stand where the last word of `line` is being typed, sorted."""
    scene = Scene(shell.world, state, outside)
    if context.mode == "psql":
        return _in_psql(scene, line)
    head, last = _apart(line)
    if head is None:
        return []
    if not head:
        piped = "|" in line
        names = _PIPES if piped else [*shell.grammar.rules, *_BUILT_IN]
        return _starting(names, last)
    call = shell.grammar.call(head)
    if call.tool in shell.grammar.tools:
        return _starting(_of_tool(shell, scene, call.tool, list(call.words), head, last), last)
    if call.tool == "curl":
        urls = [endpoint.url for endpoint in shell.world.system.endpoints]
        return _starting([*urls, *sorted(CURL_SWITCHES)] if last[:1] == "-" else urls, last)
    if call.tool == "psql":
        return _starting(['"$DATABASE_URL"', "-c"], last)
    return []


def _apart(line: str) -> tuple[Sequence[str] | None, str]:
    """Return the words of the command being typed, and the beginning of its last word."""
    found = re.search(r"(\S*)\Z", line)
    last = found[1] if found else ""
    before = line[: len(line) - len(last)]
    if not before.strip() or before.rstrip().endswith(("|", ";", "&&")):
        return [], last
    try:
        pipelines = split_line(before, {})
    except WordsError:
        return None, last
    return (pipelines[-1].stages[-1].words, last) if pipelines else ([], last)


def _of_tool(
    shell: Shell, scene: Scene, tool: str, words: list[str], head: Sequence[str], last: str
) -> list[str]:
    found: list[str] = []
    rules = shell.grammar.rules[tool]
    waiting = rules.name(head[-1]) if len(head) > 1 else ""
    value_wanted = head[-1].startswith("-") and waiting in rules.takes_value
    for command, pattern in shell.book.patterns[tool]:
        for variant in pattern.variants():
            before, rest = variant[: len(words)], variant[len(words) :]
            fits = len(before) == len(words) and all(
                match_word(wanted, word) is not None
                for wanted, word in zip(before, words, strict=True)
            )
            if value_wanted:
                wanted = [v for name, v, _ in pattern.flags if name == waiting and v]
                found += [value for hole in wanted for value in _values(scene, command, hole)]
            elif fits:
                if rest:
                    found += _values(scene, command, rest[0])
                if last.startswith("-"):
                    found += [
                        name + ("" if value is None else "=") for name, value, _ in pattern.flags
                    ]
    return found + (["--help"] if last.startswith("-") else [])


def _values(scene: Scene, command: Command, wanted: str) -> list[str]:
    """Return what could stand for one word of a pattern."""
    open_holes = holes(wanted)
    if not open_holes:
        return [wanted]
    if len(open_holes) > 1 or command.action is None:
        return _listed(wanted, open_holes)
    action = scene.actions[command.action]
    name = open_holes[0][0]
    # `args: {deployment: "{id}"}` says that the pattern's {id} is the action's deployment
    argument = next((a for a, text in command.args.items() if text == f"{{{name}}}"), name)
    if argument in action.args and not open_holes[0][1]:
        values = choices(scene, action.args[argument])
        return [re.sub(r"\{[^{}]*\}", lambda _, v=value: v, wanted) for value in values]  # type: ignore[misc]
    return _listed(wanted, open_holes)


def _listed(wanted: str, open_holes: list[tuple[str, list[str]]]) -> list[str]:
    if len(open_holes) != 1:
        return []
    return [re.sub(r"\{[^{}]*\}", lambda _, v=value: v, wanted) for value in open_holes[0][1]]  # type: ignore[misc]


def _in_psql(scene: Scene, line: str) -> list[str]:
    database = scene.world.system.database
    found = re.search(r"([\\\w\"]*)\Z", line)
    last = found[1] if found else ""
    if database is None or not last:
        return []
    if last.startswith("\\"):
        return _starting(_META, last)
    tables = [f'"{t.name}"' if t.name != t.name.lower() else t.name for t in database.tables]
    return _starting([*tables, *(name for name in VIEWS if name[0] != "_")], last)


def _starting(names: Sequence[str], last: str) -> list[str]:
    fitting = {quoted(name) if " " in name else name for name in names if name.startswith(last)}
    return sorted(fitting)[:_MOST]
