"""One exercise of a team on its host: who is in it, and what each of them is told and proposes.

A seat's console holds no journal. It is sent the records and the time, folds them itself, and
proposes acts; the room stamps seat, role and time, and is the only one that writes.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator.content.clean import clean
from simulator.content.pack import Pack
from simulator.content.roles import kind_of
from simulator.exercise import acts as a
from simulator.exercise.digest import digest
from simulator.exercise.door import Refused
from simulator.exercise.powers import ANONYMOUS
from simulator.journal import JournalError, Store
from simulator.session.drill import Drill, new_key
from simulator.session.running import opening_summary

Send = Callable[[dict[str, Any]], None]

_STAMPED = frozenset({"by", "role", "at", "approved", "wall", "do", "key"})
"""What the host says of an act, whatever a console proposes."""

PEOPLE_EVERY = 1.0
"""Wall seconds between two tellings of who is here."""


@dataclass
class Presence:
    """What is known of a seat right now, and is no part of the exercise."""

    sends: list[Send] = field(default_factory=list)
    looking: str = ""
    last: str = ""
    in_step: bool = True


class Room:
    """A hosted exercise."""

    def __init__(self, store: Store, drill: Drill, secret: bytes) -> None:
        self.store = store
        self.drill = drill
        self._secret = secret
        self._presence: dict[str, Presence] = {}
        self._followers: list[Send] = []
        self._pongs: dict[str, asyncio.Event] = {}
        self._told: list[dict[str, Any]] = []
        self._since_told = 0.0
        self._now = drill.exercise.state.now
        self._fault = ""
        self._finished = False
        self._following: asyncio.Task[None] | None = None
        drill.listeners.append(self._record)

    @classmethod
    def begin(
        cls,
        store: Store,
        pack: Pack,
        seed: int,
        team: str,
        secret: bytes,
        exercise_id: str | None = None,
        calibrated: dict[str, int] | None = None,
    ) -> Room:
        """Open a new exercise for a team. Raises JournalError."""
        exercise_id = exercise_id or store.new_id()
        journal = store.create(exercise_id)
        try:
            name = clean(team, limit=60, lines=False) or "Team"
            drill = Drill.begin_team(exercise_id, journal, pack, seed, name, calibrated)
            line = opening_summary(store, exercise_id, drill.exercise.opening, "team")
            store.library().put(line)
        except BaseException:
            journal.close()
            raise
        return cls(store, drill, secret)

    @classmethod
    def open(cls, store: Store, exercise_id: str, secret: bytes) -> Room:
        """Open a stored exercise of a team to go on with it, paused unless others are playing it.

        Raises JournalError, NotAnExercise, and Refused if it is not a team's.
        """
        journal = store.open(exercise_id)
        try:
            drill = Drill.resume(exercise_id, journal)
            if not drill.exercise.team:
                raise Refused("That exercise is played alone: tabletop resume goes on with it.")
        except BaseException:
            journal.close()
            raise
        return cls(store, drill, secret)

    @property
    def exercise_id(self) -> str:
        """The exercise's id."""
        return self.drill.exercise_id

    @property
    def team(self) -> str:
        """The team's name."""
        return self.drill.exercise.team

    @property
    def seats(self) -> Mapping[str, str]:
        """Everybody who has joined: name by seat."""
        return self.drill.exercise.state.seats

    def role_of(self, seat: str) -> str:
        """Return the role that a seat has now; "" for nobody's."""
        return self.drill.exercise.state.roles.get(seat, "")

    def generation(self, role: str) -> int:
        """Return how often the code of a role was revoked."""
        return self.drill.exercise.state.revoked.get(role, 0)

    def may_sit(self, seat: str) -> bool:
        """Return whether somebody has this seat, and was not shown out."""
        return seat in self.seats and seat not in self.drill.exercise.state.dismissed

    def is_here(self, seat: str) -> bool:
        """Return whether a console of this seat is connected to this host."""
        return bool(self._presence.get(seat, Presence()).sends)

    def seat_named(self, name: str, role: str) -> str:
        """Return the seat that somebody of this name joined with this role; "" for none."""
        wanted = clean(name, limit=60, lines=False).strip().casefold()
        return next(
            (
                seat
                for seat, known in self.seats.items()
                if known.casefold() == wanted and self.role_of(seat) == role and self.may_sit(seat)
            ),
            "",
        )

    async def join(self, name: str, role: str) -> str:
        """Give somebody a seat, and return it.

        Raises Refused, such as when somebody of that name is here; JournalError.
        """
        cleaned = " ".join(clean(name, limit=60, lines=False).split())
        if not cleaned:
            raise Refused("Give your name.")
        slug = re.sub(r"[^a-z0-9]+", "-", cleaned.casefold()).strip("-")[:20] or "seat"
        seat = f"{slug}-{secrets.token_hex(3)}"
        await self.drill.take("join", by=seat, role=role, name=cleaned)
        return seat

    def enter(self, seat: str, send: Send) -> None:
        """Begin to tell a console of this seat what happens. It says `hello` to be sent records."""
        self._presence.setdefault(seat, Presence()).sends.append(send)
        self._tell_people()

    def leave(self, seat: str, send: Send) -> None:
        """Stop telling a console."""
        presence = self._presence.get(seat)
        if presence is not None and send in presence.sends:
            presence.sends.remove(send)
            self._tell_people()

    def follow(self, send: Send) -> None:
        """Tell somebody who is no seat of the records and the time, from the first on."""
        self._followers.append(send)
        send(self._records_after(0))
        send(self._time())

    def unfollow(self, send: Send) -> None:
        """Stop telling somebody who is no seat."""
        if send in self._followers:
            self._followers.remove(send)

    async def hear(self, seat: str, message: Mapping[str, Any]) -> None:
        """Take what a console of a seat says. Nothing that it says can be wrong enough to raise."""
        match message.get("t"):
            case "hello":
                self._greet(seat, message)
            case "propose":
                await self._propose(seat, message)
            case "looking":
                self._looks(seat, message)
            case "pong" if seat in self._pongs:
                self._pongs[seat].set()

    async def elapse(self, wall: float) -> None:
        """Let wall time pass, and tell everybody what came of it."""
        if self._following is None and self.drill.journal.shared:
            self._following = asyncio.create_task(self.drill.follow())
        fault = ""
        try:
            await self.drill.elapse(wall)
        except JournalError as error:
            fault = str(error)
        if self.drill.away:
            fault = fault or "The database cannot be reached. Time stands still until it is back."
        if fault != self._fault:
            self._fault = fault
            self._tell({"t": "store", "x": self.exercise_id, "fault": fault})
        self._tell_time()
        self._since_told += wall
        if self._since_told >= PEOPLE_EVERY:
            self._since_told = 0.0
            self._tell_people()
        await self._finish()

    async def _finish(self) -> None:
        """When somebody has closed the exercise: seal it and note it in the library, once."""
        if self._finished or not self.drill.exercise.state.closed:
            return
        self._finished = True
        from simulator.session.playing import finish

        await asyncio.to_thread(finish, self.store, self.drill)

    async def close(self) -> None:
        """Let go of the journal; the exercise can be opened again."""
        if self._following is not None:
            self._following.cancel()
        await asyncio.to_thread(self.drill.close)

    def _greet(self, seat: str, message: Mapping[str, Any]) -> None:
        after = message.get("seq")
        known = after if type(after) is int and 0 <= after <= self.drill.seq else 0
        for send in self._sends(seat):
            send(self._records_after(known))
            send(self._time())
            send({"t": "store", "x": self.exercise_id, "fault": self._fault})
        self._told = []
        self._tell_people()

    async def _propose(self, seat: str, message: Mapping[str, Any]) -> None:
        number, do, given = message.get("n"), message.get("do"), message.get("fields")
        answer: dict[str, Any] = {"t": "answer", "x": self.exercise_id, "n": number}
        if not isinstance(do, str) or not isinstance(given, dict):
            answer["why"] = "That is not an act."
        else:
            key = message.get("key")
            key = key if isinstance(key, str) and 0 < len(key) <= 64 else new_key()
            fields = {name: value for name, value in given.items() if name not in _STAMPED}
            answer |= await self._taken(seat, do, f"{seat} {key}", fields)
        for send in self._sends(seat):
            send(answer)

    async def _taken(self, seat: str, do: str, key: str, fields: dict[str, Any]) -> dict[str, Any]:
        by, role = seat, self.role_of(seat)
        if do in ("join", "open", "clock"):
            return {"why": "That is for the host."}
        if do == "hotwash" and fields.pop("anonymous", False) is True:
            # The same name each time, so that a second answer takes the place of the first.
            by, role = self._nameless(seat), ""
            key = f"{by} {key.rpartition(' ')[2]}"
        try:
            act = await self.drill.take(do, key, by, role, **fields)
        except Refused as refusal:
            return {"why": str(refusal)}
        except JournalError as error:
            return {"why": str(error), "again": True}
        except TypeError:
            return {"why": "That is not an act."}
        presence = self._presence.setdefault(seat, Presence())
        presence.last = f"{act.at} {act.do}"
        return {"body": a.write_act(act)}

    def _nameless(self, seat: str) -> str:
        what = f"{self.exercise_id}|{seat}".encode()
        return ANONYMOUS + hmac.new(self._secret, what, hashlib.sha256).hexdigest()[:8]

    def _looks(self, seat: str, message: Mapping[str, Any]) -> None:
        presence = self._presence.setdefault(seat, Presence())
        presence.looking = clean(str(message.get("at", "")), limit=80, lines=False)
        here, now = message.get("seq"), message.get("now")
        if here == self.drill.seq and now == self.drill.exercise.state.now:
            shown = message.get("digest")
            presence.in_step = not shown or shown == digest(self.drill.exercise)

    async def ping(self, seat: str, within: float) -> float | None:
        """Return in how many seconds a console answers; None if not `within` that many."""
        begun = time.monotonic()
        self._pongs[seat] = pong = asyncio.Event()
        for send in self._sends(seat):
            send({"t": "ping", "x": self.exercise_id})
        try:
            async with asyncio.timeout(within):
                await pong.wait()
        except TimeoutError:
            return None
        return time.monotonic() - begun

    def people(self) -> list[dict[str, Any]]:
        """Return who has joined: seat, name, role, whether here, what they look at, in step."""
        state = self.drill.exercise.state
        found = []
        for seat, name in state.seats.items():
            if seat in state.dismissed:
                continue
            presence = self._presence.get(seat, Presence())
            found.append(
                {
                    "seat": seat,
                    "name": name,
                    "role": state.roles.get(seat, ""),
                    "here": bool(presence.sends),
                    "known": bool(presence.sends) or not self.drill.journal.shared,
                    "looking": presence.looking,
                    "last": presence.last,
                    "in_step": presence.in_step,
                }
            )
        return found

    def _record(self, seq: int, body: str) -> None:
        self._tell({"t": "records", "x": self.exercise_id, "after": seq - 1, "bodies": [body]})
        self._tell_time()

    def _records_after(self, seq: int) -> dict[str, Any]:
        bodies = self.drill.bodies[seq:]
        return {"t": "records", "x": self.exercise_id, "after": seq, "bodies": bodies}

    def _time(self) -> dict[str, Any]:
        return {"t": "now", "x": self.exercise_id, "now": self.drill.exercise.state.now}

    def _tell_time(self) -> None:
        now = self.drill.exercise.state.now
        if now != self._now:
            self._now = now
            self._tell(self._time())

    def _tell_people(self) -> None:
        people = self.people()
        if people == self._told:
            return
        self._told = people
        message = {"t": "people", "x": self.exercise_id, "people": people}
        for seat, presence in self._presence.items():
            if kind_of(self.role_of(seat)) != "participant":
                for send in list(presence.sends):
                    send(message)

    def _tell(self, message: dict[str, Any]) -> None:
        for send in list(self._followers):
            send(message)
        for presence in self._presence.values():
            for send in list(presence.sends):
                send(message)

    def _sends(self, seat: str) -> list[Send]:
        return list(self._presence.get(seat, Presence()).sends)
