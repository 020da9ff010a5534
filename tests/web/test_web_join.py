"""`tabletop join`: a real terminal, relayed to a console of a host on the same machine."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import stat
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hosted import SECRET, code, look, serving, until
from terminal import OURS, Screen, Terminal

from simulator.content.pack import Pack
from simulator.journal import Store
from simulator.session.room import Room
from simulator.web.listening import ServingFault
from simulator.web.local import LocalDoor, are_ours, is_served, sockets_folder
from simulator.web.modes import ENTER, LEAVE
from simulator.web.service import STOPPED, Service

LOBBY = "Press r when you are ready"


@pytest.fixture(autouse=True)
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A runtime folder of this test's own."""
    folder = tmp_path / "run"
    folder.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    return folder


def joining(*arguments: str) -> Terminal:
    """Return `tabletop join` in a terminal."""
    return Terminal(sys.executable, "-m", "simulator", "join", *arguments)


@contextlib.asynccontextmanager
async def opened(service: Service, name: str = "") -> AsyncIterator[LocalDoor]:
    """Take terminals for a service."""
    door = LocalDoor(service)
    if name:
        door.path = door.path.with_name(name)
    await door.start()
    try:
        yield door
    finally:
        await door.stop()


def test_a_terminal_joins_is_resized_and_is_given_back(
    tmp_path: Path, stuck: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "81")  # as a shell of another size may have left it
    monkeypatch.setenv("LINES", "25")

    async def play() -> None:
        async with serving(tmp_path, stuck) as service, opened(service) as door:
            assert stat.S_IMODE(door.path.stat().st_mode) == 0o600
            assert stat.S_IMODE(door.path.parent.stat().st_mode) == 0o700
            async with joining(code(service, "participant").lower(), "--name", "Kim") as kim:
                assert "Kim, Participant" in await kim.shows(LOBBY)
                assert {"1049", "1003", "2004"} <= kim.screen.modes
                assert kim.attributes != kim.before
                kim.press("r")
                room = next(iter(service.rooms.values()))
                await until(lambda: bool(room.drill.exercise.state.ready))
                kim.resize(90, 26)
                await until(lambda: service.lines()[0].size == (90, 26))
                await kim.shows("You are ready.")
                kim.press("\x11")
                assert await kim.ended() == 0
                assert kim.restored
                assert "You have left as Kim" in kim.written()

    asyncio.run(play())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_terminal_that_is_told_to_stop_is_given_back_and_the_seat_waits(
    tmp_path: Path, stuck: Pack, number: signal.Signals
) -> None:
    async def play() -> None:
        async with serving(tmp_path, stuck) as service, opened(service):
            async with joining(code(service, "participant"), "--name", "Kim") as kim:
                await kim.shows(LOBBY)
                kim.process.send_signal(number)
                assert await kim.ended() == 0
                assert kim.restored
                assert "told to stop" in kim.written()
            (line,) = service.lines()
            await until(lambda: line.viewer is None)

    asyncio.run(play())


def test_what_was_cut_off_does_not_swallow_that_the_terminal_is_given_back() -> None:
    screen = Screen(80, 24)
    screen.feed(f"{ENTER}text\x1b[38;2;1{LEAVE}")
    assert screen.modes & OURS == {"25"}


def test_a_terminal_that_goes_away_ends_the_relay(tmp_path: Path, stuck: Pack) -> None:
    async def play() -> None:
        async with serving(tmp_path, stuck) as service, opened(service):
            kim = joining(code(service, "participant"), "--name", "Kim")
            async with kim:
                await kim.shows(LOBBY)
                kim.hang_up()
                await until(lambda: kim.process.poll() is not None)

    asyncio.run(play())


def test_wrong_codes_are_said_plainly_and_the_host_that_has_the_code_is_found(
    tmp_path: Path, stuck: Pack, runtime: Path
) -> None:
    async def play() -> None:
        async with joining("0000-0000-0000", "--name", "Kim") as kim:
            assert await kim.ended() == 1
            assert "No host on this machine has this code." in kim.written()
            assert kim.restored
        async with (
            serving(tmp_path / "a", stuck) as one,
            serving(tmp_path / "b", stuck) as two,
            opened(one, "1.sock"),
            opened(two, "2.sock") as newest,
        ):
            os.utime(newest.path, (4e9, 4e9))
            async with joining("0000-0000-0000", "--name", "Kim") as kim:
                assert await kim.ended() == 1
                assert "No exercise here has this code." in kim.written()
            async with joining(code(one, "participant")) as kim:
                await kim.says("Your name:")
                kim.press("Kim\r")
                await kim.shows(LOBBY)
                # What the host that has the code says, is what counts.
                async with joining(code(one, "participant"), "--name", "kim") as other:
                    assert await other.ended() == 1
                    assert "Kim is here already" in other.written()

    asyncio.run(play())


def test_a_terminal_comes_back_to_a_host_that_was_started_again(
    tmp_path: Path, stuck: Pack
) -> None:
    async def play() -> None:
        room = Room.begin(Store(tmp_path), stuck, 1, "Red", SECRET)
        service = Service([room], SECRET)
        await service.start()
        async with opened(service, "1.sock"), serving(tmp_path / "b", stuck) as other:
            kim = joining(code(service, "participant"), "--name", "Kim")
            await kim.__aenter__()
            await kim.shows(LOBBY)
            (line,) = service.lines()
            line.viewer.drop()  # type: ignore[union-attr]
            await until(lambda: line.viewer is None)
            await service.stop()
        async with opened(other, "2.sock"):  # another host there does not have the seat
            await kim.shows("The host is gone for a moment")
            kim.press("r")  # nothing is typed blindly
            fresh = Service([Room.open(Store(tmp_path), room.exercise_id, SECRET)], SECRET)
            await fresh.start()
            try:
                async with opened(fresh, "1.sock"):
                    await until(lambda: bool(fresh.lines()))
                    await kim.shows(LOBBY, "Kim, Participant")
                    assert other.attempts.remembered == 0
                    await fresh.stop()
                    assert await kim.ended() == 0
                    assert STOPPED in kim.written()
                    assert kim.restored
            finally:
                await kim.__aexit__(None, None, None)

    asyncio.run(play())


def test_who_waits_for_a_host_that_is_gone_can_leave(tmp_path: Path, stuck: Pack) -> None:
    async def play() -> None:
        async with contextlib.AsyncExitStack() as stack:
            service = await stack.enter_async_context(serving(tmp_path, stuck))
            async with opened(service):
                kim = joining(code(service, "participant"), "--name", "Kim")
                await stack.enter_async_context(kim)
                await kim.shows(LOBBY)
                service.lines()[0].viewer.drop()  # type: ignore[union-attr]
            await kim.shows("The host is gone for a moment")
            kim.press("q")
            assert await kim.ended() == 0
            assert kim.restored

    asyncio.run(play())


def test_a_terminal_that_takes_no_output_can_still_be_told_to_stop(
    tmp_path: Path, stuck: Pack
) -> None:
    async def play() -> None:
        async with serving(tmp_path, stuck) as service, opened(service):
            async with joining(code(service, "participant"), "--name", "Kim") as kim:
                await kim.shows(LOBBY)
                kim.stop_reading()
                (line,) = service.lines()
                for _ in range(40):
                    line.repaint()
                    await asyncio.sleep(0.02)
                kim.process.terminate()
                await asyncio.sleep(0.5)
                kim.go_on_reading()
                assert await kim.ended() == 0
            again = await look(service, line.ticket)
            await again.sees(LOBBY)

    asyncio.run(play())


def test_without_a_terminal_it_ends_at_once() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "simulator", "join", "0000-0000-0000", "--name", "Kim"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert said.returncode == 1
    assert said.stderr == "A console needs a terminal. Run this where you can type.\n"


def test_sockets_of_hosts_that_are_gone_are_removed_and_others_kept(
    tmp_path: Path, stuck: Pack, runtime: Path
) -> None:
    async def play() -> None:
        async with serving(tmp_path, stuck) as service, opened(service, "1.sock") as first:
            dead = first.path.with_name("2.sock")
            await (await asyncio.start_unix_server(lambda r, w: None, dead)).__aexit__()
            assert dead.exists()
            async with opened(service, "3.sock"):
                assert not dead.exists()
                assert is_served(first.path)

    asyncio.run(play())


def test_the_sockets_folder_is_short_and_nobody_elses(
    tmp_path: Path, runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = sockets_folder()
    assert folder == runtime / "tabletop"
    assert not are_ours(folder)
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    assert not are_ours(folder)
    with pytest.raises(ServingFault, match="Others may write in"):
        asyncio.run(LocalDoor(None).start())  # type: ignore[arg-type]
    folder.chmod(0o700)
    assert are_ours(folder)
    linked = tmp_path / "linked"
    linked.symlink_to(folder)
    assert not are_ours(linked)
    long = tmp_path / ("x" * 90)
    long.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(long))
    assert len(str(sockets_folder())) < 80
