"""Which area for improvement of an exercise an action is to be planned for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from simulator.review.areas import Area
from simulator.tui.dialogs.dialog import Dialog
from simulator.tui.panes.wording import line, text_of
from simulator.tui.panes.words import Words


class AreasDialog(Dialog):
    """Choose an area for improvement. `planned` are the keys of those that have an action."""

    HEADING = "Plan an action for"
    FOOT = "Enter chooses, Escape closes this."

    def __init__(
        self, areas: Sequence[Area], planned: frozenset[str], choose: Callable[[Area], None]
    ) -> None:
        super().__init__()
        self._areas, self._planned, self._choose = areas, planned, choose

    def body(self) -> ComposeResult:
        """Name the areas as the report numbers them."""
        if not self._areas:
            yield Words("No area for improvement was found.", classes="about")
            return
        choices = OptionList(id="choices", markup=False, compact=True)
        for number, area in enumerate(self._areas, 1):
            about = "planned" if area.key in self._planned else area.place or "no step of a runbook"
            head = f"{number}. {line(area.title)}\n"
            choices.add_option(Option(text_of((head, "bold"), line(about)), id=str(number)))
        yield choices

    @on(OptionList.OptionSelected, "#choices")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        area = self._areas[int(event.option.id or 1) - 1]
        self.dismiss()
        self._choose(area)
