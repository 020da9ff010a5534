"""`tabletop join`: this terminal, relayed to a console that a host on the same machine started."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import sys
import termios
import time
import tty
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from simulator.session.faults import Told
from simulator.web.frames import HELLO, INPUT, LEAVE, OUTPUT, REFUSED, RESIZE, Frames, frame
from simulator.web.local import are_ours, sockets_folder
from simulator.web.modes import LEAVE as LEAVING

AGAIN_FOR = 120.0
"""Seconds for which a terminal tries to come back to a host that is gone."""

TRY_EVERY = 1.0
PIECE = 1024
"""Bytes written to the terminal at once, so that a slow one holds up little."""

PASSED_ON = ("TERM", "COLORTERM", "NO_COLOR", "TABLETOP_THEME")
GOODBYES = b"qQ\x03\x04\x11\x1c"
"""Keys that leave while there is no console to take them: q, and control with c, d, q, \\."""

_TOLD = "This terminal was told to stop. The exercise goes on without you."
_GONE = "The host is gone. Start it again, and join again with your name and code."
_NOWHERE = (
    "No host on this machine has this code. Start one with tabletop host, or open the address "
    "in a browser."
)
_WAITING = b"\x1b[H\x1b[0;7m The host is gone for a moment. Trying again ... (q leaves) \x1b[0m"


class CannotJoin(Told):
    """This terminal cannot join; the text says why, and what to do."""


def join(code: str, name: str) -> str:
    """Show the seat of a code in this terminal until it is left; return the last words.

    The terminal is given back as it was. Raises CannotJoin.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise CannotJoin("A console needs a terminal. Run this where you can type.")
    return asyncio.run(_join(code, name))


async def _join(code: str, name: str) -> str:
    with _raw_terminal():
        relay = Relay(code, name)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, relay.leave, _TOLD)
        loop.add_signal_handler(signal.SIGWINCH, relay.resized)
        loop.add_reader(0, relay.typed)
        staying = asyncio.create_task(relay.stay())
        try:
            await asyncio.wait({staying, relay.left}, return_when=asyncio.FIRST_COMPLETED)
            return await (relay.left if relay.left.done() else staying)
        finally:
            staying.cancel()
            loop.remove_reader(0)


@contextlib.contextmanager
def _raw_terminal() -> Iterator[None]:
    """Have every key as it is, and give the terminal back as it was on every way out."""
    before = termios.tcgetattr(0)
    try:
        tty.setraw(0)
        yield
    finally:
        with contextlib.suppress(OSError, termios.error):  # nothing, if the terminal is gone
            os.write(1, LEAVING.encode())
            termios.tcsetattr(0, termios.TCSAFLUSH, before)


class Relay:
    """What is typed here goes to a console, and what it shows comes here."""

    def __init__(self, code: str, name: str) -> None:
        self._code, self._name = code, name
        self._cookie = ""
        self._writer: asyncio.StreamWriter | None = None
        self.left: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        """The last words, once the seat is left."""

    def leave(self, words: str) -> None:
        """Let go of the seat."""
        if not self.left.done():
            self.left.set_result(words)

    def typed(self) -> None:
        """Take what was typed."""
        try:
            data = os.read(0, 64 * 1024)
        except OSError:
            data = b""
        if not data:  # the terminal is gone
            asyncio.get_running_loop().remove_reader(0)
            self.leave(_TOLD)
        elif self._writer is not None:
            self._writer.write(frame(INPUT, data))
        elif any(key in GOODBYES for key in data):
            self.leave("You have left. The exercise goes on without you.")

    def resized(self) -> None:
        """Take the terminal's new size."""
        if self._writer is not None:
            width, height = _size()
            size = json.dumps({"width": width, "height": height})
            self._writer.write(frame(RESIZE, size.encode()))

    async def stay(self) -> str:
        """Relay, and come back by the cookie when the host was gone for a while.

        Returns the last words. Raises CannotJoin.
        """
        given_up = time.monotonic() + AGAIN_FOR
        while True:
            if await self._find():
                given_up = time.monotonic() + AGAIN_FOR
            if self.left.done():
                return self.left.result()
            if time.monotonic() > given_up:
                raise CannotJoin(_GONE)
            await self._show(_WAITING)
            await asyncio.sleep(TRY_EVERY)

    async def _find(self) -> bool:
        """Relay to the host that has the seat, the newest first; return whether one had.

        Raises CannotJoin if none had, and we were never in.
        """
        folder = sockets_folder()
        paths = list(folder.glob("*.sock")) if are_ours(folder) else []
        refusal: dict[str, Any] | None = None
        for path in sorted(paths, key=_age):
            try:
                refused = await self._talk(path)
            except OSError:
                continue
            if refused is None:
                return True
            if refusal is None or refused["known"]:
                refusal = refused
        if self._cookie:
            return False
        raise CannotJoin(str(refusal["why"]) if refusal is not None else _NOWHERE)

    async def _talk(self, path: Path) -> dict[str, Any] | None:
        """Relay until either side is gone; return why the host does not let us in, if so.

        Raises OSError if there is nobody.
        """
        reader, writer = await asyncio.open_unix_connection(path)
        width, height = _size()
        asked = {"cookie": self._cookie} if self._cookie else {
            "code": self._code, "name": self._name,
        }  # fmt: skip
        terminal = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        hello = {**asked, "width": width, "height": height, "terminal": terminal}
        writer.write(frame(HELLO, json.dumps(hello).encode()))
        self._writer = writer
        frames = Frames()
        try:
            while data := await reader.read(256 * 1024):
                for kind, content in frames.feed(data):
                    if kind == REFUSED:
                        return dict(json.loads(content))
                    await self._take(kind, content)
                if self.left.done():
                    break
        except ConnectionError:
            pass
        finally:
            self._writer = None
            writer.close()
        return None

    async def _take(self, kind: bytes, content: bytes) -> None:
        if kind == OUTPUT:
            await self._show(content)
        elif kind == HELLO:
            self._cookie = json.loads(content)["cookie"]
        elif kind == LEAVE:
            self.leave(content.decode("utf-8", "replace"))

    @staticmethod
    async def _show(data: bytes) -> None:
        """Write to the terminal, however slowly it takes it."""
        loop = asyncio.get_running_loop()
        view = memoryview(data)
        while view:
            ready = loop.create_future()
            loop.add_writer(1, _come, ready)
            try:
                await ready
            finally:
                loop.remove_writer(1)
            with contextlib.suppress(BlockingIOError):
                view = view[os.write(1, view[:PIECE]) :]


def _size() -> tuple[int, int]:
    """Return the terminal's columns and rows as it says itself: COLUMNS and LINES may be old."""
    try:
        size = os.get_terminal_size(0)
    except OSError:
        size = shutil.get_terminal_size()
    return size.columns, size.lines


def _come(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)


def _age(path: Path) -> float:
    """Return what sorts sockets, the newest first."""
    try:
        return -path.stat().st_mtime
    except OSError:
        return 0.0
