"""The service's end of the nursery: started, fed, asked for seats, and started again if it dies."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from itertools import count
from typing import Any

from simulator.session.faults import Told
from simulator.web.frames import Frames, message

log = logging.getLogger("tabletop.service")

KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "PYTHONPATH", "VIRTUAL_ENV", "TMPDIR")
"""What of the host's environment reaches a seat: no address of a database, no secret."""

DIED = "The process that starts consoles has died."

PATIENCE = 30.0
"""Seconds that a fork may take, with the imports of a nursery that has just begun."""


class NurseryFault(Told):
    """No seat can be started; the text says why."""


class Nursing:
    """A nursery and the two sockets to it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._stream: asyncio.WriteTransport | None = None
        self._orders: socket.socket | None = None
        self._answers = Frames()
        self._asking = asyncio.Lock()
        self._numbers = count(1)

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process."""
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        """Start it; it has nothing to follow yet."""
        self.close()
        stream, theirs = socket.socketpair()
        orders, wanted = socket.socketpair()
        environment = {name: os.environ[name] for name in KEPT if name in os.environ}
        environment |= {"TERM": "xterm-256color", "TEXTUAL_COLOR_SYSTEM": "truecolor"}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "simulator.web.nursery", str(theirs.fileno()),
             str(wanted.fileno())],
            pass_fds=(theirs.fileno(), wanted.fileno()),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # what is typed at the host's terminal is for the host
            env=environment,
        )  # fmt: skip
        theirs.close()
        wanted.close()
        orders.setblocking(False)
        self._orders, self._answers = orders, Frames()
        loop = asyncio.get_running_loop()
        self._stream, _ = await loop.create_connection(asyncio.Protocol, sock=stream)

    def tell(self, said: Mapping[str, Any]) -> None:
        """Send it a message about an exercise."""
        if self._stream is not None and not self._stream.is_closing():
            self._stream.write(message(said))

    async def fork(self, asked: Mapping[str, Any]) -> tuple[socket.socket, int]:
        """Return our end of a new seat's socket, and its process. Raises NurseryFault."""
        async with self._asking:
            if self._orders is None:
                raise NurseryFault(DIED)
            ours, theirs = socket.socketpair()
            number = next(self._numbers)
            order = message({**asked, "n": number})
            try:
                # A socket's buffer holds many orders, and there is one at a time.
                if socket.send_fds(self._orders, [order], [theirs.fileno()]) < len(order):
                    raise NurseryFault("The process that starts consoles takes no orders.")
                async with asyncio.timeout(PATIENCE):
                    process = await self._answer(number)
            except (BrokenPipeError, ConnectionResetError) as error:
                ours.close()
                self.close()  # its end may be seen here before the system says so
                raise NurseryFault(DIED) from error
            except (OSError, TimeoutError) as error:
                ours.close()
                raise NurseryFault(f"No console can be started: {error}.") from error
            except BaseException:
                ours.close()
                raise
            finally:
                theirs.close()
        ours.setblocking(False)
        return ours, process

    async def _answer(self, number: int) -> int:
        """Return the process that an order led to; what came too late for others is dropped."""
        loop = asyncio.get_running_loop()
        assert self._orders is not None
        while data := await loop.sock_recv(self._orders, 4096):
            for _, content in self._answers.feed(data):
                answer = json.loads(content)
                if answer["n"] == number:
                    return int(answer["process"])
        raise BrokenPipeError(DIED)

    def close(self) -> None:
        """End it; seats that it forked live on."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None
        if self._orders is not None:
            self._orders.close()
            self._orders = None
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=5)
            self._process = None
