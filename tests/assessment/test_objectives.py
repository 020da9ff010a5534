"""The proposed rating of an objective: the rules of the rating, held to the objective's steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from marks_cases import Run, Tree, build, leaves, runs
from marks_core import SCORING
from marks_rules import proof, step, tick

from simulator.assessment import JUDGEMENT, Harm, Rating, mark
from simulator.assessment.facts import Deadline, Facts, MarkedAct
from simulator.assessment.objectives import ObjectiveRating, rate_steps

GOOD = Facts(recovered=True)
FOUR: Tree = ("seq", (step("a"), step("b", "critical"), step("c"), step("d")))


def rated(
    steps: str | set[str],
    acts: Sequence[MarkedAct],
    facts: Facts = GOOD,
    tree: Tree = FOUR,
    harmful: set[int] | None = None,
) -> ObjectiveRating:
    """Return the rating of the objective with these steps."""
    procedure = build(SCORING, tree)
    marks = mark(procedure, acts, facts)
    return rate_steps("x", frozenset(steps), procedure, marks, acts, facts, harmful or set())


def letter(one: ObjectiveRating) -> str:
    """Return the letter of a rating."""
    return one.rating.name if one.rating is not None else "-"


ALL = [proof("a", at=10), proof("b", at=20), proof("c", at=30), proof("d", at=40)]


def test_everything_done_in_its_place_is_p() -> None:
    one = rated("ab", ALL)
    assert (letter(one), one.score, one.reason) == (
        "P",
        Fraction(100),
        "nothing stands against it",
    )


def test_what_happened_at_other_steps_changes_nothing() -> None:
    for acts in (ALL[:2], [*ALL[:2], tick("c", at=30)], [*ALL[:2], ALL[3], ALL[2]]):
        assert letter(rated("ab", acts)) == "P"
    assert letter(rated("cd", ALL[:2])) == "U"


def test_a_critical_step_undone_is_u_where_it_belongs() -> None:
    acts = [ALL[0], ALL[2], ALL[3]]
    assert letter(rated("ab", acts)) == "U"
    assert "b" in rated("ab", acts).reason
    assert letter(rated("cd", acts)) == "P"


def test_a_required_step_missed_is_s_at_best_and_the_earned_share_can_make_it_worse() -> None:
    assert letter(rated("abc", ALL[:2])) == "S"
    one = rated("acd", [ALL[0], ALL[1]])
    assert (letter(one), one.score) == ("U", Fraction(100, 3))
    assert "what its steps earned is below 50" in one.reason


def test_a_deadline_counts_for_the_objective_of_its_step_alone() -> None:
    for late, critical, wanted in ((15, False, "S"), (5, False, "S"), (5, True, "M")):
        limit = Deadline("d", "Do b", late, step="b", critical=critical)
        facts = replace(GOOD, deadlines=(limit,))
        assert letter(rated("ab", ALL, facts)) == wanted
        assert letter(rated("cd", ALL, facts)) == "P"
    half = rated("ab", ALL, replace(GOOD, deadlines=(Deadline("d", "Do b", 16, step="b"),)))
    assert half.score == 100 * (60 + 25 * Fraction(3, 4)) / 85


def test_harm_counts_for_the_objective_in_whose_time_it_was_done() -> None:
    for harm, wanted in ((Harm.MINOR, "S"), (Harm.MAJOR, "M"), (Harm.CRITICAL, "M")):
        acts = [*ALL, MarkedAct(50, harm=harm, harm_reason="dropped it")]
        one = rated("ab", acts, harmful={4})
        assert letter(one) == wanted
        assert one.score == 100 * (1 - JUDGEMENT.harms[harm])
        assert "dropped it" in one.reason
        assert letter(rated("ab", acts)) == "P"


def test_the_shown_solution_of_its_step_is_s() -> None:
    facts = replace(GOOD, solution_shown=frozenset({"c"}))
    assert letter(rated("cd", ALL, facts)) == "S"
    assert letter(rated("ab", ALL, facts)) == "P"


def test_recovery_says_something_of_the_whole_only() -> None:
    facts = Facts(recovered=False)
    assert letter(rated("ab", ALL, facts)) == "P"
    whole = rated(set(), ALL, facts)
    assert letter(whole) == "U"
    assert whole.reason == "judged by the whole exercise: production had not recovered"


def test_a_branch_that_was_not_taken_is_not_observed() -> None:
    tree: Tree = ("one_of", (step("a"), ("seq", (step("b"), step("c")))))
    one = rated("a", [proof("b"), proof("c", at=5)], tree=tree)
    assert (letter(one), one.score) == ("-", None)
    assert letter(rated("abc", [proof("b"), proof("c", at=5)], tree=tree)) == "P"


def test_an_objective_of_optional_steps_alone_is_not_observed() -> None:
    tree: Tree = ("seq", (step("a"), ("optional", step("b"))))
    assert letter(rated("b", [proof("a"), proof("b", at=5)], tree=tree)) == "-"


@settings(max_examples=120, deadline=None, derandomize=True, database=None)
@given(runs())
def test_the_objective_of_all_steps_is_rated_like_the_whole(run: Run) -> None:
    names = {leaf[1] for leaf in leaves(run.tree)}
    facts = replace(
        run.facts,
        recovered=True,
        cadences=(),
        decisions=(),
        deadlines=tuple(d for d in run.facts.deadlines if d.step in names),
        solution_shown=run.facts.solution_shown & names,
    )
    procedure = build(SCORING, run.tree)
    marks = mark(procedure, run.acts, facts)
    every = set(range(len(run.acts)))
    one = rate_steps("x", names, procedure, marks, run.acts, facts, every)
    if one.rating is not None:
        assert one.score == marks.score
        assert one.rating is marks.rating


@settings(max_examples=120, deadline=None, derandomize=True, database=None)
@given(runs(), st.data())
def test_a_rating_is_one_of_four_and_never_above_its_caps(run: Run, data: st.DataObject) -> None:
    names = data.draw(st.sets(st.sampled_from([leaf[1] for leaf in leaves(run.tree)]), min_size=1))
    procedure = build(SCORING, run.tree)
    marks = mark(procedure, run.acts, run.facts)
    one = rate_steps("x", names, procedure, marks, run.acts, run.facts, set())
    if one.rating is None:
        assert one.score is None
        return
    assert one.score is not None
    assert 0 <= one.score <= 100
    assert one.reason
    assert one.rating <= min([Rating.P, *(cap.rating for cap in one.caps)])
    missed = {s.step for s in marks.steps if s.weight * s.share and s.step in names}
    assert not missed or one.rating < Rating.P
