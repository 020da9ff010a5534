"""The proposed rating of each objective: the rules of the rating, held to the objective's steps.

What the steps of an objective earned takes the place of the score, and a cap counts where it
speaks of one of these steps. A harmful act belongs to the step in whose time it was done. Whether
production recovered says something of the whole exercise, and so of an objective only where that
names no steps: such a one is judged by the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from fractions import Fraction

from simulator.assessment.confusion import Confusions
from simulator.assessment.credits import Credit
from simulator.assessment.evidence import Evidence, places_of_harm
from simulator.assessment.facts import Facts, MarkedAct
from simulator.assessment.judgement import JUDGEMENT, Judgement, Signal
from simulator.assessment.marks import Marks, caps, harms_of, kept
from simulator.assessment.outcomes import How, StepOutcome, acted
from simulator.assessment.procedure import Procedure, undone_critical
from simulator.assessment.rating import Cap, Rating, rate


@dataclass(frozen=True, slots=True)
class ObjectiveRating:
    """A proposal for one objective, with the reason in words.

    `rating` and `score` are None when none of its steps was asked for: "not observed".
    """

    objective: str
    rating: Rating | None
    reason: str
    score: Fraction | None
    caps: tuple[Cap, ...] = ()


def rate_objectives(
    evidence: Evidence, marks: Marks, confusions: Confusions, judgement: Judgement = JUDGEMENT
) -> tuple[ObjectiveRating, ...]:
    """Return a proposed rating for each objective of the scenario, in its order."""
    by_step = _harmful(evidence, confusions)
    return tuple(
        rate_steps(
            one.id,
            frozenset(one.steps),
            evidence.procedure,
            marks,
            evidence.marked,
            evidence.facts,
            frozenset(number for step in one.steps for number in by_step.get(step, ())),
            judgement,
        )
        for one in evidence.exercise.scenario.objectives
    )


def rate_steps(
    objective: str,
    steps: AbstractSet[str],
    procedure: Procedure,
    marks: Marks,
    acts: Sequence[MarkedAct],
    facts: Facts,
    harmful: AbstractSet[int],
    judgement: Judgement = JUDGEMENT,
) -> ObjectiveRating:
    """Return the proposed rating of an objective that is judged by `steps`.

    `harmful` are the numbers of the harmful acts that belong to it.
    """
    if not steps:
        reason = f"judged by the whole exercise: {marks.reason}"
        return ObjectiveRating(objective, marks.rating, reason, marks.score, marks.caps)
    asked = [one for one in marks.steps if one.step in steps and one.how is not How.NOT_ASKED]
    if not any(one.weight for one in asked):
        return ObjectiveRating(objective, None, "nothing of it was asked for", None)
    bound = {deadline.id for deadline in facts.deadlines if deadline.step in steps}
    timed = [credit for credit in marks.deadlines if credit.id in bound]
    harms = [(number, harm) for number, harm in harms_of(acts, judgement) if number in harmful]
    undone = [step for step in undone_critical(procedure, acted(marks.steps)) if step in steps]
    own = replace(facts, recovered=True, solution_shown=facts.solution_shown & steps)
    limits = caps(undone, asked, timed, acts, harms, own)
    score = _earned(asked, timed, judgement) * kept(harms, judgement)
    rating, reason = rate(score, limits, judgement, "what its steps earned")
    return ObjectiveRating(objective, rating, reason, score, limits)


def _earned(
    asked: Sequence[StepOutcome], timed: Sequence[Credit], judgement: Judgement
) -> Fraction:
    """Return what steps and their deadlines earned, of 100; 0 when no step earned anything."""
    total = sum((one.weight for one in asked), Fraction(0))
    done = 1 - sum((one.weight * one.share for one in asked), Fraction(0)) / total
    if not timed or not done:
        return 100 * done
    weights = sum(credit.weight for credit in timed)
    in_time = sum((credit.share * credit.weight for credit in timed), Fraction(0)) / weights
    of_steps, of_time = judgement.procedure_share, judgement.time_share
    return 100 * (of_steps * done + of_time * in_time) / (of_steps + of_time)


def _harmful(evidence: Evidence, confusions: Confusions) -> dict[str, frozenset[int]]:
    """Return by step the numbers of the marked acts that did harm in its time."""
    places: dict[int, list[int]] = {}
    for (number, _), place in zip(evidence.harms, places_of_harm(evidence), strict=True):
        places.setdefault(number + 1, []).append(place)
    return {
        step.step: frozenset(place for seq in sign.acts for place in places.get(seq, ()))
        for step in confusions.steps
        for sign in step.signs
        if sign.signal is Signal.HARM
    }
