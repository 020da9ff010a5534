"""The line that says what cannot wait, and the key for it. Never in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from simulator.content.roles import title_of
from simulator.exercise.acts import SOLO
from simulator.exercise.wording import wanted
from simulator.tui.panes.alert_rows import firing
from simulator.tui.panes.mine import may, requests_for
from simulator.tui.panes.status_bar import open_decisions
from simulator.tui.panes.wording import at_clock, line, text_of

if TYPE_CHECKING:
    from simulator.exercise.fold import Exercise


NEW = 20
"""Simulated seconds for which an alert that pages nobody is told of here."""


def urgent(exercise: Exercise, seat: str = SOLO, fault: str = "") -> tuple[str, str, str] | None:
    """Return (word, what, key) of the most urgent thing that nobody has answered.

    `fault` says why nothing can be stored at the moment.
    """
    if fault:
        return "AWAY", line(fault), ""
    if exercise.team and exercise.state.paused and not exercise.over:
        return "PAUSED", "The facilitator has stopped the time for everybody.", ""
    for request in requests_for(exercise, seat):
        who = line(exercise.state.seats.get(request.seat, request.seat))
        return (
            "APPROVE",
            f"{who} asks for your word: {line(wanted(request.wants, exercise))}",
            "y answers",
        )
    alerts = [row for row in firing(exercise) if row.acknowledged is None]
    for row in alerts:
        if row.rule.page:
            since = at_clock(exercise, row.since, "%H:%M")
            return "PAGE", f"{line(row.rule.title)}, since {since}", "2 shows alerts"
    for row in alerts:
        if exercise.state.now - row.since < NEW:
            return "FIRING", f"{line(row.rule.title)}, {line(row.rule.product)}", "2 shows alerts"
    for request in exercise.state.requests:
        if request.seat == seat and request.granted is None:
            who = " or ".join(title_of(role, exercise.system.roles) for role in request.of)
            return (
                "WAITS",
                f"for the word of {line(who)}: {line(wanted(request.wants, exercise))}",
                "",
            )
    for name in open_decisions(exercise) if may(exercise, seat, "decisions") else ():
        decision = next((d for d in exercise.scenario.decisions if d.id == name), None)
        if decision is not None:
            return "DECIDE", line(decision.title), "d answers"
    return None


class Banner(Static):
    """One line. It keeps its place while nothing is urgent, so that nothing else ever moves."""

    ALLOW_SELECT = False

    def __init__(self, what: tuple[str, str, str] | None) -> None:
        super().__init__(id="banner", markup=False)
        self._shown: tuple[str, str, str] | None = None
        self.show(what)

    def show(self, what: tuple[str, str, str] | None) -> None:
        """Show what is urgent, or nothing."""
        if what != self._shown:
            self._shown = what
            self.set_class(what is not None, "-urgent")
            self._draw()

    def on_resize(self) -> None:
        """Cut what is said, never the key for it."""
        self._draw()

    def _draw(self) -> None:
        width = self.size.width or 200
        self.update(self._content(self._shown, width) if self._shown else "", layout=False)

    @staticmethod
    def _content(what: tuple[str, str, str], width: int) -> Content:
        word, title, key = what
        room = max(12, width - len(word) - len(key) - 7)
        return text_of((f" {word} ", "bold reverse"), f"  {line(title, room)}   ", (key, "bold"))
