"""What an exercise is worth at a moment, had it ended there: in a line, and in a column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from simulator.assessment.marks import LineKind
from simulator.assessment.outcomes import How
from simulator.tui.panes.runbook_page import unmarked, wrapped
from simulator.tui.panes.wording import line, minutes, text_of
from simulator.tui.panes.words import Words

if TYPE_CHECKING:
    from simulator.assessment import Assessment

_MOST_LINES = 8
_STYLES = {
    "P": "bold $text-success",
    "S": "bold $text-primary",
    "M": "bold $text-warning",
    "U": "bold $text-error",
}


def in_a_line(assessment: Assessment | None, late: str = "") -> str:
    """Return score, rating and steps in one line; `late` says of when they are, if not of now."""
    if assessment is None:
        return "Marking what was done so far"
    marks = assessment.marks
    parts = "  ".join(f"{c.name} {float(c.earned):.0f}/{float(c.share):.0f}"
                      for c in marks.components if c.share)  # fmt: skip
    of = f" at {late}" if late else ""
    return f"So far{of} {marks.points} {marks.rating.name}  {parts}  steps {_steps(assessment)}"


def _steps(assessment: Assessment) -> str:
    steps = assessment.marks.steps
    asked = [step for step in steps if step.weight and step.how is not How.NOT_ASKED]
    return f"{sum(step.done for step in asked)}/{len(asked)}"


class MarksSoFar(Words):
    """Score, rating, components, what is lost and what confused, as of one moment."""

    def __init__(self) -> None:
        super().__init__(id="marks-so-far")

    def show(self, assessment: Assessment | None, at: int) -> None:
        """Show the marks of a second; None while they are not known yet."""
        width = max(12, self.content_size.width)
        heading = text_of(("Had it ended here", "bold $text-accent"))
        if assessment is None:
            self.say(text_of(heading, ("\nMarking what was done so far", "$foreground 60%")))
            return
        marks = assessment.marks
        rows = [
            text_of(heading, (f"  {minutes(at)}", "$foreground 60%")),
            text_of(
                (f"{marks.points} of 100  ", "bold"),
                (marks.rating.name, _STYLES[marks.rating.name]),
                f"  steps {_steps(assessment)}",
            ),
        ]
        rows += [
            text_of(
                (f"{component.name:<10}", "$foreground 60%"),
                f" {float(component.earned):>4.1f} of {float(component.share):.0f}",
            )
            for component in marks.components
            if component.share
        ]
        rows += _lost(assessment, width)
        rows += _confused(assessment, width)
        self.say(Content("\n").join(rows))


def _lost(assessment: Assessment, width: int) -> list[Content]:
    lines = sorted(assessment.marks.lines, key=lambda one: -one.lost)
    rows = [text_of(("\nMissing from 100", "bold $text-accent"))] if lines else []
    for one in lines[:_MOST_LINES]:
        said = _step_title(assessment, one.subject) if one.kind is LineKind.STEP else one.reason
        rows.append(text_of((f"-{float(one.lost):>4.1f} ", "bold"), line(said, width - 6)))
    if len(lines) > _MOST_LINES:
        rows.append(text_of((f"and {len(lines) - _MOST_LINES} more", "$foreground 60%")))
    return rows


def _confused(assessment: Assessment, width: int) -> list[Content]:
    points = assessment.confusion.confusion_points
    rows = [text_of(("\nConfusion so far", "bold $text-accent"))] if points else []
    for one in points[:_MOST_LINES]:
        title = _step_title(assessment, one.step)
        rows += [text_of((f"? {row}" if not n else f"  {row}", ""))
                 for n, row in enumerate(wrapped(title, width - 3, 0))]  # fmt: skip
    return rows


def _step_title(assessment: Assessment, step: str) -> str:
    found = assessment.exercise.pack.step(step)
    title = line(unmarked(found.text)).rstrip(".") if found else line(step)
    return title if cell_len(title) else line(step)
