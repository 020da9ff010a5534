"""Expressions that cannot be so are refused: kinds that do not mix, ranges, columns, circles."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulator.content.expression import ExpressionError, parse_expression
from simulator.content.expression_kinds import Values, circle, impossible, values_of
from simulator.content.pack import Pack


@pytest.fixture(scope="module")
def values(stuck: Pack) -> Values:
    """What the kiosk's values can be, with a table and a derived value beside them."""
    known = values_of(stuck)
    return replace(
        known,
        kinds={**known.kinds, "kiosk.count": "number", "kiosk.lit": "truth"},
        columns={"releases": ("version", "author")},
        derived={"kiosk.bad": parse_expression("metric('errors') > 10")},
    )


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("kiosk.mode > 3", "this compares a text (kiosk.mode) with a number (3)"),
        ("kiosk.mode == 3", "this compares a text"),
        ("kiosk.lit == 1", "this compares true or false (kiosk.lit) with a number (1)"),
        ("metric('errors') == 'high'", "this compares a number"),
        ("kiosk.mode + 1 > 2", "kiosk.mode is a text, not a number"),
        ("-kiosk.mode == 1", "kiosk.mode is a text, not a number"),
        ("max(kiosk.mode, 1) > 2", "kiosk.mode is a text, not a number"),
        ("kiosk.mode and t > 1", "kiosk.mode is a text, not true or false"),
        ("not metric('errors')", "is a number, not true or false"),
        ("kiosk.bad > 1", "this compares true or false (kiosk.bad)"),
        ("kiosk.mode < 'stuck'", "only numbers can be more or less"),
        ("kiosk.mode == 'broken'", "kiosk.mode can never be 'broken'"),
        ("kiosk.mode in ['stuck', 'broken']", "kiosk.mode can never be 'broken'"),
        ("kiosk.mode in ['stuck', 3]", "kiosk.mode is a text, 3 is not"),
        ("kiosk.mode in []", "nothing is in an empty list"),
        ("kiosk.count in 'abc'", "`in` needs a list"),
        ("kiosk.mode == ['stuck']", "a list is compared"),
        ("severity == 'P0'", "severity can never be 'P0'"),
        ("metric('errors') > 100", "it is at most 100"),
        ("100 < metric('errors')", "it is at most 100"),
        ("metric('errors') < 0", "it is at least 0"),
        ("metric('errors') == 101", "it is at most 100"),
        ("did('restart') < 0", "it is at least 0"),
        ("1 == 1", "1 and 1 never change"),
        ("row('releases', 'v1', 'autor') == 'ada'", "table 'releases' has no column 'autor'"),
        ("row('releases', 'v1', kiosk.mode) == 'a'", "is no name"),
    ],
)
def test_what_cannot_be_is_told(values: Values, source: str, said: str) -> None:
    faults = [fault for fault, _ in impossible(parse_expression(source), values, "when")]
    assert any(said in fault for fault in faults), faults


@pytest.mark.parametrize(
    "source",
    [
        "kiosk.mode == 'stuck' and metric('errors') > 99.9",
        "metric('errors') <= 100 or metric('errors') != 500",
        "row('releases', 'v1', 'author') == 'ada'",
        "row('releases', kiosk.mode, 'author') > 3",
        "severity == '' or severity == 'high'",
        "kiosk.lit and not kiosk.bad",
        "kiosk.mode in ['stuck', 'fine']",
        "'low' in args.name",
        "(2 if kiosk.lit else 3) * did('restart') >= 4",
    ],
)
def test_what_can_be_is_taken(values: Values, source: str) -> None:
    assert impossible(parse_expression(source), values, "when") == []


def test_a_condition_is_so_or_not_and_a_quantity_is_a_number(values: Values) -> None:
    assert impossible(parse_expression("metric('errors')"), values, "when")
    assert impossible(parse_expression("False"), values, "if_")
    assert impossible(parse_expression("kiosk.mode == 'stuck'"), values, "rate")
    assert not impossible(parse_expression("metric('errors')"), values, "rate")


def test_a_circle_is_named_from_where_it_begins() -> None:
    links = {"a": ("b",), "b": ("c",), "c": ("d",), "d": ("b",)}
    assert circle(links) == ["b", "c", "d", "b"]
    assert circle({"a": ("b", "c"), "b": ("c",), "c": ()}) == []
    assert circle({"a": ("a",)}) == ["a", "a"]


def test_numbers_stay_countable() -> None:
    with pytest.raises(ExpressionError, match="too large"):
        parse_expression("metric('a') > 1e16")
    huge = parse_expression("a.b * a.b * a.b * a.b")
    assert huge.evaluate({"_state": {"a.b": 1e200}}) is False
    assert huge.evaluate({"_state": {"a.b": 10**200}}) is False
    assert huge.evaluate({"_state": {"a.b": 3}}) == 81
