"""The map of the runbook's steps: where each stands, and what became of it, as a sign."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simulator.assessment import Assessment, How, StepOutcome
from simulator.assessment.proofs import steps_of
from simulator.review.figures import as_done

SIGNS: tuple[tuple[str, str, str], ...] = (
    ("✓", "done", "good"),
    ("⇅", "done out of order", "part"),
    ("◐", "only ticked, or in part", "part"),
    ("✗", "missed", "bad"),
    ("–", "not asked for", "quiet"),
)
"""Each sign, what it means, and the tone that it is coloured in."""
_BY_HOW = {
    How.PROVED: 0,
    How.PROVED_ELSEWHERE: 1,
    How.TICKED: 2,
    How.TICKED_ELSEWHERE: 2,
    How.MISSED: 3,
    How.NOT_ASKED: 4,
}

_JUDGED = {0: "done", 2: "done in part", 3: "missed"}


def step_map(assessment: Assessment) -> list[dict[str, Any]]:
    """Return the scored steps by runbook and section, in the order of the runbook's lines."""
    pack = assessment.exercise.pack
    placed = []
    for outcome in (as_done(assessment, one) for one in assessment.marks.steps):
        step = pack.step(outcome.step)
        runbook = outcome.step.partition("#")[0]
        title = pack.runbooks[runbook].title if step else runbook
        section = step.section[-1] if step and step.section else title
        placed.append((runbook, step.line if step else 0, title, section, outcome))
    groups: list[dict[str, Any]] = []
    for runbook, line, title, section, outcome in sorted(placed, key=lambda one: one[:2]):
        if not groups or groups[-1]["name"] != runbook:
            groups.append({"name": runbook, "runbook": title, "sections": []})
        sections = groups[-1]["sections"]
        if not sections or sections[-1]["section"] != section:
            sections.append({"section": section, "steps": []})
        sections[-1]["steps"].append(_shown(assessment, outcome, line))
    return groups


def _shown(assessment: Assessment, outcome: StepOutcome, line: int) -> dict[str, Any]:
    confused = {one.step for one in assessment.confusion.confusion_points}
    node = steps_of(assessment.exercise.scenario)[outcome.step]
    sign, words, tone = SIGNS[_BY_HOW[outcome.how]]
    if outcome.how in (How.TICKED, How.TICKED_ELSEWHERE):
        words = "only ticked"
    if outcome.how is How.MISSED and not outcome.weight:
        sign, words, tone = "–", "optional, not done", "quiet"
    if outcome.overruled is not None:
        judged = 0 if not outcome.share else 2 if outcome.share < 1 else 3
        sign, _, tone = SIGNS[judged]
        words = f"{_JUDGED[judged]}, as overruled"
    return {
        "step": outcome.step,
        "title": assessment.exercise.pack.step_title(outcome.step),
        "line": line,
        "sign": sign,
        "words": words,
        "tone": tone,
        "at": outcome.at,
        "critical": node.weight == "critical",
        "confusing": outcome.step in confused,
    }


def signs() -> Iterator[dict[str, str]]:
    """Yield the signs with their meanings, for a legend."""
    for sign, words, tone in SIGNS:
        yield {"sign": sign, "words": words, "tone": tone}
