"""A log that follows its end, can be frozen, filtered and unfolded; draws what is on screen."""

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.message import Message
from textual.strip import Strip

from simulator.tui.widgets import log_drawing
from simulator.tui.widgets.line_view import LineView
from simulator.tui.widgets.log_filter import LogFilter
from simulator.tui.widgets.log_line import LEVELS, LogLine
from simulator.tui.widgets.log_view import LogView, Row
from simulator.tui.widgets.plain_text import crop, fit

_SHIFT = 8
_NARROW = 70


class LogPane(LineView):
    """Log lines by the hundred thousand, in flat memory."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "log-pane--time",
        "log-pane--stream",
        "log-pane--text",
        "log-pane--match",
        "log-pane--detail",
        "log-pane--cursor",
        "log-pane--below",
        *(f"log-pane--{level}" for level in LEVELS),
    }
    DEFAULT_CSS = """
    LogPane {
        & > .log-pane--time { color: $text-muted; }
        & > .log-pane--stream { color: $text-secondary; }
        & > .log-pane--text { color: $foreground; }
        & > .log-pane--detail { color: $foreground 80%; }
        & > .log-pane--match { color: $text; background: $warning 40%; text-style: bold; }
        & > .log-pane--cursor { background: $foreground 12%; }
        & > .log-pane--below { color: $text; background: $primary 50%; text-style: bold; }
        & > .log-pane--debug { color: $text-muted; }
        & > .log-pane--info { color: $foreground 70%; }
        & > .log-pane--notice { color: $text-primary; }
        & > .log-pane--warn { color: $text-warning; text-style: bold; }
        & > .log-pane--error { color: $text-error; text-style: bold; }
        & > .log-pane--critical { color: $text-error; text-style: bold reverse; }
        &:nocolor > .log-pane--match { text-style: reverse; }
        &:nocolor > .log-pane--below { text-style: reverse; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "toggle_freeze", "Freeze / follow", tooltip="Stop or follow new lines"),
        Binding("enter", "toggle_unfold", "Unfold", tooltip="Show or hide the entry's detail"),
        Binding("up", "move(-1)", "Up", show=False, tooltip="Go to the entry above"),
        Binding("down", "move(1)", "Down", show=False, tooltip="Go to the entry below"),
        Binding("pageup", "page(-1)", "Page up", show=False, tooltip="Go up by a page"),
        Binding("pagedown", "page(1)", "Page down", show=False, tooltip="Go down by a page"),
        Binding("home", "oldest", "Oldest", show=False, tooltip="Go to the oldest line"),
        Binding("end", "follow", "Follow", show=False, tooltip="Go to the end and follow it"),
        Binding("left", "shift(-1)", "Left", show=False, tooltip="Scroll long lines back"),
        Binding("right", "shift(1)", "Right", show=False, tooltip="Scroll long lines on"),
        Binding("c", "copy_entry", "Copy", show=False, tooltip="Copy the entry with its detail"),
    ]

    class Frozen(Message):
        """The pane stopped following its end, or follows it again."""

        def __init__(self, pane: "LogPane", frozen: bool) -> None:
            super().__init__()
            self.pane = pane
            self.frozen = frozen

        @property
        def control(self) -> "LogPane":
            """The pane."""
            return self.pane

    class EntryUnfolded(Message):
        """The detail of an entry was opened."""

        def __init__(self, pane: "LogPane", line: LogLine) -> None:
            super().__init__()
            self.pane = pane
            self.line = line

        @property
        def control(self) -> "LogPane":
            """The pane."""
            return self.pane

    def __init__(
        self,
        *,
        limit: int = 100_000,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - the name Textual gives it
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._view = LogView(limit)
        self._frozen = False
        self._top: Row | None = None  # the first row on screen while frozen
        self._cursor: int | None = None
        self._new_below = 0
        self._shift = 0
        self._settling = False
        self._styles_of_parts: dict[str, Style] = {}
        self._strips: LRUCache[tuple[Row, bool], Strip] = LRUCache(512)

    @property
    def frozen(self) -> bool:
        """Whether the pane stands still while lines arrive."""
        return self._frozen

    @property
    def new_below(self) -> int:
        """How many shown lines arrived since it was frozen."""
        return self._new_below

    @property
    def view(self) -> LogView:
        """The lines that are kept and shown."""
        return self._view

    def extend(self, lines: Sequence[LogLine]) -> None:
        """Append lines, the oldest first."""
        shown = self._view.extend(lines)
        if self._frozen:
            self._new_below += shown
        if shown:
            self._settle_soon()

    def clear(self) -> None:
        """Forget all lines; the filter stays."""
        self._view.clear()
        self._cursor = self._top = None
        self._new_below = 0
        self._redraw()

    def set_filter(self, new: LogFilter) -> str:
        """Show the lines that pass a filter; for a broken pattern return what is wrong with it."""
        if problem := new.problem:
            return problem
        if new != self._view.filter:
            self._view.set_filter(new)
            self._new_below = 0
            self._redraw()
        return ""

    def _redraw(self) -> None:
        self._strips.clear()
        self._settle_soon()
        self.refresh()

    def _settle_soon(self) -> None:
        # Once a frame, however many batches arrive in it.
        if not self._settling:
            self._settling = True
            self.call_next(self._settle)

    def _settle(self) -> None:
        """Bring the size and the place on screen up to date with the lines."""
        self._settling = False
        self._view.rewrap(self._detail_width)
        self.set_rows(self._view.rows)
        y = self._view.rows
        if self._frozen and self._top is not None:
            y = self._view.y_of(self._top)
        self.scroll_to(y=y, animate=False, immediate=True)
        self.refresh()

    def on_resize(self) -> None:
        """Draw for the new width."""
        self._redraw()

    def notify_style_update(self) -> None:
        """Forget rows drawn in the old theme."""
        super().notify_style_update()
        self._strips.clear()
        self._styles_of_parts.clear()

    def freeze(self, frozen: bool = True) -> None:
        """Stand still, or follow the end again."""
        if frozen == self._frozen:
            return
        self._frozen = frozen
        self._new_below = 0
        if frozen:
            self._remember_top()
        else:
            self._cursor = self._top = None
        self._settle_soon()
        self.refresh()
        self.post_message(self.Frozen(self, frozen))

    def _remember_top(self) -> None:
        self._top = self._view.row_at(round(self.scroll_offset.y))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Dragging the scroll bar or turning the wheel freezes, and moves the frozen place."""
        super().watch_scroll_y(old_value, new_value)
        if self.is_vertical_scrollbar_grabbed:
            self.freeze()
        if self._frozen and not self._settling:
            self._remember_top()

    def on_mouse_scroll_up(self) -> None:
        """Looking back freezes."""
        if self._view.rows > self.scrollable_content_region.height:
            self.freeze()

    def action_toggle_freeze(self) -> None:
        """Stop, or follow new lines again."""
        self.freeze(not self._frozen)

    def action_follow(self) -> None:
        """Go to the end and follow it."""
        self.freeze(False)
        self._settle_soon()

    def action_oldest(self) -> None:
        """Go to the oldest line."""
        self.freeze()
        self._go_to(0)

    def action_move(self, entries: int) -> None:
        """Go to the entry above or below."""
        self.freeze()
        if self._cursor is None:
            self._go_to(self._view.position(self._last_visible() or 0))
        else:
            self._go_to(self._view.position(self._cursor) + entries)

    def action_page(self, pages: int) -> None:
        """Go up or down by a page."""
        self.freeze()
        here = self._cursor if self._cursor is not None else self._last_visible()
        page = max(1, self.scrollable_content_region.height - 1)
        self._go_to(self._view.position(here or 0) + pages * page)

    def action_shift(self, steps: int) -> None:
        """Scroll long lines sideways."""
        shift = min(max(0, self._shift + steps * _SHIFT), log_drawing.LONGEST_TEXT)
        if shift != self._shift:
            self._shift = shift
            self._redraw()

    def action_toggle_unfold(self) -> None:
        """Show or hide the detail of the entry at the cursor, or of the last on screen."""
        serial = self._cursor if self._cursor is not None else self._last_visible()
        if serial is not None:
            self._toggle(serial)

    def action_copy_entry(self) -> None:
        """Copy the entry at the cursor with its detail."""
        serial = self._cursor if self._cursor is not None else self._last_visible()
        if serial is not None and self._view.is_shown(serial):
            line = self._view.line(serial)
            self.app.copy_to_clipboard(f"{line.text}\n{line.detail}" if line.detail else line.text)

    def on_click(self, event: events.Click) -> None:
        """Unfold the entry that was clicked."""
        offset = event.get_content_offset(self)
        row = None if offset is None else self._view.row_at(offset.y + self.scroll_offset.y)
        if row is not None:
            self._toggle(row.serial)

    def _toggle(self, serial: int) -> None:
        if not self._view.is_shown(serial):
            return
        self.freeze()
        self._cursor = serial
        unfolded = self._view.toggle(serial, self._detail_width)
        self._settle()
        self._show(serial)
        self._redraw()
        if unfolded:
            self.post_message(self.EntryUnfolded(self, self._view.line(serial)))

    def _last_visible(self) -> int | None:
        bottom = self.scroll_offset.y + self.scrollable_content_region.height - 1
        row = self._view.row_at(min(bottom, self._view.rows - 1))
        return None if row is None else row.serial

    def _go_to(self, position: int) -> None:
        self._cursor = self._view.serial_at(position)
        if self._cursor is not None:
            self._show(self._cursor)
        self.refresh()

    def _show(self, serial: int) -> None:
        """Scroll as little as is needed for an entry with its detail to be on screen."""
        head = self._view.y_of(Row(serial, 0))
        height = self.scrollable_content_region.height
        top = self.scroll_offset.y
        following = self._view.serial_at(self._view.position(serial) + 1)
        tail = self._view.rows - 1
        if following is not None and following != serial:
            tail = self._view.y_of(Row(following, 0)) - 1
        target = max(top, tail - height + 1)
        self._top = self._view.row_at(min(target, head)) or self._top
        self.scroll_to(y=min(target, head), animate=False, immediate=True)

    @property
    def _detail_width(self) -> int:
        return max(10, self.rows_width - log_drawing.DETAIL_INDENT)

    def render_line(self, y: int) -> Strip:
        """Draw one row of the screen."""
        width = self.rows_width
        row = self._view.row_at(y + self.scroll_offset.y)
        if row is None:
            return self._empty(y, width)
        at_cursor = row.serial == self._cursor
        strip = self._strips.get((row, at_cursor))
        if strip is None:
            strip = self._draw(row, at_cursor, width)
            self._strips[(row, at_cursor)] = strip
        if self._new_below and y == self.scrollable_content_region.height - 1:
            return self._with_notice(strip, width)
        return strip

    def _empty(self, y: int, width: int) -> Strip:
        text = ""
        if y == 0 and not self._view.entries:
            text = "No line passes the filter." if self._view.kept else "No lines yet."
        return Strip([Segment(crop(text, 0, width), self._style("time"))], width)

    def _with_notice(self, strip: Strip, width: int) -> Strip:
        text = fit(f" ▼ {self._new_below:,} new below · End follows ", width)
        room = width - cell_len(text)
        notice = Strip([Segment(text, self._style("below"))], cell_len(text))
        return Strip.join([strip.crop(0, room), notice])

    def _style(self, part: str) -> Style:
        style = self._styles_of_parts.get(part)
        if style is None:
            style = self.get_component_rich_style(f"log-pane--{part}")
            self._styles_of_parts[part] = style
        return style

    def _draw(self, row: Row, at_cursor: bool, width: int) -> Strip:
        view = self._view
        if row.part:
            strip = log_drawing.detail(view.detail(row), view.filter, self._style, width)
        else:
            line = view.line(row.serial)
            fold = "▾" if view.is_unfolded(row.serial) else "▸" if line.detail else " "
            strip = log_drawing.entry(
                line,
                view.filter,
                self._style,
                gutter=f"{'›' if at_cursor else ' '}{fold}",
                stream_width=8 if width < _NARROW else 12,
                shift=self._shift,
                width=width,
            )
        return log_drawing.lit(strip, self._style) if at_cursor and not row.part else strip
