"""Starting an action from a command line: its arguments, its preconditions, its first words."""

from __future__ import annotations

from collections.abc import Mapping

from rapidfuzz import process

from simulator.content.system import Action, Argument
from simulator.world.shell.answer import Printed, lines
from simulator.world.shell.scene import Scene, spelled


def start_action(scene: Scene, name: str, given: Mapping[str, str]) -> Printed:
    """Return what is shown when an action starts; `World.perform` is the caller's to call.

    An argument that is not among its choices is refused, with the nearest that is.
    """
    action = scene.actions[name]
    args, wrong = _arguments(scene, action, given)
    if wrong is not None:
        return _refused(scene, action.args[wrong], args[wrong])
    begun = scene.world.preview(scene.state, name, args, "", scene.outside)
    if begun.refused:
        return Printed(err=lines(begun.text), failed=True)
    return Printed(lines(begun.text), action=name, args=args, takes=begun.takes)


def choices(scene: Scene, argument: Argument) -> list[str]:
    """Return the values that an argument may have, none when any will do."""
    found = list(argument.values)
    if argument.choices:
        table, _, column = argument.choices.partition(".")
        found += [spelled(row.get(column)) for row in scene.state.tables.get(table, [])]
    return list(dict.fromkeys(value for value in found if value))


def _arguments(
    scene: Scene, action: Action, given: Mapping[str, str]
) -> tuple[dict[str, str], str | None]:
    """Return the action's arguments, defaults filled in, and the first that is not a choice."""
    args = {name: value for name, value in given.items() if name not in action.args}
    for name, argument in action.args.items():
        value = given.get(name, "")
        if not value:
            if argument.default is not None:
                args[name] = spelled(argument.default.evaluate(scene.scope))
            continue
        allowed = choices(scene, argument)
        if allowed and value not in allowed:
            key = _key_of(scene, argument, value)
            args[name] = key or value
            if not key:
                return args, name
        else:
            args[name] = value
    return {name: value for name, value in args.items() if value}, None


def _key_of(scene: Scene, argument: Argument, value: str) -> str | None:
    """Return the key of the one row that has `value` in another column, such as its URL."""
    if not argument.choices:
        return None
    table, _, column = argument.choices.partition(".")
    bare = value.removeprefix("https://").removeprefix("http://").rstrip("/")
    rows = [
        row
        for row in scene.state.tables.get(table, [])
        if any(
            isinstance(cell, str) and cell.removeprefix("https://") == bare for cell in row.values()
        )
    ]
    return spelled(rows[0].get(column)) if len(rows) == 1 else None


def _refused(scene: Scene, argument: Argument, value: str) -> Printed:
    text = f'Error: {argument.title} "{value}" was not found'
    near = process.extractOne(value, choices(scene, argument), score_cutoff=60)
    if near:
        text += f'\nDid you mean "{near[0]}"?'
    return Printed(err=lines(text), failed=True, near=True)
