"""Decisions outlive exercises: one after another, never changed, the same in both engines."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

import psycopg
import pytest
from test_journal_library import summary

from simulator.journal import (
    Decision,
    Library,
    SqliteLibrary,
    StoreCorrupt,
    rebuild,
    store_at,
)
from simulator.journal.library import _FORMS, APPLICATION
from simulator.journal.postgres import form
from simulator.journal.summary import row_of

AT = "2026-01-05T10:00:00+00:00"


@pytest.fixture(name="library", params=["sqlite", "postgres"])
def _library(request: pytest.FixtureRequest, tmp_path: Path) -> Library:
    """A library of each engine that was never written."""
    if request.param == "sqlite":
        return store_at(tmp_path / "home").library()
    return store_at(request.getfixturevalue("url")).library()


def test_before_the_first_there_are_none(library: Library) -> None:
    assert library.decisions() == []
    assert library.decisions("review", "runbooks/db.md") == []


def test_they_come_back_in_order_by_kind_and_by_subject(library: Library) -> None:
    first = library.decide("a", "revision", "db.md#failover", '{"accepted": true}', AT)
    second = library.decide("b", "review", "db.md", "{}", AT)
    third = library.decide("c", "revision", "db.md#check", "{}", AT)
    assert first == Decision(1, "a", "revision", "db.md#failover", '{"accepted": true}', AT)
    assert library.decisions() == [first, second, third]
    assert library.decisions("revision") == [first, third]
    assert library.decisions(subject="db.md") == [second]
    assert library.decisions("revision", "db.md#check") == [third]
    assert library.decisions("review", "db.md#check") == []


def test_a_used_key_returns_what_was_decided_first(library: Library) -> None:
    first = library.decide("a", "revision", "db.md", "{}", AT)
    assert library.decide("a", "review", "web.md", '{"late": 1}') == first
    assert library.decisions() == [first]


def test_what_is_not_dated_is_dated_now(library: Library) -> None:
    assert AT < library.decide("a", "review", "db.md", "{}").at < "9"


def test_a_body_is_any_text(library: Library) -> None:
    bodies = ["", "Überprüfe 検査 🚒", 'a "quote" \n line \x00 end', "x" * 200_000]
    for number, body in enumerate(bodies):
        library.decide(f"\x00{number}" + "k" * 5000, "note", "ü", body)
    assert [decision.body for decision in library.decisions()] == bodies


def test_summaries_that_are_made_again_leave_the_decisions(library: Library) -> None:
    library.put(summary("old"))
    decided = library.decide("a", "review", "db.md", "{}", AT)
    library.replace_all([(summary("new"), ())])
    assert library.all() == [summary("new")]
    assert library.decisions() == [decided]


def test_several_who_decide_at_once_leave_no_gap(library: Library) -> None:
    def decide(number: int) -> Decision:
        return library.decide(f"key {number % 20}", "note", "x", "{}")

    with ThreadPoolExecutor(4) as threads:
        decided = set(threads.map(decide, range(40)))
    assert sorted(one.seq for one in decided) == list(range(1, 21))
    assert set(library.decisions()) == decided


TRICKS = [
    "UPDATE decision SET body = 'better'",
    "DELETE FROM decision WHERE seq = 2",
    "INSERT OR REPLACE INTO decision VALUES (3, 'a', 'k', 's', 'b', 't')",
    "INSERT OR REPLACE INTO decision VALUES (2, 'z', 'k', 's', 'b', 't')",
    "INSERT INTO decision VALUES (4, 'z', 'k', 's', 'b', 't')",
]


@pytest.mark.parametrize("trick", TRICKS)
def test_a_file_lets_nobody_change_them(tmp_path: Path, trick: str) -> None:
    library = SqliteLibrary(tmp_path / "library.db")
    decided = [library.decide(key, "note", "x", "{}") for key in ("a", "b")]
    foreign = sqlite3.connect(library.file, isolation_level=None)
    with pytest.raises(sqlite3.IntegrityError):
        foreign.execute(trick)
    foreign.close()
    assert library.decisions() == decided


@pytest.mark.parametrize(
    "trick",
    [
        "UPDATE tabletop.decision SET body = 'better'",
        "DELETE FROM tabletop.decision WHERE seq = 2",
        "TRUNCATE tabletop.decision",
    ],
)
def test_a_database_lets_nobody_change_them(url: str, trick: str) -> None:
    library = store_at(url).library()
    decided = [library.decide(key, "note", "x", "{}") for key in ("a", "b")]
    with psycopg.connect(url) as owner, pytest.raises(psycopg.errors.RaiseException):
        owner.execute(trick.encode())
    assert library.decisions() == decided


@pytest.mark.parametrize("version", range(1, len(_FORMS)))
def test_a_file_of_an_earlier_form_is_read_and_brought_up(tmp_path: Path, version: int) -> None:
    library = SqliteLibrary(tmp_path / "library.db")
    old = sqlite3.connect(library.file, isolation_level=None)
    for statement in chain.from_iterable(_FORMS[:version]):
        old.execute(statement)
    old.execute(f"PRAGMA application_id={APPLICATION}")
    old.execute(f"PRAGMA user_version={version}")
    marks = ", ".join("?" for _ in row_of(summary("k3")))
    old.execute(f"INSERT INTO exercise VALUES ({marks})", row_of(summary("k3")))
    assert library.all() == [summary("k3")]
    assert library.decisions() == []
    assert library.heat() == []
    assert old.execute("PRAGMA user_version").fetchone() == (version,)
    decided = library.decide("a", "note", "x", "{}")
    assert old.execute("PRAGMA user_version").fetchone() == (len(_FORMS),)
    old.close()
    assert library.all() == [summary("k3")]
    assert library.decisions() == [decided]
    assert library.heat() == []


@pytest.mark.parametrize("version", range(1, len(form._FORMS)))
def test_a_database_of_an_earlier_form_is_read_and_brought_up(url: str, version: int) -> None:
    with psycopg.connect(url) as owner:
        owner.execute("CREATE SCHEMA tabletop")
        for statements in form._FORMS[:version]:
            owner.execute(statements.encode())
        owner.execute("INSERT INTO tabletop.form VALUES (%s)", (version,))
    library = store_at(url).library()
    assert library.all() == []
    assert library.decisions() == []
    assert library.heat() == []
    library.put(summary("k3"))
    decided = library.decide("a", "note", "x", "{}")
    with psycopg.connect(url) as owner:
        assert owner.execute("SELECT version FROM tabletop.form").fetchall() == [(form.VERSION,)]
    assert library.all() == [summary("k3")]
    assert library.decisions() == [decided]
    assert library.heat() == []


def test_a_damaged_library_hands_on_the_decisions_that_can_be_read(tmp_path: Path) -> None:
    library = SqliteLibrary(tmp_path / "library.db")
    decided = [library.decide(f"key {n}", "note", "x", "{}", AT) for n in range(300)]
    library.replace_all((summary(f"k{n}"), ()) for n in range(500))
    # Everything behind the first pages, where the decisions came first.
    size = library.file.stat().st_size
    with library.file.open("r+b") as file:
        file.seek(size * 3 // 4)
        file.write(b"\x07" * (size // 4))
    with pytest.raises(StoreCorrupt):
        library.all()
    rebuild(library.file, [(summary("k3"), ())])
    assert library.all() == [summary("k3")]
    assert library.decisions() == decided
