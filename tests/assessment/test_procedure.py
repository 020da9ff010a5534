"""The shape of a procedure: weights, order, normal form, and what is refused."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marks_cases import Tree, build, demanded, heaviness, leaves, ordered, trees
from marks_core import SCORING

from simulator.assessment.judgement import Weight
from simulator.assessment.procedure import (
    AnyOrder,
    OneOf,
    Optional,
    Procedure,
    Repeat,
    Seq,
    Step,
    behind,
    done,
    done_at,
    faults,
    met_at,
    normal,
    step_weights,
    steps,
    undone_critical,
    weight,
)

A, B, C = Step("a"), Step("b", Weight.CRITICAL), Step("c", Weight.OPTIONAL)

law = settings(max_examples=150, deadline=None, derandomize=True, database=None)


@law
@given(trees())
def test_weights_and_order_are_those_of_the_tree(tree: Tree) -> None:
    procedure: Procedure = build(SCORING, tree)
    assert [step.id for step in steps(procedure)] == [leaf[1] for leaf in leaves(tree)]
    assert weight(procedure) == heaviness(tree)
    assert {(one, two) for one, later in behind(procedure).items() for two in later} == ordered(
        tree
    )
    weights = step_weights(procedure)
    assert {step for step, share in weights.items() if share} == set(demanded(tree))


@law
@given(trees(), st.data())
def test_the_normal_form_weighs_and_demands_the_same(tree: Tree, data: st.DataObject) -> None:
    procedure: Procedure = build(SCORING, tree)
    plain = normal(procedure)
    assert step_weights(plain) == step_weights(procedure)
    assert normal(plain) == plain
    names = [leaf[1] for leaf in leaves(tree)]
    acted = frozenset(data.draw(st.lists(st.sampled_from(names))))
    assert done(plain, acted) == done(procedure, acted)
    assert undone_critical(plain, acted) == undone_critical(procedure, acted)
    assert (done_at(procedure, dict.fromkeys(acted, 1)) is not None) == done(procedure, acted)


def test_a_choice_with_an_empty_branch_becomes_an_optional_block() -> None:
    assert normal(OneOf((A, Seq(())))) == Optional(A)
    assert normal(OneOf((A, B, Seq(())))) == Optional(OneOf((A, B)))
    assert normal(OneOf((A, C))) == Optional(OneOf((A, C)))
    assert normal(OneOf((A,))) == A
    assert normal(OneOf(())) == Seq(())
    assert normal(Repeat(AnyOrder((A, OneOf((B, Seq(()))))))) == Repeat(AnyOrder((A, Optional(B))))


def test_one_branch_alone_is_no_choice_at_the_critical_gate() -> None:
    alone = Seq((A, B))
    assert undone_critical(OneOf((alone,)), set()) == undone_critical(alone, set()) == ("b",)
    assert undone_critical(OneOf((alone,)), {"b"}) == ()


def test_every_branch_of_a_choice_weighs_as_much_as_the_heaviest() -> None:
    assert weight(OneOf((B, Seq((A, C))))) == 3
    assert step_weights(OneOf((B, Seq((A, Step("d")))))) == {
        "b": 3,
        "a": Fraction(3, 2),
        "d": Fraction(3, 2),
    }


@pytest.mark.parametrize("tree", [C, Seq(()), Optional(A), OneOf((A, C)), OneOf(())])
def test_something_must_be_required(tree: Procedure) -> None:
    assert "nothing in this procedure is required" in [fault.text for fault in faults(tree)]


def test_a_step_must_not_be_named_twice() -> None:
    (fault,) = faults(Seq((A, OneOf((B, Step("a"))))))
    assert (fault.step, fault.error) == ("a", True)
    assert faults(Seq((A, B, C))) == ()


def test_an_optional_choice_and_an_undemanded_critical_step_are_warned_of() -> None:
    found = faults(Seq((A, OneOf((C, Step("d"))), Optional(B))))
    assert [(fault.step, fault.error) for fault in found] == [("c", False), ("b", False)]


def test_a_duty_is_met_by_the_first_branch_of_a_choice_that_is_whole() -> None:
    tree = Seq((OneOf((A, Seq((B, Step("d"))))), Step("e")))
    assert met_at(tree, "a", {"a": 7, "b": 1, "d": 9}) == 7
    assert met_at(tree, "a", {"b": 1, "d": 9}) == 9
    assert met_at(tree, "b", {"a": 4}) == 4
    assert met_at(tree, "a", {"b": 1, "e": 2}) is None
    assert met_at(tree, "e", {"a": 1}) is None
