"""A call of one of the system's tools: what its commands say or do, its help, its own errors."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rapidfuzz import process

from simulator.content.terminal import Command, Says, Tool
from simulator.world.shell.action_call import start_action
from simulator.world.shell.answer import Printed, lines
from simulator.world.shell.canonical import Call, Grammar
from simulator.world.shell.pattern import Pattern, compile_pattern, holes, match_call, match_word
from simulator.world.shell.scene import Place, Scene, spelled
from simulator.world.shell.stream import newest_lines
from simulator.world.state import Row

_HELP = ("--help", "-h", "-help")


class ToolBook:
    """Every command of every tool, its patterns compiled."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        self.patterns: dict[str, list[tuple[Command, Pattern]]] = {
            tool.id: [
                (command, compile_pattern(source, grammar))
                for command in tool.commands
                for source in [command.pattern, *command.also]
            ]
            for tool in grammar.tools.values()
        }

    def answer(self, scene: Scene, call: Call, piped: bool = False) -> Printed:
        """Return what the tool prints, and what the call does; `piped` to another command."""
        tool = self.grammar.tools[call.tool]
        for command, pattern in self.patterns[tool.id]:
            taken = match_call(pattern, call)
            if taken is not None:
                return _run(scene, tool, command, taken, piped)
        if _asks_for_help(call):
            return Printed(lines(scene.fill(tool.help, {})))
        return self._misunderstood(scene, tool, call)

    def _misunderstood(self, scene: Scene, tool: Tool, call: Call) -> Printed:
        """The tool's own error: about the first word, or else the flag, that fits no pattern."""
        depth, fitting = 0, [pattern for _, pattern in self.patterns[tool.id]]
        variants = [(p, words) for p in fitting for words in p.variants()]
        while depth < len(call.words):
            kept = [(p, v) for p, v in variants if _fits(v, call.words, depth)]
            if not kept:
                break
            variants, depth = kept, depth + 1
        if depth < len(call.words):
            expected = [v[depth] for _, v in variants if len(v) > depth and "{" not in v[depth]]
            return _unknown(scene, tool, call.words[depth], expected)
        flags = sorted({flag for p, _ in variants for flag, _, _ in p.flags})
        for name, _ in call.flags:
            if name not in flags:
                return _unknown(scene, tool, name, flags)
        if not call.words and not call.flags:
            return Printed(lines(scene.fill(tool.help, {})))
        usages = list(dict.fromkeys(f"  {p.source}" for p, v in variants if len(v) >= depth))
        text = "Usage:\n" + "\n".join(usages[:6]) if usages else tool.help
        return Printed(err=lines(_readable(text)), failed=True, near=True)


def _run(
    scene: Scene, tool: Tool, command: Command, taken: Mapping[str, str], piped: bool
) -> Printed:
    args = dict(taken) | {
        name: value
        for name, text in command.args.items()
        if (value := scene.fill(text, taken).strip())
    }
    printed = Printed()
    if command.action is not None:
        printed = start_action(scene, command.action, args)
        if printed.failed:
            return printed
    says = next((says for says in command.says if scene.holds(says.if_, args)), None)
    if command.logs is not None:
        text = newest_lines(scene, command.logs, args, says, piped)
    elif says is not None:
        text = said(scene, says, args, (tool.id, command.pattern, scene.state.t))
    else:
        text = ""
    failed = says is not None and says.fails
    if says is not None and says.empty and not matching(scene, says, args):
        text, failed = scene.fill(says.empty, args), True
    return printed.but(
        out="" if failed else lines(text) + printed.out,
        err=lines(text) if failed else "",
        failed=failed,
        action=None if failed else printed.action,
        takes=max(printed.takes, command.takes),
        view=None if failed else command.view,
        logs=command.logs,
    )


def said(scene: Scene, says: Says, args: Mapping[str, str], place: Place = ()) -> str:
    """Return an output: its text, a line for each row of its table, what comes after."""
    parts = [scene.fill(says.text, args, place=place)] if says.text else []
    if says.table is not None:
        rows = matching(scene, says, args)
        if says.newest_first:
            rows.reverse()
        parts += [
            scene.fill(says.row, args, row, (*place, number))
            for number, row in enumerate(rows[: _asked(args, says.limit)])
        ]
    if says.after:
        parts.append(scene.fill(says.after, args))
    return "\n".join(part.rstrip("\n") for part in parts)


def _asked(args: Mapping[str, str], most: int) -> int:
    """Return how many rows a call wants by its `--limit`, or how many there are at most."""
    text = args.get("limit", "")
    return min(int(text), most) if re.fullmatch(r"[1-9][0-9]{0,3}", text) else most


def matching(scene: Scene, says: Says, args: Mapping[str, str]) -> list[Row]:
    """Return the rows of its table that an output is about."""
    return [
        row
        for row in scene.state.tables.get(says.table or "", ())
        if all(
            spelled(row.get(column)) == scene.fill(wanted, args)
            for column, wanted in says.where.items()
        )
    ]


def _unknown(scene: Scene, tool: Tool, word: str, expected: Sequence[str]) -> Printed:
    text = scene.fill(tool.unknown, {"word": word})
    near = nearest(word, expected)
    if near:
        text += f'\nDid you mean "{near}"?'
    return Printed(err=lines(text), failed=True, near=True)


def nearest(word: str, names: Sequence[str]) -> str | None:
    """Return the name that a word was probably meant to be."""
    found = process.extractOne(word, sorted(set(names)), score_cutoff=65)
    return str(found[0]) if found else None


def _fits(variant: Sequence[str], words: Sequence[str], depth: int) -> bool:
    if depth >= len(variant):
        return bool(variant) and variant[-1].endswith("...}")
    return variant[depth].endswith("...}") or match_word(variant[depth], words[depth]) is not None


def _asks_for_help(call: Call) -> bool:
    if any(name in _HELP for name, _ in call.flags):
        return True
    return bool(call.words) and "help" in (call.words[0], call.words[-1])


def _readable(text: str) -> str:
    """`{deployment}` of a pattern reads `<deployment>` in a usage line."""
    for name, choices in holes(text):
        if choices:
            text = text.replace(f"{{{name}:{'|'.join(choices)}}}", "|".join(choices))
        text = text.replace(f"{{{name}}}", f"<{name}>").replace(f"{{{name}...}}", f"<{name}...>")
    return text
