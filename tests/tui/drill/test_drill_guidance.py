"""Which step comes next, told by ticks alone."""

from __future__ import annotations

from simulator.content.scenario import (
    AnyOrderNode,
    Node,
    OneOfNode,
    OptionalNode,
    RepeatNode,
    SeqNode,
    StepNode,
)
from simulator.session.guidance import next_step, steps_in_order


def step(name: str) -> StepNode:
    return StepNode(step=f"book#{name}")


PROCEDURE: Node = SeqNode(
    seq=[
        AnyOrderNode(any_order=[step("a"), step("b")]),
        OptionalNode(optional=step("maybe")),
        OneOfNode(
            one_of=[SeqNode(seq=[step("c"), step("d")]), SeqNode(seq=[step("e"), step("f")])]
        ),
        RepeatNode(repeat=step("g")),
        StepNode(step="book#nice", weight="optional"),
    ]
)


def after(*names: str) -> str:
    return next_step(PROCEDURE, {f"book#{name}" for name in names}).removeprefix("book#")


def test_the_first_open_step_is_next() -> None:
    assert after() == "a"
    assert after("a") == "b"
    assert after("b") == "a"


def test_of_alternatives_the_one_begun_goes_on() -> None:
    assert after("a", "b") == "c"
    assert after("a", "b", "e") == "f"
    assert after("a", "b", "e", "f") == "g"


def test_optional_steps_are_not_asked_for() -> None:
    assert after("a", "b", "c", "d", "g") == ""
    assert "book#nice" in steps_in_order(PROCEDURE)
