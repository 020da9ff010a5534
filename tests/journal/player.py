"""A player who can be killed: appends for ever, and prints what was acknowledged."""

from __future__ import annotations

import sys
from pathlib import Path

from simulator.journal import SqliteJournal


def play(file: Path) -> None:
    journal = SqliteJournal(file)
    if journal.sealed:
        journal.unseal()
    number = journal.head().seq
    say(f"resumed {number}")
    # The last act again: whoever was killed cannot know whether it was acknowledged.
    if number:
        assert journal.append(f"key {number}", "a retry").seq == number
    while True:
        number += 1
        if number % 10:
            say(f"acknowledged {journal.append(f'key {number}', f'body {number}').seq}")
        else:
            batch = [(f"key {n}", f"body {n}") for n in range(number, number + 4)]
            number += 3
            say(f"acknowledged {journal.append_all(batch)[-1].seq}")
        if number % 25 == 0:
            journal.seal()
            journal.unseal()
        if number % 60 == 0:
            journal.close()
            journal = SqliteJournal(file)


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    play(Path(sys.argv[1]))
