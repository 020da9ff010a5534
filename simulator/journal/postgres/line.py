"""The line to a database: the few connections that all journals of a process share.

A call is made again on a fresh connection while its patience lasts, so everything asked over a
line must bear being asked twice. Acts do, by their keys.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen

from simulator.journal.acts import ForeignFormError, NewerFormError
from simulator.journal.faults import StoreAway, StoreCorrupt, StoreLocked, StoreNewer
from simulator.journal.postgres import form
from simulator.journal.postgres.address import parameters, shown
from simulator.journal.postgres.ear import Ear
from simulator.journal.postgres.faults import from_postgres

MOST = 10
"""Connections of one process to one database; PostgreSQL itself allows a hundred in all."""

PAUSE = 0.1
"""Seconds between two tries to reach a database that is away."""

T = TypeVar("T")
RV = TypeVar("RV")


class TimedConnection(psycopg.Connection):
    """A connection that gives up at its deadline, also on a server that has stopped answering."""

    deadline = float("inf")
    _asking: psycopg.Cursor | None = None

    def row(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """Return the first row that a statement answers with, None if there is none."""
        # In binary, for bytes travel doubled otherwise; and by one cursor, for making one takes
        # longer than asking by it.
        if self._asking is None:
            self._asking = self.cursor(binary=True)
        return self._asking.execute(sql.encode(), values).fetchone()

    def wait(self, gen: PQGen[RV], *args: Any, **named: Any) -> RV:
        """Run a conversation with the server, as psycopg does, up to the deadline."""
        return super().wait(self._timed(gen), *args, **named)

    def _timed(self, gen: PQGen[RV]) -> PQGen[RV]:
        try:
            ready = yield next(gen)
            while True:
                # Whoever waits comes by with nothing ready ten times a second.
                if not ready and time.monotonic() > self.deadline:
                    raise psycopg.OperationalError("it does not answer")
                ready = yield gen.send(ready)
        except StopIteration as done:
            value: RV = done.value
            return value


class Line:
    """A process's connections to one database, made when needed and closed with its last user."""

    _open: dict[tuple[str, float], Line] = {}
    # Taken again by the same thread when memory is tidied up meanwhile and a library goes with it.
    _registry = threading.RLock()

    def __init__(self, url: str, patience: float) -> None:
        """Name the database; `Line.to` is how to get a line."""
        self.place = shown(url)
        self.patience = patience
        self._parameters = parameters(url, patience)
        self._key = (url, patience)
        self._users = 0
        self._idle: list[TimedConnection] = []
        self._connections = 0
        self._freed = threading.Condition()
        self._ended = False
        self._ear: Ear | None = None

    @classmethod
    def to(cls, url: str, patience: float) -> Line:
        """Return the process's line to this database; give it back with `let_go`."""
        with cls._registry:
            line = cls._open.get((url, patience))
            if line is None:
                line = cls._open[url, patience] = cls(url, patience)
            line._users += 1
            return line

    def let_go(self) -> None:
        """Give the line back. With its last user it ends."""
        with self._registry:
            self._users -= 1
            if self._users:
                return
            self._open.pop(self._key, None)
            self._ended = True
        if self._ear is not None:
            self._ear.close()
        self._hang_up()

    @property
    def ear(self) -> Ear:
        """What hears of new acts: one connection for the process, made at the first use.

        Raises RuntimeError when the line has ended: nobody would ever close the ear again.
        """
        with self._registry:
            if self._ended:
                raise RuntimeError(f"the line to {self.place} has ended")
            if self._ear is None:
                self._ear = Ear(self._parameters)
            return self._ear

    def hush(self, exercise: str) -> None:
        """Wake whoever waits for an act of this exercise, as if there were one."""
        if self._ear is not None:
            self._ear.wake(exercise)

    def ask(
        self,
        question: Callable[[TimedConnection], T],
        *,
        place: str = "",
        patience: float | None = None,
        given_up: threading.Event | None = None,
    ) -> T:
        """Return what `question` finds out, asked again while the database is away.

        Raises the JournalError on `place` after `patience` seconds, sooner if `given_up`.
        """
        place, given_up = place or self.place, given_up or threading.Event()
        deadline = time.monotonic() + (self.patience if patience is None else patience)
        while True:
            try:
                connection = self._taken(deadline)
                try:
                    answer = question(connection)
                except BaseException as error:
                    self._drop(connection, error)
                    raise
                self._give_back(connection)
                return answer
            except NewerFormError as error:
                raise StoreNewer(
                    place, f"This database is used by a newer version of Tabletop ({error})"
                ) from error
            except ForeignFormError as error:
                raise StoreCorrupt(place, f"This database is not Tabletop's ({error})") from error
            except psycopg.Error as error:
                fault = from_postgres(error, place)
                passing = isinstance(fault, StoreAway | StoreLocked)
                late = time.monotonic() + PAUSE >= deadline
                if not passing or late or given_up.wait(PAUSE):
                    raise fault from error

    def _taken(self, deadline: float) -> TimedConnection:
        """Return a connection that nobody else has, until it is given back or dropped."""
        with self._freed:
            if not self._idle and self._connections >= MOST:
                left = max(0.0, deadline - time.monotonic())
                if not self._freed.wait_for(
                    lambda: self._idle or self._connections < MOST, timeout=left
                ):
                    raise psycopg.OperationalError("every connection to it is taken")
            connection = self._idle.pop() if self._idle else None
            if connection is None:
                self._connections += 1
        if connection is None:
            try:
                connection = self._connected(deadline)
            except BaseException:
                self._forget(1)
                raise
        connection.deadline = max(deadline, time.monotonic())
        return connection

    def _give_back(self, connection: TimedConnection) -> None:
        with self._freed:
            self._idle.append(connection)
            self._freed.notify()
        if self._ended:
            self._hang_up()

    def _drop(self, connection: TimedConnection, error: BaseException) -> None:
        connection.close()
        self._forget(1)
        if isinstance(error, psycopg.OperationalError):
            # What broke one has most likely broken the others.
            self._hang_up()

    def _forget(self, connections: int) -> None:
        with self._freed:
            self._connections -= connections
            self._freed.notify(connections)

    def _connected(self, deadline: float) -> TimedConnection:
        connection = TimedConnection.connect(**self._parameters, autocommit=True)
        try:
            connection.deadline = max(deadline, time.monotonic())
            limit = {"statement": self.patience, "lock": self.patience * 0.8}
            connection.execute(
                form.SETTINGS, {name: f"{round(value * 1000)}ms" for name, value in limit.items()}
            )
            form.examine(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _hang_up(self) -> None:
        with self._freed:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()
        self._forget(len(idle))
