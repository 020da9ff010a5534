"""Strengths: what people observed, and what the marks show was done well."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from simulator.assessment import Assessment, StepOutcome
from simulator.review.wording import clock, duration, name_of, objective_of


@dataclass(frozen=True)
class Strength:
    """Something that went well.

    `steps` are the steps that it speaks of, `objective` is "" where it belongs to none, and `by`
    is who observed it, "" where the marks show it.
    """

    text: str
    steps: tuple[str, ...] = ()
    objective: str = ""
    by: str = ""


def strengths(assessment: Assessment) -> tuple[Strength, ...]:
    """Return what went well: what somebody observed first, then what the marks show."""
    return (
        *_observed(assessment),
        *_calm_steps(assessment),
        *_met_deadlines(assessment),
        *_right_decisions(assessment),
        *_seen_through(assessment),
    )


def _observed(assessment: Assessment) -> Iterator[Strength]:
    pack = assessment.exercise.pack
    objectives = {one.id for one in pack.scenario.objectives}
    for note in assessment.exercise.state.notes:
        if note.kind == "strength":
            steps = (note.about,) if pack.step(note.about) else ()
            own = note.about if note.about in objectives else ""
            objective = own or objective_of(pack.scenario, note.about)
            yield Strength(note.text, steps, objective, name_of(assessment, note.seat))


def _calm_steps(assessment: Assessment) -> Iterator[Strength]:
    """Yield one strength for the steps of each objective that were done without a challenge."""
    signs = {one.step for one in assessment.confusion.steps if one.signs}
    late = {one.id for one in assessment.marks.deadlines if one.late}
    late_steps = {one.step for one in assessment.evidence.facts.deadlines if one.id in late}
    calm: dict[str, list[StepOutcome]] = {}
    for outcome in assessment.marks.steps:
        done = outcome.act is not None and outcome.weight and not outcome.share
        if done and outcome.step not in signs | late_steps:
            objective = objective_of(assessment.exercise.scenario, outcome.step)
            calm.setdefault(objective, []).append(outcome)
    pack = assessment.exercise.pack
    for objective, outcomes in calm.items():
        names = (pack.step_title(one.step).rstrip(".") for one in outcomes)
        told = ", ".join(
            f"“{name}” at {clock(one.at or 0)}" for name, one in zip(names, outcomes, strict=True)
        )
        text = f"Done in place and without a sign of confusion: {told}."
        yield Strength(text, tuple(one.step for one in outcomes), objective)


def _met_deadlines(assessment: Assessment) -> Iterator[Strength]:
    deadlines = {one.id: one for one in assessment.evidence.facts.deadlines}
    for credit in assessment.marks.deadlines:
        if credit.took is not None and not credit.late:
            one = deadlines[credit.id]
            took = f"after {duration(credit.took)} of {duration(one.limit)}"
            when = took if credit.took >= 0 else "before it was due"
            objective = objective_of(assessment.exercise.scenario, one.step or "")
            steps = (one.step,) if one.step else ()
            yield Strength(f"In time: {one.title}: {when}.", steps, objective)


def _right_decisions(assessment: Assessment) -> Iterator[Strength]:
    earned = {one.id: one for one in assessment.marks.decisions}
    for decision in assessment.exercise.scenario.decisions:
        credit = earned.get(decision.id)
        if credit is not None and not credit.late:
            right = [option for option in decision.options if option.right]
            answer = decision.severity or " / ".join(option.text for option in right)
            told = f"The right decision, in time: {decision.title}: {answer.rstrip('.')}."
            yield Strength(told)


def _seen_through(assessment: Assessment) -> Iterator[Strength]:
    at = assessment.evidence.disproved
    for herring in assessment.exercise.scenario.red_herrings:
        if herring.id in at:
            yield Strength(f"Seen through at {clock(at[herring.id])}: {herring.what}")
