"""Pane 5: what is really going on, and what would heal it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from simulator.content.prose import reflowed
from simulator.session.facilitation import Truth, changed, recovery, truths
from simulator.tui.panes.wording import at_clock, lasted, line, paragraphs, text_of
from simulator.tui.screens.facilitator.page import MUTED, TITLE, TextPage, joined

if TYPE_CHECKING:
    from simulator.exercise.fold import Exercise


class TruthPage(TextPage):
    """The ground truth, which participants must not see."""

    NAME, TITLE = "truth", "Truth"

    def text(self) -> Content:
        """Return the ground truth."""
        exercise = self.desk.exercise
        rows = [text_of(("Recovered when", TITLE)), *recovery_rows(exercise), Content("")]
        rows.append(text_of(("What heals it", TITLE)))
        rows += [text_of(f"- {line(fix.title)}") for fix in exercise.scenario.fixes]
        rows += [Content(""), text_of(("Hidden causes", TITLE))]
        for one in truths(exercise):
            rows += cause_rows(exercise, one)
        rows.append(text_of(("Changed since T+0", TITLE)))
        differs = changed(exercise)
        rows += [text_of((line(name), "bold"), f"  {line(now)}", (f"  was {line(then)}", MUTED))
                 for name, now, then in differs]  # fmt: skip
        if not differs:
            rows.append(text_of(("Nothing.", MUTED)))
        if exercise.scenario.red_herrings:
            rows += [Content(""), text_of(("Red herrings", TITLE))]
        for herring in exercise.scenario.red_herrings:
            rows.append(text_of((line(reflowed(herring.what)), "bold")))
            rows.append(text_of(f"  {line(reflowed(herring.disproved))}"))
        return joined(rows)


def recovery_rows(exercise: Exercise) -> list[Content]:
    """Return what recovery asks, and whether it is so."""
    found = recovery(exercise)
    if found.since is not None:
        now = (f"It is so, since {at_clock(exercise, found.since)}.", "$text-success")
    elif found.holds:
        now = ("It is so now, not yet for long enough.", "$text-warning")
    else:
        now = ("It is not so now.", "$text-error")
    return [text_of(line(found.condition)), text_of(now)]


def cause_rows(exercise: Exercise, one: Truth) -> list[Content]:
    """Return a hidden cause: since when, and its explanation."""
    now = exercise.state.now
    if one.since is None:
        when = "not in force"
    elif one.until is not None:
        when = f"over since {at_clock(exercise, one.until)}"
    else:
        when = f"since {at_clock(exercise, one.since)}, for {lasted(now - one.since)}"
    aside = "; beside the incident" if one.aside else ""
    return [
        text_of((line(one.title), "bold")),
        text_of((f"{when}{aside}", MUTED)),
        text_of(f"{paragraphs(reflowed(one.explanation))}\n"),
    ]
