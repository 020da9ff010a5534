"""The time axis that all charts of a report share, and what is fitted along it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simulator.review.wording import clock

WIDTH, NARROW, LEFT, MARGIN = 960, 720, 140, 24
"""Widths of charts in a page and on paper, and what is free at their sides, in SVG units."""
LETTER = 5.7
"""The width of a letter of the charts' type, on average, in SVG units."""
_STEPS = (30, 60, 120, 300, 600, 900, 1800, 3600)
_TICK = 70
"""SVG units that a tick with its name takes at least."""


@dataclass(frozen=True)
class Axis:
    """Seconds since T+0 from `begin` to `end`, laid over a chart of `width` SVG units."""

    begin: int
    end: int
    width: int = WIDTH

    @property
    def right(self) -> int:
        """Where the end stands."""
        return self.width - MARGIN

    def x(self, at: float) -> float:
        """Return where a second is; one beyond an end stands at it."""
        inside = min(max(at, self.begin), self.end)
        share = (inside - self.begin) / (self.end - self.begin)
        return round(LEFT + (self.right - LEFT) * share, 1)

    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Return where round times stand, with their names."""
        length = self.end - self.begin
        step = next((one for one in _STEPS if length / one <= (self.right - LEFT) / _TICK), 7200)
        first = -(-self.begin // step) * step
        return tuple((self.x(at), clock(at)) for at in range(first, self.end + 1, step))


@dataclass(frozen=True)
class Span:
    """A stretch of time with a name; `tone` says how it is coloured."""

    since: int
    until: int
    label: str
    tone: str


@dataclass(frozen=True)
class Bar:
    """A span as it is drawn. The label stands at `text_x`; `anchor` is `start` or `end`."""

    x: float
    y: float
    width: float
    tone: str
    label: str
    text_x: float
    anchor: str


def fitted(axis: Axis, spans: Sequence[Span], top: float, height: float) -> tuple[list[Bar], float]:
    """Return spans in as few rows of `height` as their labels allow, and the height of all."""
    bars: list[Bar] = []
    ends: list[float] = []
    for span in sorted(spans, key=lambda one: (one.since, one.until)):
        x, until = axis.x(span.since), axis.x(span.until)
        wide = LETTER * len(span.label) + 8
        right = axis.right
        overflows = x + wide > right
        begin, end = (min(x, right - wide), right) if overflows else (x, max(until, x + wide))
        row = next((row for row, used in enumerate(ends) if used + 6 <= begin), len(ends))
        ends[row : row + 1] = [end]
        text, anchor = (right - 4, "end") if overflows else (x + 4, "start")
        width = round(max(2.0, until - x), 1)
        bars.append(Bar(x, top + height * row, width, span.tone, span.label, text, anchor))
    return bars, height * max(1, len(ends))


def shortened(text: str, most: int) -> str:
    """Return a text of at most so many letters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


@dataclass(frozen=True)
class Line:
    """A vertical line through a chart, with its name on one of two rows."""

    x: float
    label: str
    row: int
    anchor: str


def lines_at(axis: Axis, moments: Sequence[tuple[str, int | None]]) -> tuple[Line, ...]:
    """Return a line for each moment that came; those of one second share a line."""
    labels: dict[int, str] = {}
    for label, at in moments:
        if at is not None and axis.begin <= at <= axis.end:
            labels[at] = f"{labels[at]}, {label}" if at in labels else label
    lines: list[Line] = []
    used = [-1.0, -1.0]
    for at, label in sorted(labels.items()):
        x, wide = axis.x(at), LETTER * len(label) + 8
        anchor = "end" if x + wide > axis.right else "start"
        begin, end = (x - wide, x) if anchor == "end" else (x, x + wide)
        row = 0 if begin >= used[0] else 1
        used[row] = end
        lines.append(Line(x, label, row, anchor))
    return tuple(lines)
