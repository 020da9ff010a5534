"""The store: where exercises live, and their library. Here a folder, with one file for each."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

import platformdirs

from simulator.journal.engine import Journal
from simulator.journal.faults import StoreFailed, StoreMissing
from simulator.journal.library import Library, SqliteLibrary
from simulator.journal.sqlite import PATIENCE, SqliteJournal

SUFFIX = ".tabletop"
ADDRESSES = ("postgresql://", "postgres://")
LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no letter that is read as a digit."""

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


class Store:
    """A folder of exercises. Making one touches nothing; the first exercise makes the folder."""

    place: str
    """What to call this store in a message."""

    def __init__(self, root: Path, *, patience: float = PATIENCE) -> None:
        self.root = root
        self.place = str(root)
        self._patience = patience

    @classmethod
    def locate(cls, argument: str | Path | None = None) -> Store:
        """Return the store at `argument`, else at TABLETOP_HOME, else in the user's data folder.

        Each may be a folder or the address of a database, postgresql://...; then raises
        StoreMissing if it is no address, StoreFailed without the means to connect.
        """
        return store_at(
            argument
            or os.environ.get("TABLETOP_HOME")
            or platformdirs.user_data_path("tabletop", False)
        )

    @staticmethod
    def new_id() -> str:
        """Return a new id of ten letters and digits (50 bits), easy to read out and to type."""
        return "".join(secrets.choice(LETTERS) for _ in range(10))

    def file_name(self, exercise: str) -> str:
        """Return the name of an exercise's file, empty where it is none."""
        return self.path_of(exercise).name

    def path_of(self, exercise: str) -> Path:
        """Return where the exercise with this id lies. Raises StoreMissing if it is no id."""
        check_id(exercise)
        return self.root / "exercises" / f"{exercise}{SUFFIX}"

    def create(self, exercise: str) -> Journal:
        """Begin an exercise and return its journal, open for writing.

        Raises StoreExists, StoreReadOnly, StoreFull, StoreRemote.
        """
        return SqliteJournal.create(self.path_of(exercise), patience=self._patience)

    def open(self, exercise: str | Path, *, write: bool = True) -> Journal:
        """Return the journal of the exercise with this id, or in this file.

        A text with a slash or the suffix .tabletop is taken for a file.
        Raises what SqliteJournal raises on opening.
        """
        file = Path(exercise).expanduser() if is_file(exercise) else self.path_of(str(exercise))
        return SqliteJournal(file, write=write, patience=self._patience)

    def ids(self) -> list[str]:
        """Return the ids of all exercises here, in order; what the library is rebuilt from."""
        return sorted(file.stem for file in (self.root / "exercises").glob(f"*{SUFFIX}"))

    def library(self) -> Library:
        """Return the library of this store."""
        return SqliteLibrary(self.root / "library.db", patience=self._patience)


def store_at(place: str | Path) -> Store:
    """Return the store in this folder, or in the database with this address.

    Raises StoreMissing if it is neither, StoreFailed without the means to connect.
    """
    if not str(place).startswith(ADDRESSES):
        folder = Path(place).expanduser().absolute()
        if folder.exists() and not folder.is_dir():
            raise StoreMissing(folder, "This is not a folder")
        return Store(folder)
    try:
        from simulator.journal.postgres import PostgresStore
    except ImportError as error:
        raise StoreFailed(
            "PostgreSQL",
            f"The means to connect to a database are not installed ({error})",
            "Install them with: pip install 'tabletop-drill[postgres]' "
            "(in a checkout: pip install -e '.[postgres]')",
        ) from error
    return PostgresStore(str(place))


def check_id(exercise: str) -> None:
    """Raise StoreMissing if this is not the id of an exercise."""
    if not _ID.fullmatch(exercise):
        raise StoreMissing(exercise, "This is not the id of an exercise")


def is_file(exercise: str | Path) -> bool:
    """Return whether this names a file rather than an exercise of the store."""
    return isinstance(exercise, Path) or "/" in exercise or exercise.endswith(SUFFIX)
