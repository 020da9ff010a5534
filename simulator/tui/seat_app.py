"""The application of one seat in a team's exercise: which screen, by role and by moment."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from simulator.content.roles import kind_of
from simulator.exercise.powers import role_title
from simulator.session.seat import SeatDrill
from simulator.tui.base_app import BaseApp
from simulator.tui.panes.wording import line

if TYPE_CHECKING:
    from textual._path import CSSPathType

Order = Callable[[str, Mapping[str, Any]], Awaitable[Any]]
"""Asks the host for something that is no act, such as the codes; returns its reply."""


class SeatApp(BaseApp):
    """A console that somebody reached by a code."""

    CSS_PATH: ClassVar[CSSPathType | None] = [
        "app.tcss",
        "screens/lobby.tcss",
        "screens/drill.tcss",
    ]

    def __init__(
        self,
        drills: Sequence[SeatDrill],
        order: Order,
        leave: Callable[[str], None],
        theme: str = "",
    ) -> None:
        """Show the first of these exercises; a facilitator's console shows all of them.

        `leave` lets go of the seat, with last words for the person.
        """
        super().__init__(theme)
        self.drills = list(drills)
        self.order = order
        self._let_go = leave
        self._shown = self._role = ""

    @property
    def drill(self) -> SeatDrill:
        """The exercise that this seat joined."""
        return self.drills[0]

    def on_mount(self) -> None:
        """Show what there is to show, and follow what changes that."""
        for drill in self.drills:
            drill.listeners.append(self._look)
        self._look()

    def add(self, drill: SeatDrill) -> None:
        """Take in another exercise, of a further team."""
        drill.listeners.append(self._look)
        self.drills.append(drill)  # the console sees it there

    def _look(self) -> None:
        """Show the screen that fits the role and the moment, where it is not shown yet."""
        self._let_go_of_teams()
        wanted = self._wanted()
        if wanted != self._shown:
            self._shown = wanted
            self._show(wanted.partition(" ")[0])
        role = role_title(self.drill.exercise, self.drill.seat)
        if role != self._role:
            if self._role:
                self.notify(f"You are now: {line(role)}.", title="YOUR ROLE", markup=False)
            self._role = role

    def _let_go_of_teams(self) -> None:
        """Keep the teams that this seat still facilitates, after it was handed over in others."""
        kept = [one for one in self.drills if kind_of(one.role) in ("facilitator", "evaluator")]
        if kept and len(kept) < len(self.drills):
            self.drills[:] = kept

    def _wanted(self) -> str:
        state, role = self.drill.exercise.state, self.drill.role
        if kind_of(role) in ("facilitator", "evaluator"):
            return f"facilitator {role}"
        if not state.started:
            return f"lobby {role}"
        if not self.drill.exercise.over:
            return f"drill {role}"
        if state.closed:
            return "result"
        if not self._washed:  # what somebody is writing is not taken away
            return "hotwash"
        return "result" if "result" in state.shared else "answers"

    @property
    def _washed(self) -> bool:
        """Whether this console has answered the hot wash, or is not asked."""
        return self._answered or kind_of(self.drill.role) == "observer"

    _answered = False

    def _show(self, what: str) -> None:
        match what:
            case "facilitator":
                from simulator.tui.screens.facilitator import FacilitatorScreen

                self.switch_to(FacilitatorScreen(self.drills, self.order, self.drill.seat))
            case "lobby":
                from simulator.tui.screens.lobby import LobbyScreen

                self.switch_to(LobbyScreen(self.drill))
            case "drill":
                from simulator.tui.screens.drill import DrillScreen

                self.switch_to(DrillScreen(self.drill, lambda _: self._look()))
            case "hotwash":
                from simulator.tui.screens.team_hotwash import TeamHotWashScreen

                self.switch_to(TeamHotWashScreen(self.drill, self._keep))
            case "answers":
                from simulator.tui.screens.answers import AnswersScreen

                self.switch_to(AnswersScreen(self.drill))
            case "result":
                from simulator.tui.screens.team_result import TeamResultScreen

                self.switch_to(TeamResultScreen(self.drill))

    async def _keep(self, answers: dict[str, str], sure: int | None, nameless: bool) -> None:
        """Keep what somebody answered in the hot wash, and go on."""
        await self.drill.take("hotwash", answers=answers, confidence=sure, anonymous=nameless)
        self._answered = True
        self._look()

    async def action_quit(self) -> None:
        """Leave. The seat is kept for whoever comes back to it."""
        who = line(self.drill.exercise.state.seats.get(self.drill.seat, ""))
        title = line(role_title(self.drill.exercise, self.drill.seat))
        self._let_go(f"You have left as {who}, {title}. The exercise goes on without you.")
        self.exit()
