"""xAPI: every statement is valid, ranks nobody in a team, and has an id of its own."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import exercises
import pytest
from hypothesis import given
from hypothesis import strategies as st
from team_play import play_team

from simulator.assessment import Assessment
from simulator.content.pack import Pack
from simulator.review import Source, written
from simulator.review.xapi import statement_id
from simulator.session.running import golden_script
from simulator.session.script import play

PROPERTIES = {"id", "actor", "verb", "object", "result", "context", "timestamp"}
RESULT = {"score", "success", "completion", "response", "duration", "extensions"}
CONTEXT = {
    "registration", "platform", "language", "revision", "contextActivities", "extensions",
}  # fmt: skip


def statements(assessment: Assessment, folder: Path | None = None) -> list[dict[str, Any]]:
    """Return the statements of an exercise."""
    said: list[dict[str, Any]] = json.loads(written(Source("abc", assessment), "xapi", folder))
    return said


def iri(text: str) -> bool:
    """Return whether a text is an address without a blank."""
    parts = urlsplit(text)
    return bool(parts.scheme and parts.netloc) and not re.search(r"[\s<>\"{}|\\^`]", text)


def nulls(value: Any, path: str = "") -> Iterator[str]:
    """Yield where a null stands outside extensions, which the standard forbids."""
    if value is None:
        yield path
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key != "extensions":
                yield from nulls(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from nulls(inner, path)


def valid_agent(actor: dict[str, Any]) -> None:
    assert actor["objectType"] in ("Agent", "Group")
    assert set(actor) <= {"objectType", "name", "account", "member"}
    assert set(actor["account"]) == {"homePage", "name"}
    assert iri(actor["account"]["homePage"])
    assert actor["account"]["name"]
    for member in actor.get("member", ()):
        assert member["objectType"] == "Agent"
        valid_agent(member)


def valid(statement: dict[str, Any]) -> None:
    """Assert what xAPI 1.0.3 asks of a statement."""
    assert {"id", "actor", "verb", "object"} <= set(statement) <= PROPERTIES
    assert uuid.UUID(statement["id"]).version == 5
    valid_agent(statement["actor"])
    assert iri(statement["verb"]["id"])
    assert set(statement["verb"]["display"]) == {"en"}
    activity = statement["object"]
    assert activity["objectType"] == "Activity"
    assert iri(activity["id"])
    assert iri(activity["definition"]["type"])
    assert activity["definition"]["name"]["en"]
    result = statement.get("result", {})
    assert set(result) <= RESULT
    score = result.get("score", {})
    if score:
        assert -1 <= score["scaled"] <= 1
        assert score.get("min", 0) <= score.get("raw", 0) <= score.get("max", 100)
    assert all(isinstance(result.get(name, True), bool) for name in ("success", "completion"))
    assert re.fullmatch(r"PT\d+S", result.get("duration", "PT0S"))
    context = statement["context"]
    assert set(context) <= CONTEXT
    assert uuid.UUID(context["registration"]).version == 5
    assert all(iri(one["id"]) for one in context["contextActivities"]["grouping"])
    for extensions in (result.get("extensions", {}), context.get("extensions", {})):
        assert all(iri(key) for key in extensions)
    if "timestamp" in statement:
        assert datetime.fromisoformat(statement["timestamp"]).tzinfo is not None
    assert list(nulls(statement)) == []


@pytest.mark.parametrize("kind", ["golden", "idle", "bad", "half", "opened", "old"])
def test_every_statement_is_valid_and_has_an_id_of_its_own(stuck: Pack, kind: str) -> None:
    said = statements(exercises.every(stuck)[kind])
    for statement in said:
        valid(statement)
    ids = [statement["id"] for statement in said]
    assert len(set(ids)) == len(ids) > 0


def test_of_one_person_the_person_achieves_it(stuck: Pack) -> None:
    join = {"at": 0, "do": "join", "name": "Ada"}
    said = statements(play(stuck, [join, *golden_script(stuck)], 1))
    assert {statement["actor"]["name"] for statement in said} == {"Ada"}
    whole = next(one for one in said if one["verb"]["display"]["en"] == "passed")
    assert whole["result"]["score"] == {"scaled": 1.0, "raw": 100.0, "min": 0, "max": 100}
    assert whole["result"]["success"]
    assert whole["result"]["completion"]


def test_of_a_team_the_team_achieves_it_and_nobody_is_ranked(stuck: Pack) -> None:
    more = [
        {"at": 480, "do": "confirm", "rating": "S", "reason": "Late."},
        {"at": 480, "do": "confirm", "objective": "sell", "by": "tom", "rating": "M"},
    ]
    said = statements(play_team(stuck, [*exercises.BAD, *more]))
    for statement in said:
        valid(statement)
        if "score" in statement.get("result", {}) or "success" in statement.get("result", {}):
            assert statement["actor"]["objectType"] == "Group"
    (group,) = {json.dumps(one["actor"]) for one in said if one["actor"]["objectType"] == "Group"}
    team = json.loads(group)
    assert team["name"] == "Night shift"
    assert [one["name"] for one in team["member"]] == ["Ida Moreau", "Ole Hansen", "Cem Yildiz"]
    attended = [one for one in said if one["verb"]["display"]["en"] == "attended"]
    assert len(attended) == 6
    evaluated = [one for one in said if one["verb"]["display"]["en"] == "evaluated"]
    assert [one["actor"]["name"] for one in evaluated] == ["Eva Lindgren", "Tom Baker"]
    assert evaluated[0]["result"]["response"] == "Late."
    assert said[0]["timestamp"].startswith("2026-05-28T20:26:40")


def test_names_stand_below_the_team_s_own_address(stuck: Pack, tmp_path: Path) -> None:
    (tmp_path / "wording.yaml").write_text("home: https://lms.example.org/drills/\n")
    said = statements(play(stuck, [], 1), tmp_path)
    for statement in said:
        valid(statement)
        assert statement["object"]["id"].startswith("https://lms.example.org/drills/")
        assert statement["actor"]["account"]["homePage"] == "https://lms.example.org/drills"


def test_an_exercise_whose_file_has_any_name_has_an_address(stuck: Pack) -> None:
    said = json.loads(written(Source("my drill ä#1", play(stuck, [], 1)), "xapi"))
    for statement in said:
        valid(statement)


@given(st.text())
def test_the_ids_are_those_of_the_standard(name: str) -> None:
    clean = name.encode("utf-8", "ignore").decode()
    assert statement_id(clean) == str(uuid.uuid5(uuid.NAMESPACE_URL, clean))
