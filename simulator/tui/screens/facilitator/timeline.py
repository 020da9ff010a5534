"""Pane 2: the timeline of injects, what came of each, and what a facilitator does with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from simulator.session.facilitation import InjectStatus, TimelineRow, next_inject, timeline
from simulator.tui.panes.wording import at_clock, lasted, line, name_of, paragraphs, text_of
from simulator.tui.screens.facilitator import asking
from simulator.tui.screens.facilitator.page import (
    MUTED,
    ActWanted,
    FormAsked,
    ListPage,
    Row,
    joined,
    shown,
)

if TYPE_CHECKING:
    from simulator.exercise.fold import Exercise

_STYLES: dict[InjectStatus, str] = {
    "delivered": "$text-success",
    "not sent": MUTED,
    "due": "bold",
    "waiting": "$text-accent",
    "left out": "$text-warning",
}


class TimelinePage(ListPage):
    """The injects in the order of time, and the chosen one whole."""

    NAME, TITLE = "timeline", "Timeline"
    NOTHING = "This scenario has no injects. w writes one on the spot."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "fire", "Send now", tooltip="Send the chosen inject now"),
        Binding("z", "postpone", "Postpone", tooltip="Let the chosen inject come later"),
        Binding("u", "edit", "Edit", tooltip="Change what the chosen inject says"),
        Binding("l", "withhold", "Leave out", tooltip="Leave the chosen inject out, or take it in"),
        *shown(("w", "write", "Write")),
    ]

    def rows(self) -> list[Row]:
        """Return the injects."""
        exercise = self.desk.exercise
        return [(row.inject, timeline_row(exercise, row)) for row in timeline(exercise)]

    def detail(self, name: str) -> Content:
        """Return an inject whole."""
        row = self._row(name)
        return timeline_detail(self.desk.exercise, row) if row is not None else Content("")

    def first(self) -> str:
        """Return the inject that comes next."""
        row = next_inject(self.desk.exercise)
        return row.inject if row is not None else ""

    def _row(self, name: str) -> TimelineRow | None:
        return next((row for row in timeline(self.desk.exercise) if row.inject == name), None)

    def allows(self, action: str) -> bool:
        """Evaluators look on; after the end nothing is sent any more."""
        return self.desk.leads and not self.desk.exercise.over

    def action_fire(self) -> None:
        """Send the chosen inject now."""
        if self.chosen:
            self.post_message(ActWanted("fire", inject=self.chosen))

    def action_postpone(self) -> None:
        """Let the chosen inject come later."""
        row = self._row(self.chosen)
        if row is not None:
            self.post_message(FormAsked(asking.postpone(self.desk, row)))

    def action_edit(self) -> None:
        """Change what the chosen inject says."""
        row = self._row(self.chosen)
        if row is not None:
            self.post_message(FormAsked(asking.edit(self.desk, row)))

    def action_withhold(self) -> None:
        """Leave the chosen inject out, or take it back in."""
        if self.chosen:
            left_out = self.chosen in self.desk.exercise.state.withheld
            self.post_message(ActWanted("withhold", inject=self.chosen, withheld=not left_out))


def timeline_row(exercise: Exercise, row: TimelineRow) -> Content:
    """Return an inject in a line; c: contingent, +: postponed, e: edited, w: written now."""
    when = at_clock(exercise, row.at) if row.at is not None else "--:--:--"
    signs = (("c", row.contingent), ("+", bool(row.postponed)), ("e", row.edited),
             ("w", row.written))  # fmt: skip
    marks = "".join(sign for sign, so in signs if so)
    faint = MUTED if row.status in ("not sent", "left out") else ""
    return text_of(
        (f"{when} ", MUTED), (f"{row.status:<10}", _STYLES[row.status]),
        (f"{marks:<3}", "$text-accent"), (f"{name_of(exercise, row.sender)}: ", faint or "bold"),
        (line(row.text, 400), faint),
    )  # fmt: skip


def timeline_detail(exercise: Exercise, row: TimelineRow) -> Content:
    """Return an inject whole: what it hangs on, what has been done to it, what it says."""
    channel = next((c.title for c in exercise.system.channels if c.id == row.channel), row.channel)
    pieces = [text_of((name_of(exercise, row.sender), "bold"), f" to {line(channel)}",
                      (f"   {line(row.inject)}", MUTED))]  # fmt: skip
    done = [
        said
        for said, so in (
            ("contingent: it comes because something was not done", row.contingent),
            (f"{_moved(row.postponed)} by {lasted(abs(row.postponed))}", bool(row.postponed)),
            ("in your words", row.edited and not row.written),
            ("written on the spot", row.written),
        )
        if so
    ]
    if done:
        pieces.append(text_of(("; ".join(done), "$text-accent")))
    if row.condition:
        now = {True: "   so now", False: "   not so now", None: ""}[row.holds]
        style = "$text-success" if row.holds else "$text-warning"
        pieces.append(text_of(("when ", "bold"), line(row.condition), (now, style)))
    if row.expects:
        steps = (line(exercise.pack.step_title(step), 70) for step in row.expects)
        titles = "; ".join(title.removesuffix(".") for title in steps)
        pieces.append(text_of(("expects ", "bold"), titles))
    pieces.append(text_of(paragraphs(row.text)))
    return joined(pieces)


def _moved(seconds: int) -> str:
    return "postponed" if seconds > 0 else "brought forward"
