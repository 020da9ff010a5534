"""An exercise that ends leaves in the library what it showed of the runbooks' steps."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from simulator.content.pack import Pack, pack_of
from simulator.content.versions import outline, read_outline
from simulator.exercise import acts as a
from simulator.journal import Practice, SqliteLibrary, Store, StoreCorrupt, store_at
from simulator.session import running
from simulator.session.drill import Drill
from simulator.session.opening import opening_of
from simulator.session.playing import begin, finish
from simulator.session.rebuilding import rebuild_library
from simulator.session.running import golden_script, opening_summary, run_script

STEPS = ("acknowledge", "look", "restart", "verify")
SLOW = [
    {"at": 80, "do": "acknowledge", "alert": "many-errors"},
    {"at": 90, "do": "declare", "severity": "high"},
    {"at": 95, "do": "hint", "step": "outage#look"},
    {"at": 96, "do": "post", "channel": "ops", "text": "Which   dashboard, @ada?"},
    {"at": 97, "do": "confused", "step": "outage#look", "note": "Nothing is called so."},
    {"at": 250, "do": "view", "view": "overview"},
    {"at": 260, "do": "command", "line": "kioskctl restart"},
    {"at": 380, "do": "command", "line": "kioskctl status"},
]


@pytest.fixture(name="store", params=["sqlite", "postgres"])
def _store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """An empty store of each engine."""
    if request.param == "sqlite":
        return Store(tmp_path / "store")
    return store_at(request.getfixturevalue("url"))


@pytest.fixture(autouse=True)
def _days(monkeypatch: pytest.MonkeyPatch) -> None:
    days = iter(f"2026-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 29))
    monkeypatch.setattr(running, "now", lambda: f"{next(days)}T09:00:00+00:00")


def shown(store: Store, step: str) -> list[Practice]:
    return store.library().practices(("kiosk", "outage", step), 100)


def teams(store: Store) -> dict[str, tuple[int, int]]:
    """Return the teams that reached each step in any version, and the confused ones."""
    found: dict[str, tuple[int, int]] = {}
    for one in store.library().heat():
        n, k = found.get(one.step, (0, 0))
        found[one.step] = (n + one.teams, k + one.confused)
    return found


def play(
    store: Store, pack: Pack, script: Sequence[Mapping[str, Any]], name: str = "Kim", team: str = ""
) -> str:
    """Play a script as somebody alone or a team would, to the end; return the exercise."""
    return asyncio.run(_play(store, pack, script, name, team))


async def _play(
    store: Store, pack: Pack, script: Sequence[Mapping[str, Any]], name: str, team: str
) -> str:
    if team:
        exercise_id = store.new_id()
        drill = Drill.begin_team(exercise_id, store.create(exercise_id), pack, 1, team)
        line = opening_summary(store, exercise_id, drill.exercise.opening, "team")
        store.library().put(line)
        await drill.take("join", by="kim", role="incident-commander", name=name)
        await drill.take("join", by="ed", role="facilitator", name="Ed")
        await drill.take("start", by="ed", role="facilitator")
    else:
        drill = begin(store, pack, 1, name)
    who = {"by": "kim", "role": "incident-commander"} if team else {}
    for act in script:
        drill.exercise.advance(act["at"])
        await drill.take(**who, **{key: value for key, value in act.items() if key != "at"})
    finish(store, drill)
    drill.close()
    return drill.exercise_id


def edited(pack: Pack, old: str, new: str) -> Pack:
    texts = dict(pack.texts)
    assert old in texts["runbooks/kiosk/outage.md"]
    texts["runbooks/kiosk/outage.md"] = texts["runbooks/kiosk/outage.md"].replace(old, new)
    return pack_of(pack.name, texts)


def test_a_calm_run_did_every_step_well(store: Store, stuck: Pack) -> None:
    stored = run_script(store, stuck, golden_script(stuck), 1)
    for step in STEPS:
        (one,) = shown(store, step)
        assert (one.exercise, one.scenario, one.mode) == (stored.exercise_id, "kiosk/stuck", "run")
        assert (one.confused, one.flagged, one.lost, one.well) == (False, False, 0, True)
        assert one.notes == ()
    assert teams(store) == dict.fromkeys(STEPS, (1, 0))
    book = shown(store, "look")[0].book
    kept = store.library().outlines([book, "unknown"])[book]
    assert read_outline(kept) == outline(stuck.runbooks["outage"])
    assert [step.line for step in read_outline(kept)] == [3, 4, 6, 11]


def test_a_confused_one_says_by_what_what_was_written_and_what_it_took(
    store: Store, stuck: Pack
) -> None:
    play(store, stuck, SLOW)
    (one,) = shown(store, "look")
    assert one.confused
    assert one.flagged
    assert not one.well
    assert {"flagged", "hint", "question"} <= {*one.signals}
    assert one.points >= 7
    assert 60 < one.lost <= 170
    assert one.notes == ("Which dashboard, @ada?", "Nothing is called so.")
    assert one.mode == "solo"
    assert "kim" not in one.who.lower()
    assert teams(store)["look"] == (1, 1)
    assert teams(store)["acknowledge"] == (1, 0)


def test_steps_that_nobody_came_to_are_not_reached(store: Store, stuck: Pack) -> None:
    run_script(store, stuck, [], 1)
    assert set(teams(store)) == {"acknowledge"}
    run_script(store, stuck, [{"at": 120, "do": "command", "line": "kioskctl restart"}], 1)
    # Those before it were passed over, and the one behind it was next.
    assert teams(store)["look"] == (1, 0) or teams(store)["look"] == (1, 1)
    assert {step: n for step, (n, _) in teams(store).items()} == {
        "acknowledge": 2, "look": 1, "restart": 1, "verify": 1,
    }  # fmt: skip
    assert not shown(store, "look")[0].well


def test_somebody_alone_counts_by_the_first_attempt(store: Store, stuck: Pack) -> None:
    play(store, stuck, SLOW, "Kim")
    play(store, stuck, golden_script(stuck)[:-1], " kim ")
    assert teams(store)["look"] == (1, 1)
    assert len(shown(store, "look")) == 2
    play(store, stuck, golden_script(stuck)[:-1], "Ada")
    assert teams(store)["look"] == (2, 1)


def test_a_team_counts_once_and_is_not_somebody_alone(store: Store, stuck: Pack) -> None:
    for team in ("Night", "night", "Day"):
        play(store, stuck, golden_script(stuck)[:-1], "Kim", team)
    assert teams(store)["look"] == (2, 0)
    play(store, stuck, golden_script(stuck)[:-1], "Night")
    assert teams(store)["look"] == (3, 0)
    assert {one.mode for one in store.library().heat()} == {"team", "solo"}


def test_one_script_of_one_seed_is_one_team(store: Store, stuck: Pack) -> None:
    for seed in (1, 1, 2):
        run_script(store, stuck, golden_script(stuck), seed)
    run_script(store, stuck, SLOW, 1)
    assert teams(store)["restart"] == (3, 0)


def test_a_step_whose_text_changed_starts_again(store: Store, stuck: Pack) -> None:
    run_script(store, stuck, SLOW, 1)
    changed = edited(stuck, "dashboard Kiosk overview", "dashboard named Kiosk overview")
    run_script(store, changed, golden_script(changed), 1)
    counted = {(one.step, one.version): one.teams for one in store.library().heat()}
    versions = [[v for step, v in counted if step == name] for name in STEPS]
    assert [len({*known}) for known in versions] == [1, 2, 1, 1]
    assert len({one.book for one in store.library().heat()}) == 2


def test_a_step_that_follows_another_one_now_starts_again(store: Store, stuck: Pack) -> None:
    run_script(store, stuck, golden_script(stuck), 1)
    more = edited(stuck, "3. Restart", "3. Breathe in. <!-- step: breathe -->\n4. Restart")
    more = edited(more, "4. Check", "5. Check")
    run_script(store, more, golden_script(more), 2)
    versions = {step: {one.version for one in shown(store, step)} for step in STEPS}
    assert [len(versions[step]) for step in STEPS] == [1, 1, 2, 1]


def test_one_that_was_continued_from_another_shows_nothing(store: Store, stuck: Pack) -> None:
    exercise_id = store.new_id()
    opening = opening_of(stuck, 1).model_copy(update={"fork": "k3 60"})
    with store.create(exercise_id) as journal:
        journal.append("open", a.write_act(opening))
    finish(store, Drill.resume(exercise_id, store.open(exercise_id)))
    assert store.library().find(exercise_id)
    assert store.library().heat() == []


def test_the_library_is_made_anew_from_the_journals_and_keeps_the_decisions(
    store: Store, stuck: Pack
) -> None:
    play(store, stuck, SLOW, "Kim")
    play(store, stuck, golden_script(stuck)[:-1], "Kim", "Night")
    run_script(store, stuck, golden_script(stuck), 1)
    unfinished = begin(store, stuck, 1, "Ada")
    unfinished.close()
    library = store.library()
    decided = library.decide("a", "review", "outage", "{}")
    lines, heat = library.all(), library.heat()
    book = heat[0].book
    library.replace_all([])
    assert library.heat() == []
    library.replace_all((line, ()) for line in lines)
    assert library.outlines([book]) == {}
    done = rebuild_library(store)
    assert (done.exercises, done.faults, done.decisions, done.kept) == (4, {}, 1, None)
    assert library.all() == lines
    assert library.heat() == heat
    assert library.outlines([book])
    assert library.decisions() == [decided]
    # Without it, all but the days and what the clock of the wall would say.
    library.replace_all([])
    rebuild_library(store)
    for now, before in zip(
        sorted(library.all(), key=str), sorted(lines, key=lambda one: one.id), strict=True
    ):
        assert (now.id, now.mode, now.state, now.score, now.calm, now.scenario_hash) == (
            before.id, before.mode, before.state, before.score, before.calm, before.scenario_hash,
        )  # fmt: skip
    assert teams(store)["look"] == (3, 1)


def test_a_journal_that_cannot_be_read_is_named_and_its_line_kept(
    tmp_path: Path, stuck: Pack
) -> None:
    store = Store(tmp_path)
    good = run_script(store, stuck, golden_script(stuck), 1)
    bad = run_script(store, stuck, SLOW, 1)
    store.path_of(bad.exercise_id).write_bytes(b"damaged" * 1000)
    done = rebuild_library(store)
    assert done.exercises == 1
    assert list(done.faults) == [bad.exercise_id]
    assert "damaged" in done.faults[bad.exercise_id]
    assert {one.id for one in store.library().all()} == {good.exercise_id, bad.exercise_id}
    assert teams(store)["look"] == (1, 0)


def test_a_damaged_library_is_put_aside_and_made_anew(tmp_path: Path, stuck: Pack) -> None:
    store = Store(tmp_path)
    run_script(store, stuck, golden_script(stuck), 1)
    library = store.library()
    assert isinstance(library, SqliteLibrary)
    library.file.write_bytes(b"damaged" * 1000)
    with pytest.raises(StoreCorrupt):
        library.all()
    done = rebuild_library(store)
    assert done.kept == tmp_path / "library.db.bad-1"
    assert teams(store)["look"] == (1, 0)
