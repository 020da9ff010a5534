"""The assessment of an exercise: one function from acts to everything a report says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from simulator.assessment.confusion import Confusions, confusion
from simulator.assessment.evidence import Evidence, gather
from simulator.assessment.judgement import JUDGEMENT
from simulator.assessment.marks import Marks, mark
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


def assess(acts: Sequence[a.AnyAct], pack: Pack | None = None) -> Assessment:
    """Return the assessment of an exercise, finished or not, from its acts alone."""
    return assessment_of(gather(acts, pack))


def assessment_of(evidence: Evidence) -> Assessment:
    """Return the assessment that this evidence gives."""
    marks = mark(evidence.procedure, evidence.marked, evidence.facts, JUDGEMENT)
    return Assessment(evidence, marks, confusion(trace_of(evidence, marks), JUDGEMENT))
