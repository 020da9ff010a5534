"""What an action has from the exercise that it follows from: the area, and what will close it."""

from __future__ import annotations

from simulator.assessment import Assessment
from simulator.content.problems import ContentError, Problem
from simulator.review.areas import Area, areas


def for_exercise(exercise: str, assessment: Assessment, area: str = "") -> dict[str, str]:
    """Return the fields of an action for an area of an exercise, given by number or key, or none.

    An area that speaks of a step binds the action to it, in the exercise's own scenario.
    Raises ContentError where there is no such area.
    """
    fields = {"exercise": exercise}
    if not area:
        return fields
    found = chosen(areas(assessment), area)
    fields["area"] = found.key
    if found.step:
        scenario = assessment.opening.scenario
        fields |= {"step": f"{scenario.split('/')[0]}/{found.step}", "scenario": scenario}
    return fields


def chosen(found: tuple[Area, ...], area: str) -> Area:
    """Return the area with this number or key. Raises ContentError where there is none."""
    numbered = {str(number): one for number, one in enumerate(found, 1)}
    keyed = {one.key: one for one in found}
    one = numbered.get(area) or keyed.get(area)
    if one is None:
        remedy = f"there are 1 to {len(found)}" if found else "it shows none"
        raise ContentError([Problem(area, None, None, "is no area of this exercise", remedy)])
    return one
