"""A chart as rows of runs: pure drawing, from data and a size to text with the names of roles."""

from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len

from simulator.tui.widgets import axes, braille
from simulator.tui.widgets.chart_data import ChartData
from simulator.tui.widgets.plain_text import fit, plain
from simulator.tui.widgets.units import format_value

Role = Literal["title", "axis", "line", "alarm", "baseline", "threshold", "mark", "cursor"]
Run = tuple[Role, str]
"""Text drawn in one style."""
Cell = tuple[Role, str]

_LEAST_WIDTH, _LEAST_HEIGHT = 30, 6  # smaller charts have no axes
_SHORTEST_TITLE = 8
_MARK: Cell = ("mark", "┊")
_CHARACTERS = tuple(chr(0x2800 + bits) for bits in range(256))


@dataclass(frozen=True, slots=True)
class Picture:
    """The rows of a chart and where the plot lies in them."""

    rows: list[list[Run]]
    left: int
    """The first cell of the plot."""
    columns: int
    """The width of the plot in cells."""


def draw(data: ChartData, width: int, height: int, cursor: float | None = None) -> Picture:
    """Draw a chart of exactly this size; a small one becomes a sparkline with its value."""
    title = title_row(data, width, cursor)
    if height < 2:
        return Picture([title], 0, width)
    has_axes = width >= _LEAST_WIDTH and height >= _LEAST_HEIGHT
    plot_height = height - 2 if has_axes else height - 1
    low, high = axes.value_range(data)
    if not has_axes:
        rows = [title, *_plot(data, low, high, width, plot_height, cursor, labelled=False)]
        return Picture(rows, 0, width)
    ticks = axes.value_ticks(low, high, max(1, (plot_height - 1) // 2))
    low, high = ticks[0], ticks[-1]
    labels = {_row(tick, low, high, plot_height): format_value(tick, data.unit) for tick in ticks}
    gutter = min(max(cell_len(label) for label in labels.values()) + 1, width // 3)
    columns = width - gutter - 1
    rows = [title]
    plot = _plot(data, low, high, columns, plot_height, cursor, labelled=True)
    for number, runs in enumerate(plot):
        label = labels.get(number)
        edge = "│" if label is None else "┤"
        text = fit(label or "", gutter - 1)
        padding = " " * (gutter - 1 - cell_len(text))
        rows.append([("axis", f"{padding}{text} {edge}"), *runs])
    rows.append([("axis", _time_axis(data, gutter + 1, columns))])
    return Picture(rows, gutter + 1, columns)


def title_row(data: ChartData, width: int, cursor: float | None) -> list[Run]:
    """The title on the left; on the right what is read: a word when it is bad, then the value."""
    reading = _reading_now(data) if cursor is None else _reading_at(data, cursor)
    while len(reading) > 1 and _length(reading) + _SHORTEST_TITLE > width:
        role, text = reading.pop(0)
        if role == "alarm" and text[0] in "▲▼○" and width > _SHORTEST_TITLE * 2:
            reading[-1] = ("alarm", f"{text[0]} {reading[-1][1]}")
    role, last = reading[-1]
    reading[-1] = (role, fit(last, max(0, width - 2)))
    room = width - _length(reading)
    title = fit(plain(data.title), room - 1)
    gap = " " * (room - cell_len(title))
    return [("title", title + gap), *reading]


def _length(runs: list[Run]) -> int:
    return sum(cell_len(text) for _, text in runs)


def _reading_now(data: ChartData) -> list[Run]:
    latest = data.latest()
    if latest is None:
        return [("alarm", "○ no data")]
    value = data.value_at(latest)
    reading: list[Run] = []
    worst = data.breached(value)
    if worst is not None:
        reading.append(("alarm", f"{'▲' if worst.above else '▼'} {plain(worst.severity)}  "))
    if data.now - data.time_at(latest) > 3 * data.step:
        reading.append(("alarm", f"○ no data since {axes.clock(data.time_at(latest))}  "))
    role: Role = "title" if worst is None else "alarm"
    return [*reading, (role, format_value(value, data.unit))]


def _reading_at(data: ChartData, cursor: float) -> list[Run]:
    index = data.index_at(cursor)
    span = data.end - data.start
    value = data.value_at(index)
    reading: list[Run] = []
    if (baseline := data.baseline_at(index)) is not None:
        reading.append(("baseline", f"last week {format_value(baseline, data.unit)}  "))
    reading.append(("axis", f"{axes.moment(data.time_at(index), span)}  "))
    role: Role = "cursor" if data.breached(value) is None else "alarm"
    return [*reading, (role, "no data" if value is None else format_value(value, data.unit))]


def _row(value: float, low: float, high: float, height: int) -> int:
    return _pixel(value, low, high, height) // 4


def _pixel(value: float, low: float, high: float, height: int) -> int:
    last = height * 4 - 1
    share = (value - low) / (high - low) if high > low else 0.0
    return last - max(0, min(last, int(share * last + 0.5)))


def _plot(
    data: ChartData,
    low: float,
    high: float,
    columns: int,
    height: int,
    cursor: float | None,
    *,
    labelled: bool,
) -> list[list[Run]]:
    """The rows of the plot alone."""
    spans = braille.resample(data.values, data.start, data.step, data.end, columns * 2)
    line = braille.cells(braille.draw_line(spans, low, high, height * 4), height)
    usual = braille.resample(data.baseline, data.start, data.step, data.end, columns)
    baseline = braille.sparse_cells(braille.draw_line(usual, low, high, height * 4), height)
    overlays = _overlays(data, low, high, columns, height)
    if labelled:
        _add_labels(overlays, data, low, high, columns, line)
    if cursor is not None and (at := _column(data, cursor, columns)) is not None:
        for overlay in overlays:
            if not _is_written(overlay.get(at)):
                overlay[at] = ("cursor", "│")
    alarms = _alarm_rows(data, low, high, height, spans)
    return [_runs(row, line[row], baseline[row], overlays[row], alarms) for row in range(height)]


def _alarm_rows(
    data: ChartData, low: float, high: float, height: int, spans: list[braille.Span | None]
) -> dict[int, tuple[int, int]]:
    """For each cell of the line beyond a threshold, the rows that are beyond it."""
    rows: dict[int, tuple[int, int]] = {}
    lowest = min((span[0] for span in spans if span is not None), default=0.0)
    highest = max((span[1] for span in spans if span is not None), default=0.0)
    for threshold in data.thresholds:
        if not low <= threshold.value <= high:
            continue
        if not threshold.is_beyond(highest if threshold.above else lowest):
            continue
        limit = _row(threshold.value, low, high, height)
        bad_rows = (0, limit) if threshold.above else (limit, height - 1)
        for column, span in enumerate(spans):
            if span is not None and threshold.is_beyond(span[1] if threshold.above else span[0]):
                seen = rows.get(column // 2, bad_rows)
                rows[column // 2] = (min(seen[0], bad_rows[0]), max(seen[1], bad_rows[1]))
    return rows


def _runs(
    row: int,
    line: list[int],
    baseline: list[int],
    overlay: dict[int, Cell],
    alarms: dict[int, tuple[int, int]],
) -> list[Run]:
    """One row of the plot, neighbouring cells of a role joined: styles cost, characters do not."""
    if not overlay and not any(line) and not any(baseline):
        return [("line", " " * len(line))]
    runs: list[Run] = []
    text: list[str] = []
    current: Role = "line"
    for cell, bits in enumerate(line):
        role: Role
        if bits:
            role, character = "line", _CHARACTERS[bits]
            if cell in alarms and alarms[cell][0] <= row <= alarms[cell][1]:
                role = "alarm"
        elif cell in overlay:
            role, character = overlay[cell]
        elif baseline[cell]:
            role, character = "baseline", _CHARACTERS[baseline[cell]]
        else:
            role, character = current, " "
        if role != current:
            if text:
                runs.append((current, "".join(text)))
                text = []
            current = role
        text.append(character)
    if text:
        runs.append((current, "".join(text)))
    return runs


def _overlays(
    data: ChartData, low: float, high: float, columns: int, height: int
) -> list[dict[int, Cell]]:
    """What is drawn where the line is not: thresholds and marks."""
    rows: list[dict[int, Cell]] = [{} for _ in range(height)]
    for threshold in data.thresholds:
        if low <= threshold.value <= high:
            pixel = _pixel(threshold.value, low, high, height)
            dot: Cell = ("threshold", braille.dot_row(pixel))
            rows[pixel // 4].update((cell, dot) for cell in range(columns))
    for time, _ in data.marks:
        if (at := _column(data, time, columns)) is not None:
            for row in rows:
                row[at] = _MARK
    return rows


def _add_labels(
    rows: list[dict[int, Cell]],
    data: ChartData,
    low: float,
    high: float,
    columns: int,
    line: list[list[int]],
) -> None:
    height = len(rows)
    for time, label in data.marks:
        if (at := _column(data, time, columns)) is not None:
            text = fit(plain(label), columns // 3)
            places = [(row, at + side) for row in (0, height - 1) for side in (1, -cell_len(text))]
            _write(rows, line, "mark", text, places)
    for threshold in data.thresholds:
        if low <= threshold.value <= high:
            row = _row(threshold.value, low, high, height)
            text = fit(f" {plain(threshold.label)} ", columns // 2)
            near = [row, row - 1, row + 1]
            places = [(r, at) for r in near for at in (columns - cell_len(text), 1)]
            _write(rows, line, "threshold", text, places)


def _column(data: ChartData, time: float, columns: int) -> int | None:
    """The cell of the plot that a time falls in, or None outside."""
    span = data.end - data.start
    if not data.start <= time <= data.end or span <= 0:
        return None
    return min(columns - 1, int((time - data.start) / span * columns))


def _write(
    rows: list[dict[int, Cell]],
    line: list[list[int]],
    role: Role,
    text: str,
    places: list[tuple[int, int]],
) -> None:
    """Write a label at the first place where it hides neither the line nor another label."""
    if cell_len(text) != len(text):
        return  # a wide character would need two cells of the grid
    for row, at in places:
        cells = range(at, at + len(text))
        if not 0 <= row < len(rows) or at < 0 or at + len(text) > len(line[row]):
            continue
        if not any(line[row][cell] or _is_taken(rows[row].get(cell)) for cell in cells):
            rows[row].update((cell, (role, text[cell - at])) for cell in cells)
            return


def _is_taken(cell: Cell | None) -> bool:
    """Whether a label would hide a mark or another label; over the dots of a threshold it may."""
    return cell is not None and cell[1] < braille.BLANK


def _is_written(cell: Cell | None) -> bool:
    return _is_taken(cell) and cell != _MARK


def _time_axis(data: ChartData, left: int, columns: int) -> str:
    """The clock times under the plot, in UTC."""
    row = [" "] * (left + columns)
    if left >= 5:
        row[left - 4 : left - 1] = "UTC"
    free = left
    for time, label in axes.time_ticks(data.start, data.end, max(1, columns // 11)):
        at = _column(data, time, columns)
        if at is None:
            continue
        middle = left + at - len(label) // 2
        first = max(left, min(middle, left + columns - len(label)))
        if abs(first - middle) <= 3 and first >= free and first >= left:
            row[first : first + len(label)] = label
            free = first + len(label) + 2
    return "".join(row[: left + columns])
