"""Joining over SSH: user name = role, password = join code; nothing to install for who joins."""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import logging
import os
import re
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import asyncssh
import platformdirs

from simulator.content.clean import clean
from simulator.content.roles import STAFF
from simulator.session.faults import Told
from simulator.web.joining import NotAdmitted
from simulator.web.listening import ServingFault, refusal
from simulator.web.modes import LEAVE, clamped

if TYPE_CHECKING:
    from simulator.web.joining import Ticket
    from simulator.web.seat_line import Hold
    from simulator.web.service import Service

log = logging.getLogger("tabletop.ssh")

HOST_KEY = "ssh_host_key"
LOGIN_WITHIN = 120.0
MOST_CONNECTIONS = 300
MOST_NOT_IN_YET = 100
"""Connections that have given no code yet; all together they cost little, and end by themselves."""

LONGEST_NAME = 60
ASKED = 3
"""How often somebody is asked for another name."""

ENDS_WITHIN = 2.0
"""Seconds that a connection is given to take the last words."""

PASSED_ON = ("COLORTERM", "NO_COLOR", "TABLETOP_THEME")
BANNER = "Tabletop: the user name is your role, the password its join code.\r\n"
NO_TERMINAL = b"A console needs a terminal: connect without a command, and with ssh -t.\r\n"
FAULT = "The host has met a fault; its log says which."
_SEQUENCE = re.compile(r"\x1b(\[[0-9;?<]*[ -/]*[@-~]|O.|.)")


def host_key(folder: Path | None = None) -> asyncssh.SSHKey:
    """Return the key of this host, made once, its owner's alone. Raises ServingFault."""
    file = (folder or platformdirs.user_data_path("tabletop", False)) / HOST_KEY
    try:
        if not file.exists():
            _make(file)
        return asyncssh.read_private_key(file)
    except asyncssh.KeyImportError as error:
        raise ServingFault(
            f"{file} is no key. Delete it: a new one is made, which who joins must accept anew"
        ) from error
    except OSError as error:
        raise ServingFault(f"The host's key {file} cannot be had: {error.strerror}") from error


def _make(file: Path) -> None:
    """Write a new key, whole or not at all; who was quicker keeps theirs."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"{HOST_KEY}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(asyncssh.generate_private_key("ssh-ed25519").export_private_key())
        with contextlib.suppress(FileExistsError):
            os.link(fresh, file)
    finally:
        fresh.unlink(missing_ok=True)


class SshServer:
    """Serves the consoles of a service over SSH."""

    def __init__(
        self, service: Service, host: str, port: int, key: asyncssh.SSHKey | None = None
    ) -> None:
        """Port 0 takes a free one; the key is this host's own unless one is given."""
        self.service = service
        self._host, self._port = host, port
        self._key = key
        self._acceptor: asyncssh.SSHAcceptor | None = None
        self.connections: dict[Door, asyncssh.SSHServerConnection] = {}

    @property
    def port(self) -> int:
        """The port that is listened on."""
        assert self._acceptor is not None
        return self._acceptor.get_port()

    async def start(self) -> None:
        """Begin to serve. Raises ServingFault."""
        try:
            self._acceptor = await asyncssh.create_server(
                lambda: Door(self), self._host, self._port,
                server_host_keys=[self._key or host_key()],
                encoding=None,
                line_editor=False,
                allow_scp=False,
                agent_forwarding=False,
                x11_forwarding=False,
                login_timeout=LOGIN_WITHIN,
                keepalive_interval=15,
                keepalive_count_max=4,
                server_version="Tabletop",
            )  # fmt: skip
        except OSError as error:
            raise refusal(error, self._host, self._port, "--ssh") from error

    async def stop(self) -> None:
        """Take nobody any more, and let those who are here have their last words."""
        if self._acceptor is not None:
            self._acceptor.close()
        left = list(self.connections.values())
        for connection in left:
            connection.disconnect(asyncssh.DISC_BY_APPLICATION, "The host has stopped")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ENDS_WITHIN):
                for connection in left:
                    await connection.wait_closed()
        for connection in list(self.connections.values()):
            connection.abort()


class Door(asyncssh.SSHServer):
    """One connection: who comes, with which code."""

    def __init__(self, server: SshServer) -> None:
        self._server = server
        self._service = server.service
        self._connection: asyncssh.SSHServerConnection | None = None
        self._address = "?"
        self._code = ""
        self._name = ""
        self._role = ""

    @property
    def is_in(self) -> bool:
        """Whether a code has been given that was right."""
        return bool(self._code)

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Note where they come from; too many at once are not served."""
        self._address = str((conn.get_extra_info("peername") or ["?"])[0])
        connections = self._server.connections
        not_in = sum(not door.is_in for door in connections)
        if len(connections) >= MOST_CONNECTIONS or not_in >= MOST_NOT_IN_YET:
            log.warning("Too many connections: one from %s is not served", self._address)
            conn.abort()
            return
        self._connection = connections[self] = conn

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._server.connections.pop(self, None)

    def begin_auth(self, username: str) -> bool:
        """Nobody comes in without a code; `role+name` says both."""
        self._role, _, self._name = username.partition("+")
        if self._connection is not None:
            self._connection.send_auth_banner(BANNER)
            roles = sorted({name for room in self._service.rooms.values()
                            for name in (*STAFF, *room.drill.exercise.roles)})  # fmt: skip
            if self._role not in roles:
                called = clean(self._role, limit=40, lines=False)
                known = ", ".join(roles)
                said = f'There is no role "{called}". The user name is one of: {known}.\r\n'
                self._connection.send_auth_banner(said)
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
        if found is None or found != self._role:
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
        self._transport: asyncio.WriteTransport | None = None
        self._hold: Hold | None = None
        self._decode = codecs.getincrementaldecoder("utf-8")("ignore").decode
        self._typing = ""
        self._asked = 0
        self._size = (80, 24)
        self._terminal: dict[str, str] = {}
        self._over = False
        self._opening: asyncio.Task[None] | None = None

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        """Keep the channel."""
        self._channel = chan
        # What a client's window lets out waits in the connection, which tells nobody how much.
        self._transport = chan.get_connection()._transport

    def pty_requested(
        self, term_type: str, term_size: tuple[int, int, int, int], term_modes: object
    ) -> bool:
        """Take the terminal's kind and size."""
        self._terminal["TERM"] = term_type
        self._size = clamped(term_size[0], term_size[1])
        return True

    def shell_requested(self) -> bool:
        """A console is what there is for a shell."""
        return True

    def exec_requested(self, command: str) -> bool:
        """Commands are not run here."""
        return False

    def subsystem_requested(self, subsystem: str) -> bool:
        """Neither are files handed out."""
        return False

    def session_started(self) -> None:
        """Ask for the name if it was not given, then show the console."""
        assert self._channel is not None
        if not self._terminal:
            self._channel.write_stderr(NO_TERMINAL)
            self.closed("")
            return
        given = self._channel.get_environment()
        self._terminal |= {k: v for k, v in given.items() if k in PASSED_ON}
        # Nearly every terminal with an SSH client shows all colours; 256 is what is certain.
        if self._name:
            self._open()
        else:
            self._ask()

    def _ask(self) -> None:
        self._asked += 1
        self._typing = ""
        self.write(b"Your name: ")

    def data_received(self, data: bytes, datatype: int | None) -> None:
        """Give what is typed to the console, or to the question for a name."""
        if self._hold is not None:
            self._hold.input(data)
        elif self._opening is None:
            self._type_name(data)

    def _type_name(self, data: bytes) -> None:
        for letter in _SEQUENCE.sub("", self._decode(data)):
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
        except NotAdmitted as refused:
            self._opening = None
            if refused.retry_after or self._asked >= ASKED or self._over:
                self.closed(refused.text)
            else:
                self.write(f"{refused.text}\r\n".encode())
                self._ask()
            return
        try:
            width, height = self._size
            hold = await self._service.attach(ticket, self, width, height, self._terminal)
        except Told as fault:
            self.closed(str(fault))
        except Exception:
            log.exception("a console could not be shown over SSH")
            self.closed(FAULT)
        else:
            self._hold = hold
            if self._over:  # the connection was lost meanwhile
                hold.detach()
            elif self._size != (width, height):
                hold.resize(*self._size)

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
            self._channel.exit(0 if self._hold is not None else 1)

    @property
    def backlog(self) -> int:
        """Bytes that were written and have not left yet."""
        if self._channel is None or self._transport is None:
            return 0
        return self._channel.get_write_buffer_size() + self._transport.get_write_buffer_size()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let the console wait for whoever comes back."""
        self._over = True
        if self._hold is not None:
            self._hold.detach()
