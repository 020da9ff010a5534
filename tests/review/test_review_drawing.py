"""The charts: everything inside its frame, on one axis, with words that say the same."""

from __future__ import annotations

import re
from pathlib import Path

import exercises
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from team_play import PEOPLE, play_team

from simulator.assessment import Assessment
from simulator.content.pack import Pack, read_pack
from simulator.review import Source, written
from simulator.review.axis import LEFT, LETTER, NARROW, WIDTH, Axis, Span, fitted, lines_at
from simulator.review.drawing import Drawing, draw
from simulator.review.metrics import key_metrics, nice_scale
from simulator.review.stepmap import step_map
from simulator.review.timeline import timeline, worth_reading
from simulator.session.running import golden_script
from simulator.session.script import play

ROOT = Path(__file__).parents[2]
moments = st.integers(-900, 14_400)


@pytest.fixture(scope="module")
def team(stuck: Pack) -> Assessment:
    """A team that had its troubles."""
    return play_team(stuck, exercises.BAD)


def drawing_of(assessment: Assessment, width: int = WIDTH) -> Drawing:
    """Return the drawing of an exercise."""
    return draw(assessment, timeline(assessment), key_metrics(assessment), width)


@settings(deadline=None)
@given(st.tuples(moments, moments).filter(lambda pair: pair[0] < pair[1]), st.lists(moments))
def test_the_axis_keeps_order_and_frame(ends: tuple[int, int], at: list[int]) -> None:
    axis = Axis(*ends)
    xs = [axis.x(one) for one in sorted(at)]
    assert xs == sorted(xs)
    assert all(LEFT <= x <= axis.right for x in xs)
    ticks = axis.ticks()
    assert len(ticks) <= 12
    assert all(LEFT <= x <= axis.right for x, _ in ticks)


spans = st.builds(
    lambda since, length, label: Span(since, since + length, label, "bad"),
    st.integers(0, 3600),
    st.integers(0, 3600),
    st.text("abc ", min_size=1, max_size=60),
)


@settings(deadline=None)
@given(st.lists(spans, max_size=12))
def test_bars_and_their_labels_never_stand_on_each_other(found: list[Span]) -> None:
    axis = Axis(0, 3600)
    bars, height = fitted(axis, found, 0, 17)
    taken: dict[float, list[tuple[float, float]]] = {}
    for bar in bars:
        wide = LETTER * len(bar.label)
        left = bar.text_x - wide if bar.anchor == "end" else bar.text_x
        right = bar.text_x if bar.anchor == "end" else bar.text_x + wide
        assert right <= axis.right + 1
        assert bar.x + bar.width <= axis.right + 2
        assert bar.y + 17 <= height
        for begin, end in taken.setdefault(bar.y, []):
            assert right <= begin or end <= left
        taken[bar.y].append((left, right))


@settings(deadline=None)
@given(st.floats(-1e6, 1e9), st.floats(0, 1e9))
def test_a_scale_is_round_and_holds_everything(low: float, span: float) -> None:
    high = low + span
    scale = nice_scale(low, high)
    assert 2 <= len(scale) <= 7
    assert scale == sorted(set(scale))
    slack = 1e-6 * max(1.0, abs(low), abs(high))
    assert scale[0] <= low + slack
    assert scale[-1] >= high - slack


def test_moments_of_one_second_share_a_line() -> None:
    lines = lines_at(Axis(0, 600), [("detected", 20), ("acknowledged", 20), ("mitigated", None)])
    assert [(line.label, line.row) for line in lines] == [("detected, acknowledged", 0)]
    near = lines_at(Axis(0, 600), [("detected", 20), ("acknowledged", 24), ("recovered", 598)])
    assert [line.row for line in near] == [0, 1, 0]
    assert near[-1].anchor == "end"


@pytest.mark.parametrize("width", [WIDTH, NARROW])
def test_everything_stands_inside_its_frame(team: Assessment, width: int) -> None:
    drawing = drawing_of(team, width)
    for dot in drawing.dots:
        assert drawing.left <= dot.x <= drawing.right
        assert 0 < dot.y < drawing.height - 16
    for phase in drawing.phases:
        assert drawing.left <= phase.x
        assert phase.x + phase.width <= drawing.right + 0.2
    for chart in drawing.charts:
        for path in (chart.line, chart.healthy):
            points = [tuple(map(float, one.split(","))) for one in path[1:].split(" L")]
            assert all(drawing.left <= x <= drawing.right for x, _ in points)
            assert all(0 <= y <= drawing.plot for _, y in points)


def test_each_person_who_acted_has_a_lane_with_the_role(team: Assessment) -> None:
    lanes = {lane.name: lane.more for lane in drawing_of(team).lanes}
    assert lanes["Ole Hansen"] == "Operations lead"
    assert lanes["Ida Moreau"] == "Incident commander"
    assert lanes["Fay Okafor"] == "Facilitator"
    assert PEOPLE["tom"][0] not in lanes, "who only joined has none"


def test_phases_follow_each_other_and_end_with_play(stuck: Pack) -> None:
    golden = drawing_of(play(stuck, golden_script(stuck), 1))
    names = [phase.name for phase in golden.phases]
    assert names == ["before", "unnoticed", "being worked on", "healthy again"]
    assert golden.phases[1].words == "unnoticed from T+0:20 to T+1:20 (1:00)"
    for phase, later in zip(golden.phases, golden.phases[1:], strict=False):
        assert phase.x + phase.width == pytest.approx(later.x, abs=0.2)
    idle = drawing_of(play(stuck, [], 1))
    assert [phase.name for phase in idle.phases] == ["before", "unnoticed"]


def test_production_is_shaded_from_the_first_deviation_to_recovery(stuck: Pack) -> None:
    assessment = play(stuck, golden_script(stuck), 1)
    drawing = drawing_of(assessment)
    began, healed = assessment.evidence.times.began, assessment.evidence.times.resolve
    assert began is not None
    assert healed is not None
    axis = Axis(0, assessment.exercise.state.now)
    ((x, width),) = drawing.failing
    assert x == axis.x(began)
    assert x + width == pytest.approx(axis.x(began + healed), abs=0.2)


def test_key_metrics_are_those_that_recovery_asks_for_and_the_most_affected(stuck: Pack) -> None:
    assert key_metrics(play(stuck, [], 1)) == ["errors"]
    pack = read_pack(ROOT, "ai-gurus-lms/database-degradation")
    names = key_metrics(play(pack, golden_script(pack), 1))
    assert names[:2] == ["web.p95", "web.error_rate"]
    assert len(names) == 4


def test_thousands_of_acts_are_drawn_as_a_few_hundred_dots(stuck: Pack) -> None:
    many = [{"at": 30 + number // 12, "do": "view", "view": "overview"} for number in range(3000)]
    assessment = play(stuck, many, 1)
    drawing = drawing_of(assessment)
    assert len(drawing.dots) < 200
    assert any("and " in dot.label and " more" in dot.label for dot in drawing.dots)
    told = timeline(assessment)
    shown = worth_reading(told)
    assert len(shown) < 100 < 3000 < len(told)
    text = written(Source("abc", assessment), "html").decode()
    assert f"All {len(told)} moments" in text
    assert f"The {len(shown)} moments that tell the story, of {len(told)}." in text


def test_the_drawing_has_words_for_those_who_cannot_see_it(team: Assessment) -> None:
    text = written(Source("abc", team), "html").decode()
    for svg in re.findall(r"<svg class=\"ch\"[^>]*viewBox=\"0 0 960[^>]*>", text):
        assert 'role="img"' in svg
        assert "aria-label" in svg
    drawing = drawing_of(team)
    for phase in drawing.phases:
        assert phase.words in text
    for chart in drawing.charts:
        assert chart.summary in text


def test_the_map_has_every_scored_step_in_the_order_of_the_runbook(stuck: Pack) -> None:
    bad = play(stuck, exercises.BAD, 1)
    (group,) = step_map(bad)
    shown = [one for place in group["sections"] for one in place["steps"]]
    assert [one["step"].partition("#")[2] for one in shown] == [
        "acknowledge", "look", "restart", "verify",
    ]  # fmt: skip
    assert [one["sign"] for one in shown] == ["✗", "✓", "✓", "◐"]
    assert [one["critical"] for one in shown] == [True, False, True, False]
    assert [one["confusing"] for one in shown][1]
    assert [one["line"] for one in shown] == sorted(one["line"] for one in shown)
