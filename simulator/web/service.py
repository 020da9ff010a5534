"""The service: the exercises of a host, the seats in them, and whoever shows a seat.

It is the only process that writes the journals. Every console is a process of its own, started
by the nursery; browsers, SSH channels and terminals are viewers of one.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import time
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from simulator.content.roles import STAFF, kind_of, title_of
from simulator.exercise.door import Refused
from simulator.journal import JournalError
from simulator.session.room import Room
from simulator.web.codes import Candidate, code_of, cookie_of, matching, seat_of_cookie
from simulator.web.joining import WRONG, NotAdmitted, Ticket, Viewer
from simulator.web.limits import Attempts
from simulator.web.modes import clamped
from simulator.web.nursing import NurseryFault, Nursing
from simulator.web.orders import Orders
from simulator.web.seat_line import Hold, SeatLine

log = logging.getLogger("tabletop.service")

TICK = 0.25
THREADS = 64
LONGEST_TICK = 2.0
"""Wall seconds: a machine that slept does not owe its exercises the night."""

ENDS_WITHIN = 5.0
"""Seconds that what is being written is given at the end."""

NURSERY_LIVES = 30.0
"""Seconds that a nursery lives at least, if all is well."""

DEATHS = 5
"""How often a seat's process may die within a minute before its viewer is told."""

MOST_PEOPLE = 200
"""How many may sit in an exercise, so that a code that went astray cannot fill the host."""

STOPPED = "The host has stopped. Nothing is lost; it can be started again."


class Service:
    """Everything that a host has open."""

    def __init__(self, rooms: list[Room], secret: bytes) -> None:
        self.rooms = {room.exercise_id: room for room in rooms}
        self.secret = secret
        self.attempts = Attempts(time.monotonic)
        self.stopping = asyncio.Event()
        self.stopped = asyncio.Event()
        self.orders = Orders(self)
        self._ending = asyncio.Event()
        self._nursery_door = asyncio.Lock()
        self._nursing = Nursing()
        self._nursed_at = 0.0
        self._nurse_pause = 0.0
        self._lines: dict[tuple[str, str], SeatLine] = {}
        self._starting: dict[tuple[str, str], asyncio.Lock] = {}
        self._deaths: Counter[tuple[str, str]] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ticking: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the nursery and let time pass. Raises NurseryFault."""
        # Each shared exercise has one thread waiting for other hosts' acts, nearly always.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS))
        await self._nurse()
        self._ticking = asyncio.create_task(self._tick())

    async def _nurse(self) -> None:
        self._nursed_at = time.monotonic()
        await self._nursing.start()
        for room in self.rooms.values():
            room.follow(self._nursing.tell)

    async def _nurse_again(self) -> None:
        """Start the nursery anew if it has died; seats that it forked live on.

        One that dies again and again is given ever longer.
        """
        async with self._nursery_door:
            lived = time.monotonic() - self._nursed_at
            if self._nursing.alive or self._ending.is_set() or lived < self._nurse_pause:
                return
            again = lived < NURSERY_LIVES
            self._nurse_pause = min(NURSERY_LIVES, self._nurse_pause * 2 or 1.0) if again else 0.0
            log.warning("the nursery has died and is started again")
            for room in self.rooms.values():
                room.unfollow(self._nursing.tell)
            await self._nurse()

    async def _fork(self, asked: Mapping[str, Any]) -> tuple[socket.socket, int]:
        try:
            return await self._nursing.fork(asked)
        except NurseryFault:
            if self._nursing.alive:
                raise
        await self._nurse_again()
        return await self._nursing.fork(asked)

    async def add(self, room: Room) -> None:
        """Take in another exercise, and show it to whoever facilitates here."""
        first = next(iter(self.rooms.values()), None)
        self.rooms[room.exercise_id] = room
        room.follow(self._nursing.tell)
        if first is None:
            return
        for line in list(self._lines.values()):
            role = first.role_of(line.seats.get(first.exercise_id, ""))
            if kind_of(role) in ("facilitator", "evaluator"):
                seat = await self._staff_seat(room, line.ticket.name, role)
                line.seats[room.exercise_id] = seat
                room.enter(seat, line.send)
                bodies = room.drill.bodies[:1]
                line.send({"t": "team", "x": room.exercise_id, "seat": seat, "bodies": bodies})

    async def stop(self) -> None:
        """End every console and let go of the journals.

        Where other hosts serve the same exercise its viewers are told nothing, so that they look
        for one of those.
        """
        self._ending.set()
        if self._ticking is not None:
            await asyncio.wait([self._ticking], timeout=ENDS_WITHIN)
        for line in list(self._lines.values()):
            room = self.rooms.get(line.ticket.exercise)
            elsewhere = room is not None and room.drill.journal.shared
            if line.viewer is not None and not elsewhere:
                line.viewer.closed(STOPPED)
            line.end()
        if self._tasks:  # what somebody did just now
            await asyncio.wait(self._tasks, timeout=ENDS_WITHIN)
        self._nursing.close()
        for room in self.rooms.values():
            try:
                await room.close()
            except JournalError as error:
                log.warning("%s", error)
        self.attempts.summarise()
        self.stopped.set()

    async def _tick(self) -> None:
        last = time.monotonic()
        while not self._ending.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TICK):
                    await self._ending.wait()
            now = time.monotonic()
            passed, last = min(LONGEST_TICK, now - last), now
            for room in list(self.rooms.values()):
                try:
                    await room.elapse(passed)
                except Exception:
                    log.exception("the exercise %s could not go on for a moment", room.exercise_id)
            for line in list(self._lines.values()):
                line.catch_up()
            self._let_go_of_dismissed()
            if int(now) % 60 == 0:
                self._deaths.clear()
            try:
                await self._nurse_again()
            except OSError:
                log.exception("the nursery cannot be started")

    async def admit(self, code: str, name: str, address: str) -> Ticket:
        """Return the seat of somebody who gives a code and a name. Raises NotAdmitted."""
        wait = self.attempts.wait(address)
        if wait:
            raise NotAdmitted("Too many wrong codes. Wait a little, then try again.", wait)
        found = matching(self.secret, code, self.candidates())
        if found is None:
            self.attempts.wrong(address)
            raise NotAdmitted(WRONG)
        room = self.rooms[found.exercise]
        seat = room.seat_named(name, found.role)
        if seat and self._is_shown(room, seat):
            raise NotAdmitted(
                f"{room.seats[seat]} is here already. Give another name; or, if that is you, "
                "close the other window first."
            )
        if not seat and self._is_full(room, found.role):
            raise NotAdmitted(
                f"{MOST_PEOPLE} people are in this exercise, and it takes no more. "
                "The facilitator can show somebody out."
            )
        try:
            seat = seat or await room.join(name, found.role)
        except (Refused, JournalError) as error:
            raise NotAdmitted(str(error)) from error
        return self._ticket(room, seat)

    @staticmethod
    def _is_full(room: Room, role: str) -> bool:
        """Return whether an exercise has no seat left; those who lead it always have one."""
        if kind_of(role) in ("facilitator", "evaluator"):
            return False
        return sum(room.may_sit(seat) for seat in room.seats) >= MOST_PEOPLE

    def _is_shown(self, room: Room, seat: str) -> bool:
        line = self._lines.get((room.exercise_id, seat))
        return line is not None and line.viewer is not None

    def role_of_code(self, code: str) -> str | None:
        """Return the role that a code admits to, None for a wrong one."""
        found = matching(self.secret, code, self.candidates())
        return found.role if found else None

    def candidates(self) -> list[Candidate]:
        """Return every role that can be joined now, with the generation of its code."""
        return [
            Candidate(room.exercise_id, role, room.generation(role))
            for room in self.rooms.values()
            if not room.drill.exercise.state.closed
            for role in (*STAFF, *room.drill.exercise.roles)
        ]

    def codes(self) -> list[dict[str, str]]:
        """Return the codes that admit people now: exercise, team, role, its title, code."""
        return [
            {
                "x": one.exercise,
                "team": self.rooms[one.exercise].team,
                "role": one.role,
                "title": self._title(self.rooms[one.exercise], one.role),
                "code": code_of(self.secret, *one),
            }
            for one in self.candidates()
        ]

    def ticket_of(self, cookie: str) -> Ticket | None:
        """Return the seat that a cookie holds, None where it holds none (any more)."""
        held = seat_of_cookie(self.secret, cookie)
        if held is None or held[0] not in self.rooms:
            return None
        room = self.rooms[held[0]]
        return self._ticket(room, held[1]) if room.may_sit(held[1]) else None

    def _ticket(self, room: Room, seat: str) -> Ticket:
        role = room.role_of(seat)
        return Ticket(
            room.exercise_id,
            seat,
            role,
            room.seats[seat],
            cookie_of(self.secret, room.exercise_id, seat),
            self._title(room, role),
            room.drill.exercise.scenario.title,
        )

    @staticmethod
    def _title(room: Room, role: str) -> str:
        return title_of(role, room.drill.exercise.system.roles)

    async def attach(
        self, ticket: Ticket, viewer: Viewer, width: int, height: int, terminal: Mapping[str, str]
    ) -> Hold:
        """Show a seat to a viewer, in place of the one that showed it before.

        Raises NurseryFault where no console can be had, with why.
        """
        if self._ending.is_set():
            raise NurseryFault(STOPPED)
        key = (ticket.exercise, ticket.seat)
        async with self._starting.setdefault(key, asyncio.Lock()):
            line = self._lines.get(key)
            if line is None:
                line = await self._line(ticket, width, height, terminal)
                line.shown_by(viewer)
            else:
                line.shown_by(viewer)
                line.resize(width, height)
                line.repaint()
            line.hold = Hold(line, viewer)
        return line.hold

    async def _line(
        self, ticket: Ticket, width: int, height: int, terminal: Mapping[str, str]
    ) -> SeatLine:
        """Start a seat's process and return the line to it."""
        try:
            seats = await self._seats_of(ticket)
        except (Refused, JournalError) as error:
            raise NurseryFault(str(error)) from error
        asked = {
            "seats": seats, "width": width, "height": height,
            "terminal": {str(k): str(v)[:200] for k, v in terminal.items()},
        }  # fmt: skip
        link, process = await self._fork(asked)
        log.info("%s (%s) has a console, process %d", ticket.seat, ticket.role, process)
        loop = asyncio.get_running_loop()
        _, line = await loop.create_connection(
            lambda: SeatLine(ticket, seats, self._hear, self._gone), sock=link
        )
        line.size, line.terminal = clamped(width, height), dict(terminal)
        self._lines[ticket.exercise, ticket.seat] = line
        for exercise, seat in seats.items():
            self.rooms[exercise].enter(seat, line.send)
        return line

    async def _seats_of(self, ticket: Ticket) -> dict[str, str]:
        """Return the seats of a person by exercise: staff sit in every one of the host's."""
        seats = {ticket.exercise: ticket.seat}
        if ticket.role in ("facilitator", "evaluator"):
            for room in self.rooms.values():
                if room.exercise_id not in seats:
                    seat = await self._staff_seat(room, ticket.name, ticket.role)
                    seats[room.exercise_id] = seat
        return seats

    @staticmethod
    async def _staff_seat(room: Room, name: str, role: str) -> str:
        """Return the seat of a host's facilitator or evaluator in another team's exercise."""
        other = f"{name} ({role})"
        seat = room.seat_named(name, role) or room.seat_named(other, role)
        with contextlib.suppress(Refused):
            return seat or await room.join(name, role)
        return await room.join(other, role)  # somebody of that team has the name

    def _hear(self, line: SeatLine, message: Mapping[str, Any]) -> None:
        """Take what a console says."""
        if message.get("t") == "order":
            self._later(self.orders.take(line, message))
            return
        exercise = message.get("x")
        seat = line.seats.get(exercise) if isinstance(exercise, str) else None
        if seat is not None:
            self._later(self._heard(self.rooms[str(exercise)], seat, message))

    @staticmethod
    async def _heard(room: Room, seat: str, message: Mapping[str, Any]) -> None:
        try:
            await room.hear(seat, message)
        except Exception:
            log.exception("what %s said could not be taken", seat)

    def _later(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _gone(self, line: SeatLine, _: Mapping[str, Any]) -> None:
        """A console's process is gone: it left, or it died under somebody's hands."""
        key = (line.ticket.exercise, line.ticket.seat)
        for exercise, seat in line.seats.items():
            if exercise in self.rooms:
                self.rooms[exercise].leave(seat, line.send)
        if self._lines.get(key) is line:
            del self._lines[key]
        viewer = line.viewer
        if viewer is None:
            return
        self._deaths[key] += line.last_words is None
        if line.last_words is not None:
            viewer.closed(line.last_words)
        elif self._deaths[key] > DEATHS:
            viewer.closed("This console dies again and again. The host's log says why.")
        elif not self._ending.is_set():
            log.warning("the console of %s has died and is started again", line.ticket.seat)
            self._later(self._revive(line, viewer))

    async def _revive(self, line: SeatLine, viewer: Viewer) -> None:
        """Give a viewer a new process of the seat whose process has died.

        Where the nursery has died too, for as long as it may take to have one again.
        """
        hold = line.hold
        until = time.monotonic() + NURSERY_LIVES
        while True:
            try:
                fresh = await self.attach(line.ticket, viewer, *line.size, line.terminal)
                break
            except Exception as error:
                mends = isinstance(error, NurseryFault) and line.viewer is viewer
                if mends and time.monotonic() < until and not self._ending.is_set():
                    await asyncio.sleep(TICK)
                    continue
                log.exception("the console of %s cannot be started again", line.ticket.seat)
                viewer.closed(f"This console has died and cannot be started again: {error}")
                return
        if hold is not None:
            hold.line = fresh.line
            fresh.line.hold = hold

    def lines(self) -> list[SeatLine]:
        """Return the lines to every console that runs."""
        return list(self._lines.values())

    def _let_go_of_dismissed(self) -> None:
        """End the consoles of those whom a facilitator at another host showed out."""
        for line in self.lines():
            for exercise, seat in line.seats.items():
                room = self.rooms.get(exercise)
                if room is not None and seat in room.drill.exercise.state.dismissed:
                    self.dismiss(exercise, seat)

    def dismiss(self, exercise: str, seat: str) -> None:
        """End the console of a seat that was dismissed."""
        for line in self.lines():
            if line.seats.get(exercise) == seat:
                if line.viewer is not None:
                    line.viewer.closed("The facilitator has closed this seat.")
                    line.detached(line.viewer)
                line.end()


__all__ = ["NurseryFault", "Service"]
