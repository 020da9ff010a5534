"""What every pane of the drill screen has in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widget import Widget

if TYPE_CHECKING:
    from simulator.exercise.fold import Exercise


class Pane(Widget):
    """A part of the drill screen that is shown alone. It is told what to show, and no more."""

    TITLE = ""

    def __init__(self, exercise: Exercise, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.exercise = exercise

    def on_mount(self) -> None:
        """Show what there is."""
        self.show(self.exercise)

    def show(self, exercise: Exercise) -> None:
        """Bring the picture up to date with the exercise, changing only what differs."""

    def focus_pane(self) -> None:
        """Put the focus where keys are expected first."""

    def take_keys(self) -> None:
        """Take the focus if the pane stands: a console may be left before it is composed."""
        if self.is_attached and self.children:
            self.focus_pane()

    def come_back(self) -> None:
        """Take the keys again after a dialog was closed; where the focus was is right for most."""

    def leave(self) -> bool:
        """Take Escape: return whether there was something to leave."""
        return False
