"""Every act of the drill screen, by keyboard alone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from play import DrillApp, elapse, press, settle, write
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from simulator.journal import StoreFull
from simulator.tui.panes.banner import NEW, Banner, urgent
from simulator.tui.panes.status_bar import StatusBar
from simulator.tui.panes.words import Words
from simulator.tui.screens.drill import DrillScreen
from simulator.tui.widgets import Chart, LogPane, Transcript
from simulator.world.state import AlertState

Story = Callable[[DrillApp, Pilot[None]], Awaitable[None]]


def played(story: Story, at: int = 150, size: tuple[int, int] = (80, 24)) -> DrillApp:
    """Play a story and return the app after it."""
    app = DrillApp(at)

    async def go() -> None:
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            await story(app, pilot)

    asyncio.run(go())
    return app


def acts_after(*keys: str, at: int = 150) -> list[dict[str, object]]:
    """Return what was journaled after these keys; a key of the form `=text` is typed."""

    async def story(app: DrillApp, pilot: Pilot[None]) -> None:
        for key in keys:
            await (write(pilot, key[1:]) if key.startswith("=") else press(pilot, key))

    return [
        {name: value for name, value in act.items() if name not in ("at", "by")}
        for act in played(story, at).acts
    ]


def test_a_dashboard_is_opened_by_enter() -> None:
    assert acts_after("enter") == [{"do": "view", "view": "web-overview"}]


def test_dashboards_are_found_by_typing() -> None:
    assert acts_after("slash", "=rele", "enter", "enter") == [
        {"do": "view", "view": "web-releases"}
    ]


def test_an_alert_is_acknowledged() -> None:
    assert acts_after("2", "a") == [{"do": "acknowledge", "alert": "errors-high"}]


def test_an_alert_opens_its_runbook() -> None:
    assert acts_after("2", "enter") == [{"do": "read", "runbook": "shop-down"}]


def test_an_alert_opens_its_dashboard() -> None:
    assert acts_after("2", "v") == [{"do": "view", "view": "web-overview"}]


def test_log_streams_are_opened_and_filtered() -> None:
    acts = acts_after("3", "slash", "=pay", "enter")
    assert acts == [
        {"do": "logs", "stream": "web"},
        {"do": "logs", "stream": "web", "query": "pay"},
    ]


def test_commands_are_run() -> None:
    act = acts_after("4", "=shop status", "enter")[0]
    assert act["do"] == "command"
    assert act["line"] == "shop status"
    assert str(act["output"]).startswith("release r41")


def test_a_message_is_sent() -> None:
    acts = acts_after("5", "w", "=on it", "enter")
    assert acts == [{"do": "post", "channel": "incidents", "text": "on it"}]


def test_a_template_is_filled_in() -> None:
    choose = ("5", "down", "down", "t", "enter", "enter", "down", "enter", "tab")
    act = acts_after(*choose, "=no payments", "ctrl+s")[0]
    assert act["template"] == "notice"
    assert act["fields"] == {
        "audience": "customers",
        "severity": "S1",
        "impact": "no payments",
        "next": "13:32 UTC",
    }
    assert "Impact: no payments" in str(act["text"])


def test_a_step_is_ticked_and_unticked() -> None:
    acts = acts_after("6", "down", "enter", "t", "t")
    assert [act["do"] for act in acts] == ["read", "tick", "tick"]
    assert acts[0]["section"] == "first-minutes"
    assert acts[1]["step"] == "shop-down#acknowledge"
    assert acts[2]["done"] is False


def test_a_step_is_given_up() -> None:
    assert acts_after("6", "down", "enter", "k")[1] == {
        "do": "skip",
        "step": "shop-down#acknowledge",
    }


def test_a_steps_command_goes_to_the_terminal_and_runs_by_enter() -> None:
    act = acts_after("6", "down", "enter", "down", "r", "enter")[1]
    assert (act["do"], act["line"]) == ("command", "shop status")


def test_runbooks_are_searched() -> None:
    acts = acts_after("6", "slash", "=roll", "enter", "enter")
    assert acts[0]["do"] == "search"
    assert acts[1]["do"] == "read"


def test_a_confusing_step_is_noted() -> None:
    acts = acts_after("6", "down", "enter", "c", "=who has it", "enter")
    assert acts[1] == {"do": "confused", "step": "shop-down#acknowledge", "note": "who has it"}


def test_the_severity_is_declared() -> None:
    assert acts_after("s", "down", "enter") == [{"do": "declare", "severity": "S2"}]


def test_a_decision_is_taken() -> None:
    assert acts_after("d", "enter") == [{"do": "decide", "decision": "way", "option": "roll-back"}]


def test_hints_grow_stronger() -> None:
    acts = acts_after("h", "h")
    assert acts == [{"do": "hint", "step": "shop-down#acknowledge"}] * 2


def test_the_solution_is_shown_after_a_question() -> None:
    assert acts_after("x", "escape") == []
    assert acts_after("x", "down", "enter") == [{"do": "reveal", "step": "shop-down#acknowledge"}]


def test_an_action_is_done_from_the_menu() -> None:
    act = acts_after("m", "=back", "enter", "ctrl+s")[0]
    assert (act["do"], act["action"], act["args"]) == ("action", "rollback", {"release": "r41"})


def test_time_is_paused_resumed_and_sped_up() -> None:
    acts = acts_after("p", "p", "plus", "plus", "minus")
    assert [act["do"] for act in acts] == ["pause", "resume", "speed", "speed", "speed"]
    assert [act.get("factor") for act in acts[2:]] == [2, 5, 2]


def test_the_exercise_is_ended_after_a_question() -> None:
    async def story(app: DrillApp, pilot: Pilot[None]) -> None:
        await press(pilot, "e", "enter")
        assert not app.washed
        await press(pilot, "e", "down", "down", "enter")
        assert isinstance(app.screen, DrillScreen)

    app = played(story)
    assert app.acts[-1]["do"] == "end"
    assert app.washed


def test_every_act_is_in_the_palette() -> None:
    async def story(app: DrillApp, pilot: Pilot[None]) -> None:
        screen = app.screen
        assert isinstance(screen, DrillScreen)
        titles = {command.title for command in screen.palette_commands()}
        wanted = {
            "Pause", "Speed 10x", "End the exercise", "Stop and resume later",
            "Acknowledge Error rate is high", "Declare S1 Critical", "Decide: Roll back or wait",
            "Hint", "Show the solution", "This confuses me", "Dashboard: Grafana, Web overview",
            "Logs: Database", "Runbook: The shop is down", "Runbook: The shop is down, Mend it",
            "Vercel: Restart the web shop", "Channel: #sales",
            "Message: First notice to Status page", "Show Terminal",
        }  # fmt: skip
        assert wanted <= titles
        await pilot.press("ctrl+p")
        await pilot.pause(0.2)
        await write(pilot, "declare S3")
        await pilot.pause(0.5)
        await press(pilot, "enter")
        if not app.acts:
            await press(pilot, "enter")

    assert played(story).acts[0]["severity"] == "S3"


def test_keys_that_are_typed_are_text() -> None:
    async def story(app: DrillApp, pilot: Pilot[None]) -> None:
        await press(pilot, "4")
        await write(pilot, "pshdxe 12")
        assert app.screen.query_one("#command", Input).value == "pshdxe 12"
        assert isinstance(app.screen, DrillScreen)

    assert played(story).acts == []


def test_a_pause_stops_everything() -> None:
    async def story(app: DrillApp, pilot: Pilot[None]) -> None:
        await press(pilot, "p")
        await elapse(pilot, 30)
        assert app.drill.exercise.state.now == 150
        assert app.screen.query_one(StatusBar).status.paused
        await press(pilot, "p")
        await elapse(pilot, 5)
        assert app.drill.exercise.state.now == 155

    played(story)


def test_a_machine_that_slept_owes_nothing() -> None:
    async def story(app: DrillApp, pilot: Pilot[None]) -> None:
        app.wall.now += 3600
        await elapse(pilot, 1)
        assert app.drill.exercise.state.now <= 153

    played(story)


def test_what_cannot_be_stored_stays_typed_and_counts_once() -> None:
    async def story(app: DrillApp, pilot: Pilot[None]) -> None:
        await press(pilot, "4")
        await write(pilot, "shop status")
        app.journal.fault = StoreFull("/disk")
        await press(pilot, "enter")
        assert app.screen.query_one("#command", Input).value == "shop status"
        assert app.acts == []
        app.journal.fault = None
        await press(pilot, "enter")
        assert app.screen.query_one("#command", Input).value == ""

    assert len(played(story).acts) == 1


def test_a_refused_act_is_explained_and_what_was_typed_stays() -> None:
    async def story(app: DrillApp, pilot: Pilot[None]) -> None:
        await press(pilot, "p", "5", "w")
        await write(pilot, "hello")
        await press(pilot, "enter")
        assert app.screen.query_one("#say", Input).value == "hello"
        assert any("paused" in note.message for note in app._notifications)

    played(story)


def test_a_new_alert_rings_and_shows_a_banner() -> None:
    async def story(app: DrillApp, pilot: Pilot[None]) -> None:
        rung: list[str] = []
        app.bell = lambda: rung.append("bell")  # type: ignore[method-assign]
        banner = app.screen.query_one("#banner", Banner)
        place = banner.region
        assert str(banner.render()) == ""
        await elapse(pilot, 65)
        assert banner.region == place
        assert "Error rate is high" in str(banner.render())
        assert rung == ["bell"]
        assert isinstance(app.screen, DrillScreen)

    played(story, at=0)


def test_an_alert_that_pages_nobody_is_told_of_for_a_while() -> None:
    app = DrillApp()
    exercise = app.drill.exercise
    exercise.state.world.alerts["slow"] = AlertState("firing", 100, None, ((100, None),))
    exercise.state.now = 100
    assert urgent(exercise) == ("FIRING", "Pages are slow, Grafana", "2 shows alerts")
    exercise.state.now = 100 + NEW
    assert urgent(exercise) is None


def test_unread_messages_are_counted_until_their_channel_is_shown() -> None:
    async def story(app: DrillApp, pilot: Pilot[None]) -> None:
        await elapse(pilot, 95)
        status = app.screen.query_one(StatusBar)
        assert status.status.unread == 2
        await press(pilot, "5")
        await elapse(pilot, 1)
        assert status.status.unread == 1
        await press(pilot, "down")
        await elapse(pilot, 1)
        assert status.status.unread == 0

    played(story, at=0)


def test_a_long_command_shows_its_progress_and_its_end() -> None:
    async def story(app: DrillApp, pilot: Pilot[None]) -> None:
        await press(pilot, "4")
        await write(pilot, "shop rollback r40")
        await press(pilot, "enter")
        await elapse(pilot, 8)
        lines = app.screen.query_one(Transcript).lines
        shown = [lines.line(n).text for n in range(len(lines))]
        assert shown[-1] == "... 8 s"
        await elapse(pilot, 14)
        shown = [lines.line(n).text for n in range(len(lines))]
        assert shown[-1] == "Done: r40 is live"

    played(story)


def test_the_terminal_has_history_search_and_completion() -> None:
    async def story(app: DrillApp, pilot: Pilot[None]) -> None:
        await press(pilot, "4")
        typed = app.screen.query_one("#command", Input)
        for line in ("shop status", "help"):
            await write(pilot, line)
            await press(pilot, "enter")
        await press(pilot, "up")
        assert typed.value == "help"
        await press(pilot, "up")
        assert typed.value == "shop status"
        await press(pilot, "down", "down")
        assert typed.value == ""
        await write(pilot, "stat")
        await press(pilot, "ctrl+r")
        assert typed.value == "shop status"
        typed.value = ""
        await write(pilot, "shop st")
        await press(pilot, "tab")
        assert typed.value == "shop status "

    played(story)


def test_the_charts_follow_the_range_and_show_last_week() -> None:
    async def story(app: DrillApp, pilot: Pilot[None]) -> None:
        await press(pilot, "enter")
        chart = app.screen.query(Chart).first()
        assert len(chart.data.values) == len(chart.data.baseline) == 120
        assert chart.data.thresholds
        await press(pilot, "right_square_bracket", "right_square_bracket")
        assert chart.data.step == 180
        before = chart.data.values[-1]
        await elapse(pilot, 20)
        assert chart.data.values[-1] != before

    played(story)


def test_logs_flow_in_and_stand_still_when_frozen() -> None:
    async def story(app: DrillApp, pilot: Pilot[None]) -> None:
        await press(pilot, "3")
        pane = app.screen.query_one(LogPane)
        kept = pane.view.kept
        assert kept > 0
        await elapse(pilot, 10)
        assert pane.view.kept > kept
        await press(pilot, "space")
        assert pane.frozen
        await elapse(pilot, 10)
        assert pane.new_below > 0

    played(story)


def test_a_small_terminal_says_what_it_needs() -> None:
    async def story(app: DrillApp, pilot: Pilot[None]) -> None:
        note = app.screen.query_one("#too-small", Words)
        assert note.display
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        assert not note.display

    played(story, size=(70, 20))


@pytest.mark.parametrize(("width", "shown"), [(80, False), (120, True)])
def test_the_side_column_needs_room(width: int, shown: bool) -> None:
    async def story(app: DrillApp, pilot: Pilot[None]) -> None:
        side = app.screen.query_one("#side")
        assert side.display is shown
        if shown:
            await press(pilot, "b")
            assert not side.display

    played(story, size=(width, 40))


def test_panes_are_built_when_first_shown() -> None:
    async def story(app: DrillApp, pilot: Pilot[None]) -> None:
        assert not app.screen.query("#runbook")
        await press(pilot, "6")
        assert app.screen.query("#runbook")
        assert app.screen.query_one("#section-list", OptionList).has_focus

    played(story)


def test_play_that_is_over_goes_to_the_hot_wash_and_closes_dialogs() -> None:
    async def story(app: DrillApp, pilot: Pilot[None]) -> None:
        await press(pilot, "s")
        await elapse(pilot, 12)
        assert isinstance(app.screen, DrillScreen)

    assert played(story, at=1190).washed
