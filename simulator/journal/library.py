"""The library: a line on each exercise, to list and to find them by; here in one file.

It is only an index. Everything in it can be read again from the journals.
"""

from __future__ import annotations

import secrets
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from itertools import count
from pathlib import Path
from typing import Any, Literal, Protocol

from simulator.journal.acts import TRUST_NOTHING, ForeignFormError, NewerFormError
from simulator.journal.connection import connect_reading, connect_writing, plainly
from simulator.journal.faults import StoreMissing, from_system
from simulator.journal.place import keep_bytes, keep_names, make_folder

APPLICATION = 0x5462546C  # TbTl
VERSION = 1
PATIENCE = 5.0

Mode = Literal["solo", "team", "run"]
State = Literal["open", "ended", "sealed"]


@dataclass(frozen=True, slots=True)
class Summary:
    """One line on one exercise. Times are UTC in ISO form, given by whoever plays."""

    id: str
    file: str
    system: str
    scenario: str
    scenario_hash: str
    seed: int
    mode: Mode
    state: State
    started: str
    finished: str | None = None
    minutes: int = 0
    score: int | None = None
    rating: str | None = None
    attempt: str = ""
    """What the player calls this attempt."""
    engine: str = ""
    """The version of Tabletop that played it."""
    calm: str = "{}"
    """What it says of how long its steps take, as JSON; the session knows what it means."""


class AmbiguousError(LookupError):
    """Several exercises begin with what was asked for; `ids` are theirs."""

    def __init__(self, prefix: str, ids: list[str]) -> None:
        super().__init__(f"{prefix} is the beginning of {', '.join(ids)}")
        self.ids = ids


def choose(name: str, near: list[Summary]) -> Summary | None:
    """Return the one that `name` means of the exercises whose ids begin so, if there is one.

    Raises AmbiguousError if it may be several.
    """
    exact = [summary for summary in near if summary.id == name]
    if len(near) > 1 and not exact:
        raise AmbiguousError(name, sorted(summary.id for summary in near))
    return next(iter(exact or near), None)


def row_of(summary: Summary) -> tuple[Any, ...]:
    """Return a summary as a row of a table, in the order of its fields."""
    return tuple({**asdict(summary), "seed": str(summary.seed)}.values())


def summary_of(row: Sequence[Any]) -> Summary:
    """Return the summary that a row of a table holds."""
    named = dict(zip((field.name for field in fields(Summary)), row, strict=True))
    return Summary(**{**named, "seed": int(named["seed"])})


_COLUMNS = ", ".join(field.name for field in fields(Summary))
_MARKS = ", ".join("?" for _ in fields(Summary))

# The seed is text because SQLite's integers end at 64 bits.
_SCHEMA = (
    """CREATE TABLE exercise (
  id TEXT PRIMARY KEY, file TEXT NOT NULL, system TEXT NOT NULL, scenario TEXT NOT NULL,
  scenario_hash TEXT NOT NULL, seed TEXT NOT NULL, mode TEXT NOT NULL, state TEXT NOT NULL,
  started TEXT NOT NULL, finished TEXT, minutes INTEGER NOT NULL, score INTEGER, rating TEXT,
  attempt TEXT NOT NULL, engine TEXT NOT NULL, calm TEXT NOT NULL
)""",
    "CREATE INDEX exercise_of_scenario ON exercise (scenario, started)",
    f"PRAGMA application_id={APPLICATION}",
    f"PRAGMA user_version={VERSION}",
)


class Library(Protocol):
    """The summaries of a store, which several processes may use at once.

    Every call may raise a JournalError.
    """

    def put(self, summary: Summary) -> None:
        """Store a summary in place of the one with the same id, durably."""
        ...

    def replace_all(self, summaries: Iterable[Summary]) -> None:
        """Forget all summaries and store these, at once or not at all."""
        ...

    def all(self) -> list[Summary]:
        """Return every summary, the newest first."""
        ...

    def of_scenario(self, scenario: str) -> list[Summary]:
        """Return the summaries of one scenario's exercises, the newest first."""
        ...

    def find(self, name: str) -> Summary | None:
        """Return the exercise with this id, or the only one whose id begins so, or None.

        Raises AmbiguousError if several do.
        """
        ...

    def latest(self) -> Summary | None:
        """Return the exercise that was started last, or None."""
        ...


class SqliteLibrary:
    """The summaries in one file, opened for each call, so that nothing has to be closed.

    Several processes may use it at once. Every call may raise a JournalError.
    """

    def __init__(self, file: Path, *, patience: float = PATIENCE) -> None:
        """Name the file; it is made by the first `put`, and a missing one holds nothing."""
        self.file = file
        self._patience = patience

    def put(self, summary: Summary) -> None:
        """Store a summary in place of the one with the same id, durably."""
        with self._writing() as connection:
            _put(connection, summary)

    def replace_all(self, summaries: Iterable[Summary]) -> None:
        """Forget all summaries and store these, at once or not at all."""
        with self._writing() as connection:
            connection.execute("DELETE FROM exercise")
            for summary in summaries:
                _put(connection, summary)

    def all(self) -> list[Summary]:
        """Return every summary, the newest first."""
        return self._select("")

    def of_scenario(self, scenario: str) -> list[Summary]:
        """Return the summaries of one scenario's exercises, the newest first."""
        return self._select("WHERE scenario = ?", scenario)

    def find(self, name: str) -> Summary | None:
        """Return the exercise with this id, or the only one whose id begins so, or None.

        Raises AmbiguousError if several do.
        """
        return choose(
            name, self._select("WHERE substr(id, 1, length(?1)) = ?1", name) if name else []
        )

    def latest(self) -> Summary | None:
        """Return the exercise that was started last, or None."""
        return next(iter(self._select("", limit=1)), None)

    def _select(self, where: str, *values: str, limit: int = -1) -> list[Summary]:
        query = f"SELECT {_COLUMNS} FROM exercise {where} ORDER BY started DESC, id LIMIT {limit}"
        try:
            connection = connect_reading(self.file, self._patience)
        except StoreMissing:
            return []
        with plainly(self.file), closing(connection):
            if _examine(connection):
                return [summary_of(row) for row in connection.execute(query, values)]
            return []

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        make_folder(self.file.parent)
        opened = connect_writing(self.file, self._patience, create=True)
        with plainly(self.file), closing(opened) as connection:
            _examine(connection)
            connection.execute("PRAGMA synchronous=FULL")
            # See acts.DURABLE: here several processes write, so none checkpoints in between.
            connection.execute("PRAGMA wal_autocheckpoint=0")
            connection.execute("BEGIN IMMEDIATE")
            try:
                if _value(connection, "PRAGMA application_id") == 0:
                    for statement in _SCHEMA:
                        connection.execute(statement)
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            # Refused while another process reads; any later call will do.
            with suppress(sqlite3.OperationalError):
                connection.execute("PRAGMA journal_mode=WAL").fetchall()


def rebuild(file: Path, summaries: Iterable[Summary]) -> Path | None:
    """Put a new library with these summaries in place of a damaged one.

    The old file is kept; returns where (library.db.bad-1, ...), or None if there was none.
    """
    fresh = file.with_name(f"{file.name}.new-{secrets.token_hex(4)}")
    SqliteLibrary(fresh).replace_all(summaries)
    try:
        kept = _keep(file) if file.exists() else None
        fresh.replace(file)
        keep_names(file.parent)
    except OSError as error:
        raise from_system(error, file) from error
    return kept


def _keep(file: Path) -> Path:
    names = (file.with_name(f"{file.name}.bad-{number}") for number in count(1))
    kept = next(name for name in names if not name.exists())
    try:
        kept.hardlink_to(file)
    except OSError:  # a file system without links
        shutil.copy2(file, kept)
        keep_bytes(kept)
    # Its log goes along: beside the new file it would be read into that.
    log, index = (file.with_name(file.name + beside) for beside in ("-wal", "-shm"))
    if log.exists():
        log.rename(kept.with_name(kept.name + "-wal"))
    index.unlink(missing_ok=True)
    return kept


def _examine(connection: sqlite3.Connection) -> bool:
    """Return whether the library has been made, changing nothing.

    Raises ForeignFormError, NewerFormError.
    """
    for pragma in TRUST_NOTHING:
        connection.execute(pragma)
    application = _value(connection, "PRAGMA application_id")
    version = _value(connection, "PRAGMA user_version")
    tables = _value(connection, "SELECT count(*) FROM sqlite_schema")
    if (application, version, tables) == (0, 0, 0):
        return False
    if application != APPLICATION:
        raise ForeignFormError("it does not carry Tabletop's mark")
    if version > VERSION:
        raise NewerFormError(f"form {version}, this program knows {VERSION}")
    complaint = _value(connection, "PRAGMA quick_check(1)")
    if complaint != "ok":
        raise ForeignFormError(str(complaint))
    return True


def _value(connection: sqlite3.Connection, sql: str) -> Any:
    return connection.execute(sql).fetchall()[0][0]


def _put(connection: sqlite3.Connection, summary: Summary) -> None:
    connection.execute(
        f"INSERT OR REPLACE INTO exercise ({_COLUMNS}) VALUES ({_MARKS})", row_of(summary)
    )
