"""A chart of one series, drawn in braille, with a cursor that reads it."""

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from simulator.tui.widgets.chart_data import ChartData
from simulator.tui.widgets.chart_picture import Picture, Role, draw


class Chart(Widget, can_focus=True):
    """One series against last week's, its thresholds and its marks.

    From 20x4 cells upwards; below 30x6 it has no axes. It is drawn only when on screen.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "chart--title",
        "chart--axis",
        "chart--line",
        "chart--alarm",
        "chart--baseline",
        "chart--threshold",
        "chart--mark",
        "chart--cursor",
    }
    DEFAULT_CSS = """
    Chart {
        height: 1fr;
        min-height: 1;
        & > .chart--title { text-style: bold; }
        & > .chart--axis { color: $text-muted; }
        & > .chart--line { color: $text-primary; }
        & > .chart--alarm { color: $text-error; text-style: bold; }
        & > .chart--baseline { color: $foreground 40%; }
        & > .chart--threshold { color: $text-warning; }
        & > .chart--mark { color: $foreground 70%; }
        & > .chart--cursor { color: $foreground; text-style: bold; }
        &:focus > .chart--title { text-style: bold underline; }
        &:nocolor > .chart--baseline { text-style: dim; }
        &:nocolor > .chart--axis { text-style: dim; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1)", "Earlier", tooltip="Read the chart at an earlier time"),
        Binding("right", "move(1)", "Later", tooltip="Read the chart at a later time"),
        Binding("home", "edge(0)", "First", show=False, tooltip="Read the oldest sample"),
        Binding("end", "edge(1)", "Last", show=False, tooltip="Read the newest sample"),
        Binding("escape", "leave", "Leave cursor", tooltip="Show the current value again"),
    ]

    cursor: reactive[float | None] = reactive[float | None](None, repaint=False)
    """The time that is read, or None for now."""

    class CursorMoved(Message):
        """The cursor now reads the chart at another time; `at` is None once it has left."""

        def __init__(self, chart: "Chart", at: float | None, value: float | None) -> None:
            super().__init__()
            self.chart = chart
            self.at = at
            self.value = value

        @property
        def control(self) -> "Chart":
            """The chart that was read."""
            return self.chart

    def __init__(
        self,
        data: ChartData | None = None,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - the name Textual gives it
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._data = data or ChartData("", "", 0.0, 1.0, ())
        self._picture: Picture | None = None
        self._drawn_size = Size(0, 0)
        self._styles_of_roles: dict[Role, Style] = {}
        self._hover_began_cursor = False

    @property
    def data(self) -> ChartData:
        """What is shown."""
        return self._data

    def set_data(self, data: ChartData) -> None:
        """Show other data; costs nothing where it is the same."""
        if data == self._data:
            return
        self._data = data
        self._redraw()

    def _redraw(self) -> None:
        old, self._picture = self._picture, None
        if old is None or self._drawn_size != self.content_size or not self.is_on_screen:
            # Drawn in render_line, which is asked only of charts that somebody can see.
            self.refresh()
            return
        rows = self.plot.rows
        left, top = self.gutter.left, self.gutter.top
        changed = [y for y, row in enumerate(rows) if row != old.rows[y]]
        if changed:
            width = self.content_size.width
            self.refresh(*(Region(left, top + y, width, 1) for y in changed))

    def notify_style_update(self) -> None:
        """Forget styles of the old theme."""
        super().notify_style_update()
        self._styles_of_roles.clear()

    def watch_cursor(self, old: float | None, new: float | None) -> None:
        """Say where the cursor is now."""
        self._redraw()
        if old != new:
            data = self._data
            value = None if new is None else data.value_at(data.index_at(new))
            self.post_message(self.CursorMoved(self, new, value))
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Escape belongs to the screen unless the cursor is here."""
        return self.cursor is not None if action == "leave" else True

    def action_move(self, columns: int) -> None:
        """Move the cursor by a column, and by a sample at least."""
        data = self._data
        latest = data.latest()
        if latest is None:
            return
        if self.cursor is None:
            self.cursor = data.time_at(latest)
            return
        per_column = (data.index_at(data.end) + 1) / max(1, self.plot.columns)
        index = data.index_at(self.cursor) + columns * max(1, round(per_column))
        self.cursor = data.time_at(data.index_at(data.time_at(index)))

    def action_edge(self, end: int) -> None:
        """Move the cursor to the oldest or the newest sample."""
        latest = self._data.latest()
        if latest is not None:
            self.cursor = self._data.time_at(latest if end else 0)

    def action_leave(self) -> None:
        """Show the current value again."""
        self.cursor = None

    def on_click(self, event: events.Click) -> None:
        """Read the chart where it was clicked, and stay there."""
        self._hover_began_cursor = False
        self._point(event)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Read the chart under the pointer, unless the cursor was placed by hand."""
        if self.cursor is None:
            self._hover_began_cursor = True
        if self._hover_began_cursor:
            self._point(event)

    def on_leave(self) -> None:
        """Let go of what the pointer read."""
        if self._hover_began_cursor:
            self._hover_began_cursor = False
            self.cursor = None

    def on_key(self) -> None:
        """A cursor moved by keys stays when the pointer goes."""
        self._hover_began_cursor = False

    def _point(self, event: events.MouseEvent) -> None:
        offset = event.get_content_offset(self)
        plot = self.plot
        if offset is None or not self._data.values:
            return
        column = offset.x - plot.left
        if 0 <= column < plot.columns:
            data = self._data
            time = data.start + (column + 0.5) / plot.columns * (data.end - data.start)
            self.cursor = data.time_at(data.index_at(time))

    @property
    def plot(self) -> Picture:
        """The picture at the present size."""
        size = self.content_size
        if self._picture is None or self._drawn_size != size:
            self._picture = draw(self._data, size.width, size.height, self.cursor)
            self._drawn_size = size
        return self._picture

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        rows = self.plot.rows
        width = self.content_size.width
        if y >= len(rows):
            return Strip.blank(width, self.rich_style)
        style_of = self._style_of
        return Strip([Segment(text, style_of(role)) for role, text in rows[y] if text], width)

    def _style_of(self, role: Role) -> Style:
        style = self._styles_of_roles.get(role)
        if style is None:
            style = self.get_component_rich_style(f"chart--{role}")
            self._styles_of_roles[role] = style
        return style
