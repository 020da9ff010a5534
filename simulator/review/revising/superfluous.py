"""Steps that good runs left out, and deadlines that they did not meet."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.review.revising import edits as e
from simulator.review.revising.edits import Kind
from simulator.review.revising.findings import Finding, Form, StepRuns
from simulator.review.revising.thresholds import THRESHOLDS as T
from simulator.review.revising.thresholds import low

_ROUND = (15, 30, 60, 120, 300, 600)


def skipped(step: StepRuns, critical: frozenset[str]) -> Iterator[Finding]:
    """Yield that a step may be left out, or goes, where good runs missed it; else the question."""
    left = [run for run in step.good if step.passage(run).missed]
    if len(left) < 2 or len(left) <= T.skipped * len(step.good):
        return
    sure = low(len(left), len(step.good)) > T.low_skipped
    told = "that did well never did it"
    if step.ref in critical or (step.enough and not sure):
        why = "it is critical: why was it skipped?" if step.ref in critical else "why?"
        kind, form, edit = Kind.MAKE_OPTIONAL, Form.QUESTION, None
        yield step.finding(kind, form, f"{told}; {why}", left, step.good, edit)
        return
    often = len(left) >= T.removed * len(step.good)
    removal: e.Edit = e.Remove(step.step.id) if often else e.Optional(step.step.id)
    kind = Kind.REMOVE if often else Kind.MAKE_OPTIONAL
    yield step.finding(kind, step.form(sure), told, left, step.good, removal)


def late(step: StepRuns) -> Iterator[Finding]:
    """Yield a longer limit where over half of otherwise good runs did not keep it."""
    newest = step.runs[-1].assessment
    for deadline in newest.evidence.facts.deadlines:
        if deadline.step != step.ref:
            continue
        took = []
        for run in step.good:
            marks = run.assessment.marks
            limits = {one.id: one.limit for one in run.assessment.evidence.facts.deadlines}
            credit = next((one for one in marks.deadlines if one.id == deadline.id), None)
            if credit is not None and limits.get(deadline.id) == deadline.limit:
                took.append((run, credit))
        missed = [run for run, credit in took if credit.late]
        if len(missed) < 2 or len(missed) <= T.late * len(took):
            continue
        times = sorted(credit.took for _, credit in took if credit.took is not None)
        told = f"that did well did not keep “{deadline.title}” ({deadline.limit} s)"
        new = _rounded(times[-(-3 * len(times) // 4) - 1]) if times else 0
        if new and new <= deadline.limit:
            continue
        if deadline.critical or not new:
            why = "it is critical: is the step too late in the runbook?"
            yield step.finding(Kind.RELAX, Form.QUESTION, f"{told}; {why}", missed, step.good)
            continue
        edit = e.Limit(step.step.id, deadline.id, deadline.limit, new)
        told += f"; three in four did it within {new} s, or the step comes too late"
        yield step.finding(
            Kind.RELAX, step.form(new > deadline.limit), told, missed, step.good, edit
        )


def _rounded(seconds: int) -> int:
    """Return a limit that people can remember, not below the seconds."""
    step = next((one for one in _ROUND if seconds <= 8 * one), _ROUND[-1])
    return -(-seconds // step) * step
