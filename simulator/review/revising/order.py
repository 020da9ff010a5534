"""Steps that good runs did in another order than the runbook has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simulator.review.revising import edits as e
from simulator.review.revising.edits import Kind
from simulator.review.revising.findings import Finding, Form, StepRuns
from simulator.review.revising.procedures import neighbours
from simulator.review.revising.runs import PlayedRun
from simulator.review.revising.thresholds import THRESHOLDS as T
from simulator.review.revising.thresholds import low


def order(steps: Sequence[StepRuns], critical: frozenset[str]) -> Iterator[Finding]:
    """Yield for steps one after the other that they change places, or are done in any order.

    A critical step is only asked about: its place may be the very thing that keeps people safe.
    """
    known = {step.ref: step for step in steps}
    seen: set[tuple[str, str]] = set()
    for step in steps:
        for run in step.runs:
            for pair in neighbours(run.assessment.evidence.procedure):
                first, second = known.get(pair[0]), known.get(pair[1])
                if pair in seen or first is None or second is None:
                    continue
                seen.add(pair)
                yield from _of_pair(first, second, critical)


def _of_pair(first: StepRuns, second: StepRuns, critical: frozenset[str]) -> Iterator[Finding]:
    if first.book.steps.index(first.step) + 1 != first.book.steps.index(second.step):
        return
    pair = first.ref, second.ref
    both = [
        run
        for run in first.good
        if run in second.runs and pair in neighbours(run.assessment.evidence.procedure)
    ]
    done = {run.exercise: _firsts(run, pair) for run in both}
    with_both = [run for run in both if None not in done[run.exercise]]
    other_way = [run for run in with_both if _turned(done[run.exercise])]
    if len(other_way) < 2:
        return
    share, bound = len(other_way) / len(with_both), low(len(other_way), len(with_both))
    titles = f"“{second.step.text.rstrip('.')}” before “{first.step.text.rstrip('.')}”"
    asked = bool({first.ref, second.ref} & critical)
    if bound > T.low_order and share > T.order:
        kind, edit = Kind.SWAP, e.Move(second.step.id, first.step.id)
        told = f"that did well and did both did {titles}"
    elif T.either_from <= share <= T.either_to and _same_harm(first, second, with_both, other_way):
        kind, free = Kind.ANY_ORDER, e.Free(first.step.id, second.step.id)
        told = f"that did well and did both did {titles}, the others the other way round"
        yield _finding(first, kind, free, told, other_way, with_both, asked)
        return
    elif share > T.order and not first.enough:
        kind, edit = Kind.SWAP, e.Move(second.step.id, first.step.id)
        told = f"did {titles}"
    else:
        return
    yield _finding(first, kind, edit, told, other_way, with_both, asked)


def _finding(
    first: StepRuns,
    kind: Kind,
    edit: e.Edit,
    told: str,
    found: Sequence[PlayedRun],
    of: Sequence[PlayedRun],
    asked: bool,
) -> Finding:
    form = first.form(True)
    if asked:
        form = Form.QUESTION
        told = f"{told}; a critical step is not moved without asking why"
    return first.finding(kind, form, told, found, of, None if asked else edit)


def _firsts(run: PlayedRun, pair: tuple[str, str]) -> tuple[int | None, int | None]:
    """Return when each of two steps was first done with success, by the numbers of the acts."""

    def first(step: str) -> int | None:
        return next(
            (deed.number for deed in run.deeds if step in deed.proves and not deed.failed), None
        )

    return first(pair[0]), first(pair[1])


def _turned(done: tuple[int | None, int | None]) -> bool:
    return done[0] is not None and done[1] is not None and done[1] < done[0]


def _same_harm(
    first: StepRuns,
    second: StepRuns,
    with_both: Sequence[PlayedRun],
    other_way: Sequence[PlayedRun],
) -> bool:
    """Whether neither order did more harm in the time of the two steps."""

    def harmed(runs: Sequence[PlayedRun]) -> bool:
        return any(first.passage(run).harms or second.passage(run).harms for run in runs)

    one_way = [run for run in with_both if run not in other_way]
    return harmed(one_way) == harmed(other_way)
