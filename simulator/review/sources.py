"""What a report is made from, with what the library knows beside the exercise's own file."""

from __future__ import annotations

from simulator.assessment import Assessment
from simulator.journal import Library
from simulator.review.compared import compared
from simulator.review.model import Source
from simulator.review.plan import read_plan
from simulator.review.plan_text import planned


def source_in(library: Library, exercise_id: str, assessment: Assessment, digest: str) -> Source:
    """Return the source of a report: with the plan, and how revised steps fared before and since.

    Raises JournalError.
    """
    actions = planned(read_plan(library, exercise_id))
    return Source(exercise_id, assessment, actions, digest, compared(library, assessment))
