"""An exact optimal alignment of acts with a procedure, by min-plus dynamic programming.

For each node, V[p] is the least cost of having consumed the first p acts. Passing over an act
is free, so V never rises with p. A step leaves V'[p] = V[p] + skip, and V'[p + 1] = V[p] plus
the cost in place when act p is accepted. `Seq` composes, `OneOf` takes the minimum, `Optional`
the minimum with V. A second pass through a `Repeat` costs nothing less than the first alone, so
one pass is its fixed point. In an `AnyOrder` an act serves once in every branch, so the branches
are aligned apart over one window: V'[q] = min over p of V[p] + the sum of their costs over
[p, q). Only the p at which V falls can begin the best window, and the costs from one p are
computed once.

Steps x acts without `AnyOrder`; inside one, at most once more for each act that can begin a
window. It stays this small because the branches share the acts: where an act may serve one
branch only, optimal alignment on process trees is NP-complete.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import TypeAlias

from simulator.assessment.procedure import (
    AnyOrder,
    OneOf,
    Optional,
    Procedure,
    Repeat,
    Seq,
    Step,
)


@dataclass(frozen=True, slots=True)
class Offer:
    """What the acts offer one step. Numbers of acts ascend; an act that proves costs nothing."""

    skip: Fraction
    """The cost with no act in its place."""
    ticked: Fraction
    """The cost with one of `ticks` in its place."""
    proofs: tuple[int, ...] = ()
    ticks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Alignment:
    """The least cost, and a witness: the act in the place of each step that has one."""

    cost: Fraction
    places: Mapping[str, int]
    taken: frozenset[str]
    """The steps that were asked for: all but those of branches not taken."""


Vector: TypeAlias = list[int]
_Leaf: TypeAlias = tuple[int, list[int], list[int]]


@dataclass(frozen=True, slots=True)
class _Problem:
    """The offers in whole numbers: (skip, acts accepted, their costs) for each step."""

    acts: int
    leaves: Mapping[str, _Leaf]
    rows: dict[tuple[int, int], Vector]


def align(procedure: Procedure, offers: Mapping[str, Offer], acts: int) -> Alignment:
    """Return the least costly alignment of `acts` acts with the procedure.

    Of equal ones it returns that with the most steps in place, then the earliest branches of a
    choice, then the earliest acts.
    """
    problem = _Problem(acts, _in_whole_numbers(offers), {})
    places: dict[str, int | None] = {}
    _trace(problem, procedure, _free(problem, 0), 0, acts, places)
    return Alignment(
        sum((_cost(offers[step], place) for step, place in places.items()), Fraction(0)),
        {step: place for step, place in places.items() if place is not None},
        frozenset(places),
    )


def _cost(offer: Offer, place: int | None) -> Fraction:
    if place is None:
        return offer.skip
    return Fraction(0) if place in offer.proofs else offer.ticked


def _in_whole_numbers(offers: Mapping[str, Offer]) -> dict[str, _Leaf]:
    # A unit of cost outweighs what can be won by placing more steps, so that only ties are won.
    unit = 2 * len(offers) + 1
    unit *= lcm(*(cost.denominator for o in offers.values() for cost in (o.skip, o.ticked)))
    return {step: _leaf(offer, unit) for step, offer in offers.items()}


def _leaf(offer: Offer, unit: int) -> _Leaf:
    costs = dict.fromkeys(offer.ticks, int(offer.ticked * unit) - 1)
    costs |= dict.fromkeys(offer.proofs, -2)
    accepted = sorted(costs)
    return int(offer.skip * unit), accepted, [costs[act] for act in accepted]


def _free(problem: _Problem, base: int) -> Vector:
    return [0] * (problem.acts - base + 1)


def _advance(problem: _Problem, node: Procedure, v: Vector, base: int) -> Vector:
    """Return V' of a node. `v[i]` stands for the first `base + i` acts."""
    match node:
        case Step(name):
            return _advance_step(problem.leaves[name], v, base)
        case Seq(below):
            for child in below:
                v = _advance(problem, child, v, base)
            return v
        case OneOf(below):
            branches = [_advance(problem, child, v, base) for child in below]
            return [min(costs) for costs in zip(*branches, strict=True)] if branches else v
        case Optional(child):
            return list(map(min, v, _advance(problem, child, v, base)))
        case Repeat(child):
            return _advance(problem, child, v, base)
        case AnyOrder():
            return _advance_any_order(problem, node, v, base)


def _advance_step(leaf: _Leaf, v: Vector, base: int) -> Vector:
    skip, accepted, costs = leaf
    after = [cost + skip for cost in v]
    size = len(after)
    first = bisect_left(accepted, base)
    best = after[0]
    for number in range(first, len(accepted)):
        place = accepted[number] - base
        best = min(best, v[place] + costs[number])
        end = accepted[number + 1] - base + 1 if number + 1 < len(accepted) else size
        for i in range(place + 1, end):
            if best < after[i]:
                after[i] = best
    return after


def _advance_any_order(problem: _Problem, node: AnyOrder, v: Vector, base: int) -> Vector:
    after: Vector = []
    for start in _windows(v):
        row = _row(problem, node, base + start)
        if not start:
            after = [v[0] + cost for cost in row]
            continue
        for i, cost in enumerate(row, start):
            if v[start] + cost < after[i]:
                after[i] = v[start] + cost
    return after


def _windows(v: Vector) -> Iterator[int]:
    yield 0
    yield from (i for i in range(1, len(v)) if v[i] < v[i - 1])


def _row(problem: _Problem, node: AnyOrder, base: int) -> Vector:
    """Return what all the branches together cost over the acts from `base` on."""
    key = id(node), base
    if key not in problem.rows:
        free = _free(problem, base)
        branches = [_advance(problem, child, free, base) for child in node.children]
        problem.rows[key] = [sum(costs) for costs in zip(free, *branches, strict=True)]
    return problem.rows[key]


def _trace(
    problem: _Problem,
    node: Procedure,
    v: Vector,
    base: int,
    end: int,
    places: dict[str, int | None],
) -> int:
    """Write down how a node reached its least cost at `end`; return where it began."""
    match node:
        case Step(name):
            place = _place(problem.leaves[name], v, base, end)
            places[name] = place
            return end if place is None else place
        case Seq(below):
            vectors = [v]
            for child in below:
                vectors.append(_advance(problem, child, vectors[-1], base))
            for child, before in zip(reversed(below), vectors[-2::-1], strict=True):
                end = _trace(problem, child, before, base, end, places)
            return end
        case OneOf(below) if below:
            taken = min(below, key=lambda child: _advance(problem, child, v, base)[end - base])
            return _trace(problem, taken, v, base, end, places)
        case Optional(child) if v[end - base] < _advance(problem, child, v, base)[end - base]:
            return end
        case Optional(child) | Repeat(child):
            return _trace(problem, child, v, base, end, places)
        case AnyOrder(below):
            start = min(
                (i for i in _windows(v) if base + i <= end),
                key=lambda i: v[i] + _row(problem, node, base + i)[end - base - i],
            )
            window = base + start
            for child in below:
                _trace(problem, child, _free(problem, window), window, end, places)
            return window
        case _:
            return end


def _place(leaf: _Leaf, v: Vector, base: int, end: int) -> int | None:
    skip, accepted, costs = leaf
    best, place = v[end - base] + skip, None
    for act, cost in zip(accepted, costs, strict=True):
        if base <= act < end and v[act - base] + cost < best:
            best, place = v[act - base] + cost, act
    return place
