"""A tile of an overview: a metric's name, value, state and recent course in one to three lines."""

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Literal

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from simulator.tui.widgets.braille import extent
from simulator.tui.widgets.plain_text import fit, plain
from simulator.tui.widgets.units import format_value

State = Literal["calm", "warning", "alarm", "unknown"]

_SYMBOLS: dict[State, str] = {"calm": "●", "warning": "◆", "alarm": "▲", "unknown": "○"}
_BARS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class TileData:
    """What a tile shows."""

    name: str
    value: float | None
    unit: str
    values: tuple[float | None, ...] = ()
    """Its recent course, oldest first."""
    state: State = "calm"
    word: str = ""
    """The state in a word, as the team says it; empty for the state's own name, `calm` unsaid."""


def sparkline(values: tuple[float | None, ...], width: int) -> str:
    """The values as bars from zero up, the highest of each step; gaps are spaces."""
    if width <= 0:
        return ""
    count = len(values)
    bars_drawn = min(width, count)
    edges = [bar * count // bars_drawn for bar in range(bars_drawn + 1)] if count else [0]
    groups = [values[start:end] for start, end in pairwise(edges)]
    tops = [known[1] if (known := extent(group)) else None for group in groups]
    bounds = extent(tops)
    if bounds is None:
        return " " * width
    low, high = min(0.0, bounds[0]), bounds[1]
    span = high - low
    bars = [
        " " if top is None else _BARS[round((top - low) / span * 7) if span > 0 else 0]
        for top in tops
    ]
    return "".join(bars).rjust(width)


class Tile(Widget):
    """A metric at a glance; as high as its place allows, three lines at most."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "tile--name",
        "tile--value",
        "tile--course",
        "tile--calm",
        "tile--warning",
        "tile--alarm",
        "tile--unknown",
    }
    DEFAULT_CSS = """
    Tile {
        height: 3;
        & > .tile--name { color: $foreground; }
        & > .tile--value { text-style: bold; }
        & > .tile--course { color: $foreground 40%; }
        & > .tile--calm { color: $text-success; }
        & > .tile--warning { color: $text-warning; text-style: bold; }
        & > .tile--alarm { color: $text-error; text-style: bold; }
        & > .tile--unknown { color: $text-muted; }
    }
    """

    def __init__(
        self,
        data: TileData | None = None,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - the name Textual gives it
        classes: str | None = None,
    ) -> None:
        self._styles_of_roles: dict[str, Style] = {}
        super().__init__(name=name, id=id, classes=classes)
        self._data = data or TileData("", None, "", state="unknown")

    @property
    def data(self) -> TileData:
        """What is shown."""
        return self._data

    def set_data(self, data: TileData) -> None:
        """Show other data; costs nothing where it is the same."""
        if data != self._data:
            self._data = data
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        width, height = self.content_size
        rows = {1: [self._one_row], 2: [self._name_row, self._value_row]}.get(
            height, [self._name_row, self._value_only_row, self._course_row]
        )
        if y >= len(rows):
            return Strip.blank(width, self._style_of(""))
        segments = [Segment(text, self._style_of(role)) for role, text in rows[y](width) if text]
        return Strip(segments).adjust_cell_length(width, self._style_of(""))

    def notify_style_update(self) -> None:
        """Forget styles of the old theme."""
        self._styles_of_roles.clear()
        super().notify_style_update()

    def _style_of(self, role: str) -> Style:
        """Return the style of a part, "" for the rest; finding it takes longer than drawing."""
        style = self._styles_of_roles.get(role)
        if style is None:
            found = self.get_component_rich_style(f"tile--{role}") if role else self.rich_style
            style = self._styles_of_roles[role] = found
        return style

    def _word(self) -> str:
        data = self._data
        return plain(data.word) or ("" if data.state == "calm" else data.state)

    @property
    def _course_role(self) -> str:
        return self._data.state if self._data.state in ("warning", "alarm") else "course"

    def _value(self, width: int) -> str:
        return fit(format_value(self._data.value, self._data.unit), width)

    def _name_row(self, width: int) -> list[tuple[str, str]]:
        state, word = self._data.state, fit(self._word(), width // 2)
        room = max(0, width - 2 - (cell_len(word) + 1 if word else 0))
        name = fit(plain(self._data.name), room)
        gap = " " * max(0, width - 2 - cell_len(name) - cell_len(word))
        return [(state, f"{_SYMBOLS[state]} "), ("name", name + gap), (state, word)]

    def _value_only_row(self, width: int) -> list[tuple[str, str]]:
        role = self._data.state if self._data.state in ("warning", "alarm") else "value"
        return [(role, f"  {self._value(width - 2)}")]

    def _course_row(self, width: int) -> list[tuple[str, str]]:
        return [(self._course_role, f"  {sparkline(self._data.values, width - 2)}")]

    def _value_row(self, width: int) -> list[tuple[str, str]]:
        value = self._value(width - 2)
        room = max(10, cell_len(value) + 1)
        (role, text), *_ = self._value_only_row(width)
        padding = " " * max(0, room - cell_len(value))
        return [
            (role, text + padding),
            (self._course_role, sparkline(self._data.values, width - 2 - room)),
        ]

    def _one_row(self, width: int) -> list[tuple[str, str]]:
        state = self._data.state
        value = self._value(width - 2)
        course = max(0, width // 4 if width >= 32 else 0)
        room = max(0, width - 3 - cell_len(value) - (course + 1 if course else 0))
        name = fit(plain(self._data.name), room)
        role = "value" if state in ("calm", "unknown") else state
        gap = " " * (room - cell_len(name))
        bars = f" {sparkline(self._data.values, course)}" if course else ""
        return [
            (state, f"{_SYMBOLS[state]} "),
            ("name", f"{name}{gap} "),
            (role, value),
            (self._course_role, bars),
        ]
