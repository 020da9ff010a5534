"""What became of each step: how it was done, by which act, and what share of it that costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from simulator.assessment.alignment import Alignment, Offer, align
from simulator.assessment.facts import MarkedAct, Overrule
from simulator.assessment.judgement import Judgement
from simulator.assessment.procedure import Procedure, Step, step_weights, steps


class How(Enum):
    """How a step was done."""

    PROVED = "proved"
    TICKED = "ticked"
    PROVED_ELSEWHERE = "proved elsewhere"
    TICKED_ELSEWHERE = "ticked elsewhere"
    MISSED = "missed"
    NOT_ASKED = "not asked"
    """Another branch of a choice was taken."""


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """What became of one step. `act` is the number of the act that counts, `at` its second.

    `share` is the part of the weight that is lost, `weight` what the step weighs where it
    stands. `proved_at` and `ticked_at` are the first seconds at which it was, in any place;
    a step that no act can prove is proved by its tick.
    """

    step: str
    how: How
    act: int | None
    at: int | None
    share: Fraction
    weight: Fraction
    proved_at: int | None = None
    ticked_at: int | None = None
    provable: bool = True
    overruled: str | None = None

    @property
    def mismatch(self) -> bool:
        """Whether the step was ticked without the act that proves it."""
        return self.provable and self.ticked_at is not None and self.proved_at is None

    @property
    def done(self) -> bool:
        """Whether it counts as done: proved in any place, or an evaluator says so."""
        return self.share < 1 if self.overruled is not None else self.proved_at is not None


def outcomes(
    procedure: Procedure,
    acts: Sequence[MarkedAct],
    overrules: Mapping[str, Overrule],
    judgement: Judgement,
) -> tuple[StepOutcome, ...]:
    """Return the outcome of every step, in the procedure's order.

    An overrule replaces a step's share after the alignment and leaves the other steps as they
    were. Only where it speaks of a branch that the alignment did not take is the alignment done
    again with that step's cost fixed, so that an evaluator can say which branch was taken.
    """
    every = tuple(steps(procedure))
    offers = _offers(procedure, acts, judgement)
    alignment = align(procedure, offers, len(acts))
    beside = {step.id for step in every} & overrules.keys() - alignment.taken
    if beside:
        weights = step_weights(procedure, judgement)
        fixed = {name: overrules[name].share * weights[name] for name in beside}
        offers |= {name: Offer(cost, cost) for name, cost in fixed.items()}
        alignment = align(procedure, offers, len(acts))
    seen = _seen(every, acts)
    weights = step_weights(procedure, judgement)
    return tuple(
        _outcome(step, acts, seen[step.id], weights[step.id], alignment, overrules, judgement)
        for step in every
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """The numbers of the acts that say something about one step."""

    proofs: tuple[int, ...] = ()
    ticks: tuple[int, ...] = ()
    own: tuple[int, ...] = ()
    """The proofs that no other step accepts."""


def _seen(every: Iterable[Step], acts: Sequence[MarkedAct]) -> dict[str, _Seen]:
    provable = {step.id: step.provable for step in every}
    proofs: dict[str, list[int]] = {name: [] for name in provable}
    ticks: dict[str, list[int]] = {name: [] for name in provable}
    accepted = [(act.proves | act.ticks) & provable.keys() for act in acts]
    for number, act in enumerate(acts):
        for name in accepted[number]:
            if name in (act.proves if provable[name] else act.ticks):
                proofs[name].append(number)
            if name in act.ticks:
                ticks[name].append(number)
    return {
        name: _Seen(
            tuple(proofs[name]),
            tuple(ticks[name]),
            tuple(number for number in proofs[name] if len(accepted[number]) == 1),
        )
        for name in provable
    }


def _offers(
    procedure: Procedure, acts: Sequence[MarkedAct], judgement: Judgement
) -> dict[str, Offer]:
    weights = step_weights(procedure, judgement)
    return {
        name: Offer(
            skip=weights[name] * _elsewhere(seen, judgement)[1],
            ticked=weights[name] * judgement.ticked,
            proofs=seen.proofs,
            ticks=seen.ticks,
        )
        for name, seen in _seen(steps(procedure), acts).items()
    }


def _elsewhere(seen: _Seen, judgement: Judgement) -> tuple[How, Fraction, int | None]:
    """Return how a step with no act in its place was done, its share, and the act."""
    if seen.own:
        return How.PROVED_ELSEWHERE, judgement.proved_elsewhere, seen.own[0]
    if seen.ticks:
        return How.TICKED_ELSEWHERE, judgement.ticked_elsewhere, seen.ticks[0]
    return How.MISSED, judgement.missed, None


def _outcome(
    step: Step,
    acts: Sequence[MarkedAct],
    seen: _Seen,
    weight: Fraction,
    alignment: Alignment,
    overrules: Mapping[str, Overrule],
    judgement: Judgement,
) -> StepOutcome:
    place = alignment.places.get(step.id)
    how, share, act = _elsewhere(seen, judgement)
    if step.id not in alignment.taken:
        how, share, act = How.NOT_ASKED, Fraction(0), None
    elif place is not None and place in seen.proofs:
        how, share, act = How.PROVED, Fraction(0), place
    elif place is not None:
        how, share, act = How.TICKED, judgement.ticked, place
    overrule = overrules.get(step.id) if step.id in alignment.taken else None
    return StepOutcome(
        step=step.id,
        how=how,
        act=act,
        at=None if act is None else acts[act].at,
        share=share if overrule is None else overrule.share,
        weight=weight,
        proved_at=_first(acts, seen.proofs),
        ticked_at=_first(acts, seen.ticks),
        provable=step.provable,
        overruled=None if overrule is None else overrule.reason,
    )


def _first(acts: Sequence[MarkedAct], numbers: Sequence[int]) -> int | None:
    return min((acts[number].at for number in numbers), default=None)


def acted(results: Iterable[StepOutcome]) -> AbstractSet[str]:
    """Return the steps that were done, which is what the critical gate asks."""
    return {result.step for result in results if result.done}
