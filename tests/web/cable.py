"""The cable between a browser and its host: it can be cut, or go dead without a word."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator


class Cable:
    """Passes what comes in at its port on to another one, while it is whole."""

    def __init__(self, host: str, port: int) -> None:
        self._far = (host, port)
        self._ends: set[asyncio.StreamWriter] = set()
        self._passes = asyncio.Event()
        self._passes.set()
        self._whole = True
        self.port = 0

    @classmethod
    @contextlib.asynccontextmanager
    async def to(cls, host: str, port: int) -> AsyncIterator[Cable]:
        """Lay a cable to a port."""
        cable = cls(host, port)
        server = await asyncio.start_server(cable._take, "127.0.0.1", 0)
        cable.port = server.sockets[0].getsockname()[1]
        try:
            yield cable
        finally:
            server.close()
            cable.cut()

    def cut(self) -> None:
        """End all connections, and every new one at once."""
        self._whole = False
        for end in self._ends:
            end.transport.abort()
        self._passes.set()

    def deaden(self) -> None:
        """Pass nothing on, and say nothing of it."""
        self._passes.clear()

    def mend(self) -> None:
        """Be whole. What was on its way while the cable was dead is lost with its connections."""
        if not self._passes.is_set():
            self.cut()
        self._whole = True

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._whole:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection(*self._far)
        except OSError:
            writer.transport.abort()
            return
        ends = {writer, far_writer}
        self._ends |= ends
        try:
            await asyncio.gather(self._pass(reader, far_writer), self._pass(far_reader, writer))
        finally:
            self._ends -= ends
            for end in ends:
                end.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                await self._passes.wait()
                if not self._whole:
                    break
                writer.write(data)
                await writer.drain()
        writer.close()
