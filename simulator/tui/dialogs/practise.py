"""The question before an exercise is continued from a moment of another one."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from simulator.tui.dialogs.dialog import Dialog
from simulator.tui.panes.wording import text_of
from simulator.tui.panes.words import Words


class PractiseDialog(Dialog):
    """Practise from a moment, or go on looking."""

    HEADING = "Practise from here?"
    FOOT = "Enter chooses, Escape goes on with the replay."

    def __init__(self, moment: str, practise: Callable[[], None]) -> None:
        super().__init__()
        self._moment, self._practise = moment, practise

    def body(self) -> ComposeResult:
        """Say what happens."""
        yield Words(
            f"A new exercise begins at {self._moment}, with everything that was done by then, and "
            "you go on alone. It is paused at first. It is kept beside your results and is none "
            "of them.",
            classes="about",
        )
        yield OptionList(
            Option(text_of(("Practise from here\n", "bold"), "The exercise that is replayed "
                           "stays as it is.\n")),
            Option(text_of(("Go on with the replay\n", "bold"), "Nothing changes.\n")),
            id="choices", markup=False, compact=True,
        )  # fmt: skip

    @on(OptionList.OptionSelected, "#choices")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss()
        if event.option_index == 0:
            self._practise()
