"""Problems say where, what, and what would put it right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.content.problems import ContentError, Problem, nearest


def test_a_problem_reads_like_a_compiler_message() -> None:
    problem = Problem("scenarios/x/y.yaml", 12, 7, 'unknown key "titel"', 'did you mean "title"?')
    assert str(problem) == 'scenarios/x/y.yaml:12:7: unknown key "titel"; did you mean "title"?'


def test_places_and_levels_may_be_missing() -> None:
    assert str(Problem("f", None, None, "is gone", None)) == "f: is gone"
    assert str(Problem("f", 3, None, "odd", None, "warning")) == "f:3: warning: odd"


def test_an_error_tells_all_its_problems() -> None:
    error = ContentError([Problem("f", 1, 1, "a", None), Problem("f", 2, 1, "b", None)])
    assert str(error) == "f:1:1: a\nf:2:1: b"
    assert len(error.problems) == 2


@pytest.mark.parametrize(
    ("name", "candidates", "expected"),
    [
        ("titel", ["title", "summary"], "title"),
        ("desc", ["description", "id"], "description"),
        ("chanel", ["channel", "chart"], "channel"),
        ("if_", ["if"], "if"),
        ("Site Down", ["site-down", "rollback"], "site-down"),
        ("zzz", ["title"], None),
        ("a", ["b"], None),
        ("", ["title"], None),
        ("title", [], None),
    ],
)
def test_the_nearest_name(name: str, candidates: list[str], expected: str | None) -> None:
    assert nearest(name, candidates) == expected


@given(st.text(), st.lists(st.text()))
def test_the_nearest_name_is_one_of_them_in_any_order(name: str, candidates: list[str]) -> None:
    found = nearest(name, candidates)
    assert found is None or found in candidates
    assert nearest(name, reversed(candidates)) == found
