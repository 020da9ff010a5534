"""The sections of the result: each a heading, and what to draw under it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial
from math import floor
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from simulator.assessment import Assessment, How, Signal, StepOutcome
from simulator.content.pack import Pack
from simulator.content.prose import reflowed
from simulator.review.figures import act_in_words, as_done, subject_title
from simulator.review.text import duration
from simulator.tui.panes.runbook_page import unmarked
from simulator.tui.panes.wording import line, paragraphs
from simulator.tui.screens.hotwash_questions import CONFIDENCE, questions
from simulator.tui.screens.inks import Draw, Inks

if TYPE_CHECKING:
    from simulator.journal import Summary
    from simulator.session.running import Stored

Section = tuple[str, Draw]

OPTIONAL = "optional"
HOW = {
    "proved": "done",
    "ticked": "only ticked",
    "proved elsewhere": "out of order",
    "ticked elsewhere": "only ticked, out of order",
    "missed": "missed",
    "not asked": "another way was taken",
    OPTIONAL: "optional, not done",
}
SIGN = {"proved": "✓", "not asked": "·", OPTIONAL: "·", "missed": "✗"}
EQUAL = 5
"""Points: a smaller difference says nothing."""
BAR = 24
WIDEST_SIGNAL = max(len(signal.value) for signal in Signal)


def sections(stored: Stored, attempts: Sequence[Summary]) -> Iterator[Section]:
    """Yield heading and body of each section, from the score to the debrief."""
    assessment = stored.assessment
    scenario, state = assessment.exercise.scenario, assessment.exercise.state
    yield "", partial(_score, assessment)
    yield "Where the points went", partial(_lines, assessment)
    yield "Times, since production first left its baseline", partial(_times, assessment)
    yield "Steps", partial(_steps, assessment)
    yield "Confusion points", partial(_confusion, assessment)
    yield "What was wrong", partial(_causes, assessment)
    if scenario.red_herrings:
        yield "What misled", partial(_herrings, assessment)
    if any(state.hotwash.values()) or state.confidence:
        yield "What you said", partial(_hotwash, assessment)
    if attempts:
        yield "Your earlier attempts", partial(_attempts, assessment, attempts)
    yield "", partial(_foot, stored)


def _score(assessment: Assessment, inks: Inks) -> RenderableType:
    marks, ink = assessment.marks, inks.of(assessment.marks.rating)
    head = Text()
    head.append(f"{line(assessment.exercise.system.title)}\n", style=inks.quiet)
    head.append(f"{line(assessment.exercise.scenario.title)}\n\n", style="bold")
    head.append(f" {marks.points} ", style=f"bold reverse {ink}")
    head.append(" of 100   ")
    head.append(f" {marks.rating.name} ", style=f"bold reverse {ink}")
    head.append(f" {marks.rating.words}\n\n")
    reason = _with_titles(assessment.exercise.pack, marks.reason)
    head.append(f"{reason[:1].upper()}{reason[1:]}.\n")
    bars = Table.grid(padding=(0, 2))
    bars.add_column(no_wrap=True, style=inks.quiet)
    bars.add_column(justify="right", no_wrap=True)
    bars.add_column(no_wrap=True)
    for part in marks.components:
        if part.share:
            amount = f"{float(part.earned):.1f} of {float(part.share):g}"
            bars.add_row(Text(part.name), Text(amount), _bar(part.earned / part.share, inks))
    if marks.kept != 1:
        kept = f"{float(marks.kept):.0%} kept"
        bars.add_row(Text("after harm"), Text(kept), _bar(marks.kept, inks))
    return Group(head, bars)


def _bar(share: Fraction, inks: Inks) -> Text:
    full = round(share * BAR)
    bar = Text("━" * full, style=inks.good if share == 1 else inks.fair)
    bar.append("╌" * (BAR - full), style=inks.quiet)
    return bar


def _lines(assessment: Assessment, inks: Inks) -> RenderableType:
    marks = assessment.marks
    if not marks.lines:
        return Text("Nothing was lost.", style=inks.good)
    table = _grid("right", "left", "left", ratio=1)
    for one, lost in zip(marks.lines, tenths([one.lost for one in marks.lines]), strict=True):
        title = line(unmarked(subject_title(assessment, one.kind.value, one.subject)))
        reason = _with_titles(assessment.exercise.pack, one.reason).removeprefix(f"{title}: ")
        what = Text(f"{title}\n" if title else "")
        what.append(reason, style=inks.quiet)
        table.add_row(
            Text(f"-{lost:.1f}", style=inks.bad), Text(one.kind.value, style=inks.quiet), what
        )
    lost = tenths([100 - marks.score])[0]
    table.add_row(
        Text(f"-{lost:.1f}", style="bold"), Text(""),
        Text(f"together: {100 - lost:.1f} of 100, shown without decimals", style="bold"),
    )  # fmt: skip
    return table


def tenths(amounts: Sequence[Fraction]) -> list[float]:
    """Return amounts rounded to tenths, so that the rounded ones add up to their rounded sum."""
    scaled = [amount * 10 for amount in amounts]
    whole = [floor(amount) for amount in scaled]
    spare = floor(sum(scaled) + Fraction(1, 2)) - sum(whole)
    by_rest = sorted(range(len(scaled)), key=lambda n: (whole[n] - scaled[n], n))
    for number in by_rest[:spare]:
        whole[number] += 1
    return [tenth / 10 for tenth in whole]


def _times(assessment: Assessment, inks: Inks) -> RenderableType:
    times = assessment.evidence.times
    table = Table.grid(padding=(0, 3))
    names = ("detect", "acknowledge", "escalate", "mitigate", "resolve")
    for _ in names:
        table.add_column()
    table.add_row(*(Text(f"to {name}", style=inks.quiet) for name in names))
    table.add_row(*(_time(getattr(times, name), inks) for name in names))
    return table


def _time(seconds: int | None, inks: Inks) -> Text:
    return Text("never", style=inks.bad) if seconds is None else Text(duration(seconds), "bold")


def _steps(assessment: Assessment, inks: Inks) -> RenderableType:
    pack = assessment.exercise.pack
    ink = {"proved": inks.good, "missed": inks.bad, "not asked": inks.quiet, OPTIONAL: inks.quiet}
    table = _grid("left", "right", "left", ratio=1)
    for outcome in (as_done(assessment, one) for one in assessment.marks.steps):
        how = _how(outcome)
        title = line(unmarked(pack.step_title(outcome.step)))
        said = Text(title, style=inks.quiet if SIGN.get(how) == "·" else "")
        told = [] if how == "proved" else [HOW[how]]
        if outcome.act is not None:
            told.append(line(act_in_words(assessment, outcome.act)))
        if SIGN.get(how) != "·":
            said.append("\n" + ": ".join(told), style=inks.quiet)
        if outcome.mismatch:
            said.append("\nticked, but the act was not seen", style=inks.poor)
        if outcome.overruled is not None:
            said.append(f"\noverruled: {line(outcome.overruled)}", style=inks.fair)
        at = duration(outcome.at) if outcome.at is not None else ""
        sign = Text(SIGN.get(how, "~"), style=f"bold {ink.get(how, inks.poor)}")
        table.add_row(sign, Text(at), said)
    return Group(table, Text(f"\n{_key(assessment)}", style=inks.quiet))


def _how(outcome: StepOutcome) -> str:
    spared = outcome.how is How.MISSED and not outcome.weight
    return OPTIONAL if spared else outcome.how.value


def _key(assessment: Assessment) -> str:
    hows = {_how(outcome) for outcome in assessment.marks.steps}
    meanings = [("✓ done", {"proved"}), ("✗ missed", {"missed"}),
                ("~ ticked or out of order", {"ticked", "proved elsewhere", "ticked elsewhere"}),
                ("· optional, or another way was taken", {"not asked", OPTIONAL})]  # fmt: skip
    return "   ".join(words for words, which in meanings if which & hows)


def _confusion(assessment: Assessment, inks: Inks) -> RenderableType:
    points, pack = assessment.confusion.confusion_points, assessment.exercise.pack
    if not points:
        return Text("None.")
    parts: list[RenderableType] = []
    for point in points:
        text = Text(f"{line(unmarked(pack.step_title(point.step)))}\n")
        about = f"{duration(point.dwell)} spent, {duration(point.expected)} expected"
        text.append(f"{line(point.step)}, {about}", style=inks.quiet)
        signs = _grid("left", "left", ratio=1)
        for sign in point.signs:
            name = f"  {sign.signal.value}".ljust(WIDEST_SIGNAL + 2)
            signs.add_row(Text(name, style=inks.poor), Text(_with_titles(pack, sign.sentence)))
        parts += [text, signs, Text("")]
    return Group(*parts[:-1])


def _causes(assessment: Assessment, inks: Inks) -> Text:
    scenario = assessment.exercise.scenario
    text = Text()
    for cause in (one for one in scenario.causes if not one.aside):
        text.append(f"{line(cause.title)}\n", style="bold")
        text.append(f"{paragraphs(reflowed(cause.explanation))}\n\n")
    if not scenario.causes:
        text.append("Nothing: this was a false alarm.\n\n")
    if scenario.fixes:
        text.append("What mends it\n", style=inks.quiet)
        text.append("\n".join(f"  {line(fix.title)}" for fix in scenario.fixes))
    text.rstrip()
    return text


def _herrings(assessment: Assessment, inks: Inks) -> Text:
    text, seen = Text(), assessment.evidence.disproved
    for herring in assessment.exercise.scenario.red_herrings:
        text.append(f"{line(reflowed(herring.what))}\n", style="bold")
        for words in (herring.why, herring.disproved):
            text.append(f"{paragraphs(reflowed(words))} ")
        when = seen.get(herring.id)
        if when is None:
            text.append("\nYou did not look at what disproves it.\n\n", style=inks.poor)
        else:
            text.append(f"\nYou saw through it at {duration(when)}.\n\n", style=inks.good)
    text.rstrip()
    return text


def _hotwash(assessment: Assessment, inks: Inks) -> Text:
    state = assessment.exercise.state
    text = Text()
    for answers in state.hotwash.values():
        for name, question in questions(assessment.exercise.scenario):
            if answers.get(name, "").strip():
                text.append(f"{paragraphs(question)}\n", style=inks.quiet)
                text.append(f"{paragraphs(answers[name])}\n\n")
    for sure in state.confidence.values():
        text.append("How sure you would be tonight\n", style=inks.quiet)
        text.append(f"{CONFIDENCE[sure - 1]}\n")
    text.rstrip()
    return text


def _attempts(assessment: Assessment, attempts: Sequence[Summary], inks: Inks) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    own = assessment.opening.hashes.get(f"scenarios/{assessment.opening.scenario}.yaml")
    for one in attempts[:8]:
        difference = assessment.marks.points - (one.score or 0)
        if one.scenario_hash != own:
            note = "another version of the scenario, not to be compared"
        elif abs(difference) < EQUAL:
            note = f"equal: less than {EQUAL} points apart"
        else:
            note = f"{abs(difference)} points {'more' if difference > 0 else 'less'} this time"
        table.add_row(
            Text(line(one.started[:16].replace("T", " ")), style=inks.quiet),
            Text(f"{one.score:>3}", style="bold"),
            Text(line(one.rating or ""), style="bold"),
            Text(note),
        )
    return table


def _foot(stored: Stored, inks: Inks) -> Text:
    version = stored.assessment.marks.scoring_version
    return Text(f"Exercise {stored.exercise_id}, scoring version {version}.", style=inks.quiet)


def _with_titles(pack: Pack, text: str) -> str:
    """Return a sentence in which steps are called by their titles, not by their ids."""
    for name, book in sorted(pack.runbooks.items(), reverse=True):
        for step in sorted(book.steps, key=lambda step: -len(step.id)):
            text = text.replace(f"{name}#{step.id}", f"“{line(unmarked(step.text)).rstrip('.')}”")
    return paragraphs(text)


def _grid(*justified: str, ratio: int) -> Table:
    """Return a table without lines whose last column takes the room that is left."""
    table = Table.grid(padding=(0, 2), expand=True)
    for justify in justified[:-1]:
        table.add_column(justify="right" if justify == "right" else "left", no_wrap=True)
    table.add_column(ratio=ratio)
    return table
