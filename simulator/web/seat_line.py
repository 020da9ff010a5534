"""The service's end of a seat: its socket, who shows it, and how long it waits for the next."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from simulator.web.frames import (
    INPUT,
    LEAVE,
    MESSAGE,
    OUTPUT,
    REPAINT,
    RESIZE,
    FrameError,
    Frames,
    frame,
    message,
)
from simulator.web.joining import Ticket, Viewer
from simulator.web.modes import clamped

log = logging.getLogger("tabletop.service")

OUTLIVES = 120.0
"""Seconds that a seat's process waits for its next viewer."""

TOO_SLOW = 256 * 1024
"""Bytes behind which a viewer is not written to, until it has caught up and is painted anew."""

DEAF = 64 * 1024 * 1024
"""Bytes that may wait for a seat's process before it counts as dead."""

Hear = Callable[["SeatLine", Mapping[str, Any]], None]


class SeatLine(asyncio.Protocol):
    """One seat's process, as the service has it."""

    def __init__(self, ticket: Ticket, seats: Mapping[str, str], hear: Hear, gone: Hear) -> None:
        """`seats` are the person's seats by exercise. `hear` is told messages, `gone` the end."""
        self.ticket = ticket
        self.seats = dict(seats)
        self._hear, self._gone = hear, gone
        self._frames = Frames()
        self._transport: asyncio.Transport | None = None
        self._viewer: Viewer | None = None
        self._behind = False
        self._waiting: asyncio.TimerHandle | None = None
        self.hold: Hold | None = None
        self.size = (80, 24)
        self.terminal: dict[str, str] = {}
        self.last_words: str | None = None
        """What it said when it left; None while it lives, or if it died without a word."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Take what the seat sends."""
        try:
            for kind, content in self._frames.feed(data):
                if kind == OUTPUT:
                    self._show(content)
                elif kind == MESSAGE:
                    self._hear(self, json.loads(content))
                elif kind == LEAVE:
                    self.last_words = content.decode("utf-8", "replace")
        except (FrameError, ValueError):
            log.exception("the seat %s sent what cannot be read", self.ticket.seat)
            self.end()

    def connection_lost(self, exc: Exception | None) -> None:
        """The process is gone."""
        self._stop_waiting()
        self._gone(self, {})

    @property
    def viewer(self) -> Viewer | None:
        """Who shows it now."""
        return self._viewer

    def shown_by(self, viewer: Viewer) -> None:
        """Let another viewer show it; the one before is told so."""
        before, self._viewer = self._viewer, viewer
        if before is not None and before is not viewer:
            before.closed("This seat is shown in another window now.")
        self._behind = False
        self._stop_waiting()

    def detached(self, viewer: Viewer) -> None:
        """Let a viewer go; the process waits a while for the next."""
        if self._viewer is viewer:
            self._viewer = None
            self._stop_waiting()
            self._waiting = asyncio.get_running_loop().call_later(OUTLIVES, self.end)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _show(self, output: bytes) -> None:
        viewer = self._viewer
        if viewer is None or self._behind:
            return
        if viewer.backlog > TOO_SLOW:
            self._behind = True
            return
        viewer.write(output)

    def catch_up(self) -> None:
        """Paint a viewer anew that was behind and no longer is."""
        if self._behind and self._viewer is not None and self._viewer.backlog == 0:
            self._behind = False
            self.repaint()

    def send(self, said: Mapping[str, Any]) -> None:
        """Send a message to the seat."""
        self._write(message(said))

    def type(self, data: bytes) -> None:
        """Give the seat what was typed."""
        self._write(frame(INPUT, data))

    def resize(self, width: int, height: int) -> None:
        """Give the seat another size."""
        wide, high = self.size = clamped(width, height)
        self._write(frame(RESIZE, json.dumps({"width": wide, "height": high}).encode()))

    def repaint(self) -> None:
        """Have the seat paint everything."""
        self._write(frame(REPAINT))

    def leave(self) -> None:
        """Ask the seat to leave."""
        self._write(frame(LEAVE))

    def end(self) -> None:
        """End the seat's process."""
        if self._transport is not None:
            self._transport.abort()

    def _write(self, data: bytes) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        self._transport.write(data)
        if self._transport.get_write_buffer_size() > DEAF:
            log.warning("the console of %s takes nothing any more", self.ticket.seat)
            self.end()


class Hold:
    """A viewer's hold on a seat, across the deaths of its process."""

    def __init__(self, line: SeatLine, viewer: Viewer) -> None:
        self.line = line
        self.viewer = viewer

    def input(self, data: bytes) -> None:
        """Give the console what was typed."""
        if self.line.viewer is self.viewer:
            self.line.type(data)

    def resize(self, width: int, height: int) -> None:
        """Give the console another size."""
        if self.line.viewer is self.viewer:
            self.line.resize(width, height)

    def detach(self) -> None:
        """Let go; the seat lives on for a while."""
        self.line.detached(self.viewer)
