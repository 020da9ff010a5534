"""What the hot wash asks: the same two questions each time, then the scenario's own."""

from __future__ import annotations

from simulator.content.prose import reflowed
from simulator.content.scenario import Scenario

QUESTIONS = (
    ("went-well", "What went well?"),
    ("confused", "What confused you, in the runbook or on the screens?"),
)
CONFIDENCE = (
    "1  I would be lost",
    "2  I would need help",
    "3  I would manage, slowly",
    "4  I would manage",
    "5  Wake me any night",
)


def questions(scenario: Scenario) -> list[tuple[str, str]]:
    """Return every question with its name."""
    return [*QUESTIONS, *((one.id, reflowed(one.text)) for one in scenario.debrief)]
