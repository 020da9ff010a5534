"""What the log and the transcript share: rows that scroll under an ever-present scroll bar."""

from textual.geometry import Size
from textual.scroll_view import ScrollView


class LineView(ScrollView, can_focus=True):
    """A scrolling view of rows as wide as itself, drawn by `render_line`.

    The scroll bar is always there, so the width of the rows never changes as they grow.
    """

    DEFAULT_CSS = """
    LineView {
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
        &:focus { background-tint: $foreground 4%; }
    }
    """

    rows_width = 0
    """The width of the rows; kept, because asking Textual for it costs as much as drawing one."""

    def on_resize(self) -> None:
        """Note the width of the rows."""
        self.rows_width = self.scrollable_content_region.width

    def set_rows(self, rows: int) -> None:
        """Say how many rows there are."""
        region = self.scrollable_content_region
        size = Size(region.width, rows)
        if size != self.virtual_size:
            # Assigning it would lay out the whole screen for every batch of lines, though
            # nothing depends on it but the scroll bar.
            self.set_reactive(LineView.virtual_size, size)
            self.vertical_scrollbar.window_virtual_size = size.height
            self.vertical_scrollbar.window_size = region.height
