"""One exercise being played: its clock, and the single path by which acts enter its journal.

A `Drill` is what a console holds. It reads `exercise.state` to draw, calls `elapse` as wall time
passes and `take` when somebody acts. An act counts once `take` has returned: it is durable then.
"""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

from simulator.content.pack import Pack
from simulator.exercise import acts as a
from simulator.exercise.door import Refused, admit
from simulator.exercise.fold import Exercise
from simulator.journal import Journal
from simulator.session.opening import acts_of, fold, opening_of

CLOCK_EVERY = 5.0
"""Wall seconds between two entries of the clock."""


class Drill:
    """One open exercise and its journal, for the one process that writes it."""

    def __init__(self, exercise_id: str, journal: Journal, exercise: Exercise) -> None:
        self.exercise_id = exercise_id
        self.journal = journal
        self.exercise = exercise
        self._owed = 0.0
        self._since_clock = 0.0
        self._written_at = exercise.state.now
        self._folded = journal.head().seq
        self._writing = asyncio.Lock()

    @classmethod
    def begin(
        cls,
        exercise_id: str,
        journal: Journal,
        pack: Pack,
        seed: int,
        name: str,
        calibrated: dict[str, int] | None = None,
    ) -> Drill:
        """Open a new exercise: its first entries are durable when this returns."""
        opening = opening_of(pack, seed, calibrated)
        join = a.Join(at=0, by=a.SOLO, name=name, role=pack.scenario.role)
        exercise = Exercise(opening, pack)
        journal.append_all([(new_key(), a.write_act(act)) for act in (opening, join)])
        exercise.apply(opening)
        exercise.apply(join)
        return cls(exercise_id, journal, exercise)

    @classmethod
    def resume(cls, exercise_id: str, journal: Journal) -> Drill:
        """Open a stored exercise where its journal ends, paused if it was still being played."""
        exercise = fold(acts_of(journal.read()))
        if not exercise.over:
            exercise.state.paused = True
        return cls(exercise_id, journal, exercise)

    @property
    def running(self) -> bool:
        """Whether simulated time is passing."""
        return not (self.exercise.state.paused or self.exercise.over)

    async def elapse(self, wall: float) -> bool:
        """Let `wall` seconds of wall time pass; return whether simulated time moved.

        While an act is being taken time is owed, and paid at the next call.
        Raises JournalError when the clock cannot be written; play goes on in memory.
        """
        if not self.running:
            return False
        self._owed += wall * self.exercise.state.speed
        self._since_clock += wall
        if self._writing.locked():
            return False
        whole = int(self._owed)
        self._owed -= whole
        before = len(self.exercise.state.delivered)
        if whole:
            self.exercise.advance(self.exercise.state.now + whole)
        delivered = len(self.exercise.state.delivered) > before
        if self.exercise.over:
            await self._write(a.End(at=self.exercise.state.now, by=a.HOST, reason="time"))
        elif delivered or self._since_clock >= CLOCK_EVERY:
            self._since_clock = 0.0
            if self.exercise.state.now > self._written_at:
                await self._write(a.Clock(at=self.exercise.state.now, by=a.HOST))
        return bool(whole)

    async def take(self, do: str, key: str | None = None, **fields: Any) -> a.AnyAct:
        """Take an act of the player's: checked, given its output, made durable, folded.

        Raises Refused when it cannot be taken, JournalError when it cannot be stored; nothing
        has then happened, and the same `key` can be tried again.
        """
        async with self._writing:
            proposed = {"do": do, "by": a.SOLO, **fields}
            act = await asyncio.to_thread(admit, self.exercise, proposed)
            return await self._append(key or new_key(), act)

    async def _write(self, act: a.AnyAct) -> None:
        async with self._writing:
            await self._append(new_key(), act)

    async def _append(self, key: str, act: a.AnyAct) -> a.AnyAct:
        """Make an act durable and fold what the journal holds now; return what it has for the key.

        A key that was used before gives the act stored then, folded once; an act that was stored
        although its append failed is folded with the next one.
        """
        record = await asyncio.to_thread(self.journal.append, key, a.write_act(act))
        for new in await asyncio.to_thread(self.journal.read, self._folded):
            self.exercise.apply(a.read_act(new.body))
            self._folded = new.seq
        stored = a.read_act(record.body)
        self._written_at = max(self._written_at, stored.at)
        return stored

    def acts(self) -> list[a.AnyAct]:
        """Return all acts of the exercise so far."""
        return acts_of(self.journal.read())

    def close(self) -> None:
        """Let go of the journal, with the time written to it."""
        try:
            if self.running and self.exercise.state.now > self._written_at:
                clock = a.Clock(at=self.exercise.state.now, by=a.HOST)
                self.journal.append(new_key(), a.write_act(clock))
        finally:
            self.journal.close()


def new_key() -> str:
    """Return a fresh idempotency key for an act."""
    return secrets.token_hex(8)


__all__ = ["CLOCK_EVERY", "Drill", "Refused", "new_key"]
