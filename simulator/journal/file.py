"""The file of an exercise: claimed by one writer, made whole or not at all, recovered."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

from simulator.journal import acts
from simulator.journal.connection import connect_writing, plainly
from simulator.journal.faults import (
    JournalError,
    StoreExists,
    StoreMissing,
    StoreReadOnly,
    StoreRemote,
    from_system,
)
from simulator.journal.lock import WriterLock
from simulator.journal.place import keep_bytes, keep_names, on_network_filesystem


def log_of(file: Path) -> Path:
    """Return the write-ahead log that SQLite keeps beside `file`."""
    return file.with_name(file.name + "-wal")


def claim(file: Path) -> WriterLock:
    """Return the right to write `file`, which need not exist yet.

    Raises StoreLocked, StoreReadOnly, StoreRemote, StoreMissing without its folder.
    """
    if not file.parent.is_dir():
        raise StoreMissing(file)
    if on_network_filesystem(file.parent):
        raise StoreRemote(file.parent)
    if file.exists() and not os.access(file, os.W_OK):
        raise StoreReadOnly(file)
    return WriterLock(file)


def found(file: Path, patience: float) -> None:
    """Make a new, empty exercise. Raises StoreExists, StoreReadOnly, StoreFull.

    It is made under another name first, so that it is there whole or not at all.
    """
    # A log without its file would be read into the new one.
    if file.exists() or log_of(file).exists():
        raise StoreExists(file)
    draft = file.with_name(f".{file.name}.new")
    try:
        _discard(draft)
        with plainly(draft), closing(connect_writing(draft, patience, create=True)) as connection:
            acts.found(connection)
        keep_bytes(draft)
        draft.rename(file)
        keep_names(file.parent)
    except OSError as error:
        raise from_system(error, file) from error
    except JournalError:
        _discard(draft)
        raise


def recover(file: Path, patience: float) -> None:
    """Bring what a killed writer left behind into a state that can be built on."""
    try:
        # A killed writer may have written an act without syncing it. If its key comes again
        # it is acknowledged from the file, so from here on it has to be durable.
        if log_of(file).exists():
            keep_bytes(log_of(file))
            keep_names(file.parent)
        unfinished = file.with_name(file.name + "-journal")
        if unfinished.exists() and file.is_file():
            with plainly(file), closing(connect_writing(file, patience)) as connection:
                acts.roll_back_unfinished(connection)
    except OSError as error:
        raise from_system(error, file) from error


def _discard(draft: Path) -> None:
    for beside in ("", "-wal", "-shm", "-journal"):
        draft.with_name(draft.name + beside).unlink(missing_ok=True)
