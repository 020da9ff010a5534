"""Passages of text under each other, wrapped; one more costs no more than itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.content import Content
from textual.geometry import Region
from textual.selection import Selection
from textual.strip import Strip
from textual.style import Style
from textual.visual import Visual

from simulator.tui.widgets.line_view import LineView


@dataclass(frozen=True, slots=True)
class Row:
    """What is on a row of the screen: a part of a line."""

    text: Content
    line: int
    """The line's number, from the first passage's first."""
    start: int
    """The index of its first character in the line."""


class Passages(LineView):
    """Passages with an empty row between them; stays at its end unless scrolled back."""

    ALLOW_SELECT = True
    DEFAULT_CSS = """
    Passages:focus { background-tint: $foreground 0%; }
    """

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 - the name Textual gives it
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._lines: list[Content] = []
        self._rows: list[Row] = []
        self._strips: dict[int, Strip] = {}
        self.auto_links = False  # there are none

    @property
    def text(self) -> str:
        """All that is said, as it would be copied."""
        return "\n".join(line.plain for line in self._lines)

    def show(self, passages: Iterable[Content]) -> None:
        """Show these instead of all before, from their end."""
        self._lines = []
        self._forget_rows()
        self.add(passages, to_end=True)

    def add(self, passages: Iterable[Content], *, to_end: bool = False) -> None:
        """Append passages; go `to_end`, or stay there if that is what is seen."""
        to_end = to_end or self.is_vertical_scroll_end
        known = len(self._lines)
        for passage in passages:
            if self._lines:
                self._lines.append(Content(""))
            self._lines += [line.expand_tabs(8) for line in passage.split(allow_blank=True)]
        self._wrap(known)
        self._settle(to_end)

    def go_to_end(self) -> None:
        """See the newest."""
        self._settle(to_end=True)

    def _forget_rows(self) -> None:
        self._rows = []
        self._strips.clear()

    def _wrap(self, first: int) -> None:
        """Cut lines from the first of these on into rows."""
        if not self.rows_width:
            return  # wrapped once the width is known
        for number, line in enumerate(self._lines[first:], first):
            start = 0
            for text in line.wrap(self.rows_width):
                start = line.plain.index(text.plain, start)
                self._rows.append(Row(text, number, start))
                start += len(text.plain)

    def _settle(self, to_end: bool) -> None:
        self.set_rows(len(self._rows))
        if to_end:
            self.scroll_end(animate=False, immediate=True)
        self.refresh()

    def on_resize(self) -> None:
        """Wrap to the new width, and see the newest."""
        before = self.rows_width
        super().on_resize()
        if self.rows_width != before:
            self._forget_rows()
            self._wrap(0)
        self._settle(to_end=True)

    def notify_style_update(self) -> None:
        """Draw in the new colours."""
        super().notify_style_update()
        self._strips.clear()

    def selection_updated(self, selection: Selection | None) -> None:
        """Draw what is selected."""
        self._strips.clear()
        self.refresh()

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected text, long lines whole as they were written."""
        return selection.extract(self.text), "\n"

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw rows. A row that was drawn is used as it is, wherever it has moved to.

        Textual's own way would pad, tint and cut each of them again; there is nothing to it here.
        """
        self._draw(range(self.scroll_offset.y + crop.y, self.scroll_offset.y + crop.bottom))
        strips = [self.render_line(y) for y in crop.line_range]
        if filters := self.get_line_filters():
            _, background = self.background_colors
            for applied in filters:
                strips = [strip.apply_filter(applied, background) for strip in strips]
        if crop.column_span != (0, self.size.width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def render_line(self, y: int) -> Strip:
        """Draw one row of the screen."""
        number = y + self.scroll_offset.y
        if number >= len(self._rows):
            return Strip.blank(self.size.width, self.rich_style)
        if number not in self._strips:
            self._draw((number,))
        return self._strips[number]

    def _draw(self, wanted: Iterable[int]) -> None:
        """Draw those of these rows that were not drawn yet; together, which is what costs least."""
        rows = {
            number: self._rows[number]
            for number in wanted
            if number < len(self._rows) and number not in self._strips
        }
        if not rows:
            return
        text = Content("\n").join(self._as_selected(row) for row in rows.values())
        strips = Visual.to_strips(
            self, text, self.rows_width, len(rows), self.visual_style,
            apply_selection=False, pad=True,
        )  # fmt: skip
        # As wide as the widget: under the scroll bar, too.
        width, ground = self.size.width, self.rich_style
        for (number, row), drawn in zip(rows.items(), strips, strict=True):
            strip = drawn.extend_cell_length(width, ground)
            self._strips[number] = strip.apply_offsets(row.start, row.line)

    def _as_selected(self, row: Row) -> Content:
        """Return a row's text, marked as far as it is selected."""
        selection = self.text_selection
        if selection is None or (span := selection.get_span(row.line)) is None:
            return row.text
        start, end = span
        end = len(row.text.plain) if end == -1 else end - row.start
        style = Style.from_styles(self.screen.get_component_styles("screen--selection"))
        return row.text.stylize(style, max(0, start - row.start), max(0, end))
