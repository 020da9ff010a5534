"""From an act to every console of its exercise: real seats in their processes, on this machine.

Each console shows the communications; one person writes, and it is timed until the message is
painted on every screen. With a file, and with a database of our own (the store for several hosts).
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests/web")]

from hosted import SECRET, Person, sit  # noqa: E402
from postgres_server import PostgresServer  # noqa: E402

from simulator.content.pack import Pack, read_pack  # noqa: E402
from simulator.journal import Store  # noqa: E402
from simulator.journal.store import store_at  # noqa: E402
from simulator.session.room import Room  # noqa: E402
from simulator.web.service import Service  # noqa: E402

CONSOLES = tuple(map(int, sys.argv[1:])) or (2, 10, 50, 100)
ACTS = 30
MUST_AT, WITHIN = 50, 0.250


async def measure(store: Store, pack: Pack, consoles: int) -> tuple[list[float], float]:
    """Return the seconds from each act to each console, and to join all of them."""
    room = Room.begin(store, pack, 1, "Red", SECRET)
    service = Service([room], SECRET)
    await service.start()
    try:
        begun = time.monotonic()
        people = await asyncio.gather(*(sit(service, f"P{n}") for n in range(consoles)))
        fay = await service.admit(code_of_facilitator(service), "Fay", "127.0.0.1")
        await room.drill.take("start", by=fay.seat)
        for person in people:
            await person.sees("Dashboards")
            await person.press("5")
        joined = time.monotonic() - begun
        await asyncio.sleep(4)
        took: list[float] = []
        channel = room.drill.exercise.system.channels[0].id
        for number in range(ACTS):
            took += await one(room, people, channel, f"mark{number:03}x")
            await asyncio.sleep(0.7)
        return took, joined
    finally:
        await service.stop()


def code_of_facilitator(service: Service) -> str:
    """Return the facilitator's code."""
    return next(one["code"] for one in service.codes() if one["role"] == "facilitator")


async def one(room: Room, people: list[Person], channel: str, text: str) -> list[float]:
    """Write once, and return after how many seconds each console showed it."""
    seen = {id(person): len(person.viewer.output) for person in people}
    begun = time.monotonic()
    await room.drill.take("post", by=people[0].ticket.seat, channel=channel, text=text)
    took: list[float] = []
    waiting = list(people)
    mark = text.encode()
    while waiting and time.monotonic() - begun < 10:
        await asyncio.sleep(0.004)
        now = time.monotonic()
        for person in list(waiting):
            if mark in person.viewer.output[seen[id(person)] :]:
                took.append(now - begun)
                waiting.remove(person)
    return took + [10.0] * len(waiting)


def main() -> int:
    """Return 1 if 50 consoles are not told within a quarter of a second (95 of 100)."""
    pack = read_pack(ROOT, "ai-gurus-lms/database-degradation")
    server = PostgresServer()
    server.start()
    missed = 0
    try:
        for name in ("SQLite", "PostgreSQL"):
            for consoles in CONSOLES:
                folder = Path(tempfile.mkdtemp())
                store = Store(folder) if name == "SQLite" else store_at(server.url)
                took, joined = asyncio.run(measure(store, pack, consoles))
                p95 = statistics.quantiles(took, n=20)[-1]
                print(
                    f"act to {consoles:>3} consoles, {name:<10} p50 "
                    f"{1000 * statistics.median(took):4.0f} ms, p95 {1000 * p95:4.0f} ms, "
                    f"worst {1000 * max(took):5.0f} ms; all joined after {joined:.1f} s"
                )
                missed += consoles == MUST_AT and p95 > WITHIN
    finally:
        server.remove()
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
