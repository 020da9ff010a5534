"""Durable appends against the bare engine in the same loop, and late joining of a long exercise."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
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
LOOP = 10
ROUNDS = 250
LONG = 5_000
RATIO = 0.8
LATE = 1.0

Append = Callable[[str], object]


@contextmanager
def bare_sqlite(folder: Path) -> Iterator[Append]:
    """The same columns, durability and log that grows in play, without our rules."""
    db = sqlite3.connect(folder / "bare.db", isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("PRAGMA wal_autocheckpoint=0")
    db.execute(
        "CREATE TABLE act (seq INTEGER PRIMARY KEY, key TEXT UNIQUE, body TEXT, digest TEXT)"
    )
    digest = "0" * 64
    yield lambda key: db.execute(
        "INSERT INTO act (key, body, digest) VALUES (?, ?, ?)", (key, BODY, digest)
    )
    db.close()


@contextmanager
def bare_postgres(url: str) -> Iterator[tuple[Append, Append]]:
    """The same work in one plain statement, without our rules; and a lone insert, without order.

    The work: a number and a digest from the locked row, the act, the call to those who wait.
    """
    work = """
    WITH next AS (
      UPDATE public.head SET seq = seq + 1, digest = sha256(digest || %(key)s || %(body)s)
      WHERE id = 'drill' RETURNING seq, digest
    ), act AS (
      INSERT INTO public.act SELECT 'drill', seq, %(key)s, %(body)s, digest FROM next RETURNING seq
    )
    SELECT seq, pg_notify('bare', 'drill') FROM act
    """
    with psycopg.connect(url, autocommit=True) as db:
        db.execute("SET synchronous_commit = on")
        db.execute("CREATE TABLE public.head (id text PRIMARY KEY, seq bigint, digest bytea)")
        db.execute("INSERT INTO public.head VALUES ('drill', 0, '')")
        for name in ("act", "lone"):
            db.execute(
                f"CREATE TABLE public.{name} (id text, seq bigserial, key bytea, body bytea,"
                " digest bytea, PRIMARY KEY (id, seq), UNIQUE (id, key))"
            )
        body = BODY.encode()
        yield (
            lambda key: db.execute(work, {"key": key.encode(), "body": body}).fetchall(),
            lambda key: db.execute(
                "INSERT INTO public.lone (id, key, body) VALUES ('drill', %s, %s)",
                (key.encode(), body),
            ),
        )


def rate(append: Append, name: str) -> float:
    """Return appends per second."""
    began = perf_counter()
    for number in range(LOOP):
        append(f"{name}-{number:08}")
    return LOOP / (perf_counter() - began)


def compare(engine: str, journal: Journal, bare: Append, limit: float = RATIO) -> bool:
    """Print how the journal compares; return whether it is fast enough."""
    rates, ratios = [], []
    # As a host does: for the place that it has seen.
    places = count(journal.head().seq)
    for number in range(ROUNDS):  # in turn, so that a slow moment of the disk meets both
        ours = rate(lambda key: journal.append(key, BODY, next(places)), f"{engine}-{number}")
        theirs = rate(bare, f"bare-{number}")
        rates.append(ours)
        ratios.append(ours / theirs)
    ratio = median(ratios)
    print(f"append {engine}  {ratio:.2f} x bare ({median(rates):.0f}/s)  {limit} x")
    return ratio >= limit


def late(engine: str, journal: Journal, again: Callable[[], Journal]) -> bool:
    """Print how long joining a long exercise takes; return whether that is fast enough."""
    journal.append_all([(f"late-{number}", BODY) for number in range(LONG)])
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
            folder = Path(name)
            with SqliteJournal.create(folder / "drill") as lite, bare_sqlite(folder) as bare:
                fine.append(compare("sqlite", lite, bare))
            with SqliteJournal.create(folder / "long") as lite:
                fine.append(
                    late("sqlite", lite, lambda: SqliteJournal(folder / "long", write=False))
                )
        with PostgresJournal.create(server.url, "drill") as team, bare_postgres(server.url) as pair:
            fine.append(compare("postgres", team, pair[0]))
            # Only to be known: what order, chain and call cost over an insert that has none.
            compare("postgres, lone insert", team, pair[1], 0)
        with PostgresJournal.create(server.url, "long") as team:
            fine.append(
                late("postgres", team, lambda: PostgresJournal(server.url, "long", write=False))
            )
    finally:
        server.remove()
    return int(not all(fine))


if __name__ == "__main__":
    sys.exit(main())
