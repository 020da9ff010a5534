"""The sections of the result, as plain renderables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from simulator.assessment import Assessment
from simulator.content.prose import reflowed
from simulator.review.figures import act_in_words, subject_title
from simulator.review.text import duration

if TYPE_CHECKING:
    from simulator.journal import Summary
    from simulator.session.running import Stored

Section = tuple[str, RenderableType]

HOW = {
    "proved": "done",
    "ticked": "ticked only",
    "proved elsewhere": "out of order",
    "ticked elsewhere": "ticked, out of order",
    "missed": "missed",
    "not asked": "other way taken",
}
SIGN = {"proved": "+", "not asked": " ", "missed": "x"}


def sections(stored: Stored, attempts: list[Summary]) -> Iterator[Section]:
    """Yield heading and body of each section, from the score to the debrief."""
    assessment = stored.assessment
    yield "", _score(assessment)
    yield "Where the points went", _lines(assessment)
    yield "Times, from the moment production first left its baseline", _times(assessment)
    yield "Steps", _steps(assessment)
    yield "Confusion points", _confusion(assessment)
    yield "What was wrong", _causes(assessment)
    yield "What misled", _herrings(assessment)
    if attempts:
        yield "Your earlier attempts", _attempts(assessment, attempts)
    yield "", Text(f"Exercise {stored.exercise_id}. w writes the report.", style="dim")


def _score(assessment: Assessment) -> Text:
    marks = assessment.marks
    text = Text()
    text.append(f"{assessment.exercise.scenario.title}\n", style="bold")
    text.append(f"\n  {marks.points} ", style="bold reverse")
    text.append(" of 100    ")
    text.append(f" {marks.rating.name} ", style="bold reverse")
    text.append(f" {marks.rating.words}\n\n")
    text.append(f"{marks.reason[:1].upper()}{marks.reason[1:]}.\n")
    parts = [f"{part.name} {float(part.earned):.1f} of {float(part.share):g}"
             for part in marks.components if part.share]  # fmt: skip
    text.append(", ".join(parts) + "; ")
    text.append(f"after harm, {float(marks.kept):.0%} of that is kept.", style="dim")
    return text


def _lines(assessment: Assessment) -> RenderableType:
    if not assessment.marks.lines:
        return Text("Nothing was lost.")
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True, style="dim")
    table.add_column(ratio=1)
    for line in assessment.marks.lines:
        title = subject_title(assessment, line.kind.value, line.subject)
        what = Text(f"{title}\n")
        what.append(line.reason, style="dim")
        table.add_row(Text(f"-{float(line.lost):.1f}"), Text(line.kind.value), what)
    total = float(100 - assessment.marks.score)
    table.add_row(Text(f"-{total:.1f}", style="bold"), Text(""), Text("together", style="bold"))
    return table


def _times(assessment: Assessment) -> RenderableType:
    times = assessment.evidence.times
    table = Table.grid(padding=(0, 3))
    for _ in range(5):
        table.add_column(justify="left")
    names = ("detect", "acknowledge", "escalate", "mitigate", "resolve")
    table.add_row(*(Text(f"to {name}", style="dim") for name in names))
    table.add_row(*(Text(duration(getattr(times, name)), style="bold") for name in names))
    return table


def _steps(assessment: Assessment) -> RenderableType:
    pack = assessment.exercise.pack
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    for outcome in assessment.marks.steps:
        how = outcome.how.value
        said = Text(pack.step_title(outcome.step))
        if outcome.act is not None:
            said.append(f"\n{act_in_words(assessment, outcome.act)}", style="dim")
        if outcome.mismatch:
            said.append("\nticked, but the act was not seen", style="italic")
        at = duration(outcome.at) if outcome.at is not None else ""
        style = "dim" if how == "not asked" else ""
        table.add_row(
            Text(SIGN.get(how, "~"), style="bold"), Text(at), Text(HOW[how], style=style), said
        )
    return table


def _confusion(assessment: Assessment) -> RenderableType:
    points, pack = assessment.confusion.confusion_points, assessment.exercise.pack
    if not points:
        return Text("None.")
    parts: list[RenderableType] = []
    for point in points:
        text = Text(pack.step_title(point.step))
        text.append(f"\n  {point.step}, {duration(point.dwell)} spent, ", style="dim")
        text.append(f"{duration(point.expected)} expected\n", style="dim")
        for sign in point.signs:
            text.append(f"  - {sign.signal.value}: {sign.sentence}\n")
        parts.append(text)
    return Group(*parts)


def _causes(assessment: Assessment) -> Text:
    text = Text()
    for cause in assessment.exercise.scenario.causes:
        text.append(f"{cause.title}\n", style="bold")
        text.append(reflowed(cause.explanation) + "\n")
    text.append("Ways to heal it: ", style="dim")
    text.append("; ".join(fix.title for fix in assessment.exercise.scenario.fixes) + ".")
    return text


def _herrings(assessment: Assessment) -> Text:
    text = Text()
    seen = assessment.evidence.disproved
    for herring in assessment.exercise.scenario.red_herrings:
        text.append(f"{reflowed(herring.what)}\n", style="bold")
        text.append(f"{reflowed(herring.why)} {reflowed(herring.disproved)}\n")
        when = seen.get(herring.id)
        said = f"You saw through it at {duration(when)}." if when is not None else (
            "You did not look at what disproves it."
        )  # fmt: skip
        text.append(f"{said}\n\n", style="dim")
    text.rstrip()
    return text


def _attempts(assessment: Assessment, attempts: list[Summary]) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    own = assessment.opening.hashes.get(f"scenarios/{assessment.opening.scenario}.yaml")
    for one in attempts[:8]:
        if one.scenario_hash != own:
            note = "another version of the scenario, not to be compared"
        elif one.score is not None and abs(one.score - assessment.marks.points) < 5:
            note = "equal: less than 5 points apart"
        elif one.score is not None and one.score < assessment.marks.points:
            note = "this one is better"
        else:
            note = "that one was better"
        table.add_row(
            Text(one.started[:16].replace("T", " ")),
            Text(str(one.score), style="bold"),
            Text(one.rating or ""),
            Text(note, style="dim"),
        )
    return table
