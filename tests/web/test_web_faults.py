"""Whatever is killed during an exercise: no acknowledged act is lost, none counts twice."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hosted import SECRET, TERMINAL, Person, Seen, serving, sit, until
from postgres_server import PostgresServer

from simulator.content.pack import Pack
from simulator.exercise import acts as a
from simulator.exercise.digest import digest
from simulator.journal import Store
from simulator.journal.store import store_at
from simulator.session.opening import acts_of, fold
from simulator.session.room import Room
from simulator.web.frames import HELLO, INPUT, LEAVE, OUTPUT, REFUSED, Frames, frame
from simulator.web.service import Service

KILLS = int(os.environ.get("TABLETOP_FAULTS", "5"))


def typed(acts: list[a.AnyAct]) -> Counter[str]:
    """Count the lines that were typed."""
    return Counter(act.line for act in acts if isinstance(act, a.Command))


async def ready_to_type(person: Person) -> None:
    """Bring somebody to the prompt."""
    await person.sees("Dashboards")
    await person.press("4")
    await person.sees("Complete")


async def say(person: Person, line: str, patience: float = 4) -> bool:
    """Type a line; return whether it was seen to be done."""
    with contextlib.suppress(AssertionError, TimeoutError):
        async with asyncio.timeout(patience):
            since = len(person.viewer.output)
            await person.press("\x15")  # what stood there is dropped first
            await asyncio.sleep(0.1)
            await person.press(f"{line}\r")
            while f"{line}: command not found" not in person.viewer.text(since):
                await asyncio.sleep(0.02)
            return True
    return False


def processes(nurseries: set[int]) -> list[int]:
    """Return the processes of the consoles that these nurseries forked; they outlive them."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has just ended
            pid, rest = stat.parent.name, stat.read_text().rpartition(")")[2].split()
            if rest[0] != "Z" and int(rest[3]) in nurseries - {int(pid)}:
                found.append(int(pid))
    return found


async def all_in_step(service: Service, room: Room, *people: Person) -> None:
    """Wait until every console has said, at the journal's end, that it shows the same state."""
    said: dict[str, tuple[int, str]] = {}
    looks = room._looks

    def heard(seat: str, message: Any) -> None:
        if message.get("digest"):
            said[seat] = (message["seq"], message["digest"])
        looks(seat, message)

    room._looks = heard  # type: ignore[method-assign]
    lead = room.seat_named("Fay", "facilitator")
    if not room.drill.exercise.state.paused:
        await room.drill.take("pause", by=lead)
    await room.drill.take("note", by=lead, text="All look here.")
    seats = {person.ticket.seat for person in people}
    here = room.drill.seq
    await until(lambda: {said.get(seat, (0, ""))[0] for seat in seats} == {here}, lambda: f"{said}")
    assert {said[seat][1] for seat in seats} == {digest(room.drill.exercise)}


def test_killed_consoles_and_nurseries_lose_nothing(tmp_path: Path, stuck: Pack) -> None:
    chance = random.Random(7)

    async def play() -> None:
        async with serving(tmp_path, stuck) as service:
            room = next(iter(service.rooms.values()))
            fay = await sit(service, "Fay", "facilitator")
            people = [await sit(service, "Kim"), await sit(service, "Ola")]
            await room.drill.take("start", by=fay.ticket.seat)
            for person in people:
                await ready_to_type(person)
            done: list[str] = []
            nurseries: set[int] = set()
            for kill in range(KILLS):
                service._deaths.clear()
                lines = [f"k{kill}p{number}" for number in range(2)]
                work = [asyncio.create_task(say(p, x)) for p, x in zip(people, lines, strict=True)]
                await asyncio.sleep(chance.random() * 0.3)
                nursery = service._nursing.pid
                nurseries.add(nursery)
                victim = nursery if kill % 5 == 4 else chance.choice(processes(nurseries))
                os.kill(victim, signal.SIGKILL)
                done += [
                    x for x, seen in zip(lines, await asyncio.gather(*work), strict=True) if seen
                ]
                await until(lambda: service._nursing.alive)
                nurseries.add(service._nursing.pid)
                await until(lambda: len(processes(nurseries)) == 3)
                for person in people:
                    person.viewer.output.clear()
                    person.hold.line.repaint()
                    await ready_to_type(person)
            times = typed(room.drill.acts())
            assert len(done) >= KILLS // 2
            assert not [line for line in done if times[line] != 1]
            assert set(times.values()) <= {1}
            await all_in_step(service, room, fay, *people)

    asyncio.run(play())


class Client:
    """A console at the host's local socket, without a terminal: it comes back by its cookie."""

    def __init__(self, folder: Path, code: str, name: str) -> None:
        self.folder = folder
        self.asked: dict[str, Any] = {"code": code, "name": name, "cookie": ""}
        self.viewer = Seen()
        self.hold = self
        self.refused = ""
        self._writer: asyncio.StreamWriter | None = None
        self._task: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        """Come in, or back."""
        await until(lambda: bool(list(self.folder.glob("*.sock"))))
        for path in self.folder.glob("*.sock"):
            with contextlib.suppress(OSError):
                reader, self._writer = await asyncio.open_unix_connection(path)
                hello = {**self.asked, "width": 100, "height": 30, "terminal": TERMINAL}
                self._writer.write(frame(HELLO, json.dumps(hello).encode()))
                self._task = asyncio.create_task(self._read(reader))
                return
        await asyncio.sleep(0.05)
        await self.connect()

    async def _read(self, reader: asyncio.StreamReader) -> None:
        frames = Frames()
        while data := await reader.read(65536):
            for kind, content in frames.feed(data):
                if kind == OUTPUT:
                    self.viewer.write(content)
                elif kind == HELLO:
                    self.asked["cookie"] = json.loads(content)["cookie"]
                elif kind in (LEAVE, REFUSED):
                    self.refused = content.decode()

    def input(self, data: bytes) -> None:
        """Type."""
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(frame(INPUT, data))

    async def press(self, keys: str) -> None:
        """Type."""
        self.input(keys.encode())

    async def sees(self, *texts: str) -> None:
        """Wait until these texts were shown."""
        await until(lambda: all(text in self.viewer.text() for text in texts),
                    lambda: f"{texts} not in {self.viewer.text()[-2000:]}")  # fmt: skip


class HostProcess:
    """A `tabletop host` of its own, which can be killed."""

    def __init__(self, content: Path, home: Path, runtime: Path, *arguments: str) -> None:
        self.environment = {
            **os.environ, "TABLETOP_HOME": str(home), "XDG_RUNTIME_DIR": str(runtime),
            "TABLETOP_SECRET": SECRET.decode(),
        }  # fmt: skip
        self.sockets = runtime / "tabletop"
        self.content, self.arguments = content, arguments
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *what: str) -> dict[str, Any]:
        """Start it and return how to reach it."""
        ours, theirs = os.pipe()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "simulator", "--content", str(self.content), "host", *what,
             "--no-console", "--port", "0", "--tell", str(theirs), *self.arguments],
            pass_fds=(theirs,), env=self.environment, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(theirs)
        with os.fdopen(ours, "rb") as pipe:
            ready: dict[str, Any] = json.loads(pipe.readline())
        assert "fault" not in ready, ready
        return ready

    def kill(self) -> None:
        """Kill it with SIGKILL; its seats end by themselves."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        for path in self.sockets.glob("*.sock"):
            path.unlink()

    def stop(self) -> None:
        """Stop it as people do."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            assert self.process.wait(timeout=30) == 0


@asynccontextmanager
async def hosted(kiosk: Path, folder: Path) -> AsyncIterator[tuple[HostProcess, dict[str, Any]]]:
    """A host process with the smallest scenario."""
    runtime = folder / "run"
    runtime.mkdir()
    host = HostProcess(kiosk, folder / "home", runtime)
    try:
        yield host, await asyncio.to_thread(host.start, "kiosk/stuck")
    finally:
        host.stop()


def test_a_killed_host_loses_nothing_and_its_people_come_back(tmp_path: Path, kiosk: Path) -> None:
    chance = random.Random(11)

    async def play() -> str:
        async with hosted(kiosk, tmp_path) as (host, ready):
            (exercise,) = ready["exercises"]
            code = {one["role"]: one["code"] for one in ready["codes"]}
            fay = Client(host.sockets, code["facilitator"], "Fay")
            people = [Client(host.sockets, code["participant"], name) for name in ("Kim", "Ola")]
            for one in (fay, *people):
                await one.connect()
            await fay.sees("Join codes")
            await people[0].sees("Press r")
            await people[1].sees("Press r")
            for person in people:
                await person.press("r")
                await person.sees("You are ready.")
            await fay.sees("Everybody is ready")
            await fay.press("s")
            for person in people:
                await ready_to_type(person)  # type: ignore[arg-type]
            done: list[str] = []
            for kill in range(KILLS):
                lines = [f"k{kill}p{number}" for number in range(2)]
                work = [
                    asyncio.create_task(say(p, x))  # type: ignore[arg-type]
                    for p, x in zip(people, lines, strict=True)
                ]
                await asyncio.sleep(chance.random() * 0.4)
                host.kill()
                for task in work:
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(task, 0.2)
                done += [
                    x for x, t in zip(lines, work, strict=True) if not t.cancelled() and t.result()
                ]
                await asyncio.to_thread(host.start, "--exercise", exercise)
                for one in (fay, *people):
                    one.viewer.output.clear()
                    await one.connect()
                await fay.sees("PAUSED")
                await fay.press(" ")
                for person in people:
                    await ready_to_type(person)  # type: ignore[arg-type]
            assert await say(people[0], "last")  # type: ignore[arg-type]
            return json.dumps([exercise, [*done, "last"]])

    exercise, done = json.loads(asyncio.run(play()))
    journal = Store(tmp_path / "home").open(exercise, write=False)
    acts = acts_of(journal.read())
    times = typed(acts)
    assert not [line for line in done if times[line] != 1]
    assert set(times.values()) <= {1}
    assert [act.at for act in acts] == sorted(act.at for act in acts)
    assert fold(acts).state.started


@pytest.fixture
def database() -> Any:
    """A database of our own, to be killed."""
    server = PostgresServer()
    server.start()
    yield server
    server.kill()
    server.remove()


def test_a_killed_database_is_told_of_and_nothing_is_lost(
    database: PostgresServer, stuck: Pack
) -> None:
    chance = random.Random(13)

    async def play() -> None:
        room = Room.begin(store_at(database.url), stuck, 1, "Red", SECRET)
        service = Service([room], SECRET)
        await service.start()
        try:
            fay = await sit(service, "Fay", "facilitator")
            kim = await sit(service, "Kim")
            await room.drill.take("start", by=fay.ticket.seat)
            await ready_to_type(kim)
            done = []
            for kill in range(KILLS):
                work = asyncio.create_task(say(kim, f"k{kill}", 7))
                await asyncio.sleep(chance.random() * 0.2)
                database.kill()
                stood = room.drill.exercise.state.now
                if kill == 0:
                    await kim.sees("AWAY")
                    assert room.drill.exercise.state.now <= stood + 2
                await asyncio.to_thread(database.start)
                if await work:
                    done.append(f"k{kill}")
                await until(lambda: not room.drill.away)
                assert await say(kim, f"after{kill}", 20)
                done.append(f"after{kill}")
            times = typed(room.drill.acts())
            assert not [line for line in done if times[line] != 1]
            assert set(times.values()) <= {1}
            await all_in_step(service, room, fay, kim)
        finally:
            await service.stop()

    asyncio.run(play())
