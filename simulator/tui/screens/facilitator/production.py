"""Production as participants see it, for those who do not take part."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from simulator.tui.screens.drill import DrillScreen

if TYPE_CHECKING:
    from simulator.session.seat import SeatDrill


class ProductionScreen(DrillScreen):
    """The drill screen to look at; `q` goes back to the console."""

    CSS_PATH = str(Path(__file__).parents[1] / "drill.tcss")
    HELP = "Production as participants see it. Looking leaves no trace. q goes back."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "back", "Console", tooltip="Back to the console"),
    ]

    def __init__(self, drill: SeatDrill) -> None:
        super().__init__(drill, _nothing)

    def action_back(self) -> None:
        """Go back to the console."""
        self.dismiss()


def _nothing(_: Any) -> None:
    """The console sees the end by itself."""
