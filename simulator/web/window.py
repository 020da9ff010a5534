"""A browser's window: one WebSocket that shows a seat, and brings what is typed there."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import WSCloseCode, WSMsgType, web

from simulator.web.limits import Bucket, Rate
from simulator.web.modes import clamped
from simulator.web.typed import Stream, Streams

if TYPE_CHECKING:
    from simulator.web.joining import Attachment, Service, Ticket

log = logging.getLogger("tabletop.browser")

LARGEST_MESSAGE = 64 * 1024
"""Bytes a browser may send at once; its page cuts what is pasted into pieces."""

HELLO_WITHIN = 10.0
HEARTBEAT = 15.0
SLOWEST = 8 * 1024 * 1024
"""Bytes that may wait for a browser before it is let go: it comes back and is painted anew."""

MESSAGES = Rate(burst=1000, per_second=400)
"""What one window may send: a hand on a mouse makes a hundred a second. More has to wait."""

_WINDOW = re.compile(r"[\w-]{8,64}", re.ASCII)


@dataclass(frozen=True)
class Hello:
    """What a page says first: which window it is, how far it got, how it looks."""

    window: str
    sent: int
    known: bool
    width: int
    height: int
    light: bool

    @classmethod
    def of(cls, text: str) -> Hello | None:
        """Return what a message says, or None if it is no hello."""
        match _read(text):
            case [
                "hello",
                {
                    "window": str(window),
                    "sent": int(sent),
                    "known": bool(known),
                    "width": int(width),
                    "height": int(height),
                    "light": bool(light),
                },
            ] if _WINDOW.fullmatch(window) and sent >= 0:
                return cls(window, sent, known, *clamped(width, height), light)
        return None


def _read(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


class Window:
    """A viewer in a browser. The service writes to it; `show` runs until it is gone."""

    def __init__(
        self, socket: web.WebSocketResponse, unsent: Callable[[], int], clock: Callable[[], float]
    ) -> None:
        """`unsent` returns how many bytes the connection still holds back."""
        self._socket = socket
        self._unsent = unsent
        self._clock = clock
        self._queue: deque[bytes | str] = deque()
        self._queued = 0
        self._something = asyncio.Event()
        self._size = (0, 0)
        self._over = False
        self._code = WSCloseCode.OK

    @property
    def backlog(self) -> int:
        """Bytes that were written and have not left for the browser yet."""
        return self._queued + self._unsent()

    def write(self, data: bytes) -> None:
        """Send terminal output."""
        self._put(data)
        if self.backlog > SLOWEST:
            log.info("A browser took its output too slowly and was let go; it may come back")
            self.drop()

    def closed(self, why: str) -> None:
        """Say that this is over for good, and why; nothing follows."""
        self._put(json.dumps(["closed", why]))
        self.drop()

    def drop(self, code: WSCloseCode = WSCloseCode.OK) -> None:
        """End the connection after what was sent; the page comes back by itself if it may."""
        self._over = True
        self._code = code
        self._something.set()

    def _put(self, item: bytes | str) -> None:
        if not self._over:
            self._queue.append(item)
            self._queued += len(item)
            self._something.set()

    async def show(self, service: Service, ticket: Ticket, streams: Streams) -> None:
        """Show a seat in this window until either is gone."""
        first = await self._socket.receive(timeout=HELLO_WITHIN)
        hello = Hello.of(first.data) if first.type is WSMsgType.TEXT else None
        if hello is None:
            await self._socket.close(code=WSCloseCode.POLICY_VIOLATION)
            return
        self._size = hello.width, hello.height
        stream = streams.open(ticket.cookie, hello.window, self, hello.sent, hello.known)
        self._put(json.dumps(["hello", {"taken": stream.taken, "fresh": stream.fresh}]))
        terminal = {
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "TABLETOP_THEME": "light" if hello.light else "dark",
        }
        sending = asyncio.create_task(self._send())
        try:
            attachment = await service.attach(ticket, self, hello.width, hello.height, terminal)
            try:
                await self._serve(attachment, stream, sending)
            finally:
                attachment.detach()
        except Exception:
            log.exception("A console could not be shown")
            self.closed("This console could not be shown. The host's log says why.")
        finally:
            streams.leave(stream, self)
            await self._end(sending)

    async def _serve(
        self, attachment: Attachment, stream: Stream, sending: asyncio.Task[None]
    ) -> None:
        receiving = asyncio.create_task(self._receive(attachment, stream))
        try:
            await asyncio.wait({receiving, sending}, return_when=asyncio.FIRST_COMPLETED)
            if receiving.done():
                receiving.result()
        finally:
            receiving.cancel()

    async def _send(self) -> None:
        """Send what is queued, terminal output that has piled up in one message."""
        while not self._socket.closed:
            await self._something.wait()
            self._something.clear()
            while self._queue:
                pieces = []
                while self._queue and isinstance(output := self._queue[0], bytes):
                    pieces.append(output)
                    self._queue.popleft()
                if pieces:
                    output = b"".join(pieces)
                    self._queued -= len(output)
                    await self._socket.send_bytes(output)
                elif isinstance(words := self._queue.popleft(), str):
                    self._queued -= len(words)
                    await self._socket.send_str(words)
            if self._over:
                return

    async def _receive(self, attachment: Attachment, stream: Stream) -> None:
        bucket = Bucket.full(MESSAGES, self._clock())
        async for message in self._socket:
            if message.type is not WSMsgType.TEXT or not self._take(
                message.data, attachment, stream
            ):
                await self._socket.close(code=WSCloseCode.POLICY_VIOLATION)
                return
            bucket = bucket.later(MESSAGES, self._clock()).less()
            if wait := bucket.wait(MESSAGES):
                await asyncio.sleep(wait)

    def _take(self, text: str, attachment: Attachment, stream: Stream) -> bool:
        """Do what a message says; return whether it was one of ours."""
        match _read(text):
            case ["stdin", str(typed), int(number)]:
                if stream.take(self, number):
                    attachment.input(typed.encode("utf-8", "replace"))
                self._put(json.dumps(["taken", stream.taken]))
            case ["resize", {"width": int(width), "height": int(height)}]:
                size = clamped(width, height)
                if size != self._size:  # the page says its size again when it has connected
                    self._size = size
                    attachment.resize(*size)
            case ["ping", str(said)] if len(said) <= 32:
                self._put(json.dumps(["pong", said]))
            case ["focus"] | ["blur"]:
                pass  # the terminal itself reports these to consoles that ask for it
            case _:
                return False
        return True

    async def _end(self, sending: asyncio.Task[None]) -> None:
        """Let the last words out, but wait for nobody."""
        self._over = True
        self._something.set()
        try:
            async with asyncio.timeout(2):
                await sending
                await self._socket.close(code=self._code)
        except (TimeoutError, ConnectionError):
            sending.cancel()
