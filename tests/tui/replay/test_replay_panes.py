"""The panes of a replay: as they stood at the moment, wherever one comes from; and read-only."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from shown_replays import ALONE, LARGE, SMALL, TOGETHER, ReplayApp, press, replay_of, settle
from textual.pilot import Pilot
from textual.widgets import Input

from simulator.content.pack import Pack
from simulator.exercise import acts as a
from simulator.session.replay import Replay
from simulator.tui.messages import ActProposed
from simulator.tui.panes.board import chart_data
from simulator.tui.panes.record import RecordPane
from simulator.tui.screens.help import HelpScreen
from simulator.tui.widgets import ChartData, LogPane, Transcript

PANES = {
    "dashboards": ("1", "enter"),
    "alerts": ("2",),
    "logs": ("3",),
    "terminal": ("4",),
    "comms": ("5",),
    "runbook": ("6", "down", "enter"),
}
PICTURED = {"dashboards": "board", "alerts": "alerts"}
"""The module whose charts a pane shows."""

WORST = (
    "[bold red]x[/] [@click=app.quit]z[/] \x1b]0;owned\x07\x1b[2J $error \u202etxt\u202c [/nothing]"
)


async def at_second(pilot: Pilot[None], second: int) -> None:
    app = pilot.app
    assert isinstance(app, ReplayApp)
    app.shown.go_to(app.replay.moment_at(second))
    await settle(pilot)


async def picture(stuck: Pack, pane: str, seconds: tuple[int, ...]) -> str:
    """Return what a pane shows after going to each of these seconds."""
    app = ReplayApp(replay_of(stuck, ALONE))
    async with app.run_test(size=LARGE) as pilot:
        await at_second(pilot, seconds[0])
        await press(pilot, *PANES[pane])
        for second in seconds[1:]:
            await at_second(pilot, second)
        await settle(pilot)
        return app.pane()


@pytest.mark.parametrize("pane", PANES)
async def test_a_pane_shows_the_same_wherever_one_comes_from(stuck: Pack, pane: str) -> None:
    straight = await picture(stuck, pane, (175,))
    assert await picture(stuck, pane, (300, 20, 175, 280, 175)) == straight


async def test_the_terminal_goes_back_and_on(stuck: Pack) -> None:
    app = ReplayApp(replay_of(stuck, ALONE))
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "4", "end")
        assert app.pane().count("$ kioskctl") == 3
        await at_second(pilot, 75)
        assert app.pane().count("$ kioskctl") == 1
        assert "08:01:10 Kim" in app.text()
        await at_second(pilot, 175)
        assert "kioskctl restart" in app.text()
        assert "Restart the kiosk: working, 5 s" in app.text()


async def test_logs_hold_nothing_from_the_future(stuck: Pack) -> None:
    app = ReplayApp(replay_of(stuck, ALONE))
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "end", "3")
        log, epoch = app.shown.query_one(LogPane).view, app.replay.exercise.world.epoch
        assert log.line(log._end - 1).time > epoch + 250
        await at_second(pilot, 100)
        assert epoch + 80 < log.line(log._end - 1).time <= epoch + 100


@pytest.mark.parametrize("pane", ["dashboards", "alerts"])
async def test_the_moment_is_drawn_although_another_was_being_drawn(
    stuck: Pack, pane: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = ReplayApp(replay_of(stuck, ALONE))
    async with app.run_test(size=LARGE) as pilot:
        await at_second(pilot, 180)
        await press(pilot, *PANES[pane])
        here = app.pane()
        await at_second(pilot, 60)
        assert app.pane() != here

        begun, over = asyncio.Event(), asyncio.Event()

        async def slowly(*asked: Any) -> ChartData:
            data = await chart_data(*asked)
            begun.set()
            await over.wait()
            return data

        monkeypatch.setattr(f"simulator.tui.panes.{PICTURED[pane]}.chart_data", slowly)
        await pilot.press("right")
        await begun.wait()
        app.shown.go_to(app.replay.moment_at(180))
        while app.at != 180:
            await pilot.pause()
        over.set()
        await settle(pilot)
        assert app.pane() == here


async def test_everybody_of_a_team_is_in_the_terminal_or_one_of_them(stuck: Pack) -> None:
    app = ReplayApp(replay_of(stuck, TOGETHER, "Blue"))
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "end", "4")
        assert "Typed by everybody" in app.text()
        assert "08:01:10 Kim" in app.pane()
        assert "08:01:15 Lee" in app.pane()
        await press(pilot, "n")
        assert "Typed by Kim" in app.pane()
        assert "kioskctl restart" not in app.pane()
        await press(pilot, "n")
        assert "Typed by Lee" in app.pane()
        assert "kioskctl status" not in app.pane()
        await at_second(pilot, 72)
        assert "kioskctl" not in app.pane()
        await at_second(pilot, 80)
        assert "kioskctl restart" in app.pane()
        await press(pilot, "n")
        assert app.shown.query_one(RecordPane).person == ""


async def test_nothing_can_be_done(stuck: Pack) -> None:
    app = ReplayApp(replay_of(stuck, ALONE))
    async with app.run_test(size=LARGE) as pilot:
        await settle(pilot)
        before = len(app.replay.acts)
        await at_second(pilot, 60)
        for keys in (("2", "enter"), ("5", "w", "t"), ("6", "down", "enter", "t", "k", "r")):
            await press(pilot, *keys)
        assert not app.replay.exercise.state.skipped
        assert not app.replay.exercise.state.ticks
        for shown in ("Acknowledge", "Write", "Template", "Tick"):
            assert shown not in app.text().splitlines()[-1]
        assert not app.shown.query("#say").first(Input).parent.display  # type: ignore[union-attr]
        pane = app.shown._rooms.pane("comms")
        pane.post_message(ActProposed(pane, "post", channel="ops", text="Hello"))
        await settle(pilot)
        assert "Nothing can be done in a replay. f practises from here." in [
            one.message for one in app._notifications
        ]
        assert len(app.replay.acts) == before


async def test_alerts_still_tell_of_runbook_and_dashboard(stuck: Pack) -> None:
    app = ReplayApp(replay_of(stuck, ALONE))
    async with app.run_test(size=LARGE) as pilot:
        await at_second(pilot, 60)
        await press(pilot, "2", "v")
        assert "This alert names no dashboard." in [one.message for one in app._notifications]
        await press(pilot, "r")
        assert "This alert names no runbook." in [one.message for one in app._notifications]


async def test_while_somebody_types_keys_are_text(stuck: Pack) -> None:
    app = ReplayApp(replay_of(stuck, ALONE))
    async with app.run_test(size=SMALL) as pilot:
        await at_second(pilot, 100)
        await press(pilot, "3", "slash", "i", "a", "c", "space", "f", "left_square_bracket")
        assert app.shown.query_one("#log-filter", Input).value == "iac f["
        assert app.at == 100
        assert not app.practised
        await press(pilot, "escape")
        assert not app.left
        await press(pilot, "left")
        assert app.at == 90
        await press(pilot, "escape")
        assert app.left


async def test_angle_brackets_change_range_and_stream(stuck: Pack) -> None:
    app = ReplayApp(replay_of(stuck, ALONE))
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "enter")
        assert "[1h]" in app.text()
        await press(pilot, "greater_than_sign")
        assert "[3h]" in app.text()
        await press(pilot, "less_than_sign", "less_than_sign")
        assert "[15m]" in app.text()
        assert app.at == 0


async def test_the_marks_stand_at_the_side_where_there_is_room(stuck: Pack) -> None:
    app = ReplayApp(replay_of(stuck, ALONE))
    async with app.run_test(size=LARGE) as pilot:
        await press(pilot, "end")
        assert "Had it ended here" in app.text()
        assert "Confusion so far" in app.text()
        await press(pilot, "b")
        assert "Had it ended here" not in app.text()
        await press(pilot, "b")
        await pilot.resize_terminal(*SMALL)
        await settle(pilot)
        assert "Had it ended here" not in app.text()
        await press(pilot, "b")
        assert [one.message for one in app._notifications] == [
            "The marks at the side need 110 columns."
        ]


async def test_a_small_terminal_is_asked_to_grow(stuck: Pack) -> None:
    app = ReplayApp(replay_of(stuck, ALONE))
    async with app.run_test(size=(60, 20)) as pilot:
        await settle(pilot)
        assert "Tabletop needs 80 columns and 24 rows." in app.text()


async def test_help_names_the_keys(stuck: Pack) -> None:
    app = ReplayApp(replay_of(stuck, ALONE))
    async with app.run_test(size=(120, 60)) as pilot:
        await settle(pilot)
        app.push_screen(HelpScreen.of(app.screen))
        await settle(pilot)
        for said in (
            "Go on to the next act", "Go to the next inject", "Go to the next alert",
            "Go to the next confusion point", "Practise from this moment", "Leave the replay",
            "Go back by 10 seconds", "Play, or stand still",
        ):  # fmt: skip
            assert said in app.text()


async def test_everything_in_the_palette_can_be_done(stuck: Pack) -> None:
    app = ReplayApp(replay_of(stuck, TOGETHER, "Blue"))
    async with app.run_test(size=LARGE) as pilot:
        await press(pilot, "end")
        commands = list(app.shown.palette_commands())
        titles = [title for title, *_ in commands]
        assert len(set(titles)) == len(titles)
        for wanted in ("Practise from here", "Alert: Many errors at the kiosk", "Terminal of Lee",
                       "Next confusion point", "Previous act", "Speed 60x", "Go to minute 2",
                       "Show Runbook", "Time range 7d", "Leave the replay"):  # fmt: skip
            assert wanted in titles
        for title, _, act, *_ in commands:
            if title == "Practise from here":
                continue
            done = act()
            if hasattr(done, "__await__"):
                await done
            await pilot.pause()
        await settle(pilot)
        assert app.left
        assert app.shown is app.screen


async def test_hostile_texts_are_shown_and_nothing_else(stuck: Pack) -> None:
    script = [
        {"at": 0, "do": "join", "name": WORST[:60], "role": "operator"},
        {"at": 60, "do": "command", "line": WORST.replace("\x1b", "").replace("\x07", "")},
        {"at": 61, "do": "post", "channel": "ops", "text": WORST},
        {"at": 62, "do": "confused", "step": "outage#look", "note": WORST},
    ]
    app = ReplayApp(replay_of(stuck, script))
    async with app.run_test(size=LARGE) as pilot:
        for keys in (("end", "4"), ("5",), ("home", "c"), ("2",), ("left_square_bracket",)):
            await press(pilot, *keys)
            assert "[bold red]x[/]" in app.text() or keys == ("2",)
            assert not any(letter in app.text() for letter in "\x1b\x07\u202e\u202c")


async def test_a_long_record_is_written_anew_from_where_anybody_scrolls(stuck: Pack) -> None:
    opening = replay_of(stuck, []).acts[0]
    typed = [a.Command(at=n // 10, line=f"echo {n}", output=f"said {n}") for n in range(900)]
    app = ReplayApp(Replay([opening, *typed], stuck))
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "end", "4")
        assert "said 899" in app.text()
        await press(pilot, "left")
        lines = app.shown.query_one(Transcript).lines
        assert "said 799" in app.pane()
        assert len(lines) == 800
