"""An exercise that follows its journal and the time, in whatever order they are heard of.

Time is heard of second by second, and an act may arrive that was stored before the last of
them. Then the state goes back to where the last act left it, takes the act, and comes forward
again: every follower of a journal ends in the same state.
"""

from __future__ import annotations

from collections.abc import Sequence

from simulator.exercise import acts as a
from simulator.exercise.fold import Exercise


class Following:
    """An exercise, the records it has taken, and the time it has come to.

    `bodies` are those of all records up to number `seq`.
    """

    def __init__(self, exercise: Exercise, seq: int, bodies: Sequence[str]) -> None:
        self.exercise = exercise
        self.seq = seq
        self.bodies = list(bodies)
        self._kept = exercise.state.copy()

    @classmethod
    def of(cls, bodies: Sequence[str]) -> Following:
        """Return the follower that has taken these bodies, the first ones of a journal.

        Raises ActError or NotAnExercise where they do not begin one.
        """
        from simulator.session.opening import fold

        return cls(fold([a.read_act(body) for body in bodies]), len(bodies), bodies)

    def take(self, seq: int, act: a.AnyAct, body: str) -> bool:
        """Take the record with this number; return whether it was the next one and is taken."""
        if seq != self.seq + 1:
            return False
        exercise = self.exercise
        now = exercise.state.now
        if act.at < now:
            exercise.state = self._kept.copy()
        exercise.apply(act)
        self.seq = seq
        self.bodies.append(body)
        self._kept = exercise.state.copy()
        if now > exercise.state.now and not exercise.state.paused:
            exercise.advance(now)
        return True

    def until(self, now: int) -> bool:
        """Let time pass until `now`; return whether it moved."""
        exercise = self.exercise
        if now <= exercise.state.now or exercise.over:
            return False
        exercise.advance(now)
        return True
