"""Dashboards, under the names that the runbooks use."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from simulator.tui.messages import ActProposed, ActTaken
from simulator.tui.panes.board import Board
from simulator.tui.panes.pane import Pane
from simulator.tui.panes.samples import RANGES, Samples
from simulator.tui.panes.wording import line, text_of
from simulator.tui.panes.words import Words
from simulator.tui.widgets import Chart
from simulator.tui.widgets.field import Field

if TYPE_CHECKING:
    from simulator.exercise.fold import Exercise

_LABELS = [label for label, _, _ in RANGES]


class DashboardsPane(Pane):
    """The list of dashboards by product, and the one that is open."""

    TITLE = "Dashboards"
    WELCOME = (
        "Choose a dashboard and press Enter.\n\n"
        "Tab goes on to its charts, left and right\nread a chart.\n"
        "[ and ] change the time range.\n"
        "/ searches the list.\nCtrl+P offers everything by name."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "Search", key_display="/", tooltip="Search the dashboards"),
        Binding("left_square_bracket", "range(-1)", "Shorter", key_display="["),
        Binding("right_square_bracket", "range(1)", "Longer", key_display="]"),
    ]

    def __init__(self, exercise: Exercise, *, id: str) -> None:  # noqa: A002
        super().__init__(exercise, id=id)
        self._samples = Samples(exercise)
        self._range = "1h"
        self._board: Board | None = None
        self._drawing = False
        self._placing = asyncio.Lock()
        # What was open when play was stopped is open again.
        boards = {board.id: board for board in exercise.system.dashboards}
        seen = [view for view in exercise.state.views if view in boards]
        if seen:
            self._board = Board(exercise, boards[seen[-1]], self._samples)

    def compose(self) -> ComposeResult:
        with Horizontal(classes="split"):
            with Vertical(classes="list"):
                yield Field(placeholder="search", id="find-dashboard", compact=True)
                yield OptionList(
                    *self._options(""), id="dashboard-list", markup=False, compact=True
                )
            with Vertical(classes="main", id="board-place"):
                yield Words(self._title(), id="board-title")
                if self._board is not None:
                    yield self._board
                else:
                    yield Words(self.WELCOME, id="no-board")

    def on_mount(self) -> None:
        """Draw what is open."""
        listed = self.query_one("#dashboard-list", OptionList)
        listed.highlighted = 1 if listed.option_count else None
        if self._board is not None:
            self.call_after_refresh(self.show, self.exercise)

    @property
    def opened(self) -> str:
        """The dashboard that is open."""
        return self._board.dashboard.id if self._board else ""

    def show(self, exercise: Exercise) -> None:
        """Bring the open dashboard up to date, unless that is still going on."""
        if self._board is not None and self._board.is_mounted and not self._drawing:
            self._drawing = True
            self.run_worker(self._draw(self._board), group="board")

    async def _draw(self, board: Board) -> None:
        drawn = self._asked
        try:
            await board.draw(self._range)
        finally:
            self._drawing = False
        if drawn != self._asked:
            self.show(self.exercise)

    @property
    def _asked(self) -> tuple[object, ...]:
        """What a picture is of: when it is another one by the time it is drawn, so is the next."""
        board = self._board
        width = board.scrollable_content_region.width if board is not None else 0
        top = round(board.scroll_y) if board is not None else 0
        return board, width, top, self._range, id(self.exercise.state)

    def on_board_scrolled(self) -> None:
        """Draw what has come into view."""
        self.show(self.exercise)

    def focus_pane(self) -> None:
        """The list comes first."""
        self.query_one("#dashboard-list").focus()

    def leave(self) -> bool:
        """Close the search, or go back to the list."""
        search = self.query_one("#find-dashboard", Input)
        if search.display:
            search.value, search.display = "", False
            self.focus_pane()
            return True
        listed = self.query_one("#dashboard-list")
        if not listed.has_focus:
            listed.focus()
            return True
        return False

    def _fill(self, query: str) -> None:
        listed = self.query_one("#dashboard-list", OptionList)
        options = list(self._options(query))
        if [option.id for option in options] == [option.id for option in listed.options]:
            return
        listed.set_options(options)
        if options:
            listed.highlighted = 1

    def _options(self, query: str) -> Iterator[Option]:
        words = query.casefold().split()
        product = None
        for board in self.exercise.system.dashboards:
            if not all(word in f"{board.product} {board.title}".casefold() for word in words):
                continue
            if board.product != product:
                product = board.product
                heading = text_of((line(product), "bold $text-accent"))
                yield Option(heading, disabled=True)
            yield Option(Content(f" {line(board.title)}"), id=board.id)

    @on(Input.Changed, "#find-dashboard")
    def _narrow(self, event: Input.Changed) -> None:
        self._fill(event.value)

    @on(Input.Submitted, "#find-dashboard")
    def _found(self) -> None:
        self.focus_pane()

    @on(OptionList.OptionSelected, "#dashboard-list")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        if event.option.id:
            self.propose(event.option.id)

    def propose(self, dashboard: str) -> None:
        """Ask to open a dashboard: looking at one is an act."""
        self.post_message(ActProposed(self, "view", view=dashboard))

    def on_act_taken(self, event: ActTaken) -> None:
        """Open what may be opened."""
        if event.do == "view":
            self._open(str(event.fields["view"]))

    def _open(self, dashboard: str) -> None:
        found = next(one for one in self.exercise.system.dashboards if one.id == dashboard)
        self._board = Board(self.exercise, found, self._samples)
        self.query("#no-board").set(display=False)
        self.query_one("#board-title", Words).say(self._title())
        self.run_worker(self._put(self._board), group="board-place")

    async def _put(self, board: Board) -> None:
        """Put a board in place of any other; of several asked for at once, the last one stays."""
        async with self._placing:
            if board is self._board:
                place = self.query_one("#board-place")
                await place.query(Board).remove()
                await place.mount(board)
        self.show(self.exercise)

    def _title(self) -> Content:
        board = self._board.dashboard if self._board else None
        name = f"{line(board.product)} / {line(board.title)}" if board else ""
        ranges = [
            text_of((f"[{label}]", "bold $text-accent") if label == self._range else f" {label} ")
            for label in _LABELS
        ]
        return text_of((name, "bold"), "   " if name else "", *ranges)

    def action_search(self) -> None:
        """Search the list."""
        search = self.query_one("#find-dashboard", Input)
        search.display = True
        search.focus()

    def action_range(self, step: int) -> None:
        """Show a shorter or a longer time."""
        self.set_range(_LABELS[max(0, min(len(_LABELS) - 1, _LABELS.index(self._range) + step))])

    def set_range(self, label: str) -> None:
        """Show this much time."""
        self._range = label
        self.query_one("#board-title", Words).say(self._title())
        for chart in self.query(Chart):
            chart.cursor = None
        self.show(self.exercise)
