"""Replay: at any moment, from anywhere, the exercise is what folding its acts up to then gives."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from replayed import ALONE, TOGETHER, acts_of

from simulator.assessment import assess
from simulator.content.pack import Pack, read_pack
from simulator.exercise import acts as a
from simulator.exercise.digest import digest
from simulator.exercise.fold import Exercise
from simulator.session import replay as module
from simulator.session.landmarks import Landmarks, deeds, landmarks
from simulator.session.opening import NotAnExercise
from simulator.session.replay import Moment, Replay, times_of
from simulator.session.script import play

ROOT = Path(__file__).parents[2]

SLOW = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
KINDS = ("alone", "together")


@pytest.fixture(params=KINDS)
def acts(request: pytest.FixtureRequest, stuck: Pack) -> list[a.AnyAct]:
    return acts_of(stuck, ALONE) if request.param == "alone" else acts_of(stuck, TOGETHER, "Blue")


@pytest.fixture(autouse=True)
def _close_checkpoints(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some acts between two checkpoints, and some checkpoints between two acts."""
    monkeypatch.setattr(module, "SECONDS", 25)
    monkeypatch.setattr(module, "ACTS", 4)


def folded(acts: list[a.AnyAct], pack: Pack, moment: Moment) -> Exercise:
    """Return an exercise that has taken the acts up to a moment, one after the other."""
    opening = acts[0]
    assert isinstance(opening, a.Open)
    exercise = Exercise(opening, pack)
    for act in acts[: moment.taken]:
        exercise.apply(act)
    exercise.advance(moment.at)
    return exercise


def moments(replay: Replay) -> list[Moment]:
    """Return every moment there is: each second, and each act."""
    seconds = [replay.moment_at(at) for at in range(replay.end.at + 1)]
    return sorted({*seconds, *(replay.moment_of(n) for n in range(1, len(replay.acts) + 1))})


@SLOW
@given(data=st.data())
def test_seeking_from_anywhere_gives_what_folding_gives(
    data: st.DataObject, acts: list[a.AnyAct], stuck: Pack
) -> None:
    replay = Replay(acts, stuck)
    known = cache(lambda moment: digest(folded(acts, stuck, moment)))
    for moment in data.draw(st.lists(st.sampled_from(moments(replay)), min_size=2, max_size=8)):
        replay.show(moment)
        assert digest(replay.exercise) == known(moment)
        assert replay.exercise.state.now == moment.at
        assert replay.moment == moment


@SLOW
@given(data=st.data())
def test_the_marks_of_a_moment_are_those_of_an_exercise_that_stops_there(
    data: st.DataObject, acts: list[a.AnyAct], stuck: Pack
) -> None:
    replay = Replay(acts, stuck)
    for moment in data.draw(st.lists(st.sampled_from(moments(replay)), min_size=2, max_size=5)):
        stopped = [*acts[: moment.taken], a.Clock(at=moment.at, by=a.HOST)]
        found, wanted = replay.assessment_at(moment), assess(stopped, stuck)
        assert found.marks == wanted.marks
        assert [(x.step, x.points, x.confusion_point) for x in found.confusion.steps] == [
            (x.step, x.points, x.confusion_point) for x in wanted.confusion.steps
        ]
        assert found.evidence.times == wanted.evidence.times


def test_the_last_moment_is_worth_what_the_exercise_is_worth(
    acts: list[a.AnyAct], stuck: Pack
) -> None:
    replay = Replay(acts, stuck)
    replay.show(replay.moment_at(10))
    found, wanted = replay.assessment_at(replay.end), assess(acts, stuck)
    assert (found.marks, found.confusion) == (wanted.marks, wanted.confusion)
    assert found.evidence.acts == wanted.evidence.acts
    assert replay.exercise.state.now == 10  # what is shown did not move


def test_what_is_shown_is_not_touched_by_what_is_folded(acts: list[a.AnyAct], stuck: Pack) -> None:
    replay = Replay(acts, stuck)
    replay.show(replay.moment_at(33))
    before = digest(replay.exercise)
    while replay.explore() < 1:
        pass
    replay.assessment_at(replay.moment_at(200))
    assert digest(replay.exercise) == before
    replay.exercise.state.messages.clear()
    replay.exercise.state.world.variables.clear()
    replay.show(replay.moment_at(33))
    assert digest(replay.exercise) == before


def test_acts_of_one_second_are_moments_of_their_own(stuck: Pack) -> None:
    replay = Replay(acts_of(stuck, ALONE), stuck)
    numbers = [n for n, act in enumerate(replay.acts, 1) if act.at == 51]
    assert len({replay.moment_of(number) for number in numbers}) == len(numbers) >= 3
    replay.show(replay.moment_of(numbers[0]))
    assert replay.exercise.state.acknowledged
    assert "I have it." not in [message.text for message in replay.exercise.state.messages]
    replay.show(replay.moment_at(51))
    assert replay.exercise.state.messages[-1].text == "I have it."


def test_a_jump_is_time_that_passes(stuck: Pack) -> None:
    replay = Replay(acts_of(stuck, TOGETHER, "Blue"), stuck)
    jump = next(n for n, act in enumerate(replay.acts, 1) if isinstance(act, a.Jump))
    assert replay.moment_of(jump).at == 170
    within = replay.moment_at(100)
    assert within.taken == jump - 1
    replay.show(within)
    assert replay.exercise.state.now == 100


def test_time_stands_still_after_the_end(stuck: Pack) -> None:
    acts = acts_of(stuck, ALONE)
    late = [*acts, a.Overrule(at=9_000, step="outage#look", share="0", reason="Seen.")]
    assert times_of(late, 600)[-3:] == [400, 400, 400]
    replay = Replay(late, stuck)
    replay.show(replay.end)
    assert replay.exercise.state.overrules
    replay.show(replay.moment_of(len(acts)))
    assert replay.exercise.state.closed
    assert not replay.exercise.state.overrules


def test_moments_outside_are_the_first_and_the_last(stuck: Pack) -> None:
    replay = Replay(acts_of(stuck, ALONE), stuck)
    assert replay.moment_at(-5) == replay.moment_at(0)
    assert replay.moment_at(10**6) == replay.end
    assert replay.moment_of(0) == replay.moment_of(1) == Moment(0, 1)
    assert replay.moment_of(10**6) == replay.end


def test_an_exercise_that_has_only_been_opened_can_be_replayed(stuck: Pack) -> None:
    replay = Replay(acts_of(stuck, []), stuck)
    assert replay.end == replay.moment == Moment(0, 1)
    assert replay.explore() == 1
    assert landmarks(replay).all == ()
    assert replay.assessment_at(replay.end).marks.points == 0


def test_what_begins_with_something_else_is_no_exercise(stuck: Pack) -> None:
    with pytest.raises(NotAnExercise):
        Replay(acts_of(stuck, ALONE)[1:], stuck)


def test_exploring_ends_and_leaves_no_long_way_to_anywhere(
    stuck: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    replay = Replay(acts_of(stuck, ALONE), stuck)
    shares = [replay.explore()]
    while shares[-1] < 1:
        shares.append(replay.explore())
    assert shares == sorted(shares)
    assert len(shares) > 10
    assert replay.explore() == 1
    passed: list[int] = []
    monkeypatch.setattr(Exercise, "advance", _counting(passed))
    for moment in (replay.end, replay.moment_at(7), replay.moment_at(399), replay.moment_at(222)):
        passed.clear()
        replay.state_at(moment)
        assert sum(passed) <= 25


def _counting(passed: list[int]):  # type: ignore[no-untyped-def]
    advance = Exercise.advance

    def counted(exercise: Exercise, to: int) -> None:
        passed.append(max(0, to - exercise.state.now))
        advance(exercise, to)

    return counted


def found(marks: Landmarks, kind: str) -> list[tuple[int, str]]:
    return [(one.moment.at, one.about) for one in marks.all if one.kind == kind]


def test_landmarks_are_where_things_happened(stuck: Pack) -> None:
    marks = landmarks(Replay(acts_of(stuck, ALONE), stuck))
    assert found(marks, "inject") == [(90, "queue")]
    assert [name for _, name in found(marks, "alert")] == ["many-errors"]
    assert (61, "outage#restart") in found(marks, "confusion")
    acts = marks.of("act")
    assert len(acts) == len(ALONE)
    assert acts[1].what == "acknowledged the alert Many errors at the kiosk"


def test_landmarks_of_a_team_follow_what_its_facilitator_did(stuck: Pack) -> None:
    replay = Replay(acts_of(stuck, TOGETHER, "Blue"), stuck)
    marks = landmarks(replay)
    assert found(marks, "inject") == [(180, "queue"), (194, "written-1")]
    assert {one.about for one in marks.of("act")} == {"fay", "kim", "lee"}


def test_the_way_along_landmarks_leads_over_all_of_them_and_back(
    acts: list[a.AnyAct], stuck: Pack
) -> None:
    replay = Replay(acts, stuck)
    marks = deeds(replay)
    forwards = []
    here = replay.moment_at(-1)
    first = marks.before(here, "act")
    while (one := marks.after(here, "act")) is not None:
        forwards.append(one)
        here = one.moment
    backwards = [forwards[-1]]
    while (one := marks.before(here, "act")) is not None:
        backwards.append(one)
        here = one.moment
    assert {x.moment for x in backwards[::-1]} == {x.moment for x in marks.of("act")}
    assert first is None or first.moment < replay.moment_at(0)
    assert marks.after(replay.end, "act") is None


def test_a_replay_of_the_store_needs_no_other(stuck: Pack, tmp_path: Path) -> None:
    from simulator.journal import Store
    from simulator.session.drill import new_key
    from simulator.session.replay import read_replay

    store = Store(tmp_path / "store")
    name = store.new_id()
    with store.create(name) as journal:
        bodies = [a.write_act(act) for act in acts_of(stuck, ALONE)]
        journal.append_all([(new_key(), body) for body in bodies])
        exercise_id, replay = read_replay(store, name)  # while it is open elsewhere
    assert exercise_id == name
    assert [a.write_act(act) for act in replay.acts] == bodies


def test_marks_of_a_whole_scenario_are_the_same_after_going_back_and_forth() -> None:
    pack = read_pack(ROOT, "ai-gurus-lms/site-down")
    whole = play(pack, pack.scenario.solution, 1)
    replay = Replay(whole.evidence.acts, pack)
    assert any(cadence.times for cadence in whole.evidence.facts.cadences)
    for number in (len(replay.acts), 20, 30, len(replay.acts), 30):
        found = replay.assessment_at(replay.moment_of(number))
        wanted = whole if number == len(replay.acts) else assess(replay.acts[:number], pack)
        assert found.evidence.facts == wanted.evidence.facts
        assert found.marks == wanted.marks
