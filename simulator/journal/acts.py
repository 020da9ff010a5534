"""The table of acts: every statement the engine runs on an exercise's file.

The statements go through an Executor, so that the test which cuts the power runs exactly
these, in this order, over a file system that forgets what was not synced.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from simulator.journal.record import BrokenChainError, Head, Record, follow, verify

APPLICATION = 0x54625470
"""The application id in the file's header: TbTp."""

VERSION = 1
"""The version of the file's form. A file with a higher one is refused."""

SCHEMA = (
    """CREATE TABLE act (
  seq INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  body TEXT NOT NULL,
  digest TEXT NOT NULL
)""",
    # REPLACE deletes without firing the trigger on delete, hence the second condition here.
    """CREATE TRIGGER act_in_order BEFORE INSERT ON act
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM act)
  OR EXISTS (SELECT 1 FROM act WHERE key = NEW.key)
BEGIN SELECT RAISE(ABORT, 'acts are only appended, without a gap'); END""",
    """CREATE TRIGGER act_unchanged BEFORE UPDATE ON act
BEGIN SELECT RAISE(ABORT, 'acts are never changed'); END""",
    """CREATE TRIGGER act_kept BEFORE DELETE ON act
BEGIN SELECT RAISE(ABORT, 'acts are never deleted'); END""",
)

TRUST_NOTHING = ("PRAGMA trusted_schema=OFF", "PRAGMA cell_size_check=ON")

DURABLE = (
    "PRAGMA synchronous=FULL",
    # SQLite 3.7.0 to 3.51.2 can lose a commit when two connections write or checkpoint at
    # the same instant. The one writer checkpoints, and only when it opens and closes.
    "PRAGMA wal_autocheckpoint=0",
)


class ForeignFormError(ValueError):
    """The file does not have the form of an exercise."""


class NewerFormError(ValueError):
    """The file has a form that only a later version knows."""


class MovedError(ValueError):
    """The journal does not end where an act was meant to follow."""


class Rows(Protocol):
    """What a statement answers."""

    def fetchall(self) -> list[Any]: ...

    def __iter__(self) -> Iterator[Any]: ...


class Executor(Protocol):
    """The part of a connection that the statements need."""

    @property
    def in_transaction(self) -> bool: ...

    def execute(self, sql: str, values: Sequence[Any] = ..., /) -> Rows: ...


def found(db: Executor) -> None:
    """Give a new, empty file its form."""
    keep_durable(db)
    with_log(db)
    db.execute("BEGIN IMMEDIATE")
    for statement in SCHEMA:
        db.execute(statement)
    db.execute(f"PRAGMA application_id={APPLICATION}")
    db.execute(f"PRAGMA user_version={VERSION}")
    db.execute("COMMIT")


def keep_durable(db: Executor) -> None:
    """Make each commit on this connection wait until it would survive a power cut."""
    for pragma in (*TRUST_NOTHING, *DURABLE):
        db.execute(pragma).fetchall()


def with_log(db: Executor) -> bool:
    """Let the file take acts, through a write-ahead log; return whether that took."""
    return bool(_value(db, "PRAGMA journal_mode=WAL") == "wal")


def without_log(db: Executor) -> bool:
    """Make the file whole by itself, readable from any folder; return whether that took."""
    return bool(_value(db, "PRAGMA journal_mode=DELETE") == "delete")


def has_log(db: Executor) -> bool:
    """Return whether the file takes acts, that is, is not sealed."""
    return bool(_value(db, "PRAGMA journal_mode") == "wal")


def settle(db: Executor) -> None:
    """Carry the write-ahead log over into the file, as far as readers let it."""
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def roll_back_unfinished(db: Executor) -> None:
    """Undo a change of the file's mode that was cut short; reading does it."""
    _value(db, "PRAGMA schema_version")


def changes_seen(db: Executor) -> int:
    """Return a number that differs after another connection committed something."""
    return int(_value(db, "PRAGMA data_version"))


def add(db: Executor, record: Record) -> None:
    """Store a record that follows the last one, durable, or refuse it: one statement."""
    db.execute(
        "INSERT INTO act (seq, key, body, digest) VALUES (?, ?, ?, ?)",
        (record.seq, record.key, record.body, record.digest),
    )


def append(
    db: Executor, items: Sequence[tuple[str, str]], after: int | None = None
) -> list[Record]:
    """Store (key, body) pairs in one transaction and return their records, durable.

    With `after`, raises MovedError if the journal ends elsewhere and there is a new key.
    """
    # Immediate: a deferred transaction that reads first is refused whenever others write.
    db.execute("BEGIN IMMEDIATE")
    try:
        head = last(db)
        moved = after is not None and after != head.seq
        records = []
        for key, body in items:
            record = stored(db, key)
            if record is None:
                if moved:
                    raise MovedError(f"it ends at act {head.seq}")
                record = follow(head, key, body)
                head = Head(record.seq, record.digest)
                add(db, record)
            records.append(record)
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    return records


def stored(db: Executor, key: str) -> Record | None:
    """Return the record that was stored under `key`, if there is one."""
    rows = db.execute("SELECT seq, key, body, digest FROM act WHERE key = ?", (key,)).fetchall()
    return Record(*rows[0]) if rows else None


def read(db: Executor, after: int = 0) -> list[Record]:
    """Return the records after the sequence number `after`, in order."""
    return list(_each(db, after))


def last(db: Executor) -> Head:
    """Return the end of the journal."""
    rows = db.execute("SELECT seq, digest FROM act ORDER BY seq DESC LIMIT 1").fetchall()
    return Head(*rows[0]) if rows else Head()


def examine(db: Executor) -> Head:
    """Return the head of a file that is wholly in order, changing nothing.

    Raises NewerFormError, ForeignFormError, or BrokenChainError naming the first damaged act.
    """
    application = _value(db, "PRAGMA application_id")
    version = _value(db, "PRAGMA user_version")
    if application != APPLICATION:
        raise ForeignFormError("it does not carry Tabletop's mark")
    if version > VERSION:
        raise NewerFormError(f"form {version}, this program knows {VERSION}")
    # A file may come from anyone: no view, trigger or table of its sender's runs here.
    found_schema = {row[0] for row in db.execute("SELECT sql FROM sqlite_schema") if row[0]}
    if version != VERSION or found_schema != set(SCHEMA):
        raise ForeignFormError("its tables are not Tabletop's")
    # Not quick_check, which does not compare the index: by that a used key is known again.
    complaint = _value(db, "PRAGMA integrity_check(1)")
    if complaint != "ok":
        raise ForeignFormError(str(complaint))
    return verify(_each(db, 0))


def unbroken(db: Executor) -> list[Record]:
    """Return the records from the first up to the first damaged one."""
    head, kept = Head(), []
    for record in _each(db, 0):
        try:
            head = verify([record], head)
        except BrokenChainError:
            break
        kept.append(record)
    return kept


def _each(db: Executor, after: int) -> Iterator[Record]:
    rows = db.execute("SELECT seq, key, body, digest FROM act WHERE seq > ? ORDER BY seq", (after,))
    return (Record(*row) for row in rows)


def _value(db: Executor, sql: str) -> Any:
    return db.execute(sql).fetchall()[0][0]
