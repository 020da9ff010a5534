"""The gate before consoles in browsers: who is refused, and what every answer says."""

from __future__ import annotations

import asyncio
import json
import ssl
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from served import Seat, Served, served
from small_service import SmallService

from simulator.web import browser, window
from simulator.web.browser import POLICY, BrowserServer, ServingFault
from simulator.web.limits import Attempts

HELLO = {"window": "window-1", "sent": 0, "known": False, "width": 80, "height": 24, "light": True}


def play(story: Callable[[Served], Awaitable[None]], **options: Any) -> None:
    """Run a story against a server."""

    async def run() -> None:
        async with served(**options) as host:
            await story(host)

    asyncio.run(run())


class Line:
    """A WebSocket to a console, as the page has one."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.output = b""

    @classmethod
    async def open(cls, host: Served, seat: Seat, **hello: Any) -> Line:
        """Connect and say hello."""
        socket = await host.client.ws_connect(
            f"{host.url}ws?seat={seat.handle}", headers={**host.origin, **seat.headers}
        )
        line = cls(socket)
        await line.say("hello", {**HELLO, **hello})
        return line

    async def say(self, *message: Any) -> None:
        """Send a message."""
        await self.socket.send_str(json.dumps(message))

    async def hear(self, kind: str) -> Any:
        """Return what the next message of this kind says, taking terminal output meanwhile."""
        async with asyncio.timeout(10):
            while True:
                message = await self.socket.receive()
                if message.type is aiohttp.WSMsgType.BINARY:
                    self.output += message.data
                    continue
                assert message.type is aiohttp.WSMsgType.TEXT, message
                said = json.loads(message.data)
                if said[0] == kind:
                    return said[1]

    async def ended(self) -> int | None:
        """Wait until the connection is closed; return the code it was closed with."""
        async with asyncio.timeout(10):
            async for message in self.socket:
                if message.type is aiohttp.WSMsgType.BINARY:
                    self.output += message.data
        return self.socket.close_code


async def refused(host: Served, path: str, **headers: str) -> int:
    """Try to open a WebSocket; return the status it was refused with, before any upgrade."""
    with pytest.raises(aiohttp.WSServerHandshakeError) as fault:
        await host.client.ws_connect(host.url + path, headers=headers)
    assert all(console.attached == 0 for console in host.service.consoles.values())
    return fault.value.status


def test_a_page_of_ours_with_a_seat_may_type_and_is_answered() -> None:
    async def story(host: Served) -> None:
        seat = await host.enter()
        line = await Line.open(host, seat, width=100, height=40)
        assert await line.hear("hello") == {"taken": 0, "fresh": False}
        await line.say("stdin", "hallo", 1)
        assert await line.hear("taken") == 1
        (console,) = host.service.consoles.values()
        assert (console.typed, console.size) == ("hallo", (100, 40))
        assert console.terminal["TABLETOP_THEME"] == "light"
        await line.say("ping", "7")
        assert await line.hear("pong") == "7"
        assert b"> hallo" in line.output
        await line.socket.close()

    play(story)


@pytest.mark.parametrize(
    "origin", [None, "null", "https://evil.example", "http://localhost:1", "http://127.0.0.1"]
)
def test_a_foreign_page_is_refused_before_the_upgrade(origin: str | None) -> None:
    async def story(host: Served) -> None:
        seat = await host.enter()
        headers = {**seat.headers, **({"Origin": origin} if origin else {})}
        assert await refused(host, f"ws?seat={seat.handle}", **headers) == 403

    play(story)


def test_who_has_no_cookie_or_a_wrong_one_is_refused_before_the_upgrade() -> None:
    async def story(host: Served) -> None:
        seat = await host.enter()
        other = await host.enter("Ada")
        name, _, value = seat.cookie.partition("=")
        forged = value[:-1] + ("A" if value[-1] != "A" else "B")
        for path, cookie in (
            (f"ws?seat={seat.handle}", ""),
            (f"ws?seat={seat.handle}", f"{name}={forged}"),
            (f"ws?seat={seat.handle}", other.cookie),
            (f"ws?seat={seat.handle}", f"tabletop-{seat.handle}=x.y"),
            ("ws?seat=unknown", seat.cookie),
        ):
            assert await refused(host, path, **host.origin, Cookie=cookie) == 401

    play(story)


def test_a_revoked_seat_is_told_and_cannot_come_back() -> None:
    async def story(host: Served) -> None:
        seat = await host.enter()
        line = await Line.open(host, seat)
        await line.hear("hello")
        host.service.revoke("participant")
        assert "taken this code back" in await line.hear("closed")
        await line.ended()
        with pytest.raises(aiohttp.WSServerHandshakeError) as fault:
            await Line.open(host, seat)
        assert fault.value.status == 401
        async with host.client.get(f"{host.url}seat?seat={seat.handle}", headers=seat.headers) as a:
            assert a.status == 403
            assert "no longer open" in (await a.json())["why"]
        async with host.client.get(f"{host.url}console", headers=seat.headers) as answer:
            assert answer.status == 403
            assert "no longer open" in await answer.text()

    play(story)


def test_another_window_takes_the_seat() -> None:
    async def story(host: Served) -> None:
        seat = await host.enter()
        first = await Line.open(host, seat)
        await first.hear("hello")
        second = await Line.open(host, seat, window="window-2")
        await second.hear("hello")
        assert "Another window" in await first.hear("closed")
        await first.ended()
        await second.say("stdin", "x", 1)
        assert await second.hear("taken") == 1
        await second.socket.close()

    play(story)


@pytest.mark.parametrize(
    "message",
    [
        "x",
        "[]",
        "[" * 60_000,
        "9" * 60_000,
        '["stdin"]',
        '["stdin", "x"]',
        '["stdin", "x", "1"]',
        '["stdin", 1, 1]',
        '["resize", {"width": "80", "height": 24}]',
        f'["ping", "{"x" * 33}"]',
        '["hello", {}]',
        '["order", "end"]',
    ],
)
def test_what_no_page_of_ours_says_ends_the_connection(message: str) -> None:
    async def story(host: Served) -> None:
        line = await Line.open(host, await host.enter())
        await line.hear("hello")
        await line.socket.send_str(message)
        assert await line.ended() == aiohttp.WSCloseCode.POLICY_VIOLATION
        (console,) = host.service.consoles.values()
        assert console.typed == ""

    play(story)


@pytest.mark.parametrize(
    "hello",
    [
        {"window": "short"},
        {"window": "with a blank"},
        {"sent": -1},
        {"width": "80"},
        {"light": 1},
        {"known": None},
    ],
)
def test_a_hello_that_is_none_opens_nothing(hello: dict[str, Any]) -> None:
    async def story(host: Served) -> None:
        line = await Line.open(host, await host.enter(), **hello)
        assert await line.ended() == aiohttp.WSCloseCode.POLICY_VIOLATION
        assert [console.attached for console in host.service.consoles.values()] == [0]

    play(story)


def test_who_says_nothing_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window, "HELLO_WITHIN", 0.05)

    async def story(host: Served) -> None:
        seat = await host.enter()
        socket = await host.client.ws_connect(
            f"{host.url}ws?seat={seat.handle}", headers={**host.origin, **seat.headers}
        )
        await Line(socket).ended()
        assert [console.attached for console in host.service.consoles.values()] == [0]

    play(story)


def test_a_message_that_is_too_large_ends_the_connection() -> None:
    async def story(host: Served) -> None:
        line = await Line.open(host, await host.enter())
        await line.hear("hello")
        await line.say("stdin", "x" * 65_000, 1)
        assert await line.hear("taken") == 1
        await line.say("stdin", "x" * 66_000, 2)
        assert await line.ended() == aiohttp.WSCloseCode.MESSAGE_TOO_BIG
        (console,) = host.service.consoles.values()
        assert len(console.typed) == 65_000

    play(story)


def test_half_a_letter_reaches_the_console_as_a_question_mark() -> None:
    async def story(host: Served) -> None:
        line = await Line.open(host, await host.enter())
        await line.say("stdin", "a\ud800b", 1)
        await line.hear("taken")
        (console,) = host.service.consoles.values()
        assert console.typed == "a?b"
        await line.socket.close()

    play(story)


def test_a_huge_size_is_clamped() -> None:
    async def story(host: Served) -> None:
        line = await Line.open(host, await host.enter(), width=4000, height=4000)
        await line.say("resize", {"width": 10**9, "height": 10**9})
        await line.say("resize", {"width": 132, "height": 43})
        await line.say("stdin", "x", 1)
        await line.hear("taken")
        (console,) = host.service.consoles.values()
        assert console.sizes == [(400, 200), (132, 43)]  # one that is no news is not passed on
        await line.socket.close()

    play(story)


def test_a_seat_has_few_windows_and_a_host_no_more_than_it_can_carry(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def open_silently(host: Served, seat: Seat) -> aiohttp.ClientWebSocketResponse:
        return await host.client.ws_connect(
            f"{host.url}ws?seat={seat.handle}", headers={**host.origin, **seat.headers}
        )

    async def story(host: Served) -> None:
        kim, ada = await host.enter("Kim"), await host.enter("Ada")
        sockets = [await open_silently(host, kim) for _ in range(browser.MOST_WINDOWS_OF_A_SEAT)]
        with pytest.raises(aiohttp.WSServerHandshakeError) as fault:
            await open_silently(host, kim)
        assert fault.value.status == 429
        monkeypatch.setattr(browser, "MOST_WINDOWS", 5)
        sockets.append(await open_silently(host, ada))
        with pytest.raises(aiohttp.WSServerHandshakeError) as fault:
            await open_silently(host, ada)
        assert fault.value.status == 503
        for socket in sockets:
            await socket.close()
        again = await open_silently(host, kim)
        await again.close()

    play(story)


def test_a_browser_that_is_too_slow_is_let_go_and_may_come_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(window, "SLOWEST", 100_000)

    async def story(host: Served) -> None:
        seat = await host.enter()
        line = await Line.open(host, seat)
        await line.hear("hello")
        (console,) = host.service.consoles.values()
        viewer = console.viewer
        assert viewer is not None
        viewer.write(b"x" * 40_000)
        assert viewer.backlog >= 40_000
        viewer.write(b"x" * 80_000)
        assert await line.ended() == aiohttp.WSCloseCode.OK
        again = await Line.open(host, seat)
        assert await again.hear("hello") == {"taken": 0, "fresh": False}
        await again.socket.close()

    play(story)


def test_whoever_floods_waits_and_disturbs_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    really = asyncio.sleep

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await really(0)

    async def story(host: Served) -> None:
        line = await Line.open(host, await host.enter())
        await line.hear("hello")
        monkeypatch.setattr(asyncio, "sleep", sleep)
        for _ in range(int(window.MESSAGES.burst) + 50):
            await line.say("focus")
        await line.say("ping", "1")
        await line.hear("pong")
        monkeypatch.undo()
        assert len(waits) >= 40
        await line.socket.close()

    play(story, clock=lambda: 0.0)


def test_every_answer_carries_the_policy_and_no_page_may_be_kept() -> None:
    async def story(host: Served) -> None:
        seat = await host.enter()
        for path, status in (
            ("", 200), ("?code=X", 200), ("console", 200), ("healthz", 200), ("seat", 200),
            ("nothing", 404), ("static/", 404), ("enter", 405), ("download/x", 404),
        ):  # fmt: skip
            async with host.client.get(host.url + path, headers=seat.headers) as answer:
                assert answer.status == status, path
                for name in POLICY.keys() - {"Content-Security-Policy"}:
                    assert answer.headers.getall(name) == [POLICY[name]], (path, name)
                policy = answer.headers["Content-Security-Policy"]
                assert policy.startswith("default-src 'none'; script-src 'self'; "), path
                assert "frame-ancestors 'none'" in policy
                assert ("unsafe" in policy) == (path == "console")
        async with host.client.get(f"{host.url}ws", headers=host.origin) as answer:
            assert answer.status == 401
            assert answer.headers["X-Frame-Options"] == "DENY"

    play(story)


def test_only_the_files_that_pages_need_are_served_and_none_is_listed() -> None:
    async def story(host: Served) -> None:
        for path in (
            "static", "static/", "static/js/textual.js", "static/background.png",
            "static/%2e%2e%2fbrowser.py", "static/console.html",
            "static/images/background.png", "static/textual.js/",
        ):  # fmt: skip
            async with host.client.get(host.url + path) as answer:
                assert answer.status == 404, path
        async with host.client.get(f"{host.url}static/textual.js") as answer:
            assert answer.status == 200
            assert answer.headers["Cache-Control"] == "no-cache"
            mark = answer.headers["ETag"]
            size = len(await answer.read())
        async with host.client.get(
            f"{host.url}static/textual.js", headers={"If-None-Match": mark}
        ) as answer:
            assert answer.status == 304
        plain = {"Accept-Encoding": "identity"}
        path = f"{host.url}static/textual.js?v={mark.strip(chr(34))}"
        async with host.client.get(path, headers=plain) as answer:
            assert "immutable" in answer.headers["Cache-Control"]
            assert "Content-Encoding" not in answer.headers
            assert len(await answer.read()) == size

    play(story)


def test_the_cookie_is_for_nobody_else_and_secure_where_it_can_be() -> None:
    async def cookie(host: Served, **headers: str) -> str:
        form = {"name": "Kim", "code": host.service.code()}
        async with host.client.post(
            f"{host.url}enter", data=form, headers=headers, allow_redirects=False
        ) as answer:
            assert answer.status == 303
            assert answer.headers["Location"].startswith("console?seat=")
            return answer.headers["Set-Cookie"]

    async def plain(host: Served) -> None:
        said = await cookie(host, **host.origin, **{"X-Forwarded-Proto": "https"})
        assert "HttpOnly" in said
        assert "SameSite=Strict" in said
        assert "Secure" not in said
        assert "Domain" not in said

    async def public(host: Served) -> None:
        assert "Secure" in await cookie(host, Origin="https://drill.example.org")

    async def proxied(host: Served) -> None:
        assert "Secure" in await cookie(host, **{"X-Forwarded-Proto": "https"})

    play(plain)
    play(public, public_url="https://drill.example.org/team")
    play(proxied, public_url="http://drill.example.org")


def test_the_form_of_a_foreign_page_is_refused() -> None:
    async def story(host: Served) -> None:
        form = {"name": "Kim", "code": host.service.code()}
        for origin in ("https://evil.example", "null"):
            async with host.client.post(
                f"{host.url}enter", data=form, headers={"Origin": origin}
            ) as answer:
                assert answer.status == 403
        assert host.service.consoles == {}

    play(story)


def test_who_comes_by_a_name_that_the_host_was_not_told_of_learns_what_to_do() -> None:
    async def story(host: Served) -> None:
        form = {"name": "Kim", "code": host.service.code()}
        headers = {"Host": "drill.local:8000", "Origin": "http://drill.local:8000"}
        async with host.client.post(f"{host.url}enter", data=form, headers=headers) as answer:
            assert answer.status == 403
            assert "--public-url http://drill.local:8000" in await answer.text()
        assert host.service.consoles == {}

    play(story)


def test_a_thousand_wrong_codes_are_slowed_and_a_right_one_then_waits_its_turn(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = [0.0]
    service = SmallService(Attempts(lambda: clock[0]))

    async def story(host: Served) -> None:
        async def enter(code: str) -> tuple[int, str, str]:
            form = {"name": "Kim", "code": code}
            async with host.client.post(
                f"{host.url}enter", data=form, headers=host.origin, allow_redirects=False
            ) as answer:
                return answer.status, answer.headers.get("Retry-After", ""), await answer.text()

        answers = [await enter(f"0000-0000-{number:04}") for number in range(1000)]
        statuses = [status for status, _, _ in answers]
        assert statuses == [403] * 20 + [429] * 980
        assert "No exercise has this code" in answers[0][2]
        _, wait, text = answers[-1]
        assert 0 < int(wait) <= 10
        assert "Wait a little" in text
        assert (await enter(service.code()))[0] == 429
        clock[0] += 6
        assert (await enter(service.code()))[0] == 303

    play(story, service=service)
    assert 10 <= len([r for r in caplog.records if r.name == "tabletop.door"]) < 20


def test_what_a_proxy_says_of_an_address_is_believed_only_of_ours() -> None:
    async def seen(host: Served, *said: str) -> str:
        headers = [*host.origin.items(), *(("X-Forwarded-For", one) for one in said)]
        form = {"name": "Kim", "code": "x"}
        async with host.client.post(f"{host.url}enter", data=form, headers=headers):
            return host.service.addresses[-1]

    async def alone(host: Served) -> None:
        assert await seen(host, "203.0.113.9") == "127.0.0.1"

    async def behind(host: Served) -> None:
        assert await seen(host) == "127.0.0.1"
        assert await seen(host, "203.0.113.9") == "203.0.113.9"
        assert await seen(host, "1.1.1.1, 203.0.113.9") == "203.0.113.9"
        assert await seen(host, "1.1.1.1", "203.0.113.9") == "203.0.113.9"

    play(alone)
    play(behind, public_url="http://drill.example.org")


def test_names_and_codes_never_become_markup() -> None:
    async def story(host: Served) -> None:
        evil = "\"><script>alert(1)</script><b onclick='x'>"
        form = {"name": evil, "code": evil}
        async with host.client.post(f"{host.url}enter", data=form, headers=host.origin) as answer:
            text = await answer.text()
        assert "&lt;script&gt;" in text
        assert "<script" not in text
        assert "<b onclick" not in text
        async with host.client.get(host.url, params={"code": evil}) as answer:
            assert "<script" not in await answer.text()
        seat = await host.enter(evil)
        async with host.client.get(host.url, headers=seat.headers) as answer:
            text = await answer.text()
            assert "You are in as" in text
            assert "<script" not in text
        async with host.client.get(f"{host.url}console", headers=seat.headers) as answer:
            assert "The &lt;slow&gt; database · Participant" in await answer.text()

    play(story)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"name": "", "code": "X"}, "Please give your name."),
        ({"name": "  ", "code": "X"}, "Please give your name."),
        ({"name": "Kim"}, "Please give the code."),
        ({}, "Please give your name."),
    ],
)
def test_what_is_missing_is_asked_for(form: dict[str, str], words: str) -> None:
    async def story(host: Served) -> None:
        async with host.client.post(f"{host.url}enter", data=form) as answer:
            assert answer.status == 400
            assert words in await answer.text()
        assert host.service.addresses == []

    play(story)


def test_a_form_that_is_too_large_is_refused_plainly() -> None:
    async def story(host: Served) -> None:
        form = {"name": "x" * 20_000, "code": "X"}
        async with host.client.post(f"{host.url}enter", data=form) as answer:
            assert answer.status == 413
            assert "more than a name and a code" in await answer.text()

    play(story)


def test_a_fault_of_ours_is_a_plain_page_and_a_line_in_the_log(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(host: Served) -> None:
        def fail(cookie: str) -> None:
            raise RuntimeError("secret detail")

        seat = await host.enter()
        monkeypatch.setattr(host.service, "ticket_of", fail)
        async with host.client.get(host.url, headers=seat.headers) as answer:
            assert answer.status == 500
            text = await answer.text()
            assert "fault of the program" in text
            assert "secret detail" not in text

    play(story)
    assert "secret detail" in caplog.text


def test_a_console_that_cannot_be_shown_is_said_plainly(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(host: Served) -> None:
        async def fail(*_: object) -> None:
            raise RuntimeError("secret detail")

        seat = await host.enter()
        monkeypatch.setattr(host.service, "attach", fail)
        line = await Line.open(host, seat)
        assert "could not be shown" in await line.hear("closed")
        await line.ended()

    play(story)
    assert "secret detail" in caplog.text


def test_several_seats_in_one_browser_stay_apart() -> None:
    async def story(host: Served) -> None:
        kim, ada = await host.enter("Kim"), await host.enter("Ada", "observer")
        both = {"Cookie": f"{kim.cookie}; {ada.cookie}; other=1"}
        for seat, role in ((kim, "Participant"), (ada, "Observer")):
            async with host.client.get(
                f"{host.url}console?seat={seat.handle}", headers=both
            ) as answer:
                assert f"database · {role}</title>" in await answer.text()
        async with host.client.get(host.url, headers=both) as answer:
            text = await answer.text()
            assert all(f"console?seat={seat.handle}" in text for seat in (kim, ada))

    play(story)


def test_when_the_server_stops_windows_are_let_go_to_look_for_another_host() -> None:
    async def run() -> None:
        async with served() as host:
            line = await Line.open(host, await host.enter())
            await line.hear("hello")
            stopping = asyncio.create_task(host.server.stop())
            assert await line.ended() == aiohttp.WSCloseCode.GOING_AWAY
            await stopping

    asyncio.run(run())


def test_a_port_in_use_and_a_foreign_address_are_said_plainly() -> None:
    async def run() -> None:
        async with served() as host:
            for bind, port, words in (
                ("127.0.0.1", host.server.port, "in use by another program"),
                ("192.0.2.7", 0, "no address of this machine"),
                ("no-such-host.invalid", 0, "no address of this machine"),
            ):
                other = BrowserServer(host.service, bind, port)
                with pytest.raises(ServingFault, match=words):
                    await other.start()

    asyncio.run(run())


def test_the_address_to_tell_people() -> None:
    service = SmallService()
    assert BrowserServer(service, "127.0.0.1", 8000).url == "http://127.0.0.1:8000/"
    assert BrowserServer(service, "::1", 8000).url == "http://[::1]:8000/"
    public = BrowserServer(service, "127.0.0.1", 8000, public_url="https://a.example/team")
    assert public.url == "https://a.example/team/"
    everywhere = BrowserServer(service, "0.0.0.0", 8000).url
    assert everywhere.startswith("http://")
    assert "0.0.0.0" not in everywhere
    with pytest.raises(ServingFault, match="no address of a web page"):
        BrowserServer(service, public_url="drill.example.org")


@pytest.fixture(name="certificate", scope="module")
def _certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for localhost and its key."""
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
            "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
            "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate,
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return certificate, key


def test_with_a_certificate_it_speaks_tls_and_cookies_are_secure(
    certificate: tuple[Path, Path],
) -> None:
    async def run() -> None:
        file, key = certificate
        async with served(certificate=file, key=key) as host:
            context = ssl.create_default_context(cafile=str(file))
            url = f"https://localhost:{host.server.port}/"
            assert host.server.url == f"https://127.0.0.1:{host.server.port}/"
            form = {"name": "Kim", "code": host.service.code()}
            async with host.client.post(
                f"{url}enter", data=form, ssl=context, allow_redirects=False,
                headers={"Origin": url.rstrip("/")},
            ) as answer:  # fmt: skip
                assert answer.status == 303
                assert "Secure" in answer.headers["Set-Cookie"]

    asyncio.run(run())


def test_a_certificate_that_cannot_be_used_is_said_plainly(
    certificate: tuple[Path, Path], tmp_path: Path
) -> None:
    service = SmallService()
    file, key = certificate
    with pytest.raises(ServingFault, match=r"gone\.pem cannot be read: No such file"):
        BrowserServer(service, certificate=tmp_path / "gone.pem", key=key)
    with pytest.raises(ServingFault, match="of no use without its certificate"):
        BrowserServer(service, key=key)
    with pytest.raises(ServingFault, match="must be PEM"):
        BrowserServer(service, certificate=file)
