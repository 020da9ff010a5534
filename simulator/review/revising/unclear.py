"""A step whose words do not say what to look at, or by which words nobody finds it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from simulator.assessment import Signal
from simulator.assessment.evidence import metrics_of
from simulator.review.revising import edits as e
from simulator.review.revising.deeds import Deed
from simulator.review.revising.edits import Kind
from simulator.review.revising.findings import (
    Common,
    Finding,
    Form,
    StepRuns,
    commonest,
    differ_widely,
)
from simulator.review.revising.layout import code_of, span
from simulator.review.revising.runs import PlayedRun
from simulator.review.revising.thresholds import THRESHOLDS as T
from simulator.review.revising.typed import generalised, seen_by_most

VAGUE = re.compile(
    r"\b(check|verify|ensure|make sure|confirm|validate|monitor|watch|review|investigate|look into"
    r"|as needed|as required|as necessary|if needed|if necessary|where necessary|appropriate(?:ly)?"
    r"|proper(?:ly)?|correct(?:ly)?|reasonable|reasonably|normal(?:ly)?|healthy|fine|okay|ok"
    r"|in order|suitable|relevant|etc)\b",
    re.IGNORECASE,
)
_ASKED = (Signal.QUESTION, Signal.HINT)
_MOST_METRICS = 2


def clarify(step: StepRuns) -> Iterator[Finding]:
    """Yield what to look at and which value, where vague words made people ask or wander."""
    if not VAGUE.search(step.step.text):
        return
    asked = [run for run in step.runs if step.passage(run).signals & {*_ASKED}]
    often = len(asked) > 1 and len(asked) / len(step.runs) >= T.asked
    first = [step.passage(run).deeds[0] for run in step.runs if step.passage(run).deeds]
    if not often and not differ_widely(first):
        return
    opened = [
        (run, deed) for run in step.good if (deed := step.passage(run).completing) is not None
    ]
    found = commonest(opened, len(step.good))
    if found is None or len(found.runs) < 2 or _says(step, found.deed):
        return
    told = _what_to_look_at(found)
    if not told:
        return
    how = (
        f"{len(asked)} of {len(step.runs)} asked or took a hint"
        if often
        else f"{len({deed.broad for deed in first})} different things were tried first"
    )
    yield step.finding(
        Kind.CLARIFY,
        step.form(found.low >= T.low_command),
        f"that did well went by {_named(found)} here, which the step does not say ({how})",
        found.runs,
        step.good,
        e.Text(step.step.id, told),
    )


def _says(step: StepRuns, deed: Deed) -> bool:
    """Whether the step's text names already what good runs went by."""
    body = step.step.body.casefold()
    known = (*step.step.commands, *code_of(step.book, step.step))
    if deed.typed and any(deed.typed.casefold() == one.casefold() for one in known):
        return True
    run = step.runs[0]
    title = _title(run, deed)
    return bool(title) and title.casefold() in body


def _title(run: PlayedRun, deed: Deed) -> str:
    """Return the title of a dashboard or of logs that a deed opened."""
    system = run.assessment.exercise.system
    kind, _, name = deed.broad.partition(":")
    if kind == "view":
        return next((one.title for one in system.dashboards if one.id == name), "")
    if kind == "logs":
        return next((one.title for one in system.logs if one.id == name), "")
    return ""


def _named(found: Common) -> str:
    title = _title(found.runs[0], found.deed)
    return f"“{title or generalised(found.deeds) or found.deed.broad}”"


def _what_to_look_at(found: Common) -> str:
    """Return a sentence that says what to open, and what good runs saw there as they went on."""
    title = _title(found.runs[0], found.deed)
    if found.deed.broad.startswith("view:") and title:
        values = _values(found)
        return f"Look at the dashboard {title}" + (f": {values}." if values else ".")
    if found.deed.broad.startswith("logs:") and title:
        return f"Look at the logs of {title}."
    typed = generalised(found.deeds)
    if not typed:
        return ""
    shown = seen_by_most(deed.output for deed in found.deeds)
    seen = f"; it shows {span(shown[0])}" if shown else ""
    return f"Run {span(typed)}{seen}."


def _values(found: Common) -> str:
    """Return which values a dashboard's metrics had when good runs went on."""
    view = found.deed.broad.partition(":")[2]
    exercise = found.runs[0].assessment.exercise
    board = next((one for one in exercise.system.dashboards if one.id == view), None)
    units = {one.id: one for one in exercise.system.metrics}
    told = []
    for metric in metrics_of(board)[:_MOST_METRICS]:
        values = [
            run.assessment.exercise.world.value(
                run.assessment.exercise.state.world, metric, deed.at
            )
            for run, deed in zip(found.runs, found.deeds, strict=True)
        ]
        one = units[metric]
        unit = "" if one.unit.casefold() in one.title.casefold() else f" {one.unit}"
        told.append(f"{one.title} at {_rounded(max(values))}{unit} or less")
        if min(values) > 0 and max(values) < 10 * min(values):
            told[-1] = f"{one.title} {_rounded(min(values))} to {_rounded(max(values))}{unit}"
    return ", ".join(told)


def _rounded(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 10 else f"{value:.1f}"


_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")


def add_alias(step: StepRuns) -> Iterator[Finding]:
    """Yield words that people searched in vain while they were at the step."""
    by_words: dict[str, list[PlayedRun]] = {}
    for run in step.runs:
        for query in step.passage(run).searched:
            words = " ".join(_WORD.findall(query.casefold()))
            if words and run not in by_words.setdefault(words, []):
                by_words[words].append(run)
    counts = Counter({words: len(runs) for words, runs in by_words.items()})
    for words, number in sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))[:1]:
        if number < T.searched:
            return
        yield step.finding(
            Kind.ALIAS,
            step.form(True),
            f"searched for “{words}” here and found nothing",
            by_words[words],
            step.runs,
            e.Text(step.step.id, f"Also called: {words}."),
        )


def said(step: StepRuns) -> Iterator[Finding]:
    """Yield what people wrote of the step: it is always shown, however few they are."""
    wrote = [(run, note) for run in step.runs for note in step.passage(run).notes]
    if wrote:
        runs = list({run.exercise: run for run, _ in wrote}.values())
        notes = tuple(dict.fromkeys(" ".join(note.split()) for _, note in wrote))
        yield step.finding(Kind.SAID, Form.QUESTION, "wrote of it", runs, step.runs, None, notes)
