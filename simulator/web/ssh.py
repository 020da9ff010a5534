"""Joining over SSH: user name = role, password = join code; nothing to install for who joins."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

import asyncssh
import platformdirs

from simulator.web.joining import NotAdmitted
from simulator.web.listening import refusal
from simulator.web.modes import LEAVE, clamped

if TYPE_CHECKING:
    from simulator.web.joining import Ticket
    from simulator.web.seat_line import Hold
    from simulator.web.service import Service

log = logging.getLogger("tabletop.ssh")

HOST_KEY = "ssh_host_key"
LONGEST_NAME = 60
PASSED_ON = ("COLORTERM", "NO_COLOR", "TABLETOP_THEME")


def host_key(folder: Path | None = None) -> asyncssh.SSHKey:
    """Return the key of this host, made once, its owner's alone. Raises OSError."""
    file = (folder or platformdirs.user_data_path("tabletop", False)) / HOST_KEY
    if file.exists():
        return asyncssh.read_private_key(file)
    key = asyncssh.generate_private_key("ssh-ed25519")
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(key.export_private_key())
    return key


class Door(asyncssh.SSHServer):
    """One connection: who comes, with which code."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._address = "?"
        self._code = ""
        self._name = ""
        self._role = ""

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Note where they come from."""
        self._address = str((conn.get_extra_info("peername") or ["?"])[0])

    def begin_auth(self, username: str) -> bool:
        """Nobody comes in without a code; `role+name` says both."""
        self._role, _, self._name = username.partition("+")
        return True

    def password_auth_supported(self) -> bool:
        """The code is the password."""
        return True

    def validate_password(self, username: str, password: str) -> bool:
        """Return whether the code is one of this role's; the seat is given when the name is."""
        service = self._service
        if service.attempts.wait(self._address):
            return False
        found = service.role_of_code(password)
        if found is None or (self._role and found != self._role):
            service.attempts.wrong(self._address)
            return False
        self._code = password
        return True

    def session_requested(self) -> Channel:
        """Open a console in this channel."""
        return Channel(self._service, self._code, self._name, self._address)


class Channel(asyncssh.SSHServerSession[bytes]):
    """A viewer in an SSH channel. It has a terminal, or nothing."""

    def __init__(self, service: Service, code: str, name: str, address: str) -> None:
        self._service = service
        self._code, self._name, self._address = code, name, address
        self._channel: asyncssh.SSHServerChannel[bytes] | None = None
        self._hold: Hold | None = None
        self._typing = ""
        self._size = (80, 24)
        self._terminal: dict[str, str] = {}
        self._over = False
        self._opening: asyncio.Task[None] | None = None

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        """Keep the channel."""
        self._channel = chan

    def pty_requested(
        self, term_type: str, term_size: tuple[int, int, int, int], term_modes: object
    ) -> bool:
        """Take the terminal's kind and size."""
        self._terminal["TERM"] = term_type
        self._size = clamped(term_size[0], term_size[1])
        return True

    def shell_requested(self) -> bool:
        """A console is what there is for a shell; without a terminal there is none."""
        return bool(self._terminal)

    def exec_requested(self, command: str) -> bool:
        """Commands are not run here."""
        return False

    def subsystem_requested(self, subsystem: str) -> bool:
        """Neither are files handed out."""
        return False

    def session_started(self) -> None:
        """Ask for the name if it was not given, then show the console."""
        assert self._channel is not None
        given = self._channel.get_environment()
        self._terminal |= {k: v for k, v in given.items() if k in PASSED_ON}
        # Nearly every terminal with an SSH client shows all colours; 256 is what is certain.
        if self._name:
            self._open()
        else:
            self.write(b"Your name: ")

    def data_received(self, data: bytes, datatype: int | None) -> None:
        """Give what is typed to the console, or to the question for a name."""
        if self._hold is not None:
            self._hold.input(data)
        elif self._opening is None:
            self._type_name(data)

    def _type_name(self, data: bytes) -> None:
        for letter in data.decode("utf-8", "ignore"):
            if letter in "\r\n" and self._typing.strip():
                self._name = self._typing.strip()
                self.write(b"\r\n")
                self._open()
                return
            if letter in "\x03\x04":
                self.closed("")
                return
            if letter in "\x7f\b":
                if self._typing:
                    self._typing = self._typing[:-1]
                    self.write(b"\b \b")
            elif letter.isprintable() and len(self._typing) < LONGEST_NAME:
                self._typing += letter
                self.write(letter.encode())

    def _open(self) -> None:
        self._opening = asyncio.get_running_loop().create_task(self._show())

    async def _show(self) -> None:
        try:
            ticket: Ticket = await self._service.admit(self._code, self._name, self._address)
            width, height = self._size
            self._hold = await self._service.attach(ticket, self, width, height, self._terminal)
        except NotAdmitted as refusal:
            self.closed(refusal.text)
        except Exception:
            log.exception("a console could not be shown over SSH")
            self.closed("The host has met a fault; its log says which.")

    def terminal_size_changed(self, width: int, height: int, pixwidth: int, pixheight: int) -> None:
        """Give the console another size."""
        self._size = clamped(width, height)
        if self._hold is not None:
            self._hold.resize(*self._size)

    def write(self, data: bytes) -> None:
        """Show terminal output."""
        if self._channel is not None and not self._channel.is_closing():
            with contextlib.suppress(BrokenPipeError, OSError):
                self._channel.write(data)

    def closed(self, why: str) -> None:
        """Say that this is over, and why."""
        if self._over or self._channel is None:
            return
        self._over = True
        shown = LEAVE if self._hold is not None else ""
        words = f"{why}\r\n" if why else ""
        self.write(f"{shown}{words}".encode())
        with contextlib.suppress(OSError):
            self._channel.exit(0)

    @property
    def backlog(self) -> int:
        """Bytes that were written and have not left yet."""
        return self._channel.get_write_buffer_size() if self._channel is not None else 0

    def connection_lost(self, exc: Exception | None) -> None:
        """Let the console wait for whoever comes back."""
        self._over = True
        if self._hold is not None:
            self._hold.detach()


async def serve_ssh(
    service: Service, host: str, port: int, key: asyncssh.SSHKey | None = None
) -> asyncssh.SSHAcceptor:
    """Serve consoles over SSH. Raises ServingFault, OSError."""
    try:
        return await asyncssh.create_server(
            lambda: Door(service), host, port,
            server_host_keys=[key or host_key()],
            encoding=None,
            line_editor=False,
            allow_scp=False,
            agent_forwarding=False,
            x11_forwarding=False,
            login_timeout=60,
            keepalive_interval=15,
            keepalive_count_max=4,
            server_version="Tabletop",
        )  # fmt: skip
    except OSError as error:
        raise refusal(error, host, port) from error
