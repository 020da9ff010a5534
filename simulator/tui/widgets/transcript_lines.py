"""The record behind the transcript: lines, their wrapping, and the text of a selection."""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal, NamedTuple

from textual.selection import Selection

from simulator.tui.widgets.plain_text import plain, plain_lines, wrap_words

Kind = Literal["command", "output", "progress"]


@dataclass(frozen=True, slots=True)
class TranscriptLine:
    """A line of the record; of a command, the first `prompt` characters are the prompt."""

    kind: Kind
    text: str
    prompt: int = 0


class Piece(NamedTuple):
    """What is on a row of the screen: a part of a line."""

    serial: int
    start: int
    """The index of its first character in the line."""
    text: str


class TranscriptLines:
    """The newest `limit` lines under serial numbers, wrapped to a width."""

    def __init__(self, limit: int) -> None:
        self._limit = max(1, limit)
        self._width = 80
        self.clear()

    def clear(self) -> None:
        """Forget all lines."""
        self._lines: list[TranscriptLine] = []
        self._base = 0
        self._ends: list[int] | None = []  # rows up to and including each line

    def __len__(self) -> int:
        return len(self._lines)

    def set_width(self, width: int) -> None:
        """Wrap to another width."""
        if width != self._width:
            self._width = width
            self._ends = None

    def add_command(self, prompt: str, line: str) -> None:
        """Append a prompt with what was typed at it."""
        shown = plain(prompt)
        self._append([TranscriptLine("command", shown + plain(line), len(shown))])

    def add_output(self, text: str) -> None:
        """Append the lines of an output."""
        self._append([TranscriptLine("output", line) for line in plain_lines(text)])

    def set_progress(self, text: str) -> None:
        """Replace the line of progress; an empty text takes it away."""
        self._drop_progress()
        if text:
            self._lines.append(TranscriptLine("progress", " ".join(plain_lines(text))))
            self._ends = None

    def _drop_progress(self) -> None:
        if self._lines and self._lines[-1].kind == "progress":
            self._lines.pop()
            self._ends = None

    def _append(self, lines: list[TranscriptLine]) -> None:
        self._drop_progress()
        self._lines.extend(lines[-self._limit :])
        excess = len(self._lines) - self._limit
        if excess > 0:
            del self._lines[:excess]
            self._base += excess
        self._ends = None

    def line(self, serial: int) -> TranscriptLine:
        """A line that is still kept."""
        return self._lines[serial - self._base]

    def _row_ends(self) -> list[int]:
        if self._ends is None:
            width = self._width
            self._ends = list(accumulate(_height(line.text, width) for line in self._lines))
        return self._ends

    @property
    def rows(self) -> int:
        """How many rows the lines take."""
        ends = self._row_ends()
        return ends[-1] if ends else 0

    def piece(self, y: int) -> Piece | None:
        """What is on a row; None beyond the last."""
        ends = self._row_ends()
        at = bisect_right(ends, y)
        if y < 0 or at >= len(ends):
            return None
        pieces = wrap_words(self._lines[at].text, self._width)
        start, text = pieces[y - ends[at] + len(pieces)]
        return Piece(self._base + at, start, text)

    def selected(self, selection: Selection) -> str:
        """The text of a selection whose rows are serial numbers."""
        parts = []
        for serial, line in enumerate(self._lines, self._base):
            if (span := selection.get_span(serial)) is not None:
                start, end = span
                parts.append(line.text[start:] if end == -1 else line.text[start:end])
        return "\n".join(parts)


def _height(text: str, width: int) -> int:
    # Most lines fit; asking that first spares the wrapping of thousands.
    if len(text) <= width and text.isascii():
        return 1
    return len(wrap_words(text, width))
