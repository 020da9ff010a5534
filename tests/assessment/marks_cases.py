"""Random procedures and runs as plain data, so that any copy of the scoring code can mark them.

A procedure is nested tuples: ("step", id, weight, provable), ("seq", children) and so on. What
is computed of it here is written apart from the code under test.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from types import ModuleType
from typing import Any, TypeAlias

from hypothesis import strategies as st

from simulator.assessment.facts import Cadence, Deadline, Decision, Facts, MarkedAct
from simulator.assessment.judgement import Harm

Tree: TypeAlias = tuple[Any, ...]
Draw: TypeAlias = st.DrawFn


@dataclass(frozen=True)
class Run:
    """A procedure, what was done and the facts of the world."""

    tree: Tree
    acts: tuple[MarkedAct, ...]
    facts: Facts


def build(lib: ModuleType, tree: Tree) -> Any:
    """Return the procedure as `lib` writes it."""
    kind, *rest = tree
    if kind == "step":
        name, weight, provable = rest
        return lib.Step(name, lib.Weight(weight), provable)
    if kind in ("optional", "repeat"):
        return {"optional": lib.Optional, "repeat": lib.Repeat}[kind](build(lib, rest[0]))
    node = {"seq": lib.Seq, "any_order": lib.AnyOrder, "one_of": lib.OneOf}[kind]
    return node(tuple(build(lib, child) for child in rest[0]))


def marked(lib: ModuleType, run: Run) -> Any:
    """Return what `lib` gives for a run."""
    acts = [replace(act, harm=act.harm and lib.Harm(act.harm.value)) for act in run.acts]
    return lib.mark(build(lib, run.tree), acts, run.facts)


def below(tree: Tree) -> tuple[Tree, ...]:
    """Return the nodes directly below."""
    if tree[0] == "step":
        return ()
    return (tree[1],) if tree[0] in ("optional", "repeat") else tuple(tree[1])


def leaves(tree: Tree) -> list[Tree]:
    """Return the steps."""
    return (
        [tree] if tree[0] == "step" else [leaf for child in below(tree) for leaf in leaves(child)]
    )


def heaviness(tree: Tree) -> int:
    """Return the weight of a node, a choice its heaviest branch."""
    if tree[0] == "step":
        return {"required": 1, "critical": 3, "optional": 0}[tree[2]]
    weights = [heaviness(child) for child in below(tree)]
    if tree[0] == "optional":
        return 0
    if tree[0] == "one_of":
        return max(weights) if all(weights) else 0
    return sum(weights)


def demanded(tree: Tree) -> list[str]:
    """Return the steps that cost something when their branch is taken and they are missed."""
    if not heaviness(tree):
        return []
    if tree[0] == "step":
        return [tree[1]]
    return [name for child in below(tree) for name in demanded(child)]


def ordered(tree: Tree) -> set[tuple[str, str]]:
    """Return the pairs of steps of which the first must come before the second."""
    pairs = {pair for child in below(tree) for pair in ordered(child)}
    if tree[0] == "seq":
        for i, child in enumerate(tree[1]):
            later = [leaf[1] for other in tree[1][i + 1 :] for leaf in leaves(other)]
            pairs |= {(leaf[1], name) for leaf in leaves(child) for name in later}
    return pairs


def choices(tree: Tree) -> Iterator[Tree]:
    """Yield every choice in a tree."""
    if tree[0] == "one_of":
        yield tree
    for child in below(tree):
        yield from choices(child)


# Each strategy is made once: making one costs more than drawing from it.
_KINDS = ["step", "seq", "any_order", "seq", "any_order", "one_of", "optional", "repeat"]
_KIND, _LAST_KIND = st.sampled_from(_KINDS), st.sampled_from(_KINDS[:1])
_WEIGHT = st.sampled_from(["required", "required", "critical", "optional"])
_MOSTLY = st.sampled_from([True, True, True, False])
_ACT = st.sampled_from(["own", "own", "own", "own", "tick", "both", "shared", "none"])
_MUDDLE = st.sampled_from(["own", "own", "own", "shared", "shared", "tick", "none"])
_HARM = st.sampled_from([None] * 9 + list(Harm))
_WAY = st.sampled_from(["strange", "muddled", "near"])
_BOOLEAN = st.booleans()
_WAIT, _SINCE, _MOMENT = st.integers(0, 90), st.integers(0, 200), st.integers(0, 600)
_PERHAPS_A_MOMENT = st.one_of(_MOMENT, st.none())
_SINCE_OFTEN, _SINCE_PERHAPS = st.one_of(_SINCE, _SINCE, st.none()), st.one_of(_SINCE, st.none())
_MOMENTS = st.lists(_MOMENT, max_size=6)


@st.composite
def trees(draw: Draw, prefix: str = "s", most: int = 7) -> Tree:
    """Draw a procedure that requires something, of at most so many steps."""
    left = [most]
    tree = draw(_nodes(prefix, left, 3))
    if not heaviness(tree):
        tree = ("seq", (tree, ("step", f"{prefix}{left[0]}", "required", True)))
    return tree


@st.composite
def _nodes(draw: Draw, prefix: str, left: list[int], depth: int) -> Tree:
    kind = draw(_KIND if depth and left[0] > 1 else _LAST_KIND)
    if kind == "step":
        weight, provable = draw(_WEIGHT), draw(_MOSTLY)
        left[0] -= 1
        return ("step", f"{prefix}{left[0] + 1}", weight, provable)
    if kind in ("optional", "repeat"):
        return (kind, draw(_nodes(prefix, left, depth - 1)))
    children = []
    for _ in range(draw(st.integers(2, 3))):
        if left[0] > 0:
            children.append(draw(_nodes(prefix, left, depth - 1)))
    return (kind, tuple(children))


@st.composite
def times(draw: Draw, number: int) -> list[int]:
    """Draw the seconds of so many acts, never falling."""
    waits = draw(st.lists(_WAIT, min_size=number, max_size=number))
    return list(accumulate(waits))


def act_of(leaf: Tree, at: int = 0) -> MarkedAct:
    """Return the act that does a step and nothing else."""
    name = frozenset({leaf[1]})
    return MarkedAct(at, proves=name) if leaf[3] else MarkedAct(at, ticks=name)


@st.composite
def stray_acts(draw: Draw, tree: Tree) -> MarkedAct:
    """Draw an act: mostly a step's own, also ticks, shared, harmful and unrelated ones."""
    every = leaves(tree)
    leaf = draw(st.sampled_from(every))
    kind = draw(_ACT)
    act = act_of(leaf)
    if kind == "tick":
        act = MarkedAct(0, ticks=frozenset({leaf[1]}))
    elif kind == "both":
        act = replace(act, ticks=frozenset({leaf[1]}))
    elif kind == "shared":
        act = replace(act, proves=frozenset({leaf[1], draw(st.sampled_from(every))[1]}))
    elif kind == "none":
        act = MarkedAct(0, proves=frozenset({"unheard-of"}))
    harm = draw(_HARM)
    return replace(act, harm=harm, guard_broken=draw(st.integers(0, 19)) == 0)


@st.composite
def stray_runs(draw: Draw, tree: Tree, most: int = 9) -> tuple[MarkedAct, ...]:
    """Draw acts in any order: sometimes near a perfect run, sometimes far from one."""
    way = draw(_WAY)
    if way == "muddled":
        return draw(muddled_runs(tree))
    acts = draw(st.lists(stray_acts(tree), max_size=most))
    if way == "near":
        steps = draw(perfect_orders(tree))
        kept = [act_of(leaf) for leaf in steps if draw(st.integers(0, 4))]
        position = draw(st.integers(0, len(acts)))
        acts = [*acts[:position], *kept, *acts[position:]][: 2 * most]
    return timed(acts, draw(times(len(acts))))


@st.composite
def muddled_runs(draw: Draw, tree: Tree) -> tuple[MarkedAct, ...]:
    """Draw a run that does nearly every step, or ticks it, in any order."""
    acts = []
    for leaf in draw(st.permutations(leaves(tree))):
        kind = draw(_MUDDLE)
        both = frozenset({leaf[1], draw(st.sampled_from(leaves(tree)))[1]})
        if kind == "tick":
            acts.append(MarkedAct(0, ticks=frozenset({leaf[1]})))
        elif kind != "none":
            acts.append(act_of(leaf) if kind == "own" else MarkedAct(0, proves=both))
    return timed(acts, draw(times(len(acts))))


def timed(acts: Sequence[MarkedAct], seconds: Sequence[int]) -> tuple[MarkedAct, ...]:
    """Return the acts at these seconds."""
    return tuple(replace(act, at=at) for act, at in zip(acts, seconds, strict=True))


@st.composite
def perfect_orders(
    draw: Draw, tree: Tree, branch: tuple[Tree, Tree] | None = None, often: int = 2
) -> list[Tree]:
    """Draw the steps of a perfect run in order. `branch` is (choice, the branch to take)."""
    kind = tree[0]
    if kind == "step":
        return [] if tree[2] == "optional" and draw(_BOOLEAN) else [tree]
    if kind == "optional":
        within = branch is not None and branch[0] in set(choices(tree))
        asked = within or draw(_BOOLEAN)
        return draw(perfect_orders(tree[1], branch, often)) if asked else []
    if kind == "repeat":
        passes = draw(st.integers(1, often))
        return [
            leaf for _ in range(passes) for leaf in draw(perfect_orders(tree[1], branch, often))
        ]
    if kind == "one_of":
        return draw(perfect_orders(_taken(draw, tree, branch), branch, often))
    parts = [draw(perfect_orders(child, branch, often)) for child in tree[1]]
    return [leaf for part in parts for leaf in part] if kind == "seq" else _woven(draw, parts)


def _taken(draw: Draw, tree: Tree, branch: tuple[Tree, Tree] | None) -> Tree:
    if branch is not None:
        if tree == branch[0]:
            return branch[1]
        for child in tree[1]:
            if branch[0] in set(choices(child)):
                taken: Tree = child
                return taken
    drawn: Tree = draw(st.sampled_from(tree[1]))
    return drawn


def _woven(draw: Draw, parts: list[list[Tree]]) -> list[Tree]:
    turns = draw(st.permutations([i for i, part in enumerate(parts) for _ in part]))
    queues = [iter(part) for part in parts]
    return [next(queues[turn]) for turn in turns]


@st.composite
def worlds(draw: Draw, tree: Tree) -> Facts:
    """Draw facts of the world, good or bad."""
    return Facts(
        recovered=draw(_MOSTLY),
        deadlines=tuple(draw(st.lists(deadlines(tree), max_size=2))),
        cadences=tuple(draw(st.lists(cadences(), max_size=1))),
        decisions=tuple(draw(st.lists(decisions(), max_size=2))),
        solution_shown=frozenset({"s1"}) if draw(st.integers(0, 9)) == 9 else frozenset(),
    )


@st.composite
def deadlines(draw: Draw, tree: Tree) -> Deadline:
    """Draw a deadline on a demanded step, or on a duty of its own."""
    own = draw(_BOOLEAN)
    return Deadline(
        id=f"d{draw(st.integers(0, 99))}",
        title="Do it",
        limit=draw(st.integers(1, 300)),
        since=draw(_SINCE_OFTEN),
        step=None if own else draw(st.sampled_from(demanded(tree))),
        met_at=draw(_PERHAPS_A_MOMENT) if own else None,
        weight=draw(st.integers(1, 3)),
        critical=draw(_BOOLEAN),
        applies=draw(st.integers(0, 4)) < 4,
    )


@st.composite
def cadences(draw: Draw) -> Cadence:
    """Draw a cadence, kept or not."""
    since = draw(_SINCE_PERHAPS)
    until, limit = draw(st.integers(200, 900)), draw(st.integers(1, 200))
    updates = tuple(sorted(draw(_MOMENTS)))
    return Cadence("c", "Update", limit, since, until, updates, draw(st.integers(1, 3)))


@st.composite
def decisions(draw: Draw) -> Decision:
    """Draw a decision, right, wrong or not taken."""
    levels = draw(st.integers(2, 5))
    value = st.integers(0, levels - 1)
    chosen = draw(st.lists(st.tuples(_MOMENT, value), max_size=3))
    due = draw(_PERHAPS_A_MOMENT)
    return Decision("x", "Choose", draw(value), levels, tuple(sorted(chosen)), due)


@st.composite
def runs(draw: Draw) -> Run:
    """Draw any run in any world, half of them nearly perfect."""
    tree = draw(trees())
    if draw(_BOOLEAN):
        return Run(tree, draw(stray_runs(tree)), draw(worlds(tree)))
    run = draw(perfect_runs(tree))
    kept = [act for act in run.acts if draw(st.integers(0, 5))]
    strange = draw(st.lists(stray_acts(tree), max_size=1))
    end = kept[-1].at if kept else 0
    facts = draw(st.sampled_from([run.facts, replace(run.facts, recovered=False), None]))
    acts = (*kept, *(replace(act, at=end + 9) for act in strange))
    return Run(tree, acts, draw(worlds(tree)) if facts is None else facts)


@st.composite
def perfect_runs(
    draw: Draw, tree: Tree, branch: tuple[Tree, Tree] | None = None, often: int = 2
) -> Run:
    """Draw a run in which everything was done in its place and in time."""
    steps = draw(perfect_orders(tree, branch, often))
    acts = timed([act_of(leaf) for leaf in steps], draw(times(len(steps))))
    end = acts[-1].at if acts else 0
    on_steps = [name for name in demanded(tree) if draw(st.integers(0, 3)) == 0]
    right = draw(st.integers(0, 2))
    facts = Facts(
        recovered=True,
        deadlines=tuple(
            Deadline(name, name, max(1, end), since=0, step=name, critical=True)
            for name in on_steps
        ),
        cadences=(Cadence("c", "Update", 60, 0, 200, (60, 120, 180)),) * draw(st.integers(0, 1)),
        decisions=(Decision("x", "Choose", right, 3, ((9, right),), 10),) * draw(st.integers(0, 1)),
    )
    return Run(tree, acts, facts)
