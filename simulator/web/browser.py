"""Consoles in browsers: textual-serve's server behind our gate.

Of textual-serve we use the terminal in its page and the protocol that this speaks. Everything that
answers is ours: an entrance that asks for name and code, a cookie for the seat, and a WebSocket
that only a page of ours with such a cookie can open.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from aiohttp import WSCloseCode, web
from textual_serve.server import Server

from simulator.web.codes import handle_of
from simulator.web.files import read_files
from simulator.web.joining import NotAdmitted
from simulator.web.listening import ServingFault, outward_address, refusal, tls_of
from simulator.web.origins import Origins, is_any, is_loopback, origin_of
from simulator.web.typed import Streams
from simulator.web.window import HEARTBEAT, LARGEST_MESSAGE, Window

if TYPE_CHECKING:
    from simulator.web.joining import Service, Ticket

log = logging.getLogger("tabletop.browser")

MOST_WINDOWS = 400
MOST_WINDOWS_OF_A_SEAT = 4
LARGEST_FORM = 8 * 1024
LONGEST_FIELD = 200
COOKIE = "tabletop-"
COOKIE_LASTS = 12 * 3600
MOST_COOKIES = 16
"""Seats that one browser's request is searched for."""

POLICY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: with that, browsers hide the origin of the entrance's own form.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Server": "Tabletop",
}
"""Headers of every answer that does not say otherwise."""

# The terminal makes style elements as it goes; no text of a person ever becomes one.
_CONSOLE_POLICY = POLICY["Content-Security-Policy"].replace(
    "style-src 'self'", "style-src 'self' 'unsafe-inline'"
)

_NO_SEAT = (
    "This seat is no longer open: your facilitator has closed it, or the exercise is not hosted "
    "any more. Your facilitator can tell you more."
)
_WORDS = {
    404: ("Nothing here", "There is no such page."),
    405: ("Not like this", "This page cannot be asked for in this way."),
    413: ("Too much", "That was more than a name and a code."),
    500: ("Something went wrong", "That is a fault of the program. The host's log has the rest."),
}


class BrowserServer(Server):
    """Serves the entrance, and the consoles of a service to those who came in by it."""

    def __init__(
        self,
        service: Service,
        host: str = "127.0.0.1",
        port: int = 8000,
        *,
        public_url: str | None = None,
        certificate: Path | None = None,
        key: Path | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare to serve; `start` begins.

        `public_url` is where people find it if that is not its own address; then a reverse proxy
        on this machine is believed when it says whom it speaks for. Raises ServingFault if the
        public address is none, or the certificate cannot be used.
        """
        super().__init__("", host, port, title="Tabletop", public_url=public_url)
        if public_url and origin_of(public_url) is None:
            raise ServingFault(
                f"{public_url} is no address of a web page. "
                "Give the public address like this: https://drill.example.org"
            )
        self._service = service
        self._given_url = public_url.rstrip("/") + "/" if public_url else None
        self._origins = Origins(host, public_url)
        self._tls = tls_of(certificate, key)
        self._clock = clock
        self._streams = Streams(clock)
        self._windows: dict[Window, str] = {}
        self._files = read_files()
        self._pages = jinja2.Environment(
            loader=jinja2.PackageLoader("simulator.web", "pages"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
        )
        self._pages.globals["static"] = self._static_url
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where people find it, with a slash at the end."""
        if self._given_url:
            return self._given_url
        host = outward_address(self.host) if is_any(self.host) else self.host
        scheme = "https" if self._tls else "http"
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{self.port}/"

    async def start(self) -> None:
        """Listen; port 0 becomes a free one. Raises ServingFault if that cannot be."""
        self._runner = web.AppRunner(await self._make_app(), access_log=None, shutdown_timeout=2)
        await self._runner.setup()
        try:
            await web.TCPSite(
                self._runner, self.host, self.port, ssl_context=self._tls, backlog=512
            ).start()
        except OSError as error:
            await self.stop()
            raise refusal(error, self.host, self.port) from error
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Listen no longer, and let all windows go: they look for a host by themselves."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _make_app(self) -> web.Application:
        app = web.Application(client_max_size=LARGEST_FORM, middlewares=[self._say_plainly])
        app.add_routes(
            [
                web.get("/", self.handle_index),
                web.post("/enter", self._enter),
                web.get("/console", self._console),
                web.get("/seat", self._seat),
                web.get("/ws", self.handle_websocket),
                web.get("/static/{name}", self._static),
                web.get("/healthz", self._health),
            ]
        )
        app.on_response_prepare.append(_add_policy)
        app.on_shutdown.append(self.on_shutdown)
        return app

    async def on_shutdown(self, app: web.Application) -> None:
        """Let all windows go."""
        for window in list(self._windows):
            window.drop(WSCloseCode.GOING_AWAY)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2):
                while self._windows:
                    await asyncio.sleep(0.01)

    @web.middleware
    async def _say_plainly(
        self,
        request: web.Request,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        """Answer faults with a page that says what was wrong."""
        try:
            return await handler(request)
        except web.HTTPException as error:
            if error.status < 400:
                raise
            status = error.status
        except Exception:
            log.exception("A request to %s failed", request.path)
            status = 500
        return self._message(status, *_WORDS.get(status, ("Not possible", "Try it another way.")))

    def _page(self, template: str, status: int = 200, **fields: Any) -> web.Response:
        text = self._pages.get_template(template).render(**fields)
        return web.Response(text=text, status=status, content_type="text/html")

    def _message(self, status: int, title: str, text: str) -> web.Response:
        return self._page("message.html", status, title=title, text=text)

    async def handle_index(self, request: web.Request) -> web.StreamResponse:
        """Answer with the entrance, the code filled in if the address has it."""
        return self._entrance(request, code=request.query.get("code", "")[:LONGEST_FIELD])

    def _entrance(
        self,
        request: web.Request,
        status: int = 200,
        *,
        name: str = "",
        code: str = "",
        fault: str = "",
    ) -> web.Response:
        seats = [
            {"name": ticket.name, "role": ticket.title, "handle": handle}
            for handle, ticket in self._tickets(request).items()
        ]
        return self._page("entrance.html", status, name=name, code=code, fault=fault, seats=seats)

    async def _enter(self, request: web.Request) -> web.StreamResponse:
        """Take the entrance's form: give a cookie and lead to the console, or say what is wrong."""
        if "Origin" in request.headers and not self._is_ours(request):
            return self._message(403, *self._strange(request))
        form = await request.post()
        name, code = (str(form.get(field, ""))[:LONGEST_FIELD] for field in ("name", "code"))
        if not name.strip():
            return self._entrance(request, 400, code=code, fault="Please give your name.")
        if not code.strip():
            return self._entrance(request, 400, name=name, fault="Please give the code.")
        try:
            ticket = await self._service.admit(code, name, self._address(request))
        except NotAdmitted as refused:
            wait = math.ceil(refused.retry_after)
            status = HTTPStatus.TOO_MANY_REQUESTS if wait else HTTPStatus.FORBIDDEN
            answer = self._entrance(request, status, name=name, code=code, fault=refused.text)
            if wait:
                answer.headers["Retry-After"] = str(wait)
            return answer
        handle = handle_of(ticket.cookie)
        answer = web.Response(status=303, headers={"Location": f"console?seat={handle}"})
        answer.set_cookie(
            COOKIE + handle,
            ticket.cookie,
            max_age=COOKIE_LASTS,
            httponly=True,
            samesite="Strict",
            secure=self._is_secure(request) or self.url.startswith("https:"),
        )
        return answer

    async def _console(self, request: web.Request) -> web.StreamResponse:
        """Answer with the page of a seat's console."""
        handle, ticket = self._ticket(request)
        if ticket is None:
            return self._entrance(request, 403, fault=_NO_SEAT)
        answer = self._page(
            "console.html", seat=handle, scenario=ticket.scenario, role=ticket.title
        )
        answer.headers["Content-Security-Policy"] = _CONSOLE_POLICY
        return answer

    async def _seat(self, request: web.Request) -> web.Response:
        """Tell a page whose WebSocket was refused whether it may go on trying."""
        if self._ticket(request)[1] is None:
            return web.json_response({"why": _NO_SEAT}, status=403)
        return web.json_response({})

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Show a seat to a page of ours that has its cookie; refuse all others before that."""
        if not self._is_ours(request):
            log.warning("Refused a console to a page of %.100r", request.headers.get("Origin"))
            raise web.HTTPForbidden
        _, ticket = self._ticket(request)
        if ticket is None:
            raise web.HTTPUnauthorized
        count = Counter(self._windows.values())
        if count.total() >= MOST_WINDOWS:
            log.warning("Refused a window: there are %d already", MOST_WINDOWS)
            raise web.HTTPServiceUnavailable
        if count[ticket.cookie] >= MOST_WINDOWS_OF_A_SEAT:
            raise web.HTTPTooManyRequests
        socket = web.WebSocketResponse(
            heartbeat=HEARTBEAT, max_msg_size=LARGEST_MESSAGE, compress=False
        )
        transport = request.transport
        assert transport is not None
        window = Window(socket, transport.get_write_buffer_size, self._clock)
        self._windows[window] = ticket.cookie
        try:
            await socket.prepare(request)
            await window.show(self._service, ticket, self._streams)
        except (ConnectionError, TimeoutError):
            pass
        finally:
            del self._windows[window]
        return socket

    async def _static(self, request: web.Request) -> web.Response:
        file = self._files.get(request.match_info["name"])
        if file is None:
            raise web.HTTPNotFound
        lasting = request.query.get("v") == file.mark
        headers = {
            "ETag": f'"{file.mark}"',
            "Vary": "Accept-Encoding",
            "Cache-Control": "public, max-age=31536000, immutable" if lasting else "no-cache",
        }
        if file.mark in request.headers.get("If-None-Match", ""):
            return web.Response(status=304, headers=headers)
        body = file.plain
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            headers["Content-Encoding"] = "gzip"
            body = file.compressed
        return web.Response(body=body, headers={**headers, "Content-Type": file.kind})

    def _static_url(self, name: str) -> str:
        return f"static/{name}?v={self._files[name].mark}"

    async def _health(self, request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    def _tickets(self, request: web.Request) -> dict[str, Ticket]:
        """Return the seats that a request has cookies for, by their handles."""
        found = {}
        cookies = [value for name, value in request.cookies.items() if name.startswith(COOKIE)]
        for cookie in cookies[:MOST_COOKIES]:
            ticket = self._service.ticket_of(cookie)
            if ticket is not None:
                found[handle_of(cookie)] = ticket
        return found

    def _ticket(self, request: web.Request) -> tuple[str, Ticket | None]:
        """Return the seat that a request asks for and has the cookie for; its only one if none."""
        tickets = self._tickets(request)
        handle = request.query.get("seat", "")
        if not handle and len(tickets) == 1:
            handle = next(iter(tickets))
        return handle, tickets.get(handle)

    def _is_ours(self, request: web.Request) -> bool:
        reached = ""
        with contextlib.suppress(TypeError, IndexError):
            reached = str(request.get_extra_info("sockname")[0])
        return self._origins.allows(
            request.headers.get("Origin"), request.host, self._is_secure(request), reached
        )

    def _strange(self, request: web.Request) -> tuple[str, str]:
        """Return what to tell somebody whose page is none of ours."""
        origin = request.headers.get("Origin")
        if not self._origins.is_strange(origin, request.host, self._is_secure(request)):
            return "Not from here", "This form was sent by another page."
        return (
            "Not by this name",
            f"This host does not know that {request.host} means it. Use the address that you were "
            f"given. If this is the one, the host must be told: --public-url {origin}",
        )

    def _is_proxied(self, request: web.Request) -> bool:
        return self._given_url is not None and is_loopback(request.remote or "")

    def _is_secure(self, request: web.Request) -> bool:
        if self._is_proxied(request) and "X-Forwarded-Proto" in request.headers:
            return request.headers["X-Forwarded-Proto"].strip().lower() == "https"
        return request.secure

    def _address(self, request: web.Request) -> str:
        """Return whom a request is from: of what a proxy says, only the last is its own word."""
        said = request.headers.getall("X-Forwarded-For", [])
        if said and self._is_proxied(request):
            return said[-1].rpartition(",")[2].strip()
        return request.remote or ""


async def _add_policy(request: web.Request, response: web.StreamResponse) -> None:
    for name, value in POLICY.items():
        if name not in response.headers or name == "Server":
            response.headers[name] = value


__all__ = ["BrowserServer", "ServingFault"]
