"""The rules of the marks by example, and the critical gate."""

from __future__ import annotations

from fractions import Fraction

import marks_rules
import pytest
from marks_core import SCORING
from marks_rules import GOOD, THREE, Rule, given, in_order, proof

from simulator.assessment.facts import Deadline, Decision, Facts, Overrule
from simulator.assessment.judgement import JUDGEMENT, SCORING_VERSION, Weight, table
from simulator.assessment.marks import LineKind, mark
from simulator.assessment.procedure import Step
from simulator.assessment.rating import Rating


@pytest.mark.parametrize("rule", marks_rules.RULES, ids=lambda rule: rule.__name__)
def test_rule(rule: Rule) -> None:
    rule(SCORING)


def test_the_critical_gate() -> None:
    marks_rules.the_critical_gate(SCORING)


def test_a_perfect_run_says_so() -> None:
    marks = given(SCORING, THREE, in_order(THREE))
    assert marks.reason == "nothing stands against it"
    assert marks.rating.words == "performed without challenges"
    assert [outcome.at for outcome in marks.steps] == [0, 10, 20]
    assert marks.scoring_version == SCORING_VERSION


def test_a_line_names_its_step_and_why() -> None:
    marks = given(SCORING, THREE, [proof("a"), proof("c")])
    (line,) = marks.lines
    assert (line.kind, line.subject, line.lost) == (LineKind.STEP, "b", Fraction(100, 3))
    assert line.reason.startswith("missed")


def test_the_printed_score_never_claims_more_than_the_rating() -> None:
    overruled = {"a": Overrule(Fraction(61, 100), "seen")}
    facts = Facts(recovered=True, overrules=overruled)
    marks = given(SCORING, THREE, in_order(THREE), facts)
    assert marks.score == 100 - Fraction(61, 3)
    assert (marks.points, marks.rating) == (79, Rating.S)
    assert marks.reason.endswith("the score is below 80")


def test_what_requires_nothing_is_not_marked() -> None:
    with pytest.raises(ValueError, match="nothing in this procedure is required"):
        mark(Step("a", Weight.OPTIONAL), (), GOOD)


def test_facts_out_of_range_are_refused() -> None:
    with pytest.raises(ValueError, match="out of its range"):
        Overrule(Fraction(2), "too much")
    with pytest.raises(ValueError, match="out of its range"):
        Decision("x", "Choose", 2, 2)
    with pytest.raises(ValueError, match="out of its range"):
        Deadline("d", "Do it", 0)


def test_the_table_of_judgement_numbers_prints() -> None:
    rows = dict(table(JUDGEMENT))
    assert rows["scoring version"] == "1"
    assert rows["procedure share"] == "60"
    assert rows["proved elsewhere"] == "0.4"
    assert rows["harms: minor"] == "0.05"
    assert rows["points: flagged"] == "3"
    assert rows["guard"] == "major"
