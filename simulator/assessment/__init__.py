"""Evidence, alignment, score, rating, confusion."""

from simulator.assessment.assess import Assessment, assess, assessment_of
from simulator.assessment.evidence import Evidence, Times, Witness, gather, procedure_of
from simulator.assessment.procedure import faults, normal

__all__ = [
    "Assessment",
    "Evidence",
    "Times",
    "Witness",
    "assess",
    "assessment_of",
    "faults",
    "gather",
    "normal",
    "procedure_of",
]
