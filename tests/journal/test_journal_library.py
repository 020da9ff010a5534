"""The library of summaries: found by id, listed newest first, written by several at once."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from simulator.journal import (
    AmbiguousError,
    SqliteLibrary,
    StoreCorrupt,
    StoreLocked,
    StoreNewer,
    Summary,
    rebuild,
)
from simulator.journal.library import VERSION


def summary(name: str, day: int = 1, scenario: str = "slow-checkout") -> Summary:
    return Summary(
        id=name,
        file=f"{name}.tabletop",
        system="shop",
        scenario=scenario,
        scenario_hash="ab12",
        seed=2**64 + 7,
        mode="solo",
        state="open",
        started=f"2026-01-{day:02}T10:00:00Z",
        attempt="first try",
        engine="0.1.0",
    )


@pytest.fixture(name="library")
def _library(tmp_path: Path) -> SqliteLibrary:
    return SqliteLibrary(tmp_path / "home" / "library.db")


def test_a_library_that_was_never_written_is_empty(library: SqliteLibrary) -> None:
    assert library.all() == []
    assert library.latest() is None
    assert library.find("k3") is None
    assert not library.file.parent.exists()


def test_what_is_put_comes_back_the_newest_first(library: SqliteLibrary) -> None:
    old, new = summary("old", 1), summary("new", 2, "false-alarm")
    library.put(new)
    library.put(old)
    assert library.all() == [new, old]
    assert library.latest() == new
    assert library.of_scenario("slow-checkout") == [old]


def test_a_later_summary_takes_the_place_of_the_earlier(library: SqliteLibrary) -> None:
    library.put(summary("k3"))
    ended = replace(
        summary("k3"),
        state="sealed",
        finished="2026-01-01T10:30:00Z",
        minutes=30,
        score=81,
        rating="S",
    )
    library.put(ended)
    assert library.all() == [ended]


def test_an_exercise_is_found_by_the_beginning_of_its_id(library: SqliteLibrary) -> None:
    for name in ("k3xx", "k3xxyy", "m%_1"):
        library.put(summary(name))
    assert library.find("m") == summary("m%_1")
    assert library.find("k3xx") == summary("k3xx")
    assert library.find("%") is None
    assert library.find("") is None
    with pytest.raises(AmbiguousError, match="k3 is the beginning of k3xx, k3xxyy") as several:
        library.find("k3")
    assert several.value.ids == ["k3xx", "k3xxyy"]


def test_replacing_all_is_all_or_nothing(library: SqliteLibrary) -> None:
    library.put(summary("old"))
    with pytest.raises(ZeroDivisionError):
        library.replace_all((summary(str(1 // number)), ()) for number in (1, 0))
    assert library.all() == [summary("old")]
    library.replace_all([(summary("a", 2), ()), (summary("b", 1), ())])
    assert library.all() == [summary("a", 2), summary("b", 1)]


PUTTING = """
import sys
from pathlib import Path
from test_journal_library import summary
from simulator.journal import SqliteLibrary
for number in range(40):
    SqliteLibrary(Path(sys.argv[1])).put(summary(f"{sys.argv[2]}-{number}"))
    SqliteLibrary(Path(sys.argv[1])).all()
"""


def test_several_processes_write_and_read_it_at_once(library: SqliteLibrary) -> None:
    here = Path(__file__).parent
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", PUTTING, str(library.file), name],
            env={"PYTHONPATH": f"{here}:{here.parents[1]}"},
        )
        for name in ("a", "b", "c")
    ]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    assert len(library.all()) == 120


def test_a_library_that_is_held_says_so(library: SqliteLibrary) -> None:
    library.put(summary("k3"))
    foreign = sqlite3.connect(library.file, isolation_level=None)
    foreign.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreLocked):
        SqliteLibrary(library.file, patience=0.05).put(summary("m4"))
    assert library.all() == [summary("k3")]
    foreign.close()


def test_a_newer_library_is_refused(library: SqliteLibrary) -> None:
    library.put(summary("k3"))
    foreign = sqlite3.connect(library.file, isolation_level=None)
    foreign.execute(f"PRAGMA user_version={VERSION + 1}")
    foreign.close()
    for call in (library.all, lambda: library.put(summary("m4"))):
        with pytest.raises(StoreNewer):
            call()


@pytest.mark.parametrize(
    "damage", [b"not a library" * 1000, b"SQLite format 3\x00" + b"\x07" * 5000]
)
def test_a_damaged_library_is_kept_and_a_new_one_put_in_its_place(
    library: SqliteLibrary, damage: bytes
) -> None:
    library.file.parent.mkdir()
    for number in (1, 2):
        library.file.write_bytes(damage)
        for call in (library.all, lambda: library.put(summary("m4"))):
            with pytest.raises(StoreCorrupt):
                call()
        assert library.file.read_bytes() == damage
        kept = rebuild(library.file, [(summary("k3"), ())])
        assert kept == library.file.with_name(f"library.db.bad-{number}")
        assert kept.read_bytes() == damage
        assert library.all() == [summary("k3")]


def test_a_rebuilt_library_reads_nothing_of_the_old_ones_log(library: SqliteLibrary) -> None:
    library.put(summary("old"))
    holding = sqlite3.connect(library.file, isolation_level=None)
    holding.execute("PRAGMA wal_autocheckpoint=0")
    holding.execute("DELETE FROM exercise")  # only in the log as yet
    rebuild(library.file, [(summary("new"), ())])
    assert library.all() == [summary("new")]
    holding.close()
    assert library.all() == [summary("new")]


def test_there_need_be_nothing_to_rebuild_from(library: SqliteLibrary) -> None:
    assert rebuild(library.file, [(summary("k3"), ())]) is None
    assert library.all() == [summary("k3")]
