"""How objectives, decisions and injects came out, and what an evaluator said of the ratings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simulator.assessment import Assessment
from simulator.content.scenario import Decision


def objectives(assessment: Assessment) -> Iterator[dict[str, Any]]:
    """Yield each objective with the steps that it is judged by, and how they were done."""
    pack = assessment.exercise.pack
    done = {step.step: step.how.value for step in assessment.marks.steps}
    for one in pack.scenario.objectives:
        yield {
            "objective": one.id,
            "text": one.text,
            "steps": [
                {"step": step, "title": pack.step_title(step), "how": done.get(step)}
                for step in one.steps
            ],
            "confirmed": _confirmed(assessment, one.id),
        }


def confirmed(assessment: Assessment) -> dict[str, str] | None:
    """Return the rating that an evaluator gave the whole exercise last, with the reason."""
    return _confirmed(assessment, "")


def _confirmed(assessment: Assessment, objective: str) -> dict[str, str] | None:
    given = [
        {"rating": one.rating, "reason": one.reason}
        for one in assessment.exercise.state.confirmed
        if one.objective == objective
    ]
    return given[-1] if given else None


def decisions(assessment: Assessment) -> Iterator[dict[str, Any]]:
    """Yield each decision: what was chosen and when, what was right, and because of what."""
    for one in assessment.exercise.scenario.decisions:
        yield _severity(assessment, one) if one.severity else _choice(assessment, one)


def _severity(assessment: Assessment, decision: Decision) -> dict[str, Any]:
    declared = [
        (at, level) for at, level in assessment.exercise.state.severities if at <= decision.deadline
    ]
    at, level = declared[-1] if declared else (None, None)
    return {
        "decision": decision.id,
        "title": decision.title,
        "at": at,
        "chosen": level,
        "because": None,
        "right": decision.severity,
        "right_because": decision.because,
    }


def _choice(assessment: Assessment, decision: Decision) -> dict[str, Any]:
    options = {option.id: option for option in decision.options}
    at, name = assessment.exercise.state.decisions.get(decision.id, (None, ""))
    chosen = options.get(name)
    right = [option for option in decision.options if option.right]
    return {
        "decision": decision.id,
        "title": decision.title,
        "at": at,
        "chosen": chosen.text if chosen else None,
        "because": chosen.because if chosen else None,
        "right": " / ".join(option.text for option in right),
        "right_because": decision.because or " ".join(option.because for option in right),
    }


def injects(assessment: Assessment) -> Iterator[dict[str, Any]]:
    """Yield each inject: when it came, and what was expected of those who read it."""
    pack, delivered = assessment.exercise.pack, assessment.exercise.state.delivered
    done = {step.step: step for step in assessment.marks.steps}
    for one in pack.scenario.timeline:
        yield {
            "inject": one.id,
            "at": delivered.get(one.id),
            "contingent": one.contingent,
            "expects": [
                {
                    "step": step,
                    "title": pack.step_title(step),
                    "how": done[step].how.value if step in done else None,
                    "at": done[step].at if step in done else None,
                }
                for step in one.expects
            ],
        }
