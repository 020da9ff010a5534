"""Rows of text in aligned columns."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content

from simulator.tui.panes.wording import line, text_of
from simulator.tui.widgets.plain_text import fit, wrap_words

_GAP = 2
_INDENT = 2
_WIDEST = 60


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> Content:
    """Return a table that fits `width` and cuts nothing off.

    Where there is no room, columns that say the same in every row are told below the table; where
    there still is none, each row is its first cell, with the others below it.
    """
    shown = [[line(cell) for cell in row] for row in rows]
    heads = [line(heading) for heading in headings]
    if not heads:
        return Content("")
    count = max(map(len, [heads, *shown]))
    heads, *shown = ([*row, *[""] * (count - len(row))] for row in (heads, *shown))
    told: list[str] = []
    if not _fits([heads, *shown], width) and len(shown) > 1:
        same = [at for at in range(1, len(heads)) if len({row[at] for row in shown}) == 1]
        told = [f"{heads[at]} {shown[0][at]}" for at in same if shown[0][at]]
        kept = [at for at in range(len(heads)) if at not in same]
        heads, shown = [heads[at] for at in kept], [[row[at] for at in kept] for row in shown]
    if _fits([heads, *shown], width):
        widths = natural_widths([heads, *shown])
        lines = [text_of((padded(heads, widths), "bold $foreground 70%"))]
        lines += [Content(padded(row, widths)) for row in shown]
    else:
        lines = [text_of((fit(heads[0], width), "bold $foreground 70%"))]
        lines += [piece for row in shown for piece in _card(heads, row, width)]
    lines += [
        text_of((" " * start + text, "$foreground 60%"))
        for start, text in _flowed(
            [f"in every row: {told[0]}", *told[1:]] if told else [], 0, width
        )
    ]
    if not shown:
        lines.append(text_of(("(no rows)", "$foreground 60%")))
    return Content("\n").join(lines)


def _card(heads: Sequence[str], row: Sequence[str], width: int) -> list[Content]:
    """Return a row as its first cell, wrapped, and the others with their headings below."""
    first = [text_of((text.rstrip(), "bold")) for _, text in wrap_words(row[0], width)]
    others = [f"{head} {cell}" for head, cell in zip(heads[1:], row[1:], strict=True) if cell]
    below = _flowed(others, _INDENT, width)
    return first + [text_of((" " * start + text, "$foreground 60%")) for start, text in below]


def _flowed(pieces: Sequence[str], indent: int, width: int) -> list[tuple[int, str]]:
    """Return pieces side by side as far as there is room, as rows with their indent."""
    rows: list[str] = []
    for piece in pieces:
        if rows and cell_len(rows[-1]) + 3 + cell_len(piece) <= width - indent:
            rows[-1] += f"   {piece}"
        else:
            rows += [text.rstrip() for _, text in wrap_words(piece, width - indent)]
    return [(indent, row) for row in rows]


def natural_widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """Return how wide each column would like to be."""
    count = max(map(len, rows), default=0)
    return [
        max((cell_len(row[at]) for row in rows if at < len(row)), default=0) for at in range(count)
    ]


def _fits(rows: Sequence[Sequence[str]], width: int) -> bool:
    widths = natural_widths(rows)
    return sum(widths) + _GAP * (len(widths) - 1) <= width


def column_widths(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Return the widths of columns that fit `width` together; the widest give way first."""
    widths = [min(_WIDEST, natural) for natural in natural_widths(rows)]
    room = width - _GAP * (len(widths) - 1)
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
