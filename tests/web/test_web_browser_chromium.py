"""Coming in and typing with a real browser: the entrance, the console, and what people need."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from chromium import Chromium, Page
from prefixed import PREFIX, Prefixed
from served import Served, served

Story = Callable[[Served, Page], Awaitable[None]]


def play(chromium: Chromium, story: Story, *size: int, **person: Any) -> None:
    """Run a story of one person at a browser."""

    async def run() -> None:
        async with served() as host, chromium.person(*size, **person) as page:
            await story(host, page)

    asyncio.run(run())


def console(host: Served) -> Any:
    """Return the one console there is."""
    (only,) = host.service.consoles.values()
    return only


def test_in_by_the_form_and_typing(chromium: Chromium) -> None:
    async def story(host: Served, page: Page) -> None:
        await page.enter(host.url, host.service.code().lower().replace("-", " "), "Kim")
        await page.type("ls -la")
        assert "Seat of Kim" in await page.shows("> ls -la")
        assert await page.evaluate("document.title") == "The <slow> database · Participant"
        assert page.faults == []

    play(chromium, story)


def test_nothing_is_loaded_from_anywhere_else(chromium: Chromium) -> None:
    async def story(host: Served, page: Page) -> None:
        await page.enter(host.url, host.service.code(), "Kim")
        await page.type("⣿ ● ✓ bold")
        await page.shows("bold")
        assert {urlsplit(url).netloc for url in page.received} == {urlsplit(host.url).netloc}
        fonts = {urlsplit(url).path for url in page.received if url.endswith(".ttf")}
        assert len(fonts) == 3
        assert await page.evaluate(
            "['16px', 'bold 16px', 'italic 16px'].every("
            "(font) => document.fonts.check(`${font} 'Roboto Mono'`, 'a⣿●'))"
        )
        assert page.faults == []

    play(chromium, story)


def test_the_code_of_a_link_is_filled_in(chromium: Chromium) -> None:
    async def story(host: Served, page: Page) -> None:
        await page.open(f"{host.url}?code={host.service.code()}")
        assert await page.evaluate("document.activeElement.name") == "name"
        await page.call("Input.insertText", text="Kim")
        await page.submit()
        await page.shows("Seat of Kim")

    play(chromium, story)


@pytest.mark.parametrize("dark", [True, False])
def test_the_entrance_fits_a_phone(chromium: Chromium, dark: bool) -> None:
    async def story(host: Served, page: Page) -> None:
        async def fits() -> None:
            width = await page.evaluate("[innerWidth, document.documentElement.scrollWidth]")
            assert width == [400, 400]
            assert await page.evaluate(
                "[...document.querySelectorAll('input, button')].every((x) => "
                "x.getBoundingClientRect().height >= 44"
                " && parseFloat(getComputedStyle(x).fontSize) >= 16)"
            )

        await page.open(host.url)
        await fits()
        await page.fill(name="W" * 60, code="0000-0000-0000")
        await page.submit()
        await page.says("No exercise has this code. Look at it again.")
        assert await page.evaluate("document.querySelector('[name=name]').value") == "W" * 60
        await fits()
        await page.enter(host.url, host.service.code(), "W" * 60)
        await page.open(host.url)
        await page.says("You are in as")
        await fits()

    play(chromium, story, 400, 800, phone=True, dark=dark)


def test_the_form_needs_no_script_and_the_console_says_that_it_does(chromium: Chromium) -> None:
    async def story(host: Served, page: Page) -> None:
        await page.open(host.url)
        await page.call("Emulation.setScriptExecutionDisabled", value=True)
        form = await page.call("Runtime.evaluate", expression="document.forms[0].action")
        assert form["result"]["value"] == f"{host.url}enter"
        await page.reload()
        for name, text in (("name", "Kim"), ("code", host.service.code())):
            await page.holds(f"document.activeElement?.name == '{name}'")
            await page.call("Input.insertText", text=text)
            await page.press("Tab")
        await page.press("Enter")
        await page.says("needs JavaScript")
        assert console(host).name == "Kim"
        assert console(host).attached == 0

    play(chromium, story)


def test_a_phone_shows_a_whole_console_however_it_is_held(chromium: Chromium) -> None:
    async def story(host: Served, page: Page) -> None:
        await page.enter(host.url, host.service.code(), "Kim")
        width, height = console(host).size
        assert width in range(80, 100)
        assert height >= 24
        await page.resize(800, 400, phone=True)
        await page.holds("caughtTerminal.terminal.cols >= 100")
        await page.type("x")
        await page.shows("> x")
        width, height = console(host).size
        assert width in range(100, 130)
        assert height in range(24, 30)
        assert page.faults == []

    play(chromium, story, 400, 800, phone=True)


@pytest.mark.parametrize(("dark", "theme"), [(True, "dark"), (False, "light")])
def test_a_console_begins_as_light_or_dark_as_its_person_likes_it(
    chromium: Chromium, dark: bool, theme: str
) -> None:
    async def story(host: Served, page: Page) -> None:
        await page.enter(host.url, host.service.code(), "Kim")
        assert console(host).terminal["TABLETOP_THEME"] == theme
        assert console(host).terminal["COLORTERM"] == "truecolor"

    play(chromium, story, dark=dark)


def test_the_window_may_change_its_size(chromium: Chromium) -> None:
    async def story(host: Served, page: Page) -> None:
        await page.enter(host.url, host.service.code(), "Kim")
        wide, high = console(host).size
        await page.resize(1000, 600)
        await page.type("x")
        await page.shows("> x")
        width, height = console(host).size
        assert (80 <= width < wide, 24 <= height < high) == (True, True)

    play(chromium, story)


def test_keys_of_the_browser_stay_the_browsers_and_all_others_are_the_consoles(
    chromium: Chromium,
) -> None:
    async def story(host: Served, page: Page) -> None:
        await page.enter(host.url, host.service.code(), "Kim")
        await page.press("ctrl+p", "ctrl+r", "ctrl+c", "Escape", "F1", "ArrowUp", "Tab")
        await page.type("x")
        await page.shows("x")
        for key, letter in (
            ("p", "\x10"), ("r", "\x12"), ("c", "\x03"), ("Escape", "\x1b"), ("F1", "\x1bOP"),
            ("ArrowUp", "\x1b[A"), ("Tab", "\t"),
        ):  # fmt: skip
            assert letter in console(host).typed, key
        before = console(host).typed
        await page.press("ctrl++", "ctrl+0", "F12", "F11", "ctrl+shift+i", "meta+c", "alt+d")
        await page.type("y")
        await page.shows("y")
        assert console(host).typed == before + "y"

    play(chromium, story)


def test_f5_loads_the_page_again_and_the_seat_is_still_there(chromium: Chromium) -> None:
    async def story(host: Served, page: Page) -> None:
        await page.enter(host.url, host.service.code(), "Kim")
        await page.type("before ")
        await page.shows("before")
        await page.evaluate("window.old = true")
        await page.reload()
        await page.holds("!window.old")
        await page.shows("> before")
        await page.type("after")
        await page.shows("> before after")
        assert console(host).attached == 2

    play(chromium, story)


def test_what_is_pasted_arrives_whole_however_long_it_is(chromium: Chromium) -> None:
    async def story(host: Served, page: Page) -> None:
        await page.enter(host.url, host.service.code(), "Kim")
        text = "".join(f"{number:07}🙂" for number in range(9000))
        await page.evaluate(
            "(() => { const data = new DataTransfer(); data.setData('text/plain', "
            f"'{text}'); document.querySelector('.xterm-helper-textarea').dispatchEvent("
            "new ClipboardEvent('paste', {clipboardData: data, bubbles: true})); })()"
        )
        for _ in range(500):
            if len(console(host).typed) >= len(text):
                break
            await asyncio.sleep(0.02)
        assert console(host).typed == text
        await page.evaluate(
            "(() => { const data = new DataTransfer(); data.setData('text/plain', "
            "'x'.repeat(500000)); document.querySelector('.xterm-helper-textarea').dispatchEvent("
            "new ClipboardEvent('paste', {clipboardData: data, bubbles: true})); })()"
        )
        await page.says("too much at once")
        assert console(host).typed == text

    play(chromium, story)


def test_names_and_last_words_are_text_and_nothing_else(chromium: Chromium) -> None:
    evil = "<img src=x onerror=hit=1><script>hit=1</script>"

    async def story(host: Served, page: Page) -> None:
        await page.open(f"{host.url}?code={evil}")
        await page.fill(name=evil)
        await page.submit()
        await page.says("No exercise has this code")
        await page.fill(name=evil, code=host.service.code())
        await page.submit()
        await page.shows("Seat of")
        await page.open(host.url)
        assert evil in await page.says("You are in as")
        await page.follow(".seat a")
        await page.shows("Seat of")
        console(host).viewer.closed(evil)
        assert evil in await page.says("This console is closed")
        assert await page.evaluate("window.hit ?? null") is None
        assert page.faults == ["Failed to load resource: the server responded with a status of 403"
                               f" (Forbidden) {host.url}enter"]  # fmt: skip

    play(chromium, story)


def test_behind_a_path_of_a_reverse_proxy(chromium: Chromium) -> None:
    async def run() -> None:
        async with (
            Prefixed.start() as proxy,
            served(public_url=proxy.url) as host,
            chromium.person() as page,
        ):
            proxy.behind = host.url
            assert host.server.url == proxy.url
            await page.open(proxy.url)
            await page.fill(name="Kim", code="wrong")
            await page.submit()
            await page.says("No exercise has this code")
            await page.fill(name="Kim", code=host.service.code())
            await page.submit()
            await page.shows("Seat of Kim")
            await page.type("hallo")
            await page.shows("> hallo")
            await page.reload()
            await page.shows("> hallo")
            host.service.revoke("participant")
            await page.says("taken this code back")
            await page.reload()
            await page.says("no longer open")
            assert all(urlsplit(url).path.startswith(PREFIX) for url in page.received)
            assert set(host.service.addresses) == {"203.0.113.9"}

    asyncio.run(run())


def test_a_foreign_page_of_the_same_machine_can_do_nothing_with_somebodys_seat(
    chromium: Chromium,
) -> None:
    """Cookies know no ports: to them a page of another port is the same site."""

    async def run() -> None:
        async with served() as host, foreign() as port, chromium.person() as page:
            await page.enter(host.url, host.service.code(), "Kim")
            await page.open(f"http://127.0.0.1:{port}/")
            said = await page.evaluate(
                "new Promise((done) => {"
                f"const socket = new WebSocket('{host.url.replace('http', 'ws')}ws');"
                "socket.onopen = () => done('open'); socket.onerror = () => done('refused'); })"
            )
            assert said == "refused"
            assert "403" in page.faults[-1]
            await page.evaluate(
                f"document.body.innerHTML = '<iframe src={host.url}></iframe>';"
                f"document.body.innerHTML += '<iframe src={host.url}console></iframe>'"
            )
            for _ in range(200):
                if len([x for x in page.faults if "frame" in x.lower()]) >= 2:
                    break
                await asyncio.sleep(0.02)
            assert len([x for x in page.faults if "frame" in x.lower()]) >= 2, page.faults
            form = f"name=Eve&code={host.service.code()}"
            said = await page.evaluate(
                f"fetch('{host.url}enter', {{method: 'POST', credentials: 'include', headers:"
                f"{{'Content-Type': 'application/x-www-form-urlencoded'}}, body: '{form}'}})"
                ".then(() => 'read', () => 'refused')"
            )
            assert said == "refused"
            assert [console.name for console in host.service.consoles.values()] == ["Kim"]
            assert console(host).attached == 1

    asyncio.run(run())


@contextlib.asynccontextmanager
async def foreign() -> AsyncIterator[int]:
    """Serve an empty page at a port that is not ours."""

    async def answer(_: web.BaseRequest) -> web.Response:
        return web.Response(text="<!doctype html><title>foreign</title>", content_type="text/html")

    runner = web.ServerRunner(web.Server(answer), shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


def test_without_the_means_to_draw_in_three_dimensions_a_console_is_drawn_all_the_same() -> None:
    plain = Chromium("--disable-3d-apis")
    try:

        async def story(host: Served, page: Page) -> None:
            await page.enter(host.url, host.service.code(), "Kim")
            await page.type("hallo")
            await page.shows("> hallo")

        play(plain, story)
    finally:
        plain.remove()
