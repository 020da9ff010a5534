"""One exercise being played: its clock, and the single path by which acts enter its journal.

A `Drill` is what a writer holds: the app of somebody who plays alone, or the host of a team. It
calls `elapse` as wall time passes and `take` when somebody acts. An act counts once `take` has
returned: it is durable then.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from typing import Any

from simulator.content.pack import Pack
from simulator.exercise import acts as a
from simulator.exercise.door import Refused, admit
from simulator.exercise.fold import Exercise
from simulator.journal import Journal, JournalError, Record, StoreMoved
from simulator.session.following import Following
from simulator.session.opening import acts_of, fold, opening_of
from simulator.session.pace import Pace

CLOCK_EVERY = 5.0
"""Wall seconds between two entries of the clock."""

TRIES = 50
"""How often an act is checked anew because another host was quicker."""


class Drill:
    """One open exercise and its journal, for a process that writes it.

    Where other hosts may write the journal too (`journal.shared`), the time is the store's, and an
    act is stored only at the place for which it was checked.
    """

    def __init__(self, exercise_id: str, journal: Journal, exercise: Exercise) -> None:
        self.exercise_id = exercise_id
        self.journal = journal
        self.seat = a.SOLO
        records = journal.read()
        self._following = Following(exercise, len(records), [record.body for record in records])
        self._keys = {record.key: record.body for record in records}
        self._owed = 0.0
        self._since_clock = 0.0
        self._written_at = exercise.state.now
        self._away_since: float | None = None
        self._writing = asyncio.Lock()
        self.listeners: list[Callable[[int, str], None]] = []
        """Told of every record that is folded: its number and its body."""
        self._pace = Pace(time.monotonic) if journal.shared else None
        if self._pace is not None:
            self._ask_the_time()
            self._anchor(records)

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
        """Open a new exercise of one person: its first entries are durable when this returns."""
        opening = opening_of(pack, seed, calibrated)
        join = a.Join(at=0, by=a.SOLO, name=name, role=pack.scenario.role)
        return cls._opened(exercise_id, journal, pack, [opening, join])

    @classmethod
    def begin_team(
        cls,
        exercise_id: str,
        journal: Journal,
        pack: Pack,
        seed: int,
        team: str,
        calibrated: dict[str, int] | None = None,
    ) -> Drill:
        """Open a new exercise of a team, before its beginning: `start` lets the time pass."""
        opening = opening_of(pack, seed, calibrated).model_copy(update={"team": team})
        return cls._opened(exercise_id, journal, pack, [opening])

    @classmethod
    def _opened(cls, exercise_id: str, journal: Journal, pack: Pack, acts: list[a.AnyAct]) -> Drill:
        opening = acts[0]
        assert isinstance(opening, a.Open)
        exercise = Exercise(opening, pack)
        journal.append_all([(new_key(), a.write_act(act)) for act in acts])
        for act in acts:
            exercise.apply(act)
        return cls(exercise_id, journal, exercise)

    @classmethod
    def resume(cls, exercise_id: str, journal: Journal) -> Drill:
        """Open a stored exercise where its journal ends.

        It is paused if it was still being played, except where other hosts are playing it now.
        """
        exercise = fold(acts_of(journal.read()))
        drill = cls(exercise_id, journal, exercise)
        state = exercise.state
        if exercise.over or state.paused:
            return drill
        if not exercise.team:
            state.paused = True
        elif drill._pace is None or drill._pace.silent(drill._written_at):
            pause = a.Pause(at=state.now, by=a.HOST)
            key = f"pause after {drill.seq}"
            drill._fold(journal.append(key, a.write_act(pause)))
        return drill

    @property
    def exercise(self) -> Exercise:
        """The exercise, folded up to now."""
        return self._following.exercise

    @property
    def seq(self) -> int:
        """The number of the last record that is folded."""
        return self._following.seq

    @property
    def bodies(self) -> list[str]:
        """The bodies of all records that are folded, in order."""
        return self._following.bodies

    @property
    def running(self) -> bool:
        """Whether simulated time is passing."""
        return not (self.exercise.state.paused or self.exercise.over)

    @property
    def away(self) -> bool:
        """Whether the store cannot be reached, so that time stands still until it is back."""
        return self._away_since is not None

    async def elapse(self, wall: float) -> bool:
        """Let `wall` seconds of wall time pass; return whether simulated time moved.

        While an act is being taken time is owed, and paid at the next call.
        Raises JournalError when the clock cannot be written; somebody who plays alone plays on
        in memory, for a team time stands still.
        """
        if self._is_unended():  # after a jump to the last minute
            await self._end()
        if not self.running:
            return False
        self._since_clock += wall
        if self._pace is None:
            self._owed += wall * self.exercise.state.speed
        if self._writing.locked() or self.away:
            return False
        before = len(self.exercise.state.delivered)
        moved = self._move()
        delivered = len(self.exercise.state.delivered) > before
        if self.exercise.over:
            await self._end()
        elif delivered or self._since_clock >= CLOCK_EVERY:
            self._since_clock = 0.0
            now = self.exercise.state.now
            if now > self._written_at:
                clock = a.Clock(at=now, by=a.HOST, wall=self._wall(now))
                await self._write(clock, f"clock {now}")
        return moved

    def _wall(self, at: int) -> int:
        """Return the store's clock in milliseconds, at a moment of simulated time."""
        if self._pace is None:
            return round(1000 * self.journal.clock())
        return self._pace.wall_at(at) if self.running else self._pace.wall()

    def _is_unended(self) -> bool:
        over = bool(self.exercise.team) and self.exercise.over
        return over and self.exercise.state.ended is None and not self.away

    async def _end(self) -> None:
        """Note that the time is up."""
        end = a.End(at=self.exercise.state.now, by=a.HOST, reason="time")
        await self._write(end, "the end")

    def _move(self) -> bool:
        """Let the time pass that is owed, or that the store's clock tells."""
        if self._pace is None:
            whole = int(self._owed)
            self._owed -= whole
            return self._following.until(self.exercise.state.now + whole)
        now = self._pace.now()
        return now is not None and self._following.until(now)

    async def take(
        self, do: str, key: str | None = None, by: str = a.SOLO, role: str = "", **fields: Any
    ) -> a.AnyAct:
        """Take an act of somebody's: checked, given its output, made durable, folded.

        What needs a second person's word comes back as an `Ask`; the word, when it is given, lets
        the act be taken. Raises Refused when it cannot be taken, JournalError when it cannot be
        stored; nothing has then happened, and the same `key` can be tried again.
        """
        key = key or new_key()
        async with self._writing:
            act = await self._admit(key, {"do": do, "by": by, "role": role, **fields})
        if isinstance(act, a.Approve) and act.granted:
            await self._let(act.request)
        return act

    async def _let(self, number: int) -> None:
        """Do what somebody asked for and somebody else approved."""
        request = self.exercise.state.request(number)
        if request is None or request.done:
            return
        wants = a.read_act(request.wants)
        fields = {**wants.model_dump(exclude={"at"}), "approved": number}
        async with self._writing:
            try:
                await self._admit(f"approved {number}", fields)
            except Refused as refusal:
                raise Refused(f"Approved, but it could not be done: {refusal}") from None

    async def _admit(self, key: str, proposed: dict[str, Any]) -> a.AnyAct:
        for _ in range(TRIES):
            if key in self._keys:
                return a.read_act(self._keys[key])
            act = await asyncio.to_thread(admit, self.exercise, proposed)
            if isinstance(act, a.Paced):
                act = act.model_copy(update={"wall": self._wall(act.at)})
            try:
                return await self._append(key, act)
            except StoreMoved:
                await self._catch_up()
        raise Refused("Too much is happening at once. Do it again.")

    async def _write(self, act: a.AnyAct, key: str) -> None:
        """Store an act of the host's; where another host was quicker with it, take that one."""
        async with self._writing:
            try:
                await self._append(key, act)
            except StoreMoved:
                await self._catch_up()

    async def _append(self, key: str, act: a.AnyAct) -> a.AnyAct:
        """Make an act durable and fold what the journal holds now; return what it has for the key.

        A key that was used before gives the act stored then, folded once; an act that was stored
        although its append failed is folded with the next one.
        """
        after = self.seq if self._pace is not None else None
        try:
            record = await asyncio.to_thread(self.journal.append, key, a.write_act(act), after)
        except StoreMoved:
            raise
        except JournalError:
            if self._pace is not None and self._away_since is None:
                self._away_since = time.monotonic()
            raise
        if record.seq == self.seq + 1:
            self._fold(record)
        else:
            await self._catch_up()
        return a.read_act(record.body)

    async def _catch_up(self) -> None:
        for record in await asyncio.to_thread(self.journal.read, self.seq):
            self._fold(record)

    def _fold(self, record: Record) -> None:
        act = a.read_act(record.body)
        if not self._following.take(record.seq, act, record.body):
            return
        self._keys[record.key] = record.body
        self._written_at = max(self._written_at, act.at)
        if isinstance(act, a.Clock):
            self._since_clock = 0.0
        if isinstance(act, a.Jump):
            self._owed = 0.0
        if self._pace is not None:
            self._pace.heard(act, self.exercise.state.speed)
        for listener in self.listeners:
            listener(record.seq, record.body)

    async def follow(self) -> None:
        """Fold what other hosts store, until the journal is closed; for a shared journal.

        Away from the store it goes on trying; when the store is back the clock goes on from
        where it stood.
        """
        while self._pace is not None:
            try:
                found = await asyncio.to_thread(self.journal.wait, self.seq, 1.0)
                if self._pace.due:
                    await asyncio.to_thread(self._ask_the_time)
                async with self._writing:
                    for record in found:
                        self._fold(record)
                if self._away_since is not None:
                    await self._come_back()
            except JournalError:
                if self._away_since is None:
                    self._away_since = time.monotonic()
                await asyncio.sleep(0.2)
            except RuntimeError:  # the journal is closed
                return

    async def _come_back(self) -> None:
        """After the store was away: let the clock go on from where it stood, not from where it
        would be."""
        assert self._pace is not None
        await asyncio.to_thread(self._ask_the_time)
        now = self._pace.now()
        state = self.exercise.state
        if self.running and now is not None and now > state.now + 1:
            clock = a.Clock(at=state.now, by=a.HOST, wall=self._pace.wall())
            await self._write(clock, f"clock {state.now} after {self.seq}")
        self._away_since = None

    def _ask_the_time(self) -> None:
        assert self._pace is not None
        before = time.monotonic()
        clock = self.journal.clock()
        self._pace.learn(clock, before, time.monotonic())

    def _anchor(self, records: list[Record]) -> None:
        """Reckon the time from the last act of the clock that is stored."""
        assert self._pace is not None
        speed = 1
        for record in records:
            act = a.read_act(record.body)
            if isinstance(act, a.Speed):
                speed = act.factor
            self._pace.heard(act, speed)

    def acts(self) -> list[a.AnyAct]:
        """Return all acts of the exercise so far."""
        return [a.read_act(body) for body in self.bodies]

    def close(self) -> None:
        """Let go of the journal, with the time written to it."""
        try:
            now = self.exercise.state.now
            if self.running and now > self._written_at and self._pace is None:
                self.journal.append(new_key(), a.write_act(a.Clock(at=now, by=a.HOST)))
        finally:
            self.journal.close()


def new_key() -> str:
    """Return a fresh idempotency key for an act."""
    return secrets.token_hex(8)


__all__ = ["CLOCK_EVERY", "Drill", "Refused", "new_key"]
