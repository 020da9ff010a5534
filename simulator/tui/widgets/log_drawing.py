"""Rows of a log as strips: an entry, a row of its detail, the row under the cursor."""

from collections.abc import Callable

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from simulator.tui.widgets.axes import clock
from simulator.tui.widgets.log_filter import LogFilter
from simulator.tui.widgets.log_line import LEVELS, LogLine, weight
from simulator.tui.widgets.plain_text import crop, fit, plain

StyleOf = Callable[[str], Style]
"""The style of a part of the pane."""

LONGEST_TEXT = 4000
"""Characters of one line that can be scrolled to; unfolding shows the rest."""

DETAIL_INDENT = 14

_FIXED = 3 + 8 + 1 + 5 + 1 + 1  # gutter, clock, level and the spaces around them

_LEVEL_WORDS = ("DEBUG", "INFO ", "NOTE ", "WARN ", "ERROR", "CRIT ")


def entry(
    line: LogLine,
    found: LogFilter,
    style: StyleOf,
    *,
    gutter: str,
    stream_width: int,
    shift: int,
    width: int,
) -> Strip:
    """An entry on one row of exactly `width` cells; its text begins `shift` cells late."""
    level = weight(line.level)
    stream = crop(fit(plain(line.stream), stream_width), 0, stream_width)
    segments = [
        Segment(f"{gutter} {clock(line.time)} ", style("time")),
        Segment(_LEVEL_WORDS[level], style(LEVELS[level])),
        Segment(f" {stream} ", style("stream")),
    ]
    text = plain(line.text[:LONGEST_TEXT])
    base = style("debug" if level == 0 else "text")
    room = width - _FIXED - stream_width
    if room <= 0:
        return Strip(segments).adjust_cell_length(width, base)
    if found.query:
        body = Strip(_highlighted(text, found, base, style)).crop(shift, shift + room)
        segments += body.adjust_cell_length(room, base)
    else:
        segments.append(Segment(crop(text, shift, room), base))
    return Strip(segments, width)


def detail(text: str, found: LogFilter, style: StyleOf, width: int) -> Strip:
    """A row of the detail below an entry, of exactly `width` cells."""
    bar = Segment("│ ".rjust(DETAIL_INDENT), style("time"))
    strip = Strip([bar, *_highlighted(text, found, style("detail"), style)])
    return strip.adjust_cell_length(width, style("text"))


def lit(strip: Strip, style: StyleOf) -> Strip:
    """The row under the cursor: another background, except where something was found."""
    plain_background = style("text").bgcolor
    background = Style(bgcolor=style("cursor").bgcolor)
    return Strip(
        [
            Segment(text, old + background if old and old.bgcolor == plain_background else old)
            for text, old, _ in strip
        ],
        strip.cell_length,
    )


def _highlighted(text: str, found: LogFilter, base: Style, style: StyleOf) -> list[Segment]:
    """The text with what the filter found in it marked."""
    segments: list[Segment] = []
    at = 0
    for start, end in found.spans(text):
        if start > at:
            segments.append(Segment(text[at:start], base))
        segments.append(Segment(text[start:end], style("match")))
        at = end
    if at < len(text):
        segments.append(Segment(text[at:], base))
    return segments
