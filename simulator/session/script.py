"""Playing without a screen: a script's acts, as fast as they can be folded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulator.content.pack import Pack
from simulator.exercise import acts as a
from simulator.exercise.door import Refused, admit
from simulator.exercise.fold import Exercise
from simulator.session.opening import opening_of


class ScriptError(Exception):
    """A script that cannot be played; its text names the line and why."""


@dataclass(frozen=True)
class Played:
    """What came of a script: the acts as journaled, and the exercise at its end."""

    acts: tuple[a.AnyAct, ...]
    exercise: Exercise


def play(pack: Pack, script: Sequence[Mapping[str, Any]], seed: int, opening: a.Open | None = None) -> Played:
    """Play a script to the scenario's end and return its acts and the exercise then.

    Acts are taken in the order of their times, those of one second in the order written.
    Raises ScriptError at an act that is malformed or refused.
    """
    opening = opening or opening_of(pack, seed)
    exercise = Exercise(opening, pack)
    acts: list[a.AnyAct] = [opening]
    exercise.apply(opening)
    for number, line in sorted(enumerate(script, 1), key=_time):
        if not isinstance(line.get("at"), int):
            raise ScriptError(f"act {number}: `at` must be whole seconds of simulated time")
        exercise.advance(int(line["at"]))
        try:
            act = admit(exercise, line)
        except Refused as refusal:
            raise ScriptError(f"act {number} (at {line['at']}): {refusal}") from None
        acts.append(act)
        exercise.apply(act)
    if exercise.state.ended is None:
        exercise.advance(exercise.length)
        end = a.End(at=exercise.state.now, by=a.HOST, reason="time")
        acts.append(end)
        exercise.apply(end)
    return Played(tuple(acts), exercise)


def _time(numbered: tuple[int, Mapping[str, Any]]) -> int:
    at = numbered[1].get("at")
    return at if isinstance(at, int) else -1
