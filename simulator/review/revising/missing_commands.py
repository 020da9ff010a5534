"""A step that lacks its command, what is to be seen after it, or how often it is to be done."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.assessment import Signal
from simulator.review.revising import edits as e
from simulator.review.revising.deeds import Deed
from simulator.review.revising.edits import Kind
from simulator.review.revising.findings import Finding, StepRuns, commonest, differ_widely
from simulator.review.revising.layout import code_of
from simulator.review.revising.runs import PlayedRun
from simulator.review.revising.thresholds import THRESHOLDS as T
from simulator.review.revising.thresholds import low
from simulator.review.revising.typed import generalised, seen_by_most


def add_command(step: StepRuns) -> Iterator[Finding]:
    """Yield the command that most good runs used, where the step has none and people tried."""
    if step.step.commands or code_of(step.book, step.step):
        return
    tried = [run for run in step.runs if _in_vain(step, run)]
    wrongly = bool(step.runs) and len(tried) / len(step.runs) >= T.wrong_attempts
    first = [deed for run in step.runs if (deed := _first_attempt(step, run)) is not None]
    if not wrongly and not differ_widely(first):
        return
    used = [
        (run, deed)
        for run in step.good
        if (deed := step.passage(run).completing) is not None and deed.typed
    ]
    found = commonest(used, len(step.good))
    if found is None or len(found.runs) < 2:
        return
    typed = generalised(found.deeds)
    how = (
        f"tried three times or more in vain: {len(tried)} of {len(step.runs)}"
        if wrongly
        else f"{len({deed.broad for deed in first})} different first attempts"
    )
    yield step.finding(
        Kind.ADD_COMMAND,
        step.form(found.low >= T.low_command),
        f"that did well typed “{typed}” here, which the step does not say ({how})",
        found.runs,
        step.good,
        e.Command(step.step.id, (typed,)),
    )


def _in_vain(step: StepRuns, run: PlayedRun) -> bool:
    return Signal.WRONG_THREE_TIMES in step.passage(run).signals


def _first_attempt(step: StepRuns, run: PlayedRun) -> Deed | None:
    """Return what a run tried first at a step, unless it did another step."""
    tried = step.passage(run).attempts
    return next((d for d in tried if step.ref in d.proves or not d.proves), None)


def add_expected(step: StepRuns) -> Iterator[Finding]:
    """Yield what good runs saw just before going on, where people did not know it by that."""
    if step.step.expected is not None:
        return
    unsure = [run for run in step.runs if _unsure_after(step, run)]
    if len(unsure) < 2 or len(unsure) / len(step.runs) < T.unsure_after:
        return
    saw = [(run, output) for run in step.good if (output := _last_output(step, run))]
    shown = seen_by_most(output for _, output in saw)
    if not shown:
        return
    yield step.finding(
        Kind.ADD_EXPECTED,
        step.form(len(saw) / max(1, len(step.good)) >= T.shown),
        "had done it rightly and ran it again, or were still, before they went on",
        unsure,
        step.runs,
        e.Expected(step.step.id, shown),
    )


def _unsure_after(step: StepRuns, run: PlayedRun) -> bool:
    """Whether a run repeated the right command without anything new, or did nothing after it."""
    passage = step.passage(run)
    done = passage.completing
    if done is None or not done.attempt:
        return False
    again = [deed for deed in passage.after if deed.key == done.key and deed.output == done.output]
    still = passage.still >= max(T.still_after, T.still_factor * run.pause)
    return len(again) >= 2 or still


def _last_output(step: StepRuns, run: PlayedRun) -> str:
    passage = step.passage(run)
    done = passage.completing
    if done is None:
        return ""
    same = [deed for deed in passage.after if deed.key == done.key and deed.output]
    return (same[-1] if same else done).output


def repeat_until(step: StepRuns) -> Iterator[Finding]:
    """Yield that the step is repeated, where good runs did it again until something changed."""
    if "repeat" in step.step.body.casefold() or "until" in step.step.body.casefold():
        return
    again = [run for run in step.good if _done_again(step, run)]
    if len(again) < 2 or len(again) <= T.repeated * len(step.good):
        return
    shown = seen_by_most(_last_output(step, run) for run in again)
    until = f"it shows `{shown[0]}`" if shown and "`" not in shown[0] else "its result holds"
    yield step.finding(
        Kind.REPEAT,
        step.form(low(len(again), len(step.good)) > 0),
        "that did well did it twice or more before they went on",
        again,
        step.good,
        e.Text(step.step.id, f"Repeat this until {until}."),
    )


def _done_again(step: StepRuns, run: PlayedRun) -> bool:
    """Whether a run did the step's own act again and saw something else."""
    passage = step.passage(run)
    done = passage.completing
    if done is None or not done.attempt or done.failed:
        return False
    again = [deed for deed in passage.after if deed.key == done.key and not deed.failed]
    return bool(again) and again[-1].output != done.output
