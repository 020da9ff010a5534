"""Exercises to report: finished and not, good and bad, of today and of earlier versions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from simulator.assessment import Assessment, assess
from simulator.content.pack import Pack
from simulator.exercise import acts as a
from simulator.session.running import golden_script
from simulator.session.script import play

BAD: list[dict[str, Any]] = [
    {"at": 30, "do": "view", "view": "overview"},
    {"at": 90, "do": "command", "line": "kioskctl help"},
    {"at": 100, "do": "confused", "step": "outage#look", "note": "Which of the two dashboards?"},
    {"at": 110, "do": "hint", "step": "outage#look"},
    {"at": 150, "do": "command", "line": "kioskctl restart"},
    {"at": 190, "do": "declare", "severity": "low"},
    {"at": 200, "do": "post", "channel": "ops", "text": "It is restarting.\n\nWait a minute."},
    {"at": 400, "do": "tick", "step": "outage#verify"},
]
"""Late, out of order, unsure, and the alert never acknowledged."""

NEWER = {"role", "approved", "team", "fork", "wall"}
"""Fields that journals of version 0.1.0 did not have."""


def acts_of(assessment: Assessment) -> list[a.AnyAct]:
    """Return the acts of an exercise."""
    return list(assessment.evidence.acts)


def half_of(pack: Pack) -> Assessment:
    """Return the solution as far as its middle, with play going on."""
    acts = acts_of(play(pack, golden_script(pack), 1))
    return assess(acts[: len(acts) // 2])


def old(pack: Pack) -> Assessment:
    """Return an exercise as version 0.1.0 wrote it into its journal."""
    acts = acts_of(play(pack, BAD, 1))
    return assess([a.read_act(body) for body in _of_old(acts)])


def _of_old(acts: list[a.AnyAct]) -> Iterator[str]:
    for act in acts:
        written = json.loads(a.write_act(act))
        said = {key: value for key, value in written.items() if key not in NEWER}
        yield json.dumps({**said, "engine": "0.1.0"} if act.do == "open" else said)


def every(pack: Pack) -> dict[str, Assessment]:
    """Return exercises of every kind by name."""
    opened = acts_of(play(pack, [], 1))[:1]
    return {
        "golden": play(pack, golden_script(pack), 1),
        "idle": play(pack, [], 1),
        "bad": play(pack, BAD, 1),
        "half": half_of(pack),
        "opened": assess(opened, pack),
        "old": old(pack),
    }
