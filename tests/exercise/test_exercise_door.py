"""The door: every impossible act is refused in plain words, whatever is proposed."""

from __future__ import annotations

from typing import Any

import pytest
from busy_kiosk import begun, took
from hostile_text import HOSTILE, all_texts, is_clean, proposals, texts
from hypothesis import example, given, settings
from hypothesis import strategies as st

from simulator.content.pack import Pack
from simulator.exercise import acts as a
from simulator.exercise.door import Refused, admit
from simulator.exercise.fold import Exercise


def tried(exercise: Exercise, act: dict[Any, Any]) -> a.AnyAct | str:
    """Return what an act becomes at the door, or why it is refused. Nothing else is raised."""
    try:
        return admit(exercise, act)
    except Refused as refused:
        return str(refused)


def refusal(exercise: Exercise, act: dict[Any, Any]) -> str:
    """Return why an act is refused."""
    with pytest.raises(Refused) as refused:
        admit(exercise, act)
    return str(refused.value)


IMPOSSIBLE: list[tuple[dict[Any, Any], str]] = [
    ({}, 'An act says with "do" what was done.'),
    ({"do": "veiw"}, 'There is no act "veiw". Did you mean "view"?'),
    ({"do": "view"}, '"view" is missing.'),
    ({"do": "view", "view": "overveiw"}, 'There is no dashboard "overveiw". Did you mean "overvi'),
    ({"do": "view", "view": "overview", "colour": 1}, '"colour" is not known here.'),
    ({"do": "view", "view": "overview", "at": 99}, "That moment has passed."),
    ({"do": "view", "view": "overview", "at": 101}, "That moment has not come yet."),
    ({"do": "view", "view": "overview", "by": "\u200b"}, '"by": nobody sits there.'),
    ({"do": "logs", "stream": "kiosk"}, 'There is no log stream "kiosk".'),
    ({"do": "read", "runbook": "outrage"}, 'There is no runbook "outrage". Did you mean "outage"?'),
    ({"do": "action", "action": "explode"}, 'There is no action "explode".'),
    ({"do": "acknowledge", "alert": "few-errors"}, 'There is no alert "few-errors".'),
    ({"do": "post", "channel": "ops", "text": " \n\x1b"}, "There is nothing to send yet."),
    ({"do": "post", "channel": "opps", "text": "x"}, 'There is no channel "opps".'),
    ({"do": "post", "channel": "ops", "template": "upd"}, 'There is no template "upd".'),
    (
        {"do": "post", "channel": "ops", "template": "update", "fields": {"what": "x"}},
        "Still to fill in: When.",
    ),
    (
        {"do": "post", "channel": "ops", "template": "update", "fields": {"who": "x"}},
        'There is no field "who".',
    ),
    ({"do": "declare", "severity": "hihg"}, 'There is no severity "hihg". Did you mean "high"?'),
    ({"do": "decide", "decision": "buy", "option": "x"}, 'There is no decision "buy".'),
    ({"do": "decide", "decision": "sell", "option": "x"}, 'There is no option "x".'),
    ({"do": "tick", "step": "outage#no"}, 'No runbook has a step "outage#no".'),
    ({"do": "skip", "step": "outage"}, 'No runbook has a step "outage".'),
    ({"do": "confused", "step": ""}, 'No runbook has a step "".'),
    ({"do": "hint", "step": "outage#no"}, 'No runbook has a step "outage#no".'),
    ({"do": "reveal", "step": "outage#no"}, 'No runbook has a step "outage#no".'),
    ({"do": "speed", "factor": 3}, '"factor": this should be 1, 2, 5 or 10.'),
    ({"do": "hotwash", "answers": {}}, "That is for the review, after the exercise has ended."),
    ({"do": "close"}, "That is for the review, after the exercise has ended."),
]


@pytest.mark.parametrize(("act", "words"), IMPOSSIBLE)
def test_an_impossible_act_is_refused_in_plain_words(
    pack: Pack, act: dict[Any, Any], words: str
) -> None:
    exercise = begun(pack)
    exercise.advance(100)
    assert refusal(exercise, act).startswith(words)


def test_an_exercise_is_not_opened_twice(pack: Pack) -> None:
    exercise = begun(pack)
    again = exercise.opening.model_dump()
    assert refusal(exercise, again) == "The exercise is open already."


def test_an_alert_that_has_not_fired_cannot_be_acknowledged(pack: Pack) -> None:
    exercise = begun(pack)
    act = {"do": "acknowledge", "alert": "many-errors"}
    assert refusal(exercise, act) == "That alert has not fired."
    exercise.advance(100)
    assert admit(exercise, act).at == 100


def test_a_decision_cannot_be_taken_before_it_opens(pack: Pack) -> None:
    exercise = begun(pack)
    act = {"do": "decide", "decision": "sell", "option": "wait"}
    exercise.advance(59)
    assert refusal(exercise, act) == 'There is no decision "sell".'
    exercise.advance(60)
    assert admit(exercise, act).do == "decide"


def test_a_pause_stops_everything_but_reading_confusion_and_the_end(pack: Pack) -> None:
    exercise = begun(pack)
    exercise.advance(100)
    took(exercise, 100, do="pause")
    stopped: list[dict[str, Any]] = [
        {"do": "view", "view": "overview"},
        {"do": "logs", "stream": "kiosk-log"},
        {"do": "command", "line": "kioskctl restart"},
        {"do": "action", "action": "restart"},
        {"do": "acknowledge", "alert": "many-errors"},
        {"do": "post", "channel": "ops", "text": "x"},
        {"do": "declare", "severity": "high"},
        {"do": "decide", "decision": "sell", "option": "wait"},
        {"do": "tick", "step": "outage#look"},
        {"do": "skip", "step": "outage#look"},
        {"do": "hint"},
        {"do": "reveal"},
        {"do": "search", "query": "kiosk"},
        {"do": "pause"},
    ]
    for act in stopped:
        assert refusal(exercise, act) == "The exercise is paused. Resume it first."
    going: list[dict[str, Any]] = [
        {"do": "read", "runbook": "outage"},
        {"do": "confused", "step": "outage#look"},
        {"do": "speed", "factor": 2},
        {"do": "end"},
        {"do": "resume"},
    ]
    for act in going:
        assert admit(exercise, act).at == 100
    took(exercise, 100, do="resume")
    assert admit(exercise, stopped[0]).do == "view"


def test_after_the_end_only_the_review_goes_on_until_it_is_closed(pack: Pack) -> None:
    exercise = begun(pack)
    took(exercise, 100, do="end")
    assert refusal(exercise, {"do": "view", "view": "overview"}) == "The exercise has ended."
    assert refusal(exercise, {"do": "end"}) == "The exercise has ended."
    no_step = {"do": "overrule", "step": "outage#no", "share": 0, "reason": "x"}
    assert refusal(exercise, no_step) == 'No runbook has a step "outage#no".'
    no_goal = {"do": "confirm", "objective": "fly", "rating": "P"}
    assert refusal(exercise, no_goal) == 'There is no objective "fly".'
    took(exercise, 100, do="hotwash", answers={})
    took(exercise, 100, do="close")
    for act in ({"do": "hotwash", "answers": {}}, {"do": "view", "view": "overview"}):
        assert refusal(exercise, act) == "The exercise is closed."


def test_the_door_gives_the_output_and_believes_none_that_is_proposed(pack: Pack) -> None:
    exercise = begun(pack)
    lie = {"do": "command", "line": "kioskctl status", "output": "all is well", "failed": True,
           "action": "restart", "view": "overview", "context": {"mode": "psql"}}  # fmt: skip
    act = admit(exercise, lie)
    assert isinstance(act, a.Command)
    assert act.output.startswith("mode fine, errors ")
    assert (act.failed, act.action, act.view, act.context) == (False, "", "", {})
    found = admit(exercise, {"do": "search", "query": "dashboard", "found": 99})
    assert isinstance(found, a.Search)
    assert found.found < 99
    menu = admit(exercise, {"do": "action", "action": "restart", "output": "ha"})
    assert isinstance(menu, a.Do)
    assert menu.output == "restarting..."


MOMENTS = ("begin", "play", "paused", "over", "closed")


@pytest.fixture(scope="module")
def moments(pack: Pack) -> dict[str, Exercise]:
    """The exercise at each kind of moment. The door changes none of them."""
    exercises = {moment: begun(pack) for moment in MOMENTS}
    for moment in MOMENTS[1:]:
        exercises[moment].advance(100)
    took(exercises["paused"], 100, do="pause")
    for moment in ("over", "closed"):
        took(exercises[moment], 100, do="end")
    took(exercises["closed"], 100, do="close")
    return exercises


@settings(max_examples=250, deadline=None)
@given(moment=st.sampled_from(MOMENTS), act=proposals())
@example(moment="play", act={"do": "\x1b[31m[b]"})
@example(moment="play", act={"do": "view", "view": "overview", "\x1b[2J": 1})
@example(moment="play", act={"do": "action", "action": "restart", "args": {"\u202e": "\x00"}})
@example(moment="play", act={"do": "command", "line": "\ud800"})
@example(moment="play", act={1: 2, None: 3, "do": "pause"})
def test_whatever_is_proposed_is_refused_cleanly_or_becomes_a_clean_act(
    moments: dict[str, Exercise], moment: str, act: dict[Any, Any]
) -> None:
    exercise = moments[moment]
    before = exercise.state.copy()
    taken = tried(exercise, act)
    if isinstance(taken, str):
        assert is_clean(taken)
        assert "\n" not in taken
        assert taken[:1] == '"' or taken[:1].isupper(), taken
        assert taken.endswith((".", "?")), taken
        assert len(taken) < 1200
    else:
        assert taken.at == exercise.state.now or exercise.over
        assert all(map(is_clean, all_texts(taken.model_dump()))), taken
        assert a.read_act(a.write_act(taken)) == taken
    assert exercise.state.copy() == before


@settings(max_examples=120, deadline=None)
@given(text=st.one_of(st.sampled_from(HOSTILE), texts))
def test_a_hostile_text_is_taken_clean_and_folds_the_same_from_the_journal(
    pack: Pack, text: str
) -> None:
    live, again = begun(pack), begun(pack)
    for act in (
        {"do": "command", "line": text},
        {"do": "post", "channel": "ops", "text": text},
        {"do": "confused", "step": "outage#look", "note": text},
        {"do": "search", "query": text},
        {"do": "join", "name": text},
    ):
        taken = tried(live, act)
        if isinstance(taken, str):
            assert is_clean(taken)
            continue
        live.apply(taken)
        again.apply(a.read_act(a.write_act(taken)))
    assert live.state.copy() == again.state.copy()
    assert all(is_clean(line.line + line.output) for line in live.state.terminal)
