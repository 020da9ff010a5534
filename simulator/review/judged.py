"""How objectives, decisions and injects came out, and what evaluators said of the ratings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simulator.assessment import Assessment
from simulator.content.scenario import Decision
from simulator.exercise import acts as a
from simulator.exercise.state import Rated
from simulator.exercise.titles import title_in
from simulator.review.wording import duration, name_of, with_titles


def objectives(assessment: Assessment) -> Iterator[dict[str, Any]]:
    """Yield each objective: its steps and how they were done, the proposal, what people gave it."""
    pack = assessment.exercise.pack
    done = {step.step: step.how.value for step in assessment.marks.steps}
    proposals = {one.objective: one for one in assessment.objectives}
    for one in pack.scenario.objectives:
        proposal = proposals[one.id]
        yield {
            "objective": one.id,
            "text": one.text,
            "steps": [
                {"step": step, "title": pack.step_title(step), "how": done.get(step)}
                for step in one.steps
            ],
            "proposed": proposal.rating.name if proposal.rating is not None else "not observed",
            "reason": with_titles(pack, proposal.reason),
            "confirmed": ratings_given(assessment, one.id),
        }


def ratings_given(assessment: Assessment, objective: str = "") -> list[dict[str, Any]]:
    """Return the ratings that people gave an objective, or the whole; of each person the last."""
    last: dict[str, Rated] = {}
    for one in assessment.exercise.state.confirmed:
        if one.objective == objective:
            last[one.seat] = one
    return [
        {
            "rating": one.rating,
            "reason": one.reason,
            "by": name_of(assessment, seat),
            "seat": seat,
            "at": one.at,
        }
        for seat, one in last.items()
    ]


def unconfirmed(assessment: Assessment) -> list[str]:
    """Return what nobody has rated yet: objectives by their ids, the whole exercise as ""."""
    rated = {one.objective for one in assessment.exercise.state.confirmed}
    wanted = ["", *(one.id for one in assessment.exercise.scenario.objectives)]
    return [one for one in wanted if one not in rated]


def overruled(assessment: Assessment) -> Iterator[dict[str, Any]]:
    """Yield each mark of a step that an evaluator overruled: whose, to what, and why."""
    pack = assessment.exercise.pack
    for step, one in assessment.exercise.state.overrules.items():
        yield {
            "step": step,
            "title": pack.step_title(step),
            "lost_share": float(one.share),
            "reason": one.reason,
            "by": name_of(assessment, one.seat),
            "at": one.at,
        }


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
    """Yield each inject: when it came, what it said, and what was expected of those who read it.

    Injects that a facilitator wrote on the spot come last. `changed` tells in words what a
    facilitator did with one.
    """
    exercise = assessment.exercise
    pack, state = exercise.pack, exercise.state
    done = {step.step: step for step in assessment.marks.steps}
    said = {one.inject: one for one in state.messages if one.inject}
    handled = _handled(assessment)
    for one in pack.scenario.timeline:
        text = said[one.id].text if one.id in said else state.edited.get(one.id, one.text)
        yield {
            "inject": one.id,
            "at": state.delivered.get(one.id),
            "contingent": one.contingent,
            "channel": one.channel,
            "from": title_in(exercise, "person", one.from_),
            "where": title_in(exercise, "channel", one.channel),
            "text": " ".join(text.split()),
            "changed": handled.get(one.id, []),
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
    for added in state.written:
        yield {
            "inject": added.id,
            "at": state.delivered.get(added.id),
            "contingent": False,
            "channel": added.channel,
            "from": title_in(exercise, "person", added.sender),
            "where": title_in(exercise, "channel", added.channel),
            "text": " ".join(added.text.split()),
            "changed": ["written on the spot", *handled.get(added.id, [])],
            "expects": [],
        }


def _handled(assessment: Assessment) -> dict[str, list[str]]:
    """Return in words what facilitators did with each inject."""
    told: dict[str, list[str]] = {}
    shifts = assessment.exercise.state.shifts
    for act in assessment.evidence.acts:
        match act:
            case a.Fire():
                words = "sent by hand"
            case a.Postpone() if act.inject not in shifts:  # written on the spot
                words = _moved(act.seconds)
            case a.Withhold():
                words = "left out" if act.withheld else "taken back in"
            case a.Edit():
                words = "text changed"
            case _:
                continue
        told.setdefault(act.inject, []).append(words)
    for name, seconds in shifts.items():  # also those that were moved along with another
        if seconds:
            told.setdefault(name, []).append(_moved(seconds))
    return told


def _moved(seconds: int) -> str:
    return f"{'postponed' if seconds > 0 else 'brought forward'} by {duration(abs(seconds))}"
