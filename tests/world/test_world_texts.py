"""Placeholders, logs, panels and pools."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_world import SYSTEM, small

import simulator.world
from simulator.content.system import TablePanel, TextPanel
from simulator.world import World, WorldState, draw_pools, placeholders
from simulator.world.panels import table_rows, text_of
from simulator.world.scope import Nobody

NOBODY = Nobody()


def played(to: int, seed: int = 7) -> tuple[World, WorldState]:
    world = small(seed)
    state = world.start()
    world.advance(state, to, NOBODY)
    return world, state


FILLED = {
    "{unit} {unit|upper}": "Web WEB",
    "{unit|lower}|{unit:<5}|{unit:>5}|{unit:^5}|": "web|Web  |  Web| Web |",
    "{unit|upper:>5}": "  WEB",
    "{unit|json}": '"Web"',
    "{now} {now|clock} {now|minute} {now|date}": "2026-03-04T12:01:40Z 12:01:40 12:01 2026-03-04",
    "{ago:90} {ago:90|clock}": "2026-03-04T12:00:10Z 12:00:10",
    "{t}": "100",
    "{begun_at|stamp} {begun_at|ago}": "2026-03-04T11:00:00 1h".replace("T", " "),
    "{release.live} {live.author} {flag.on}": "v1 ada true",
    '{"a": {"b": [1, 2]}}': '{"a": {"b": [1, 2]}}',
    "{{unit}": "{unit}",
    "{nothing} {Unit} { unit}": "{nothing} {Unit} { unit}",
    "{metric:quiet} {metric:quiet:2}": "50.0 50.00",
}


@pytest.mark.parametrize("text", FILLED)
def test_placeholders_are_filled(text: str) -> None:
    world, state = played(100)
    assert world.fill(state, text, {"unit": "Web", "begun_at": -3600}) == FILLED[text]


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0s"), (34, "34s"), (720, "12m"), (10_800, "3h"), (172_800, "2d")]
)
def test_ages_are_short(seconds: int, shown: str) -> None:
    world, state = played(0)
    assert world.fill(state, "{x|ago}", {"x": -seconds}) == shown


def test_what_chance_fills_stays_within_its_limits() -> None:
    world, state = played(0)
    for number in range(200):
        text = world.fill(state, "{number:3:5} {hex:8} {pool.user}", {}, ("place", number))
        assert re.fullmatch(r"[345] [0-9a-f]{8} (ada|ben|cyd|dee)", text)
        assert text == world.fill(state, "{number:3:5} {hex:8} {pool.user}", {}, ("place", number))


def test_arguments_come_before_the_state() -> None:
    world, state = played(0)
    assert world.fill(state, "{release.live}", {"release.live": "mine"}) == "mine"


def test_a_check_can_see_every_placeholder() -> None:
    marks = placeholders("{a} {metric:web.p95:0} {b|ago:>8} {{c} {D} {number:1:2}")
    assert [(mark.prefix, mark.name) for mark in marks] == [
        ("", "a"), ("metric", "web.p95"), ("", "b"), ("number", "1"),
    ]  # fmt: skip


@given(st.text(max_size=80))
def test_any_text_can_be_filled(text: str) -> None:
    world, state = TEXTS
    assert isinstance(world.fill(state, text), str)


TEXTS = played(0)
LOGS = played(300)


@given(st.integers(1, 120), st.integers(-200, 300), st.integers(0, 200))
def test_a_tail_is_a_slice_of_the_whole_log(limit: int, end: int, span: int) -> None:
    world, state = LOGS
    whole = world.log_lines(state, "web", end - span, end, 10**6)
    assert world.log_lines(state, "web", end - span, end, limit) == whole[-limit:]
    assert world.log_lines(state, "web", end - span, end, limit, newest=False) == whole[:limit]
    assert [line.t for line in whole] == sorted(line.t for line in whole)
    assert all(end - span <= line.t <= end for line in whole)


def test_nothing_is_logged_after_now() -> None:
    world, state = LOGS
    assert all(line.t <= 300 for line in world.log_lines(state, "web", 290, 400, 10**6))


def test_a_log_does_not_change_when_time_goes_on() -> None:
    world, state = played(100)
    before = world.log_lines(state, "web", 0, 99, 10**6)
    world.perform(state, "release", {"version": "v2"}, "ann", NOBODY)
    world.advance(state, 160, NOBODY)
    assert world.log_lines(state, "web", 0, 99, 10**6) == before
    later = {line.text for line in world.log_lines(state, "web", 110, 160, 10**6)}
    assert "failed on v2" in later
    assert "failed on v1" not in later


def test_logs_keep_their_rates_and_come_in_bursts() -> None:
    world, state = LOGS
    hits = [
        line for line in world.log_lines(state, "web", -890, 300, 10**6) if line.template == "hit"
    ]
    assert len(hits) / 1191 == pytest.approx(6, rel=0.15)
    per_second = [sum(line.t == t for line in hits) for t in range(-890, 301)]
    mean = len(hits) / len(per_second)
    assert 2.2 < sum((n - mean) ** 2 for n in per_second) / len(per_second) / mean < 3.8


def test_a_pino_line_unfolds_into_its_fields() -> None:
    world, state = LOGS
    line = world.log_lines(state, "audit", 0, 300, 1)[0]
    assert re.search(r'"user":\s?"(ada|ben|cyd|dee)"', line.detail)
    assert re.search(r'"ms":\s?[1-9]\b', line.detail)
    assert re.search(r'"msg":\s?"seen"', line.detail)


def test_issues_group_errors_and_grow_with_them() -> None:
    world, state = played(0)
    calm = world.issues(state, 600)
    world.advance(state, 300, NOBODY)
    troubled = world.issues(state, 600)
    assert [issue.title for issue in troubled] == ["Failed requests"]
    assert troubled[0].level == "error"
    assert troubled[0].events > 5 * sum(issue.events for issue in calm)


def test_panels_are_plain_data() -> None:
    world, state = played(0)
    table, text = world.system.dashboards[0].panels
    assert isinstance(table, TablePanel)
    assert isinstance(text, TextPanel)
    assert [tuple(row) for row in table_rows(world, state, table, NOBODY)] == [
        ("v1", "2026-03-04 11:00:00", "1h"), ("v0", "2026-03-04 10:00:00", "2h"),
    ]  # fmt: skip
    assert text_of(world, state, text, NOBODY) == "Up at 12:00:00"
    world.perform(state, "break", {}, "ann", NOBODY)
    assert text_of(world, state, text, NOBODY) == "Down, 3 workers"


def test_pools_are_drawn_by_seed() -> None:
    system = small().system
    assert draw_pools(system, 1) == draw_pools(system, 1)
    assert draw_pools(system, 1) != draw_pools(system, 2)
    assert {name: len(values) for name, values in draw_pools(system, 1).items()} == {
        "user": 4,
        "ip": 2,
    }
    assert "pools:" in SYSTEM


def test_the_world_computes_without_libm_clock_or_chance() -> None:
    folder = Path(str(simulator.world.__file__)).parent
    forbidden = re.compile(
        r"\bmath\.(?!fsum\b|sqrt\b|floor\b|ceil\b|trunc\b|isfinite\b)"
        r"|(?<=\w) \*\* |(?<=[\w)])\*\*(?=[\w(])"
        r"|^import random|^from random|\btime\.time\(|datetime\.now|perf_counter"
    )
    found = [
        f"{file.name}:{number}: {line.strip()}"
        for file in sorted(folder.glob("*.py"))
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if forbidden.search(line)
    ]
    assert not found


def test_a_default_reads_like_any_other_value() -> None:
    asked = """
    actions:
      - id: ask
        title: Ask
        args: {on: {title: "On", default: flag.on}}
        outcomes: [{says: "{on}"}]
    """.replace("{on: {", '{"on": {')
    world = small(system=asked)
    state = world.start()
    world.perform(state, "ask", {}, "ann", NOBODY)
    assert state.events[-1].text == "true"


def test_lines_of_the_past_keep_the_rows_of_the_past() -> None:
    logged = """
    logs:
      - id: web
        title: Web
        service: shop
        templates:
          - {id: by, level: info, text: "by {live.author}", rate: "2"}
          - {id: acted, level: info, text: acted, rate: 'did("rename")'}
    """
    world = small(system=logged)
    state = world.start()
    world.advance(state, 100, NOBODY)
    before = world.log_lines(state, "web", 0, 99, 10**6)
    world.perform(state, "rename", {"version": "v1", "author": "zed"}, "ann", NOBODY)
    world.advance(state, 130, NOBODY)
    assert world.log_lines(state, "web", 0, 99, 10**6) == before
    assert {line.text for line in before} == {"by ada"}
    later = {line.text for line in world.log_lines(state, "web", 101, 130, 10**6)}
    assert later == {"by zed", "acted"}
