"""The fold: what each act does to the state, and nothing else."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from busy_kiosk import begun, said, took

from simulator.content.pack import Pack
from simulator.exercise import acts as a
from simulator.exercise.fold import Exercise
from simulator.exercise.taking import _TAKE
from simulator.session.opening import fold

EFFECTS: list[tuple[dict[str, Any], str, Any]] = [
    ({"do": "view", "view": "overview"}, "views", {"overview": 1}),
    ({"do": "logs", "stream": "kiosk-log"}, "views", {"logs:kiosk-log": 1}),
    ({"do": "acknowledge", "alert": "many-errors"}, "acknowledged", {"many-errors": 100}),
    ({"do": "declare", "severity": "high"}, "severity", "high"),
    ({"do": "declare", "severity": "low"}, "severities", [(100, "low")]),
    ({"do": "decide", "decision": "sell", "option": "wait"}, "decisions", {"sell": (100, "wait")}),
    ({"do": "tick", "step": "outage#look"}, "ticks", {"outage#look": 100}),
    ({"do": "skip", "step": "outage#look"}, "skipped", {"outage#look": 100}),
    ({"do": "reveal"}, "revealed", [(100, "")]),
    ({"do": "speed", "factor": 5}, "speed", 5),
    ({"do": "pause"}, "paused", True),
    ({"do": "end"}, "ended", 100),
]


@pytest.mark.parametrize(("act", "field", "wanted"), EFFECTS)
def test_an_act_changes_what_it_is_about_and_nothing_else(
    pack: Pack, act: dict[str, Any], field: str, wanted: Any
) -> None:
    without, with_it = begun(pack), begun(pack)
    without.advance(100)
    took(with_it, 100, **act)
    assert getattr(with_it.state, field) == wanted
    changed = {
        name for name, value in vars(with_it.state).items() if value != getattr(without.state, name)
    }
    also = {"severity": {"severities"}, "severities": {"severity"}, "decisions": {"choices"}}
    also |= {"ended": {"end_reason"}}
    assert changed <= {field, "acts"} | also.get(field, set())


def test_every_act_of_the_vocabulary_is_folded_or_only_said_to_reviewers() -> None:
    vocabulary = set(get_args(get_args(a.AnyAct)[0]))
    assert vocabulary - set(_TAKE) == {a.Clock, a.Read, a.Search}


def test_a_command_shows_its_output_and_its_action_ends_when_it_is_done(pack: Pack) -> None:
    exercise = begun(pack)
    took(exercise, 100, do="command", line="kioskctl   restart")
    shown = exercise.state.terminal[-1]
    assert (shown.line, shown.output.strip(), shown.failed) == (
        "kioskctl   restart", "restarting...", False,
    )  # fmt: skip
    exercise.advance(119)
    assert exercise.state.world.variables["kiosk.mode"] == "stuck"
    exercise.advance(120)
    assert exercise.state.world.variables["kiosk.mode"] == "fine"
    assert [(line.at, line.output) for line in exercise.state.terminal][-1] == (120, "restarted")


def test_the_menu_does_the_same_as_the_command(pack: Pack) -> None:
    typed, chosen = begun(pack), begun(pack)
    took(typed, 100, do="command", line="kioskctl restart")
    took(chosen, 100, do="action", action="restart")
    for exercise in (typed, chosen):
        exercise.advance(200)
    assert typed.state.world == chosen.state.world


def test_an_unknown_command_fails_and_changes_nothing_in_production(pack: Pack) -> None:
    exercise, idle = begun(pack), begun(pack)
    took(exercise, 100, do="command", line="kioskctl explode")
    idle.advance(100)
    assert exercise.state.terminal[-1].failed
    assert exercise.state.world == idle.state.world


def test_hints_grow_from_nudge_to_pointer_to_answer_step_by_step(pack: Pack) -> None:
    exercise = begun(pack)
    for at in (10, 20, 30, 40):
        took(exercise, at, do="hint", step="outage#look")
    took(exercise, 50, do="hint", step="outage#restart")
    given = [(hint.at, hint.strength, hint.text) for hint in exercise.state.hints]
    assert given == [
        (10, 1, "Look up."),
        (20, 2, "Look at errors."),
        (30, 3, "Open the overview."),
        (40, 3, "Open the overview."),
        (50, 1, ""),
    ]


def test_a_changed_mind_is_kept_beside_what_stands(pack: Pack) -> None:
    exercise = begun(pack)
    took(exercise, 70, do="decide", decision="sell", option="wait")
    took(exercise, 80, do="decide", decision="sell", option="by-hand")
    assert exercise.state.decisions["sell"] == (80, "by-hand")
    assert exercise.state.choices["sell"] == ((70, "wait"), (80, "by-hand"))
    took(exercise, 90, do="tick", step="outage#look")
    took(exercise, 95, do="tick", step="outage#look", done=False)
    assert exercise.state.ticks == {}


def test_the_first_acknowledgement_and_the_first_tick_count(pack: Pack) -> None:
    exercise = begun(pack)
    for at in (100, 120):
        took(exercise, at, do="acknowledge", alert="many-errors")
        took(exercise, at, do="tick", step="outage#look")
    assert exercise.state.acknowledged == {"many-errors": 100}
    assert exercise.state.ticks == {"outage#look": 100}


def test_the_review_follows_the_end_and_close_is_last(pack: Pack) -> None:
    exercise = begun(pack)
    took(exercise, 100, do="end")
    took(exercise, 100, do="hotwash", answers={"went-well": "It ended."}, confidence=4)
    took(exercise, 100, do="overrule", step="outage#look", share=0.25, reason="I saw it.")
    took(exercise, 100, do="confirm", objective="sell", rating="M", reason="Late.")
    took(exercise, 100, do="close")
    state = exercise.state
    assert state.hotwash == {"player": {"went-well": "It ended."}}
    assert state.confidence == {"player": 4}
    overruled, rated = state.overrules["outage#look"], state.confirmed[0]
    assert (overruled.share, overruled.reason) == ("0.25", "I saw it.")
    assert (rated.objective, rated.rating, rated.reason) == ("sell", "M", "Late.")
    assert (state.closed, state.ended, state.end_reason) == (True, 100, "stopped")


def test_a_template_is_filled_once_whatever_its_fields_say(pack: Pack) -> None:
    exercise = begun(pack)
    fields = {"what": "{when}", "when": "{what} \\1"}
    took(exercise, 10, do="post", channel="ops", template="update", fields=fields)
    assert exercise.state.messages[-1].text == "{when} until {what} \\1"
    assert exercise.state.messages[-1].fields == fields


def played(pack: Pack) -> Exercise:
    exercise = begun(pack)
    acts: list[tuple[int, dict[str, Any]]] = [
        (30, {"do": "view", "view": "overview"}),
        (70, {"do": "decide", "decision": "sell", "option": "wait"}),
        (95, {"do": "post", "channel": "ops", "text": "Is it the paper?"}),
        (100, {"do": "acknowledge", "alert": "many-errors"}),
        (100, {"do": "command", "line": "kioskctl restart"}),
        (105, {"do": "hint", "step": "outage#look"}),
        (110, {"do": "command", "line": "kioskctl status | grep mode"}),
        (200, {"do": "confused", "step": "outage#verify", "note": "How?"}),
        (300, {"do": "end"}),
    ]
    for at, act in acts:
        took(exercise, at, **act)
    return exercise


def test_the_same_acts_folded_twice_give_the_same_state(pack: Pack) -> None:
    first, second = played(pack), played(pack)
    assert first.state == second.state
    assert said(first)


def test_the_fold_reads_the_texts_of_the_first_entry_and_needs_no_file(pack: Pack) -> None:
    from simulator.exercise.door import admit

    exercise = begun(pack)
    acts: list[a.AnyAct] = [exercise.opening]
    for at, act in ((50, {"do": "view", "view": "overview"}), (130, {"do": "pause"})):
        exercise.advance(at)
        acts.append(admit(exercise, act))
        exercise.apply(acts[-1])
    again = fold([a.read_act(a.write_act(act)) for act in acts])
    again.state.acts, again.state.seats = exercise.state.acts, exercise.state.seats
    again.state.roles = exercise.state.roles
    assert again.state == exercise.state
    assert again.scenario == exercise.scenario


def test_a_copy_of_the_state_is_untouched_by_later_acts(pack: Pack) -> None:
    exercise = begun(pack)
    exercise.advance(60)
    kept = exercise.state.copy()
    reference = begun(pack)
    reference.advance(60)
    assert kept == reference.state.copy()
    for at, act in (
        (70, {"do": "decide", "decision": "sell", "option": "wait"}),
        (95, {"do": "post", "channel": "ops", "text": "paper"}),
        (100, {"do": "acknowledge", "alert": "many-errors"}),
        (101, {"do": "tick", "step": "outage#look"}),
        (102, {"do": "hint", "step": "outage#look"}),
        (103, {"do": "view", "view": "overview"}),
        (104, {"do": "action", "action": "restart"}),
        (300, {"do": "end"}),
        (300, {"do": "hotwash", "answers": {"confused": "All."}, "confidence": 1}),
    ):
        took(exercise, at, **act)
    assert kept == reference.state.copy()
    assert kept != exercise.state.copy()


def test_the_outside_tells_the_world_what_people_did(pack: Pack) -> None:
    exercise = begun(pack)
    outside = exercise.outside
    assert not outside.acknowledged("many-errors")
    assert (outside.severity, outside.opened("overview"), outside.posted("ops")) == ("", 0, 0)
    assert (outside.decided("sell"), outside.ticked("outage#look")) == ("", False)
    took(exercise, 100, do="acknowledge", alert="many-errors")
    took(exercise, 100, do="view", view="overview")
    took(exercise, 100, do="view", view="overview")
    took(exercise, 100, do="post", channel="ops", text="Hello.")
    took(exercise, 100, do="decide", decision="sell", option="by-hand")
    took(exercise, 100, do="tick", step="outage#look")
    took(exercise, 100, do="declare", severity="high")
    assert outside.acknowledged("many-errors")
    assert outside.opened("overview") == 2
    assert outside.delivered("queue")
    assert not outside.delivered("still-stuck")
    assert outside.posted("ops") == outside.posted("responders") == 1
    assert outside.posted("customers") == 0
    assert (outside.decided("sell"), outside.ticked("outage#look")) == ("by-hand", True)
    assert outside.severity == "high"
