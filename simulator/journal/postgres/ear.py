"""The ear of a process: one connection that hears which exercises have new acts.

It may be deaf for a while, and then nobody is told of it: whoever waits also looks by itself.
"""

from __future__ import annotations

import selectors
import socket
import threading
from collections import Counter
from collections.abc import Mapping
from contextlib import closing, suppress
from typing import Any

import psycopg

from simulator.journal.postgres.form import CHANNEL

PAUSE = 0.2
"""Seconds between two tries to hear again."""


class Ear:
    """Counts the calls for each exercise, in a thread of its own."""

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        """Begin to listen; returns at once."""
        self._parameters = parameters
        self._calls: Counter[str] = Counter()
        self._missed = 0
        self._changed = threading.Condition()
        self._closing = threading.Event()
        self._bell, self._button = socket.socketpair()
        self.hears = False
        """Whether calls are heard at this moment."""
        self._thread = threading.Thread(target=self._run, name="tabletop-ear", daemon=True)
        self._thread.start()

    def calls(self, exercise: str) -> int:
        """Return a number that is higher after every call for this exercise."""
        with self._changed:
            return self._calls[exercise] + self._missed

    def wait(self, exercise: str, beyond: int, timeout: float) -> None:
        """Return once there were more than `beyond` calls, or `timeout` seconds have passed."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._calls[exercise] + self._missed > beyond, max(0.0, timeout)
            )

    def wake(self, exercise: str) -> None:
        """Call for an exercise within the process."""
        with self._changed:
            self._calls[exercise] += 1
            self._changed.notify_all()

    def close(self) -> None:
        """Stop listening."""
        self._closing.set()
        self._button.close()
        # It may be in the middle of connecting, and ends by itself after that.
        self._thread.join(timeout=1)

    def _run(self) -> None:
        while not self._closing.is_set():
            with suppress(psycopg.Error, OSError):
                self._listen()
            self._turn(False)
            self._closing.wait(PAUSE)
        self._bell.close()

    def _listen(self) -> None:
        connection = psycopg.Connection.connect(**self._parameters, autocommit=True)
        with closing(connection), selectors.DefaultSelector() as selector:
            connection.execute("SELECT set_config('application_name', 'tabletop ear', false)")
            connection.execute(f"LISTEN {CHANNEL}")
            selector.register(connection.fileno(), selectors.EVENT_READ)
            selector.register(self._bell, selectors.EVENT_READ)
            self._turn(True)
            while not self._closing.is_set():
                for call in connection.notifies(timeout=0):
                    self.wake(call.payload)
                selector.select()

    def _turn(self, hears: bool) -> None:
        """Note that calls are heard from now on, or no longer; either way some were missed."""
        with self._changed:
            self.hears = hears
            self._missed += 1
            self._changed.notify_all()
