"""Exercises to replay: one alone and one of a team, with everything that moves time about."""

from __future__ import annotations

from typing import Any

from simulator.content.pack import Pack
from simulator.exercise import acts as a
from simulator.exercise.door import admit
from simulator.exercise.fold import Exercise
from simulator.session.opening import opening_of

ALONE: list[dict[str, Any]] = [
    {"at": 0, "do": "join", "name": "Kim", "role": "operator"},
    {"at": 51, "do": "acknowledge", "alert": "many-errors"},
    {"at": 51, "do": "view", "view": "overview"},
    {"at": 51, "do": "post", "channel": "ops", "text": "I have it."},
    {"at": 60, "do": "command", "line": "kioskctl status"},
    {"at": 61, "do": "confused", "step": "outage#restart", "note": "Which kiosk?"},
    {"at": 120, "do": "hint", "step": "outage#restart"},
    {"at": 120, "do": "speed", "factor": 10},
    {"at": 200, "do": "command", "line": "kioskctl restart"},
    {"at": 200, "do": "tick", "step": "outage#restart"},
    {"at": 230, "do": "pause"},
    {"at": 230, "do": "resume"},
    {"at": 260, "do": "tick", "step": "outage#restart", "done": False},
    {"at": 261, "do": "declare", "severity": "high"},
    {"at": 330, "do": "command", "line": "kioskctl status"},
    {"at": 400, "do": "end", "reason": "stopped"},
    {"at": 400, "do": "hotwash", "answers": {"well": "All."}, "confidence": 3},
    {"at": 400, "do": "close"},
]

TOGETHER: list[dict[str, Any]] = [
    {"at": 0, "by": "fay", "do": "join", "name": "Fay", "role": "facilitator"},
    {"at": 0, "by": "kim", "do": "join", "name": "Kim", "role": "participant"},
    {"at": 0, "by": "lee", "do": "join", "name": "Lee", "role": "participant"},
    {"at": 0, "by": "fay", "do": "start"},
    {"at": 20, "by": "fay", "do": "postpone", "inject": "queue", "seconds": 300},
    {"at": 52, "by": "kim", "do": "acknowledge", "alert": "many-errors"},
    {"at": 53, "by": "lee", "do": "command", "line": "kioskctl status"},
    {"at": 53, "by": "fay", "do": "jump", "to": 170},
    {"at": 170, "by": "kim", "do": "command", "line": "kioskctl restart"},
    {"at": 175, "by": "lee", "do": "post", "channel": "ops", "text": "It restarts."},
    {"at": 180, "by": "fay", "do": "fire", "inject": "queue"},
    {
        "at": 185,
        "by": "fay",
        "do": "write",
        "channel": "ops",
        "text": "A visitor asks.",
        "after": 9,
    },
    {"at": 240, "by": "fay", "do": "end", "reason": "stopped"},
    {"at": 240, "by": "fay", "do": "note", "text": "Calm."},
]


def acts_of(pack: Pack, script: list[dict[str, Any]], team: str = "") -> list[a.AnyAct]:
    """Return the acts that a script gives when each of them goes through the door."""
    opening = opening_of(pack, 1).model_copy(update={"team": team})
    exercise = Exercise(opening, pack)
    acts: list[a.AnyAct] = [opening]
    exercise.apply(opening)
    for number, line in enumerate(script):
        exercise.advance(line["at"])
        if number % 4 == 3:
            acts.append(a.Clock(at=exercise.state.now, by=a.HOST))
            exercise.apply(acts[-1])
        acts.append(admit(exercise, line))
        exercise.apply(acts[-1])
    return acts
