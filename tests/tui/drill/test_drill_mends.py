"""What a newcomer stumbled over at the drill screen, and must not again."""

from __future__ import annotations

import asyncio

from play import DrillApp, elapse, press, settle, write
from test_drill_acts import played
from textual.pilot import Pilot
from textual.widgets import OptionList

from simulator.tui.panes.board import Board
from simulator.tui.panes.dashboards import DashboardsPane
from simulator.tui.panes.pane import Pane
from simulator.tui.screens.drill import DrillScreen


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
