"""What an action has from the exercise that it follows from: the area, and what will close it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from simulator.assessment import Assessment
from simulator.content.finding import scenario_names
from simulator.content.problems import ContentError, Problem, did_you_mean
from simulator.journal import Library
from simulator.review.areas import Area, areas
from simulator.review.books import read_books


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


def check_bound(root: Path, library: Library, fields: Mapping[str, str]) -> None:
    """Raise ContentError where fields of an action name a step or a scenario that is not here.

    Such an action would wait for evidence that can never come.
    """
    scenario, step = fields.get("scenario", ""), fields.get("step", "")
    scenarios = scenario_names(root) if scenario else []
    if scenario and scenario not in scenarios:
        raise _unknown(scenario, "is no scenario here", scenarios)
    place, sign, id_ = step.partition("#")
    if not sign:
        return
    books = {"/".join(key): book for key, book in read_books(root, library).items()}
    if place not in books:
        raise _unknown(place, "is no runbook here", list(books))
    steps = [f"{place}#{one.id}" for one in books[place].steps]
    if f"{place}#{id_}" not in steps:
        raise _unknown(step, f"is no step of {books[place].file}", steps)


def _unknown(name: str, fault: str, known: list[str]) -> ContentError:
    remedy = did_you_mean(name, known) or f"there are: {', '.join(known[:10])}"
    return ContentError([Problem(name, None, None, fault, remedy)])
