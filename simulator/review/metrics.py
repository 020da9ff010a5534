"""Key metrics: the few that tell the story, over the time of the exercise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simulator.assessment import Assessment
from simulator.content.expression import Expression
from simulator.content.system import Metric
from simulator.review.axis import Axis
from simulator.review.wording import clock

MOST = 4
PLOT = 84
"""The height of a plot, in SVG units."""
SAMPLES = 240
_LOOKS = 60
"""At how many moments a metric is looked at to say how far it left its baseline."""


@dataclass(frozen=True)
class Chart:
    """A metric over the exercise, in SVG units; `summary` says in words what it shows."""

    title: str
    unit: str
    line: str
    healthy: str
    scale: tuple[tuple[float, str], ...]
    """Where the values of the scale stand, from the bottom to the top."""
    summary: str


def key_metrics(assessment: Assessment) -> list[str]:
    """Return two to four metrics: two of those that recovery asks for, then the most affected."""
    exercise = assessment.exercise
    wanted = list(_asked(exercise.scenario.recovered.when, exercise.world.derived))
    strayed = _strayed(assessment)
    wanted.sort(key=lambda name: -strayed.get(name, 0.0))
    ranked = sorted(strayed, key=lambda name: -strayed[name])
    return list(dict.fromkeys([*wanted[:2], *ranked]))[:MOST]


def _asked(expression: Expression, derived: dict[str, Expression]) -> Iterator[str]:
    """Yield the metrics that an expression reads, by itself or through derived values."""
    yield from sorted(name for function, name in expression.calls if function == "metric")
    for name in sorted(expression.variables & derived.keys()):
        yield from _asked(derived[name], derived)


def _strayed(assessment: Assessment) -> dict[str, float]:
    """Return how many times its healthy value each metric was at its worst, or the inverse."""
    exercise = assessment.exercise
    world, state, end = exercise.world, exercise.state.world, exercise.state.now
    moments = range(0, end + 1, max(1, end // _LOOKS))
    values = [world.values(state, at) for at in moments]
    strayed = {}
    for metric in exercise.system.metrics:
        healthy = [max(world.healthy(metric.id, at), 0.0) for at in moments]
        # One that is nearly nothing when healthy is held against a twentieth of its usual height.
        least = 0.05 * max(healthy) or 0.05 * (metric.most or 1.0)
        ratios = [
            (max(now[metric.id], 0.0) + least) / (usual + least)
            for now, usual in zip(values, healthy, strict=True)
        ]
        strayed[metric.id] = max(max(ratio, 1 / ratio) for ratio in ratios)
    return strayed


def worst_of(assessment: Assessment) -> list[str]:
    """Return of each key metric in a sentence how far it went from its healthy course."""
    exercise = assessment.exercise
    axis = Axis(min(0, assessment.evidence.times.began or 0), max(exercise.state.now, 60))
    return [
        f"{chart.title}: {chart.summary}"
        for chart in charts(assessment, axis, key_metrics(assessment))
    ]


def charts(assessment: Assessment, axis: Axis, names: Sequence[str]) -> Iterator[Chart]:
    """Yield these metrics as they went."""
    exercise = assessment.exercise
    world, state = exercise.world, exercise.state.world
    step = max(1, (axis.end - axis.begin) // SAMPLES)
    count = (axis.end - axis.begin) // step + 1
    at = [axis.begin + step * number for number in range(count)]
    known = {metric.id: metric for metric in exercise.system.metrics}
    for name in names:
        metric = known[name]
        values = [v or 0.0 for v in world.series(state, name, axis.begin, step, count)]
        healthy = [world.healthy(name, one) for one in at]
        scale = nice_scale(min([*values, *healthy]), max([*values, *healthy]))
        low, high = scale[0], scale[-1]

        def y(value: float, low: float = low, high: float = high) -> float:
            return round(PLOT - PLOT * (value - low) / (high - low), 1)

        yield Chart(
            metric.title,
            metric.unit,
            _path(axis, at, [y(value) for value in values]),
            _path(axis, at, [y(value) for value in healthy]),
            tuple((y(value), f"{value:,g}") for value in scale),
            _summary(metric, at, values, healthy),
        )


def nice_scale(low: float, high: float) -> list[float]:
    """Return two to five round values that hold everything between them, the least first.

    They begin at 0 unless everything lies in the upper half.
    """
    if low >= 0 and low < 0.6 * high:
        low = 0.0
    span = max(high - low, abs(high) * 0.01, 1e-6)
    size = 10.0 ** _power(span / 4)
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= span / 4)
    first, last = int(low // step), int(-(-high // step))
    last = max(last, first + 1)
    return [round(step * number, 9) for number in range(first, last + 1)]


def _power(value: float) -> int:
    """Return the greatest power of ten that is not above a value."""
    power = 0
    while 10.0**power > value:
        power -= 1
    while 10.0 ** (power + 1) <= value:
        power += 1
    return power


def _path(axis: Axis, at: Sequence[int], heights: Sequence[float]) -> str:
    points = (f"{axis.x(one)},{height:g}" for one, height in zip(at, heights, strict=True))
    return "M" + " L".join(points)


def _summary(
    metric: Metric, at: Sequence[int], values: Sequence[float], healthy: Sequence[float]
) -> str:
    def shown(value: float) -> str:
        return f"{value:,.{metric.decimals}f}"

    numbers = range(len(at))
    worst = max(numbers, key=lambda number: abs(values[number] - healthy[number]))
    unit = "" if metric.unit in ("", "1") else f" {metric.unit}"
    return (
        f"{shown(values[0])}{unit} at first, furthest from its healthy course at "
        f"{clock(at[worst])} with {shown(values[worst])} instead of {shown(healthy[worst])}, "
        f"{shown(values[-1])} at the end."
    )
