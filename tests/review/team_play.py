"""A team's exercise without a screen: the acts of a script, shared out among its seats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulator.assessment import Assessment, Witness, assessment_of
from simulator.content.pack import Pack
from simulator.exercise import acts as a
from simulator.exercise.door import admit
from simulator.exercise.fold import Exercise
from simulator.session.opening import opening_of

BEGAN = 1_780_000_000_000
"""When the team began, in milliseconds since 1970."""

PEOPLE: Mapping[str, tuple[str, str]] = {
    "fay": ("Fay Okafor", "facilitator"),
    "eva": ("Eva Lindgren", "evaluator"),
    "tom": ("Tom Baker", "evaluator"),
    "ida": ("Ida Moreau", "incident-commander"),
    "ole": ("Ole Hansen", "operations-lead"),
    "cem": ("Cem Yildiz", "communications-lead"),
}


def seat_of(act: Mapping[str, Any], pack: Pack) -> str:
    """Return who of the team does an act of a script."""
    if act.get("by") in PEOPLE:
        return str(act["by"])
    channels = {channel.id: channel.kind for channel in pack.system.channels}
    match act["do"]:
        case "declare" | "decide":
            return "ida"
        case "post" if channels[act["channel"]] != "chat":
            return "cem"
        case "hint" | "confused":
            return "ida"
        case "confirm" | "overrule" | "note":
            return "eva"
        case "fire" | "postpone" | "withhold" | "edit" | "write" | "speak" | "start" | "end":
            return "fay"
    return "ole"


def play_team(
    pack: Pack, script: Sequence[Mapping[str, Any]], seed: int = 1, began: int = BEGAN
) -> Assessment:
    """Return the assessment of what a team makes of a script; an act without a seat finds one."""
    opening = opening_of(pack, seed).model_copy(update={"team": "Night shift"})
    witness = Witness(Exercise(opening, pack))
    witness.take(opening)

    def take(line: Mapping[str, Any]) -> None:
        witness.take(admit(witness.exercise, line))

    for seat, (name, role) in PEOPLE.items():
        take({"at": 0, "do": "join", "by": seat, "role": role, "name": name})
    take({"at": 0, "do": "start", "by": "fay", "role": "facilitator", "wall": began})
    for line in sorted(script, key=lambda one: int(one["at"])):
        witness.exercise.advance(int(line["at"]))
        seat = seat_of(line, pack)
        take({**line, "by": seat, "role": witness.exercise.state.roles.get(seat, "")})
    if witness.exercise.state.ended is None:
        witness.exercise.advance(witness.exercise.length)
        witness.take(a.End(at=witness.exercise.state.now, by=a.HOST, reason="time"))
    return assessment_of(witness.evidence())
