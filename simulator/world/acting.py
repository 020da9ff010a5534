"""What people do to production: trying an action, beginning it, and how it ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.content.scenario import Reaction
from simulator.content.system import Action, HarmDone, Outcome
from simulator.world.scope import Outside, scope_of
from simulator.world.state import Running, WorldEvent, WorldState
from simulator.world.template import plain

if TYPE_CHECKING:
    from simulator.world.production import World


@dataclass(frozen=True)
class Begun:
    """What trying an action shows at once; a refused one does nothing."""

    text: str
    refused: bool
    takes: int


def preview(
    world: World, state: WorldState, action: str, args: Mapping[str, str], by: str, outside: Outside
) -> Begun:
    """Return what trying an action would show at once; nothing changes."""
    one = world.action(action)
    whole = _arguments(world, one, args, state, outside)
    for name, argument in one.args.items():
        offered = [*argument.values, *world.argument_choices(state, action, name)]
        if whole[name] not in offered and (argument.values or argument.choices):
            said = (
                f'{argument.title}: there is no "{whole[name]}"'
                if whole[name]
                else (f"{argument.title}: say which")
            )
            return Begun(said, True, 0)
    scope = scope_of(world, state, outside, args=whole)
    for need in one.needs:
        if not bool(need.if_.evaluate(scope)):
            return Begun(world.fill(state, need.else_, {**whole, "by": by}), True, 0)
    return Begun(world.fill(state, one.starts, {**whole, "by": by}), False, one.takes)


def perform(
    world: World, state: WorldState, action: str, args: Mapping[str, str], by: str, outside: Outside
) -> Begun:
    """Begin an action; it is complete `takes` seconds later, at once if it takes none."""
    begun = preview(world, state, action, args, by, outside)
    if begun.refused:
        return begun
    one = world.action(action)
    whole = _arguments(world, one, args, state, outside)
    running = Running(action, whole, by, state.t, state.t + one.takes)
    data = {"action": action, "args": whole, "by": by}
    state.events.append(WorldEvent(state.t, "action-started", action, begun.text, data))
    if one.takes:
        state.running.append(running)
    else:
        complete(world, state, running, outside)
    return begun


def _arguments(
    world: World, action: Action, args: Mapping[str, str], state: WorldState, outside: Outside
) -> dict[str, str]:
    whole = {name: value for name, value in args.items() if value != ""}
    for name, argument in action.args.items():
        if name not in whole:
            default = argument.default
            scope = scope_of(world, state, outside)
            whole[name] = "" if default is None else plain(default.evaluate(scope))
    return whole


def complete(world: World, state: WorldState, running: Running, outside: Outside) -> None:
    """Let an action come to its end: what it says, what it changes, what harm it does."""
    action = world.action(running.action)
    scope = scope_of(world, state, outside, args=running.args)
    values = {**running.args, "by": running.by}
    outcome = next(
        (one for one in action.outcomes if one.if_ is None or one.if_.evaluate(scope)), None
    )
    reaction = next(
        (
            one
            for one in world.scenario.reactions
            if one.on == action.id and (one.if_ is None or one.if_.evaluate(scope))
        ),
        None,
    )
    chosen: Outcome | Reaction | None = reaction or outcome
    says = outcome.says if outcome else ""
    if reaction is not None and reaction.says is not None:
        says = reaction.says
    # Unlike for each time, and the same in the words and in the rows.
    place = ("action", action.id, state.t, state.done.get(action.id, 0))
    text = world.fill(state, says, values, place)
    fails = chosen.fails if chosen else False
    data = {
        "action": action.id,
        "args": running.args,
        "by": running.by,
        "outcome": (outcome.id or "") if outcome and reaction is None else "",
        "reaction": reaction.id if reaction else "",
        "failed": fails,
        "took": state.t - running.started,
    }
    if chosen is not None:
        world.change(state, chosen, values, place)
    state.done[action.id] = state.done.get(action.id, 0) + 1
    state.events.append(WorldEvent(state.t, "action-done", action.id, text, data))
    if chosen is not None and chosen.harm is not None:
        _harm(world, state, action.id, running.by, chosen.harm, values)


def _harm(
    world: World, state: WorldState, action: str, by: str, harm: HarmDone, values: Mapping[str, str]
) -> None:
    why = world.fill(state, harm.why, values)
    data = {"level": harm.level, "why": why, "guard": harm.guard, "action": action, "by": by}
    state.events.append(WorldEvent(state.t, "harm", action, why, data))
