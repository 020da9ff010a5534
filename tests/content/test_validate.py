"""Faults of documents: all at once, in plain English, each at its place, without noise."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, field_validator

from simulator.content.problems import ContentError, Problem
from simulator.content.validate import validate
from simulator.content.yaml_source import read_yaml


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StepNode(Strict):
    step: str = Field(pattern=r"^[a-z]+#[a-z]+$")
    weight: Literal["required", "critical", "optional"] = "required"


class SeqNode(Strict):
    seq: list[Node] = Field(min_length=1)


class AnyNode(Strict):
    any_order: list[Node]


Node = StepNode | SeqNode | AnyNode


class Post(Strict):
    kind: Literal["post"]
    channel: str


class Page(Strict):
    kind: Literal["page"]
    person: str


class Left(Strict):
    a: int = 0


class Right(Strict):
    b: list[int] = []


class Document(Strict):
    title: str
    minutes: int = Field(default=5, ge=1, le=240)
    when: str | None = Field(default=None, alias="if")
    node: Node | None = None
    state: dict[Annotated[str, Field(pattern=r"^[a-z]+$")], str | int | float | bool] = {}
    pair: tuple[int, int] | None = None
    act: Annotated[Post | Page, Field(discriminator="kind")] | None = None
    odd: int = 1
    side: Left | Right | None = None

    @field_validator("odd")
    @classmethod
    def _odd(cls, value: int) -> int:
        if value % 2 == 0:
            raise ValueError("write an odd number")
        return value


SeqNode.model_rebuild()
AnyNode.model_rebuild()


def faults(text: str) -> list[str]:
    with pytest.raises(ContentError) as raised:
        validate(Document, read_yaml(text, "f"))
    return [str(problem) for problem in raised.value.problems]


def test_a_right_document_is_returned() -> None:
    document = validate(Document, read_yaml("title: A\nif: x\npair: [1, 2]", "f"))
    assert (document.title, document.when, document.pair) == ("A", "x", (1, 2))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("titel: A", 'f:1:1: unknown key "titel"; did you mean "title"?'),
        ("title: A\nminuts: 3", 'f:2:1: unknown key "minuts"; did you mean "minutes"?'),
        ("title: A\nif_: x", 'f:2:1: unknown key "if_"; did you mean "if"?'),
        ("minutes: 3", 'f:1:1: the file lacks the key "title"'),
        ("title: 5", 'f:1:8: "title" must be text, not 5; put it in quotes'),
        ("title:", 'f:1:7: "title" must be text, not empty; put it in quotes'),
        ("title: A\nminutes: 12:30", 'f:2:10: "minutes" must be a whole number, not "12:30"'),
        ("title: A\nminutes: 0", 'f:2:10: "minutes" must be 1 or more, not 0'),
        ("title: A\nodd: 2", 'f:2:6: "odd" cannot be used: write an odd number'),
        ("title: A\npair: [1]", 'f:2:1: "pair" lacks its item 2'),
        (
            "title: A\nstate: {a: [1]}",
            'f:2:12: "a" must be text, a whole number, a number or true or false, not a list',
        ),
        ("title: A\nstate: {A1: 1}", 'f:2:9: "A1" must have the form ^[a-z]+$, not "A1"'),
        (
            "title: A\nact: {kind: pst}",
            'f:2:6: "act" must be "post" or "page", not a mapping; did you mean "post"?',
        ),
        (
            "title: A\nact: {kind: post, chanel: x}",
            'f:2:19: unknown key "chanel"; did you mean "channel"?',
        ),
        ("[1]", "f:1:1: the file must be a mapping of keys and values, not a list"),
        ("", "f:1:1: the file must be a mapping of keys and values, not empty"),
    ],
)
def test_a_fault_is_told_once_at_its_place(text: str, expected: str) -> None:
    assert faults(text) == [expected]


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        ("{stepp: a#b}", ['f:2:8: unknown key "stepp"; did you mean "step"?']),
        (
            "{step: a#b, weight: critcal}",
            [
                'f:2:27: "weight" must be "required", "critical" or '
                '"optional", not "critcal"; did you mean "critical"?'
            ],
        ),
        ("{seq: []}", ['f:2:13: "seq" must not be empty']),
        (
            "just text",
            [
                'f:2:7: "node" must be a mapping, not "just text"; write a mapping with one '
                'of "step", "seq", "any_order"'
            ],
        ),
        (
            "{seq: [{step: a#b}, {any_order: [{step: a#b, wait: 3}]}]}",
            ['f:2:52: unknown key "wait"; known here: weight'],
        ),
        (
            "{seq: [{stepp: a#b}, {step: x}, 4]}",
            [
                'f:2:15: unknown key "stepp"; did you mean "step"?',
                'f:2:35: "step" must have the form ^[a-z]+#[a-z]+$, not "x"',
                'f:2:39: item 3 of "seq" must be a mapping, not 4; write a mapping with one of '
                '"step", "seq", "any_order"',
            ],
        ),
    ],
)
def test_only_the_branch_that_was_meant_speaks(node: str, expected: list[str]) -> None:
    found = faults(f"title: A\nnode: {node}")
    assert found == expected


def test_a_branch_is_known_by_its_keys_however_wrong_its_values() -> None:
    found = faults("title: A\nside: {b: [x, y, z]}")
    assert [one.split(":")[2] for one in found] == ["12", "15", "18"]


def test_all_faults_are_told_in_order_of_their_places() -> None:
    found = faults("titel: A\nminutes: x\nnode: {seq: [{step: 1}]}\nzzz: 1")
    assert [one.split(":")[1] for one in found] == ["1", "2", "3", "4"]


def test_deep_nodes_make_no_more_noise_than_shallow_ones() -> None:
    node = "{step: nonsense}"
    for _ in range(10):
        node = f"{{seq: [{node}]}}"
    assert len(faults(f"title: A\nnode: {node}")) == 1


KEYS = st.sampled_from(
    [
        "title",
        "minutes",
        "if",
        "node",
        "state",
        "pair",
        "act",
        "odd",
        "step",
        "seq",
        "any_order",
        "weight",
        "kind",
        "zz",
    ]
)
SHAPES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 300) | st.sampled_from(["a#b", "x", "post", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=15,
)


@given(SHAPES)
def test_any_shape_is_a_document_or_has_problems_with_places(value: object) -> None:
    import json

    problems: tuple[Problem, ...] | None = None
    try:
        validate(Document, read_yaml(json.dumps(value), "f"))
    except ContentError as error:
        problems = error.problems
    assert problems is None or problems
    assert all(p.line == 1 and p.column and p.fault for p in problems or ())
