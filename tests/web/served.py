"""A browser server with a small service behind it, for the length of a test."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
from small_service import SmallService

from simulator.web.browser import BrowserServer


@dataclass(frozen=True)
class Served:
    """What a test has to do with: a service, its server, and a client that keeps no cookies."""

    service: SmallService
    server: BrowserServer
    client: aiohttp.ClientSession

    @property
    def url(self) -> str:
        """Where the server is really reached."""
        return f"http://127.0.0.1:{self.server.port}/"

    @property
    def origin(self) -> dict[str, str]:
        """The header of a request from one of our own pages."""
        return {"Origin": self.url.rstrip("/")}

    async def enter(self, name: str = "Kim", role: str = "participant") -> Seat:
        """Come in by the form, without a browser."""
        form = {"name": name, "code": self.service.code(role)}
        async with self.client.post(
            f"{self.url}enter", data=form, headers=self.origin, allow_redirects=False
        ) as answer:
            assert answer.status == 303, await answer.text()
            cookie = answer.headers["Set-Cookie"].partition(";")[0]
            return Seat(cookie, answer.headers["Location"].partition("=")[2])


@dataclass(frozen=True)
class Seat:
    """Somebody's seat: the cookie for its headers, and its handle."""

    cookie: str
    handle: str

    @property
    def headers(self) -> dict[str, str]:
        """The header that holds the seat."""
        return {"Cookie": self.cookie}


@contextlib.asynccontextmanager
async def served(service: SmallService | None = None, **options: Any) -> AsyncIterator[Served]:
    """Serve a small service on a free port."""
    service = service or SmallService()
    server = BrowserServer(service, port=0, **options)
    await server.start()
    try:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as client:
            yield Served(service, server, client)
    finally:
        await server.stop()
