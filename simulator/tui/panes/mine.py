"""What a seat may do on the drill screen, and what waits for its word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from simulator.content.roles import Power, kind_of
from simulator.exercise.powers import has_power, may_do, not_for_you, panes_of

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
    plays = takes_part(exercise, seat)
    if action == "menu" and not has_power(exercise, seat, "act"):
        told = (one.id for one in exercise.world.actions if one.menu and one.audience)
        return plays and any(may_do(exercise, seat, one) for one in told)
    if action in _POWERS:
        return plays and has_power(exercise, seat, _POWERS[action])
    return plays or action not in ("confused", *_TEAM)


def why_not(exercise: Exercise, seat: str, action: str) -> str:
    """Return why a seat may not use an action of the drill screen; "" where it may."""
    action, _, pane = action.removesuffix("')").partition("('")
    if action == "pane":
        return "" if pane in panes_of(exercise, seat) else "Your role does not have that pane."
    if may(exercise, seat, action):
        return ""
    if not takes_part(exercise, seat):
        return "You look on."
    if action in _POWERS and exercise.team:
        return not_for_you(exercise, _POWERS[action])
    return "The facilitator has the clock." if action in _CLOCK else "That is for teams."


def takes_part(exercise: Exercise, seat: str) -> bool:
    """Return whether a seat is a participant's; whoever plays alone is one."""
    role = exercise.state.roles.get(seat, "observer")
    return not exercise.team or kind_of(role) == "participant"


def requests_for(exercise: Exercise, seat: str) -> list[Request]:
    """Return the requests that wait for this seat's word, the oldest first."""
    mine = exercise.state.roles.get(seat, "")
    return [
        request
        for request in exercise.state.requests
        if request.granted is None and mine in request.of and request.seat != seat
    ]
