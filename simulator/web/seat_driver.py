"""Textual's driver for a seat: frames on a socket in place of a terminal."""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import json
import os
import socket
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, ClassVar, TextIO

from textual import events, messages
from textual._xterm_parser import XTermParser
from textual.driver import Driver
from textual.geometry import Size

from simulator.web.frames import (
    INPUT,
    LEAVE,
    MESSAGE,
    OUTPUT,
    REPAINT,
    RESIZE,
    Frames,
    frame,
    message,
)
from simulator.web.modes import ENTER, clamped
from simulator.web.modes import LEAVE as LEAVING

if TYPE_CHECKING:
    from textual.app import App
    from textual.message import Message
    from textual.message_pump import MessagePump

ESCAPE_ALONE = 0.1
"""Seconds after which an escape that nothing followed is the key."""

KEY_WITHIN = 1.0
"""Seconds that a key may take before the next one is passed on all the same."""


class Link(asyncio.Protocol):
    """A seat's end of its socket. When the host is gone, so is the seat."""

    def __init__(self, hear: Callable[[Mapping[str, Any]], None]) -> None:
        self._hear = hear
        self._frames = Frames()
        self._transport: asyncio.Transport | None = None
        self._shown: list[str] = []
        self._early: list[tuple[bytes, bytes]] = []
        self._driver: SeatDriver | None = None
        self.left = False

    @classmethod
    async def over(cls, link: socket.socket, hear: Callable[[Mapping[str, Any]], None]) -> Link:
        """Return the link over a connected socket; `hear` is told every message."""
        loop = asyncio.get_running_loop()
        _, protocol = await loop.create_connection(lambda: cls(hear), sock=link)
        return protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Take what the host sends."""
        for kind, content in self._frames.feed(data):
            if kind == MESSAGE:
                self._hear(json.loads(content))
            elif self._driver is None:
                self._early.append((kind, content))
            else:
                self._driver.take(kind, content)

    def connection_lost(self, exc: Exception | None) -> None:
        """There is nobody to show anything to, and nothing that is not in the journal."""
        if not self.left:
            os._exit(0)

    def drive(self, driver: SeatDriver) -> None:
        """Give what is typed to a driver from now on."""
        self._driver = driver
        for kind, content in self._early:
            driver.take(kind, content)
        self._early = []

    def say(self, said: Mapping[str, Any]) -> None:
        """Send a message to the host."""
        self._write(message(said))

    def show(self, output: str) -> None:
        """Send terminal output: what one turn of the loop paints goes as one frame."""
        if not self._shown:
            asyncio.get_running_loop().call_soon(self._flush)
        self._shown.append(output)

    def _flush(self) -> None:
        if self._shown:
            self._write(frame(OUTPUT, "".join(self._shown).encode("utf-8", "replace")))
            self._shown.clear()

    def leave(self, words: str) -> None:
        """Send the last words."""
        self._flush()
        if not self.left:
            self.left = True
            self._write(frame(LEAVE, words.encode("utf-8", "replace")))

    def _write(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    async def close(self) -> None:
        """Let everything out, and end."""
        self._flush()
        self.left = True
        if self._transport is not None:
            self._transport.close()
            for _ in range(100):
                if not self._transport.get_write_buffer_size():
                    break
                await asyncio.sleep(0.02)


async def _reached(node: MessagePump) -> None:
    """Wait until a node has taken all messages that it was sent by now."""
    there = asyncio.Event()
    if node.call_later(there.set):
        await there.wait()


class SeatDriver(Driver):
    """A terminal at the other end of a link."""

    link: ClassVar[Link]
    """The process's one link, set before its one app runs."""

    def __init__(
        self,
        app: App[Any],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._parser = XTermParser(debug=debug)
        self._ending = False
        self._typed: deque[Message] = deque()
        self._passing: asyncio.Task[None] | None = None

    def write(self, data: str) -> None:
        """Send output; it waits in memory, never the app for it."""
        self.link.show(data)

    def start_application_mode(self) -> None:
        """Take the terminal."""
        self.write(ENTER)
        self._resize(*(self._size or (80, 24)))
        self.link.drive(self)

    def open_url(self, url: str, new_tab: bool = True) -> None:
        """Say an address: whoever clicked on it is not at the host's own screen."""
        self._app.notify(url, title="Open it on your own machine", markup=False)

    def deliver_binary(self, binary: BinaryIO | TextIO, **how: Any) -> None:
        """Deliver no file: it would be left on the host."""
        binary.close()

    def disable_input(self) -> None:
        """Take no more keys."""
        self._ending = True

    def stop_application_mode(self) -> None:
        """Give the terminal back."""
        self.write(LEAVING)

    def take(self, kind: bytes, content: bytes) -> None:
        """Take a frame that the host sent."""
        if self._ending:
            return
        if kind == INPUT:
            self._type(content)
        elif kind == RESIZE:
            size = json.loads(content)
            self._resize(*clamped(size.get("width"), size.get("height")))
        elif kind == REPAINT:
            self.write(ENTER + "\x1b[2J")
            self._app.call_later(self._paint)
        elif kind == LEAVE:
            self._app.post_message(messages.ExitApp())

    def _type(self, content: bytes) -> None:
        self._pass_on(self._parser.feed(self._decode(content)))
        self._loop.call_later(ESCAPE_ALONE, self._wait_no_longer)

    def _wait_no_longer(self) -> None:
        self._pass_on(self._parser.tick())

    def _pass_on(self, typed: Iterable[Message]) -> None:
        self._typed += typed
        if self._typed and self._passing is None:
            self._passing = self._loop.create_task(self._pass_all())

    async def _pass_all(self) -> None:
        """Pass on what was typed, each key when the one before has been dealt with.

        Textual gives letters to a field at once, but Backspace or Enter first travel up to the
        app: a letter that comes before they are there would overtake them.
        """
        try:
            while self._typed:
                event = self._typed.popleft()
                self.process_message(event)
                if isinstance(event, events.Key):
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(KEY_WITHIN):
                            await self._key_is_dealt_with()
        finally:
            self._passing = None

    async def _key_is_dealt_with(self) -> None:
        """Wait until a key went down to what has the focus, up again, and did what it does."""
        app = self._app
        await _reached(app)
        focused = app.focused or app.screen
        for node in (*focused.ancestors_with_self, app, app):
            await _reached(node)

    def _resize(self, width: int, height: int) -> None:
        self._size = (width, height)
        size = Size(width, height)
        self._app.post_message(events.Resize(size, size))

    def _paint(self) -> None:
        for screen in self._app.screen_stack:
            screen.refresh(layout=True)
