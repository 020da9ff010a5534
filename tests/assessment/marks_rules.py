"""The rules of the marks, one small example each, for any copy of the scoring code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from types import ModuleType
from typing import Any, TypeAlias

from marks_cases import Run, Tree, act_of, leaves, marked, timed

from simulator.assessment.facts import (
    Cadence,
    Deadline,
    Decision,
    Facts,
    MarkedAct,
    Overrule,
)
from simulator.assessment.judgement import Harm

Rule: TypeAlias = Callable[[ModuleType], None]
GOOD = Facts(recovered=True)


def step(name: str, weight: str = "required", provable: bool = True) -> Tree:
    """Return a step as plain data."""
    return ("step", name, weight, provable)


THREE: Tree = ("seq", (step("a"), step("b"), step("c")))
TEN: Tree = ("seq", tuple(step(name) for name in "abcdefghij"))


def proof(*names: str, at: int = 0) -> MarkedAct:
    """Return an act that proves these steps."""
    return MarkedAct(at, proves=frozenset(names))


def tick(*names: str, at: int = 0) -> MarkedAct:
    """Return a tick of these steps."""
    return MarkedAct(at, ticks=frozenset(names))


def in_order(tree: Tree) -> tuple[MarkedAct, ...]:
    """Return the acts that do every step once, in the order of writing, 10 s apart."""
    every = leaves(tree)
    return timed([act_of(leaf) for leaf in every], range(0, 10 * len(every), 10))


def given(lib: ModuleType, tree: Tree, acts: object, facts: Facts = GOOD) -> Any:
    """Return the marks."""
    assert isinstance(acts, list | tuple)
    return marked(lib, Run(tree, tuple(acts), facts))


def shares_of_a_step(lib: ModuleType) -> None:
    """0 and 0.4 for an act, 0.5 and 0.7 for a tick, 1 for nothing: the least that applies."""
    for acts, share, how in (
        ([proof("a"), proof("b"), proof("c")], 0, "proved"),
        ([proof("b"), proof("a"), proof("c")], Fraction(4, 10), "proved elsewhere"),
        ([tick("b"), proof("a"), proof("c")], Fraction(7, 10), "ticked elsewhere"),
        ([proof("a"), tick("b"), proof("c")], Fraction(5, 10), "ticked"),
        ([proof("b"), proof("a"), tick("b"), proof("c")], Fraction(4, 10), "proved elsewhere"),
        ([proof("a"), proof("c")], 1, "missed"),
    ):
        heavy: Tree = ("seq", (step("a", "critical"), step("b"), step("c", "critical")))
        marks = given(lib, heavy, acts)
        assert (marks.steps[1].share, marks.steps[1].how.value) == (share, how)
        assert marks.score == 100 - Fraction(100, 7) * share


def a_shared_act_does_not_count_elsewhere(lib: ModuleType) -> None:
    """Elsewhere counts only an act that no other step accepts."""
    marks = given(lib, ("seq", (step("a", "critical"), step("b"))), [proof("a", "b")])
    assert [outcome.how.value for outcome in marks.steps] == ["proved", "missed"]
    assert marks.rating.name == "S"


def a_shared_act_serves_every_branch_in_any_order(lib: ModuleType) -> None:
    """An act serves once in every branch of an any-order group."""
    marks = given(lib, ("any_order", (step("a"), step("b"))), [proof("a", "b")])
    assert marks.score == 100


def a_tick_is_the_act_of_an_unprovable_step(lib: ModuleType) -> None:
    """In its place it costs nothing, elsewhere 0.4; it meets gates and deadlines."""
    tree: Tree = ("seq", (step("a"), step("b", "critical", provable=False), step("c", "critical")))
    assert given(lib, tree, [proof("a"), tick("b"), proof("c")]).rating.name == "P"
    marks = given(lib, tree, [tick("b"), proof("a"), proof("c")])
    assert marks.score == 100 - Fraction(100, 7) * Fraction(4, 10)
    due = replace(GOOD, deadlines=(Deadline("d", "Do b", 30, step="b"),))
    assert given(lib, tree, [proof("a"), tick("b", at=30), proof("c")], due).score == 100


def a_tick_meets_no_gate_and_no_deadline(lib: ModuleType) -> None:
    """Where an act could have proved the step."""
    tree: Tree = ("seq", (step("a"), step("b", "critical")))
    due = replace(GOOD, deadlines=(Deadline("d", "Do a", 30, step="a"),))
    marks = given(lib, tree, [tick("a"), tick("b")], due)
    assert marks.deadlines[0].share == 0
    assert marks.mismatches == ("a", "b")
    assert marks.rating.name == "U"


def a_choice_is_scaled_to_its_heaviest_branch(lib: ModuleType) -> None:
    """Missing half of the light branch costs half of the heavy one."""
    tree: Tree = (
        "seq",
        (
            step("x"),
            ("one_of", (step("a", "critical"), ("seq", (step("b"), step("c"))))),
        ),
    )
    assert given(lib, tree, [proof("x")]).score == 25
    marks = given(lib, tree, [proof("x"), proof("b")])
    assert marks.score == 100 - Fraction(100, 4) * Fraction(3, 2)
    assert [outcome.weight for outcome in marks.steps] == [1, 3, Fraction(3, 2), Fraction(3, 2)]
    assert marks.steps[1].how.value == "not asked"


def a_choice_with_an_empty_branch_is_optional(lib: ModuleType) -> None:
    """However it is written."""
    for branch in (("seq", ()), step("o", "optional")):
        tree: Tree = ("seq", (step("x"), ("one_of", (step("a", "critical"), branch))))
        marks = given(lib, tree, [proof("x")])
        assert (marks.score, marks.rating.name) == (100, "P")


def a_repeat_counts_once(lib: ModuleType) -> None:
    """And a second pass does not mend the order of the first."""
    tree: Tree = ("seq", (("repeat", ("seq", (step("a"), step("b")))), step("c", "critical")))
    assert given(lib, tree, [proof(name) for name in "ababc"]).score == 100
    assert given(lib, tree, [proof(name) for name in "bac"]).score == 92


def an_optional_block_costs_nothing(lib: ModuleType) -> None:
    """Done in part, out of order or not at all."""
    tree: Tree = ("seq", (step("a"), ("optional", ("seq", (step("b"), step("c")))), step("d")))
    for names in ("ad", "abcd", "acbd", "acd", "adb"):
        assert given(lib, tree, [proof(name) for name in names]).rating.name == "P"


def missing_components_give_their_share(lib: ModuleType) -> None:
    """60, 25 and 15, in proportion to those that the scenario has."""
    decided = replace(GOOD, decisions=(Decision("x", "Choose", 1, choices=((0, 1),)),))
    due = replace(GOOD, deadlines=(Deadline("d", "Do a", 30, step="a"),))
    both = replace(decided, deadlines=due.deadlines)
    for facts, shares in (
        (GOOD, [100, 0, 0]),
        (decided, [80, 0, 20]),
        (due, [Fraction(6000, 85), Fraction(2500, 85), 0]),
        (both, [60, 25, 15]),
    ):
        assert [
            part.share for part in given(lib, THREE, in_order(THREE), facts).components
        ] == shares


def a_deadline_fades_to_twice_its_limit(lib: ModuleType) -> None:
    """1 up to the limit, then 2 - t / limit; the first time counts, from the moment it began."""
    for at, share in (
        (0, 1),
        (160, 1),
        (161, Fraction(59, 60)),
        (190, Fraction(1, 2)),
        (220, 0),
        (900, 0),
    ):
        facts = replace(GOOD, deadlines=(Deadline("d", "Do a", 60, since=100, step="a"),))
        marks = given(lib, step("a"), [proof("a", at=at), proof("a", at=at + 50)], facts)
        assert marks.deadlines[0].share == share
        assert marks.rating.name == ("P" if share == 1 else "S")


def deadlines_are_weighted(lib: ModuleType) -> None:
    """A weighted mean: what is never done earns nothing."""
    facts = replace(
        GOOD,
        deadlines=(
            Deadline("d", "Do a", 60, step="a", weight=3),
            Deadline("e", "Call", 60, met_at=None),
            Deadline("f", "Escalate", 60, met_at=None, applies=False),
            Deadline("g", "Escalate", 60, since=None),
        ),
    )
    marks = given(lib, THREE, in_order(THREE), facts)
    assert [credit.share for credit in marks.deadlines] == [1, 0, 1, 1]
    assert marks.components[1].earned == marks.components[1].share * Fraction(5, 6)


def a_deadline_in_a_choice_is_met_by_another_branch_whole(lib: ModuleType) -> None:
    """When that branch was finished."""
    tree: Tree = ("one_of", (step("a"), ("seq", (step("b"), step("c")))))
    facts = replace(GOOD, deadlines=(Deadline("d", "Do a", 60, step="a"),))
    acts = [proof("b", at=10), proof("c", at=90)]
    assert given(lib, tree, acts, facts).deadlines[0].share == Fraction(1, 2)
    assert given(lib, tree, acts[:1], facts).deadlines[0].share == 0


def a_cadence_loses_its_overruns(lib: ModuleType) -> None:
    """1 - overruns / (window - limit)."""
    for times, share in (
        ((), 0),
        ((60, 120, 180, 240), 1),
        ((60, 120, 180), 1),
        ((60, 120, 180, 400), 1),
        ((120,), Fraction(1, 3)),
        ((90, 150, 210), Fraction(150, 180)),
    ):
        cadence = Cadence("c", "Update", 60, 0, 240, times)
        marks = given(lib, THREE, in_order(THREE), replace(GOOD, cadences=(cadence,)))
        assert marks.cadences[0].share == share
        assert marks.rating.name == ("P" if share == 1 else "S")
    for idle in (replace(cadence, since=None), replace(cadence, until=60)):
        marks = given(lib, THREE, in_order(THREE), replace(GOOD, cadences=(idle,)))
        assert marks.score == 100


def a_decision_is_judged_by_its_standing_value(lib: ModuleType) -> None:
    """1 - |chosen - right| / (levels - 1), of the value that stood at the deadline."""
    for choices, due, share in (
        ((), None, 0),
        (((5, 1),), None, 1),
        (((5, 3),), None, Fraction(1, 3)),
        (((5, 3), (20, 1)), 10, Fraction(1, 3)),
        (((5, 3), (10, 1)), 10, 1),
        (((11, 1),), 10, 0),
    ):
        decision = Decision("x", "Severity", 1, 4, choices, due)
        marks = given(lib, THREE, in_order(THREE), replace(GOOD, decisions=(decision,)))
        assert marks.decisions[0].share == share
        assert marks.score == 80 + 20 * share


def harm_costs_each_time(lib: ModuleType) -> None:
    """5, 15 and 30 % of what is left; a broken guard without a degree as much as a major."""
    for harms, score, rating in (
        ((Harm.MINOR,), 95, "S"),
        ((Harm.MAJOR,), 85, "M"),
        ((Harm.CRITICAL,), 70, "M"),
        ((Harm.MINOR, Harm.CRITICAL), Fraction(665, 10), "M"),
        ((None,), 85, "M"),
    ):
        bad = [MarkedAct(99, harm=harm, guard_broken=harm is None) for harm in harms]
        marks = given(lib, THREE, [*in_order(THREE), *bad])
        assert (marks.score, marks.rating.name) == (score, rating)
    graded = MarkedAct(99, harm=Harm.MINOR, guard_broken=True, harm_reason="no snapshot")
    marks = given(lib, THREE, [*in_order(THREE), graded])
    assert (marks.score, marks.rating.name) == (95, "M")
    assert "no snapshot" in marks.reason


def nothing_done_is_0_whatever_else(lib: ModuleType) -> None:
    """A condition that never came true and the start of a cadence earn nothing alone."""
    facts = replace(
        GOOD,
        deadlines=(Deadline("d", "Escalate", 60, applies=False),),
        cadences=(Cadence("c", "Update", 60, 0, 240, (60,)),),
        decisions=(Decision("x", "Choose", 1, choices=((0, 1),)),),
    )
    marks = given(lib, THREE, [MarkedAct(0, harm=Harm.MINOR)], facts)
    assert marks.score == 0
    assert sum(line.lost for line in marks.lines) == 100
    assert marks.lines[-1].kind.value == "nothing done"
    assert given(lib, THREE, [proof("a")], facts).score > 0


def the_bands_are_80_66_50(lib: ModuleType) -> None:
    """Exact scores, at and below each limit."""
    for missed, rating in ((2, "S"), (3, "S"), (4, "M"), (5, "M"), (6, "U")):
        assert given(lib, TEN, in_order(TEN)[missed:]).rating.name == rating
    for value, rating in ((80, "P"), (79, "S"), (66, "S"), (65, "M"), (50, "M"), (49, "U")):
        overrule = {"a": Overrule(1 - Fraction(value, 100), "seen")}
        marks = given(lib, step("a"), in_order(step("a")), replace(GOOD, overrules=overrule))
        assert marks.score == value
        assert marks.band.name == rating


def every_cap_caps(lib: ModuleType) -> None:
    """With a score that alone would give P."""
    late = Deadline("d", "Do a", 60, met_at=61, weight=1)
    for facts, rating in (
        (replace(GOOD, recovered=False), "U"),
        (replace(GOOD, solution_shown=frozenset("a")), "S"),
        (replace(GOOD, deadlines=(late,)), "S"),
        (replace(GOOD, deadlines=(replace(late, critical=True),)), "S"),
        (replace(GOOD, deadlines=(replace(late, met_at=120, critical=True),)), "M"),
        (replace(GOOD, deadlines=(replace(late, met_at=119, critical=True),)), "S"),
        (GOOD, "P"),
    ):
        assert given(lib, TEN, in_order(TEN), facts).rating.name == rating
    assert given(lib, TEN, in_order(TEN)[1:]).rating.name == "S"
    swapped = [*in_order(TEN)[1:], in_order(TEN)[0]]
    assert given(lib, TEN, swapped).rating.name == "S"


def an_overrule_replaces_a_step_and_no_other(lib: ModuleType) -> None:
    """Its reason stands in the line; a critical step it calls done is done."""
    tree: Tree = ("seq", (step("a"), step("b", "critical"), step("c")))
    acts = [proof("c"), proof("a")]
    plain = given(lib, tree, acts)
    facts = replace(GOOD, overrules={"b": Overrule(Fraction(1, 5), "done by telephone")})
    marks = given(lib, tree, acts, facts)
    assert plain.rating.name == "U"
    assert marks.rating.name == "S"
    assert marks.score - plain.score == 100 * Fraction(3, 5) * Fraction(4, 5)
    assert [s.how for s in marks.steps] == [s.how for s in plain.steps]
    assert any("done by telephone" in line.reason for line in marks.lines)
    undone = replace(GOOD, overrules={"b": Overrule(Fraction(1), "by chance")})
    assert given(lib, tree, in_order(tree), undone).rating.name == "U"


def an_overrule_can_name_the_branch(lib: ModuleType) -> None:
    """When the acts spoke for no branch or another one."""
    tree: Tree = ("seq", (step("x"), ("one_of", (step("a"), step("b")))))
    facts = replace(GOOD, overrules={"b": Overrule(Fraction(0), "by hand")})
    assert given(lib, tree, [proof("x")], facts).score == 100


RULES: tuple[Rule, ...] = (
    shares_of_a_step,
    a_shared_act_does_not_count_elsewhere,
    a_shared_act_serves_every_branch_in_any_order,
    a_tick_is_the_act_of_an_unprovable_step,
    a_tick_meets_no_gate_and_no_deadline,
    a_choice_is_scaled_to_its_heaviest_branch,
    a_choice_with_an_empty_branch_is_optional,
    a_repeat_counts_once,
    an_optional_block_costs_nothing,
    missing_components_give_their_share,
    a_deadline_fades_to_twice_its_limit,
    deadlines_are_weighted,
    a_deadline_in_a_choice_is_met_by_another_branch_whole,
    a_cadence_loses_its_overruns,
    a_decision_is_judged_by_its_standing_value,
    harm_costs_each_time,
    nothing_done_is_0_whatever_else,
    the_bands_are_80_66_50,
    every_cap_caps,
    an_overrule_replaces_a_step_and_no_other,
    an_overrule_can_name_the_branch,
)


def the_critical_gate(lib: ModuleType) -> None:
    """U whenever a critical step is undone, from what was done and in whatever order."""
    critical = step("k", "critical")
    padding = tuple(step(f"p{number}") for number in range(20))
    tree: Tree = ("seq", (*padding, critical))
    without = given(lib, tree, in_order(tree)[:-1])
    assert (without.band.name, without.rating.name) == ("P", "U")
    assert "critical" in without.reason
    early = given(lib, tree, [in_order(tree)[-1], *in_order(tree)[:-1]])
    assert early.rating.name == "S"

    # Proved by an act that another step needs: the alignment calls it missed, the gate does not.
    shared = given(lib, tree, [*in_order(tree)[:-2], proof("p19", "k")])
    assert shared.rating.name == "S"

    tame: Tree = ("one_of", (("seq", (step("x"), ("optional", critical))), step("y")))
    assert given(lib, ("seq", (*padding, tame)), in_order(("seq", padding))).rating.name == "S"

    branch: Tree = ("seq", (step("b"), step("c")))
    for group in (("one_of", (critical, branch)), ("one_of", (branch, critical))):
        tree = ("seq", (*padding, group))
        run = in_order(("seq", padding))
        assert given(lib, tree, [*run, proof("k")]).rating.name == "P"
        assert given(lib, tree, [*run, proof("b"), proof("c")]).rating.name == "P"
        assert given(lib, tree, [*run, proof("b")]).rating.name == "U"
        assert given(lib, tree, run).rating.name == "U"
        assert given(lib, ("seq", (*padding, ("optional", group))), run).rating.name == "P"
        nested: Tree = ("one_of", (("seq", (critical, ("one_of", (step("x"), step("y"))))), branch))
        assert given(lib, ("seq", (*padding, nested)), [*run, proof("k"), proof("x")]).score == 100
        assert given(lib, ("seq", (*padding, nested)), [*run, proof("k"), proof("x")]).rating == 3
        again: Tree = ("seq", (*padding, ("repeat", ("any_order", (group, step("z"))))))
        assert given(lib, again, [*run, proof("z")]).rating.name == "U"
