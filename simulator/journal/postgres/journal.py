"""The journal of one exercise in a PostgreSQL database."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Self, TypeVar

import psycopg

from simulator.journal.faults import (
    StoreCorrupt,
    StoreExists,
    StoreMissing,
    StoreMoved,
    StoreReadOnly,
)
from simulator.journal.postgres import form
from simulator.journal.postgres.address import shown
from simulator.journal.postgres.faults import gone
from simulator.journal.postgres.line import Line, TimedConnection
from simulator.journal.record import BrokenChainError, Head, Record, verify

PATIENCE = 5.0
"""Seconds to keep trying to reach the database before saying that it is away."""

LOOK = 2.0
"""Seconds between looks for new acts while calls are heard: in case one got lost."""

LOOK_DEAF = 0.25
"""Seconds between looks while none are heard."""

ANSWER = 1.0
"""Seconds that a database is given to answer whoever waits, however soon the wait is to end."""

T = TypeVar("T")


class PostgresJournal:
    """A Journal in a database. Any number of hosts may write it, in one order."""

    def __init__(
        self, url: str, exercise_id: str, *, write: bool = True, patience: float = PATIENCE
    ) -> None:
        """Open the exercise with this id, examining all of it.

        Raises StoreMissing, StoreCorrupt, StoreNewer, StoreAway.
        """
        self.exercise_id = exercise_id
        self.place = place_of(url, exercise_id)
        self._write = write
        self._older = False
        self._closed = threading.Event()
        self._writing = threading.RLock()
        self._line = Line.to(url, patience)
        try:
            self._sealed = self._ask(self._examine)
        except BaseException:
            self._line.let_go()
            raise

    @classmethod
    def create(cls, url: str, exercise_id: str, *, patience: float = PATIENCE) -> PostgresJournal:
        """Begin a new exercise and open it; the first one gives the database its form.

        Raises StoreExists, StoreReadOnly, StoreAway, StoreNewer.
        """
        maker = secrets.token_hex(8)
        place = place_of(url, exercise_id)

        def make(db: TimedConnection) -> str:
            form.found(db)
            db.execute(form.CREATE, (exercise_id, maker))
            return str(db.execute(form.MAKER, (exercise_id,)).fetchall()[0][0])

        line = Line.to(url, patience)
        try:
            # Not the row alone: a try whose answer got lost has made it too.
            if line.ask(make, place=place) != maker:
                raise StoreExists(place)
            return cls(url, exercise_id, patience=patience)
        finally:
            line.let_go()

    @property
    def shared(self) -> bool:
        """Any number of hosts may write it."""
        return True

    def append(self, key: str, body: str, after: int | None = None) -> Record:
        """Store an act; return its record once it is durable. See Journal.append."""
        values = (self.exercise_id, key.encode(), body.encode(), after)
        with self._writing:
            self._need_write()
            row = self._ask(lambda db: _new(db, values))
        if row is None:
            # Not the next act of the exercise, or a used key, or sealed: that is told apart there.
            return self.append_all([(key, body)], after)[0]
        return Record(row[0], key, body, row[1].hex())

    def append_all(
        self, items: Sequence[tuple[str, str]], after: int | None = None
    ) -> list[Record]:
        """Store several acts, all or none; return their records. See Journal.append_all."""
        keys, bodies = [key.encode() for key, _ in items], [body.encode() for _, body in items]
        with self._writing:
            self._need_write()
            rows = self._ask(_rows(form.APPEND, (self.exercise_id, keys, bodies, after)))
        if rows and rows[-1][0] is None:
            raise StoreMoved(self.place)
        return [
            Record(seq, key, body if other is None else other.decode(), digest.hex())
            for (key, body), (seq, other, digest) in zip(items, rows, strict=True)
        ]

    def read(self, after: int = 0) -> list[Record]:
        """Return the records after `after`. See Journal.read."""
        return self._read(after, None)

    def wait(self, after: int, timeout: float) -> list[Record]:
        """Return the records after `after` as soon as there are any. See Journal.wait.

        Raises StoreAway when the database cannot be reached, within the patience; and within
        `timeout`, but for a second that a database may take to answer.
        """
        self._need_open()
        try:
            return self._wait(after, time.monotonic() + timeout)
        except Exception:
            if self._closed.is_set():
                return []
            raise

    def head(self) -> Head:
        """Return the end of the journal as it is now."""
        return self._state(None)[0]

    @property
    def sealed(self) -> bool:
        """Whether the exercise is sealed, by whichever host; as it was once this is closed."""
        if not self._closed.is_set():
            self._sealed = self._state(None)[1]
        return self._sealed

    def seal(self) -> None:
        """Finish the exercise, on every host."""
        self._change(sealed=True)

    def unseal(self) -> None:
        """Let the exercise take acts again."""
        self._change(sealed=False)

    def clock(self) -> float:
        """Return the seconds since 1970 by the database's clock, the same for every host."""
        return float(self._ask(_rows(form.CLOCK))[0][0])

    def close(self) -> None:
        """Let go of the database."""
        if self._closed.is_set():
            return
        self._closed.set()
        with self._writing:
            self._line.hush(self.exercise_id)
            self._line.let_go()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _wait(self, after: int, deadline: float) -> list[Record]:
        ear = self._line.ear
        while not self._closed.is_set():
            # The calls first: an act that is stored in between is then looked for again.
            calls = ear.calls(self.exercise_id)
            left = deadline - time.monotonic()
            patience = min(self._line.patience, max(ANSWER, left))
            if self._state(patience)[0].seq != after:
                return self._read(after, patience)
            left = deadline - time.monotonic()
            if left <= 0:
                return []
            ear.wait(self.exercise_id, calls, min(left, LOOK if ear.hears else LOOK_DEAF))
        return []

    def _read(self, after: int, patience: float | None) -> list[Record]:
        rows = self._ask(_rows(form.READ, (self.exercise_id, after)), patience)
        if not rows and (head := self._state(patience)[0]).seq < after:
            raise StoreCorrupt(
                self.place,
                f"This journal ends at act {head.seq}, but it has held act {after}",
                "Stop here and keep a copy of the database: acts have been lost from it.",
            )
        return [_record(row) for row in rows]

    def _state(self, patience: float | None) -> tuple[Head, bool]:
        row = self._ask(lambda db: db.row(form.HEAD, (self.exercise_id,)), patience)
        if row is None:
            raise gone(self.place)
        seq, digest, sealed = row
        return Head(seq, digest.hex()), sealed

    def _change(self, *, sealed: bool) -> None:
        with self._writing:
            self._need_write()
            self._ask(lambda db: db.execute(form.SEAL, {"id": self.exercise_id, "sealed": sealed}))
            self._state(None)
            self._sealed = sealed

    def _examine(self, db: TimedConnection) -> bool:
        """Return whether the exercise is sealed, after a look at every act of it."""
        version = form.examine(db)
        if not version:
            raise StoreMissing(self.place)
        self._older = version < form.VERSION
        with db.transaction():
            # One look at both, whatever other hosts append meanwhile.
            db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            states = _rows(form.HEAD, (self.exercise_id,))(db)
            records = [_record(row) for row in _rows(form.READ, (self.exercise_id, 0))(db)]
        if not states:
            raise StoreMissing(self.place)
        seq, digest, sealed = states[0]
        try:
            if verify(records) != Head(seq, digest.hex()):
                raise BrokenChainError(len(records) + 1, "missing, though it has been stored")
        except BrokenChainError as error:
            raise StoreCorrupt(
                self.place,
                f"This exercise is damaged ({error})",
                "It was left exactly as it is: put a good copy of the database in its place.",
            ) from error
        return bool(sealed)

    def _need_write(self) -> None:
        self._need_open()
        if not self._write:
            raise StoreReadOnly(
                self.place,
                "This exercise was opened for reading only",
                "Open it for writing to go on with it.",
            )
        if self._older:
            # Left alone until now: whoever only reads may not have the right to change it.
            self._ask(form.found)
            self._older = False

    def _need_open(self) -> None:
        if self._closed.is_set():
            raise RuntimeError(f"the journal {self.place} is closed")

    def _ask(self, question: Callable[[TimedConnection], T], patience: float | None = None) -> T:
        self._need_open()
        return self._line.ask(question, place=self.place, patience=patience, given_up=self._closed)


def place_of(url: str, exercise_id: str) -> str:
    """Return how to name an exercise of a database. Raises StoreMissing if it is none."""
    return f"{shown(url)} (exercise {exercise_id})"


def _rows(sql: str, values: Sequence[Any] = ()) -> Callable[[psycopg.Connection], list[Any]]:
    # In binary, for bytes travel doubled otherwise.
    return lambda db: db.cursor(binary=True).execute(sql, values).fetchall()


def _new(db: TimedConnection, values: Sequence[Any]) -> tuple[Any, ...] | None:
    """Store an act that is most likely new and next; return None if it is not."""
    try:
        return db.row(form.APPEND_ONE, values)
    except psycopg.Error as error:
        if error.sqlstate in (form.USED, form.SEALED):
            return None
        raise


def _record(row: tuple[int, bytes, bytes, bytes]) -> Record:
    seq, key, body, digest = row
    return Record(seq, key.decode(), body.decode(), digest.hex())
