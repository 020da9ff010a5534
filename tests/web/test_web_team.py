"""A team of five under a facilitator: two in browsers, three in terminals, to the report."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

import pytest
from chromium import Chromium, Page
from hosted import SECRET, code, until
from terminal import Terminal

from simulator.content.pack import read_pack
from simulator.exercise import acts as a
from simulator.exercise.digest import digest
from simulator.journal import Store
from simulator.journal.store import store_at
from simulator.review import write_report
from simulator.session.room import Room
from simulator.session.running import load
from simulator.web.browser import BrowserServer
from simulator.web.local import LocalDoor
from simulator.web.service import Service
from simulator.web.ssh import SshServer

ROOT = Path(__file__).parents[2]
SCENARIO = "ai-gurus-lms/database-degradation"
_NAMES = {
    "\r": "Enter", "\x10": "ctrl+p", "\x13": "ctrl+s", "\x15": "ctrl+u", "\x1b": "Escape",
    "\t": "Tab",
}  # fmt: skip


class Console:
    """Somebody's screen and keys, in a browser or in a terminal."""

    def __init__(self, shown: Page | Terminal) -> None:
        self._shown = shown

    async def keys(self, text: str) -> None:
        """Press keys one by one, as a person does."""
        for letter in text:
            if isinstance(self._shown, Terminal):
                self._shown.press(letter)
            elif letter in _NAMES:
                await self._shown.press(_NAMES[letter])
            else:
                await self._shown.type(letter)
            await asyncio.sleep(0.02)

    async def shows(self, text: str) -> None:
        """Wait until a text is on the screen."""
        await self._shown.shows(text)

    async def writes(self, title: str, text: str, before: str = "") -> None:
        """Write a text into the dialog with this title, see it there, and do it."""
        await self.shows(title)
        await asyncio.sleep(1)  # until the first field has the keys, on a loaded machine, too
        await self.keys(before)
        await asyncio.sleep(0.5)
        await self.types(text)
        await self.keys("\x13")

    async def types(self, text: str) -> None:
        """Type a text and see it; as a person does, begin again where a letter went astray."""
        for _ in range(4):
            await self.keys(text)
            for _ in range(50):
                if text in await self.screen():
                    return
                await asyncio.sleep(0.1)
            await self.keys("\x15")
        raise AssertionError(f"{text} is not in\n{await self.screen()}")

    async def screen(self) -> str:
        """Return what is shown."""
        if isinstance(self._shown, Terminal):
            return self._shown.screen.text()
        return str(await self._shown.terminal())

    async def palette(self, title: str) -> None:
        """Do something by its name."""
        await self.keys("\x10")
        await self.shows("Search for commands")
        await asyncio.sleep(0.5)
        await self.types(title)
        await asyncio.sleep(0.6)
        await self.keys("\r")


class Hosts:
    """One host, or two on one database; the second one serves SSH and one of the browsers."""

    def __init__(self, services: list[Service], webs: list[BrowserServer], ssh: SshServer) -> None:
        self.services, self.webs, self.ssh = services, webs, ssh

    @property
    def room(self) -> Room:
        """The exercise on the first host."""
        return next(iter(self.services[0].rooms.values()))

    def code(self, role: str) -> str:
        """Return the code of a role, the same on every host."""
        (found,) = {code(service, role) for service in self.services}
        return found


@contextlib.asynccontextmanager
async def hosts(stores: list[Store]) -> AsyncIterator[Hosts]:
    """Serve a new exercise on a host for each store."""
    first = Room.begin(stores[0], read_pack(ROOT, SCENARIO), 1, "Red", SECRET)
    rooms = [first, *(Room.open(store, first.exercise_id, SECRET) for store in stores[1:])]
    services = [Service([room], SECRET) for room in rooms]
    webs = [BrowserServer(service, port=0) for service in services]
    ssh = SshServer(services[-1], "127.0.0.1", 0)
    door = LocalDoor(services[0])
    parts: list[Service | BrowserServer | SshServer | LocalDoor] = [*services, *webs, ssh, door]
    for one in parts:
        await one.start()
    try:
        yield Hosts(services, webs, ssh)
    finally:
        for one in reversed(parts):
            await one.stop()


def joining(hosted: Hosts, role: str, name: str) -> Terminal:
    """Return a terminal of this machine that joins."""
    command = [sys.executable, "-m", "simulator", "join", hosted.code(role), "--name", name]
    return Terminal(*command, size=(110, 34))


def by_ssh(hosted: Hosts, who: str) -> Terminal:
    """Return OpenSSH's client on its way to the host."""
    options = [
        "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "PubkeyAuthentication=no",
    ]  # fmt: skip
    command = ["ssh", "-F", "/dev/null", "-p", str(hosted.ssh.port)]
    for option in options:
        command += ["-o", option]
    return Terminal(*command, f"{who}@127.0.0.1", size=(110, 34))


async def play(hosted: Hosts, chromium: Chromium) -> None:
    """Play from the lobby to the closed exercise, everybody at their own keys."""
    room = hosted.room
    state = room.drill.exercise.state

    def now() -> Callable[[], list[str]]:
        return lambda: [act.do for act in room.drill.acts()]

    async with contextlib.AsyncExitStack() as stack:
        pages = [await stack.enter_async_context(chromium.person()) for _ in range(2)]
        for page, web, role, name in zip(
            pages, (hosted.webs[0], hosted.webs[-1]),
            ("incident-commander", "operations-lead"), ("Ines", "Otto"), strict=True,
        ):  # fmt: skip
            await page.enter(web.url, hosted.code(role), name)
        terminals = [
            await stack.enter_async_context(terminal)
            for terminal in (
                joining(hosted, "facilitator", "Fay"),
                by_ssh(hosted, "communications-lead+Cleo"),
                joining(hosted, "scribe", "Sam"),
                joining(hosted, "participant", "Pia"),
            )
        ]
        await terminals[1].says("assword:")
        terminals[1].press(hosted.code("communications-lead") + "\r")
        ines, otto = map(Console, pages)
        fay, cleo, sam, pia = map(Console, terminals)
        team = (ines, otto, cleo, sam, pia)
        for one in team:
            await one.shows("Press r when you are ready")
            await one.keys("r")
        await until(lambda: len(room.drill.exercise.state.ready) == 5)
        await fay.shows("Join codes")
        await fay.keys("s")
        await until(lambda: room.drill.exercise.state.started)
        for one in team:
            await one.shows("Dashboards")

        # A pause is plain to everyone.
        await fay.keys(" ")
        for one in team:
            await one.shows("PAUSED")
        await fay.keys(" ")
        await until(lambda: not room.drill.exercise.state.paused)

        # The timeline: postponed, written, answered as the director.
        await fay.keys("2")
        await fay.shows("due")
        await fay.keys("z")
        await fay.shows("Postpone an inject")
        await fay.keys("\x13")
        await until(lambda: bool(room.drill.exercise.state.shifts))
        await fay.keys("w")
        await fay.writes("Write an inject", "The phone of the support desk rings without end.")
        await until(lambda: bool(room.drill.exercise.state.written))
        await hosted.room.drill.take(
            "speak", by=room.seat_named("Fay", "facilitator"), person="elena",
            channel="stakeholders", text="I am with the board in ten minutes.",
        )  # fmt: skip

        # The team works, each by their role.
        await fay.palette("Next inject")
        await until(lambda: "jump" in now()())
        await ines.palette("Declare P1 High")
        await until(lambda: room.drill.exercise.state.severity == "P1")
        await otto.keys("4")
        await otto.shows("Complete")
        for line in ("npm run flags", "npm run flag -- gradebook_export off"):
            await otto.types(line)
            await otto.keys("\r")
            await until(partial(_typed_last, room, line))
        await cleo.keys("5")
        await cleo.shows("a line to this channel")
        await cleo.keys("w")
        await asyncio.sleep(0.5)
        await cleo.types("We see it and work on it.")
        await cleo.keys("\r")
        await until(lambda: "post" in now()())
        await sam.keys("6")
        await sam.shows("Runbook")
        await sam.palette("This confuses me")
        await sam.shows("Enter notes it")
        await asyncio.sleep(1)
        await sam.types("Which view?")
        await sam.keys("\r")
        await until(lambda: bool(room.drill.exercise.state.flags))
        await pia.palette("Dashboard: Neon, Monitoring")
        await until(lambda: "view" in now()())

        # One mark is overruled, an observation noted.
        await fay.keys("3")
        await fay.shows("Expected actions")
        await fay.keys("r")
        await fay.writes("Overrule a mark", "I saw it done.", before="\t")
        await until(lambda: bool(room.drill.exercise.state.overrules))
        await fay.keys("n")
        await fay.writes("Note what you see", "Calm and quick.")
        await until(lambda: bool(room.drill.exercise.state.notes))

        # To the end, and the talk after it.
        while not room.drill.exercise.over:
            length = room.drill.exercise.length
            by = room.seat_named("Fay", "facilitator")
            here = room.drill.exercise.state.now
            await room.drill.take("jump", by=by, to=min(length, here + 300))
        for one in team:
            await one.writes("Hot wash", "All of us.")
        washed = room.drill.exercise.state.hotwash
        await until(lambda: len(washed) == 5, lambda: f"{list(washed)}")
        await fay.palette("Answers")
        for one in team:
            await one.shows("All of us.")
        await fay.keys("3")
        await fay.keys("c")
        await fay.shows("proposed")
        await asyncio.sleep(1.5)
        await fay.keys("\x13")
        await until(lambda: bool(room.drill.exercise.state.confirmed))
        await fay.palette("Result")
        for one in team:
            await one.shows("of 100")
        by = room.seat_named("Fay", "facilitator")
        await room.drill.take("close", by=by)
    assert state is not None


def _typed_last(room: Room, line: str) -> bool:
    return typed(room)[-1:] == [line]


def typed(room: Room) -> list[str]:
    """Return the lines that were typed."""
    return [act.line for act in room.drill.acts() if isinstance(act, a.Command)]


@pytest.mark.parametrize("engine", ["file", "database"])
def test_a_team_of_five_plays_to_the_report(
    engine: str,
    tmp_path: Path,
    chromium: Chromium,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    if engine == "file":
        stores = [Store(tmp_path / "home")]
    else:
        url = request.getfixturevalue("postgres_url")
        stores = [store_at(url), store_at(url)]

    async def run() -> str:
        async with hosts(stores) as hosted:
            await play(hosted, chromium)
            rooms = [next(iter(service.rooms.values())) for service in hosted.services]
            await until(lambda: len({room.drill.seq for room in rooms}) == 1)
            assert len({digest(room.drill.exercise) for room in rooms}) == 1
            await until(lambda: all(room.drill.journal.sealed for room in rooms))
            return hosted.room.exercise_id

    exercise = asyncio.run(run())
    stored = load(stores[0], exercise)
    report = write_report(exercise, stored.assessment, "html")
    for shown in (
        "Ines", "Otto", "Cleo", "Sam", "Pia", "Fay", "Red", "postponed",
        "The phone of the support desk rings without end.", "I am with the board in ten minutes.",
        "I saw it done.", "Which view?", "Calm and quick.", "All of us.", "gradebook_export off",
    ):  # fmt: skip
        assert shown in report, shown
    line = stores[0].library().find(exercise)
    assert line is not None
    assert (line.mode, line.state) == ("team", "sealed")
