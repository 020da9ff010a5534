"""An exercise at any moment of its journal: forwards and back, with its marks as of then.

The acts are folded once, by a witness, and what they had made of the exercise by then is kept
every so often. From the nearest of these checkpoints any moment is a short fold away.
"""

from __future__ import annotations

import copy
from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from threading import RLock
from typing import Any

from simulator.assessment import Assessment, Witness, assessment_of
from simulator.content.pack import Pack
from simulator.exercise import acts as a
from simulator.exercise.fold import Exercise, Outside
from simulator.exercise.state import ExerciseState
from simulator.journal import Store
from simulator.session.opening import NotAnExercise, acts_of
from simulator.session.running import id_of, resolve

SECONDS, ACTS = 60, 100
"""How far two checkpoints are apart at most, in simulated time and in acts."""


@dataclass(frozen=True, order=True)
class Moment:
    """A moment of an exercise: the second, and how many acts had been taken by then.

    Several acts of one second are moments of their own.
    """

    at: int
    taken: int


@dataclass(frozen=True)
class _Kept:
    """A checkpoint: what the exercise was, and what the witness had seen."""

    state: ExerciseState
    seen: Mapping[str, Any]


class Replay:
    """One exercise, as it stood at `moment`; consoles show `exercise`.

    `state_at`, `assessment_at` and `explore` may be called from any thread. Only `show` changes
    what `exercise` is.
    """

    def __init__(self, acts: Sequence[a.AnyAct], pack: Pack | None = None) -> None:
        opening = acts[0]
        if not isinstance(opening, a.Open):
            raise NotAnExercise("the first entry does not open an exercise")
        self.acts = tuple(acts)
        self._folded = Exercise(opening, pack)
        self._witness = Witness(self._folded)
        self._times = times_of(acts, self._folded.length)
        self._here = Moment(0, 0)
        self._kept: dict[Moment, _Kept] = {}
        self._order: list[Moment] = []
        self._folding = RLock()
        self._keep()
        self._known = self._here
        self.exercise = self._apart(self._folded.state.copy())
        self.moment = self._here
        self.show(self.moment_at(0))

    @property
    def end(self) -> Moment:
        """The last moment: that of the last act."""
        return Moment(self._times[-1], len(self.acts))

    @property
    def finished(self) -> bool:
        """Whether play had ended at the last moment."""
        return any(isinstance(act, a.End) for act in self.acts)

    def moment_at(self, at: int) -> Moment:
        """Return the moment of a second, with all of its acts taken."""
        at = max(0, min(at, self.end.at))
        return Moment(at, max(1, bisect_right(self._times, at)))

    def moment_of(self, number: int) -> Moment:
        """Return the moment just after an act, by its number in the journal, from 1."""
        number = max(1, min(number, len(self.acts)))
        return Moment(self._times[number - 1], number)

    def show(self, moment: Moment, state: ExerciseState | None = None) -> None:
        """Let `exercise` be what it was at a moment; `state` is that of `state_at`, if known."""
        self.exercise.state = self.state_at(moment) if state is None else state
        self.moment = moment

    def state_at(self, moment: Moment) -> ExerciseState:
        """Return the state at a moment; nothing that happens here later touches it."""
        with self._folding:
            self._go(moment)
            return self._folded.state.copy()

    def assessment_at(self, moment: Moment) -> Assessment:
        """Return the assessment of what had been done by a moment, as if it had ended there."""
        with self._folding:
            self._go(moment)
            exercise = self._apart(self._folded.state.copy())
            evidence = replace(self._witness.evidence(), exercise=exercise)
        return assessment_of(evidence)

    def explore(self) -> float:
        """Fold one stretch further than ever before; return which share is known now, up to 1."""
        with self._folding:
            if self._known < self.end:
                self._go(min(self._next(self._known), self.end))
            return self._share(self._known)

    def _share(self, moment: Moment) -> float:
        # Acts take their time, too: an exercise of no seconds has a middle.
        whole = self.end.at + len(self.acts)
        return (moment.at + moment.taken) / whole

    def _apart(self, state: ExerciseState) -> Exercise:
        """Return the exercise with another state, which this one does not see."""
        twin = copy.copy(self._folded)
        twin.state = state
        twin.watchers = []
        twin.outside = Outside(twin)
        return twin

    def _go(self, moment: Moment) -> None:
        """Let what is folded be what it was at a moment."""
        nearest = self._order[bisect_right(self._order, moment) - 1]
        if self._here > moment or nearest > self._here:
            kept = self._kept[nearest]
            self._folded.state = kept.state.copy()
            self._witness.recall(kept.seen)
            self._here = nearest
        while self._here < moment:
            self._fold(min(self._next(self._here), moment))

    def _next(self, moment: Moment) -> Moment:
        """Return how far to fold from a moment until what came of it is kept."""
        at = min((moment.at // SECONDS + 1) * SECONDS, self.end.at)
        taken = (moment.taken // ACTS + 1) * ACTS
        if taken <= len(self.acts) and self._times[taken - 1] <= at:
            return Moment(self._times[taken - 1], taken)
        return Moment(at, bisect_right(self._times, at))

    def _fold(self, to: Moment) -> None:
        for act in self.acts[self._here.taken : to.taken]:
            self._witness.take(act)
        self._folded.advance(to.at)
        self._here = to
        self._keep()
        self._known = max(self._known, to)

    def _keep(self) -> None:
        here = self._here
        edge = here.at % SECONDS == 0 or here.taken % ACTS == 0
        if edge and here not in self._kept:
            self._kept[here] = _Kept(self._folded.state.copy(), self._witness.memory())
            insort(self._order, here)


def times_of(acts: Sequence[a.AnyAct], length: int) -> list[int]:
    """Return the second at which each act had been taken; they never fall.

    A jump is over when its time has passed, and no time passes after the end.
    """
    times: list[int] = []
    now, ended = 0, False
    for act in acts:
        if not ended:
            now = max(now, min(act.at, length))
            if isinstance(act, a.Jump):
                now = max(now, min(act.to, length))
            ended = isinstance(act, a.End)
        times.append(now)
    return times


def read_replay(store: Store, name: str) -> tuple[str, Replay]:
    """Return the id and the replay of a stored exercise: an id, its beginning, a file, or `last`.

    Raises JournalError, AmbiguousError or NotAnExercise.
    """
    where = resolve(store, name)
    journal = store.open(where, write=False)
    try:
        acts = acts_of(journal.read())
    finally:
        journal.close()
    return id_of(where), Replay(acts)
