"""The row of panes, each with its key and what waits in it."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.widget import Widget

from simulator.tui.messages import PaneChosen
from simulator.tui.panes.wording import text_of


@dataclass(frozen=True)
class Tab:
    """One pane's name, and what waits there in a word or a number."""

    name: str
    title: str
    waiting: str = ""
    number: int = 0
    """The key that shows it."""


class TabRow(Widget):
    """A line of tabs: by their number keys, or by a click."""

    ALLOW_SELECT = False

    def __init__(self, tabs: tuple[Tab, ...], current: str) -> None:
        super().__init__(id="tabs")
        self._tabs, self._current = tabs, current

    def show(self, tabs: tuple[Tab, ...], current: str) -> None:
        """Show other tabs."""
        if (tabs, current) != (self._tabs, self._current):
            self._tabs, self._current = tabs, current
            self.refresh()

    def _pieces(self) -> list[tuple[str, Content]]:
        short = self.content_size.width < 100
        pieces = []
        for tab in self._tabs:
            waiting = f" {tab.waiting}" if tab.waiting else ""
            if tab.name == self._current:
                piece = text_of(
                    (f" {tab.number} {tab.title}{waiting} ", "bold reverse $text-primary")
                )
            else:
                piece = text_of(
                    (f" {tab.number} ", "$foreground 60%"),
                    tab.title,
                    (waiting, "bold $text-error"),
                    "" if short else " ",
                )
            pieces.append((tab.name, piece))
        return pieces

    def render(self) -> Content:
        """Draw the row."""
        return Content("").join(piece for _, piece in self._pieces())

    def on_click(self, event: events.Click) -> None:
        """Show the pane whose tab was clicked."""
        place = 0
        for name, piece in self._pieces():
            place += piece.cell_length
            if event.x < place:
                self.post_message(PaneChosen(name))
                return
