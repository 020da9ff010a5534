"""Results in psql's shapes: aligned, expanded, unaligned."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def aligned(
    names: Sequence[str],
    numeric: Sequence[bool],
    rows: Sequence[Sequence[str | None]],
    title: str = "",
    footer: bool = True,
) -> str:
    """Return rows as an aligned table."""
    cells = [[(cell or "").split("\n") for cell in row] for row in rows]
    widths = [
        max([_width(name), *(_width(line) for row in cells for line in row[place])])
        for place, name in enumerate(names)
    ]
    out = []
    if title:
        total = sum(widths) + 3 * len(widths) - 1
        out.append(" " * max(0, (total - _width(title)) // 2) + title)
    out.append("|".join(f" {_centred(n, w)} " for n, w in zip(names, widths, strict=True)))
    out.append("+".join("-" * (width + 2) for width in widths))
    for row in cells:
        height = max((len(cell) for cell in row), default=1)
        for line in range(height):
            out.append(_row_line(row, line, widths, numeric))
    if footer:
        out.append(counted(len(rows)))
    return "\n".join(out)


def _row_line(
    row: Sequence[list[str]], line: int, widths: Sequence[int], numeric: Sequence[bool]
) -> str:
    parts = []
    for place, cell in enumerate(row):
        text = cell[line] if line < len(cell) else ""
        pad = " " * (widths[place] - _width(text))
        goes_on = line < len(cell) - 1
        last = place == len(row) - 1
        text = pad + text if numeric[place] else text + ("" if last and not goes_on else pad)
        parts.append(f" {text}" + ("+" if goes_on else "" if last else " "))
    return "|".join(parts)


def expanded(names: Sequence[str], rows: Sequence[Sequence[str | None]]) -> str:
    """Return each row as a block of its own, as `\\x` shows it."""
    if not rows:
        return counted(0)
    width = max(_width(name) for name in names)
    wide = max(
        (_width(line) for row in rows for c in row for line in (c or "").split("\n")), default=0
    )
    out = []
    for number, row in enumerate(rows, 1):
        label = f"-[ RECORD {number} ]"
        if len(label) <= width + 1:
            out.append(label + "-" * (width + 1 - len(label)) + "+" + "-" * (wide + 1))
        else:
            out.append(label + "-" * max(0, width + 3 + wide - len(label)))
        for name, cell in zip(names, row, strict=True):
            first, *more = (cell or "").split("\n")
            tail = "+" if more else ""
            out.append(f"{name}{' ' * (width - _width(name))} | {first}{tail}")
            out += [
                f"{' ' * width} | {line}{'+' if place < len(more) - 1 else ''}"
                for place, line in enumerate(more)
            ]
    return "\n".join(out)


def bare(
    names: Sequence[str], rows: Sequence[Sequence[str | None]], headed: bool, spaced: bool
) -> str:
    """Return rows without a frame: `-A` or `-t`."""
    if spaced:
        widths = [
            max((_width(row[place] or "") for row in rows), default=0)
            for place in range(len(names))
        ]
        return "\n".join(
            " "
            + " | ".join(
                (cell or "") + " " * (widths[place] - _width(cell or ""))
                for place, cell in enumerate(row)
            ).rstrip()
            for row in rows
        )
    out = ["|".join(names)] if headed else []
    out += ["|".join(cell or "" for cell in row) for row in rows]
    if headed:
        out.append(counted(len(rows)))
    return "\n".join(out)


def counted(rows: int) -> str:
    """Return the footer of a result."""
    return f"({rows} row{'' if rows == 1 else 's'})"


def _centred(text: str, width: int) -> str:
    room = width - _width(text)
    return " " * (room // 2) + text + " " * (room - room // 2)


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )
