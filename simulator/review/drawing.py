"""The chart of an exercise: everything that happened on one axis of time. Numbers in,
coordinates out; the template writes the SVG."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from simulator.assessment import Assessment
from simulator.exercise import acts as a
from simulator.exercise.powers import role_title
from simulator.review.axis import (
    LEFT,
    WIDTH,
    Axis,
    Bar,
    Line,
    Span,
    fitted,
    lines_at,
    shortened,
)
from simulator.review.metrics import PLOT, Chart, charts
from simulator.review.timeline import Kind, Moment
from simulator.review.wording import clock, duration, name_of

LEAD = 900
"""Seconds before T+0 that are drawn at most; the words tell what was earlier."""
_TOP = 30
_BAND = 18
_ROW = 17
_LANE = 22
_LANE_OF_TWO = 30
_GAP = 8
_NEAR = 5.0
"""Acts of one kind closer together than this are one dot."""
_CONFUSING = 8
"""Confusion points that are drawn at most, those with most points; the words tell all of them."""
_NAME = 22
"""Letters of a lane's name."""
MEANING: Mapping[str, str] = MappingProxyType(
    {
        "production": "production",
        "told": "somebody is told something",
        "look": "a look",
        "do": "a command, or an action on production",
        "say": "a message, a decision, an acknowledgement",
        "mark": "a step ticked",
        "help": "help asked for, or confusion",
        "lead": "the exercise is led",
    }
)
"""What the dots of each kind are."""


@dataclass(frozen=True)
class Dot:
    """An act, or several close together, in SVG units; `label` says which."""

    x: float
    y: float
    kind: Kind | str
    label: str


@dataclass(frozen=True)
class LaneName:
    """What stands at the left of a lane: a name, and in a second line more about it."""

    y: float
    name: str
    more: str = ""


@dataclass(frozen=True)
class Phase:
    """A phase of the incident, with its place in the band and its length in words."""

    x: float
    width: float
    name: str
    tone: str
    words: str
    fits: bool


@dataclass(frozen=True)
class Drawing:
    """Everything that the templates draw, in SVG units."""

    width: int
    height: float
    left: int
    right: int
    plot: int
    ticks: tuple[tuple[float, str], ...]
    phases: tuple[Phase, ...]
    failing: tuple[tuple[float, float], ...]
    """Where production was not healthy: x and width."""
    lines: tuple[Line, ...]
    lanes: tuple[LaneName, ...]
    rules: tuple[float, ...]
    """Where lanes end."""
    bars: tuple[Bar, ...]
    dots: tuple[Dot, ...]
    kinds: tuple[tuple[str, str], ...]
    """The kinds of the dots, each with what it means."""
    charts: tuple[Chart, ...]


class _Sheet:
    """Lanes one below the other, as far as they are drawn."""

    def __init__(self, axis: Axis) -> None:
        self.axis = axis
        self.y = float(_TOP + _BAND + _GAP)
        self.names: list[LaneName] = []
        self.rules: list[float] = []
        self.bars: list[Bar] = []
        self.dots: list[Dot] = []

    def lane(self, name: str, spans: Sequence[Span], moments: Sequence[Moment]) -> None:
        """Add a lane of spans, and below them moments; nothing where there are none."""
        if not spans and not moments:
            return
        self.names.append(LaneName(self.y + 11, name))
        if spans:
            bars, height = fitted(self.axis, spans, self.y, _ROW)
            self.bars += bars
            self.y += height
        if moments:
            self.dots += _dots(self.axis, moments, self.y + _ROW / 2, name)
            self.y += _ROW
        self.y += _GAP
        self.rules.append(self.y - _GAP / 2)

    def person(self, name: str, role: str, moments: Sequence[Moment]) -> None:
        """Add the lane of somebody's acts."""
        height = _LANE_OF_TWO if role else _LANE
        self.names.append(LaneName(self.y + (13 if role else 15), name, role))
        self.dots += _dots(self.axis, moments, self.y + height / 2, "")
        self.y += height
        self.rules.append(self.y)


def draw(
    assessment: Assessment,
    moments: Sequence[Moment],
    metrics: Sequence[str],
    width: int = WIDTH,
) -> Drawing:
    """Return the drawing of an exercise: its timeline, and these metrics."""
    axis = axis_of(assessment, moments, width)
    sheet = _Sheet(axis)
    by_lane: dict[str, list[Moment]] = {"production": [], "alerts": [], "told": [], "people": []}
    for moment in moments:
        if moment.at >= axis.begin and (moment.kind or moment.lane != "people"):
            by_lane[moment.lane].append(moment)
    causes = ("began: ", "ended: ")
    beside = [one for one in by_lane["production"] if not one.text.startswith(causes)]
    sheet.lane("production", list(_causes(assessment)), beside)
    sheet.lane("alerts", list(_alerts(assessment)), [])
    sheet.lane("told", [], by_lane["told"])
    for seat in dict.fromkeys(one.who for one in by_lane["people"] if one.who != a.HOST):
        own = [moment for moment in by_lane["people"] if moment.who == seat]
        role = role_title(assessment.exercise, seat) if assessment.exercise.team else ""
        name = shortened(name_of(assessment, seat), _NAME)
        sheet.person(name, shortened(role, _NAME), own)
    sheet.y += _GAP
    sheet.lane("confusion", list(_confusion(assessment)), [])
    drawn = {dot.kind for dot in sheet.dots}
    return Drawing(
        width=width,
        height=sheet.y + 16,
        left=LEFT,
        right=axis.right,
        plot=PLOT,
        ticks=axis.ticks(),
        phases=tuple(_phases(assessment, axis)),
        failing=tuple(_failing(assessment, axis)),
        lines=lines_at(axis, moments_of(assessment)),
        lanes=tuple(sheet.names),
        rules=tuple(sheet.rules),
        bars=tuple(sheet.bars),
        dots=tuple(sheet.dots),
        kinds=tuple((kind, name) for kind, name in MEANING.items() if kind in drawn),
        charts=tuple(charts(assessment, axis, metrics)),
    )


def axis_of(assessment: Assessment, moments: Sequence[Moment], width: int = WIDTH) -> Axis:
    """Return the axis from the first thing that happened to the end of play."""
    begin = min([0, *(moment.at for moment in moments if moment.at >= -LEAD)])
    return Axis(begin, max(assessment.exercise.state.now, begin + 60), width)


def moments_of(assessment: Assessment) -> list[tuple[str, int | None]]:
    """Return when the incident was detected, acknowledged, mitigated, recovered; in seconds."""
    times = assessment.evidence.times
    began = times.began

    def at(since: int | None) -> int | None:
        return None if since is None or began is None else began + since

    resolved = at(times.resolve)
    mitigated = at(times.mitigate)
    return [
        ("detected", at(times.detect)),
        ("acknowledged", at(times.acknowledge)),
        ("mitigated", mitigated),
        ("recovered", resolved),
    ]


def _causes(assessment: Assessment) -> Iterator[Span]:
    exercise = assessment.exercise
    for cause in exercise.scenario.causes:
        for since, until in exercise.state.world.periods.get(cause.id, ()):
            tone = "quiet" if cause.aside else "bad"
            label = shortened(cause.title, 90)
            yield Span(since, exercise.state.now if until is None else until, label, tone)


def _alerts(assessment: Assessment) -> Iterator[Span]:
    exercise = assessment.exercise
    for alert in exercise.system.alerts:
        for since, until in exercise.state.world.alerts[alert.id].fired:
            end = exercise.state.now if until is None else until
            yield Span(since, end, shortened(alert.title, 60), "alert")


def _confusion(assessment: Assessment) -> Iterator[Span]:
    pack = assessment.exercise.pack
    points = sorted(assessment.confusion.confusion_points, key=lambda one: -one.points)
    for one in points[:_CONFUSING]:
        if one.since is not None and one.until is not None:
            label = shortened(pack.step_title(one.step).rstrip("."), 60)
            yield Span(one.since, one.until, label, "confusion")


def _failing(assessment: Assessment, axis: Axis) -> Iterator[tuple[float, float]]:
    """Yield where production was not healthy: from its first deviation to each recovery."""
    began = assessment.evidence.times.began
    for event in assessment.exercise.state.world.events:
        if event.kind == "recovered" and began is not None:
            until = int(str(event.data["since"]))
            yield axis.x(began), round(axis.x(until) - axis.x(began), 1)
            began = None
        elif event.kind == "relapsed":
            began = event.t
    if began is not None and began < axis.end:
        yield axis.x(began), round(axis.x(axis.end) - axis.x(began), 1)


def _phases(assessment: Assessment, axis: Axis) -> Iterator[Phase]:
    began = assessment.evidence.times.began
    at = dict(moments_of(assessment))
    end = assessment.exercise.state.now
    if began is None:
        yield _phase(axis, axis.begin, end, "nothing wrong", "quiet")
        return
    detected, healed = at["detected"], at["mitigated"]
    if axis.begin < began:
        yield _phase(axis, axis.begin, began, "before", "quiet")
    noticed = min(one for one in (detected, healed, end) if one is not None)
    if began < noticed:
        yield _phase(axis, max(began, axis.begin), noticed, "unnoticed", "bad")
    worked = end if healed is None else healed
    if noticed < worked:
        yield _phase(axis, noticed, worked, "being worked on", "alert")
    if healed is not None and healed < end:
        yield _phase(axis, healed, end, "healthy again", "good")


def _phase(axis: Axis, since: int, until: int, name: str, tone: str) -> Phase:
    x = axis.x(since)
    width = round(axis.x(until) - x, 1)
    words = f"{name} from {clock(since)} to {clock(until)} ({duration(until - since)})"
    return Phase(x, width, name, tone, words, width > 6.2 * len(name) + 8)


def _dots(axis: Axis, moments: Sequence[Moment], y: float, kind: str) -> Iterator[Dot]:
    """Yield the moments of one lane, those of a kind that stand close together as one."""
    groups: list[tuple[float, str, list[Moment]]] = []
    last: dict[str, int] = {}
    for moment in moments:
        own = moment.kind or kind
        x = axis.x(moment.at)
        known = last.get(own)
        if known is not None and x - groups[known][0] < _NEAR:
            groups[known][2].append(moment)
        else:
            last[own] = len(groups)
            groups.append((x, own, [moment]))
    for x, own, together in groups:
        told = [f"{clock(one.at)} {shortened(one.text, 100)}" for one in together[:4]]
        more = [f"and {len(together) - 4} more"] if len(together) > 4 else []
        yield Dot(x, y, own, "\n".join([*told, *more]))
