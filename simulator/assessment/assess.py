"""The assessment of an exercise: one function from acts to everything a report says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from simulator.assessment.confusion import Confusions, StepConfusion, confusion
from simulator.assessment.evidence import Evidence, gather
from simulator.assessment.judgement import JUDGEMENT, Signal
from simulator.assessment.marks import Marks, mark
from simulator.assessment.objectives import ObjectiveRating, rate_objectives
from simulator.assessment.proofs import steps_of
from simulator.assessment.signals import Sign
from simulator.assessment.tracing import trace_of
from simulator.content.pack import Pack
from simulator.exercise import acts as a
from simulator.exercise.fold import Exercise


@dataclass(frozen=True)
class Assessment:
    """An exercise with its marks and its confusion points."""

    evidence: Evidence
    marks: Marks
    confusion: Confusions

    @property
    def opening(self) -> a.Open:
        """The first entry."""
        opening = self.evidence.acts[0]
        assert isinstance(opening, a.Open)
        return opening

    @property
    def exercise(self) -> Exercise:
        """The exercise as it was at its end."""
        return self.evidence.exercise

    @property
    def printed_score(self) -> int:
        """The score as an integer, never rounded up."""
        return self.marks.points

    @cached_property
    def recovered(self) -> bool:
        """Whether production had recovered when play ended."""
        return self.evidence.facts.recovered

    @cached_property
    def objectives(self) -> tuple[ObjectiveRating, ...]:
        """The proposed rating of each objective, in the scenario's order."""
        return rate_objectives(self.evidence, self.marks, self.confusion)


def assess(acts: Sequence[a.AnyAct], pack: Pack | None = None) -> Assessment:
    """Return the assessment of an exercise, finished or not, from its acts alone."""
    return assessment_of(gather(acts, pack))


def assessment_of(evidence: Evidence) -> Assessment:
    """Return the assessment that this evidence gives."""
    marks = mark(evidence.procedure, evidence.marked, evidence.facts, JUDGEMENT)
    confused = confusion(trace_of(evidence, marks), JUDGEMENT)
    elsewhere = tuple(_flagged_elsewhere(evidence))
    return Assessment(evidence, marks, replace(confused, steps=(*confused.steps, *elsewhere)))


def _flagged_elsewhere(evidence: Evidence) -> Iterator[StepConfusion]:
    """Yield the steps that were flagged and that the procedure does not score.

    A flag is a confusion point by itself, of the step that it names.
    """
    flags: dict[str, list[tuple[int, str]]] = {}
    for number, act in enumerate(evidence.acts, 1):
        if isinstance(act, a.Confused) and act.step not in steps_of(evidence.exercise.scenario):
            flags.setdefault(act.step, []).append((number, act.note))
    for step, raised in flags.items():
        notes = "; ".join(note for _, note in raised if note)
        sentence = f"said: {notes}" if notes else "said that it confused"
        points = JUDGEMENT.points[Signal.FLAGGED]
        sign = Sign(Signal.FLAGGED, points, tuple(number for number, _ in raised), sentence)
        yield StepConfusion(step, None, None, 0, 0, False, (sign,), points, True)
