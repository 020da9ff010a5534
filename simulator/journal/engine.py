"""The interface of a journal, which every engine implements and one contract test holds to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, Self

from simulator.journal.record import Head, Record


class Journal(Protocol):
    """The acts of one exercise, in their one order. Safe to call from any thread.

    Every call may raise a JournalError, and RuntimeError once the journal is closed.
    """

    @property
    def shared(self) -> bool:
        """Whether other hosts may write the journal at the same time."""
        ...

    def append(self, key: str, body: str, after: int | None = None) -> Record:
        """Store an act and return its record once it is durable.

        With `after`, only if the journal ends at that sequence number; else raises StoreMoved,
        and nothing has been stored.

        A key that was used before returns the record stored then, whatever the body and
        whatever else is wrong, so the same call can be made again after any doubt.
        Raises StoreSealed on a sealed journal, StoreReadOnly on one opened for reading.
        """
        ...

    def append_all(
        self, items: Sequence[tuple[str, str]], after: int | None = None
    ) -> list[Record]:
        """Store several (key, body) at once, all or none, and return their records in order."""
        ...

    def read(self, after: int = 0) -> list[Record]:
        """Return the records with a sequence number above `after`, in order.

        Raises StoreCorrupt if the journal ends before `after`: it has lost acts.
        """
        ...

    def wait(self, after: int, timeout: float) -> list[Record]:
        """Return what `read` returns as soon as that is something.

        Returns nothing when `timeout` seconds have passed or the journal is closed meanwhile.
        """
        ...

    def head(self) -> Head:
        """Return the end of the journal as it is now."""
        ...

    @property
    def sealed(self) -> bool:
        """Whether the journal is sealed: complete, and taking no more acts."""
        ...

    def seal(self) -> None:
        """Finish the journal. Sealing what is sealed does nothing."""
        ...

    def unseal(self) -> None:
        """Let a finished journal take acts again, for a correction. Seal it again after."""
        ...

    def clock(self) -> float:
        """Return the seconds since 1970 by the store's own clock.

        All hosts of an exercise see the same clock, however wrong their own ones are, so what
        several of them must agree on is reckoned by this one. It is a wall clock: it may jump,
        and it enters nothing that is computed from the journal unless an act carries it.
        """
        ...

    def close(self) -> None:
        """Let go of the journal. Closing twice does nothing."""
        ...

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
