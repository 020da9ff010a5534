"""Dialogs between the people of a team: a second person's word, and handing over a role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from simulator.content.roles import kind_of
from simulator.exercise.powers import role_title
from simulator.exercise.wording import wanted
from simulator.tui.dialogs.dialog import Dialog, Propose
from simulator.tui.panes.wording import at_clock, line, paragraphs, text_of
from simulator.tui.panes.words import Words

if TYPE_CHECKING:
    from simulator.exercise.fold import Exercise
    from simulator.exercise.state import Request


class ApprovalDialog(Dialog):
    """Somebody needs your word before it is done."""

    HEADING = "Your word is needed"
    FOOT = "Enter answers, Escape leaves it open."

    def __init__(self, exercise: Exercise, request: Request, propose: Propose) -> None:
        super().__init__(propose)
        self._exercise, self._request = exercise, request

    def body(self) -> ComposeResult:
        """Say who wants what, and ask for yes or no."""
        request = self._request
        who = line(self._exercise.state.seats.get(request.seat, request.seat))
        role = line(role_title(self._exercise, request.seat))
        yield Words(
            text_of(
                (f"{who}, {role}", "bold"), f", at {at_clock(self._exercise, request.at)}:\n\n",
                paragraphs(wanted(request.wants, self._exercise)),
            ),
            classes="about",
        )  # fmt: skip
        yield OptionList(
            Option(text_of(("Yes, do it\n", "bold"), "It is done at once.\n")),
            Option(text_of(("No\n", "bold"), "Nothing happens; say why below if you like.\n")),
            id="choices", markup=False, compact=True,
        )  # fmt: skip
        yield Input(id="note", placeholder="a reason, if you like", compact=True)

    @on(OptionList.OptionSelected, "#choices")
    @on(Input.Submitted, "#note")
    def _answered(self) -> None:
        reason = self.query_one("#note", Input).value.strip()
        granted = self.query_one("#choices", OptionList).highlighted == 0
        self.propose("approve", request=self._request.number, granted=granted, reason=reason)


class HandOverDialog(Dialog):
    """Change roles with somebody."""

    HEADING = "Hand over your role"
    FOOT = "Enter hands over, Escape closes. You take the role that the other one had."

    def __init__(self, exercise: Exercise, seat: str, propose: Propose) -> None:
        super().__init__(propose)
        self._exercise, self._seat = exercise, seat
        staff = kind_of(exercise.state.roles.get(seat, "")) != "participant"
        self._others = [
            other
            for other, role in exercise.state.roles.items()
            if other != seat
            and other not in exercise.state.dismissed
            and (staff or kind_of(role) == "participant")
        ]

    def body(self) -> ComposeResult:
        """List the others."""
        yield Words(f"You are: {line(role_title(self._exercise, self._seat))}", classes="about")
        if not self._others:
            yield Words("Nobody else has joined.")
            return
        choices = OptionList(id="choices", markup=False, compact=True)
        for other in self._others:
            name = line(self._exercise.state.seats.get(other, other))
            role = line(role_title(self._exercise, other))
            choices.add_option(Option(text_of((name, "bold"), f"  {role}")))
        yield choices

    @on(OptionList.OptionSelected, "#choices")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.propose("hand-over", giver=self._seat, to=self._others[event.option_index])
