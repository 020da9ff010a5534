"""What a facilitator asks of the host and is no act: codes, further teams, a dry run, the end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from simulator.content.roles import kind_of
from simulator.exercise.door import Refused
from simulator.journal import JournalError
from simulator.session.room import Room

if TYPE_CHECKING:
    from simulator.web.seat_line import SeatLine
    from simulator.web.service import Service

log = logging.getLogger("tabletop.service")

ANSWERS_WITHIN = 3.0
"""Seconds in which a console answers in the dry run."""

Checked = tuple[str, bool, str]
"""What was tried, whether it works, and a few words."""


class Orders:
    """Takes the orders of one service's facilitators."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.checks: list[Callable[[], Awaitable[Checked]]] = []
        """What else the dry run tries: the browsers' server, the port for SSH."""
        self.invite: Callable[[Room], dict[str, Any]] | None = None
        """Tells how to join a room, once there is an address."""

    async def take(self, line: SeatLine, message: Mapping[str, Any]) -> None:
        """Do what is asked and reply."""
        reply: dict[str, Any] = {"t": "reply", "n": message.get("n")}
        try:
            reply["value"] = await self._do(line, message)
        except (Refused, JournalError) as error:
            reply["why"] = str(error)
        except Exception:
            log.exception("an order could not be carried out")
            reply["why"] = "The host could not do that; its log says why."
        line.send(reply)

    async def _do(self, line: SeatLine, message: Mapping[str, Any]) -> Any:
        service = self._service
        exercise = str(message.get("x") or line.ticket.exercise)
        room, seat = service.rooms.get(exercise), line.seats.get(exercise, "")
        if room is None or kind_of(room.role_of(seat)) != "facilitator" or not room.may_sit(seat):
            raise Refused("That is for the facilitator.")
        match message.get("order"):
            case "codes":
                return service.codes()
            case "invite" if self.invite is not None:
                return self.invite(room)
            case "revoke":
                role = str(message.get("role", ""))
                await room.drill.take("revoke", by=seat, role="facilitator", code=role)
                return service.codes()
            case "dismiss":
                other = str(message.get("seat", ""))
                await room.drill.take("dismiss", by=seat, role="facilitator", seat=other)
                service.dismiss(exercise, other)
                return None
            case "team":
                return await self._team(room, str(message.get("name", "")))
            case "test":
                return await self._test(room)
            case "stop":
                service.stopping.set()
                return None
        raise Refused("The host knows no such order.")

    async def _team(self, room: Room, name: str) -> str:
        """Open another exercise of the same scenario, for a further team."""
        if any(
            one.team.casefold() == name.strip().casefold() for one in self._service.rooms.values()
        ):
            raise Refused(f"There is a team {name.strip()} already. Give another name.")
        opening, pack = room.drill.exercise.opening, room.drill.exercise.pack
        fresh = await asyncio.to_thread(
            Room.begin, room.store, pack, opening.seed, name, self._service.secret
        )
        await self._service.add(fresh)
        return fresh.exercise_id

    async def _test(self, room: Room) -> list[Checked]:
        """Try everything that a drill needs, and say what works."""
        found = [await self._store(room)]
        for check in self.checks:
            found.append(await check())
        for channel in room.drill.exercise.system.channels:
            injects = [one for one in room.drill.exercise.scenario.timeline
                       if one.channel == channel.id]  # fmt: skip
            found.append((f"channel {channel.title}", True, f"{len(injects)} injects come here"))
        for line in self._service.lines():
            seat = line.seats.get(room.exercise_id)
            if seat is not None:
                found.append(await self._console(room, seat))
        for seat, name in room.seats.items():
            if room.may_sit(seat) and not room.is_here(seat):
                found.append((f"console of {name}", False, "not connected"))
        return found

    @staticmethod
    async def _store(room: Room) -> Checked:
        try:
            head = await asyncio.to_thread(room.drill.journal.head)
            await asyncio.to_thread(room.drill.journal.clock)
        except JournalError as error:
            return "store", False, str(error)
        return "store", head.seq == room.drill.seq, f"{room.store.place}, {head.seq} acts"

    @staticmethod
    async def _console(room: Room, seat: str) -> Checked:
        name = f"console of {room.seats[seat]}"
        answered = await room.ping(seat, ANSWERS_WITHIN)
        if answered is None:
            return name, False, f"no answer in {ANSWERS_WITHIN:.0f} s"
        return name, True, f"answers in {answered * 1000:.0f} ms"
