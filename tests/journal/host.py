"""A host of a team's exercise, which can be killed: appends, and prints what was acknowledged."""

from __future__ import annotations

import sys
from itertools import count

from simulator.journal import Journal, StoreMoved
from simulator.journal.postgres import PostgresJournal


def host(
    url: str, exercise: str, name: str, first: int, last: int | None, checking: bool = False
) -> None:
    """Append the acts from `first` on, under keys that every run of the same host uses.

    A host that is checking means each act for the place after all that it has read, and its body
    names that place.
    """
    with PostgresJournal(url, exercise, patience=30) as journal:
        seen = 0
        for number in count(first) if last is None else range(first, last + 1):
            key = f"{name} {number}"
            if checking:
                seen = checked(journal, key, seen)
            else:
                seen = journal.append(key, f"body of {key}").seq
            sys.stdout.write(f"{number} {seen}\n")
            sys.stdout.flush()


def checked(journal: Journal, key: str, seen: int) -> int:
    """Append an act that was checked against what was read up to its place; return the place."""
    while True:
        seen += len(journal.read(seen))
        try:
            return journal.append(key, f"after {seen}", after=seen).seq
        except StoreMoved:
            continue


if __name__ == "__main__":
    url, exercise, name, first, last, *checking = sys.argv[1:]
    host(url, exercise, name, int(first), int(last) or None, bool(checking))
