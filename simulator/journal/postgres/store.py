"""The store in a database: where the exercises of several hosts live."""

from __future__ import annotations

from pathlib import Path

from simulator.journal.engine import Journal
from simulator.journal.faults import StoreMissing
from simulator.journal.postgres import form
from simulator.journal.postgres.address import shown
from simulator.journal.postgres.journal import PATIENCE, PostgresJournal
from simulator.journal.postgres.library import PostgresLibrary
from simulator.journal.postgres.line import Line, TimedConnection
from simulator.journal.store import Store, check_id, is_file


class PostgresStore(Store):
    """A database of exercises. Making one touches nothing; the first exercise gives it its form."""

    def __init__(self, url: str, *, patience: float = PATIENCE) -> None:
        """Name the database. Raises StoreMissing if this is no address."""
        self.url = url
        self.place = shown(url)
        self._patience = patience

    def file_name(self, exercise: str) -> str:
        """Return nothing: an exercise in a database is no file."""
        check_id(exercise)
        return ""

    def path_of(self, exercise: str) -> Path:
        """Raise StoreMissing: an exercise in a database is no file."""
        raise StoreMissing(self.place, f"The exercise {exercise} is in a database, not in a file")

    def create(self, exercise: str) -> Journal:
        """Begin an exercise and return its journal, open for writing.

        Raises StoreExists, StoreReadOnly, StoreAway.
        """
        check_id(exercise)
        return PostgresJournal.create(self.url, exercise, patience=self._patience)

    def open(self, exercise: str | Path, *, write: bool = True) -> Journal:
        """Return the journal of the exercise with this id, or in this file.

        Raises what opening a journal of its kind raises.
        """
        if is_file(exercise):
            return super().open(exercise, write=write)
        check_id(str(exercise))
        return PostgresJournal(self.url, str(exercise), write=write, patience=self._patience)

    def ids(self) -> list[str]:
        """Return the ids of all exercises here, in order."""

        def ask(db: TimedConnection) -> list[str]:
            if not form.examine(db):
                return []
            return [row[0] for row in db.execute(form.IDS).fetchall()]

        line = Line.to(self.url, self._patience)
        try:
            return line.ask(ask)
        finally:
            line.let_go()

    def library(self) -> PostgresLibrary:
        """Return the library of this store."""
        return PostgresLibrary(self.url, patience=self._patience)
