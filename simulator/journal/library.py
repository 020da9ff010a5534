"""The library: a line on each exercise, to list and to find them by; here in one file.

The lines are only an index: all can be read again from the journals. The decisions cannot.
"""

from __future__ import annotations

import secrets
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import astuple, fields
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from simulator.journal import practice
from simulator.journal.acts import TRUST_NOTHING, ForeignFormError, NewerFormError
from simulator.journal.connection import connect_reading, connect_writing, plainly
from simulator.journal.decisions import Decision, dated
from simulator.journal.faults import JournalError, StoreMissing, from_system
from simulator.journal.place import keep_bytes, keep_names, make_folder
from simulator.journal.practice import Heat, Practice, heat_of, practice_of
from simulator.journal.summary import Summary, choose, row_of, summary_of

APPLICATION = 0x5462546C  # TbTl
PATIENCE = 5.0

_COLUMNS = ", ".join(field.name for field in fields(Summary))
_DECIDED = ", ".join(field.name for field in fields(Decision))
_MARKS = ", ".join("?" for _ in fields(Summary))

# The seed is text because SQLite's integers end at 64 bits.
_FORMS = (
    (
        """CREATE TABLE exercise (
  id TEXT PRIMARY KEY, file TEXT NOT NULL, system TEXT NOT NULL, scenario TEXT NOT NULL,
  scenario_hash TEXT NOT NULL, seed TEXT NOT NULL, mode TEXT NOT NULL, state TEXT NOT NULL,
  started TEXT NOT NULL, finished TEXT, minutes INTEGER NOT NULL, score INTEGER, rating TEXT,
  attempt TEXT NOT NULL, engine TEXT NOT NULL, calm TEXT NOT NULL
)""",
        "CREATE INDEX exercise_of_scenario ON exercise (scenario, started)",
    ),
    (
        """CREATE TABLE decision (
  seq INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, subject TEXT NOT NULL,
  body TEXT NOT NULL, at TEXT NOT NULL
)""",
        # REPLACE deletes without firing the trigger on delete, hence the second condition here.
        """CREATE TRIGGER decision_in_order BEFORE INSERT ON decision
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM decision)
  OR EXISTS (SELECT 1 FROM decision WHERE key = NEW.key)
BEGIN SELECT RAISE(ABORT, 'decisions are only appended, without a gap'); END""",
        """CREATE TRIGGER decision_unchanged BEFORE UPDATE ON decision
BEGIN SELECT RAISE(ABORT, 'decisions are never changed'); END""",
        """CREATE TRIGGER decision_kept BEFORE DELETE ON decision
BEGIN SELECT RAISE(ABORT, 'decisions are never deleted'); END""",
    ),
    (
        "CREATE INDEX exercise_rehearsed ON exercise (scenario, mode, state, started)",
        *practice.tables("TEXT", "INTEGER", " WITHOUT ROWID"),
    ),
)
"""What makes each version of the file's form of the one before it."""

VERSION = len(_FORMS)
_SINCE = {"decision": 2, "practice": 3, "heat": 3, "outline": 3}
"""The version of the form that first had a table, where it is not the first."""


Line = tuple[Summary, Sequence[Practice]]
"""What the library is rebuilt of: an exercise's summary, and what it showed of the steps."""

NONE: Mapping[str, str] = MappingProxyType({})

Step = tuple[str, str, str]
"""A step as (system, runbook, id)."""


class Library(Protocol):
    """The index of a store, which several processes may use at once.

    Every call may raise a JournalError.
    """

    def put(
        self,
        summary: Summary,
        practices: Sequence[Practice] | None = None,
        outlines: Mapping[str, str] = NONE,
    ) -> None:
        """Store a summary in place of the one with the same id, durably.

        With it, in the same transaction, what the exercise showed of the steps of runbooks, if
        that is given: in place of what was stored of it. And the outlines of runbooks that are
        not known yet, by the versions of their texts.
        """
        ...

    def replace_all(self, lines: Iterable[Line], outlines: Mapping[str, str] = NONE) -> None:
        """Forget all summaries and practices and store these, at once or not at all."""
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

    def decide(self, key: str, kind: str, subject: str, body: str, at: str = "") -> Decision:
        """Append a decision, durably, and return it; `at` is now where it is not given.

        Under a key that has been used nothing is appended, and the decision of then returned.
        """
        ...

    def decisions(self, kind: str | None = None, subject: str | None = None) -> list[Decision]:
        """Return the decisions in their order: all, or those of a kind, of a subject, of both."""
        ...

    def heat(self) -> list[Heat]:
        """Return the roll-up of what all exercises ever showed, by step and version."""
        ...

    def months(self, step: Step) -> list[Heat]:
        """Return the roll-up of one step month by month, the first one first."""
        ...

    def outlines(self, books: Iterable[str]) -> dict[str, str]:
        """Return the outlines of runbooks in these versions, as they were put: those that were."""
        ...

    def practices(self, step: Step, most: int) -> list[Practice]:
        """Return what at most so many exercises showed of a step, the newest first."""
        ...

    def noted(self, steps: Iterable[tuple[Step, str]], most: int) -> dict[Step, list[Practice]]:
        """Return for each step those of its exercises in which people wrote something of it.

        Each step is given with the version that counts; at most so many come, the newest first.
        """
        ...

    def done_well(self, step: Step, scenario: str, after: str) -> Practice | None:
        """Return the first exercise of a scenario started after a time that did a step well."""
        ...

    def rehearsed(self) -> dict[str, str]:
        """Return when people last played each scenario to an end: when that one started.

        Scripts are no rehearsals.
        """
        ...


class SqliteLibrary:
    """The index in one file, opened for each call, so that nothing has to be closed.

    Several processes may use it at once. Every call may raise a JournalError.
    """

    def __init__(self, file: Path, *, patience: float = PATIENCE) -> None:
        """Name the file; it is made by the first `put`, and a missing one holds nothing."""
        self.file = file
        self._patience = patience

    def put(
        self,
        summary: Summary,
        practices: Sequence[Practice] | None = None,
        outlines: Mapping[str, str] = NONE,
    ) -> None:
        """Store a summary in place of the one with the same id, durably. See Library."""
        with self._writing("exercise", "heat") as connection:
            _put(connection, summary)
            if practices is not None:
                practice.put(_asking(connection), summary.id, practices)
                practice.keep(_asking(connection), outlines)

    def replace_all(self, lines: Iterable[Line], outlines: Mapping[str, str] = NONE) -> None:
        """Forget all summaries and practices and store these, at once or not at all."""
        with self._writing("decision") as connection:
            ask = _asking(connection)
            for table in ("exercise", "practice", "outline"):
                connection.execute(f"DELETE FROM {table}")
            for summary, practices in lines:
                _put(connection, summary)
                practice.insert(ask, map(practice.row_of, practices))
            practice.settle(ask)
            practice.keep(ask, outlines)

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

    def decide(self, key: str, kind: str, subject: str, body: str, at: str = "") -> Decision:
        """Append a decision, durably, and return it. See Library."""
        with self._writing("decision") as connection:
            return _decide(connection, key, kind, subject, body, dated(at))

    def decisions(self, kind: str | None = None, subject: str | None = None) -> list[Decision]:
        """Return the decisions in their order: all, or those of a kind, of a subject, of both."""
        query = (
            f"SELECT {_DECIDED} FROM decision"
            " WHERE coalesce(kind = ?1, true) AND coalesce(subject = ?2, true) ORDER BY seq"
        )
        return [Decision(*row) for row in self._read("decision", query, (kind, subject))]

    def heat(self) -> list[Heat]:
        """Return the roll-up of what all exercises showed of the steps. See Library."""
        return [heat_of(row) for row in self._read("heat", practice.ROLLED_UP)]

    def months(self, step: Step) -> list[Heat]:
        """Return the roll-up of one step month by month, the first one first."""
        found = self._read("heat", practice.BY_MONTH, step, check=False)
        return [heat_of(row) for row in found]

    def outlines(self, books: Iterable[str]) -> dict[str, str]:
        """Return the outlines of runbooks in these versions, as they were put. See Library."""
        with self._reading("outline", check=False) as ask:
            return dict(row for book in books for row in ask(practice.OUTLINE, (book,)))

    def practices(self, step: Step, most: int) -> list[Practice]:
        """Return what at most so many exercises showed of a step, the newest first."""
        found = self._read("practice", practice.OF_STEP, (*step, most), check=False)
        return [practice_of(row) for row in found]

    def noted(self, steps: Iterable[tuple[Step, str]], most: int) -> dict[Step, list[Practice]]:
        """Return for each step those of its exercises in which people wrote of it. See Library."""
        with self._reading("practice", check=False) as ask:
            return {
                step: [practice_of(row) for row in ask(practice.NOTED, (*step, version, most))]
                for step, version in steps
            }

    def done_well(self, step: Step, scenario: str, after: str) -> Practice | None:
        """Return the first exercise of a scenario started after a time that did a step well."""
        found = self._read("practice", practice.DONE_WELL, (*step, after, scenario), check=False)
        return next((practice_of(row) for row in found), None)

    def rehearsed(self) -> dict[str, str]:
        """Return when people last played each scenario to an end. See Library."""
        return dict(self._read("exercise", practice.REHEARSED, check=False))

    def _select(self, where: str, *values: str, limit: int = -1) -> list[Summary]:
        query = f"SELECT {_COLUMNS} FROM exercise {where} ORDER BY started DESC, id LIMIT {limit}"
        return [summary_of(row) for row in self._read("exercise", query, values)]

    def _read(
        self, table: str, query: str, values: Sequence[str | int | None] = (), check: bool = True
    ) -> list[Any]:
        with self._reading(table, check) as ask:
            return ask(query, values)

    @contextmanager
    def _reading(self, table: str, check: bool = True) -> Iterator[practice.Ask]:
        """Give what asks a table; it finds nothing where the file's form lacks that.

        The table is examined first, unless only a few of its rows are looked up.
        """
        try:
            connection = connect_reading(self.file, self._patience)
        except StoreMissing:
            yield lambda query, values: []
            return
        with plainly(self.file), closing(connection):
            connection.execute("BEGIN")
            version = _form(connection, *((table,) if check else ()))
            there = version >= _SINCE.get(table, 1)
            yield _asking(connection) if there else lambda query, values: []

    @contextmanager
    def _writing(self, *checked: str) -> Iterator[sqlite3.Connection]:
        make_folder(self.file.parent)
        opened = connect_writing(self.file, self._patience, create=True)
        with plainly(self.file), closing(opened) as connection:
            connection.execute("PRAGMA synchronous=FULL")
            # See acts.DURABLE: here several processes write, so none checkpoints in between.
            connection.execute("PRAGMA wal_autocheckpoint=0")
            connection.execute("BEGIN IMMEDIATE")
            try:
                _bring_up(connection, _form(connection, *checked))
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            # Refused while another process reads; any later call will do.
            with suppress(sqlite3.OperationalError):
                connection.execute("PRAGMA journal_mode=WAL").fetchall()


def rebuild(file: Path, lines: Iterable[Line], outlines: Mapping[str, str] = NONE) -> Path | None:
    """Put a new library with these summaries and practices in place of a damaged one.

    It takes along the decisions of the old one, up to the first that cannot be read. The old
    file is kept; returns where (library.db.bad-1, ...), or None if there was none.
    """
    fresh = file.with_name(f"{file.name}.new-{secrets.token_hex(4)}")
    library = SqliteLibrary(fresh)
    library.replace_all(lines, outlines)
    for decision in _readable_decisions(file):
        library.decide(decision.key, decision.kind, decision.subject, decision.body, decision.at)
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


def _readable_decisions(file: Path) -> list[Decision]:
    kept: list[Decision] = []
    with (
        suppress(JournalError, sqlite3.Error),
        closing(connect_reading(file, PATIENCE)) as connection,
    ):
        for row in connection.execute(f"SELECT {_DECIDED} FROM decision ORDER BY seq"):
            decision = Decision(*row)
            if decision.seq != len(kept) + 1:
                break
            kept.append(decision)
    return kept


def _form(connection: sqlite3.Connection, *checked: str) -> int:
    """Return the version of the library's form, 0 where none has been made; change nothing.

    Asked within a transaction, for somebody may be making it. Raises NewerFormError, and
    ForeignFormError, also for damage in one of the tables `checked`.
    """
    for pragma in TRUST_NOTHING:
        connection.execute(pragma)
    application = _value(connection, "PRAGMA application_id")
    version = int(_value(connection, "PRAGMA user_version"))
    tables = _value(connection, "SELECT count(*) FROM sqlite_schema")
    if (application, version, tables) == (0, 0, 0):
        return 0
    if application != APPLICATION or version < 1:
        raise ForeignFormError("it does not carry Tabletop's mark")
    if version > VERSION:
        raise NewerFormError(f"form {version}, this program knows {VERSION}")
    for table in checked:
        if _SINCE.get(table, 1) > version:
            continue
        complaint = _value(connection, f"PRAGMA quick_check({table})")
        if complaint != "ok":
            raise ForeignFormError(str(complaint))
    return version


def _bring_up(connection: sqlite3.Connection, version: int) -> None:
    """Give the file the form of this program, from the version that it has."""
    if version == VERSION:
        return
    for form in _FORMS[version:]:
        for statement in form:
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id={APPLICATION}")
    connection.execute(f"PRAGMA user_version={VERSION}")


def _asking(connection: sqlite3.Connection) -> practice.Ask:
    return lambda statement, values: connection.execute(statement, values).fetchall()


def _value(connection: sqlite3.Connection, sql: str) -> Any:
    return connection.execute(sql).fetchall()[0][0]


def _put(connection: sqlite3.Connection, summary: Summary) -> None:
    connection.execute(
        f"INSERT OR REPLACE INTO exercise ({_COLUMNS}) VALUES ({_MARKS})", row_of(summary)
    )


def _decide(
    connection: sqlite3.Connection, key: str, kind: str, subject: str, body: str, at: str
) -> Decision:
    query = f"SELECT {_DECIDED} FROM decision WHERE key = ?"
    stored = connection.execute(query, (key,)).fetchall()
    if stored:
        return Decision(*stored[0])
    seq = 1 + _value(connection, "SELECT coalesce(max(seq), 0) FROM decision")
    decision = Decision(seq, key, kind, subject, body, at)
    connection.execute(
        f"INSERT INTO decision ({_DECIDED}) VALUES (?, ?, ?, ?, ?, ?)", astuple(decision)
    )
    return decision
