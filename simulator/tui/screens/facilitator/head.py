"""The two lines above the facilitator's panes: who, which team, and where it stands."""

from __future__ import annotations

from dataclasses import replace

from simulator.tui.panes.status_bar import Status, status_of
from simulator.tui.panes.wording import line
from simulator.tui.screens.facilitator.desk import Desk
from simulator.tui.screens.facilitator.overview import phase


def status_of_desk(desk: Desk) -> Status:
    """Return the status of the team at hand, and whether all teams are steered."""
    status = status_of(desk.exercise, 0, desk.drill.seat)
    word, _ = phase(desk.exercise)
    paused = word == "PAUSED"
    if len(desk.drills) == 1:
        return replace(status, pace=word, paused=paused)
    team = line(desk.exercise.team, 20)
    whom = f"ALL TEAMS, looking at {team}" if desk.everywhere else team
    return replace(status, pace=word, paused=paused, role=whom)
