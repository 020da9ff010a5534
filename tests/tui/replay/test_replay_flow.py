"""The ways into a replay and out of it, in the whole program; and practising from a moment."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from shown_replays import ALONE, SMALL, ReplayApp, press, replay_of, settle
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from simulator.content.pack import Pack
from simulator.exercise import acts as a
from simulator.journal import Store
from simulator.session.drill import Drill, new_key
from simulator.session.playing import begin, finish, resume
from simulator.tui.app import TabletopApp
from simulator.tui.dialogs.practise import PractiseDialog
from simulator.tui.screens.drill import DrillScreen
from simulator.tui.screens.launcher import LauncherScreen
from simulator.tui.screens.replay import ReplayScreen
from simulator.tui.screens.replay_opening import ReplayOpeningScreen
from simulator.tui.screens.result import ResultScreen


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def played(store: Store, pack: Pack, many: int = len(ALONE)) -> str:
    """Store the first acts of what Kim did, sealed if that is all; return the exercise."""
    drill = begin(store, pack, 1, "Kim")
    acts = replay_of(pack, ALONE).acts[2 : many + 1]
    drill.journal.append_all([(new_key(), a.write_act(act)) for act in acts])
    drill.close()
    if many == len(ALONE):
        again = resume(store, drill.exercise_id)
        finish(store, again)
        again.close()
    return drill.exercise_id


async def until(pilot: Pilot[None], kind: type[object]) -> None:
    """Wait for a kind of screen, and for what it begins with."""
    while not isinstance(pilot.app.screen, kind):
        await pilot.pause(0.01)
    with suppress(WorkerCancelled):
        await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def test_from_the_command_line_to_the_result(kiosk: Path, stuck: Pack, store: Store) -> None:
    exercise = played(store, stuck)
    app = TabletopApp(kiosk, store, replay=exercise)
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, ReplayScreen)
        await pilot.press("escape")
        await until(pilot, ResultScreen)
        await pilot.press("y")
        await until(pilot, ReplayScreen)
        assert app.drill is None


async def test_from_the_launcher_and_back(kiosk: Path, stuck: Pack, store: Store) -> None:
    played(store, stuck, 8)
    app = TabletopApp(kiosk, store)
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, LauncherScreen)
        await pilot.press("y")
        await until(pilot, ReplayScreen)
        assert isinstance(app.screen, ReplayScreen)
        assert not app.screen.replay.finished
        await pilot.press("escape")
        await until(pilot, LauncherScreen)


async def test_a_scenario_that_nobody_played_has_no_replay(
    kiosk: Path, stuck: Pack, store: Store
) -> None:
    app = TabletopApp(kiosk, store)
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, LauncherScreen)
        await pilot.press("y")
        await pilot.pause()
        assert [one.message for one in app._notifications] == [
            "This scenario has not been played yet."
        ]


async def test_practising_from_a_moment_begins_a_drill_there(
    kiosk: Path, stuck: Pack, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "sam")
    exercise = played(store, stuck)
    app = TabletopApp(kiosk, store, replay=exercise)
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, ReplayScreen)
        await pilot.press(*["right"] * 12)
        await pilot.press("f")
        await until(pilot, PractiseDialog)
        await pilot.press("enter")
        await until(pilot, DrillScreen)
        drill = app.drill
        assert isinstance(drill, Drill)
        state = drill.exercise.state
        assert (state.now, state.paused) == (120, True)
        assert [line.line for line in state.terminal if line.line] == ["kioskctl status"]
        assert state.seats[a.SOLO] == "sam"
        await pilot.press("p")
        await until(pilot, DrillScreen)
        assert not state.paused
    line = store.library().find(drill.exercise_id)
    assert line is not None
    assert (line.mode, line.attempt) == ("fork", f"from {exercise} T+2:00")
    assert len([one for one in store.library().all() if one.mode == "solo"]) == 1


async def test_after_the_end_there_is_nothing_to_practise(
    kiosk: Path, stuck: Pack, store: Store
) -> None:
    exercise = played(store, stuck)
    app = TabletopApp(kiosk, store, replay=exercise)
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, ReplayScreen)
        await pilot.press("end")
        await until(pilot, ReplayScreen)
        await pilot.press("f")
        await until(pilot, ReplayScreen)
        assert [one.message for one in app._notifications] == [
            "Play has ended here. Go back to a moment before its end."
        ]
        assert isinstance(app.screen, ReplayScreen)
    assert len(store.library().all()) == 1


async def test_what_cannot_be_read_is_said(kiosk: Path, store: Store) -> None:
    app = TabletopApp(kiosk, store, replay="nowhere")
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, ReplayOpeningScreen)
        shown = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
        assert "This exercise cannot be opened." in shown
        await pilot.press("escape")
        await until(pilot, LauncherScreen)


async def test_going_on_with_the_replay_changes_nothing(stuck: Pack) -> None:
    app = ReplayApp(replay_of(stuck, ALONE))
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "c", "f", "down", "enter")
        assert app.practised == []
        assert app.screen is app.shown
        await press(pilot, "f", "escape")
        assert app.practised == []
        await press(pilot, "space", "f")
        assert not app.shown.head.playing
        await press(pilot, "enter")
        assert app.practised == [app.replay.moment_of(7)]
