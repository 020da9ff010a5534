"""The result in a few lines of plain text, for a terminal."""

from __future__ import annotations

from simulator.assessment import Assessment
from simulator.review.figures import subject_title
from simulator.review.wording import duration as duration


def result_text(assessment: Assessment) -> str:
    """Return score, rating, times, lines and confusion points as a short text."""
    marks, times = assessment.marks, assessment.evidence.times
    rating = marks.rating.name
    lines = [
        f"{assessment.exercise.scenario.title}: {marks.points} of 100, "
        f"{rating} ({marks.rating.words}): {marks.reason}",
        "  " + ", ".join(
            f"{name} {duration(getattr(times, name))}"
            for name in ("detect", "acknowledge", "escalate", "mitigate", "resolve")
        ),
    ]  # fmt: skip
    for line in marks.lines:
        title = subject_title(assessment, line.kind.value, line.subject)
        lines.append(f"  -{float(line.lost):5.1f}  {line.kind.value}: {title}: {line.reason}")
    for point in assessment.confusion.confusion_points:
        signals = ", ".join(sign.signal.value for sign in point.signs)
        lines.append(f"  confusion: {point.step}: {signals}")
    return "\n".join(lines)
