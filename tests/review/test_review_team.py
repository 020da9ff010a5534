"""A team's report: draft until everything is rated, two evaluators side by side, what was led."""

from __future__ import annotations

from typing import Any

import exercises
import pytest
from team_play import play_team

from simulator.assessment import Assessment
from simulator.content.pack import Pack
from simulator.review import Source, written
from simulator.review.model import model

DRAFT = "DRAFT: ratings proposed, not yet confirmed"


def rated(rating: str, by: str = "eva", objective: str = "", reason: str = "") -> dict[str, Any]:
    """Return the act of an evaluator who rates."""
    act = {"at": 480, "do": "confirm", "by": by, "rating": rating, "reason": reason}
    return act | ({"objective": objective} if objective else {})


def told(assessment: Assessment) -> dict[str, Any]:
    """Return the model of a report."""
    return model(Source("abc", assessment))


@pytest.mark.parametrize(
    ("acts", "missing"),
    [
        ([], "the exercise as a whole and 1 objective"),
        ([rated("S")], "1 objective"),
        ([rated("S", objective="sell")], "the exercise as a whole"),
        ([rated("S"), rated("not observed", objective="sell")], ""),
    ],
)
def test_it_is_a_draft_until_an_evaluator_has_rated_everything(
    stuck: Pack, acts: list[dict[str, Any]], missing: str
) -> None:
    team = play_team(stuck, [*exercises.BAD, *acts])
    assert told(team)["draft"] is bool(missing)
    assert told(team)["unconfirmed_words"] == missing
    for form in ("html", "md"):
        text = written(Source("abc", team), form).decode()
        assert (DRAFT in text) is bool(missing)
        assert not missing or f"Still to be rated by an evaluator: {missing}." in text


def test_two_evaluators_who_differ_stand_side_by_side(stuck: Pack) -> None:
    acts = [
        rated("U", reason="Too fast."),
        rated("M", by="tom", reason="Nobody looked."),
        rated("S", reason="On second thought, some challenges."),
        rated("P", objective="sell"),
    ]
    given = told(play_team(stuck, [*exercises.BAD, *acts]))
    assert [(one["by"], one["rating"], one["reason"]) for one in given["confirmed"]] == [
        ("Eva Lindgren", "S", "On second thought, some challenges."),
        ("Tom Baker", "M", "Nobody looked."),
    ]
    (objective,) = given["objectives"]
    assert [(one["by"], one["rating"]) for one in objective["confirmed"]] == [("Eva Lindgren", "P")]
    text = written(Source("abc", play_team(stuck, [*exercises.BAD, *acts])), "html").decode()
    assert "Too fast." not in text
    assert "Nobody looked." in text


def test_an_overrule_names_who_gave_it_and_why(stuck: Pack) -> None:
    act = {"at": 480, "do": "overrule", "step": "outage#look", "share": 0.25, "reason": "Seen."}
    (one,) = told(play_team(stuck, [*exercises.BAD, act]))["overruled"]
    assert one["by"] == "Eva Lindgren"
    assert (one["step"], one["lost_share"], one["reason"]) == ("outage#look", 0.25, "Seen.")


def test_what_the_facilitator_did_with_an_inject_is_told(stuck: Pack) -> None:
    acts = [
        {"at": 20, "do": "edit", "inject": "queue", "text": "Thirty people are waiting."},
        {"at": 30, "do": "postpone", "inject": "queue", "seconds": 60},
        {"at": 40, "do": "withhold", "inject": "still-stuck"},
        {"at": 50, "do": "write", "channel": "ops", "text": "A child has lost its ticket."},
        {"at": 60, "do": "speak", "person": "ada", "channel": "ops", "text": "I am coming."},
        {"at": 70, "do": "fire", "inject": "queue"},
    ]
    given = told(play_team(stuck, [*exercises.BAD, *acts]))
    injects = {one["inject"]: one for one in given["injects"]}
    assert injects["queue"]["at"] == 70
    assert injects["queue"]["text"] == "Thirty people are waiting."
    assert injects["queue"]["changed"] == ["text changed", "sent by hand", "postponed by 1:00"]
    assert injects["still-stuck"]["at"] is None
    assert injects["still-stuck"]["changed"] == ["left out"]
    assert injects["written-1"]["changed"] == ["written on the spot"]
    said = [one["text"] for one in given["timeline"] if one["who"] == "fay"]
    assert "Fay Okafor postponed “Thirty people are waiting.” by 60 s" in said
    spoken = next(one for one in given["communications"] if one["text"] == "I am coming.")
    assert spoken["from"] == "Ada Moreau"
    assert spoken["simulated"]


def test_a_hand_over_and_a_request_are_told(stuck: Pack) -> None:
    acts = [{"at": 60, "do": "hand-over", "by": "ida", "giver": "ida", "to": "ole"}]
    given = told(play_team(stuck, [*exercises.BAD[:1], *acts]))
    assert any(" change roles" in one["text"] for one in given["timeline"])
    roles = {one["name"]: one["role"] for one in given["participants"]}
    assert roles["Ole Hansen"] == "Incident commander"
    assert roles["Ida Moreau"] == "Operations lead"


def test_an_anonymous_answer_names_nobody(stuck: Pack) -> None:
    act = {"at": 480, "do": "hotwash", "by": "anonymous-3f", "answers": {"confused": "The map."}}
    team = play_team(stuck, exercises.BAD)
    from simulator.assessment import assess
    from simulator.exercise.acts import read_act

    again = assess([*team.evidence.acts, read_act(act)])
    given = told(again)
    assert [one["by"] for one in given["hotwash"]] == ["somebody"]
    assert not any("anonymous" in one["seat"] for one in given["participants"])
    text = written(Source("abc", again), "html").decode()
    assert "The map." in text
    assert "anonymous-" not in text


def test_evaluators_see_their_notes_and_nobody_is_counted(stuck: Pack) -> None:
    act = {"at": 50, "do": "note", "text": "Quiet in the room."}
    given = told(play_team(stuck, [*exercises.BAD, act]))
    assert [(one["at"], one["by"], one["text"]) for one in given["notes"]] == [
        (50, "Eva Lindgren", "Quiet in the room.")
    ]
    for one in given["participants"]:
        assert set(one) == {"seat", "name", "role", "kind"}
