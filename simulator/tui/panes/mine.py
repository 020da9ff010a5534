"""What a seat may do on the drill screen, and what waits for its word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from simulator.content.roles import Power, kind_of
from simulator.exercise.powers import has_power

if TYPE_CHECKING:
    from simulator.exercise.fold import Exercise
    from simulator.exercise.state import Request

_CLOCK = frozenset({"pause", "faster", "end"})
_TEAM = frozenset({"approve", "hand_over"})
_POWERS: Mapping[str, Power] = {
    "severity": "declare",
    "decisions": "decide",
    "hint": "hint",
    "solution": "hint",
    "menu": "act",
}


def may(exercise: Exercise, seat: str, action: str) -> bool:
    """Return whether a seat may use an action of the drill screen."""
    if not exercise.team:
        return action not in _TEAM
    if action in _CLOCK:
        return False
    takes_part = kind_of(exercise.state.roles.get(seat, "observer")) == "participant"
    if action in _POWERS:
        return takes_part and has_power(exercise, seat, _POWERS[action])
    return takes_part or action not in ("confused", *_TEAM)


def requests_for(exercise: Exercise, seat: str) -> list[Request]:
    """Return the requests that wait for this seat's word, the oldest first."""
    mine = exercise.state.roles.get(seat, "")
    return [
        request
        for request in exercise.state.requests
        if request.granted is None and mine in request.of and request.seat != seat
    ]
