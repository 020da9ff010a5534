"""Durable appends against the bare engine in the same loop, and late joining of a long exercise."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import psycopg

from simulator.journal import Journal, SqliteJournal
from simulator.journal.postgres import PostgresJournal

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from postgres_server import PostgresServer

BODY = '{"do":"post","by":"seat-3","at":1234,"channel":"incident","text":"' + "x" * 300 + '"}'
LOOP = 200
ROUNDS = 15
LONG = 5_000
RATIO = 0.8
LATE = 1.0

Append = Callable[[str], object]


@contextmanager
def bare_sqlite(folder: Path) -> Iterator[Append]:
    """The same table and the same durability, without our rules."""
    db = sqlite3.connect(folder / "bare.db", isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE act (seq INTEGER PRIMARY KEY, key TEXT UNIQUE, body TEXT)")
    yield lambda key: db.execute("INSERT INTO act (key, body) VALUES (?, ?)", (key, BODY))
    db.close()


@contextmanager
def bare_postgres(url: str) -> Iterator[Append]:
    """The same table and the same durability, without our rules: one round trip an act."""
    with psycopg.connect(url, autocommit=True) as db:
        db.execute("SET synchronous_commit = on")
        db.execute(
            "CREATE TABLE public.act (seq bigserial PRIMARY KEY, key bytea UNIQUE, body bytea)"
        )
        body = BODY.encode()
        yield lambda key: db.execute(
            "INSERT INTO public.act (key, body) VALUES (%s, %s)", (key.encode(), body)
        )


def rate(append: Append, name: str) -> float:
    """Return appends per second."""
    began = perf_counter()
    for number in range(LOOP):
        append(f"{name}-{number:08}")
    return LOOP / (perf_counter() - began)


def compare(engine: str, journal: Journal, bare: Append) -> bool:
    """Print how the journal compares; return whether it is fast enough."""
    rates, ratios = [], []
    for number in range(ROUNDS):  # in turn, so that a slow moment of the disk meets both
        ours = rate(lambda key: journal.append(key, BODY), f"ours-{number}")
        theirs = rate(bare, f"bare-{number}")
        rates.append(ours)
        ratios.append(ours / theirs)
    ratio = median(ratios)
    print(f"append {engine}  {ratio:.2f} x bare ({median(rates):.0f}/s)  {RATIO} x")
    return ratio >= RATIO


def late(engine: str, journal: Journal, again: Callable[[], Journal]) -> bool:
    """Print how long joining a long exercise takes; return whether that is fast enough."""
    at = journal.head().seq
    journal.append_all([(f"late-{number}", BODY) for number in range(at, LONG)])
    began = perf_counter()
    with again() as joined:
        assert len(joined.read()) == LONG
    took = perf_counter() - began
    print(f"open and read {LONG} acts {engine}  {took * 1000:.0f} ms  {LATE * 1000:.0f} ms")
    return took < LATE


def main() -> int:
    """Print a line per figure, and return 1 if one misses its limit."""
    fine = []
    server = PostgresServer()
    try:
        server.start()
        with TemporaryDirectory() as name:
            file = Path(name) / "drill.tabletop"
            with SqliteJournal.create(file) as lite, bare_sqlite(Path(name)) as bare:
                fine.append(compare("sqlite", lite, bare))
                fine.append(late("sqlite", lite, lambda: SqliteJournal(file, write=False)))
        with PostgresJournal.create(server.url, "drill") as team, bare_postgres(server.url) as bare:
            fine.append(compare("postgres", team, bare))
            fine.append(
                late("postgres", team, lambda: PostgresJournal(server.url, "drill", write=False))
            )
    finally:
        server.remove()
    return int(not all(fine))


if __name__ == "__main__":
    sys.exit(main())
