"""What is said to a seat by others, and must be seen whatever pane is open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from simulator.content.roles import kind_of
from simulator.exercise.wording import wanted
from simulator.tui.panes.wording import paragraphs

if TYPE_CHECKING:
    from simulator.exercise.fold import Exercise
    from simulator.exercise.state import Request

Said = tuple[str, str, Literal["information", "warning"]]
"""A title, the words, and how they are to be taken."""


class News:
    """Help that the facilitator gives, and what came of this seat's requests, once each."""

    def __init__(self, exercise: Exercise, seat: str) -> None:
        self._exercise, self._seat = exercise, seat
        self._heard = len(exercise.state.messages)
        self._answers = {one.number for one in self._answered()}

    def new(self) -> list[Said]:
        """Return what has been said since this was asked last."""
        state = self._exercise.state
        new, self._heard = state.messages[self._heard :], len(state.messages)
        found: list[Said] = [
            ("FROM THE FACILITATOR", paragraphs(message.text), "information")
            for message in new
            if kind_of(state.roles.get(message.sender, "")) == "facilitator"
        ]
        for request in self._answered():
            if request.number not in self._answers:
                self._answers.add(request.number)
                found.append(self._answer(request))
        return found

    def _answered(self) -> Iterator[Request]:
        requests = self._exercise.state.requests
        return (one for one in requests if one.seat == self._seat and one.granted is not None)

    def _answer(self, request: Request) -> Said:
        who = self._exercise.state.seats.get(request.answered_by, request.answered_by)
        said = "approves" if request.granted else "refuses"
        words = f"{who} {said}: {wanted(request.wants, self._exercise)}"
        words += f"\n\n{request.reason}" if request.reason else ""
        return "YOUR REQUEST", paragraphs(words), "information" if request.granted else "warning"
