"""What many exercises showed of the steps: kept, counted once for each team, rolled up by month."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from test_journal_library import summary

from simulator.journal import Heat, JournalError, Library, Practice, Summary, store_at

STEP = ("shop", "db", "failover")


@pytest.fixture(name="library", params=["sqlite", "postgres"])
def _library(request: pytest.FixtureRequest, tmp_path: Path) -> Library:
    """A library of each engine that was never written."""
    if request.param == "sqlite":
        return store_at(tmp_path / "home").library()
    return store_at(request.getfixturevalue("url")).library()


def shown(exercise: str, who: str = "", day: int = 1, **other: Any) -> Practice:
    plain = Practice(
        exercise=exercise,
        system="shop",
        runbook="db",
        step="failover",
        version="v1",
        book="b1",
        scenario="shop/slow",
        mode="team",
        who=who or exercise,
        started=f"2026-01-{day:02}T10:00:00+00:00",
        confused=False,
        flagged=False,
        points=0,
        signals=(),
        lost=0,
        well=True,
        notes=(),
    )
    return replace(plain, **other)


CONFUSED: dict[str, Any] = {
    "confused": True, "points": 3, "signals": ("hint", "slow"), "lost": 90, "well": False,
}  # fmt: skip


def put(library: Library, *practices: Practice) -> None:
    for one in practices:
        library.put(replace(summary(one.exercise), started=one.started), [one])


def months(library: Library) -> list[Heat]:
    return [one for step in ("check", "failover") for one in library.months(("shop", "db", step))]


def figures(heat: Iterable[Heat]) -> list[tuple[str, str, int, int]]:
    return [(one.version, one.month, one.teams, one.confused) for one in heat]


def test_before_the_first_there_is_nothing(library: Library) -> None:
    assert library.heat() == []
    assert library.practices(STEP, 10) == []
    assert library.done_well(STEP, "shop/slow", "") is None
    assert library.rehearsed() == {}


def test_exercises_are_rolled_up_by_version_and_month(library: Library) -> None:
    put(
        library,
        shown("k1", day=3, **CONFUSED),
        shown("k2", day=2, **{**CONFUSED, "flagged": True, "signals": ("flagged",), "lost": 30}),
        shown("k3", day=4),
        shown("k4", started="2026-02-01T00:00:00+00:00", version="v2", book="b2"),
    )
    first, second = library.heat()
    assert first == Heat(
        system="shop", runbook="db", step="failover", version="v1", book="b1", month="",
        mode="team", teams=3, confused=2, points=6, lost=120,
        signals={"flagged": 1, "hint": 1, "slow": 1}, exercises=3, flagged=1,
        first="2026-01-02T10:00:00+00:00", last="2026-01-04T10:00:00+00:00",
    )  # fmt: skip
    assert (second.version, second.teams, second.confused) == ("v2", 1, 0)
    assert library.months(STEP) == [
        replace(first, month="2026-01"),
        replace(second, month="2026-02"),
    ]


def test_what_an_exercise_showed_comes_back_the_newest_first(library: Library) -> None:
    quiet = shown("k1", day=1)
    noted = shown("k2", day=2, **CONFUSED, notes=('which "replica"? 検査', "'; DROP TABLE heat"))
    put(library, quiet, noted)
    assert library.practices(STEP, 10) == [noted, quiet]
    assert library.practices(STEP, 1) == [noted]
    assert library.noted([(STEP, "v1"), (("shop", "db", "x"), "v1")], 5) == {
        STEP: [noted],
        ("shop", "db", "x"): [],
    }
    assert library.noted([(STEP, "v2")], 5) == {STEP: []}
    assert library.noted([], 5) == {}
    assert library.practices(("shop", "db", "other"), 10) == []


def test_a_team_counts_once_for_a_version_by_its_first_exercise(library: Library) -> None:
    again = shown("k2", "ops", day=5)
    put(library, again)
    assert figures(library.months(STEP)) == [("v1", "2026-01", 1, 0)]
    # It was started before the other and ended after it.
    put(library, shown("k1", "ops", day=2, **CONFUSED, flagged=True))
    assert figures(library.months(STEP)) == [("v1", "2026-01", 1, 1)]
    (line,) = library.heat()
    assert (line.exercises, line.flagged, line.lost) == (2, 1, 90)
    put(library, shown("k3", "ops", day=9, version="v2"))
    assert figures(library.months(STEP)) == [("v1", "2026-01", 1, 1), ("v2", "2026-01", 1, 0)]


def test_a_first_exercise_in_an_earlier_month_takes_the_count_there(library: Library) -> None:
    put(library, shown("k2", "ops", started="2026-02-01T10:00:00+00:00"))
    put(library, shown("k1", "ops"))
    assert figures(library.months(STEP)) == [("v1", "2026-01", 1, 0), ("v1", "2026-02", 0, 0)]


def test_an_exercise_that_is_put_again_replaces_what_it_showed(library: Library) -> None:
    put(library, shown("k1", "ops", **CONFUSED), shown("k2", "ops", day=2))
    put(library, shown("k1", "ops"))
    assert figures(library.months(STEP)) == [("v1", "2026-01", 1, 0)]
    library.put(summary("k1"), [])
    assert [one.exercise for one in library.practices(STEP, 9)] == ["k2"]
    assert figures(library.months(STEP)) == [("v1", "2026-01", 1, 0)]
    library.put(replace(summary("k2"), score=5))  # says nothing of its steps
    assert [one.exercise for one in library.practices(STEP, 9)] == ["k2"]


def test_the_first_exercise_after_a_time_that_did_it_well_is_found(library: Library) -> None:
    put(
        library,
        shown("k1", day=1),
        shown("k2", day=2, **CONFUSED),
        shown("k3", day=3, scenario="shop/other"),
        shown("k4", day=4),
        shown("k5", day=5),
    )
    found = library.done_well(STEP, "shop/slow", "2026-01-01T10:00:00+00:00")
    assert found is not None
    assert found.exercise == "k4"
    assert library.done_well(STEP, "shop/slow", "2026-01-05T10:00:00+00:00") is None


def test_rehearsals_are_what_people_played_to_an_end(library: Library) -> None:
    played = replace(summary("k1", 1), state="sealed")
    library.put(played)
    library.put(replace(summary("k2", 4), state="sealed", mode="team"))
    library.put(replace(summary("k3", 6), state="sealed", mode="run"))
    library.put(replace(summary("k6", 7), state="sealed", mode="fork"))
    library.put(summary("k4", 8))
    library.put(summary("k5", 8, "other"))
    assert library.rehearsed() == {"slow-checkout": "2026-01-04T10:00:00Z"}


def history(seed: int) -> list[tuple[Summary, list[Practice]]]:
    """A few teams that play again and again, over three months and two versions."""
    dice = random.Random(seed)
    lines = []
    for number in range(40):
        day, month = dice.randrange(1, 28), dice.randrange(1, 4)
        started = f"2026-{month:02}-{day:02}T10:00:00+00:00"
        team = f"team {dice.randrange(8)}"
        practices = [
            shown(
                f"k{number}",
                team,
                started=started,
                step=step,
                version=f"v{dice.randrange(1, 3)}",
                mode=dice.choice(["solo", "team"]),
                confused=dice.random() < 0.4,
                flagged=dice.random() < 0.2,
                signals=tuple(dice.sample(["hint", "slow", "harm"], dice.randrange(3))),
                lost=dice.randrange(100),
            )
            for step in ("failover", "check")
            if dice.random() < 0.8
        ]
        lines.append((replace(summary(f"k{number}"), started=started), practices))
    return lines


def counted(lines: list[tuple[Summary, list[Practice]]]) -> Counter[tuple[str, str, str]]:
    """Return the teams of each step, version and month, and the confused ones: the plain way."""
    first: dict[tuple[str, str, str], Practice] = {}
    every = [one for _, practices in lines for one in practices]
    for one in sorted(every, key=lambda one: (one.started, one.exercise)):
        first.setdefault((one.step, one.version, one.who), one)
    found: Counter[tuple[str, str, str]] = Counter()
    for one in first.values():
        found[one.step, one.version, f"{one.started[:7]} teams"] += 1
        found[one.step, one.version, f"{one.started[:7]} confused"] += one.confused
    return +found


@pytest.mark.parametrize("seed", range(3))
def test_one_after_another_or_all_at_once_gives_the_same(library: Library, seed: int) -> None:
    lines = history(seed)
    for line, practices in lines:
        library.put(line, practices)
    told: Counter[tuple[str, str, str]] = Counter()
    for one in months(library):
        told[one.step, one.version, f"{one.month} teams"] += one.teams
        told[one.step, one.version, f"{one.month} confused"] += one.confused
    assert +told == counted(lines)
    before = library.heat(), months(library)
    assert sum(one.lost for one in before[0]) == sum(one.lost for one in before[1])
    assert sum(one.teams for one in before[0]) == sum(one.teams for one in before[1])
    library.replace_all(reversed(lines))
    assert (library.heat(), months(library)) == before
    for line, practices in random.Random(seed).sample(lines, 20):
        library.put(line, practices)
    assert (library.heat(), months(library)) == before


def test_several_exercises_that_end_at_once_are_all_counted(library: Library) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda n: put(library, shown(f"k{n}", f"team {n % 10}")), range(20)))
    (line,) = library.heat()
    assert (line.teams, line.exercises) == (10, 20)


def test_summary_and_practice_are_stored_together_or_not_at_all(library: Library) -> None:
    with pytest.raises(JournalError):
        library.put(summary("k1"), [shown("k1"), shown("k1")])
    assert library.all() == []
    assert library.heat() == []


def test_a_database_is_asked_in_the_letters_order_whatever_its_language(url: str) -> None:
    library = store_at(url).library()
    put(library, shown("k1"), shown("k2", started="2026-01-31T23:59:59+00:00"))
    assert figures(library.months(STEP)) == [("v1", "2026-01", 2, 0)]
    with psycopg.connect(url) as owner:
        found = owner.execute(
            "SELECT DISTINCT collation_name FROM information_schema.columns"
            " WHERE table_schema = 'tabletop' AND table_name = 'practice'"
            " AND data_type = 'text'"
        ).fetchall()
    assert found == [("C",)]
