"""What a newcomer stumbled over at the drill screen, and must not again."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from play import DrillApp, elapse, press, settle, shop, write
from rich.cells import cell_len
from test_drill_acts import acts_after, played
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from simulator.content.pack import pack_of
from simulator.content.scenario import Cadence
from simulator.tui.dialogs.template import TemplateDialog
from simulator.tui.panes.alert_rows import history
from simulator.tui.panes.alerts import AlertsPane
from simulator.tui.panes.board import Board
from simulator.tui.panes.columns import table
from simulator.tui.panes.dashboards import DashboardsPane
from simulator.tui.panes.pane import Pane
from simulator.tui.panes.words import Words
from simulator.tui.screens.drill import DrillScreen
from simulator.tui.screens.palette import nearness
from simulator.tui.widgets import Transcript
from simulator.tui.widgets.plain_text import wrap_words


def test_a_runbook_is_drawn_once_whatever_width_it_comes_back_with() -> None:
    async def story(app: DrillApp, pilot: Pilot[None]) -> None:
        await press(pilot, "6", "down", "enter")
        listed = app.screen.query_one("#step-list", OptionList)
        count, at = listed.option_count, listed.highlighted
        for width, height in ((120, 40), (90, 24), (130, 24), (81, 24)):
            await press(pilot, "1")
            await pilot.resize_terminal(width, height)
            await press(pilot, "6", "b", "b")
            listed.styles.padding = (0, width % 7)  # a width that no resize of the pane tells of
            await elapse(pilot, 2)
            await press(pilot, "slash")
            await write(pilot, "roll")
            await press(pilot, "enter", "escape")
            assert listed.option_count == count
            assert listed.highlighted == at

    played(story)


def test_of_dashboards_asked_for_at_once_the_last_is_shown_alone() -> None:
    async def story(app: DrillApp, pilot: Pilot[None]) -> None:
        pane = app.screen.query_one(DashboardsPane)
        for name in ("web-overview", "web-errors", "web-releases", "web-errors"):
            pane.propose(name)
        await settle(pilot)
        assert [board.dashboard.id for board in app.screen.query(Board)] == ["web-errors"]

    played(story)


def test_panes_asked_for_at_once_are_each_built_once() -> None:
    async def story(app: DrillApp, pilot: Pilot[None]) -> None:
        screen = app.screen
        assert isinstance(screen, DrillScreen)
        names = ("runbook", "comms", "runbook", "logs", "terminal", "runbook")
        await asyncio.gather(*(screen.show_pane(name) for name in names))
        await settle(pilot)
        assert [pane.id for pane in screen.query(Pane) if pane.display] == ["runbook"]

    played(story)


def test_escape_again_and_again_leaves_the_prompt_alone() -> None:
    async def story(app: DrillApp, pilot: Pilot[None]) -> None:
        await press(pilot, "4", "escape", "escape", "escape")
        assert not app.screen.query_one("#command").has_focus
        await press(pilot, "i")
        assert app.screen.query_one("#command").has_focus
        await press(pilot, "escape", "enter")
        assert app.screen.query_one("#command").has_focus

    played(story)


def test_space_pauses_too() -> None:
    assert [act["do"] for act in acts_after("space", "space")] == ["pause", "resume"]


def test_after_a_dialog_the_prompt_has_the_keys() -> None:
    async def story(app: DrillApp, pilot: Pilot[None]) -> None:
        await press(pilot, "4", "escape", "s", "enter")
        await write(pilot, "page 2")
        assert app.screen.query_one("#command", Input).value == "page 2"

    assert [act["do"] for act in played(story).acts] == ["declare"]


def test_a_command_that_works_has_the_prompt_until_it_is_done() -> None:
    async def story(app: DrillApp, pilot: Pilot[None]) -> None:
        await press(pilot, "4")
        await write(pilot, "shop rollback r40")
        await press(pilot, "enter")
        prompt = app.screen.query_one("#prompt", Words)
        assert not str(prompt.content)
        await write(pilot, "shop status")
        await press(pilot, "enter")
        assert len(app.acts) == 1
        assert "as soon as" in str(app.screen.query_one("#candidates", Words).content)
        await elapse(pilot, 21)
        assert str(prompt.content)
        assert [act["line"] for act in app.acts] == ["shop rollback r40", "shop status"]
        assert app.screen.query_one("#command", Input).value == ""
        assert not app.screen.query_one("#candidates").display

    played(story)


def test_a_line_typed_after_the_one_that_waits_is_a_line_of_its_own() -> None:
    async def story(app: DrillApp, pilot: Pilot[None]) -> None:
        await press(pilot, "4")
        await write(pilot, "shop rollback r40")
        await press(pilot, "enter")
        await write(pilot, "shop status")
        await press(pilot, "enter")
        await write(pilot, "date")
        command = app.screen.query_one("#command", Input)
        assert command.value == "date"
        assert "back: shop status" in str(app.screen.query_one("#candidates", Words).content)
        await elapse(pilot, 21)
        assert [act["line"] for act in app.acts] == ["shop rollback r40", "shop status"]
        assert command.value == "date"
        await press(pilot, "enter")
        assert app.acts[-1]["line"] == "date"

    played(story)


def test_what_was_to_run_next_is_dropped_when_it_is_changed_or_interrupted() -> None:
    async def story(app: DrillApp, pilot: Pilot[None]) -> None:
        await press(pilot, "4")
        await write(pilot, "shop rollback r40")
        await press(pilot, "enter")
        await write(pilot, "shop status")
        await press(pilot, "enter", "backspace")
        await elapse(pilot, 21)
        assert app.screen.query_one("#command", Input).value == "shop statu"
        assert not app.screen.query_one("#candidates").display

    assert len(played(story).acts) == 1


def test_ctrl_c_gives_the_prompt_back_and_what_was_begun_goes_on() -> None:
    async def story(app: DrillApp, pilot: Pilot[None]) -> None:
        await press(pilot, "4")
        await write(pilot, "shop rollback r40")
        await press(pilot, "enter", "ctrl+c")
        await write(pilot, "shop status")
        await press(pilot, "enter")
        await elapse(pilot, 21)
        lines = app.screen.query_one(Transcript).lines
        assert lines.line(len(lines) - 1).text == "Done: r40 is live"

    assert len(played(story).acts) == 2


def test_after_an_alert_is_acknowledged_the_next_one_is_at_hand() -> None:
    async def story(app: DrillApp, pilot: Pilot[None]) -> None:
        await press(pilot, "2", "a")
        chosen = app.screen.query_one(AlertsPane).chosen
        assert chosen is not None
        assert chosen.rule.id == "slow"
        await press(pilot, "a")

    acts = played(story, at=200).acts
    assert [act["alert"] for act in acts] == ["errors-high", "slow"]


def test_a_template_takes_the_time_from_the_rhythm_that_is_asked_for() -> None:
    pack = shop()
    cadence = Cadence.model_validate(
        {"id": "updates", "title": "Updates", "every": 900, "since": {"at": 0},
         "post": {"audience": "customers"}}
    )  # fmt: skip
    scenario = pack.scenario.model_copy(update={"cadences": [cadence]})

    async def story() -> None:
        app = DrillApp(150, pack=replace(pack, scenario=scenario))
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await press(pilot, "5", "down", "down", "t", "enter")
            assert isinstance(app.screen, TemplateDialog)
            fields = app.screen.values()
            assert fields["next"] == "13:17 UTC"
            assert fields["audience"] == "customers"

    asyncio.run(story())


@pytest.mark.parametrize(
    ("query", "better", "worse"),
    [
        ("pause", "Pause", "Dashboard: Upstash, ai-gurus-ratelimit"),
        ("pau", "Pause", "Runbook: Incident response, a paused import"),
        ("hint", "Hint", "Show the hint"),
        ("mend", "Runbook: The shop is down, Mend it", "Recommend a dashboard"),
        ("declare s3", "Declare S3 Low", "Dashboard: decks, area S3 x"),
    ],
)
def test_the_palette_puts_the_words_that_were_typed_first(
    query: str, better: str, worse: str
) -> None:
    assert nearness(query, better) > nearness(query, worse)


ISSUES = [
    ["PrismaClientInitializationError P1000: Authentication failed against the server",
     "GET /api/courses", "error", "1,402", "210", "3 s ago"],
    ["ChunkLoadError: Loading chunk 17 failed", "GET /", "error", "2", "2", "3 h ago"],
]  # fmt: skip
HEADS = ["Issue", "Where", "Level", "Events", "Users", "Last seen"]


@pytest.mark.parametrize("width", range(8, 140))
def test_tables_lose_nothing_at_any_width(width: int) -> None:
    rows = table(HEADS, ISSUES, width).plain.split("\n")
    assert all(cell_len(row.rstrip()) <= width for row in rows)
    for cell in (cell for row in ISSUES for cell in row):
        assert "".join(cell.split()) in "".join("".join(rows[1:]).split())


@given(st.text(alphabet="ab 界é-", max_size=80), st.integers(2, 30))
def test_wrapped_words_are_the_text_and_fit(text: str, width: int) -> None:
    pieces = wrap_words(text, width)
    assert "".join(piece for _, piece in pieces) == text
    assert all(cell_len(piece.rstrip(" ")) <= width for _, piece in pieces)
    assert [start for start, _ in pieces] == [
        sum(len(piece) for _, piece in pieces[:number]) for number in range(len(pieces))
    ]
    if all(cell_len(word) <= width for word in text.split()):
        assert [word for _, piece in pieces for word in piece.split()] == text.split()


@pytest.mark.parametrize(
    ("pasted", "line"),
    [
        ("SELECT pid,\n  query\nFROM pg_stat_activity\nWHERE true;",
         "SELECT pid, query FROM pg_stat_activity WHERE true;"),
        ("psql -c 'SELECT 1,\n2'", "psql -c 'SELECT 1, 2'"),
        ("shop status\nshop rollback r40\n", "shop status; shop rollback r40"),
        ("curl -s \\\n  https://shop.example |\n  jq .", "curl -s https://shop.example | jq ."),
    ],
)  # fmt: skip
def test_pasted_lines_become_one(pasted: str, line: str) -> None:
    async def story(app: DrillApp, pilot: Pilot[None]) -> None:
        await press(pilot, "4")
        command = app.screen.query_one("#command", Input)
        command.post_message(events.Paste(pasted))
        await settle(pilot)
        assert command.value == line

    played(story)


def test_ctrl_c_drops_the_line() -> None:
    async def story(app: DrillApp, pilot: Pilot[None]) -> None:
        await press(pilot, "4")
        await write(pilot, "shop roll")
        await press(pilot, "ctrl+c")
        assert app.screen.query_one("#command", Input).value == ""
        lines = app.screen.query_one(Transcript).lines
        assert lines.line(len(lines) - 1).text.endswith("shop roll^C")

    assert played(story).acts == []


def test_a_pane_that_is_not_composed_takes_no_keys_yet() -> None:
    async def story(app: DrillApp, pilot: Pilot[None]) -> None:
        exercise = app.drill.exercise
        DashboardsPane(exercise, id="late").take_keys()
        pane = app.screen.query_one(DashboardsPane)
        app.screen.set_focus(None)
        pane.take_keys()
        await pilot.pause()
        assert app.screen.focused is app.screen.query_one("#dashboard-list")

    played(story)


def test_an_alert_says_what_was_measured_when_it_fired_and_of_another_day_nothing() -> None:
    place = "scenarios/shop/bad-release.yaml"
    texts = dict(shop().texts)
    texts[place] = texts[place].replace("{alert: slow,", "{alert: errors-high,")

    async def story(app: DrillApp, pilot: Pilot[None]) -> None:
        await press(pilot, "2")
        pane = app.screen.query_one(AlertsPane)
        rows = {row.since: row for row in history(app.drill.exercise)}
        past = rows.pop(-90000)
        assert pane._text(past) == ""
        assert "from Mar 09 " in pane._details(past).plain
        (fired,) = (row for row in rows.values() if row.rule.id == "errors-high")
        now = app.drill.exercise.world.fill(app.drill.exercise.state.world, fired.rule.text)
        assert "{" not in pane._text(fired)
        assert pane._text(fired) != now

    app = DrillApp(150, pack=pack_of(shop().name, texts))

    async def go() -> None:
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await app.drill.take("command", line="shop rollback r40")
            await elapse(pilot, 200)
            await story(app, pilot)

    asyncio.run(go())
