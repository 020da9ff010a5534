"""Connections break, pages are loaded again, hosts are started again: nothing typed is lost."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable

import pytest
from cable import Cable
from chromium import Chromium, Page
from served import Served, served
from small_service import Console, SmallService

from simulator.web import typed
from simulator.web.browser import BrowserServer

LOST = "Connection lost, trying again"
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"

Story = Callable[[Served, Page, Cable], Awaitable[None]]


def play(chromium: Chromium, story: Story) -> None:
    """Run a story of one person whose browser hangs on a cable, and who has come in."""

    async def run() -> None:
        async with (
            served() as host,
            Cable.to("127.0.0.1", host.server.port) as cable,
            chromium.person() as page,
        ):
            await page.enter(f"http://127.0.0.1:{cable.port}/", host.service.code(), "Kim")
            await story(host, page, cable)

    asyncio.run(run())


def console(host: Served) -> Console:
    """Return the one console there is."""
    (only,) = host.service.consoles.values()
    return only


async def received(host: Served, text: str) -> None:
    """Wait until exactly this was typed into the console."""
    for _ in range(2000):
        if len(console(host).typed) >= len(text):
            break
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    assert console(host).typed == text


def test_a_cut_cable_is_said_calmly_and_then_everything_goes_on(chromium: Chromium) -> None:
    async def story(host: Served, page: Page, cable: Cable) -> None:
        await page.type("before ")
        await page.shows("> before")
        cable.cut()
        await page.type("meanwhile ")
        await page.says(LOST)
        assert await page.evaluate("document.querySelector('#notice').getAttribute('role')")
        cable.mend()
        await page.shows("> before meanwhile")
        await page.holds("document.querySelector('#notice').hidden")
        await page.type("after")
        await received(host, "before meanwhile after")

    play(chromium, story)


def test_a_blink_of_the_network_is_not_even_mentioned(chromium: Chromium) -> None:
    async def story(host: Served, page: Page, cable: Cable) -> None:
        await page.evaluate(
            "window.said = []; new MutationObserver(() => said.push("
            "document.querySelector('#notice').textContent)).observe("
            "document.querySelector('#notice'), {childList: true})"
        )
        cable.cut()
        cable.mend()
        await page.type("x")
        await received(host, "x")
        assert LOST not in await page.evaluate("said")

    play(chromium, story)


def test_a_dead_connection_is_noticed_although_it_never_closes(chromium: Chromium) -> None:
    async def story(host: Served, page: Page, cable: Cable) -> None:
        await page.type("a")
        await page.shows("> a")
        cable.deaden()
        await page.type("b")
        await page.says(LOST)
        cable.mend()
        await received(host, "ab")

    play(chromium, story)


def test_a_page_without_a_network_comes_back_with_it(chromium: Chromium) -> None:
    async def story(host: Served, page: Page, cable: Cable) -> None:
        await page.cut()
        await page.type("typed offline")
        await page.says(LOST)
        await page.mend()
        await received(host, "typed offline")

    play(chromium, story)


@pytest.mark.parametrize("seed", range(3))
def test_no_letter_is_lost_or_doubled_while_cables_break_and_pages_reload(
    chromium: Chromium, seed: int
) -> None:
    """Letters are typed without pause; at random moments something breaks."""

    async def story(host: Served, page: Page, cable: Cable) -> None:
        chance = random.Random(seed)
        text = ""
        for _ in range(8):
            for _ in range(chance.randrange(1, 12)):
                letter = chance.choice(LETTERS)
                text += letter
                await page.type(letter)
                if chance.random() < 0.2:
                    cable.cut()
                elif chance.random() < 0.3:
                    cable.mend()
            cable.mend()
            if chance.random() < 0.5:
                await page.reload()
                await page.shows("Seat of Kim")
        await received(host, text)

    play(chromium, story)


def test_letters_on_their_way_survive_a_reload(chromium: Chromium) -> None:
    async def story(host: Served, page: Page, cable: Cable) -> None:
        cable.deaden()
        await page.type("on their way")
        cable.mend()
        await page.reload()
        await received(host, "on their way")

    play(chromium, story)


def test_what_the_mouse_did_meanwhile_is_not_done_later(chromium: Chromium) -> None:
    async def story(host: Served, page: Page, cable: Cable) -> None:
        viewer = console(host).viewer
        assert viewer is not None
        viewer.write(b"\x1b[?1003h\x1b[?1006h mouse on")
        await page.shows("mouse on")
        cable.cut()
        await page.says(LOST)
        for step in range(5):
            await page.call("Input.dispatchMouseEvent", type="mouseMoved", x=50 * step, y=50)
        await page.type("x")
        cable.mend()
        await received(host, "x")

    play(chromium, story)


def test_after_a_long_time_what_was_typed_blindly_is_dropped_and_that_is_said(
    chromium: Chromium, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typed, "OUTLIVES", 0.2)

    async def story(host: Served, page: Page, cable: Cable) -> None:
        await page.type("a")
        await page.shows("> a")
        cable.cut()
        await page.type("blindly")
        await page.says(LOST)
        cable.mend()
        await page.says("what was typed meanwhile was not kept")
        await page.type("b")
        await received(host, "ab")

    play(chromium, story)


def test_a_host_that_is_started_again_is_found_again(chromium: Chromium) -> None:
    async def run() -> None:
        service = SmallService()
        first = BrowserServer(service, port=0)
        await first.start()
        async with chromium.person() as page:
            await page.enter(first.url, service.code(), "Kim")
            await first.stop()
            await page.says(LOST)
            second = BrowserServer(service, port=first.port)
            await second.start()
            await page.holds("document.querySelector('#notice').hidden")
            await page.type("hallo")
            await page.shows("> hallo")
            await second.stop()

    asyncio.run(run())


def test_the_last_words_are_a_plain_page_with_a_way_on(chromium: Chromium) -> None:
    async def story(host: Served, page: Page, cable: Cable) -> None:
        viewer = console(host).viewer
        assert viewer is not None
        viewer.closed("The exercise has ended.")
        said = await page.says("The exercise has ended.")
        assert "This console is closed" in said
        assert LOST not in said
        await page.type("x")
        await page.follow("#again")
        await page.shows("Seat of Kim")
        assert console(host).typed == ""

    play(chromium, story)


def test_a_seat_that_was_closed_while_away_is_said(chromium: Chromium) -> None:
    async def story(host: Served, page: Page, cable: Cable) -> None:
        cable.cut()
        await page.says(LOST)
        host.service.revoke("participant")
        cable.mend()
        await page.says("your facilitator has closed it")
        await page.follow("#ended a:not(#again)")
        await page.says("Join an exercise")

    play(chromium, story)


def test_another_window_takes_the_seat_and_the_first_can_take_it_back(chromium: Chromium) -> None:
    async def story(host: Served, page: Page, cable: Cable) -> None:
        await page.type("one ")
        await page.shows("> one")
        other = await page.another()
        await other.open(await page.evaluate("location.href"))
        await other.shows("> one")
        await page.says("Another window has taken this seat")
        await other.type("two ")
        await other.shows("> one two")
        await page.follow("#again")
        await page.shows("> one two")
        await other.says("Another window has taken this seat")
        await page.type("three")
        await received(host, "one two three")

    play(chromium, story)


def test_a_copied_tab_loses_nothing_either(chromium: Chromium) -> None:
    """A browser copies a tab's storage with it: then two windows have one name."""

    async def story(host: Served, page: Page, cable: Cable) -> None:
        await page.type("one ")
        await page.shows("> one")
        kept = await page.evaluate("JSON.stringify({...sessionStorage})")
        await page.type("two ")
        await page.shows("> one two")
        other = await page.another()
        await other.open(f"http://127.0.0.1:{cable.port}/healthz")
        await other.evaluate(f"Object.assign(sessionStorage, {kept})")
        await other.open(await page.evaluate("location.href"))
        await other.shows("> one two")
        await other.type("three ")
        await other.shows("> one two three")
        await page.follow("#again")
        await page.shows("> one two three")
        await page.type("four")
        await received(host, "one two three four")

    play(chromium, story)
