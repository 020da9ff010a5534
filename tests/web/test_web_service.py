"""What the service of a host owes those who sit in its exercises, when things go wrong."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hosted import SECRET, TERMINAL, Person, code, look, serving, sit, until
from terminal import Screen

from simulator.content.pack import Pack
from simulator.journal import Store
from simulator.session.room import Room
from simulator.web import nursing
from simulator.web.joining import NotAdmitted
from simulator.web.nursing import NurseryFault, Nursing
from simulator.web.seat_line import SeatLine
from simulator.web.service import STOPPED, Service

LOBBY = "Press r when you are ready"


def test_a_facilitator_may_have_the_name_of_somebody_in_another_team(
    tmp_path: Path, stuck: Pack
) -> None:
    async def play() -> None:
        async with serving(tmp_path, stuck, "Red", "Blue") as service:
            red, blue = service.rooms.values()
            kim = await sit(service, "Kim", team=1)
            await kim.sees(LOBBY)
            boss = await sit(service, "Kim", "facilitator")
            await boss.sees("1 Red", "2 Blue")
            assert list(red.seats.values()) == ["Kim"]
            assert list(blue.seats.values()) == ["Kim", "Kim (facilitator)"]
            again = await look(service, boss.ticket)
            await again.sees("2 Blue")
            assert len(blue.seats) == 2

    asyncio.run(play())


def test_what_was_done_just_before_the_host_stops_is_stored(
    tmp_path: Path, stuck: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Room.begin(Store(tmp_path), stuck, 1, "Red", SECRET)
    append = room.drill.journal.append

    def slowly(*arguments: Any) -> Any:
        time.sleep(0.3)
        return append(*arguments)

    async def play() -> None:
        service = Service([room], SECRET)
        await service.start()
        kim = await sit(service, "Kim")
        await kim.sees(LOBBY)
        monkeypatch.setattr(room.drill.journal, "append", slowly)
        await kim.press("r")
        await until(room.drill._writing.locked)
        await service.stop()
        assert kim.viewer.words == STOPPED
        with pytest.raises(NurseryFault, match="The host has stopped"):
            await look(service, kim.ticket)

    asyncio.run(play())
    again = Room.open(Store(tmp_path), room.exercise_id, SECRET)
    assert again.drill.exercise.state.ready
    again.drill.journal.close()


def test_a_nursery_that_dies_again_and_again_is_given_ever_longer(
    tmp_path: Path, stuck: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts: list[float] = []
    start = Nursing.start

    async def dies(self: Nursing) -> None:
        starts.append(time.monotonic())
        await start(self)
        os.kill(self.pid, signal.SIGKILL)

    async def play() -> None:
        async with serving(tmp_path, stuck) as service:
            monkeypatch.setattr(Nursing, "start", dies)
            os.kill(service._nursing.pid, signal.SIGKILL)
            await until(lambda: len(starts) == 3)
            assert starts[2] - starts[1] >= 2
            with pytest.raises(NurseryFault):
                await sit(service, "Kim")
            # The exercise goes on meanwhile, and once a nursery lives there are consoles again.
            monkeypatch.setattr(Nursing, "start", start)
            await until(lambda: service._nursing.alive)
            ola = await sit(service, "Ola")
            await ola.sees(LOBBY)

    asyncio.run(play())


def test_a_console_that_dies_while_there_is_no_nursery_waits_for_one(
    tmp_path: Path, stuck: Pack
) -> None:
    async def play() -> None:
        async with serving(tmp_path, stuck) as service:
            kim = await sit(service, "Kim")
            await kim.sees(LOBBY)
            line, shown = kim.hold.line, len(kim.viewer.output)
            service._nursed_at, service._nurse_pause = time.monotonic(), 1.5
            os.kill(service._nursing.pid, signal.SIGKILL)
            line.end()
            await until(lambda: kim.hold.line is not line)
            await kim.sees(LOBBY, since=shown)
            assert kim.viewer.words is None

    asyncio.run(play())


def test_a_console_that_dies_again_and_again_is_given_up_with_words(
    tmp_path: Path, stuck: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play() -> None:
        async with serving(tmp_path, stuck) as service:
            kim = await sit(service, "Kim")
            await kim.sees(LOBBY)
            key = (kim.ticket.exercise, kim.ticket.seat)
            for deaths in range(6):
                kim.hold.line.end()
                await until(partial(lambda n: service._deaths[key] > n, deaths))
                await until(lambda: bool(kim.viewer.words or service.lines()))
            await until(lambda: kim.viewer.words is not None)
            assert kim.viewer.words == (
                "This console dies again and again. The host's log says why."
            )
            assert not service.lines()

    asyncio.run(play())


def test_an_answer_that_comes_too_late_is_nobody_elses(
    tmp_path: Path, stuck: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play() -> None:
        async with serving(tmp_path, stuck) as service:
            kim = await sit(service, "Kim")
            asked = {"seats": kim.hold.line.seats, "width": 80, "height": 24, "terminal": TERMINAL}
            os.kill(service._nursing.pid, signal.SIGSTOP)
            monkeypatch.setattr(nursing, "PATIENCE", 0.2)
            with pytest.raises(NurseryFault):
                await service._nursing.fork(asked)
            os.kill(service._nursing.pid, signal.SIGCONT)
            monkeypatch.setattr(nursing, "PATIENCE", 30.0)
            link, process = await service._nursing.fork(asked)
            pid = service._nursing.pid
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            assert process == int(children[-1])
            link.close()

    asyncio.run(play())


def test_a_console_that_takes_nothing_any_more_counts_as_dead(
    tmp_path: Path, stuck: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play() -> None:
        async with serving(tmp_path, stuck) as service:
            kim = await sit(service, "Kim")
            await kim.sees(LOBBY)
            pid = service._nursing.pid
            seat = int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[-1])
            os.kill(seat, signal.SIGSTOP)
            shown = len(kim.viewer.output)
            line = kim.hold.line
            for _ in range(70):
                kim.hold.input(b"x" * 1024 * 1024)
            await until(lambda: kim.hold.line is not line)
            await kim.sees(LOBBY, since=shown)
            os.kill(seat, signal.SIGCONT)

    asyncio.run(play())


def test_a_repaint_paints_everything_and_sets_the_terminals_modes(
    tmp_path: Path, stuck: Pack
) -> None:
    async def play() -> None:
        async with serving(tmp_path, stuck) as service:
            kim = await sit(service, "Kim")
            fay = await sit(service, "Fay", "facilitator")
            await next(iter(service.rooms.values())).drill.take("start", by=fay.ticket.seat)
            await kim.sees("Dashboards")
            await kim.press("4")
            await kim.sees("Complete")
            await next(iter(service.rooms.values())).drill.take("pause", by=fay.ticket.seat)
            await kim.sees("stopped the time")
            await kim.press("kioskctl sta")
            before = Screen(100, 30)
            await until(lambda: "kioskctl sta" in shown(kim, before))
            again = await look(service, kim.ticket)
            for _ in range(2):
                after = Screen(100, 30)
                await until(partial(lambda screen: shown(again, screen) == before.text(), after),
                            after.text)  # fmt: skip
                assert {"1049", "1000", "1003", "1006", "2004", "1004"} <= after.modes
                assert "25" not in after.modes
                again.hold.line.repaint()

    asyncio.run(play())


def shown(person: Person, screen: Screen) -> str:
    """Let a screen show what somebody's viewer was sent since; return what is on it."""
    screen.feed(bytes(person.viewer.output).decode())
    person.viewer.output.clear()
    return screen.text()


def test_a_console_opens_nothing_and_leaves_nothing_on_the_host(tmp_path: Path) -> None:
    script = """
import asyncio, io, sys
from textual.app import App
from simulator.web.seat_driver import SeatDriver
class Link:
    said = ""
    def show(self, text): Link.said += text
    def drive(self, driver): pass
class Small(App):
    def on_mount(self):
        self.open_url("https://example.org/[b]x")
        self.deliver_text(io.StringIO("secret"), save_directory=sys.argv[1])
        self.set_timer(0.5, self.exit)
import webbrowser
webbrowser.open = lambda *a, **k: sys.exit("a browser was opened")
SeatDriver.link = Link()
app = Small()
app.driver_class = SeatDriver
asyncio.run(app.run_async(size=(80, 24)))
assert "https://example.org/[b]x" in Link.said, Link.said
"""
    said = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    assert not list(tmp_path.iterdir())


def test_whoever_is_here_keeps_the_seat_until_they_are_gone(tmp_path: Path, stuck: Pack) -> None:
    async def play() -> None:
        async with serving(tmp_path, stuck) as service:
            kim = await sit(service, "Kim")
            with pytest.raises(NotAdmitted, match="Kim is here already"):
                await service.admit(code(service, "participant"), " KIM ", "127.0.0.1")
            kim.hold.detach()
            ticket = await service.admit(code(service, "participant"), " KIM ", "127.0.0.1")
            assert ticket.seat == kim.ticket.seat

    asyncio.run(play())


def test_what_a_console_says_is_never_more_than_it_may(tmp_path: Path, stuck: Pack) -> None:
    said: list[Mapping[str, Any]] = []

    async def play() -> None:
        async with serving(tmp_path, stuck) as service:
            kim = await sit(service, "Kim")
            room = next(iter(service.rooms.values()))
            line: SeatLine = kim.hold.line
            line.send = said.append  # type: ignore[assignment, method-assign]
            before = room.drill.seq
            messages: tuple[dict[str, Any], ...] = (
                {"t": "propose", "x": "another", "n": 1, "do": "ready", "fields": {}},
                {"t": "propose", "x": room.exercise_id, "n": 1, "do": 7, "fields": []},
                {"t": "propose"}, {"x": []}, {}, {"t": "order", "n": 1, "order": "stop"},
                {"t": "propose", "x": room.exercise_id, "n": 2, "do": "start", "fields": {
                    "by": "host", "role": "facilitator"}},
            )  # fmt: skip
            for message in messages:
                service._hear(line, message)
            await until(lambda: any(message.get("n") == 1 for message in said))
            await asyncio.sleep(0.2)
            assert room.drill.seq == before
            assert not service.stopping.is_set()
            line.data_received(b"\x00\x00\x00\x03j{]")
            await until(lambda: kim.hold.line is not line)

    asyncio.run(play())
