"""Lines drawn in braille: two columns and four rows of dots in each cell."""

from collections.abc import Iterable, Sequence
from math import floor

Column = int
"""The dots of one column of pixels as bits; bit 0 is the topmost."""

Span = tuple[float, float]
"""The lowest and the highest value in a column."""

LARGEST = 1e100
"""Values beyond it, infinite ones and not-a-number are drawn as gaps."""

BLANK = "\u2800"

_LEFT = (0x01, 0x02, 0x04, 0x40)
_RIGHT = (0x08, 0x10, 0x20, 0x80)


def _quarter(dots: tuple[int, ...], bits: int) -> int:
    return sum(dot for row, dot in enumerate(dots) if bits >> row & 1)


_LEFT_OF = tuple(_quarter(_LEFT, bits) for bits in range(16))
_RIGHT_OF = tuple(_quarter(_RIGHT, bits) for bits in range(16))


def resample(
    values: Sequence[float | None], start: float, step: float, end: float, columns: int
) -> list[Span | None]:
    """The lowest and highest value in each column; None where the series has a gap.

    Columns are aligned to absolute time, so a window that slides keeps its old columns as they
    were instead of shimmering. Sparse samples are joined by straight lines.
    """
    spans: list[Span | None] = [None] * columns
    if columns <= 0 or not values:
        return spans
    width = (end - start) / columns if end > start else 1.0
    position = start / width - floor(start / width)
    stride = step / width
    last = columns - 1
    before = -2  # no neighbour to join to
    old = 0.0
    for value in values:
        column = int(position)
        position += stride
        if column > last:
            if column > last + 1:
                break
            column = last
        if value is None or not -LARGEST < value < LARGEST:
            before = -2
            continue
        span = spans[column]
        if span is None:
            spans[column] = (value, value)
            if before >= 0 and column - before > 1:
                _join(spans, before, old, column, value)
        elif value < span[0]:
            spans[column] = (value, span[1])
        elif value > span[1]:
            spans[column] = (span[0], value)
        before, old = column, value
    return spans


def _join(spans: list[Span | None], first: int, old: float, last: int, new: float) -> None:
    slope = (new - old) / (last - first)
    for column in range(first + 1, last):
        joined = old + slope * (column - first)
        spans[column] = (joined, joined)


def draw_line(spans: Sequence[Span | None], low: float, high: float, rows: int) -> list[Column]:
    """The columns of dots of a line whose neighbours are joined, `rows` dots high.

    No value may lie outside `low` and `high`.
    """
    if high <= low:
        high = low + 1
    scale = (rows - 1) / (high - low)
    floor_row = rows - 1
    columns: list[Column] = []
    before: tuple[int, int] | None = None
    for span in spans:
        if span is None:
            columns.append(0)
            before = None
            continue
        low_value, high_value = span
        top = bottom = floor_row - int((high_value - low) * scale + 0.5)
        if low_value != high_value:
            bottom = floor_row - int((low_value - low) * scale + 0.5)
        first, final = top, bottom
        if before is not None:
            if before[1] < top:
                first = before[1] + 1
            elif before[0] > bottom:
                final = before[0] - 1
        columns.append(((2 << (final - first)) - 1) << first)
        before = (top, bottom)
    return columns


def cells(columns: Sequence[Column], height: int) -> list[list[int]]:
    """The columns as rows of cells: for each, the offset of its character from BLANK."""
    width = (len(columns) + 1) // 2
    grid = [[0] * width for _ in range(height)]
    for half, table in ((0, _LEFT_OF), (1, _RIGHT_OF)):
        _add(grid, columns[half::2], table)
    return grid


def sparse_cells(columns: Sequence[Column], height: int) -> list[list[int]]:
    """One column of dots in each cell: a dotted line, told from a full one without colour."""
    grid = [[0] * len(columns) for _ in range(height)]
    _add(grid, columns, _LEFT_OF)
    return grid


def _add(grid: list[list[int]], columns: Sequence[Column], table: tuple[int, ...]) -> None:
    for cell, bits in enumerate(columns):
        if bits:
            row = ((bits & -bits).bit_length() - 1) // 4
            rest = bits >> row * 4
            while rest:
                if quarter := rest & 15:
                    grid[row][cell] |= table[quarter]
                rest >>= 4
                row += 1


def dot_row(pixel: int) -> str:
    """One dot in the left column at a row of pixels within a cell."""
    return chr(0x2800 + _LEFT[pixel % 4])


def extent(series: Iterable[float | None]) -> tuple[float, float] | None:
    """The lowest and the highest value that can be drawn, or None where there is none."""
    known = [value for value in series if value is not None and -LARGEST < value < LARGEST]
    return (min(known), max(known)) if known else None
