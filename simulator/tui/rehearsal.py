"""The screens that people meet first, shown once to nobody.

What Python and Textual find out at their first run (specialised code, parsed styles, measured
texts) is then there in every console that is forked from this process.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from simulator.tui.base_app import BaseApp
from simulator.tui.screens.drill import DrillScreen
from simulator.tui.screens.lobby import LobbyScreen

if TYPE_CHECKING:
    from simulator.session.seat import SeatDrill

LONG_ENOUGH = 0.3
"""Seconds in which each screen is painted, and painted again."""


class Rehearsal(BaseApp):
    """An application that shows its screens in turn, and ends."""

    def __init__(self, drill: SeatDrill) -> None:
        super().__init__("tabletop-dark")
        self._drill = drill

    def on_mount(self) -> None:
        """Begin."""
        self.run_worker(self._show_all())

    async def _show_all(self) -> None:
        for screen in (LobbyScreen(self._drill), DrillScreen(self._drill, _unheard)):
            self.switch_to(screen)
            await asyncio.sleep(LONG_ENOUGH)
        self.exit()


def _unheard(_: Any) -> None:
    pass
