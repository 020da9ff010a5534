"""What one exercise shows of each step that it reached, for the summary over many exercises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from simulator.assessment.assess import Assessment
from simulator.assessment.confusion import StepConfusion
from simulator.assessment.gaps import missed
from simulator.assessment.judgement import Signal
from simulator.assessment.outcomes import StepOutcome
from simulator.assessment.procedure import behind
from simulator.exercise import acts as a

MOST_NOTES = 5
LONGEST_NOTE = 300


@dataclass(frozen=True, slots=True)
class Practised:
    """One step that an exercise reached, as `runbook#step`.

    `well` says that it was done in its place, in time and without a confusion point. `lost` are
    the seconds beyond what this run's pace makes of the expected time, where it confused.
    `notes` are what people wrote of it: flags, questions, observations.
    """

    step: str
    confused: bool
    flagged: bool
    points: int
    signals: tuple[str, ...]
    lost: int
    well: bool
    notes: tuple[str, ...]


def practised(assessment: Assessment) -> tuple[Practised, ...]:
    """Return what an exercise shows of the steps that it reached, in the procedure's order."""
    outcomes = {one.step: one for one in assessment.marks.steps}
    came = reached(assessment)
    return tuple(
        Practised(
            step=one.step,
            confused=one.confusion_point,
            flagged=any(sign.signal is Signal.FLAGGED for sign in one.signs),
            points=one.points,
            signals=tuple(sign.signal.value for sign in one.signs),
            lost=_lost(one, assessment.confusion.pace),
            well=_well(assessment, outcomes.get(one.step), one),
            notes=tuple(_notes(assessment, one)),
        )
        for one in assessment.confusion.steps
        if one.step in came
    )


def reached(assessment: Assessment) -> frozenset[str]:
    """Return the steps that people came to.

    Those that they did, those that they passed over by doing a later one, and of what they never
    did the first that was then to be done. And wherever somebody pressed, asked or was asked
    about a step by its name.
    """
    order = behind(assessment.evidence.procedure)
    done = {one.step for one in assessment.marks.steps if one.act is not None or one.done}
    undone = {one.step for one in assessment.marks.steps if missed(one) and one.step not in done}
    ahead = {step for step in undone if not order[step] & done}
    later = frozenset().union(*(order[step] for step in ahead))
    named = {
        one.step
        for one in assessment.confusion.steps
        if any(sign.signal in _NAMING for sign in one.signs)
    }
    return frozenset(done | (undone - (ahead & later)) | named)


_NAMING = (Signal.FLAGGED, Signal.HINT, Signal.GAVE_UP)
"""Signals of a step that somebody turned to."""


def _well(assessment: Assessment, outcome: StepOutcome | None, confusion: StepConfusion) -> bool:
    if outcome is None or confusion.confusion_point or outcome.share or not outcome.done:
        return False
    if outcome.step in assessment.evidence.facts.solution_shown:
        return False
    late = {one.id for one in assessment.marks.deadlines if one.late}
    deadlines = assessment.evidence.facts.deadlines
    return not any(one.step == outcome.step and one.id in late for one in deadlines)


def _lost(step: StepConfusion, pace: Fraction) -> int:
    return max(0, int(step.dwell - step.expected * pace)) if step.confusion_point else 0


def _notes(assessment: Assessment, step: StepConfusion) -> Iterator[str]:
    """Yield what people wrote of a step, each text once."""
    acts, state = assessment.evidence.acts, assessment.exercise.state
    numbers = [
        number
        for sign in step.signs
        if sign.signal in (Signal.FLAGGED, Signal.QUESTION)
        for number in sign.acts
    ]
    said = [_text(acts[number - 1]) for number in sorted(numbers)]
    said += [one.text for one in state.notes if one.about == step.step]
    texts = dict.fromkeys(" ".join(text.split())[:LONGEST_NOTE] for text in said)
    yield from [text for text in texts if text][:MOST_NOTES]


def _text(act: a.AnyAct) -> str:
    match act:
        case a.Confused(note=text) | a.Post(text=text):
            return text
    return ""
