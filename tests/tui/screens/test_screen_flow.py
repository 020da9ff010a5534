"""From the launcher to the result and back, by keyboard alone."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from screen_samples import LARGE, SMALL, played, press, seen, settle, shows, tabletop, write
from textual.pilot import Pilot

from simulator.content.pack import Pack
from simulator.journal import Store
from simulator.review import plan
from simulator.review.areas import areas
from simulator.session.running import load
from simulator.tui.app import TabletopApp
from simulator.tui.screens.briefing import BriefingScreen
from simulator.tui.screens.drill import DrillScreen
from simulator.tui.screens.hotwash import HotWashScreen
from simulator.tui.screens.launcher import LauncherScreen
from simulator.tui.screens.result import ResultScreen


async def test_a_drill_from_the_launcher_to_the_result(kiosk: Path, store: Store) -> None:
    app = tabletop(kiosk, store)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert shows(app, LauncherScreen)
        assert "The kiosk is stuck" in seen(app)
        assert "You have not played it yet." in seen(app)
        await press(pilot, "enter")
        assert shows(app, BriefingScreen)
        assert "You have the early shift." in seen(app)
        await press(pilot, "enter")
        assert shows(app, DrillScreen)
        await press(pilot, "escape", "e", "down", "down", "enter")
        await _at_the_hot_wash(app, pilot)
        assert "You ended the exercise." in seen(app)
        await write(pilot, "calm?")
        await press(pilot, "tab")
        await write(pilot, "the kiosk")
        await press(pilot, "tab", "down", "down", "enter", "ctrl+s")
        assert shows(app, ResultScreen)
        assert "of 100" in seen(app)
        await press(pilot, "end")
        assert "calm?" in seen(app)
        assert "the kiosk" in seen(app)
        assert "3  I would manage, slowly" in seen(app)
        await press(pilot, "escape")
        assert shows(app, LauncherScreen)
        assert "last   0 U" in seen(app)
        assert "You have not played it yet." not in seen(app)
        await press(pilot, "o")
        assert shows(app, ResultScreen)
        await press(pilot, "a")
        assert shows(app, BriefingScreen)


async def _at_the_hot_wash(app: TabletopApp, pilot: Pilot[None]) -> None:
    assert app.drill is not None
    assert app.drill.exercise.over
    if not isinstance(app.screen, HotWashScreen):
        app.wash(app.drill)
        await settle(pilot)
    assert shows(app, HotWashScreen)


async def test_what_ended_while_paused_has_its_hot_wash(kiosk: Path, store: Store) -> None:
    app = tabletop(kiosk, store, scenario="kiosk/stuck")
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "enter", "escape", "p", "e", "down", "down", "enter")
        await _at_the_hot_wash(app, pilot)
        await write(pilot, "calm")
        await press(pilot, "ctrl+s")
        assert shows(app, ResultScreen)


async def test_what_was_stopped_is_resumed(kiosk: Path, stuck: Pack, store: Store) -> None:
    await_until = 110
    await _play_in_thread(store, stuck, await_until)
    app = tabletop(kiosk, store)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert "unfinished" in seen(app)
        await press(pilot, "r")
        assert isinstance(app.screen, DrillScreen)
        assert app.screen.drill.exercise.state.now == 100
        assert app.screen.drill.exercise.state.paused
        await press(pilot, "escape", "e", "down", "enter")
    again = tabletop(kiosk, store)
    async with again.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "tab", "enter")
        assert shows(again, DrillScreen)


async def _play_in_thread(store: Store, pack: Pack, until: int) -> str:
    return await asyncio.to_thread(played, store, pack, pack.scenario.solution, until=until)


def test_tab_reaches_every_result(kiosk: Path, stuck: Pack, store: Store) -> None:
    for script in (stuck.scenario.solution, []):
        played(store, stuck, script)
    app = tabletop(kiosk, store)

    async def go() -> None:
        async with app.run_test(size=SMALL) as pilot:
            await settle(pilot)
            assert app.focused is not None
            assert app.focused.id == "scenarios"
            await press(pilot, "tab", "down", "enter")
            assert shows(app, ResultScreen)
            assert "100  of 100" in seen(app)
            assert "Nothing was lost." in seen(app)

    asyncio.run(go())


async def test_the_search_finds_by_every_word(kiosk: Path, store: Store) -> None:
    app = tabletop(kiosk, store)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "slash")
        await write(pilot, "queue kiosk")
        assert "The kiosk is stuck" in seen(app)
        await write(pilot, "zz")
        assert "Nothing matches." in seen(app)
        await press(pilot, "escape")
        assert "The kiosk is stuck" in seen(app)
        await press(pilot, "slash", "s", "down", "enter")
        assert shows(app, BriefingScreen)


async def test_a_mouse_is_enough(kiosk: Path, store: Store) -> None:
    app = tabletop(kiosk, store)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await pilot.click("#scenarios", offset=(6, 1))
        await settle(pilot)
        assert shows(app, BriefingScreen)


@pytest.mark.parametrize("key", ["question_mark", "f1"])
async def test_every_screen_has_help_and_its_acts_in_the_palette(
    kiosk: Path, stuck: Pack, store: Store, key: str
) -> None:
    exercise = await asyncio.to_thread(played, store, stuck, stuck.scenario.solution)
    app = tabletop(kiosk, store)
    async with app.run_test(size=LARGE) as pilot:
        await settle(pilot)
        offered: dict[str, set[str]] = {}
        for name in ("launcher", "briefing", "result"):
            if name == "briefing":
                app.brief("kiosk/stuck")
            elif name == "result":
                app.result(exercise)
            await settle(pilot)
            offered[name] = {one.title for one in app.get_system_commands(app.screen)}
            await press(pilot, key)
            assert "On every screen" in seen(app)
            assert "Scroll" not in seen(app)
            await press(pilot, "escape")
        assert {"Play kiosk/stuck", "Result of kiosk/stuck", "Search"} <= offered["launcher"]
        assert {"Begin", "Scenarios"} <= offered["briefing"]
        assert {"Write the report", "Play it again", "Section: Steps"} <= offered["result"]


async def test_the_report_is_written_here(
    kiosk: Path, stuck: Pack, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    exercise = await asyncio.to_thread(played, store, stuck, [])
    plan.add(store.library(), "a", "kim", "Say which dashboard", exercise=exercise)
    app = tabletop(kiosk, store, exercise=exercise)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "w")
        page = (tmp_path / f"report-{exercise}.html").read_text()
        assert page.startswith("<!")
        assert "Say which dashboard" in page
        assert (await asyncio.to_thread(load, store, exercise)).digest in page
        (tmp_path / f"report-{exercise}.html").unlink()
        (tmp_path / f"report-{exercise}.html").mkdir()
        await press(pilot, "w")
        assert "Is a directory" in [one.message for one in app._notifications][-1]


async def test_an_action_is_planned_for_an_area_of_the_result(
    kiosk: Path, stuck: Pack, store: Store
) -> None:
    exercise = await asyncio.to_thread(played, store, stuck, [])
    app = tabletop(kiosk, store, exercise=exercise)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "i")
        assert "runbooks/kiosk/outage.md:" in seen(app)
        await press(pilot, "escape", "i")
        chosen = areas((await asyncio.to_thread(load, store, exercise)).assessment)
        at = next(n for n, one in enumerate(chosen) if one.step == "outage#look")
        await press(pilot, *["down"] * at, "enter", "ctrl+s")
        assert "An action says what is to be done" in seen(app)
        app.screen.query_one("#what").focus()
        await write(pilot, "Say which dashboard")
        await press(pilot, "ctrl+s", "i")
        assert "planned" in seen(app)
    (action,) = plan.read_plan(store.library())
    assert (action.what, action.exercise, action.area) == (
        "Say which dashboard", exercise, "outage#look"
    )  # fmt: skip
    assert (action.step, action.scenario) == ("kiosk/outage#look", "kiosk/stuck")


async def test_the_sections_of_a_result_are_gone_through(
    kiosk: Path, stuck: Pack, store: Store
) -> None:
    exercise = await asyncio.to_thread(played, store, stuck, [])
    app = tabletop(kiosk, store, exercise=exercise)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "n")
        assert seen(app).splitlines()[1].strip() == "Where the points went"
        await press(pilot, "n")
        assert seen(app).splitlines()[1].strip().startswith("Times")
        await press(pilot, "p")
        assert seen(app).splitlines()[1].strip() == "Where the points went"


async def test_no_colour_when_asked(
    kiosk: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = tabletop(kiosk, store)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        for strip in app.screen._compositor.render_strips():
            for segment in strip.apply_filter(app._filters[-1], app.screen.styles.background):
                for color in (segment.style.color, segment.style.bgcolor) if segment.style else ():
                    red, green, blue = color.get_truecolor() if color else (0, 0, 0)
                    assert abs(red - green) < 3
                    assert abs(green - blue) < 3
