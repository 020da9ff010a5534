"""The sixteen properties of the marks, and the alignment against every possible alignment.

Each takes a copy of the scoring code and a source of random runs. That the tests bite is shown
by giving them copies with a fault in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import product
from types import ModuleType
from typing import Any, TypeAlias

from hypothesis import assume
from hypothesis import strategies as st
from marks_cases import (
    Run,
    Tree,
    act_of,
    below,
    choices,
    demanded,
    heaviness,
    leaves,
    marked,
    muddled_runs,
    ordered,
    perfect_runs,
    runs,
    stray_runs,
    timed,
    times,
    trees,
    worlds,
)

from simulator.assessment.facts import Facts, MarkedAct, Overrule
from simulator.assessment.judgement import Harm

Property: TypeAlias = Callable[[ModuleType, st.DataObject], None]


def a_perfect_run_is_100_and_p(lib: ModuleType, data: st.DataObject) -> None:
    """1."""
    marks = marked(lib, data.draw(perfect_runs(data.draw(trees()))))
    assert marks.score == 100
    assert marks.rating.name == "P"
    assert marks.lines == ()


def a_score_lies_between_0_and_100(lib: ModuleType, data: st.DataObject) -> None:
    """2."""
    assert 0 <= marked(lib, data.draw(overruled_runs())).score <= 100


def the_lines_add_up(lib: ModuleType, data: st.DataObject) -> None:
    """3."""
    marks = marked(lib, data.draw(overruled_runs()))
    assert sum(line.lost for line in marks.lines) == 100 - marks.score
    assert all(line.lost > 0 for line in marks.lines)
    assert sum(component.share for component in marks.components) == 100
    earned = sum(component.earned for component in marks.components) * marks.kept
    assert marks.score == (earned if marks.components[0].earned else 0)


def one_more_required_act_never_lowers_the_score(lib: ModuleType, data: st.DataObject) -> None:
    """4."""
    before, after = _with_one_more_required_act(data)
    assert marked(lib, after).score >= marked(lib, before).score


def one_more_required_act_never_lowers_the_rating(lib: ModuleType, data: st.DataObject) -> None:
    """5."""
    before, after = _with_one_more_required_act(data)
    assert marked(lib, after).rating >= marked(lib, before).rating


def harm_lowers_the_score_unless_0(lib: ModuleType, data: st.DataObject) -> None:
    """6."""
    before, after = _with_more_harm(data)
    score, harmed = marked(lib, before).score, marked(lib, after).score
    assert harmed < score or score == harmed == 0


def harm_never_improves_the_rating(lib: ModuleType, data: st.DataObject) -> None:
    """7."""
    before, after = _with_more_harm(data)
    assert marked(lib, after).rating <= marked(lib, before).rating


def an_unrelated_act_changes_nothing(lib: ModuleType, data: st.DataObject) -> None:
    """8."""
    run = data.draw(runs())
    unrelated = MarkedAct(0, frozenset({"elsewhere"}), frozenset({"nowhere"}))
    assert _same(lib, run, _inserted(data, run, unrelated))


def scaling_time_without_deadlines_changes_nothing(lib: ModuleType, data: st.DataObject) -> None:
    """9. Where there are no deadlines of any kind."""
    run = data.draw(runs())
    undated = tuple(replace(decision, due=None) for decision in run.facts.decisions)
    facts = replace(run.facts, deadlines=(), cadences=(), decisions=undated)
    run = replace(run, facts=facts)
    factor = data.draw(st.integers(1, 9))
    assert _same(lib, run, replace(run, acts=_scaled(run.acts, factor)))


def scaling_times_and_limits_together_changes_nothing(lib: ModuleType, data: st.DataObject) -> None:
    """10."""
    run = data.draw(runs())
    factor = data.draw(st.integers(1, 9))
    scaled = Run(run.tree, _scaled(run.acts, factor), _scaled_facts(run.facts, factor))
    assert _same(lib, run, scaled)


def the_same_order_done_faster_never_lowers(lib: ModuleType, data: st.DataObject) -> None:
    """11. Except cadence and decisions, whose facts stay as they are."""
    run = data.draw(runs())
    faster, at, previous = [], 0, 0
    for act in run.acts:
        at += data.draw(st.integers(0, act.at - previous))
        previous = act.at
        faster.append(replace(act, at=at))
    slow, fast = marked(lib, run), marked(lib, replace(run, acts=tuple(faster)))
    assert fast.score >= slow.score
    assert fast.rating >= slow.rating


def repeating_an_act_never_lowers(lib: ModuleType, data: st.DataObject) -> None:
    """12. For harmless acts."""
    run = data.draw(runs())
    harmless = [i for i, act in enumerate(run.acts) if act.harm is None and not act.guard_broken]
    assume(harmless)
    number = data.draw(st.sampled_from(harmless))
    again = _inserted(
        data, run, run.acts[number], data.draw(st.integers(number + 1, len(run.acts)))
    )
    assert marked(lib, again).score >= marked(lib, run).score


def permuting_an_any_order_group_changes_nothing(lib: ModuleType, data: st.DataObject) -> None:
    """13. When the group has no deadline. Permutes what was done, and the writing of it."""
    before, after = data.draw(trees("b", 2)), data.draw(trees("z", 2))
    group = [data.draw(trees(prefix, 2)) for prefix in "mno"]
    blocks = [
        [replace(act, harm=None, guard_broken=False) for act in data.draw(stray_runs(branch, 4))]
        for branch in group
    ]
    first, last = data.draw(stray_runs(before, 3)), data.draw(stray_runs(after, 3))
    around: Tree = ("seq", (before, after))
    tree = ("seq", (before, ("any_order", tuple(group)), after))
    order = data.draw(st.permutations(range(3)))
    length = len(first) + sum(map(len, blocks)) + len(last)
    seconds = data.draw(times(length))
    facts = data.draw(worlds(around))
    one = [*first, *(act for block in blocks for act in block), *last]
    other = [*first, *(act for i in order for act in blocks[i]), *last]
    rewritten = ("seq", (before, ("any_order", tuple(group[i] for i in order)), after))
    run = Run(tree, timed(one, seconds), facts)
    assert _same(lib, run, Run(tree, timed(other, seconds), facts))
    assert _same(lib, run, replace(run, tree=rewritten))


def missed_is_below_out_of_order_is_below_in_order(lib: ModuleType, data: st.DataObject) -> None:
    """14."""
    tree = data.draw(trees())
    run = data.draw(perfect_runs(tree, often=1))
    names = [next(iter(act.proves | act.ticks)) for act in run.acts]
    asked = set(demanded(tree))
    number = data.draw(st.sampled_from([i for i, name in enumerate(names) if name in asked]))
    name, pairs = names[number], ordered(tree)
    rest = [
        (other, act)
        for i, (other, act) in enumerate(zip(names, run.acts, strict=True))
        if i != number
    ]
    missed = replace(run, acts=tuple(act for _, act in rest))
    wrong = [
        place
        for place in range(len(rest) + 1)
        if any((name, other) in pairs for other, _ in rest[:place] if other in asked)
        or any((other, name) in pairs for other, _ in rest[place:] if other in asked)
    ]
    low = marked(lib, missed).score
    assert low < marked(lib, run).score
    if wrong:
        moved = _inserted(data, missed, run.acts[number], data.draw(st.sampled_from(wrong)))
        assert low < marked(lib, moved).score < marked(lib, run).score


def every_branch_of_a_choice_can_reach_100(lib: ModuleType, data: st.DataObject) -> None:
    """15."""
    branches = tuple(data.draw(trees(prefix, 3)) for prefix in "mno")
    choice: Tree = ("one_of", branches)
    around = data.draw(st.sampled_from(["seq", "any_order", "one_of"]))
    tree = (around, (data.draw(trees("b", 2)), choice))
    for choice in choices(tree):
        for branch in choice[1]:
            marks = marked(lib, data.draw(perfect_runs(tree, (choice, branch))))
            assert marks.score == 100
            assert marks.rating.name == "P"


def an_idle_run_is_0_and_u(lib: ModuleType, data: st.DataObject) -> None:
    """16."""
    tree = data.draw(trees())
    marks = marked(lib, Run(tree, (), data.draw(worlds(tree))))
    assert marks.score == 0
    assert marks.rating.name == "U"
    assert sum(line.lost for line in marks.lines) == 100


def the_alignment_is_the_best_of_all(lib: ModuleType, data: st.DataObject) -> None:
    """Against every way to give the steps of a small procedure their acts."""
    tree = data.draw(trees(most=6))
    acts = data.draw(st.one_of(muddled_runs(tree), stray_runs(tree, 3)))[:7]
    marks = marked(lib, Run(tree, acts, Facts(recovered=True)))
    lost = 1 - marks.components[0].earned / 100
    assert lost == least_cost(tree, acts) / heaviness(tree)
    places = {step.step: step.act for step in marks.steps if step.how.value in ("proved", "ticked")}
    assert all(
        places[one] < places[other]
        for one, other in ordered(tree)
        if one in places and other in places
    )


def least_cost(tree: Tree, acts: tuple[MarkedAct, ...]) -> Fraction:
    """Try every branch of every choice and every act for every step."""
    every, pairs = {leaf[1]: leaf for leaf in leaves(tree)}, ordered(tree)
    best = None
    for taken in _selections(tree, Fraction(1)):
        offers = [list(_ways(every[name], weight, every, acts)) for name, weight in taken.items()]
        for ways in product(*offers):
            place = {n: way[0] for n, way in zip(taken, ways, strict=True) if way[0] is not None}
            if any(place[a] >= place[b] for a, b in pairs if a in place and b in place):
                continue
            cost = sum((way[1] for way in ways), Fraction(0))
            best = cost if best is None else min(best, cost)
    assert best is not None
    return best


def _selections(tree: Tree, scale: Fraction) -> Iterator[dict[str, Fraction]]:
    if tree[0] == "step":
        yield {tree[1]: scale * heaviness(tree)}
    elif tree[0] == "one_of":
        for child in below(tree):
            own, whole = heaviness(child), heaviness(tree)
            yield from _selections(child, scale * whole / own if own else Fraction(0))
    else:
        scale = Fraction(0) if tree[0] == "optional" else scale
        for parts in product(*(list(_selections(child, scale)) for child in below(tree))):
            yield {name: weight for part in parts for name, weight in part.items()}


def _ways(
    leaf: Tree, weight: Fraction, every: Mapping[str, Tree], acts: tuple[MarkedAct, ...]
) -> Iterator[tuple[int | None, Fraction]]:
    name, provable = leaf[1], leaf[3]
    elsewhere = Fraction(1)
    for number, act in enumerate(acts):
        proof = name in (act.proves if provable else act.ticks)
        if name in act.ticks:
            elsewhere = min(elsewhere, Fraction(7, 10))
            yield number, weight / 2
        if proof:
            yield number, Fraction(0)
            if not ((act.proves | act.ticks) & every.keys()) - {name}:
                elsewhere = min(elsewhere, Fraction(4, 10))
    yield None, elsewhere * weight


@st.composite
def overruled_runs(draw: st.DrawFn) -> Run:
    """Draw any run, some of its steps overruled."""
    run = draw(runs())
    names = [leaf[1] for leaf in leaves(run.tree)]
    shares = draw(st.dictionaries(st.sampled_from(names), st.integers(0, 10), max_size=2))
    overrules = {name: Overrule(Fraction(n, 10), "I saw it") for name, n in shares.items()}
    return replace(run, facts=replace(run.facts, overrules=overrules))


def _inserted(data: st.DataObject, run: Run, act: MarkedAct, place: int | None = None) -> Run:
    if place is None:
        place = data.draw(st.integers(0, len(run.acts)))
    earliest = run.acts[place - 1].at if place else 0
    latest = run.acts[place].at if place < len(run.acts) else earliest + 99
    act = replace(act, at=data.draw(st.integers(earliest, latest)))
    return replace(run, acts=(*run.acts[:place], act, *run.acts[place:]))


def _with_one_more_required_act(data: st.DataObject) -> tuple[Run, Run]:
    run = data.draw(runs())
    required = [leaf for leaf in leaves(run.tree) if leaf[2] != "optional"]
    act = act_of(data.draw(st.sampled_from(required)))
    return run, _inserted(data, run, act)


def _with_more_harm(data: st.DataObject) -> tuple[Run, Run]:
    run = data.draw(runs())
    harm = data.draw(st.sampled_from([None, *Harm]))
    peaceful = [i for i, act in enumerate(run.acts) if act.harm is None and not act.guard_broken]
    if not peaceful or data.draw(st.booleans()):
        return run, _inserted(data, run, MarkedAct(0, harm=harm, guard_broken=harm is None))
    number = data.draw(st.sampled_from(peaceful))
    worse = replace(run.acts[number], harm=harm, guard_broken=harm is None)
    return run, replace(run, acts=(*run.acts[:number], worse, *run.acts[number + 1 :]))


def _scaled(acts: tuple[MarkedAct, ...], factor: int) -> tuple[MarkedAct, ...]:
    return timed(acts, [act.at * factor for act in acts])


def _scaled_facts(facts: Facts, factor: int) -> Facts:
    def scaled(moment: int | None) -> int | None:
        return None if moment is None else moment * factor

    return replace(
        facts,
        deadlines=tuple(
            replace(d, limit=d.limit * factor, since=scaled(d.since), met_at=scaled(d.met_at))
            for d in facts.deadlines
        ),
        cadences=tuple(
            replace(
                c,
                limit=c.limit * factor,
                since=scaled(c.since),
                until=c.until * factor,
                times=tuple(at * factor for at in c.times),
            )
            for c in facts.cadences
        ),
        decisions=tuple(
            replace(d, due=scaled(d.due), choices=tuple((at * factor, v) for at, v in d.choices))
            for d in facts.decisions
        ),
    )


def _same(lib: ModuleType, one: Run, other: Run) -> bool:
    return _told(marked(lib, one)) == _told(marked(lib, other))


def _told(marks: Any) -> tuple[Any, ...]:
    """Return what marks say of the score and rating, whatever the number of an act."""
    lost = sorted((line.kind.value, line.lost) for line in marks.lines)
    caps = sorted(cap.rating for cap in marks.caps)
    return marks.score, marks.rating, marks.components, sum(n for _, n in lost), caps


PROPERTIES: tuple[Property, ...] = (
    a_perfect_run_is_100_and_p,
    a_score_lies_between_0_and_100,
    the_lines_add_up,
    one_more_required_act_never_lowers_the_score,
    one_more_required_act_never_lowers_the_rating,
    harm_lowers_the_score_unless_0,
    harm_never_improves_the_rating,
    an_unrelated_act_changes_nothing,
    scaling_time_without_deadlines_changes_nothing,
    scaling_times_and_limits_together_changes_nothing,
    the_same_order_done_faster_never_lowers,
    repeating_an_act_never_lowers,
    permuting_an_any_order_group_changes_nothing,
    missed_is_below_out_of_order_is_below_in_order,
    every_branch_of_a_choice_can_reach_100,
    an_idle_run_is_0_and_u,
)
