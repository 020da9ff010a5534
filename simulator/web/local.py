"""Joining from a terminal on the host's own machine: a relay between it and a seat's console."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import shutil
import signal
import sys
import termios
import time
import tty
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs

from simulator.session.faults import Told
from simulator.web.frames import (
    HELLO,
    INPUT,
    LEAVE,
    OUTPUT,
    REFUSED,
    RESIZE,
    FrameError,
    Frames,
    frame,
)
from simulator.web.joining import NotAdmitted
from simulator.web.modes import LEAVE as LEAVING
from simulator.web.modes import clamped

if TYPE_CHECKING:
    from simulator.web.seat_line import Hold
    from simulator.web.service import Service

log = logging.getLogger("tabletop.service")

HELLO_WITHIN = 10.0
AGAIN_FOR = 120.0
"""Seconds for which a terminal tries to come back to a host that is gone."""

PASSED_ON = ("TERM", "COLORTERM", "NO_COLOR", "TABLETOP_THEME")


def sockets_folder() -> Path:
    """Return where the hosts of this user have their sockets; its path is short."""
    given = os.environ.get("XDG_RUNTIME_DIR")
    if given and Path(given).is_dir():
        return Path(given) / "tabletop"
    return Path(platformdirs.user_data_path("tabletop", False)) / "run"


class LocalDoor:
    """The socket on which a service takes terminals of this machine; its owner's alone."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._server: asyncio.Server | None = None
        self.path = sockets_folder() / f"{os.getpid()}.sock"

    async def start(self) -> None:
        """Begin to take terminals. Raises OSError."""
        folder = self.path.parent
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for old in folder.glob("*.sock"):
            if old.stem.isdigit() and not Path(f"/proc/{old.stem}").exists():
                old.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            self._server = await asyncio.start_unix_server(self._take, self.path)
        finally:
            os.umask(before)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        terminal = Terminal(writer)
        hold: Hold | None = None
        frames = Frames()
        try:
            while data := await reader.read(64 * 1024):
                for kind, content in frames.feed(data):
                    if hold is None:
                        hold = await self._hello(kind, content, terminal)
                    elif kind == INPUT:
                        hold.input(content)
                    elif kind == RESIZE:
                        size = json.loads(content)
                        hold.resize(*clamped(size.get("width"), size.get("height")))
        except (ConnectionError, FrameError, ValueError):
            pass
        except NotAdmitted as refusal:
            writer.write(frame(REFUSED, refusal.text.encode()))
        except Told as fault:
            writer.write(frame(REFUSED, str(fault).encode()))
        except Exception:
            log.exception("a terminal could not be served")
            writer.write(frame(REFUSED, b"The host has met a fault; its log says which."))
        finally:
            if hold is not None:
                hold.detach()
            with contextlib.suppress(ConnectionError):
                await writer.drain()
            writer.close()

    async def _hello(self, kind: bytes, content: bytes, terminal: Terminal) -> Hold:
        said = json.loads(content)
        if kind != HELLO or not isinstance(said, dict):
            raise NotAdmitted("That is not how to join.")
        cookie = said.get("cookie")
        ticket = self._service.ticket_of(cookie) if isinstance(cookie, str) else None
        if ticket is None:
            code, name = str(said.get("code", "")), str(said.get("name", ""))
            ticket = await self._service.admit(code, name, "this machine")
        terminal.send(frame(HELLO, json.dumps({"cookie": ticket.cookie}).encode()))
        width, height = clamped(said.get("width"), said.get("height"))
        kept = said.get("terminal")
        kept = kept if isinstance(kept, dict) else {}
        return await self._service.attach(ticket, terminal, width, height, kept)

    async def stop(self) -> None:
        """Take no more terminals."""
        if self._server is not None:
            self._server.close()
        self.path.unlink(missing_ok=True)


class Terminal:
    """A viewer: a terminal at the other end of a local socket."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    def write(self, data: bytes) -> None:
        """Show terminal output."""
        self.send(frame(OUTPUT, data))

    def send(self, data: bytes) -> None:
        """Send a frame."""
        if not self._writer.is_closing():
            self._writer.write(data)

    def closed(self, why: str) -> None:
        """Say that this is over, and why."""
        self.send(frame(LEAVE, why.encode()))
        self._writer.close()

    @property
    def backlog(self) -> int:
        """Bytes that were written and have not left yet."""
        return self._writer.transport.get_write_buffer_size()


class CannotJoin(Told):
    """This terminal cannot join; the text says why, and what to do."""


def join(code: str, name: str, cookie: str = "") -> str:
    """Show the seat of a code in this terminal until it is left; return the last words.

    Raises CannotJoin.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise CannotJoin("A console needs a terminal. Run this where you can type.")
    return asyncio.run(_join({"code": code, "name": name, "cookie": cookie}))


async def _join(asked: dict[str, str]) -> str:
    """Relay, and come back by the cookie when the host was gone for a while."""
    relay = Relay(asked)
    with _raw_terminal():
        given_up = time.monotonic() + AGAIN_FOR
        while True:
            try:
                await _find(relay)
            except (ConnectionError, FileNotFoundError) as error:
                if not relay.cookie or time.monotonic() > given_up:
                    raise CannotJoin(_no_host(asked)) from error
            if relay.words is not None:
                return relay.words
            if relay.was_shown:
                given_up = time.monotonic() + AGAIN_FOR
                relay.was_shown = False
            os.write(1, b"\x1b[H\x1b[0;7m The host is gone for a moment. Trying again ... \x1b[0m")
            await asyncio.sleep(1)


def _no_host(asked: Mapping[str, str]) -> str:
    if asked.get("cookie"):
        return "The host is gone. Start it again, and join again with your name and code."
    return (
        "No host on this machine has this code. Start one with tabletop host, or open the "
        "address in a browser."
    )


async def _find(relay: Relay) -> None:
    """Relay to the host that has the code, the newest first.

    Raises FileNotFoundError, ConnectionError, CannotJoin.
    """
    found = sorted(sockets_folder().glob("*.sock"), key=lambda path: -path.stat().st_mtime)
    gone: Exception = FileNotFoundError("there is no host")
    for path in found:
        try:
            await relay.run(path)
        except ConnectionError as error:
            gone = error
        except CannotJoin as refused:
            gone = refused
        else:
            return
    raise gone


class Relay:
    """What is typed here goes to a console, and what it shows comes here."""

    def __init__(self, asked: dict[str, str]) -> None:
        self._asked = asked
        self.words: str | None = None
        self.was_shown = False
        self._frames = Frames()

    @property
    def cookie(self) -> str:
        """What this terminal comes back with."""
        return self._asked.get("cookie", "")

    async def run(self, path: Path) -> None:
        """Relay until either side is gone. Raises CannotJoin, ConnectionError."""
        reader, writer = await asyncio.open_unix_connection(path)
        self._frames = Frames()
        loop = asyncio.get_running_loop()
        width, height = shutil.get_terminal_size()
        terminal = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        hello: dict[str, Any] = {**self._asked, "width": width, "height": height,
                                 "terminal": terminal}  # fmt: skip
        writer.write(frame(HELLO, json.dumps(hello).encode()))
        loop.add_reader(0, self._typed, writer)
        loop.add_signal_handler(signal.SIGWINCH, self._resized, writer)
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._told_to_stop, writer)
        try:
            while data := await reader.read(256 * 1024):
                for kind, content in self._frames.feed(data):
                    self._take(kind, content)
                if self.words is not None:
                    return
        finally:
            loop.remove_reader(0)
            loop.remove_signal_handler(signal.SIGWINCH)
            writer.close()

    def _take(self, kind: bytes, content: bytes) -> None:
        if kind == OUTPUT:
            self.was_shown = True
            _write_all(content)
        elif kind == HELLO:
            self._asked["cookie"] = json.loads(content)["cookie"]
        elif kind == LEAVE:
            self.words = content.decode("utf-8", "replace")
        elif kind == REFUSED:
            raise CannotJoin(content.decode("utf-8", "replace"))

    @staticmethod
    def _typed(writer: asyncio.StreamWriter) -> None:
        data = os.read(0, 64 * 1024)
        if data:
            writer.write(frame(INPUT, data))
        else:
            writer.close()

    @staticmethod
    def _resized(writer: asyncio.StreamWriter) -> None:
        width, height = shutil.get_terminal_size()
        size = json.dumps({"width": width, "height": height})
        writer.write(frame(RESIZE, size.encode()))

    def _told_to_stop(self, writer: asyncio.StreamWriter) -> None:
        self.words = "This terminal was told to stop. The exercise goes on without you."
        writer.close()


def _write_all(data: bytes) -> None:
    """Write to the terminal, however slowly it takes it."""
    view = memoryview(data)
    while view:
        try:
            view = view[os.write(1, view) :]
        except BlockingIOError:
            time.sleep(0.005)


@contextlib.contextmanager
def _raw_terminal() -> Iterator[None]:
    """Have every key as it is, and give the terminal back as it was on every way out."""
    before = termios.tcgetattr(0)
    try:
        tty.setraw(0)
        yield
    finally:
        termios.tcsetattr(0, termios.TCSADRAIN, before)
        os.write(1, LEAVING.encode())
