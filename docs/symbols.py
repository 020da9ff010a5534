"""Draw the font of signs that Roboto Mono lacks, for consoles in browsers.

Run it where fontTools is installed (pip install fonttools): it writes
simulator/web/pages/symbols.ttf. Every sign is as wide as a letter of Roboto Mono, and the dots of
braille are spaced evenly over the borders of cells, so that a chart's line has no seams.
"""

from __future__ import annotations

import math
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

UNITS, WIDTH, TOP, BOTTOM = 2048, 1229, 2146, -555
MIDDLE = 730
"""Half the height of a capital: signs stand around it."""

Point = tuple[float, float]
OUT = Path(__file__).parent.parent / "simulator" / "web" / "pages" / "symbols.ttf"


def circle(pen: TTGlyphPen, x: float, y: float, radius: float, hole: bool = False) -> None:
    """Draw a disc, or the hole in one."""
    outer = radius / math.cos(math.pi / 8)
    turns = range(8) if hole else range(8, 0, -1)
    points = [
        (
            x + outer * math.cos((n + 0.5) * math.pi / 4),
            y + outer * math.sin((n + 0.5) * math.pi / 4),
        )
        for n in turns
    ]
    pen.qCurveTo(*[(round(a), round(b)) for a, b in points], None)
    pen.closePath()


def shape(pen: TTGlyphPen, *points: Point) -> None:
    """Draw a filled polygon; its points go clockwise."""
    first, *others = [(round(a), round(b)) for a, b in points]
    pen.moveTo(first)
    for point in others:
        pen.lineTo(point)
    pen.closePath()


def stroke(pen: TTGlyphPen, start: Point, end: Point, thick: float = 160) -> None:
    """Draw a straight line with flat ends."""
    length = math.dist(start, end)
    dx = (end[0] - start[0]) / length * thick / 2
    dy = (end[1] - start[1]) / length * thick / 2
    shape(
        pen,
        (start[0] - dy - dx, start[1] + dx - dy),
        (end[0] - dy + dx, end[1] + dx + dy),
        (end[0] + dy + dx, end[1] - dx + dy),
        (start[0] + dy - dx, start[1] - dx - dy),
    )


def braille(pen: TTGlyphPen, dots: int) -> None:
    """Draw the dots of U+2800 + `dots`."""
    places = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)]
    for bit, (column, row) in enumerate(places):
        if dots >> bit & 1:
            y = TOP - (row + 0.5) * (TOP - BOTTOM) / 4
            circle(pen, (column + 0.5) * WIDTH / 2, y, 215)


def turned(points: list[Point], quarters: int) -> list[Point]:
    """Return points turned around the middle of a sign, by quarters of a turn clockwise."""
    x, y = WIDTH / 2, MIDDLE
    for _ in range(quarters):
        points = [(x + (b - y), y - (a - x)) for a, b in points]
    return points


def signs() -> dict[int, TTGlyphPen]:
    """Return the drawings of all signs, by code point."""
    x, y = WIDTH / 2, MIDDLE
    drawn: dict[int, TTGlyphPen] = {}

    def new(letter: str) -> TTGlyphPen:
        return drawn.setdefault(ord(letter), TTGlyphPen(None))

    circle(new("●"), x, y, 450)
    circle(new("○"), x, y, 450)
    circle(new("○"), x, y, 320, hole=True)
    shape(new("◆"), (x, y + 560), (x + 520, y), (x, y - 560), (x - 520, y))
    shape(new("◇"), (x, y + 560), (x + 520, y), (x, y - 560), (x - 520, y))
    shape(new("◇"), (x, y + 360), (x - 335, y), (x, y - 360), (x + 335, y))
    shape(new("■"), (x - 450, y + 450), (x + 450, y + 450), (x + 450, y - 450), (x - 450, y - 450))
    shape(new("□"), (x - 450, y + 450), (x + 450, y + 450), (x + 450, y - 450), (x - 450, y - 450))
    shape(new("□"), (x - 320, y + 320), (x - 320, y - 320), (x + 320, y - 320), (x + 320, y + 320))
    for size, letters in ((1.0, "▲▶▼◀"), (0.68, "▴▸▾◂")):
        point = [
            (x, y + 490 * size),
            (x + 530 * size, y - 430 * size),
            (x - 530 * size, y - 430 * size),
        ]
        for quarters, letter in enumerate(letters):
            shape(new(letter), *turned(point, quarters))
    for quarters, letter in enumerate("↑→↓←"):
        for start, end in (
            ((x, y - 520), (x, y + 480)),
            ((x, y + 520), (x - 330, y + 170)),
            ((x, y + 520), (x + 330, y + 170)),
        ):
            stroke(new(letter), *turned([start, end], quarters), 140)
    stroke(new("✓"), (x - 430, y - 40), (x - 130, y - 400))
    stroke(new("✓"), (x - 130, y - 400), (x + 430, y + 440))
    stroke(new("✗"), (x - 370, y - 400), (x + 370, y + 420))
    stroke(new("✗"), (x - 370, y + 420), (x + 370, y - 400))
    stroke(new("❯"), (x - 200, y + 520), (x + 240, y), 200)
    stroke(new("❯"), (x + 240, y), (x - 200, y - 520), 200)
    for dots in range(256):
        braille(new(chr(0x2800 + dots)), dots)
    return drawn


def main() -> None:
    """Write the font."""
    drawn = signs()
    names = {code: f"u{code:04X}" for code in sorted(drawn)}
    glyphs = {".notdef": TTGlyphPen(None).glyph()}
    glyphs |= {names[code]: drawn[code].glyph() for code in sorted(drawn)}
    builder = FontBuilder(UNITS, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap(names)
    builder.setupGlyf(glyphs)
    edges = {name: getattr(glyph, "xMin", 0) for name, glyph in glyphs.items()}
    builder.setupHorizontalMetrics({name: (WIDTH, edge) for name, edge in edges.items()})
    builder.setupHorizontalHeader(ascent=TOP, descent=BOTTOM)
    builder.setupNameTable({"familyName": "Tabletop Symbols", "styleName": "Regular"})
    builder.setupOS2(
        sTypoAscender=TOP, sTypoDescender=BOTTOM, usWinAscent=TOP, usWinDescent=-BOTTOM
    )
    builder.setupPost(isFixedPitch=1, keepGlyphNames=False)
    builder.updateHead(created=0, modified=0)
    builder.font.recalcTimestamp = False
    builder.save(OUT)


if __name__ == "__main__":
    main()
