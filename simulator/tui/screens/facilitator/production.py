"""Production as participants see it, for those who do not take part: to look at, live."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal
from textual.screen import Screen
from textual.widgets import Input

from simulator.session.seat import LOOKING
from simulator.tui import messages as m
from simulator.tui.panes.looked_at_rooms import RoomsLookedAt
from simulator.tui.panes.rooms import NAMES
from simulator.tui.panes.status_bar import Status, StatusBar, status_of
from simulator.tui.panes.tab_row import TabRow
from simulator.tui.panes.wording import line
from simulator.tui.screens.palette import offer
from simulator.tui.widgets.front_compositor import FrontCompositor
from simulator.tui.widgets.key_row import KeyRow
from simulator.tui.widgets.too_small import BREAKPOINTS_ACROSS, BREAKPOINTS_DOWN, TooSmall

if TYPE_CHECKING:
    from simulator.exercise.fold import Exercise
    from simulator.session.seat import SeatDrill

REDRAW = 0.95
"""Wall seconds between two pictures, as participants have them."""

_HERE = Path(__file__).parent


class ProductionScreen(Screen[None]):
    """The panes of the drill to look at, with everybody's terminal; q goes back to the console."""

    AUTO_FOCUS = None
    CSS_PATH: ClassVar[list[str | PurePath]] = [
        _HERE.parent / "drill.tcss",
        _HERE / "production.tcss",
    ]
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS_ACROSS
    VERTICAL_BREAKPOINTS = BREAKPOINTS_DOWN
    HELP = (
        "Production as participants see it, with what everybody types in the terminal.\n"
        "Looking leaves no trace, and nothing can be done here."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(n), f"pane('{name}')", title, show=False, tooltip=f"Show {title}")
          for n, (name, title) in enumerate(NAMES.items(), 1)),
        Binding("q", "back", "Console", tooltip="Back to the console"),
        Binding("escape", "leave", "Back", show=False,
                tooltip="Leave what you are typing in, else go back to the console"),
    ]  # fmt: skip

    def __init__(self, drill: SeatDrill) -> None:
        super().__init__()
        self._compositor = FrontCompositor()
        self._drill = drill
        self._rooms = RoomsLookedAt(drill.exercise)
        self._drawn = (-1, -1)
        self._moving = asyncio.Lock()

    @property
    def exercise(self) -> Exercise:
        """The exercise that is looked at."""
        return self._drill.exercise

    def compose(self) -> ComposeResult:
        yield StatusBar(self._status())
        yield TabRow(self._rooms.tabs(), self._rooms.current)
        with Horizontal(id="stage"), Container(id="panes"):
            yield self._rooms.pane(self._rooms.current)
        yield KeyRow()
        yield TooSmall()

    def on_mount(self) -> None:
        """Follow the exercise."""
        pane = self._rooms.pane(self._rooms.current)
        pane.call_later(pane.take_keys)
        self.set_interval(REDRAW, self._follow)
        self._refresh()

    def _status(self) -> Status:
        team = line(self.exercise.team, 20)
        return replace(status_of(self.exercise, 0, self._drill.seat), role=f"Looking at {team}")

    def _follow(self) -> None:
        """Show what has changed."""
        if (self._drill.seq, self.exercise.state.now) != self._drawn:
            self._refresh()

    def _refresh(self) -> None:
        if not self.is_attached or not self.query(StatusBar):
            return
        self._drawn = (self._drill.seq, self.exercise.state.now)
        self.query_one(StatusBar).show(self._status())
        self.query_one(TabRow).show(self._rooms.tabs(), self._rooms.current)
        pane = self._rooms.pane(self._rooms.current)
        if pane.is_mounted:
            pane.show(self.exercise)

    async def show_pane(self, name: str) -> None:
        """Show a pane, built now if it never was."""
        async with self._moving:
            old, new = self._rooms.pane(self._rooms.current), self._rooms.pane(name)
            self._rooms.current = name
            if new is not old:
                old.display = False
                new.display = True
            if not new.is_attached:
                await self.query_one("#panes").mount(new)
            new.focus_pane()
            self._refresh()

    async def action_pane(self, name: str) -> None:
        """Show a pane."""
        await self.show_pane(name)

    async def on_pane_chosen(self, event: m.PaneChosen) -> None:
        """Show a pane."""
        await self.show_pane(event.pane)

    async def on_runbook_chosen(self, event: m.RunbookChosen) -> None:
        """Open a runbook."""
        await self.show_pane("runbook")
        self._rooms.runbook.propose(event.runbook, event.place)

    async def on_dashboard_chosen(self, event: m.DashboardChosen) -> None:
        """Open a dashboard."""
        await self.show_pane("dashboards")
        self._rooms.dashboards.propose(event.dashboard)

    def on_act_proposed(self, event: m.ActProposed) -> None:
        """Let what is only a look be done; it leaves no trace."""
        if event.do in LOOKING:
            event.origin.post_message(m.ActTaken(event.do, event.fields))
            event.origin.call_later(self._refresh)
        else:
            why = "You look on here. q goes back to the console."
            self.notify(why)
            event.origin.post_message(m.ActRefused(event.do, event.fields, why))

    def action_back(self) -> None:
        """Go back to the console."""
        self.dismiss()

    def action_leave(self) -> None:
        """Leave what is being typed in, else go back to the console."""
        if not isinstance(self.focused, Input):
            self.dismiss()
        elif not self._rooms.pane(self._rooms.current).leave():
            self.set_focus(None)

    def palette_commands(self) -> Iterable[SystemCommand]:
        """Offer the panes and the way back."""
        for name, title in NAMES.items():
            yield offer(title, f"Show {title}", partial(self.show_pane, name))
        yield offer("Console", "Back to the console", self.action_back)
