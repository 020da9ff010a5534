"""A runbook with its heat beside its lines: how many of the teams each step confused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.strip import Strip

from simulator.content.runbook_marks import without_mark
from simulator.review.books import Book
from simulator.review.confusing import Confusing, ConfusingStep
from simulator.review.confusing_text import SIGNS, level, lines_with_heat
from simulator.tui.panes.runbook_page import wrapped
from simulator.tui.widgets.line_view import LineView
from simulator.tui.widgets.plain_text import fit, plain

GUTTER = 10
"""Cells before the text: "30/60" and the sign."""


@dataclass(frozen=True)
class Row:
    """One row as it is drawn; `number` is the line of the file that it belongs to."""

    number: int
    told: str
    step: ConfusingStep | None
    text: str


class HeatedBook(LineView):
    """The whole runbook, scrolled by the keys of any list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "scroll_down", "Down", show=False),
        Binding("k", "scroll_up", "Up", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"heat--{number}" for number in range(len(SIGNS))} | {
        "heat--plain", "heat--heading",
    }  # fmt: skip
    DEFAULT_CSS = """
    HeatedBook {
        & > .heat--0 { color: $foreground 45%; }
        & > .heat--1 { color: $text-success; }
        & > .heat--2 { color: $text-primary; }
        & > .heat--3 { color: $text-warning; }
        & > .heat--4 { color: $text-warning; text-style: bold; }
        & > .heat--5 { color: $text-error; text-style: bold; }
        & > .heat--plain { color: $foreground 70%; }
        & > .heat--heading { color: $text-accent; text-style: bold; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._lines: list[tuple[int, str, ConfusingStep | None]] = []
        self._rows: list[Row] = []

    def show(self, book: Book, confusing: Confusing) -> None:
        """Show a runbook from its first line on."""
        self._lines = list(lines_with_heat(book, confusing))
        self.call_after_refresh(self._lay_out)

    def go_to(self, line: int) -> None:
        """Bring a line of the file to the top."""
        self.call_after_refresh(self._go_to, line)

    def _go_to(self, line: int) -> None:
        found = next((at for at, row in enumerate(self._rows) if row.number >= line), 0)
        self.scroll_to(y=max(0, found - 2), animate=False, immediate=True)

    def on_resize(self) -> None:
        """Wrap to the new width."""
        super().on_resize()
        self._lay_out()

    def _lay_out(self) -> None:
        self.rows_width = self.scrollable_content_region.width
        self._rows = list(self._laid_out())
        self.set_rows(len(self._rows))
        self.refresh()

    def _laid_out(self) -> list[Row]:
        rows = []
        for number, text, step in self._lines:
            told = ""
            if step is not None and number == step.line and step.now.teams:
                told = f"{step.now.confused}/{step.now.teams}"
            shown = plain(without_mark(text)).rstrip()
            indent = len(shown) - len(shown.lstrip())
            room = self.rows_width - GUTTER
            if len(shown) > room:
                pieces = list(wrapped(shown, room, min(indent, 8))) or [""]
            else:
                pieces = [shown]
            for at, piece in enumerate(pieces):
                rows.append(Row(number, told if at == 0 else "", step, piece))
        return rows

    def render_line(self, y: int) -> Strip:
        """Draw one row of the screen."""
        at = y + self.scroll_offset.y
        if not 0 <= at < len(self._rows):
            return Strip.blank(self.rows_width, self.rich_style)
        row = self._rows[at]
        heat = level(row.step.now) if row.step else 0
        ink = self._ink(f"heat--{heat}")
        sign = SIGNS[heat] if row.step else SIGNS[0]
        plainly = self._ink("heat--heading" if row.text.startswith("#") else "heat--plain")
        words = ink if row.step is not None and heat > 1 else plainly
        parts = [
            Segment(f"{fit(row.told, GUTTER - 3):>{GUTTER - 3}} ", ink),
            Segment(sign, ink),
            Segment(fit(row.text, self.rows_width - GUTTER), words),
        ]
        return Strip(parts).adjust_cell_length(self.rows_width, self.rich_style)

    def _ink(self, name: str) -> Style:
        return self.get_component_rich_style(name)
