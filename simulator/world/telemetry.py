"""Metrics as closed forms: any moment costs the same, in any order, and nothing is stored.

value = baseline x daily cycle x noise x what dependencies carry over, then the effects in force.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from simulator.content.system import Cycle, Metric
from simulator.world.effects import Force, Period
from simulator.world.noise import noise_of
from simulator.world.state import WorldState

WEEK = 604_800
_SATURDAY = 5


@dataclass(frozen=True)
class Series:
    """A metric, ready to be evaluated: `healthy` is its value with nothing wrong."""

    metric: Metric
    healthy: Callable[[int], float]
    depends: tuple[tuple[str, float], ...]


def compile_metrics(
    metrics: Sequence[Metric], seed: int, epoch: int
) -> tuple[dict[str, Series], tuple[str, ...]]:
    """Return the series by name, and their names so that each stands behind what it depends on."""
    series = {
        metric.id: Series(
            metric,
            _healthy(metric, seed, epoch),
            tuple((link.on, link.share) for link in metric.depends),
        )
        for metric in metrics
    }
    order: list[str] = []

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in order or name in above:
            return
        for other, _ in series[name].depends:
            visit(other, (*above, name))
        order.append(name)

    for metric in metrics:
        visit(metric.id, ())
    return series, tuple(order)


def _healthy(metric: Metric, seed: int, epoch: int) -> Callable[[int], float]:
    base, least, most = metric.baseline, metric.least, metric.most
    if metric.uptime is not None:
        return lambda t: 100.0
    noise = noise_of(seed, metric.id, metric.noise) if metric.noise else None
    cycle = metric.cycle
    hours: dict[int, float] = {}

    def value(t: int) -> float:
        result = base
        if cycle is not None:
            minute = t // 60
            factor = hours.get(minute)
            if factor is None:
                factor = hours[minute] = cycle_at(cycle, epoch + minute * 60)
            result *= factor
        if noise is not None:
            result *= noise(t)
        if result < least:
            return least
        return most if most is not None and result > most else result

    return value


def cycle_at(cycle: Cycle, epoch: int) -> float:
    """Return the daily cycle's factor at a moment (seconds since 1970, UTC)."""
    hour = epoch % 86_400 / 3600.0
    away = abs(hour - cycle.peak)
    away = min(away, 24.0 - away) / 12.0
    height = 1.0 - 2.0 * (away * away * (3.0 - 2.0 * away))
    weekend = (epoch // 86_400 + 3) % 7 >= _SATURDAY
    return (1.0 + cycle.depth * height) * (cycle.weekend if weekend else 1.0)


class Telemetry:
    """The metrics of one world."""

    def __init__(
        self, metrics: Sequence[Metric], seed: int, epoch: int, down: Mapping[str, Sequence[Period]]
    ) -> None:
        self.series, self.order = compile_metrics(metrics, seed, epoch)
        self._down = down

    def healthy(self, metric: str, t: int) -> float:
        """Return a metric's value at `t` with nothing wrong."""
        return self.series[metric].healthy(t)

    def value(self, state: WorldState, metric: str, t: int) -> float:
        """Return a metric's value at `t`, which is not after the state's time."""
        return self._value(state, metric, t, {})[0]

    def values(self, state: WorldState, t: int) -> dict[str, float]:
        """Return every metric's value at `t`."""
        known: dict[str, tuple[float, float]] = {}
        for name in self.order:
            self._value(state, name, t, known)
        return {name: value for name, (value, _) in known.items()}

    def _value(
        self, state: WorldState, name: str, t: int, known: dict[str, tuple[float, float]]
    ) -> tuple[float, float]:
        """Return (value, value / healthy value)."""
        found = known.get(name)
        if found is not None:
            return found
        series = self.series[name]
        if series.metric.uptime is not None:
            result = known[name] = self._uptime(state, series.metric, t), 1.0
            return result
        healthy = value = series.healthy(t)
        for other, share in series.depends:
            ratio = self._value(state, other, t, known)[1]
            if ratio != 1.0:
                value *= max(0.0, 1.0 + share * (ratio - 1.0))
        acting = state.acting.get(name)
        if acting is not None:
            value = _affected(acting, value, t)
        if value != healthy:
            least, most = series.metric.least, series.metric.most
            value = max(value, least)
            value = value if most is None else min(value, most)
        ratio = value / healthy if healthy > 1e-9 else (1.0 if value < 1e-9 else 1.0 + value)
        result = known[name] = value, ratio
        return result

    def _uptime(self, state: WorldState, metric: Metric, t: int) -> float:
        assert metric.uptime is not None
        begin = t - metric.uptime.window
        down = sum(_overlap(period, begin, t) for period in self._down.get(metric.id, ()))
        changes = state.ups.get(metric.id, ())
        for index, (at, up) in enumerate(changes):
            if not up:
                until = changes[index + 1][0] if index + 1 < len(changes) else t
                down += _overlap((at, until), begin, t)
        return 100.0 * (1.0 - down / metric.uptime.window)


def _affected(acting: Sequence[tuple[Sequence[Period], Force]], value: float, t: int) -> float:
    for periods, force in acting:
        # One effect is never in force twice: it may still fall while it rises again.
        level = max(force.level(period, t) for period in periods)
        if level:
            value = force.apply(value, level)
    return value


def _overlap(period: Period, begin: int, end: int) -> int:
    last = end if period[1] is None else min(period[1], end)
    return max(0, last - max(period[0], begin))
