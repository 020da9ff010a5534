"""The writer's lock: one process writes an exercise, and a dead one holds nothing."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from simulator.journal.faults import StoreLocked, from_system


class WriterLock:
    """The right to write one file, held until `release` or the end of the process.

    It lies beside the file: closing any descriptor of the file itself would drop the locks
    that SQLite holds on it.
    """

    def __init__(self, file: Path) -> None:
        """Take the lock. Raises StoreLocked naming the holder, StoreReadOnly, StoreFull."""
        self._path = file.with_name(file.name + "-lock")
        try:
            self._descriptor = _hold(self._path, file)
        except OSError as error:
            raise from_system(error, file) from error
        # The number is a courtesy to whoever is refused: on a full disk it is left out.
        with suppress(OSError):
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, b"%d\n" % os.getpid(), 0)

    def release(self) -> None:
        """Give the lock back. Doing so twice does nothing."""
        if self._descriptor >= 0:
            with suppress(OSError):
                self._path.unlink()
            os.close(self._descriptor)
            self._descriptor = -1


def _hold(path: Path, file: Path) -> int:
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Between opening and locking, its last holder may have deleted it.
            if _is_same(descriptor, path):
                return descriptor
        except BlockingIOError:
            holder = _holder(descriptor)
            os.close(descriptor)
            raise StoreLocked(
                file,
                f"This exercise is being written by another program{holder}",
                "Close it there, or open it here for reading.",
            ) from None
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _is_same(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _holder(descriptor: int) -> str:
    text = os.pread(descriptor, 20, 0).strip()
    return f" (process {int(text)})" if text.isdigit() else ""
