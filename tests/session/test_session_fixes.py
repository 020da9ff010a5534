"""Outputs, charts, logs, alerts and recovery come from the state, so they agree."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from observed import LOOK_EVERY, Look, Watched, fixes, watched

from simulator.content.finding import scenario_names
from simulator.content.pack import Pack, read_pack
from simulator.exercise import acts as a
from simulator.exercise.fold import Exercise
from simulator.world.alerts import CALM

ROOT = Path(__file__).parents[2]
NAMES = scenario_names(ROOT)
SHIFTS = (-30, 0, 150)
SETTLED = 480
"""Seconds after the last act of a fix by which everything is calm again."""
NOTHING = (
    "date",
    "vercel ls",
    "curl -i https://lms.aigurus.example/api/health/db",
    "kubectl get po",
)


@cache
def pack_of(name: str) -> Pack:
    return read_pack(ROOT, name)


@cache
def idle(name: str) -> Watched:
    return watched(pack_of(name), (), 0)


def errors(exercise: Exercise, start: int, seconds: int = 60) -> int:
    """Return how many lines of error all logs hold from `start` on."""
    return sum(
        line.level in ("error", "fatal")
        for stream in exercise.system.logs
        for line in exercise.world.log_lines(
            exercise.state.world, stream.id, start, start + seconds, 5000
        )
    )


def sides_agree(seen: Watched) -> None:
    """Assert that curl, psql and alerts say what the charts say, all along."""
    looks = [look for look in seen.looks if look.healthy is not None]
    failed = sum(not look.healthy for look in looks)
    expected = sum(look.error_rate for look in looks) / 100
    assert abs(failed - expected) <= 0.06 * len(looks) + 1.5
    assert all(not look.healthy for look in looks if look.error_rate > 99.9)
    counts = [look for look in looks if look.sessions is not None]
    assert len(counts) >= 3
    apart = sorted(abs((look.sessions or 0) - look.connections) for look in counts)
    assert apart[len(apart) // 2] <= 1
    assert apart[-1] <= 5
    for alert in seen.exercise.system.alerts:
        hold = alert.hold + LOOK_EVERY
        assert_alert(alert.id, seen.looks, hold)


def assert_alert(alert: str, looks: list[Look], hold: int) -> None:
    """Assert that an alert fires while its condition has held, and is calm once it has not."""
    need, calm = hold // LOOK_EVERY + 1, CALM // LOOK_EVERY + 2
    for index, look in enumerate(looks):
        lately = looks[max(0, index - need) : index + 1]
        if len(lately) > need and all(alert in one.due for one in lately):
            assert alert in look.firing, (alert, look.at)
        lately = looks[max(0, index - calm) : index + 1]
        if len(lately) > calm and not any(alert in one.due for one in lately):
            assert alert not in look.firing, (alert, look.at)


def charts_follow(exercise: Exercise) -> None:
    """Assert that a chart's line, the metric and the expression language have one value."""
    world, state, now = exercise.world, exercise.state.world, exercise.state.now
    scope = exercise.scope()
    for metric in exercise.system.metrics:
        line = world.series(state, metric.id, now - 60, 60, 3)
        assert line[1] == world.value(state, metric.id, now) == scope["metric"](metric.id)
        assert line[2] is None


@pytest.mark.parametrize("shift", SHIFTS)
@pytest.mark.parametrize("name", NAMES)
def test_each_valid_fix_recovers_production_whenever_it_comes(name: str, shift: int) -> None:
    pack = pack_of(name)
    for fix, acts in fixes_of(name).items():
        seen = watched(pack, acts, shift, acts[-1].at + shift + SETTLED)
        exercise = seen.exercise
        world = exercise.state.world
        since = world.recovered_since
        assert since is not None, fix
        assert bool(exercise.scenario.recovered.when.evaluate(exercise.scope())), fix
        assert all(look.healthy is not False for look in seen.looks[-12:]), fix
        assert not seen.looks[-1].firing, fix
        assert errors(exercise, exercise.state.now - 60) < 15, fix
        sides_agree(seen)
        charts_follow(exercise)


@cache
def fixes_of(name: str) -> dict[str, list[a.Command | a.Do]]:
    return fixes(pack_of(name))


@pytest.mark.parametrize("name", NAMES)
def test_without_a_fix_production_does_not_recover_and_all_sides_say_so(name: str) -> None:
    seen = idle(name)
    exercise = seen.exercise
    assert exercise.state.world.recovered_since is None
    assert not bool(exercise.scenario.recovered.when.evaluate(exercise.scope()))
    assert seen.looks[-1].firing
    assert errors(exercise, exercise.length - 60) > 15
    sides_agree(seen)
    charts_follow(exercise)


@pytest.mark.parametrize("name", NAMES)
def test_a_command_that_changes_nothing_changes_nothing_whenever_it_comes(name: str) -> None:
    pack = pack_of(name)
    third = pack.scenario.minutes * 20
    commands = [
        a.Command(at=moment + number, line=line)
        for moment in (30, third, 2 * third)
        for number, line in enumerate(NOTHING)
    ]
    seen = watched(pack, commands, 0)
    assert len(seen.exercise.state.terminal) == len(commands)
    assert seen.exercise.state.world.copy() == idle(name).exercise.state.world.copy()
    assert seen.looks == idle(name).looks


@pytest.mark.parametrize("at", [30, 90, 300])
def test_the_kiosk_is_mended_by_command_and_by_menu_alike_and_every_side_says_so(
    stuck: Pack, at: int
) -> None:
    from observed import typed

    from simulator.exercise.door import admit
    from simulator.session.opening import opening_of

    ends = []
    for fix in (
        {"do": "command", "line": "kioskctl restart"},
        {"do": "action", "action": "restart"},
    ):
        exercise = Exercise(opening_of(stuck, 1), stuck)
        exercise.advance(at)
        assert typed(exercise, "kioskctl status").startswith("mode stuck")
        before = errors(exercise, at - 30, 30)
        exercise.apply(admit(exercise, fix))
        exercise.advance(at + 100)
        world, state = exercise.world, exercise.state.world
        value = world.value(state, "errors", state.t)
        status = typed(exercise, "kioskctl status")
        assert status.startswith("mode fine")
        assert abs(float(status.split()[3]) - value) < 0.06
        assert value < 1
        assert state.recovered_since is not None
        assert not exercise.scope()["firing"]("many-errors")
        assert errors(exercise, at + 70, 30) <= before
        charts_follow(exercise)
        ends.append(state.copy())
    assert ends[0] == ends[1]


def test_asking_the_kiosk_changes_nothing_in_it(stuck: Pack) -> None:
    from simulator.exercise.door import admit
    from simulator.session.opening import opening_of

    asked, left = Exercise(opening_of(stuck, 1), stuck), Exercise(opening_of(stuck, 1), stuck)
    for at in (10, 100, 400):
        asked.advance(at)
        asked.apply(admit(asked, {"do": "command", "line": "kioskctl status"}))
    for exercise in (asked, left):
        exercise.advance(480)
    assert asked.state.world.copy() == left.state.world.copy()
    assert asked.state.world.recovered_since is None
