"""Evidence, alignment, score, rating, confusion."""

from simulator.assessment.assess import Assessment, assess, assessment_of
from simulator.assessment.calibration import calm_ratios, expected_seconds
from simulator.assessment.confusion import Confusions, StepConfusion, confusion
from simulator.assessment.credits import Credit
from simulator.assessment.evidence import Evidence, Times, Witness, gather, procedure_of
from simulator.assessment.judgement import (
    JUDGEMENT,
    SCORING_VERSION,
    Harm,
    Judgement,
    Signal,
    Weight,
    table,
)
from simulator.assessment.marks import Component, Line, LineKind, Marks, mark
from simulator.assessment.objectives import ObjectiveRating
from simulator.assessment.outcomes import How, StepOutcome
from simulator.assessment.procedure import Fault, Procedure, behind, faults, normal, steps
from simulator.assessment.rating import Cap, Rating
from simulator.assessment.signals import Sign

__all__ = [
    "JUDGEMENT",
    "SCORING_VERSION",
    "Assessment",
    "Cap",
    "Component",
    "Confusions",
    "Credit",
    "Evidence",
    "Fault",
    "Harm",
    "How",
    "Judgement",
    "Line",
    "LineKind",
    "Marks",
    "ObjectiveRating",
    "Procedure",
    "Rating",
    "Sign",
    "Signal",
    "StepConfusion",
    "StepOutcome",
    "Times",
    "Weight",
    "Witness",
    "assess",
    "assessment_of",
    "behind",
    "calm_ratios",
    "confusion",
    "expected_seconds",
    "faults",
    "gather",
    "mark",
    "normal",
    "procedure_of",
    "steps",
    "table",
]
