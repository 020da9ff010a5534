"""Drawings for the report: numbers in, coordinates out. The template writes the SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simulator.assessment import Assessment
from simulator.review.timeline import LANES, Moment
from simulator.review.wording import clock

WIDTH, LEFT, RIGHT = 960, 90, 950
LANE_HEIGHT, CHART_HEIGHT = 26, 90
SAMPLES = 240
LEAD = 900
"""Seconds before T+0 that are drawn at most; the words tell what was earlier."""


@dataclass(frozen=True)
class Dot:
    """A moment on the timeline, in SVG units."""

    x: float
    y: float
    lane: str
    label: str


@dataclass(frozen=True)
class Mark:
    """A vertical line through a drawing."""

    x: float
    label: str


@dataclass(frozen=True)
class Chart:
    """A metric over the exercise, in SVG units; `summary` says in words what it shows."""

    title: str
    unit: str
    line: str
    baseline: str
    top: str
    summary: str


@dataclass(frozen=True)
class Drawing:
    """Everything that the template draws."""

    width: int
    left: int
    right: int
    lanes: tuple[tuple[str, float], ...]
    height: int
    dots: tuple[Dot, ...]
    ticks: tuple[tuple[float, str], ...]
    marks: tuple[Mark, ...]
    charts: tuple[Chart, ...]
    chart_height: int


def draw(assessment: Assessment, moments: Sequence[Moment]) -> Drawing:
    """Return the drawing of an exercise: its timeline, and its key metrics below."""
    moments = [moment for moment in moments if moment.at >= -LEAD]
    begin = min([0, *(moment.at for moment in moments)])
    end = max(assessment.exercise.state.now, 60)

    def x(at: int) -> float:
        return round(LEFT + (RIGHT - LEFT) * (at - begin) / (end - begin), 1)

    lanes = tuple((lane, 20.0 + LANE_HEIGHT * row) for row, lane in enumerate(LANES))
    heights = dict(lanes)
    step = 300 if end - begin > 900 else 120
    return Drawing(
        WIDTH,
        LEFT,
        RIGHT,
        lanes,
        40 + LANE_HEIGHT * len(LANES),
        tuple(Dot(x(m.at), heights[m.lane], m.lane, f"{clock(m.at)} {m.text}") for m in moments),
        tuple((x(at), clock(at)) for at in range(0, end + 1, step)),
        _marks(assessment, x),
        tuple(_charts(assessment, begin, end)),
        CHART_HEIGHT,
    )


def _marks(assessment: Assessment, x: object) -> tuple[Mark, ...]:
    times = assessment.evidence.times
    if times.began is None or not callable(x):
        return ()
    named = (
        ("detected", times.detect),
        ("acknowledged", times.acknowledge),
        ("mitigated", times.mitigate),
    )
    labels: dict[int, str] = {}
    for label, at in named:
        if at is not None:
            labels[at] = f"{labels[at]}, {label}" if at in labels else label
    return tuple(Mark(x(times.began + at), label) for at, label in labels.items())


def key_metrics(assessment: Assessment, most: int = 4) -> list[str]:
    """Return the metrics that tell the story: those that alerts fired on, then those that moved."""
    exercise = assessment.exercise
    world, state = exercise.world, exercise.state.world
    fired = [
        alert.metric
        for alert in exercise.system.alerts
        if alert.metric and state.alerts[alert.id].fired
    ]
    moved: list[tuple[float, str]] = []
    for metric in exercise.system.metrics:
        worst = 0.0
        for at in range(0, exercise.state.now + 1, 60):
            healthy, value = world.healthy(metric.id, at), world.value(state, metric.id, at)
            worst = max(worst, abs(value - healthy) / (abs(healthy) + 1.0))
        moved.append((-worst, metric.id))
    ranked = fired + [name for _, name in sorted(moved)]
    return list(dict.fromkeys(ranked))[:most]


def _charts(assessment: Assessment, begin: int, end: int) -> list[Chart]:
    exercise = assessment.exercise
    world, state = exercise.world, exercise.state.world
    step = max(1, (end - begin) // SAMPLES)
    count = (end - begin) // step + 1
    charts = []
    for name in key_metrics(assessment):
        metric = next(metric for metric in exercise.system.metrics if metric.id == name)
        values = [
            v if v is not None else 0.0 for v in world.series(state, name, begin, step, count)
        ]
        healthy = [world.healthy(name, begin + step * i) for i in range(count)]
        top = max([*values, *healthy, 1e-9])
        highest = clock(begin + step * max(range(count), key=lambda i: values[i]))
        charts.append(
            Chart(
                metric.title,
                metric.unit,
                _path(values, top),
                _path(healthy, top),
                f"{top:.{metric.decimals}f}",
                f"{metric.title}: {values[0]:.{metric.decimals}f} {metric.unit} at first, "
                f"{max(values):.{metric.decimals}f} at its highest at {highest}, "
                f"{values[-1]:.{metric.decimals}f} at the end.",
            )
        )
    return charts


def _path(values: Sequence[float], top: float) -> str:
    width, height = RIGHT - LEFT, CHART_HEIGHT - 20
    last = max(1, len(values) - 1)
    points = (
        f"{LEFT + width * i / last:.1f},{CHART_HEIGHT - 10 - height * value / top:.1f}"
        for i, value in enumerate(values)
    )
    return "M" + " L".join(points)
