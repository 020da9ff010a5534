"""A service with its nursery and seats, in this process's loop, and viewers that remember."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from simulator.content.pack import Pack
from simulator.journal import Store
from simulator.session.room import Room
from simulator.web.joining import Ticket
from simulator.web.seat_line import Hold
from simulator.web.service import Service

SECRET = b"a secret for tests, long enough"
TERMINAL = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
_SEQUENCE = re.compile(r"\x1b(\[[0-9;?<>=]*[ -/]*[@-~]|\][^\x07]*\x07|[()][AB0]|[=>])")


class Seen:
    """A viewer that keeps all it was shown."""

    def __init__(self) -> None:
        self.output = bytearray()
        self.words: str | None = None
        self.backlog = 0

    def write(self, data: bytes) -> None:
        self.output += data

    def closed(self, why: str) -> None:
        self.words = why

    def text(self, since: int = 0) -> str:
        """What was shown, without the terminal's own language."""
        return _SEQUENCE.sub("", bytes(self.output[since:]).decode("utf-8", "replace"))


class Person:
    """Somebody at a console."""

    def __init__(self, service: Service, ticket: Ticket, viewer: Seen, hold: Hold) -> None:
        self.service, self.ticket, self.viewer, self.hold = service, ticket, viewer, hold

    async def sees(self, *texts: str, since: int = 0) -> None:
        """Wait until these texts were shown."""
        await until(lambda: all(text in self.viewer.text(since) for text in texts),
                    lambda: f"{texts} not in {self.viewer.text(since)[-3000:]}")  # fmt: skip

    async def press(self, keys: str) -> None:
        """Type."""
        self.hold.input(keys.encode())


async def until(
    come: Callable[[], bool], told: Callable[[], str] = lambda: "it never came"
) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + 30
    while not come():
        assert time.monotonic() < deadline, told()
        await asyncio.sleep(0.02)


@asynccontextmanager
async def serving(folder: Path, pack: Pack, *teams: str) -> AsyncIterator[Service]:
    """Serve an exercise for each team (Red, if none is named)."""
    rooms = [Room.begin(Store(folder), pack, 1, team, SECRET) for team in teams or ("Red",)]
    service = Service(rooms, SECRET)
    await service.start()
    try:
        yield service
    finally:
        await service.stop()


def code(service: Service, role: str, team: int = 0) -> str:
    """Return the code of a role as it is now."""
    exercise = list(service.rooms)[team]
    return next(
        one["code"] for one in service.codes() if (one["x"], one["role"]) == (exercise, role)
    )


async def sit(service: Service, name: str, role: str = "participant", team: int = 0) -> Person:
    """Let somebody join and look."""
    ticket = await service.admit(code(service, role, team), name, "127.0.0.1")
    return await look(service, ticket)


async def look(service: Service, ticket: Ticket) -> Person:
    """Let somebody who has a seat look."""
    viewer = Seen()
    hold = await service.attach(ticket, viewer, 100, 30, TERMINAL)
    return Person(service, ticket, viewer, hold)
