"""An assessment as plain data: what every form of a report, and `--json`, is made from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from fractions import Fraction
from typing import Any

from simulator.assessment import Assessment, Line, LineKind
from simulator.assessment.outcomes import How, StepOutcome
from simulator.content.scenario import Cadence, Deadline, Decision
from simulator.exercise.wording import in_words
from simulator.review.areas import chosen
from simulator.review.judged import decisions, injects, objectives, ratings_given, unconfirmed
from simulator.review.wording import in_report, place_of, with_titles


def number(value: Fraction) -> float:
    """Return a mark as a number with four decimals, for those who do not read fractions."""
    return round(float(value), 4)


def figures(exercise_id: str, assessment: Assessment) -> dict[str, Any]:
    """Return the figures of an exercise. Times are seconds of simulated time, or None."""
    opening, marks, exercise = assessment.opening, assessment.marks, assessment.exercise
    pack = exercise.pack
    return {
        "exercise": exercise_id,
        "scenario": {
            "name": opening.scenario,
            "title": pack.scenario.title,
            "seed": opening.seed,
            "engine": opening.engine,
            "minutes": pack.scenario.minutes,
            "hashes": dict(sorted(opening.hashes.items())),
        },
        "score": number(marks.score),
        "score_exact": str(marks.score),
        "printed": marks.points,
        "rating": marks.rating.name,
        "rating_reason": marks.reason,
        "scoring_version": marks.scoring_version,
        "recovered": assessment.recovered,
        "ended_at": exercise.state.now,
        "finished": exercise.over,
        "components": [
            {
                "name": part.name,
                "share": number(part.share),
                "share_exact": str(part.share),
                "earned": number(part.earned),
                "earned_exact": str(part.earned),
            }
            for part in marks.components
        ],
        "lines": [
            {
                "kind": line.kind.value,
                "subject": line.subject,
                "title": subject_title(assessment, line.kind.value, line.subject),
                "points": number(line.lost),
                "points_exact": str(line.lost),
                "reason": reason(assessment, line),
            }
            for line in marks.lines
        ],
        "steps": list(_steps(assessment)),
        "objectives": list(objectives(assessment)),
        "decisions": list(decisions(assessment)),
        "injects": list(injects(assessment)),
        "confirmed": ratings_given(assessment),
        "draft": bool(unconfirmed(assessment)),
        "times": asdict(assessment.evidence.times),
        "confusion": list(_confusion(assessment, points=True)),
        "remarks": list(_confusion(assessment, points=False)),
    }


def reason(assessment: Assessment, line: Line) -> str:
    """Return why a line lost its points, in words, without its title."""
    exercise = assessment.exercise
    if line.kind is LineKind.DECISION:
        decision = next(one for one in exercise.scenario.decisions if one.id == line.subject)
        choices = assessment.evidence.facts.decisions
        choice = next(one for one in choices if one.id == line.subject)
        return chosen(assessment, decision, choice).rstrip(".")
    title = subject_title(assessment, line.kind.value, line.subject)
    return with_titles(exercise.pack, line.reason.removeprefix(f"{title}: "))


def result_json(exercise_id: str, assessment: Assessment) -> str:
    """Return the figures as JSON text."""
    return json.dumps(figures(exercise_id, assessment), indent=2, ensure_ascii=False)


def subject_title(assessment: Assessment, kind: str, subject: str) -> str:
    """Return what a line is about, in words."""
    scenario = assessment.exercise.scenario
    if kind == "step":
        return assessment.exercise.pack.step_title(subject)
    named: dict[str, Sequence[Deadline | Cadence | Decision]] = {
        "deadline": scenario.deadlines,
        "cadence": scenario.cadences,
        "decision": scenario.decisions,
    }
    for one in named.get(kind, ()):
        if one.id == subject:
            return one.title
    if kind == "harm" and subject.isdigit():
        return act_in_words(assessment, int(subject))
    return subject


def act_in_words(assessment: Assessment, index: int) -> str:
    """Return what an act was, in a few words."""
    acts = assessment.evidence.acts
    return in_words(acts[index], assessment.exercise) if index < len(acts) else "the same act again"


def as_done(assessment: Assessment, outcome: StepOutcome) -> StepOutcome:
    """Return what became of a step, for show: one that weighs nothing and was done is done.

    The alignment has no reason to give such a step its place.
    """
    if outcome.weight or outcome.act is not None or outcome.proved_at is None:
        return outcome
    numbered = enumerate(assessment.evidence.marked)
    act = next((number for number, act in numbered if outcome.step in act.proves), None)
    return replace(outcome, how=How.PROVED, act=act, at=outcome.proved_at)


def _steps(assessment: Assessment) -> Iterable[dict[str, Any]]:
    pack = assessment.exercise.pack
    for outcome in (as_done(assessment, one) for one in assessment.marks.steps):
        step = pack.step(outcome.step)
        shown = act_in_words(assessment, outcome.act) if outcome.act is not None else ""
        yield {
            "step": outcome.step,
            "title": pack.step_title(outcome.step),
            "line": step.line if step else None,
            "place": place_of(pack, outcome.step),
            "how": outcome.how.value,
            "at": outcome.at,
            "evidence": shown,
            "weight": number(outcome.weight),
            "weight_exact": str(outcome.weight),
            "lost_share": number(outcome.share),
            "lost_share_exact": str(outcome.share),
            "ticked_at": outcome.ticked_at,
            "mismatch": outcome.mismatch,
            "overruled": outcome.overruled,
        }


def _confusion(assessment: Assessment, points: bool) -> Iterable[dict[str, Any]]:
    pack, confusion = assessment.exercise.pack, assessment.confusion
    for one in confusion.confusion_points if points else confusion.remarks:
        yield {
            "step": one.step,
            "title": pack.step_title(one.step),
            "points": one.points,
            "points_exact": str(one.points),
            "since": one.since,
            "until": one.until,
            "dwell": one.dwell,
            "expected": one.expected,
            "signals": [
                {
                    "signal": sign.signal.value,
                    "points": sign.points,
                    "sentence": in_report(pack, sign),
                    "acts": list(sign.acts),
                }
                for sign in one.signs
            ],
        }
