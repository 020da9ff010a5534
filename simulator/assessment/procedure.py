"""The procedure that is scored: a tree of steps, and what follows from its shape alone.

A faultless tree (`faults`) names every step once and requires something. Where a choice has a
branch that requires nothing, it is an optional block: `normal` writes it as one, and every
function here gives both forms the same weight.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from simulator.assessment.judgement import JUDGEMENT, Judgement, Weight


@dataclass(frozen=True, slots=True)
class Step:
    """A runbook step. `provable`: some act can prove it; otherwise its tick is the act."""

    id: str
    weight: Weight = Weight.REQUIRED
    provable: bool = True


@dataclass(frozen=True, slots=True)
class Seq:
    """All of these, one after the other."""

    children: tuple[Procedure, ...]


@dataclass(frozen=True, slots=True)
class AnyOrder:
    """All of these, in any order, also interleaved."""

    children: tuple[Procedure, ...]


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of these: a choice between branches."""

    children: tuple[Procedure, ...]


@dataclass(frozen=True, slots=True)
class Optional:
    """This, or nothing."""

    child: Procedure


@dataclass(frozen=True, slots=True)
class Repeat:
    """This, once or more often. It counts once."""

    child: Procedure


Procedure: TypeAlias = Step | Seq | AnyOrder | OneOf | Optional | Repeat


def children(node: Procedure) -> tuple[Procedure, ...]:
    """Return the nodes directly below."""
    match node:
        case Step():
            return ()
        case Optional(child) | Repeat(child):
            return (child,)
        case Seq(below) | AnyOrder(below) | OneOf(below):
            return below


def steps(node: Procedure) -> Iterator[Step]:
    """Yield the steps in the order in which the procedure names them."""
    if isinstance(node, Step):
        yield node
    for child in children(node):
        yield from steps(child)


def weight(node: Procedure, judgement: Judgement = JUDGEMENT) -> Fraction:
    """Return W: what missing all of it costs. It never depends on what anybody did.

    A choice weighs its heaviest branch, or nothing when one of its branches requires nothing.
    """
    match node:
        case Step():
            return judgement.weights[node.weight]
        case Seq(below) | AnyOrder(below):
            return sum((weight(child, judgement) for child in below), Fraction(0))
        case OneOf(below):
            branches = [weight(child, judgement) for child in below]
            return max(branches) if branches and all(branches) else Fraction(0)
        case Repeat(child):
            return weight(child, judgement)
        case Optional():
            return Fraction(0)


def step_weights(node: Procedure, judgement: Judgement = JUDGEMENT) -> dict[str, Fraction]:
    """Return what each step weighs where it stands: 0 in an optional block, scaled in a choice.

    Every branch of a choice is scaled to its heaviest, so that each of them adds up to W.
    """
    weights: dict[str, Fraction] = {}
    _weigh(node, Fraction(1), judgement, weights)
    return weights


def _weigh(
    node: Procedure, scale: Fraction, judgement: Judgement, into: dict[str, Fraction]
) -> None:
    match node:
        case Step(name):
            into[name] = scale * judgement.weights[node.weight]
        case OneOf(below):
            heaviest = weight(node, judgement)
            for child in below:
                own = weight(child, judgement)
                _weigh(child, scale * heaviest / own if own else Fraction(0), judgement, into)
        case Optional(child):
            _weigh(child, Fraction(0), judgement, into)
        case Seq() | AnyOrder() | Repeat():
            for child in children(node):
                _weigh(child, scale, judgement, into)


def done(node: Procedure, acted: AbstractSet[str]) -> bool:
    """Return whether everything that this requires is among the steps `acted`."""
    match node:
        case Step(name):
            return node.weight is Weight.OPTIONAL or name in acted
        case OneOf(below):
            return not below or any(done(child, acted) for child in below)
        case Optional():
            return True
        case Seq() | AnyOrder() | Repeat():
            return all(done(child, acted) for child in children(node))


def critical(node: Procedure) -> bool:
    """Return whether a critical step is demanded here. A choice is critical if any branch is."""
    if isinstance(node, Step):
        return node.weight is Weight.CRITICAL
    return not isinstance(node, Optional) and any(critical(child) for child in children(node))


def undone_critical(node: Procedure, acted: AbstractSet[str]) -> tuple[str, ...]:
    """Return the steps that keep the critical gate shut; the gate is open when there are none.

    The gate asks what was done, in whatever order. A critical choice is done when the required
    steps of one branch are; otherwise it reports what its first nearest branch still needs.
    One branch alone is no choice.
    """
    match node:
        case Step(name):
            return () if name in acted or not critical(node) else (name,)
        case OneOf((only,)):
            return undone_critical(only, acted)
        case OneOf(below):
            if not critical(node) or done(node, acted):
                return ()
            return min((_undone(child, acted) for child in below), key=len)
        case Optional():
            return ()
        case Seq() | AnyOrder() | Repeat():
            return tuple(name for child in children(node) for name in undone_critical(child, acted))


def _undone(node: Procedure, acted: AbstractSet[str]) -> tuple[str, ...]:
    return tuple(step.id for step in steps(node) if not done(step, acted))


def done_at(node: Procedure, first: Mapping[str, int]) -> int | None:
    """Return when all that this requires had been done, in seconds, or None if it never was.

    `first` has the first time of each step that was done. What requires nothing is done at 0.
    """
    match node:
        case Step(name):
            return 0 if node.weight is Weight.OPTIONAL else first.get(name)
        case OneOf(below):
            return _earliest(done_at(child, first) for child in below) if below else 0
        case Optional():
            return 0
        case Seq() | AnyOrder() | Repeat():
            times = [done_at(child, first) for child in children(node)]
            known = [time for time in times if time is not None]
            return max(known, default=0) if len(known) == len(times) else None


def met_at(node: Procedure, step: str, first: Mapping[str, int]) -> int | None:
    """Return when a duty to do `step` was met, in seconds, or None if it never was.

    That is the first time of the step; where it stands in a choice, also the time when another
    branch had been done whole, since every branch of a choice can earn everything.
    """
    if isinstance(node, Step):
        return first.get(step) if node.id == step else None
    within = _earliest(met_at(child, step, first) for child in children(node))
    if not isinstance(node, OneOf) or not any(below.id == step for below in steps(node)):
        return within
    others = [
        child
        for child in node.children
        if weight(child) and all(below.id != step for below in steps(child))
    ]
    return _earliest([within, *(done_at(child, first) for child in others)])


def _earliest(times: Iterable[int | None]) -> int | None:
    return min((time for time in times if time is not None), default=None)


def behind(node: Procedure) -> dict[str, frozenset[str]]:
    """Return for each step the steps that a `Seq` somewhere above places behind it."""
    found: dict[str, frozenset[str]] = {step.id: frozenset() for step in steps(node)}
    _order(node, found)
    return found


def _order(node: Procedure, found: dict[str, frozenset[str]]) -> None:
    for child in children(node):
        _order(child, found)
    if isinstance(node, Seq):
        later: frozenset[str] = frozenset()
        for child in reversed(node.children):
            own = frozenset(step.id for step in steps(child))
            for name in own:
                found[name] |= later
            later |= own


def normal(node: Procedure) -> Procedure:
    """Return the same procedure with every choice that requires nothing as an optional block."""
    match node:
        case Step():
            return node
        case Optional(child):
            return _optional(normal(child))
        case Repeat(child):
            return Repeat(normal(child))
        case Seq(below):
            return Seq(tuple(normal(child) for child in below))
        case AnyOrder(below):
            return AnyOrder(tuple(normal(child) for child in below))
        case OneOf(below):
            full = tuple(normal(child) for child in below if any(True for _ in steps(child)))
            if not full:
                return Seq(())
            choice = full[0] if len(full) == 1 else OneOf(full)
            return choice if all(weight(child) for child in below) else _optional(choice)


def _optional(node: Procedure) -> Optional:
    return node if isinstance(node, Optional) else Optional(node)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a procedure's shape. An error refuses it, a warning does not."""

    text: str
    step: str | None = None
    error: bool = True


def faults(node: Procedure) -> tuple[Fault, ...]:
    """Return what is wrong with the shape of a procedure, errors first."""
    found: list[Fault] = []
    if not weight(node):
        found.append(Fault("nothing in this procedure is required"))
    counts = Counter(step.id for step in steps(node))
    found += [Fault("the step is named twice", name) for name, n in counts.items() if n > 1]
    return (*found, *_warnings(node))


def _warnings(node: Procedure) -> Iterator[Fault]:
    match node:
        case Optional(child):
            for step in steps(child):
                if step.weight is Weight.CRITICAL:
                    text = "the step is critical, but nothing demands it: it is optional here"
                    yield Fault(text, step.id, error=False)
        case OneOf(below) if not below or not all(weight(child) for child in below):
            text = "a branch of this choice requires nothing, so all of it is optional"
            yield Fault(text, next((step.id for step in steps(node)), None), error=False)
        case _:
            pass
    for child in children(node):
        yield from _warnings(child)
