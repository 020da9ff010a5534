"""The result of a team, on everybody's screen once the facilitator shows it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import SystemCommand
from textual.binding import Binding, BindingType

from simulator.session.running import Stored
from simulator.tui.screens.palette import offer
from simulator.tui.screens.result import ResultScreen

if TYPE_CHECKING:
    from simulator.session.seat import SeatDrill


class TeamResultScreen(ResultScreen):
    """Score, rating and steps of the team; nobody is ranked."""

    HELP = (
        "The lines add up to exactly what is missing from 100. It is the team's result.\n"
        "Arrow keys and Page Down scroll, Ctrl+Q leaves."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "section(1)", "Next section"),
    ]

    def __init__(self, drill: SeatDrill) -> None:
        self._drill = drill
        super().__init__(None, drill.exercise_id)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is no way back to scenarios, and no folder to write to."""
        return action not in ("write", "again", "back", "replay")

    @work(thread=True, group="result")
    def _load(self) -> None:
        from simulator.assessment import assess

        stored = Stored(self._drill.exercise_id, assess(self._drill.acts()))
        self.app.call_from_thread(self._show, stored, [])

    def palette_commands(self) -> Iterable[SystemCommand]:
        """Offer every section."""
        yield offer("Next section", "Go there", lambda: self.action_section(1))
