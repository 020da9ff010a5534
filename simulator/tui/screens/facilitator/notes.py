"""Pane 7: observations, what confused people, hints and solutions as they were given."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content

from simulator.content.prose import reflowed
from simulator.tui.panes.wording import at_clock, line, paragraphs, text_of
from simulator.tui.screens.facilitator.page import MUTED, TITLE, TextPage, joined, shown

if TYPE_CHECKING:
    from simulator.exercise.fold import Exercise

_KINDS = {
    "strength": ("+ strength  ", "$text-success"),
    "improvement": ("- improve   ", "$text-warning"),
    "note": ("  note      ", MUTED),
}


class NotesPage(TextPage):
    """What was seen, each tied to its moment; participants do not see it during play."""

    NAME, TITLE = "notes", "Notes"
    BINDINGS: ClassVar[list[BindingType]] = [*shown(("n", "note", "Note"))]

    def text(self) -> Content:
        """Return the notes, the flags and the help that was given."""
        exercise = self.desk.exercise
        rows = [text_of(("Observations", TITLE)), *_observations(exercise)]
        rows += [Content(""), text_of(("Confused", TITLE)), *_flags(exercise)]
        rows += [Content(""), text_of(("Hints and solutions", TITLE)), *_help(exercise)]
        return joined(rows)


def about(exercise: Exercise, subject: str) -> str:
    """Return the title of a step or an objective."""
    objectives = {one.id: reflowed(one.text) for one in exercise.scenario.objectives}
    return line(objectives.get(subject) or exercise.pack.step_title(subject), 70)


def _observations(exercise: Exercise) -> list[Content]:
    rows = []
    for note in exercise.state.notes:
        who = line(exercise.state.seats.get(note.seat, note.seat), 20)
        on = f", on: {about(exercise, note.about)}" if note.about else ""
        rows.append(
            text_of(
                (f"{at_clock(exercise, note.at)}  ", MUTED), _KINDS[note.kind],
                paragraphs(note.text), (f"   {who}{on}", MUTED),
            )
        )  # fmt: skip
    return rows or [text_of(("None yet: n writes one.", MUTED))]


def _flags(exercise: Exercise) -> list[Content]:
    rows = []
    for flag in exercise.state.flags:
        who = line(exercise.state.seats.get(flag.seat, flag.seat), 20)
        rows.append(
            text_of(
                (f"{at_clock(exercise, flag.at)}  ", MUTED), (f"{who}: ", "bold"),
                about(exercise, flag.step), (f"   {line(flag.note)}" if flag.note else "", TITLE),
            )
        )  # fmt: skip
    return rows or [text_of(("Nobody has said so.", MUTED))]


def _help(exercise: Exercise) -> list[Content]:
    state = exercise.state
    given = [(hint.at, f"hint {hint.strength} for: {about(exercise, hint.step)}")
             for hint in state.hints if hint.step]  # fmt: skip
    given += [
        (at, f"solution of: {about(exercise, step) if step else 'everything'}")
        for at, step in state.revealed
    ]
    rows = [text_of((f"{at_clock(exercise, at)}  ", MUTED), said) for at, said in sorted(given)]
    return rows or [text_of(("None so far.", MUTED))]
