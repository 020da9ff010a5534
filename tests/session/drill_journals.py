"""Drills of the kiosk on real journals, and journals that fail on demand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from simulator.content.pack import Pack
from simulator.exercise import acts as a
from simulator.journal import Head, Journal, Record, SqliteJournal, StoreFull
from simulator.session.drill import Drill


class Failing(Journal):
    """A real journal whose appends fail: before anything is stored, or just after."""

    def __init__(self, journal: SqliteJournal) -> None:
        self.journal = journal
        self.before = self.after = 0

    shared = False

    def append(self, key: str, body: str, after: int | None = None) -> Record:
        return self.append_all([(key, body)], after)[0]

    def append_all(
        self, items: Sequence[tuple[str, str]], after: int | None = None
    ) -> list[Record]:
        if self.before:
            self.before -= 1
            raise StoreFull(self.journal.file)
        records = self.journal.append_all(items, after)
        if self.after:
            self.after -= 1
            raise StoreFull(self.journal.file)
        return records

    def read(self, after: int = 0) -> list[Record]:
        return self.journal.read(after)

    def wait(self, after: int, timeout: float) -> list[Record]:
        return self.journal.wait(after, timeout)

    def head(self) -> Head:
        return self.journal.head()

    @property
    def sealed(self) -> bool:
        return self.journal.sealed

    def seal(self) -> None:
        self.journal.seal()

    def unseal(self) -> None:
        self.journal.unseal()

    def clock(self) -> float:
        return self.journal.clock()

    def close(self) -> None:
        self.journal.close()


def drill_in(folder: Path, pack: Pack) -> tuple[Drill, Failing]:
    """Return a new drill, and its journal."""
    journal = Failing(SqliteJournal.create(folder / "drill.tabletop"))
    return Drill.begin("drill", journal, pack, 1, "Kim"), journal


def journaled(drill: Drill) -> list[str]:
    """Return what the acts of a drill's journal are, in order, with their times."""
    return [f"{act.do} {act.at}" for act in drill.acts()]


def queries(drill: Drill) -> list[str]:
    """Return what was searched, as the journal has it."""
    return [act.query for act in drill.acts() if isinstance(act, a.Search)]
