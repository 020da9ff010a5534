"""What happens in production: causes, rules, alerts, actions, harm, recovery."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_world import small

from simulator.world import World, WorldState
from simulator.world.scope import Nobody

NOBODY = Nobody()
LATE = [{"id": "late", "title": "Late", "explanation": "Never.", "at": 80_000}]
Act = tuple[int, str]


def played(to: int, *acts: Act, **scenario: Any) -> tuple[World, WorldState]:
    world = small(**scenario)
    state = world.start()
    for at, action in acts:
        world.advance(state, at, NOBODY)
        world.perform(state, action, {}, "seat", NOBODY)
    world.advance(state, to, NOBODY)
    return world, state


def happened(state: WorldState, *kinds: str) -> list[tuple[int, str, str]]:
    return [(e.t, e.kind, e.subject) for e in state.events if e.kind in kinds]


def rule(**fields: Any) -> list[dict[str, Any]]:
    return [{"id": "agent", "set": {"worker.count": 9}} | fields]


def when_applied(to: int, *acts: Act, **fields: Any) -> list[int]:
    _, state = played(to, *acts, causes=LATE, rules=rule(**fields))
    return [event.t for event in state.events if event.subject == "agent"]


def test_a_cause_sets_the_state_and_ends_when_it_should() -> None:
    _, state = played(120, (100, "unload"))
    assert happened(state, "cause-began", "cause-ended") == [
        (60, "cause-began", "leak"), (101, "cause-ended", "leak"),
    ]  # fmt: skip
    assert state.history["db.load"][1:] == ((60, "high"), (100, "normal"))
    assert state.first_deviation == 60


def test_causes_of_before_are_in_force_at_the_start() -> None:
    early = [{"id": "old", "title": "Old", "explanation": "x", "at": -5000,
              "set": {"db.load": "high"},
              "effects": [{"on": "errors", "by": "+9", "delay": 10}]}]  # fmt: skip
    state = small(causes=early).start()
    assert state.t == -900
    assert state.variables["db.load"] == "high"
    assert state.first_deviation == -5000  # the overload that the cause brought about
    assert state.events[0].t == -5000


def test_the_scenario_lays_its_state_and_rows_over_the_systems() -> None:
    state = small(state={"worker.count": 1}, rows={"releases": [["v2", "cyd", -60]]}).start()
    assert state.variables["worker.count"] == 1
    assert [row["version"] for row in state.tables["releases"]] == ["v0", "v1", "v2"]


def test_a_rule_acts_once_for_each_time_it_becomes_true() -> None:
    acts = [(10, "load"), (30, "unload"), (50, "load")]
    high = 'db.load == "high"'
    assert when_applied(90, *acts, when=high) == [11, 51]
    assert when_applied(90, *acts, when=high, once=True) == [11]
    assert when_applied(90, *acts, when=high, after=5) == [16, 56]


def test_a_rule_waits_until_its_condition_has_held() -> None:
    high = 'db.load == "high"'
    assert when_applied(90, (10, "load"), (30, "unload"), when=high, hold=19) == [30]
    assert when_applied(90, (10, "load"), (30, "unload"), when=high, hold=20) == []


def test_a_rule_looks_at_its_if_when_it_is_due() -> None:
    high = 'db.load == "high"'
    due = {"when": high, "after": 20, "if": high}
    assert when_applied(90, (10, "load"), (20, "unload"), **due) == []
    assert when_applied(90, (10, "load"), **due) == [31]


def test_an_alert_fires_after_its_hold_and_is_resolved_when_calm() -> None:
    _, state = played(400, (10, "break"), causes=LATE)
    assert happened(state, "alert-pending", "alert-fired", "alert-resolved") == [
        (20, "alert-pending", "failing"), (50, "alert-fired", "failing"),
        (110, "alert-resolved", "failing"),
    ]  # fmt: skip
    assert state.alerts["failing"].fired == ((50, 110),)
    assert state.alerts["failing"].status == "inactive"


def test_an_alert_does_not_flap() -> None:
    _, state = played(100, (10, "break"), (55, "mend"), (65, "break"), causes=LATE)
    assert state.alerts["failing"].fired == ((50, None),)
    _, state = played(100, (10, "break"), (25, "mend"), causes=LATE)
    assert not state.alerts["failing"].fired


def test_a_need_that_does_not_hold_refuses_in_its_own_words() -> None:
    world, state = played(0, (0, "switch-off"))
    before = len(state.events)
    begun = world.perform(state, "restart", {}, "ann", NOBODY)
    assert (begun.text, begun.refused) == ("ann may not: the flag is off", True)
    assert len(state.events) == before
    assert not state.running


def test_a_preview_changes_nothing() -> None:
    world, state = played(0)
    before = repr(state)
    assert world.preview(state, "restart", {"unit": "b"}, "ann", NOBODY).text == "Restarting b"
    assert repr(state) == before


def test_an_action_takes_its_time_and_the_first_outcome_that_holds() -> None:
    world, state = played(10, (5, "break"), causes=LATE)
    begun = world.perform(state, "restart", {}, "ann", NOBODY)
    assert (begun.text, begun.takes) == ("Restarting a", 30)
    world.advance(state, 39, NOBODY)
    assert not state.done.get("restart")
    world.advance(state, 40, NOBODY)
    done = next(e for e in state.events if e.kind == "action-done" and e.subject == "restart")
    assert (done.t, done.text) == (40, "a is back, was down")
    assert done.data["outcome"] == "healed"
    assert done.data["reaction"] == ""
    assert done.data["by"] == "ann"
    assert done.data["failed"] is False
    assert state.done["restart"] == 1


def test_harm_is_told_with_its_act() -> None:
    world, state = played(0)
    world.perform(state, "restart", {"unit": "b"}, "ann", NOBODY)
    world.advance(state, 30, NOBODY)
    harm = next(event for event in state.events if event.kind == "harm")
    assert harm.data == {
        "level": "minor", "why": "b was well", "guard": False, "action": "restart", "by": "ann",
    }  # fmt: skip


REACTIONS = [
    {"id": "never", "on": "restart", "if": "worker.count > 50", "says": "no"},
    {"id": "special", "on": "restart", "set": {"worker.count": 8},
     "harm": {"level": "major", "why": "It lost {unit}", "guard": True}},
]  # fmt: skip


def test_a_reaction_stands_before_the_outcomes() -> None:
    world, state = played(0, reactions=REACTIONS)
    world.perform(state, "restart", {}, "ann", NOBODY)
    world.advance(state, 30, NOBODY)
    done = next(event for event in state.events if event.kind == "action-done")
    assert done.text == "a restarted"  # a reaction without words uses the outcome's
    assert (done.data["reaction"], done.data["outcome"]) == ("special", "")
    harm = [event.data for event in state.events if event.kind == "harm"]
    assert [(each["level"], each["guard"]) for each in harm] == [("major", True)]
    assert state.variables["worker.count"] == 8


def test_a_reaction_replaces_changes_and_words() -> None:
    world, state = played(
        0, reactions=[{"id": "no", "on": "release", "says": "Denied", "fails": True}]
    )
    world.perform(state, "release", {"version": "v2"}, "ann", NOBODY)
    assert state.variables["release.live"] == "v1"
    assert state.events[-1].text == "Denied"
    assert state.events[-1].data["failed"] is True


def test_changes_read_everything_before_they_change_anything() -> None:
    world, state = played(0, (0, "swap"))
    assert state.variables["release.live"] == "v0"
    assert state.variables["release.previous"] == "v1"
    world.perform(state, "release", {"version": "v2"}, "ann", NOBODY)
    assert state.events[-1].text == "v2 is live, before it v0"
    assert state.variables["release.previous"] == "v0"
    assert state.variables["worker.count"] == 4
    assert state.tables["releases"][-1] == {"version": "v2", "author": "ann", "released_at": 0}
    world.perform(state, "rename", {"version": "v2", "author": "cyd"}, "ann", NOBODY)
    assert state.tables["releases"][-1]["author"] == "cyd"
    assert world.scope(state, NOBODY)["_state"]["live.author"] == "cyd"


def test_recovery_holds_before_it_counts_and_can_be_lost() -> None:
    _, state = played(400, (150, "unload"))
    kinds = happened(state, "recovered", "relapsed")
    assert [kind for _, kind, _ in kinds] == ["recovered"]
    since = state.recovered_since
    assert since is not None
    assert 150 < since < 230
    assert kinds[0][0] == since + 30
    _, state = played(500, (150, "unload"), (300, "break"))
    assert [k for _, k, _ in happened(state, "recovered", "relapsed")][:2] == [
        "recovered",
        "relapsed",
    ]


def test_nothing_has_recovered_before_it_has_failed() -> None:
    slow = [{"id": "slow", "title": "Slow", "explanation": "x", "at": 10,
             "effects": [{"on": "errors", "by": "+60", "delay": 20, "rise": 300}]}]  # fmt: skip
    _, state = played(150, causes=slow, recovered={"when": 'metric("errors") < 40', "hold": 30})
    assert not happened(state, "recovered")
    assert state.recovered_since is None


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 90), st.sampled_from(
    ["load", "unload", "break", "mend", "swap", "release", "restart"])), max_size=6))  # fmt: skip
def test_a_copy_is_untouched_and_goes_on_the_same_way(acts: list[Act]) -> None:
    world, state = played(100, *sorted(acts))
    kept, twin = repr(state.copy()), state.copy()
    world.perform(twin, "break", {}, "seat", NOBODY)
    world.advance(twin, 200, NOBODY)
    assert repr(state.copy()) == kept
    other = state.copy()
    world.perform(state, "break", {}, "seat", NOBODY)
    world.advance(state, 200, NOBODY)
    assert twin.events == state.events
    assert world.values(twin, 200) == world.values(state, 200)
    assert other.t == 100


def test_a_jump_is_the_same_as_single_seconds() -> None:
    world, jumped = played(0)
    stepped = jumped.copy()
    world.advance(jumped, 200, NOBODY)
    for t in range(1, 201):
        world.advance(stepped, t, NOBODY)
    assert stepped.events == jumped.events
    assert stepped.history == jumped.history


@pytest.mark.parametrize("name", ["active", "began"])
def test_expressions_see_what_is_in_force(name: str) -> None:
    world, state = played(100)
    scope = world.scope(state, NOBODY)
    assert scope[name]("leak") == {"active": True, "began": 40}[name]
    assert scope[name]("outage") == {"active": False, "began": -1}[name]
    assert scope["row"]("releases", "nothing", "author") == ""
    assert scope["rows"]("releases") == 2


def test_what_chance_gives_an_action_differs_each_time() -> None:
    operation = """
    actions:
      - id: note
        title: Note
        outcomes:
          - says: "op-{hex:6}"
            insert:
              - table: releases
                row: {version: "op-{hex:6}", released_at: "{number:1:99999}"}
    """
    world = small(system=operation)
    state = world.start()
    for at in (10, 10, 20):
        world.advance(state, at, NOBODY)
        world.perform(state, "note", {}, "ann", NOBODY)
    said = [event.text for event in state.events if event.kind == "action-done"]
    noted = state.tables["releases"][2:]
    assert said == [row["version"] for row in noted]
    assert len(set(said)) == 3
    assert len({row["released_at"] for row in noted}) == 3


def test_a_count_stays_whole_and_still_finds_its_row() -> None:
    counted = """
    tables: {releases: {columns: [version, author, released_at], rows: [[4, ada, 0]]}}
    derived:
      live.author: row("releases", worker.count, "author")
      shop.up: db.status == "up"
    actions:
      - {id: more, title: More, outcomes: [{add: {worker.count: 1}}]}
      - id: own
        title: Own
        outcomes: [{update: [{table: releases, key: "{worker.count}", set: {author: cyd}}]}]
    """
    world = small(system=counted)
    state = world.start()
    world.perform(state, "more", {}, "ann", NOBODY)
    assert repr(state.variables["worker.count"]) == "4"
    world.perform(state, "own", {}, "ann", NOBODY)
    assert state.tables["releases"][0]["author"] == "cyd"


def test_an_effect_that_never_came_is_no_deviation() -> None:
    short = [{"id": "short", "title": "Short", "explanation": "x", "at": 10, "until": "t > 20",
              "effects": [{"on": "errors", "by": "+5", "delay": 300}]}]  # fmt: skip
    _, state = played(400, causes=short)
    assert state.first_deviation is None
    _, state = played(400, causes=[*short, {**short[0], "id": "long", "until": None}])
    assert state.first_deviation == 310
