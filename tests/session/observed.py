"""Exercises played with somebody looking at production from every side, every ten seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simulator.content.pack import Pack
from simulator.exercise import acts as a
from simulator.exercise.door import admit
from simulator.exercise.fold import Exercise
from simulator.session.opening import opening_of
from simulator.session.proof import script_of
from simulator.session.script import play
from simulator.world import ShellContext

LOOK_EVERY = 10
ASK_EVERY = 30
COUNT_EVERY = 150
HEALTH = "https://lms.aigurus.example/api/health/db"
ASK = f"curl -s -o /dev/null -w '%{{http_code}}' {HEALTH}"
COUNT = "SELECT count(*) FROM pg_stat_activity;"


@dataclass(frozen=True)
class Look:
    """What was seen at one moment."""

    at: int
    healthy: bool | None
    """What curl said, every so often."""
    error_rate: float
    """What the chart says of the same thing."""
    sessions: int | None
    """What psql counted, if it was let in."""
    connections: float
    firing: frozenset[str]
    due: frozenset[str]
    """The alerts whose condition held."""


@dataclass
class Watched:
    """An exercise, and what was seen in it."""

    exercise: Exercise
    looks: list[Look] = field(default_factory=list)


def fixes(pack: Pack) -> dict[str, list[a.Command | a.Do]]:
    """Return what each valid fix does to production, by its run's name."""
    scripts: dict[str, Sequence[Mapping[str, Any]]] = {"solution": pack.scenario.solution}
    scripts |= {run.id: script_of(pack, run) for run in pack.scenario.runs if run.fix}
    return {
        name: [act for act in play(pack, script, 1).evidence.acts
               if isinstance(act, a.Command | a.Do) and act.action and not act.failed]
        for name, script in scripts.items()
    }  # fmt: skip


def watched(
    pack: Pack, acts: Sequence[a.Command | a.Do], shift: int, until: int = 100_000
) -> Watched:
    """Play acts some seconds later than they were taken (earlier, if negative)."""
    exercise = Exercise(opening_of(pack, 1), pack)
    seen = Watched(exercise)
    exercise.watchers.append(lambda one: _look(one, seen.looks))
    for act in acts:
        exercise.advance(max(1, act.at + shift))
        if exercise.over:
            break
        tried = {"do": "command", "line": act.line} if isinstance(act, a.Command) else {
            "do": "action", "action": act.action, "args": dict(act.args)}  # fmt: skip
        exercise.apply(admit(exercise, tried))
    exercise.advance(until)
    return seen


def typed(exercise: Exercise, line: str) -> str:
    """Return what a line would print now."""
    return exercise.shell.run(exercise.state.world, line, ShellContext(), exercise.outside).output


def _look(exercise: Exercise, looks: list[Look]) -> None:
    now = exercise.state.now
    if now % LOOK_EVERY:
        return
    scope, world = exercise.scope(), exercise.state.world
    counted = typed(exercise, COUNT).split() if now % COUNT_EVERY == 0 else []
    looks.append(
        Look(
            now,
            typed(exercise, ASK).strip() == "200" if now % ASK_EVERY == 0 else None,
            exercise.world.value(world, "health.error_rate", now),
            int(counted[2]) if counted[:1] == ["count"] else None,
            exercise.world.value(world, "neon.connections", now),
            frozenset(x.id for x in exercise.system.alerts if scope["firing"](x.id)),
            frozenset(x.id for x in exercise.system.alerts if x.when.evaluate(scope)),
        )
    )
