"""What a screen shows in place of itself when the terminal has too little room for it."""

from __future__ import annotations

from typing import ClassVar

from textual.content import Content
from textual.widget import Widget

LEAST_WIDTH, LEAST_HEIGHT = 80, 24

BREAKPOINTS_ACROSS = [(0, "-narrow"), (LEAST_WIDTH, "-normal"), (110, "-wide")]
BREAKPOINTS_DOWN = [(0, "-short"), (LEAST_HEIGHT, "-tall")]
"""Give both to a screen that yields a TooSmall: they name its size to the stylesheets."""


class TooSmall(Widget):
    """Covers its screen, which has a layer `overlay`, for as long as that is too small."""

    ALLOW_SELECT: ClassVar[bool] = False
    SCOPED_CSS: ClassVar[bool] = False
    DEFAULT_CSS = """
    TooSmall {
        layer: overlay; dock: top; display: none; width: 100%; height: 100%;
        background: $background; content-align: center middle; text-align: center;
    }
    .-narrow > TooSmall { display: block; }
    .-short > TooSmall { display: block; }
    """

    def render(self) -> Content:
        """Say what is needed and what there is."""
        return Content(f"{too_small(*self.screen.size)} Ctrl+Q leaves; nothing is lost.")


def too_small(width: int, height: int) -> str:
    """Return what is needed, what there is, and what to do."""
    return (
        f"Tabletop needs {LEAST_WIDTH} columns and {LEAST_HEIGHT} rows.\n"
        f"This window has {width} and {height}.\n\n"
        "Make it larger or its letters smaller."
    )
