"""What good runs did that no step of the runbook says, and harm that no step warns of."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from simulator.assessment import Signal
from simulator.content.clean import clean
from simulator.content.runbook import Runbook
from simulator.review.revising import edits as e
from simulator.review.revising.deeds import Deed
from simulator.review.revising.edits import Kind
from simulator.review.revising.findings import Finding, StepRuns
from simulator.review.revising.layout import code_of
from simulator.review.revising.runs import PlayedRun
from simulator.review.revising.scenario_lines import quoted
from simulator.review.revising.thresholds import THRESHOLDS as T
from simulator.review.revising.thresholds import low
from simulator.review.revising.typed import generalised, seen_by_most


@dataclass(frozen=True)
class Unwritten:
    """Something that runs did in the time of a step and that no step explains."""

    key: str
    done: tuple[tuple[PlayedRun, Deed], ...]


def add_steps(step: StepRuns) -> Iterator[Finding]:
    """Yield a step to be put in before this one, or the steps that it should be split into."""
    known = _said_by_the_runbook(step.book, step.runs)
    fitting = [one for one in _unexplained(step, known) if _fits(step, one)]
    exact = {deed.broad for one in fitting for _, deed in one.done if one.key == deed.key}
    unexplained = [one for one in fitting if one.key not in exact or one.key == one.done[0][1].key]
    if not unexplained:
        return
    ordered = sorted(unexplained, key=_usual_place)
    if _needs_splitting(step, known) and len(ordered) + 1 >= T.split:
        found = [run for run in step.good if all(_did(run, one) for one in ordered)]
        new = _new_steps(step.book, ordered)
        told = f"that did well needed {len(ordered) + 1} different acts for it"
        edit = e.Insert(new, step.step.id)
        yield step.finding(Kind.SPLIT, step.form(True), told, found, step.good, edit)
        return
    for one in ordered:
        (new_step,) = _new_steps(step.book, [one])
        told = f"that did well also did this before “{step.step.text.rstrip('.')}”: {_told(one)}"
        runs = [run for run, _ in one.done if run.good]
        edit = e.Insert((new_step,), step.step.id)
        yield step.finding(Kind.ADD_STEP, step.form(True), told, runs, step.good, edit)


def _said_by_the_runbook(book: Runbook, runs: Sequence[PlayedRun]) -> frozenset[str]:
    """Return the commands that stand somewhere in the runbook, in one spelling."""
    shell = runs[-1].assessment.exercise.shell
    return frozenset(
        shell.canonical(command)
        for step in book.steps
        for command in (*step.commands, *code_of(book, step))
    )


def _unexplained(step: StepRuns, known: frozenset[str]) -> list[Unwritten]:
    """Return what was done with success in the time of the step and proves no step.

    What was done to different things is there by itself, and once more taken together.
    """
    done: dict[str, dict[str, tuple[PlayedRun, Deed]]] = {}
    for run in step.runs:
        shell = run.assessment.exercise.shell
        for deed in step.passage(run).deeds:
            said = bool(deed.typed) and shell.canonical(deed.typed) in known
            if deed.proves or deed.failed or deed.duty or said or _asks_for_help(deed):
                continue
            for key in {deed.key, deed.broad}:
                done.setdefault(key, {}).setdefault(run.exercise, (run, deed))
    return [Unwritten(key, tuple(found.values())) for key, found in sorted(done.items())]


def _asks_for_help(deed: Deed) -> bool:
    return not deed.changes and any(word in _HELP for word in deed.typed.split())


_HELP = frozenset({"help", "--help", "-h", "man", "history"})


def _fits(step: StepRuns, one: Unwritten) -> bool:
    """Whether an act is common in good runs, in one place, and rarer in poor ones."""
    changes = any(deed.changes for _, deed in one.done)
    good = [
        run
        for run, _ in one.done
        if run.good and (changes or not step.passage(run).signals & _LOST)
    ]
    if len(good) < 2 or len(good) <= T.added * len(step.good):
        return False
    if step.enough and low(len(good), len(step.good)) <= T.low_added:
        return False
    anywhere = [run for run in step.good if _did_key(run, one.key)]
    if len(good) < T.same_place * len(anywhere):
        return False
    return _rarer_in_poor(step, one.key, len(anywhere) / len(step.good), changes)


_LOST = frozenset(Signal) - {Signal.TICK_MISMATCH}
"""Somebody who shows one of these looks around: what they open is no advice."""


def _rarer_in_poor(step: StepRuns, key: str, share: float, changes: bool) -> bool:
    """Whether poor runs that came to the step did an act less often than good ones.

    What acts on production may be done by all, as long as too few have failed to compare with. A
    look that everybody takes says nothing: it counts where those who failed did not take it.
    """
    poor = [_did_key(run, key) for run in step.poor]
    if len(poor) < T.poor_runs:
        return changes
    in_poor = sum(poor) / len(poor)
    return in_poor < share if changes else in_poor <= share / 2


def _did_key(run: PlayedRun, key: str) -> bool:
    return any(key in (deed.key, deed.broad) and not deed.failed for deed in run.deeds)


def _did(run: PlayedRun, one: Unwritten) -> bool:
    return any(run is other for other, _ in one.done)


def _usual_place(one: Unwritten) -> tuple[float, str]:
    """Return where an act usually stands: how many acts before the step's completion it came."""
    numbers = sorted(deed.number for _, deed in one.done)
    return numbers[len(numbers) // 2], one.key


def _needs_splitting(step: StepRuns, known: frozenset[str]) -> bool:
    """Whether most good runs needed three different acts or more for the step."""
    many = []
    for run in step.good:
        shell = run.assessment.exercise.shell
        acts = {
            deed.key
            for deed in step.passage(run).attempts
            if not deed.failed
            and deed.changes
            and (step.ref in deed.proves or shell.canonical(deed.typed or "") not in known)
        }
        many.append(len(acts) >= T.split)
    return bool(many) and sum(many) * 2 > len(many) and low(sum(many), len(many)) > T.low_added


def _told(one: Unwritten) -> str:
    deeds = [deed for _, deed in one.done]
    run, deed = one.done[0]
    return f"“{generalised(deeds) or _title(run, deed)}”"


def _title(run: PlayedRun, deed: Deed) -> str:
    """Return what a deed is called in a runbook, as an instruction."""
    system = run.assessment.exercise.system
    kind, _, name = deed.broad.partition(":")
    boards = {one.id: f"Look at the dashboard {one.title}" for one in system.dashboards}
    streams = {one.id: f"Read the logs of {one.title}" for one in system.logs}
    if kind == "action":
        return run.assessment.exercise.world.action(name).title
    if kind == "view":
        return boards.get(name, f"Look at {name}")
    if kind == "logs":
        return streams.get(name, f"Read the logs of {name}")
    if kind == "post":
        template, _, channel = name.partition("@")
        templates = {one.id: one.title for one in system.templates}
        channels = {one.id: one.title for one in system.channels}
        return f"Send “{templates.get(template, template)}” to {channels.get(channel, channel)}"
    return f"Run {deed.typed.split()[0]}" if deed.typed else name


def _new_steps(book: Runbook, found: Iterable[Unwritten]) -> tuple[e.NewStep, ...]:
    taken = {step.id for step in book.steps}
    new = []
    for one in found:
        run, deed = one.done[0]
        deeds = [deed for _, deed in one.done]
        title = clean(_title(run, deed), 120, lines=False).rstrip(".") + "."
        typed = generalised(deeds)
        id_ = _free_id(title, taken)
        taken.add(id_)
        good = [deed for run, deed in one.done if run.good]
        shown = seen_by_most(deed.output for deed in good) if typed else ()
        proof = _proof(deed, one.key)
        new.append(e.NewStep(id_, title, (typed,) if typed else (), shown, proof, one.key))
    return tuple(new)


def _proof(deed: Deed, key: str) -> str:
    """Return what proves a new step, as a scenario writes it; `key` says how closely."""
    kind, _, name = deed.broad.partition(":")
    match kind:
        case "action" if deed.args and key == deed.key:
            args = ", ".join(f"{key}: {quoted(value)}" for key, value in sorted(deed.args.items()))
            return f"{{action: {name}, args: {{{args}}}}}"
        case "action" | "view" | "logs":
            return f"{{{kind}: {name}}}"
        case "post":
            template, _, channel = name.partition("@")
            return f"{{post: {{channel: {channel}, template: [{template}]}}}}"
    return f"{{command: {quoted(name)}}}"


_NO_ID = re.compile(r"[^a-z0-9]+")
_SMALL = frozenset({"a", "an", "the", "of", "to", "at", "in", "on", "for", "and"})


def _free_id(title: str, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().casefold()
    words = [word for word in _NO_ID.sub(" ", plain).split() if word not in _SMALL][:4]
    base = "-".join(words)[:48].strip("-") or "step"
    if base not in taken:
        return base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"


def warn(step: StepRuns) -> Iterator[Finding]:
    """Yield a warning for each harmful act that was done in the time of the step, twice or more."""
    harmed: dict[str, list[tuple[PlayedRun, str]]] = {}
    for run in step.runs:
        for action, why in dict(step.passage(run).harms).items():
            harmed.setdefault(action, []).append((run, why))
    for action, found in sorted(harmed.items()):
        if len(found) < T.harmed:
            continue
        run = found[0][0]
        title = run.assessment.exercise.world.action(action).title.rstrip(".")
        act = f"{title[:1].lower()}{title[1:]}"
        why = Counter(why for _, why in found).most_common(1)[0][0]
        text = clean(
            f"do not {title[:1].lower()}{title[1:].rstrip('.')} now. {why}", 300, lines=False
        )
        if why.casefold() in step.step.body.casefold():
            continue
        yield step.finding(
            Kind.WARN,
            step.form(True),
            f"did harm here: {act}",
            [run for run, _ in found],
            step.runs,
            e.Text(step.step.id, text, warning=True),
        )
