"""The hot wash of a team: everybody answers on their own screen, with or without a name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from simulator.session.seat import SeatDrill
from simulator.tui.screens.hotwash import HotWashScreen
from simulator.tui.widgets.ticks import Tick


class TeamHotWashScreen(HotWashScreen):
    """Answer a few questions; the facilitator leads on from there."""

    ONWARD = "Send my answers"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "submit", "Send my answers", priority=True),
    ]
    HELP = (
        "Play is over. Say what went well and what confused you while it is fresh.\n"
        "Every answer can be left empty, and you may answer without your name.\n"
        "Tab and Shift+Tab go from one answer to the next, Ctrl+S sends them."
    )

    def __init__(
        self,
        drill: SeatDrill,
        keep: Callable[[dict[str, str], int | None, bool], Awaitable[None]],
    ) -> None:
        super().__init__(drill, self._pass_on)
        self._send = keep

    def further(self) -> ComposeResult:
        """Ask whether the answers carry a name."""
        yield Tick("without my name", id="nameless", compact=True)

    async def _pass_on(self, answers: dict[str, str], sure: int | None) -> None:
        await self._send(answers, sure, self.query_one("#nameless", Tick).value)
