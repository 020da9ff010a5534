"""Rows of text in aligned columns."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content

from simulator.tui.panes.wording import line, text_of
from simulator.tui.widgets.plain_text import fit

_GAP = 2
_WIDEST = 60


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> Content:
    """Return a table that fits `width`; the widest columns give way first."""
    shown = [[line(cell) for cell in row] for row in rows]
    heads = [line(heading) for heading in headings]
    if not heads:
        return Content("")
    widths = column_widths([heads, *shown], width)
    lines = [text_of((padded(heads, widths), "bold $foreground 70%"))]
    lines += [Content(padded(row, widths)) for row in shown]
    if not shown:
        lines.append(text_of(("(no rows)", "$foreground 60%")))
    return Content("\n").join(lines)


def column_widths(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return the widths of columns that fit `width` together; the widest give way first."""
    count = max(map(len, rows), default=0)
    room = width - _GAP * (count - 1)
    widths = [
        min(_WIDEST, max((cell_len(row[at]) for row in rows if at < len(row)), default=0))
        for at in range(count)
    ]
    while sum(widths) > room and max(widths) > 4:
        widths[widths.index(max(widths))] -= 1
    return widths


def padded(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Return cells side by side, cut where they are too wide."""
    filled = []
    for cell, width in zip(cells, widths, strict=False):
        shown = fit(cell, width)
        filled.append(shown + " " * (width - cell_len(shown)))
    return (" " * _GAP).join(filled).rstrip()
