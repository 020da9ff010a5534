"""The alignment's witness, and that it stays quick where others explode."""

from __future__ import annotations

from fractions import Fraction
from time import process_time

from simulator.assessment.alignment import Offer, align
from simulator.assessment.facts import Facts, MarkedAct
from simulator.assessment.marks import mark
from simulator.assessment.procedure import AnyOrder, OneOf, Optional, Procedure, Repeat, Seq, Step

ONE = Fraction(1)


def offered(**proofs: tuple[int, ...]) -> dict[str, Offer]:
    """Return what acts offer to steps of weight 1."""
    return {step: Offer(ONE, ONE / 2, numbers) for step, numbers in proofs.items()}


def seq(names: str) -> Seq:
    """Return steps in order."""
    return Seq(tuple(Step(name) for name in names))


def test_the_witness_takes_the_earliest_acts_in_order() -> None:
    found = align(seq("abc"), offered(a=(0, 2), b=(1, 3), c=(0, 4)), 5)
    assert found.cost == 0
    assert found.places == {"a": 0, "b": 1, "c": 4}


def test_an_act_serves_one_step_of_a_sequence() -> None:
    found = align(seq("ab"), offered(a=(0,), b=(0,)), 1)
    assert found.cost == 1
    assert len(found.places) == 1


def test_an_act_serves_once_in_every_branch_of_any_order() -> None:
    tree = AnyOrder((seq("ab"), seq("cd")))
    found = align(tree, offered(a=(0,), b=(1,), c=(0,), d=(1,)), 2)
    assert found.cost == 0
    assert found.places == {"a": 0, "b": 1, "c": 0, "d": 1}


def test_what_follows_any_order_waits_for_all_of_it() -> None:
    tree = Seq((AnyOrder((Step("a"), Step("b"))), Step("c")))
    assert align(tree, offered(a=(0,), b=(2,), c=(1,)), 3).cost == 1
    assert align(tree, offered(a=(1,), b=(0,), c=(2,)), 3).cost == 0


def test_the_cheaper_branch_is_taken_and_the_first_of_equal_ones() -> None:
    tree = OneOf((seq("ab"), Step("c")))
    assert align(tree, offered(a=(0,), b=(), c=(1,)), 2).taken == {"c"}
    assert align(tree, offered(a=(), b=(0,), c=()), 1).taken == {"a", "b"}
    assert align(OneOf((Step("a"), Step("b"))), offered(a=(), b=()), 0).taken == {"a"}


def test_an_optional_block_is_left_out_when_that_costs_less() -> None:
    tree = Seq((Optional(seq("ab")), Step("c")))
    found = align(tree, offered(a=(0,), b=(), c=(1,)), 2)
    assert found.cost == 0
    assert found.taken == {"c"}
    assert align(tree, offered(a=(0,), b=(1,), c=(2,)), 3).taken == {"a", "b", "c"}


def test_one_pass_is_the_fixed_point_of_a_repeat() -> None:
    assert align(Repeat(seq("ab")), offered(a=(1,), b=(0,)), 2).cost == 1
    assert align(Repeat(seq("ab")), offered(a=(0, 2), b=(1, 3)), 4).places == {"a": 0, "b": 1}


def test_of_equal_costs_most_steps_are_placed_and_by_acts_before_ticks() -> None:
    free = Offer(Fraction(0), Fraction(0), (1,), (0,))
    assert align(Step("a"), {"a": free}, 2).places == {"a": 1}


def test_a_tick_in_place_gives_way_to_an_act_elsewhere() -> None:
    offer = Offer(Fraction(4, 10), Fraction(5, 10), (), (0,))
    found = align(Step("a"), {"a": offer}, 1)
    assert (found.cost, dict(found.places)) == (Fraction(4, 10), {})


def quick(procedure: Procedure, names: list[str], acts: int, seconds: float) -> bool:
    """Return whether marking so many acts, each proving a step, is that quick at best."""
    done = [MarkedAct(at, frozenset({names[at * 7 % len(names)]})) for at in range(acts)]
    best = seconds * 2
    for _ in range(3):
        began = process_time()
        mark(procedure, done, Facts(recovered=True))
        best = min(best, process_time() - began)
    return best < seconds


def test_a_long_runbook_and_wide_parallel_branches_are_quick() -> None:
    names = [f"s{number}" for number in range(100)]
    assert quick(Seq(tuple(map(Step, names))), names, 255, 1.0)
    names = names[:40]
    branches = [Seq(tuple(map(Step, names[i : i + 8]))) for i in range(0, 40, 8)]
    assert quick(AnyOrder(tuple(branches)), names, 255, 0.05)
