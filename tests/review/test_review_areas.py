"""Strengths and areas for improvement: each from what was done, at the step it speaks of."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import exercises
import pytest
from team_play import play_team

from simulator.assessment import Assessment, Rating
from simulator.content.pack import Pack, read_pack
from simulator.review.areas import Area, areas
from simulator.review.strengths import strengths
from simulator.session.running import golden_script
from simulator.session.script import play

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def slow() -> Pack:
    """The scenario in which the database is slow."""
    return read_pack(ROOT, "ai-gurus-lms/database-degradation")


def by_key(assessment: Assessment) -> dict[str, Area]:
    """Return the areas of an exercise by their keys, each of which is there once."""
    found = areas(assessment)
    assert len({area.key for area in found}) == len(found)
    return {area.key: area for area in found}


def of_run(pack: Pack, name: str) -> Assessment:
    """Return one of the runs that prove the scenario."""
    run = next(one for one in pack.scenario.runs if one.id == name)
    begun = [act for act in pack.scenario.solution if act["at"] < run.cut] if run.based_on else []
    return play(pack, [*begun, *run.script], 1)


def test_a_faultless_exercise_has_strengths_and_no_area(stuck: Pack, slow: Pack) -> None:
    for pack in (stuck, slow):
        golden = play(pack, golden_script(pack), 1)
        assert areas(golden) == ()
        texts = [one.text for one in strengths(golden)]
        assert any("without a sign of confusion" in text for text in texts)
        assert any(text.startswith("In time: ") for text in texts)
        assert any(text.startswith("The right decision, in time: Severity") for text in texts)


def test_an_idle_exercise_has_an_area_for_each_step_and_no_strength(stuck: Pack) -> None:
    idle = play(stuck, [], 1)
    found = by_key(idle)
    assert set(found) == {*(one.step for one in idle.marks.steps), "decision:severity"}
    assert strengths(idle) == ()


def test_an_area_names_the_line_of_its_step_and_what_it_cost(stuck: Pack) -> None:
    bad = play(stuck, exercises.BAD, 1)
    found = by_key(bad)
    for key, area in found.items():
        if "#" in key:
            file, _, line = area.place.rpartition(":")
            step = stuck.step(key)
            assert step is not None
            assert (file, int(line)) == ("runbooks/kiosk/outage.md", step.line)
            assert area.title == step.text
    lost = sum((area.lost for area in found.values()), Fraction(0))
    assert lost == 100 - bad.marks.score, "every point that was lost belongs to an area"


def test_each_kind_of_fault_is_said_in_words(stuck: Pack) -> None:
    found = by_key(play(stuck, exercises.BAD, 1))
    assert found["outage#acknowledge"].analysis[:2] == (
        "It was missed: no act proves it, and nobody ticked it.",
        "Acknowledge within two minutes: never done.",
    )
    verify = found["outage#verify"].analysis[0]
    assert verify == "It was ticked at T+6:40, but the act that proves it was not seen."
    look = found["outage#look"]
    assert look.quotes == ("Which of the two dashboards?",)
    assert "said that this confuses them" in look.analysis[-1]
    assert found["decision:severity"].analysis == (
        "Chosen at T+3:10: low.", "Right was: high.",
    )  # fmt: skip


def test_a_step_out_of_order_and_a_shown_solution(stuck: Pack) -> None:
    script = [
        *golden_script(stuck)[1:-1],
        {"at": 235, "do": "acknowledge", "alert": "many-errors"},
        {"at": 240, "do": "reveal", "step": "outage#restart"},
    ]
    found = by_key(play(stuck, script, 1))
    assert found["outage#acknowledge"].analysis[0] == "It was done out of order, at T+3:55."
    assert "done after 3:05" in found["outage#acknowledge"].analysis[1]
    assert "Its solution was shown." in found["outage#restart"].analysis


def test_a_wrong_decision_stands_at_the_step_that_decides_it(slow: Pack) -> None:
    silent = by_key(of_run(slow, "silent"))["decision:severity"]
    assert silent.step == "incident-response#pd-declare"
    assert silent.analysis[0] == "Nothing was chosen."
    wrong = by_key(of_run(slow, "as-a-p2"))["decision:severity"]
    assert ": P2." in wrong.analysis[0]
    assert wrong.analysis[1].startswith("Right was: P1. ")


def test_harm_stands_at_the_step_in_whose_time_it_was_done(slow: Pack) -> None:
    harmed = of_run(slow, "restart-first")
    area = by_key(harmed)["harm:restart-compute"]
    assert area.step == "incident-response#page-priya"
    assert "Production was gone for 45 seconds" in area.analysis[0]
    assert area.lost == 15
    rated = {one.objective: one.rating for one in harmed.objectives}
    assert rated["classify"] is Rating.M
    assert rated["diagnose"] is Rating.P


def test_a_duty_that_was_neglected_is_an_area() -> None:
    pack = read_pack(ROOT, "ai-gurus-lms/site-down")
    area = by_key(of_run(pack, "tries-everything"))["duty:updates"]
    assert area.step == "incident-response#post-status-page"
    assert "over the 15:00 between two of them" in area.analysis[0]


@pytest.mark.parametrize("name", ["silent", "restart-first", "as-a-p2", "back-too-soon"])
def test_every_point_that_was_lost_belongs_to_an_area(slow: Pack, name: str) -> None:
    played = of_run(slow, name)
    assert sum((one.lost for one in areas(played)), Fraction(0)) == 100 - played.marks.score


NOTES: list[dict[str, Any]] = [
    {"at": 40, "do": "note", "kind": "strength", "text": "They spoke at once.", "about": "sell"},
    {"at": 50, "do": "note", "kind": "improvement", "text": "Looked twice. 120 s in all.",
     "about": "outage#look"},
    {"at": 60, "do": "note", "kind": "improvement", "text": "Nobody led."},
    {"at": 70, "do": "note", "text": "Just a note."},
]  # fmt: skip


def test_what_evaluators_note_is_kept_in_their_words(stuck: Pack) -> None:
    team = play_team(stuck, [*golden_script(stuck), *NOTES])
    observed = [one for one in strengths(team) if one.by]
    assert [(one.text, one.objective, one.by) for one in observed] == [
        ("They spoke at once.", "sell", "Eva Lindgren")
    ]
    found = by_key(team)
    assert found["outage#look"].analysis == ("Eva Lindgren noted: Looked twice. 120 s in all.",)
    assert found["note:3"].title == "Nobody led."
    assert found["note:3"].step == ""
    assert not any("Just a note" in area.title for area in found.values())


def test_a_flag_on_a_step_that_is_not_scored_is_an_area(slow: Pack) -> None:
    step = "incident-response#review-write"
    note = {"at": 100, "do": "confused", "step": step, "note": "Which template?"}
    area = by_key(play(slow, [*golden_script(slow), note], 1))[step]
    assert area.place.startswith("runbooks/ai-gurus-lms/incident-response.md:16")
    assert area.quotes == ("Which template?",)
    assert area.objective == ""


def test_an_overrule_is_told_with_its_reason(stuck: Pack) -> None:
    overrule = {"at": 480, "do": "overrule", "step": "outage#verify", "reason": "I saw it."}
    half = play(stuck, [*exercises.BAD, {**overrule, "share": 0.25}], 1)
    told = by_key(half)["outage#verify"].analysis
    assert told[0] == "Its mark was overruled: I saw it."
    done = by_key(play(stuck, [*exercises.BAD, {**overrule, "share": 0}], 1))
    assert "outage#verify" not in done
