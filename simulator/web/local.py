"""Joining from the host's own machine: the socket on which a service takes its terminals."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import socket
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

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
from simulator.web.joining import WRONG, NotAdmitted
from simulator.web.listening import ServingFault
from simulator.web.modes import clamped

if TYPE_CHECKING:
    from simulator.web.seat_line import Hold
    from simulator.web.service import Service

log = logging.getLogger("tabletop.service")

ENDS_WITHIN = 2.0
LONGEST_FOLDER = 80
"""Bytes; the path of a socket has room for about a hundred."""


def sockets_folder() -> Path:
    """Return where the hosts of this user have their sockets; its path is short."""
    given = os.environ.get("XDG_RUNTIME_DIR")
    if given and Path(given).is_dir():
        folder = Path(given) / "tabletop"
    else:
        folder = Path(platformdirs.user_data_path("tabletop", False)) / "run"
    if len(os.fsencode(folder)) > LONGEST_FOLDER:
        return Path(tempfile.gettempdir()) / f"tabletop-{os.getuid()}"
    return folder


def are_ours(folder: Path) -> bool:
    """Return whether what is in a folder can only be of this user's making."""
    try:
        state = folder.lstat()
    except OSError:
        return False
    return (
        stat.S_ISDIR(state.st_mode)
        and state.st_uid == os.getuid()
        and not stat.S_IMODE(state.st_mode) & 0o022
    )


class LocalDoor:
    """The socket on which a service takes terminals of this machine; its owner's alone."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._server: asyncio.Server | None = None
        self._terminals: set[Terminal] = set()
        self.path = sockets_folder() / f"{os.getpid()}.sock"

    async def start(self) -> None:
        """Begin to take terminals. Raises ServingFault."""
        folder = self.path.parent
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not are_ours(folder):
                raise ServingFault(f"Others may write in {folder}. Take that from them, or it away")
            for old in folder.glob("*.sock"):
                if not is_served(old):
                    old.unlink(missing_ok=True)
            before = os.umask(0o177)
            try:
                self._server = await asyncio.start_unix_server(self._take, self.path)
            finally:
                os.umask(before)
        except OSError as error:
            raise ServingFault(f"{folder} cannot be used: {error.strerror or error}") from error

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        terminal = Terminal(writer)
        self._terminals.add(terminal)
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
            terminal.refuse(refusal.text, known=refusal.text != WRONG)
        except Told as fault:
            terminal.refuse(str(fault))
        except Exception:
            log.exception("a terminal could not be served")
            terminal.refuse("The host has met a fault; its log says which.")
        finally:
            self._terminals.discard(terminal)
            if hold is not None:
                hold.detach()
            writer.close()

    async def _hello(self, kind: bytes, content: bytes, terminal: Terminal) -> Hold:
        said = json.loads(content)
        if kind != HELLO or not isinstance(said, dict):
            raise ValueError("that is no hello")
        cookie = said.get("cookie")
        ticket = self._service.ticket_of(cookie) if isinstance(cookie, str) else None
        if ticket is None:
            if "code" not in said:
                raise NotAdmitted(WRONG)
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
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ENDS_WITHIN):
                while any(terminal.backlog for terminal in self._terminals):
                    await asyncio.sleep(0.02)
        for terminal in list(self._terminals):
            terminal.drop()


def is_served(path: Path) -> bool:
    """Return whether a process listens on a socket."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.setblocking(False)
        try:
            probe.connect(str(path))
        except BlockingIOError:
            return True
        except OSError:
            return False
    return True


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

    def refuse(self, why: str, known: bool = True) -> None:
        """Say that nobody comes in, and whether the code is at least one of this host's."""
        self.send(frame(REFUSED, json.dumps({"why": why, "known": known}).encode()))

    def closed(self, why: str) -> None:
        """Say that this is over, and why."""
        self.send(frame(LEAVE, why.encode()))
        self._writer.close()

    def drop(self) -> None:
        """End the connection at once."""
        self._writer.transport.abort()

    @property
    def backlog(self) -> int:
        """Bytes that were written and have not left yet."""
        return self._writer.transport.get_write_buffer_size()
