"""Connections to SQLite files, opened so that reading changes nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from simulator.journal.acts import ForeignFormError, MovedError, NewerFormError
from simulator.journal.faults import (
    JournalError,
    StoreCorrupt,
    StoreMissing,
    StoreMoved,
    StoreNewer,
    StoreReadOnly,
    from_sqlite,
)
from simulator.journal.record import BrokenChainError


@contextmanager
def plainly(place: Path) -> Iterator[None]:
    """Turn whatever SQLite raises about the file `place` into a JournalError."""
    try:
        yield
    except sqlite3.Error as error:
        raise from_sqlite(error, place) from error
    except MovedError as error:
        raise StoreMoved(place) from error
    except NewerFormError as error:
        raise StoreNewer(place, f"{StoreNewer.usual_fault} ({error})") from error
    except ForeignFormError as error:
        raise StoreCorrupt(place, f"This file is damaged or not Tabletop's ({error})") from error
    except BrokenChainError as error:
        raise StoreCorrupt(place, f"This file is damaged ({error})") from error
    except UnicodeDecodeError as error:
        raise StoreCorrupt(place) from error


def connect_writing(file: Path, patience: float, *, create: bool = False) -> sqlite3.Connection:
    """Return a connection that reads and writes `file`, waiting `patience` seconds for locks."""
    return _connect(file, "rwc" if create else "rw", patience)


def connect_reading(file: Path, patience: float) -> sqlite3.Connection:
    """Return a connection that cannot change `file`, also where the folder is read-only.

    Raises StoreMissing, StoreCorrupt; StoreReadOnly when there are acts in a write-ahead log
    beside the file that cannot be read without writing there.
    """
    if not file.is_file():
        raise StoreMissing(file)
    try:
        return _touched(_connect(file, "ro", patience))
    except sqlite3.Error as error:
        fault = from_sqlite(error, file)
        if not isinstance(fault, StoreReadOnly):
            raise fault from error
        return _connect_frozen(file, patience, fault)


def _connect_frozen(file: Path, patience: float, fault: JournalError) -> sqlite3.Connection:
    """Read a file that was never sealed from a folder where no log of it can be opened."""
    for beside in ("-wal", "-journal"):
        log = file.with_name(file.name + beside)
        if log.exists() and log.stat().st_size > 0:
            raise StoreReadOnly(
                file,
                "The last acts of this exercise are in a log that cannot be read here",
                f"Copy the file, together with {log.name}, to a folder that can be written.",
            ) from fault
    # Nobody has it open, or there would be a log: so it stands still.
    with plainly(file):
        return _touched(_connect(file, "ro&immutable=1", patience))


def _connect(file: Path, mode: str, patience: float) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{file.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=patience,
        isolation_level=None,
        check_same_thread=False,
    )


def _touched(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Return the connection after it has really opened its file."""
    try:
        connection.execute("PRAGMA schema_version").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection
