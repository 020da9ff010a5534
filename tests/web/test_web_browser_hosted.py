"""A browser at a real console: the service, its nursery, a seat's process, Chromium."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from chromium import Chromium, Page
from hosted import code, serving, until

from simulator.content.pack import Pack
from simulator.session.room import Room
from simulator.web.browser import BrowserServer
from simulator.web.service import Service


@contextlib.asynccontextmanager
async def hosted(folder: Path, pack: Pack) -> AsyncIterator[tuple[Service, Room, str]]:
    """Serve an exercise to browsers; yield its service, its room and the address."""
    async with serving(folder, pack) as service:
        server = BrowserServer(service, port=0)
        await server.start()
        try:
            yield service, next(iter(service.rooms.values())), server.url
        finally:
            await server.stop()


async def begin(service: Service, room: Room) -> None:
    """Begin the exercise, as its facilitator does."""
    fay = await service.admit(code(service, "facilitator"), "Fay", "127.0.0.1")
    await room.drill.take("start", by=fay.seat)


async def to_the_shell(service: Service, room: Room, page: Page) -> None:
    """Begin the exercise and go to the terminal's prompt."""
    await begin(service, room)
    await page.shows("Dashboards")
    await page.press("4")
    await page.shows("~$")


def test_a_participant_plays_in_a_browser(chromium: Chromium, tmp_path: Path, stuck: Pack) -> None:
    async def play() -> None:
        async with hosted(tmp_path, stuck) as (service, room, url), chromium.person() as page:
            await page.enter(url, code(service, "participant"), "Kim")
            shown = await page.shows("The exercise has not begun.")
            assert "Kim" in shown
            assert str(await page.evaluate("document.title")).startswith(stuck.scenario.title)
            await to_the_shell(service, room, page)
            await page.type("kioskctl status")
            await page.press("Enter")
            await until(lambda: bool(room.drill.exercise.state.terminal))
            assert room.drill.exercise.state.terminal[0].line == "kioskctl status"
            assert page.faults == []

    asyncio.run(play())


def test_after_a_reload_or_a_lost_connection_a_half_typed_command_is_still_there(
    chromium: Chromium, tmp_path: Path, stuck: Pack
) -> None:
    async def play() -> None:
        async with hosted(tmp_path, stuck) as (service, room, url), chromium.person() as page:
            await page.enter(url, code(service, "participant"), "Kim")
            await to_the_shell(service, room, page)
            await page.type("kioskctl")
            await page.shows("~$ kioskctl")
            await page.reload()
            await page.shows("~$ kioskctl")
            await page.cut()
            await page.type(" sta")
            await page.says("Connection lost")
            await page.mend()
            await page.shows("~$ kioskctl sta")
            await page.type("tus")
            await page.press("Enter")
            await until(lambda: bool(room.drill.exercise.state.terminal))
            assert room.drill.exercise.state.terminal[0].line == "kioskctl status"
            assert len(service.lines()) == 1

    asyncio.run(play())


def test_who_lost_their_browser_comes_back_to_their_seat_with_another_one(
    chromium: Chromium, tmp_path: Path, stuck: Pack
) -> None:
    async def play() -> None:
        killed = Chromium()
        try:
            async with hosted(tmp_path, stuck) as (service, room, url):
                with contextlib.suppress(ConnectionError):
                    async with killed.person() as page:
                        await page.enter(url, code(service, "participant"), "Kim")
                        await to_the_shell(service, room, page)
                        await page.type("kioskctl")
                        await page.shows("~$ kioskctl")
                        killed.kill()
                await until(lambda: service.lines()[0].viewer is None)
                async with chromium.person() as page:
                    await page.enter(url, code(service, "participant"), "Kim")
                    await page.shows("~$ kioskctl")
                    assert sorted(room.seats.values()) == ["Fay", "Kim"]
        finally:
            killed.remove()

    asyncio.run(play())


def test_the_mouse_works(chromium: Chromium, tmp_path: Path, stuck: Pack) -> None:
    async def play() -> None:
        async with hosted(tmp_path, stuck) as (service, room, url), chromium.person() as page:
            await page.enter(url, code(service, "participant"), "Kim")
            await begin(service, room)
            await page.shows("Terminal")
            await page.reload()
            lines = (await page.shows("Terminal")).splitlines()
            row = next(row for row, line in enumerate(lines) if "Terminal" in line)
            await page.click(lines[row].index("Terminal"), row)
            await page.shows("ops@laptop:~$")

    asyncio.run(play())


@pytest.mark.parametrize("dark", [True, False])
def test_a_console_is_light_or_dark_as_the_browser_is(
    chromium: Chromium, tmp_path: Path, stuck: Pack, dark: bool
) -> None:
    async def play() -> None:
        async with (
            hosted(tmp_path, stuck) as (service, _, url),
            chromium.person(dark=dark) as page,
        ):
            await page.enter(url, code(service, "participant"), "Kim")
            await page.shows("The exercise has not begun.")
            cell = "caughtTerminal.terminal.buffer.active.getLine(20).getCell(40)"
            colour = await page.evaluate(f"{cell}.getBgColor()")
            assert (colour >> 8 & 255 < 128) == dark

    asyncio.run(play())
