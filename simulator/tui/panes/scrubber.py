"""The line of time of a replay: where it stands, and what happened where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from simulator.tui.panes.wording import line, minutes, text_of

CONFUSION, ALERT, INJECT, ACT, HERE = "?", "!", "i", "┼", "●"
"""What stands for what. Each is a sign of its own, so that nothing depends on colour."""

_STYLES = {CONFUSION: "bold $text-warning", ALERT: "bold $text-error", INJECT: "bold $text-primary"}
_KEY = ((CONFUSION, "confusion"), (ALERT, "alert"), (INJECT, "inject"), (ACT, "act"))


@dataclass(frozen=True)
class Track:
    """Seconds at which things happened, of an exercise that lasted `length` seconds."""

    length: int
    acts: tuple[int, ...] = ()
    injects: tuple[int, ...] = ()
    alerts: tuple[int, ...] = ()
    confusion: tuple[int, ...] = ()

    def column(self, at: int, width: int) -> int:
        """Return the column of a second on a line of a width."""
        return 0 if not self.length else min(width - 1, at * (width - 1) // self.length)

    def second(self, column: int, width: int) -> int:
        """Return the second in the middle of a column."""
        column = max(0, min(column, width - 1))
        return self.length if column >= width - 1 else round(self.length * column / (width - 1))


@dataclass(frozen=True)
class Place:
    """Where a replay stands, and what is said of it."""

    at: int
    playing: bool
    speed: int
    what: str
    marks: str = ""
    known: float = 1.0
    """Which share of the exercise was read."""


class Scrubber(Widget):
    """Four lines: signs, the line of time, where it stands and what was done, and the marks."""

    ALLOW_SELECT = False

    class Sought(Message):
        """Somebody pointed at a second."""

        def __init__(self, at: int) -> None:
            super().__init__()
            self.at = at

    def __init__(self, track: Track, place: Place) -> None:
        super().__init__(id="scrubber")
        self._track, self._place = track, place

    @property
    def place(self) -> Place:
        """What is shown."""
        return self._place

    @property
    def track(self) -> Track:
        """What the line of time shows."""
        return self._track

    def show(self, track: Track, place: Place) -> None:
        """Show another place."""
        if (track, place) != (self._track, self._place):
            self._track, self._place = track, place
            self.refresh()

    def render(self) -> Content:
        """Draw the lines to the present width."""
        width = max(2, self.content_size.width)
        rows = [self._signs(width), self._line(width), self._where(width), self._worth(width)]
        return Content("\n").join(rows)

    def _signs(self, width: int) -> Content:
        row = signs(self._track, width)
        pieces = [text_of((sign, _STYLES[sign])) if sign in _STYLES else sign for sign in row]
        return text_of(*pieces)

    def _line(self, width: int) -> Content:
        here = self._track.column(self._place.at, width)
        ticks = {self._track.column(at, width) for at in self._track.acts}
        row = [
            HERE if column == here
            else ("┿" if column < here else ACT) if column in ticks
            else ("━" if column < here else "─")
            for column in range(width)
        ]  # fmt: skip
        return text_of(
            ("".join(row[:here]), "bold $text-accent"),
            (row[here], "bold reverse $text-accent"),
            ("".join(row[here + 1 :]), "$foreground 60%"),
        )

    def _where(self, width: int) -> Content:
        place = self._place
        pace = (
            (f" PLAYING {place.speed}x ", "bold reverse $text-success")
            if place.playing
            else (f" PAUSED {place.speed}x ", "bold reverse $text-warning")
        )
        end = f"  ends at {minutes(self._track.length)}"
        what = line(place.what, max(1, width - len(pace[0]) - 1 - len(end)))
        gap = " " * (width - len(pace[0]) - 1 - cell_len(what) - len(end))
        return text_of(pace, f" {what}", gap, (end, "$foreground 60%"))

    def _worth(self, width: int) -> Content:
        place = self._place
        if place.known < 1:
            return text_of((f"Reading the exercise: {place.known:.0%}", "$foreground 60%"))
        key = "  ".join(f"{sign} {name}" for sign, name in _KEY)
        marks = line(place.marks, width)
        room = width - cell_len(marks) - cell_len(key)
        return text_of(marks, (" " * room + key if room > 2 else "", "$foreground 60%"))

    def on_click(self, event: events.Click) -> None:
        """Go to the second that was clicked at."""
        offset = event.get_content_offset(self)
        if offset is not None and offset.y < 2:
            self.post_message(self.Sought(self._track.second(offset.x, self.content_size.width)))


def signs(track: Track, width: int) -> str:
    """Return the row of signs over the line of time.

    Where several fall on one column the graver stands there, and another beside it.
    """
    row = [" "] * width
    for sign, at in _graver_first(track):
        column = track.column(at, width)
        near = [place for place in (column, column + 1, column - 1) if 0 <= place < width]
        if not any(row[place] == sign for place in near):
            free = next((place for place in near if row[place] == " "), None)
            if free is not None:
                row[free] = sign
    return "".join(row)


def _graver_first(track: Track) -> Iterator[tuple[str, int]]:
    for sign, times in (
        (CONFUSION, track.confusion), (ALERT, track.alerts), (INJECT, track.injects),
    ):  # fmt: skip
        yield from ((sign, at) for at in times)
