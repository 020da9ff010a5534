"""The journal of one exercise in one SQLite file."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Self, TypeVar

from simulator.journal import acts
from simulator.journal.connection import connect_reading, connect_writing, plainly
from simulator.journal.faults import (
    JournalError,
    StoreCorrupt,
    StoreGone,
    StoreLocked,
    StoreReadOnly,
    StoreSealed,
)
from simulator.journal.file import claim, found, log_of, recover
from simulator.journal.lock import WriterLock
from simulator.journal.place import keep_names, make_folder
from simulator.journal.record import Head, Record, follow

PATIENCE = 5.0
"""Seconds to wait for another program's lock."""

POLL = 0.05
"""Seconds between looks for new acts; inotify would fire before a commit can be seen."""

T = TypeVar("T")


class SqliteJournal:
    """A Journal in a file of its own: write-ahead log while in play, one plain file when sealed.

    Reading goes through its own connection, which cannot write, and never waits for an append.
    """

    def __init__(self, file: Path, *, write: bool = True, patience: float = PATIENCE) -> None:
        """Open the exercise in `file`, examining all of it before anything is written.

        Raises StoreMissing, StoreCorrupt, StoreNewer, StoreReadOnly, StoreFull; for writing
        also StoreLocked while another process writes it and StoreRemote on a network disk.
        """
        self.file = file.resolve()
        self._log_file = log_of(self.file)
        self._patience = patience
        self._closed = threading.Event()
        self._writing, self._reading = threading.RLock(), threading.RLock()
        self._lock: WriterLock | None = None
        self._writer: sqlite3.Connection | None = None
        self._log: os.stat_result | None = None
        self._end: Head | None = None
        with ExitStack() as undo:
            if write:
                self._lock = claim(self.file)
                undo.callback(self._lock.release)
                recover(self.file, patience)
            self._reader = connect_reading(self.file, patience)
            undo.callback(self._reader.close)
            self._identity = _seen(self.file)
            with plainly(self.file):
                acts.examine(self._reader)
            if write:
                self._writer = connect_writing(self.file, patience)
                undo.callback(self._writer.close)
                with plainly(self.file):
                    acts.keep_durable(self._writer)
            self._sealed = self._on_reader(lambda reader: not acts.has_log(reader))
            undo.pop_all()

    @classmethod
    def create(cls, file: Path, *, patience: float = PATIENCE) -> SqliteJournal:
        """Begin a new exercise in `file` and open it.

        Raises StoreExists, StoreReadOnly, StoreFull, StoreLocked, StoreRemote.
        """
        make_folder(file.parent)
        lock = claim(file.resolve())
        try:
            found(file, patience)
        finally:
            lock.release()
        return cls(file, patience=patience)

    @property
    def shared(self) -> bool:
        """A file has one writer."""
        return False

    def append(self, key: str, body: str, after: int | None = None) -> Record:
        """Store an act; return its record once it is durable. See Journal.append."""
        with self._writing:
            return self._follow(key, body, after) or self.append_all([(key, body)], after)[0]

    def _follow(self, key: str, body: str, after: int | None) -> Record | None:
        """Store an act at the end in one statement; None if it does not go so.

        Nobody else writes, so the end is where our last act is. The file itself refuses a key
        that was used; whatever is wrong is said by trying again the longer way.
        """
        writer = self._need_writer()
        self._stay()
        end, self._end = self._end, None
        try:
            end = end or acts.last(writer)
            if self._sealed or after not in (None, end.seq):
                return None
            record = follow(end, key, body)
            acts.add(writer, record)
        except sqlite3.Error:
            return None
        self._end = Head(record.seq, record.digest)
        self._stay()
        self._log = self._log or _seen(self._log_file)
        return record

    def append_all(
        self, items: Sequence[tuple[str, str]], after: int | None = None
    ) -> list[Record]:
        """Store several acts, all or none; return their records. See Journal.append_all."""
        with self._writing:
            writer = self._need_writer()
            self._stay()
            try:
                if self._sealed:
                    raise StoreSealed(self.file)
                self._end = None
                with plainly(self.file):
                    records = acts.append(writer, items, after)
            except JournalError:
                # A key that was used before wins over whatever is wrong.
                if (known := self._known(items)) is not None:
                    return known
                raise
            # Looked at again, for a file deleted in between has swallowed them.
            self._stay()
            self._log = self._log or _seen(self._log_file)
            return records

    def read(self, after: int = 0) -> list[Record]:
        """Return the records after `after`. See Journal.read."""
        # Together, for between them the file might be sealed, and its log go away.
        with self._reading:
            self._need_open()
            self._stay()
            records = self._on_reader(lambda reader: acts.read(reader, after))
        if not records and (head := self.head()).seq < after:
            raise StoreCorrupt(
                self.file,
                f"This journal ends at act {head.seq}, but it has held act {after}",
                "Stop here and keep a copy of the file: acts have been lost from it.",
            )
        return records

    def wait(self, after: int, timeout: float) -> list[Record]:
        """Return the records after `after` as soon as there are any. See Journal.wait."""
        self._need_open()
        try:
            return self._wait(after, time.monotonic() + timeout)
        except RuntimeError:
            if self._closed.is_set():
                return []
            raise

    def head(self) -> Head:
        """Return the end of the journal as it is now."""
        return self._on_reader(acts.last)

    @property
    def sealed(self) -> bool:
        """Whether the file is sealed."""
        return self._sealed

    def seal(self) -> None:
        """Make the file whole by itself, readable from any folder, taking no more acts.

        Raises StoreLocked while another process has it open; nothing has changed then.
        """
        with self._writing, self._reading:
            writer = self._need_writer()
            if self._sealed:
                return
            self._stay()
            self._reader.close()
            try:
                with plainly(self.file):
                    sealed = acts.without_log(writer)
            finally:
                self._reader = connect_reading(self.file, self._patience)
            if not sealed:
                raise StoreLocked(self.file)
            self._change_mode(True)

    def unseal(self) -> None:
        """Let a sealed file take acts again. Raises StoreLocked while another reads it."""
        with self._writing, self._reading:
            writer = self._need_writer()
            if not self._sealed:
                return
            self._stay()
            with plainly(self.file):
                opened = acts.with_log(writer)
            if not opened:
                raise StoreLocked(self.file)
            self._change_mode(False)

    def clock(self) -> float:
        """Return the seconds since 1970 by this machine's clock: the one host is here."""
        return time.time()

    def close(self) -> None:
        """Carry the log over into the file, let go of it and of the writer's lock."""
        if self._closed.is_set():
            return
        self._closed.set()
        with self._writing, self._reading:
            self._reader.close()
            if self._writer is not None:
                # On failure the acts stay in the log, durable, and the next opening finds them.
                with suppress(sqlite3.Error):
                    acts.settle(self._writer)
                self._writer.close()
            if self._lock is not None:
                self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _wait(self, after: int, deadline: float) -> list[Record]:
        seen = -1
        while True:
            # The counter first: what is committed in between is then read twice, not missed.
            changes = self._on_reader(acts.changes_seen)
            if changes != seen and (records := self.read(after)):
                return records
            seen = changes
            left = deadline - time.monotonic()
            if left <= 0:
                return []
            with self._reading:
                self._stay()
            self._closed.wait(min(POLL, left))

    def _on_reader(self, ask: Callable[[sqlite3.Connection], T]) -> T:
        with self._reading:
            self._need_open()
            with plainly(self.file):
                return ask(self._reader)

    def _known(self, items: Sequence[tuple[str, str]]) -> list[Record] | None:
        """Return the records stored under the keys of all items; None if one is new."""
        found = self._on_reader(lambda reader: [acts.stored(reader, key) for key, _ in items])
        known = [record for record in found if record is not None]
        return known if len(known) == len(items) else None

    def _need_writer(self) -> sqlite3.Connection:
        self._need_open()
        if self._writer is None:
            raise StoreReadOnly(
                self.file,
                "This exercise was opened for reading only",
                "Open it for writing to go on with it.",
            )
        return self._writer

    def _need_open(self) -> None:
        if self._closed.is_set():
            raise RuntimeError(f"the journal {self.file} is closed")

    def _change_mode(self, sealed: bool) -> None:
        self._sealed, self._log = sealed, None
        # A log that came back after a power cut would be read into the file.
        with suppress(OSError):
            keep_names(self.file.parent)

    def _stay(self) -> None:
        """Raise StoreGone unless the file, and its log, are those that were opened."""
        if not _is_there(self.file, self._identity):
            raise StoreGone(self.file)
        if self._log is not None and not _is_there(self._log_file, self._log):
            raise StoreGone(self._log_file)


def salvage(file: Path, *, patience: float = PATIENCE) -> list[Record]:
    """Return the acts of a damaged file up to the first damaged one, changing nothing."""
    reader = connect_reading(file, patience)
    try:
        with plainly(file):
            return acts.unbroken(reader)
    finally:
        reader.close()


def _seen(file: Path) -> os.stat_result:
    try:
        return file.stat()
    except OSError as error:
        raise StoreGone(file) from error


def _is_there(file: Path, opened: os.stat_result) -> bool:
    try:
        return os.path.samestat(file.stat(), opened)
    except OSError:
        return False
