"""A reverse proxy that puts a host under a path and speaks for it, as docs/hosting.md says."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import aiohttp
from aiohttp import web

PREFIX = "/drills/red"
_HOPS = {"connection", "content-encoding", "content-length", "host", "transfer-encoding"}


class Prefixed:
    """Answers below a path with what a host behind it answers."""

    def __init__(self, client: aiohttp.ClientSession) -> None:
        self._client = client
        self.behind = ""
        self.port = 0

    @classmethod
    @contextlib.asynccontextmanager
    async def start(cls) -> AsyncIterator[Prefixed]:
        """Listen; `behind` is set when the host is known."""
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as client:
            proxy = cls(client)
            app = web.Application()
            app.router.add_route("*", PREFIX + "/{path:.*}", proxy._pass)
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            proxy.port = runner.addresses[0][1]
            try:
                yield proxy
            finally:
                await runner.cleanup()

    @property
    def url(self) -> str:
        """Where people find the host."""
        return f"http://localhost:{self.port}{PREFIX}/"

    async def _pass(self, request: web.Request) -> web.StreamResponse:
        url = f"{self.behind}{request.match_info['path']}?{request.query_string}"
        headers = {k: v for k, v in request.headers.items() if k.lower() not in _HOPS}
        headers["X-Forwarded-For"] = "203.0.113.9"
        if request.headers.get("Upgrade") == "websocket":
            return await self._relay(request, url, headers)
        async with self._client.request(
            request.method,
            url,
            headers=headers,
            data=await request.read(),
            allow_redirects=False,
        ) as answer:
            said = {k: v for k, v in answer.headers.items() if k.lower() not in _HOPS}
            return web.Response(status=answer.status, headers=said, body=await answer.read())

    async def _relay(
        self, request: web.Request, url: str, headers: dict[str, str]
    ) -> web.WebSocketResponse:
        near = web.WebSocketResponse()
        kept = {k: v for k, v in headers.items() if not k.lower().startswith("sec-websocket")}
        kept.pop("Upgrade", None)
        async with self._client.ws_connect(url, headers=kept) as far:
            await near.prepare(request)

            async def pass_on() -> None:
                async for message in far:
                    if message.type is aiohttp.WSMsgType.BINARY:
                        await near.send_bytes(message.data)
                    else:
                        await near.send_str(message.data)
                await near.close()

            passing = asyncio.create_task(pass_on())
            async for message in near:
                await far.send_str(message.data)
            passing.cancel()
        return near
