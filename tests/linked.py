"""A room and the consoles in it, linked without sockets; every message crosses as JSON."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from simulator.session.following import Following
from simulator.session.room import Room
from simulator.session.seat import SeatDrill


class Linked:
    """A room, its seats by name, and everything that was sent to each of them."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.sent: dict[str, list[str]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def join(self, name: str, role: str = "participant") -> SeatDrill:
        """Let somebody join, and return their console, folded up to now."""
        return await self.sit(await self.room.join(name, role))

    async def sit(self, seat: str) -> SeatDrill:
        """Return a console of a seat that exists, folded up to now."""
        bodies = self.room.drill.bodies[:1]
        told = self.sent.setdefault(seat, [])

        def say(message: dict[str, Any]) -> None:
            crossed = json.loads(json.dumps(message))
            task = asyncio.get_running_loop().create_task(self.room.hear(seat, crossed))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        drill = SeatDrill(self.room.exercise_id, seat, Following.of(bodies), say)

        def hear(message: dict[str, Any]) -> None:
            text = json.dumps(message)
            told.append(text)
            drill.receive(json.loads(text))

        self.room.enter(seat, hear)
        drill.hello()
        await self.settle()
        return drill

    async def settle(self) -> None:
        """Wait until everything that was said is dealt with."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def pass_time(self, seconds: int) -> None:
        """Let wall time pass, second by second."""
        for _ in range(seconds):
            await self.room.elapse(1.0)
        await self.settle()
