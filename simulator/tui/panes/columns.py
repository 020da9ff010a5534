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
    wanted = [
        min(_WIDEST, max([cell_len(head), *(cell_len(row[at]) for row in shown if at < len(row))]))
        for at, head in enumerate(heads)
    ]
    widths = _squeezed(wanted, width - _GAP * (len(heads) - 1))
    lines = [text_of((_row(heads, widths), "bold $text-muted"))]
    lines += [Content(_row(row, widths)) for row in shown]
    if not shown:
        lines.append(text_of(("(no rows)", "$text-muted")))
    return Content("\n").join(lines)


def _squeezed(wanted: list[int], room: int) -> list[int]:
    widths = list(wanted)
    while sum(widths) > room and max(widths) > 4:
        widths[widths.index(max(widths))] -= 1
    return widths


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = []
    for cell, width in zip(cells, widths, strict=False):
        shown = fit(cell, width)
        padded.append(shown + " " * (width - cell_len(shown)))
    return (" " * _GAP).join(padded).rstrip()
