"""Where the axes of a chart begin, end and carry labels."""

from datetime import UTC, datetime
from functools import lru_cache
from math import ceil, floor, log10

from simulator.tui.widgets.braille import extent
from simulator.tui.widgets.chart_data import ChartData

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_TIME_STEPS = (
    *(1, 2, 5, 10, 15, 30),
    *(minutes * _MINUTE for minutes in (1, 2, 5, 10, 15, 30)),
    *(hours * _HOUR for hours in (1, 2, 3, 6, 12)),
    *(days * _DAY for days in (1, 2, 5, 10, 30, 90, 365)),
)
_LAST_SECOND = 253402300799.0  # the end of the year 9999
_DATA_SHARE = 0.4  # of the height is left to the data when thresholds are shown
_CALM_SHARE = 99.8  # a percentage between here and 100 is not magnified further


def clock(time: float, pattern: str = "%H:%M:%S") -> str:
    """A time as text in UTC; times outside the calendar are drawn at its ends."""
    return _clock(int(min(max(time, 0.0), _LAST_SECOND)) if time == time else 0, pattern)


@lru_cache(maxsize=1024)
def _clock(second: int, pattern: str) -> str:
    return datetime.fromtimestamp(second, UTC).strftime(pattern)


def moment(time: float, span: float) -> str:
    """A time with the precision that a window of `span` seconds calls for."""
    return clock(time, "%b %d %H:%M" if span > _DAY else "%H:%M:%S")


def time_ticks(start: float, end: float, most: int) -> list[tuple[float, str]]:
    """At most `most` round times in the window, with their labels."""
    span = end - start
    if span <= 0 or most < 1 or not 0 <= start <= end <= _LAST_SECOND:
        return []
    step = next((step for step in _TIME_STEPS if span / step <= most), _TIME_STEPS[-1])
    if span / step > most + 1:
        return []
    pattern = "%b %d" if step >= _DAY else "%H:%M" if step >= _MINUTE else "%H:%M:%S"
    ticks = []
    for count in range(ceil(start / step), floor(end / step) + 1):
        time = float(count * step)
        midnight = span > _DAY and time % _DAY == 0
        ticks.append((time, clock(time, "%b %d" if midnight else pattern)))
    return ticks


def value_range(data: ChartData) -> tuple[float, float]:
    """The lowest and highest value that the chart must show.

    Amounts stand on zero, so that calm noise looks calm; percentages near 100 are seen from
    above. A far threshold is left out rather than letting it flatten the data.
    """
    known = extent((*data.values, *data.baseline))
    if known is None:
        return 0.0, 1.0
    low, high = known
    is_share = data.unit == "%"
    if is_share and low >= 90 and high <= 100:
        low, high = min(low, _CALM_SHARE), 100.0
    elif low >= 0:
        low = 0.0
    for threshold in data.thresholds:
        wider = max(high, threshold.value) - min(low, threshold.value)
        if wider > 0 and (high - low) / wider >= _DATA_SHARE:
            low, high = min(low, threshold.value), max(high, threshold.value)
    if is_share and 50 < high <= 100:
        high = 100.0
    if high - low > 1e-9 * max(abs(low), abs(high), 1e-3):
        return low, high
    return low, low + max(1.0, abs(low))


def value_ticks(low: float, high: float, most: int) -> list[float]:
    """Round values that enclose the range, evenly spaced: the first and last are its ends."""
    span = high - low
    raw = span / max(1, most)
    power = 10.0 ** floor(log10(raw))
    step = next(power * part for part in (1, 2, 2.5, 5, 10) if power * part >= raw * 0.999999)
    first = floor(low / step + 1e-9)
    last = ceil(high / step - 1e-9)
    return [count * step for count in range(first, last + 1)]
