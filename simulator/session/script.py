"""Playing without a screen: a script's acts, as fast as they can be folded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from simulator.content.pack import Pack
from simulator.exercise import acts as a
from simulator.exercise.door import Refused, admit
from simulator.exercise.fold import Exercise
from simulator.session.opening import opening_of

if TYPE_CHECKING:
    from simulator.assessment import Assessment


class ScriptError(Exception):
    """A script that cannot be played; its text names the act and why.

    `number` is that act's, from 1; 0 where it is the whole script.
    """

    def __init__(self, fault: str, number: int = 0) -> None:
        super().__init__(fault)
        self.number = number


def play(
    pack: Pack,
    script: Sequence[Mapping[str, Any]],
    seed: int,
    watch: Callable[[Exercise], None] | None = None,
) -> Assessment:
    """Play a script to the scenario's end and return the assessment of what came of it.

    Acts are taken in the order of their times, those of one second in the order written.
    `watch` is called with the exercise at each simulated second.
    Raises ScriptError at an act that is malformed or refused.
    """
    from simulator.assessment import Witness, assessment_of

    opening = opening_of(pack, seed)
    exercise = Exercise(opening, pack)
    if watch is not None:
        exercise.watchers.append(watch)
    witness = Witness(exercise)
    witness.take(opening)
    for number, line in sorted(enumerate(script, 1), key=lambda numbered: time_of(numbered[1])):
        if type(line.get("at")) is not int:
            fault = f"act {number}: `at` must be whole seconds of simulated time"
            raise ScriptError(fault, number)
        exercise.advance(int(line["at"]))
        try:
            witness.take(admit(exercise, line))
        except Refused as refusal:
            raise ScriptError(f"act {number} (at {line['at']}): {refusal}", number) from None
    if exercise.state.ended is None:
        exercise.advance(exercise.length)
        witness.take(a.End(at=exercise.state.now, by=a.HOST, reason="time"))
    return assessment_of(witness.evidence())


def time_of(act: Mapping[str, Any]) -> int:
    """Return when an act of a script is taken; -1 for one that does not say."""
    at = act.get("at")
    return at if type(at) is int else -1
