"""The tests of the marks bite: scoring code with a fault in it does not pass them."""

from __future__ import annotations

from types import ModuleType

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from marks_core import mutated
from marks_properties import PROPERTIES, Property, the_alignment_is_the_best_of_all
from marks_rules import RULES, the_critical_gate

quickly = settings(
    max_examples=800,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)

CAUGHT_BY_PROPERTIES = (
    ("a_perfect", "outcomes", "PROVED, Fraction(0), place", "PROVED, judgement.ticked, place"),
    ("the_lines", "marks", "* scale, time * scale", ", time"),
    ("a_perfect", "rating", "score >= judgement.performed_from", "score > 100"),
    ("a_perfect", "marks", "if credit.late:", "if not credit.late:"),
    ("a_score", "credits", "max(Fraction(0), 2", "max(Fraction(-9), 2"),
    ("the_lines", "marks", "score -= lost", "score -= 0"),
    ("the_lines", "marks", "lost = score * judgement.harms", "lost = 100 * judgement.harms"),
    (
        "one_more_required_act_never_lowers_the_score",
        "outcomes",
        "if seen.own:",
        "if len(seen.own) == 1:",
    ),
    (
        "one_more_required_act_never_lowers_the_rating",
        "marks",
        "if result.weight * result.share:",
        "if result.at is not None and result.share:",
    ),
    ("harm_lowers", "marks", "is not None or act.guard_broken", "is not None"),
    ("harm_never", "rating", "for cap in caps)])", "for cap in caps[-1:])])"),
    (
        "an_unrelated",
        "outcomes",
        "if len(accepted[number]) == 1",
        "if len(accepted[number]) == 1 and number % 2",
    ),
    ("scaling_time_without", "outcomes", "else act.ticks):", "else act.ticks) and act.at < 200:"),
    (
        "scaling_times_and",
        "credits",
        "2 - Fraction(took, deadline.limit)",
        "2 - Fraction(took, 60)",
    ),
    ("the_same_order", "credits", "2 - Fraction(took", "Fraction(took"),
    ("repeating", "outcomes", "return min((acts[number].at", "return max((acts[number].at"),
    (
        "the_alignment",
        "alignment",
        "sum(costs) for costs in zip(free",
        "max(costs) for costs in zip(free",
    ),
    ("permuting", "alignment", "            v = _advance(problem, child, v, base)\n", ""),
    ("missed_is", "alignment", "for i in range(place + 1, end):", "for i in range(place, end):"),
    ("missed_is", "outcomes", "judgement.proved_elsewhere, seen", "judgement.missed, seen"),
    ("every_branch", "alignment", "[min(costs) for costs in zip", "[max(costs) for costs in zip"),
    ("every_branch", "procedure", "_earliest([within, *(", "within or _earliest([*("),
    (
        "every_branch",
        "procedure",
        "for child in node.children\n        if weight",
        "for child in ()\n        if weight",
    ),
    ("an_idle", "procedure", "scale * heaviest / own if own", "scale if own"),
    ("an_idle", "marks", "if components[0].earned == 0:", "if not acts and facts.deadlines:"),
    ("an_idle", "marks", "100 - _lost(lines), reason))", "Fraction(1), reason))"),
    ("the_alignment", "alignment", "best = min(best, v[place]", "best = max(best, v[place]"),
    ("the_alignment", "alignment", "[cost + skip for cost in v]", "[cost for cost in v]"),
    ("the_alignment", "outcomes", "if len(accepted[number]) == 1", "if len(accepted[number]) >= 1"),
    (
        "the_alignment",
        "procedure",
        "Fraction(0)\n\n\ndef step_w",
        "weight(node.child)\n\n\ndef step_w",
    ),
    ("the_alignment", "alignment", "range(1, len(v)) if v[i] < v[i - 1]", "range(0)"),
)
"""Faults that random runs must find: (property, module, text, its replacement)."""

CAUGHT_BY_RULES = (
    ("procedure", "max(branches) if branches and", "min(branches) if branches and"),
    ("procedure", "return max(known, default=0) if len", "return min(known, default=0) if len"),
    ("credits", "if since < time < until", "if since < time"),
    ("marks", "Cap(Rating.S if mild else Rating.M", "Cap(Rating.S if mild else Rating.P"),
    ("marks", "Cap(Rating.S if mild else Rating.M", "Cap(Rating.P if mild else Rating.M"),
    ("judgement", "ticked: Fraction = Fraction(5, 10)", "ticked: Fraction = Fraction(4, 10)"),
    ("judgement", "Fraction(7, 10)", "Fraction(8, 10)"),
    ("judgement", "Harm.MAJOR: Fraction(15, 100)", "Harm.MAJOR: Fraction(10, 100)"),
    ("judgement", "time_share: Fraction = Fraction(25)", "time_share: Fraction = Fraction(20)"),
    (
        "judgement",
        "some_challenges_from: Fraction = Fraction(66)",
        "some_challenges_from: Fraction = Fraction(65)",
    ),
    ("judgement", "guard: Harm = Harm.MAJOR", "guard: Harm = Harm.MINOR"),
    ("credits", "2 - Fraction(took, deadline.limit)", "2 - Fraction(took + 1, deadline.limit)"),
    ("credits", "met - deadline.since", "met"),
    ("credits", "choice[0] <= due", "choice[0] < due"),
    ("credits", "(entry[1][0], entry[0])", "(-entry[1][0], entry[0])"),
    ("credits", "Fraction(off, decision.levels - 1)", "Fraction(off, decision.levels)"),
    ("credits", "Fraction(overruns, window - limit)", "Fraction(overruns, window)"),
    ("credits", "return self.share == 0", "return self.share < 1"),
    (
        "rating",
        "score >= judgement.major_challenges_from",
        "score > judgement.major_challenges_from",
    ),
    (
        "outcomes",
        "name in (act.proves if provable[name] else act.ticks)",
        "name in (act.proves | act.ticks)",
    ),
    ("outcomes", "share=share if overrule is None else overrule.share", "share=share"),
    ("outcomes", "    if beside:\n", "    if False:\n"),
    ("marks", "if not facts.recovered:", "if False:"),
    ("marks", '    found += [Cap(Rating.S, f"the solution', '    [Cap(Rating.S, f"the solution'),
    ("marks", "if result.weight * result.share:", "if False:"),
    ("marks", "if credit.late:", "if credit.failed:"),
    ("marks", "Rating.M if credit.critical and credit.failed", "Rating.M if credit.failed"),
    ("marks", "and not acts[number].guard_broken", ""),
    ("marks", "Fraction(credit.weight, total)", "Fraction(1, len(among))"),
)
"""Faults in a number or in a cap, which every property can live with."""

CAUGHT_BY_THE_GATE = (
    ("marks", "undone = undone_critical(procedure, acted(results))", "undone = ()"),
    ("marks", 'Cap(Rating.U, f"{what} not done', 'Cap(Rating.M, f"{what} not done'),
    ("procedure", "if not critical(node) or done(node, acted):", "if done(node, acted) or True:"),
    (
        "procedure",
        "any(done(child, acted) for child in below)",
        "all(done(child, acted) for child in below)",
    ),
    ("procedure", "any(critical(child) for", "all(critical(child) for"),
    ("procedure", "not isinstance(node, Optional) and any(critical", "any(critical"),
    (
        "procedure",
        "() if name in acted or not critical(node)",
        "() if name in acted or critical(node)",
    ),
    ("outcomes", "else self.proved_at is not None", "else self.how is How.PROVED"),
)


EVERY = (*PROPERTIES, the_alignment_is_the_best_of_all)


def found_by(prop: Property, lib: ModuleType) -> bool:
    """Return whether a property fails for a copy of the scoring code.

    What is drawn first depends on the modules that are loaded, so some faults need more draws.
    """

    @given(st.data())
    def check(data: st.DataObject) -> None:
        prop(lib, data)

    for draws in (quickly.max_examples, 10 * quickly.max_examples):
        try:
            settings(quickly, max_examples=draws)(check)()
        except Exception:
            return True
    return False


@pytest.mark.parametrize(("name", "module", "old", "new"), CAUGHT_BY_PROPERTIES)
def test_a_property_finds(name: str, module: str, old: str, new: str) -> None:
    (prop,) = (prop for prop in EVERY if prop.__name__.startswith(name))
    with mutated(module, old, new) as lib:
        assert found_by(prop, lib)


def test_every_property_finds_something() -> None:
    names = tuple({name for name, *_ in CAUGHT_BY_PROPERTIES})
    assert all(prop.__name__.startswith(names) for prop in EVERY)


@pytest.mark.parametrize(("module", "old", "new"), CAUGHT_BY_RULES)
def test_rules_find(module: str, old: str, new: str) -> None:
    with mutated(module, old, new) as lib:
        failed = 0
        for rule in RULES:
            try:
                rule(lib)
            except AssertionError:
                failed += 1
        assert failed


@pytest.mark.parametrize(("module", "old", "new"), CAUGHT_BY_THE_GATE)
def test_the_gate_finds(module: str, old: str, new: str) -> None:
    with mutated(module, old, new) as lib, pytest.raises((AssertionError, ValueError)):
        the_critical_gate(lib)


def test_a_copy_without_a_fault_passes() -> None:
    with mutated("marks", "import floor", "import floor  # nothing") as lib:
        the_critical_gate(lib)
        for rule in RULES:
            rule(lib)
