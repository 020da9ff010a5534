"""The store: the folder where exercises live, one file each, and the library beside them."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

import platformdirs

from simulator.journal.faults import StoreMissing
from simulator.journal.library import Library
from simulator.journal.sqlite import PATIENCE, SqliteJournal

SUFFIX = ".tabletop"
LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no letter that is read as a digit."""

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


class Store:
    """A folder of exercises. Making one touches nothing; the first exercise makes the folder."""

    def __init__(self, root: Path, *, patience: float = PATIENCE) -> None:
        self.root = root
        self._patience = patience

    @classmethod
    def locate(cls, argument: str | Path | None = None) -> Store:
        """Return the store at `argument`, else at TABLETOP_HOME, else in the user's data folder."""
        named = argument or os.environ.get("TABLETOP_HOME")
        root = Path(named).expanduser() if named else platformdirs.user_data_path("tabletop", False)
        return cls(root.absolute())

    @staticmethod
    def new_id() -> str:
        """Return a new id of ten letters and digits (50 bits), easy to read out and to type."""
        return "".join(secrets.choice(LETTERS) for _ in range(10))

    def path_of(self, exercise: str) -> Path:
        """Return where the exercise with this id lies. Raises StoreMissing if it is no id."""
        if not _ID.fullmatch(exercise):
            raise StoreMissing(exercise, "This is not the id of an exercise")
        return self.root / "exercises" / f"{exercise}{SUFFIX}"

    def create(self, exercise: str) -> SqliteJournal:
        """Begin an exercise and return its journal, open for writing.

        Raises StoreExists, StoreReadOnly, StoreFull, StoreRemote.
        """
        return SqliteJournal.create(self.path_of(exercise), patience=self._patience)

    def open(self, exercise: str | Path, *, write: bool = True) -> SqliteJournal:
        """Return the journal of the exercise with this id, or in this file.

        A text with a slash or the suffix .tabletop is taken for a file.
        Raises what SqliteJournal raises on opening.
        """
        return SqliteJournal(self._file_of(exercise), write=write, patience=self._patience)

    def ids(self) -> list[str]:
        """Return the ids of all exercises here, in order; what the library is rebuilt from."""
        return sorted(file.stem for file in (self.root / "exercises").glob(f"*{SUFFIX}"))

    def library(self) -> Library:
        """Return the library of this store."""
        return Library(self.root / "library.db", patience=self._patience)

    def _file_of(self, exercise: str | Path) -> Path:
        if isinstance(exercise, Path) or "/" in exercise or exercise.endswith(SUFFIX):
            return Path(exercise).expanduser()
        return self.path_of(exercise)
