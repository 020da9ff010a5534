"""Pane 4: who is here, in which role, what each looks at and did last; the codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from simulator.content.roles import kind_of, title_of
from simulator.exercise.acts import Join
from simulator.exercise.wording import deed
from simulator.session.facilitation import last_of_each, newest
from simulator.tui.panes.wording import lasted, line, text_of
from simulator.tui.screens.facilitator import asking
from simulator.tui.screens.facilitator.codes import code_rows
from simulator.tui.screens.facilitator.page import (
    MUTED,
    TITLE,
    FormAsked,
    ListPage,
    Row,
    column,
    joined,
)

if TYPE_CHECKING:
    from simulator.exercise.acts import AnyAct
    from simulator.session.seat import SeatDrill


class PeoplePage(ListPage):
    """The roster, and the chosen person with all codes."""

    NAME, TITLE = "people", "People"
    NOTHING = "Nobody has joined yet."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("g", "hand_over", "Change roles", tooltip="Let the chosen person change roles"),
        Binding("b", "new_code", "New code", tooltip="Make a new code for a role"),
        Binding("m", "show_out", "Show out", tooltip="Close the chosen person's seat"),
    ]

    def rows(self) -> list[Row]:
        """Return everybody who has joined."""
        drill = self.desk.drill
        last = last_of_each(drill.bodies)
        return [
            (str(one["seat"]), person_row(drill, one, last.get(str(one["seat"]))))
            for one in drill.people
        ]

    def detail(self, name: str) -> Content:
        """Return what somebody did last, and the codes for whoever is to come."""
        one = self._person(name)
        rows = person_rows(self.desk.drill, one) if one is not None else []
        codes = code_rows(self.desk)
        return joined([*rows, Content(""), *codes] if codes else rows)

    def _person(self, seat: str) -> Mapping[str, Any] | None:
        return next((one for one in self.desk.drill.people if one["seat"] == seat), None)

    def allows(self, action: str) -> bool:
        """Evaluators look on."""
        return self.desk.leads

    def action_hand_over(self) -> None:
        """Let the chosen person change roles with somebody."""
        if self.chosen:
            self.post_message(FormAsked(asking.hand_over(self.desk, self.chosen)))

    def action_new_code(self) -> None:
        """Make a new code; the role of the chosen person is offered first."""
        role = self.desk.exercise.state.roles.get(self.chosen, "participant")
        self.post_message(FormAsked(asking.new_code(self.desk, role)))

    def action_show_out(self) -> None:
        """Close the chosen person's seat."""
        if self.chosen:
            self.post_message(FormAsked(asking.show_out(self.desk, self.chosen)))


def person_row(drill: SeatDrill, one: Mapping[str, Any], last: AnyAct | None) -> Content:
    """Return somebody in a line: here, ready or out of step, who, at which pane, what they did."""
    exercise = drill.exercise
    here = ("here  ", "$text-success") if one.get("here") else ("away  ", "$text-error")
    if not one.get("known", True):  # perhaps at another host of the exercise
        here = ("away? ", MUTED)
    sign, style = "", "$text-success"
    if not one.get("in_step", True):
        sign, style = "LAGS", "bold $text-error"
    elif not exercise.state.started and kind_of(str(one["role"])) == "participant":
        ready = one["seat"] in exercise.state.ready
        sign, style = ("ready", "$text-success") if ready else ("not yet", MUTED)
    did = deed(last, exercise) if last is not None and not isinstance(last, Join) else ""
    return text_of(
        here, (f"{sign:<8}", style), (column(str(one["name"]), 16), "bold"),
        column(title_of(str(one["role"]), exercise.system.roles), 20),
        (column(str(one.get("looking", "")), 12), MUTED), line(did, 200),
    )  # fmt: skip


def person_rows(drill: SeatDrill, one: Mapping[str, Any]) -> list[Content]:
    """Return somebody whole: what they did last, when, whether their console is in step."""
    exercise, state = drill.exercise, drill.exercise.state
    seat = str(one["seat"])
    you = "   this is you" if seat == drill.seat else ""
    rows = [text_of((line(str(one["name"])), "bold"), (f"   {line(seat)}{you}", MUTED))]
    acts = newest(drill.bodies, 1, seat)
    if acts:
        ago = lasted(state.now - acts[0].at)
        rows.append(text_of((f"{ago} ago ", MUTED), line(deed(acts[0], exercise), 200)))
    if not one.get("in_step", True):
        rows.append(text_of(("This console shows something else than the host has. ",
                             "bold $text-error"), "Let them reload it."))  # fmt: skip
    flags = [flag for flag in state.flags if flag.seat == seat]
    if flags:
        title = line(exercise.pack.step_title(flags[-1].step), 60)
        rows.append(text_of(("confused by ", "$text-warning"), title))
    waits = [request for request in state.requests if request.seat == seat and not request.done]
    if waits and waits[-1].granted is None:
        rows.append(text_of(("waits for a second person's word", TITLE)))
    return rows
