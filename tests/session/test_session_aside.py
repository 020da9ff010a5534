"""A fault beside the incident starts no clock."""

from __future__ import annotations

from pathlib import Path

from simulator.content.pack import read_pack
from simulator.exercise.fold import Exercise
from simulator.session.opening import opening_of

ROOT = Path(__file__).parents[2]


def test_times_begin_with_the_incident_and_not_with_what_was_there_all_night() -> None:
    pack = read_pack(ROOT, "ai-gurus-lms/database-degradation")
    aside = {cause.id: cause.aside for cause in pack.scenario.causes}
    assert aside == {"unindexed-report": False, "retries": False, "campaign-picture": True}
    exercise = Exercise(opening_of(pack, 1), pack)
    exercise.advance(10)
    assert exercise.state.world.first_deviation == -480
