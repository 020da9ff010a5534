"""Time: what is said when, decisions that open, and advancing in any number of strides."""

from __future__ import annotations

import pytest
from busy_kiosk import begun, said, took
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.content.pack import Pack
from simulator.exercise.door import Refused, admit


def test_injects_come_at_their_time_after_their_delay_or_once_a_condition_held(pack: Pack) -> None:
    exercise = begun(pack)
    exercise.advance(exercise.length)
    delivered = exercise.state.delivered
    assert delivered["queue"] == 90
    assert delivered["late"] == 130
    assert "only-if" not in delivered
    assert "brief" not in delivered
    first = next(
        t
        for t in range(exercise.length)
        if exercise.world.value(exercise.state.world, "errors", t) > 10
    )
    assert delivered["held"] == first + 25
    assert delivered["still-stuck"] == 301
    late = next(text for at, _, text in said(exercise) if at == 130)
    value = exercise.world.value(exercise.state.world, "errors", 130)
    assert late.startswith("Said at 130, errors ")
    assert float(late.removesuffix(".").split()[-1]) == round(value, len(late.split(".")[1]))


def test_a_contingent_inject_is_not_sent_when_people_acted(pack: Pack) -> None:
    exercise = begun(pack)
    took(exercise, 100, do="command", line="kioskctl restart")
    exercise.advance(exercise.length)
    assert "still-stuck" not in exercise.state.delivered


def test_a_condition_that_does_not_last_sends_nothing(pack: Pack) -> None:
    exercise = begun(pack)
    took(exercise, 30, do="view", view="overview")
    took(exercise, 39, do="view", view="overview")
    exercise.advance(exercise.length)
    assert "brief" not in exercise.state.delivered
    other = begun(pack)
    took(other, 30, do="view", view="overview")
    other.advance(100)
    assert other.state.delivered["brief"] == 41


def test_an_inject_conditional_on_the_world_is_sent_when_the_condition_holds(pack: Pack) -> None:
    exercise = begun(pack)
    took(exercise, 50, do="command", line="kioskctl restart")
    exercise.advance(200)
    assert exercise.state.delivered["only-if"] == 110


def test_people_answer_those_who_ask_about_the_thing_and_only_once(pack: Pack) -> None:
    exercise = begun(pack)
    took(exercise, 10, do="post", channel="ops", text="What about the PAPER?")
    took(exercise, 30, do="post", channel="ops", text="Hello?")
    took(exercise, 40, do="post", channel="ops", text="Could it be a Jam?")
    took(exercise, 42, do="post", channel="ops", text="Paper, paper!")
    took(exercise, 60, do="post", channel="ops", text="Thanks.")
    took(exercise, 70, do="post", channel="ops", text="thanks again")
    exercise.advance(85)
    assert [one for one in said(exercise) if one[1] == "ada"] == [
        (55, "ada", "There is a slip in the printer, mode stuck."),
        (65, "ada", "Welcome."),
        (75, "ada", "Welcome."),
    ]
    assert exercise.state.answered == {"slip", "thanks"}


def test_a_decision_opens_at_its_moment(pack: Pack) -> None:
    exercise = begun(pack)
    exercise.advance(59)
    assert exercise.state.open_decisions == {}
    exercise.advance(60)
    assert exercise.state.open_decisions == {"sell": 60}


def test_play_ends_at_the_last_minute_and_time_stops_there(pack: Pack) -> None:
    exercise = begun(pack)
    exercise.advance(10_000)
    assert (exercise.state.now, exercise.over) == (480, True)
    with pytest.raises(Refused, match=r"^The exercise has ended\.$"):
        admit(exercise, {"do": "view", "view": "overview"})


def test_time_stands_still_after_the_end(pack: Pack) -> None:
    exercise = begun(pack)
    took(exercise, 100, do="end")
    world = exercise.state.world.copy()
    exercise.advance(400)
    assert exercise.state.now == 100
    assert exercise.state.world.copy() == world


def test_a_watcher_sees_each_second_once(pack: Pack) -> None:
    exercise, seen = begun(pack), list[int]()
    exercise.watchers.append(lambda one: seen.append(one.state.now))
    exercise.advance(7)
    took(exercise, 20, do="view", view="overview")
    assert seen == list(range(1, 21))


@settings(max_examples=25, deadline=None)
@given(strides=st.lists(st.integers(1, 200), max_size=12))
def test_advancing_in_one_go_equals_advancing_in_any_strides(
    pack: Pack, strides: list[int]
) -> None:
    whole, split = begun(pack), begun(pack)
    for exercise in (whole, split):
        took(exercise, 5, do="post", channel="ops", text="paper")
        took(exercise, 100, do="command", line="kioskctl restart")
    to = 100
    for stride in strides:
        to += stride
        split.advance(to)
    whole.advance(to)
    assert whole.state == split.state


def test_advancing_second_by_second_equals_one_go(pack: Pack) -> None:
    whole, split = begun(pack), begun(pack)
    whole.advance(480)
    for second in range(1, 481):
        split.advance(second)
    assert whole.state == split.state
    assert len(said(whole)) >= 4
