"""The record of a shell: prompts, what was typed and what came back. Read-only, selectable."""

from itertools import pairwise
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.selection import Selection
from textual.strip import Strip

from simulator.tui.widgets.line_view import LineView
from simulator.tui.widgets.transcript_lines import Piece, TranscriptLines


class Transcript(LineView):
    """Prompts and outputs, wrapped at the edge; stays at its end unless scrolled back."""

    ALLOW_SELECT = True
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "transcript--prompt",
        "transcript--command",
        "transcript--output",
        "transcript--progress",
    }
    DEFAULT_CSS = """
    Transcript {
        & > .transcript--prompt { color: $text-success; text-style: bold; }
        & > .transcript--command { color: $foreground; text-style: bold; }
        & > .transcript--output { color: $foreground 90%; }
        & > .transcript--progress { color: $text-muted; text-style: italic; }
    }
    """

    def __init__(
        self,
        *,
        limit: int = 5_000,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - the name Textual gives it
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._lines = TranscriptLines(limit)
        self._at_end = True
        self._settling = False

    @property
    def lines(self) -> TranscriptLines:
        """The record."""
        return self._lines

    def write_command(self, prompt: str, line: str) -> None:
        """Append a prompt with what was typed at it, and go to the end."""
        self._lines.add_command(prompt, line)
        self._settle_soon(to_end=True)

    def write_output(self, text: str) -> None:
        """Append what a command printed. Ends the line of progress."""
        if text:
            self._lines.add_output(text)
            self._settle_soon()

    def progress(self, text: str) -> None:
        """Show how a command goes on, in place of what was shown so before."""
        self._lines.set_progress(text)
        self._settle_soon()

    def clear(self) -> None:
        """Forget the record."""
        self._lines.clear()
        self._settle_soon(to_end=True)

    def _settle_soon(self, to_end: bool = False) -> None:
        if not self._settling:
            self._settling = True
            self._at_end = self.is_vertical_scroll_end
            self.call_next(self._settle)
        self._at_end = self._at_end or to_end

    def _settle(self) -> None:
        """Bring the size and the place on screen up to date with the record."""
        self._settling = False
        self._lines.set_width(self.rows_width)
        self.set_rows(self._lines.rows)
        if self._at_end:
            self.scroll_end(animate=False, immediate=True)
        self.refresh()

    def on_resize(self) -> None:
        """Wrap to the new width."""
        self._settle_soon()

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The selected text, long lines whole as they were printed."""
        return self._lines.selected(selection), "\n"

    def render_line(self, y: int) -> Strip:
        """Draw one row of the screen."""
        width = self.rows_width
        piece = self._lines.piece(y + self.scroll_offset.y)
        if piece is None:
            return Strip.blank(width, self.rich_style)
        strip = Strip(self._segments(piece)).adjust_cell_length(width, self.rich_style)
        return strip.apply_offsets(piece.start, piece.serial)

    def _segments(self, piece: Piece) -> list[Segment]:
        line = self._lines.line(piece.serial)
        cuts = {0, len(piece.text), line.prompt - piece.start}
        selected = (0, 0)
        selection = self.text_selection
        if selection is not None and (span := selection.get_span(piece.serial)) is not None:
            end = len(line.text) if span[1] == -1 else span[1]
            selected = (span[0] - piece.start, end - piece.start)
            cuts.update(selected)
        edges = sorted(cut for cut in cuts if 0 <= cut <= len(piece.text))
        segments = []
        for start, end in pairwise(edges):
            is_prompt = piece.start + start < line.prompt
            style = self._style("prompt" if is_prompt else line.kind)
            if selected[0] <= start < selected[1]:
                style += self.screen.get_component_rich_style("screen--selection")
            segments.append(Segment(piece.text[start:end], style))
        return segments

    def _style(self, part: str) -> Style:
        return self.get_component_rich_style(f"transcript--{part}")
