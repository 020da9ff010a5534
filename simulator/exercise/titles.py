"""What people call the things that acts name by their ids."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal

from simulator.content.prose import reflowed

if TYPE_CHECKING:
    from simulator.exercise.fold import Exercise

Kind = Literal[
    "seat", "role", "person", "channel", "inject", "alert", "action", "dashboard", "stream",
    "runbook", "step", "decision", "template", "objective",
]  # fmt: skip


def title_in(exercise: Exercise | None, kind: Kind, name: str) -> str:
    """Return what something is called in an exercise; its id where that is not known."""
    if exercise is None:
        return name
    system = exercise.system
    match kind:
        case "seat":
            return exercise.state.seats.get(name, name)
        case "role":
            return exercise.roles[name].title if name in exercise.roles else name
        case "person":
            return next((one.name for one in system.people if one.id == name), name)
        case "inject":
            return _inject(exercise, name)
        case "step":
            return exercise.pack.step_title(name) if name else name
        case "runbook":
            book = exercise.pack.runbooks.get(name)
            return book.title if book else name
        case "objective":
            objectives = exercise.scenario.objectives
            return next((reflowed(one.text) for one in objectives if one.id == name), name)
    titled: dict[str, Iterable[Any]] = {
        "decision": exercise.scenario.decisions,
        "channel": system.channels,
        "alert": system.alerts,
        "action": system.actions,
        "dashboard": system.dashboards,
        "stream": system.logs,
        "template": system.templates,
    }
    return next((str(one.title) for one in titled[kind] if one.id == name), name)


def option_in(exercise: Exercise | None, decision: str, option: str) -> str:
    """Return the text of what a decision was answered with."""
    decisions = exercise.scenario.decisions if exercise else []
    options = next((one.options for one in decisions if one.id == decision), [])
    return next((one.text for one in options if one.id == option), option)


def _inject(exercise: Exercise, name: str) -> str:
    texts = {one.id: one.text for one in exercise.scenario.timeline}
    texts |= {one.id: one.text for one in exercise.state.written} | exercise.state.edited
    words = " ".join(texts.get(name, name).split())
    return f"“{words}”" if len(words) <= 50 else f"“{words[:49]}…”"
