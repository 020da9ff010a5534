"""A host of a team's exercise, which can be killed: appends, and prints what was acknowledged."""

from __future__ import annotations

import sys
from itertools import count

from simulator.journal.postgres import PostgresJournal


def host(url: str, exercise: str, name: str, first: int, last: int | None) -> None:
    """Append the acts from `first` on, under keys that every run of the same host uses."""
    with PostgresJournal(url, exercise, patience=30) as journal:
        for number in count(first) if last is None else range(first, last + 1):
            key = f"{name} {number}"
            seq = journal.append(key, f"body of {key}").seq
            sys.stdout.write(f"{number} {seq}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    url, exercise, name, first, *last = sys.argv[1:]
    host(url, exercise, name, int(first), int(last[0]) if last else None)
