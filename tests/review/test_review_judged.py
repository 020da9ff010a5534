"""The report tells how objectives, decisions and injects came out, and what an evaluator said."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from simulator.content.pack import Pack, read_pack
from simulator.review import result_json, write_report
from simulator.session.running import golden_script
from simulator.session.script import play

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site_down() -> Pack:
    """The scenario in which the site is down."""
    return read_pack(ROOT, "ai-gurus-lms/site-down")


def test_each_objective_has_its_steps_and_how_they_were_done(site_down: Pack) -> None:
    golden = json.loads(result_json("x", play(site_down, golden_script(site_down), 1)))
    idle = json.loads(result_json("x", play(site_down, [], 1)))
    for one in golden["objectives"]:
        assert one["steps"]
        assert {step["how"] for step in one["steps"]} <= {"proved", "not asked"}
    assert {s["how"] for one in idle["objectives"] for s in one["steps"]} <= {"missed", "not asked"}


def test_a_decision_says_what_was_chosen_and_because_of_what(site_down: Pack) -> None:
    golden = json.loads(result_json("x", play(site_down, golden_script(site_down), 1)))
    severity, change, *_ = golden["decisions"]
    assert severity["chosen"] == severity["right"] == "P0"
    assert severity["right_because"]
    assert change["chosen"] == change["right"]
    assert change["because"]
    idle = json.loads(result_json("x", play(site_down, [], 1)))
    assert [one["chosen"] for one in idle["decisions"]] == [None] * len(golden["decisions"])


def test_an_inject_says_what_was_expected(site_down: Pack) -> None:
    figures = json.loads(result_json("x", play(site_down, [], 1)))
    expecting = {one["inject"]: one for one in figures["injects"] if one["expects"]}
    written = {one.id: one.expects for one in site_down.scenario.timeline if one.expects}
    assert {name: [e["step"] for e in one["expects"]] for name, one in expecting.items()} == written
    assert all(one["at"] is None or one["at"] >= 0 for one in figures["injects"])


@pytest.mark.parametrize("form", ["md", "html"])
def test_an_evaluators_rating_is_kept_beside_the_proposal(stuck: Pack, form: str) -> None:
    script = [
        *golden_script(stuck),
        {"at": 250, "do": "confirm", "objective": "sell", "rating": "M", "reason": "By luck."},
        {"at": 250, "do": "confirm", "rating": "S", "reason": "Late."},
        {"at": 250, "do": "confirm", "rating": "P", "reason": "In time after all."},
    ]
    text = write_report("x", play(stuck, script, 1), form)
    words = " ".join(re.sub(r"<[^>]*>|[*\\]", " ", text).split())
    for said in ("In time after all.", "M player: By luck.", "player rated it P"):
        assert said in words
    assert "Late." not in words, "the last word of the same person counts"
    assert "DRAFT" not in words
    for missing in ({"objective": "sell"}, {"objective": ""}):
        part = [line for line in script if line.get("objective", "") == missing["objective"]]
        rated = write_report("x", play(stuck, [*golden_script(stuck), *part[-1:]], 1), form)
        assert "DRAFT: ratings proposed, not yet confirmed" in rated.replace("\\", "")


@pytest.mark.parametrize("form", ["md", "html"])
def test_the_production_is_told_with_its_people_and_links(site_down: Pack, form: str) -> None:
    text = write_report("x", play(site_down, [], 1), form)
    for service in site_down.system.services:
        assert service.title.replace("&", "&amp;") in text or form == "md"
    assert "Escalation: Priya Raman at once" in text
    assert "every week" in text
