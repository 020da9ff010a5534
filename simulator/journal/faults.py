"""What can be wrong with a store, said plainly: where, what, and what to do about it."""

# ruff: noqa: N818 - the name of a fault says what is wrong, and all end up as messages

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path
from typing import ClassVar

_ROOM = 64 * 1024
"""A file system with less room than this is full, whatever name the error goes by."""


class JournalError(Exception):
    """A store cannot do what was asked. Nothing that was acknowledged is lost by it.

    `place` is the file or folder, `fault` what is wrong with it, `remedy` what to do.
    """

    usual_fault: ClassVar[str] = "The store failed"
    usual_remedy: ClassVar[str] = "Nothing recorded so far is lost."

    def __init__(self, place: Path | str, fault: str = "", remedy: str = "") -> None:
        self.place = str(place)
        self.fault = fault or self.usual_fault
        self.remedy = remedy or self.usual_remedy
        super().__init__(self.place, self.fault, self.remedy)

    def __str__(self) -> str:
        return f"{self.fault}: {self.place}. {self.remedy}"


class StoreReadOnly(JournalError):
    """The file or its folder cannot be written."""

    usual_fault = "This place cannot be written"
    usual_remedy = "Choose another folder with --store or TABLETOP_HOME, or open it for reading."


class StoreFull(JournalError):
    """There is no room left on the disk."""

    usual_fault = "The disk is full"
    usual_remedy = "Free some space and do it again: nothing recorded so far is lost."


class StoreLocked(JournalError):
    """Somebody else holds the file."""

    usual_fault = "Another program holds this file"
    usual_remedy = "Close it there and do it again: nothing recorded so far is lost."


class StoreCorrupt(JournalError):
    """The file's content is damaged, or it is not ours."""

    usual_fault = "This file is damaged"
    usual_remedy = "It was left exactly as it is: put a good copy in its place."


class StoreNewer(JournalError):
    """The file was written by a later version of the program."""

    usual_fault = "This file was written by a newer version of Tabletop"
    usual_remedy = "It was left exactly as it is: update Tabletop to open it."


class StoreMissing(JournalError):
    """There is no such exercise, file or folder."""

    usual_fault = "There is no such exercise"
    usual_remedy = "Check the name, and the folder given with --store or TABLETOP_HOME."


class StoreGone(JournalError):
    """The file was deleted or replaced while it was open."""

    usual_fault = "This file was deleted or replaced while it was open"
    usual_remedy = "Put it back where it was and open the exercise again."


class StoreSealed(JournalError):
    """The exercise is finished and its file sealed."""

    usual_fault = "This exercise is finished and sealed"
    usual_remedy = "A correction has to unseal it first."


class StoreExists(JournalError):
    """An exercise of that name is already there."""

    usual_fault = "An exercise of this name is already here"
    usual_remedy = "It was left exactly as it is: choose another name."


class StoreRemote(JournalError):
    """The folder lies on a network file system, where locks and syncs cannot be trusted."""

    usual_fault = "This folder lies on a network file system, which can lose acts"
    usual_remedy = "Choose a local folder with --store or TABLETOP_HOME."


class StoreAway(JournalError):
    """The database cannot be reached, or does not answer."""

    usual_fault = "The database cannot be reached"
    usual_remedy = "What was typed is kept; it is tried again."


class StoreMoved(JournalError):
    """Another host has stored an act at the place for which this one was meant."""

    usual_fault = "Another host was quicker"
    usual_remedy = "It is checked and tried again."


class StoreFailed(JournalError):
    """The disk or the system reported an error that has no plainer name."""


def from_sqlite(error: sqlite3.Error, place: Path) -> JournalError:
    """Return the plain fault behind an error of SQLite on the file `place`."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None and isinstance(error, sqlite3.OperationalError):
        # Raised by Python itself, on text that is not UTF-8.
        return StoreCorrupt(place, f"This file is damaged ({error})")
    if code == sqlite3.SQLITE_READONLY_DBMOVED:
        return StoreGone(place)
    match (code or sqlite3.SQLITE_ERROR) & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreLocked(place)
        case sqlite3.SQLITE_FULL:
            return StoreFull(place)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return StoreReadOnly(place)
        case sqlite3.SQLITE_CORRUPT:
            return StoreCorrupt(place)
        case sqlite3.SQLITE_NOTADB:
            return StoreCorrupt(place, "This is not a file of Tabletop's, or it is damaged")
        case sqlite3.SQLITE_CANTOPEN:
            return _unopenable(place)
        case sqlite3.SQLITE_IOERR if _no_room(place):
            return StoreFull(place)
        case sqlite3.SQLITE_IOERR:
            return StoreFailed(place, f"The disk reported an error ({error})")
    return StoreFailed(place, f"The store failed ({error})")


def from_system(error: OSError, place: Path) -> JournalError:
    """Return the plain fault behind an error of the operating system on `place`."""
    match error.errno:
        case errno.EROFS | errno.EACCES | errno.EPERM:
            return StoreReadOnly(place)
        case errno.ENOSPC | errno.EDQUOT:
            return StoreFull(place)
        case errno.ENOENT:
            return StoreMissing(place)
        case errno.ENOTDIR | errno.EEXIST | errno.EISDIR:
            return StoreMissing(place, "This is not a folder")
    return StoreFailed(place, f"The system reported an error ({error.strerror or error})")


def _unopenable(place: Path) -> JournalError:
    if not place.exists():
        return StoreMissing(place)
    if _no_room(place):
        return StoreFull(place)
    return StoreReadOnly(place, "This file or its folder cannot be opened for what was asked")


def _no_room(place: Path) -> bool:
    try:
        disk = os.statvfs(place.parent)
    except OSError:
        return False
    return disk.f_bavail * disk.f_frsize < _ROOM or (disk.f_files > 0 and disk.f_favail == 0)
