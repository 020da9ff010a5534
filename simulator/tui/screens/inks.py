"""The theme's colours for what is drawn as a table, which knows no stylesheet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rich.console import RenderableType
from textual.widget import Widget

from simulator.assessment import Rating


@dataclass(frozen=True)
class Inks:
    """A Rich style for each thing that is told apart; the same is always told in words, too."""

    good: str = "green"
    fair: str = "blue"
    poor: str = "yellow"
    bad: str = "red"
    quiet: str = "dim"

    def of(self, rating: Rating) -> str:
        """Return the ink of a rating."""
        return {
            Rating.P: self.good,
            Rating.S: self.fair,
            Rating.M: self.poor,
            Rating.U: self.bad,
        }[rating]


Draw = Callable[[Inks], RenderableType]


class Drawn(Widget):
    """A renderable that is drawn in the inks of the theme at hand."""

    DEFAULT_CSS = "Drawn { width: 100%; height: auto; }"

    def __init__(self, draw: Draw, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._draw = draw

    def render(self) -> RenderableType:
        """Draw in the present theme's inks."""
        named = self.app.theme_variables
        return self._draw(
            Inks(
                good=named["text-success"],
                fair=named["text-primary"],
                poor=named["text-warning"],
                bad=named["text-error"],
            )
        )
