"""Data and tiny apps that the tests of the widgets share."""

import math
import unicodedata

from textual.app import App, ComposeResult
from textual.strip import Strip
from textual.widget import Widget

from simulator.tui.widgets import ChartData, LogLine, Threshold, TileData

NOON = 1_710_072_000.0  # 2024-03-10 12:00:00 UTC

HOSTILE = (
    "[/]",
    "[@click=app.bell]x[/]",
    "[red]not red",
    "日本語の長いテキスト",
    "e\u0301\u0308\u0301 combining",
    "\x1b[31mred\x1b[0m\x07\x9b2J",
    "a\tb\r\nc\x00d",
    "\u202eright to left\u2066",
    "👩‍👩‍👧‍👦 family\ufe0f",
    "\ud800 half a pair",
    "\u0301",
)


class One(App[None]):
    """An app of one widget that remembers its messages."""

    CSS = "Screen { padding: 0 1; }"

    def __init__(self, *widgets: Widget, theme: str = "textual-dark") -> None:
        super().__init__()
        self.theme = theme
        self.widgets = widgets

    def compose(self) -> ComposeResult:
        """Show them."""
        yield from self.widgets


def obeyed(text: str) -> set[str]:
    """The characters that a terminal would obey instead of showing."""
    return {
        character
        for character in text
        if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")
        or unicodedata.bidirectional(character)
        in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
    }


def assert_drawable(strips: list[Strip], width: int) -> None:
    """Every row has the width of the widget and no character that a terminal would obey."""
    for strip in strips:
        text = strip.text
        assert not obeyed(text), text
        assert Strip(list(strip)).cell_length == width


def latency(samples: int = 181, step: float = 20.0) -> ChartData:
    """An incident: calm, a gap, then a climb over two thresholds after a deploy."""
    climb = [0.0 if i < 120 else (i - 120) * 35.0 for i in range(samples)]
    values = tuple(
        None if 60 <= i < 70 else 300 + 40 * math.sin(i / 9) + i % 7 * 6 + climb[i]
        for i in range(samples)
    )
    return ChartData(
        title="Checkout p99 latency",
        unit="ms",
        start=NOON,
        step=step,
        values=values,
        baseline=tuple(310 + 50 * math.sin(i / 11) for i in range(samples)),
        thresholds=(
            Threshold(800, "warn above 800 ms", severity="warning"),
            Threshold(2000, "page above 2 s", severity="critical"),
        ),
        marks=((NOON + 120 * step, "deploy 4.2"), (NOON + 150 * step, "ack")),
        now=NOON + (samples - 1) * step,
    )


def availability() -> ChartData:
    """A calm percentage near 100, over two days."""
    samples = 289
    return ChartData(
        title="Availability",
        unit="%",
        start=NOON,
        step=600.0,
        values=tuple(
            99.96 + 0.02 * math.sin(i / 7) - (0.3 if 200 < i < 206 else 0.0) for i in range(samples)
        ),
        thresholds=(Threshold(99.9, "objective 99.9 %", above=False, severity="below objective"),),
        now=NOON + (samples - 1) * 600.0,
    )


def throughput() -> ChartData:
    """A rate with last week beside it."""
    samples = 181
    return ChartData(
        title="Orders",
        unit="/s",
        start=NOON,
        step=20.0,
        values=tuple(1180 + 160 * math.sin(i / 25) + 37 * (i * 7919 % 5) for i in range(samples)),
        baseline=tuple(1150 + 170 * math.sin(i / 25) for i in range(samples)),
        now=NOON + 180 * 20.0,
    )


def silence() -> ChartData:
    """A series that stopped."""
    calm = throughput()
    return ChartData(
        title="Queue depth",
        unit="count",
        start=NOON,
        step=20.0,
        values=tuple(v / 30 if v and i < 110 else None for i, v in enumerate(calm.values)),
        now=NOON + 180 * 20.0,
    )


def tiles() -> list[TileData]:
    """An overview in which one thing is wrong."""
    course = tuple(float(4 + i * 7 % 5) for i in range(40))
    climb = tuple(20.0 + (0 if i < 28 else (i - 27) ** 2) for i in range(40))
    return [
        TileData("Checkout latency", 2470, "ms", climb, "alarm", "critical"),
        TileData("Availability", 99.95, "%", tuple(99.9 for _ in range(40))),
        TileData("Orders", 1180, "/s", course),
        TileData("Database connections", 188, "count", climb, "warning", "near limit"),
        TileData("Queue depth", 42, "count", course),
        TileData("Disk free", 1.2e12, "bytes", course),
        TileData("Card provider", None, "ms", (), "unknown", "no data"),
        TileData("在庫サービス", 0.87, "score", course),
    ]


def log_lines(count: int = 60) -> list[LogLine]:
    """Lines of four streams, some with detail."""
    lines = []
    for i in range(count):
        level, text, detail = "INFO", f"GET /cart/{i * 7919 % 9973} 200 in {20 + i % 9} ms", ""
        if i % 7 == 3:
            level, text = "DEBUG", f"cache miss for session {i * 31 % 997}"
        if i % 11 == 6:
            level, text = "WARN", "connection pool at 92 % of 200; waiting for a free connection"
        if i % 13 == 9:
            level = "ERROR"
            text = "payment declined: timeout after 3000 ms calling card-provider /authorize " * 2
            detail = '{\n  "trace": "7f3a",\n  "customer": "山田 太郎",\n  "attempt": 3\n}'
        stream = ("checkout", "payments", "cart", "card-provider-eu")[i % 4]
        lines.append(LogLine(NOON + i * 1.5, stream, level, text, detail))
    return lines
