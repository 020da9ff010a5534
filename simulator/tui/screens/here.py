"""Whether a screen is there to be drawn, for what comes back to it from a thread."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen


def is_here(screen: Screen[Any]) -> bool:
    """Return whether a screen is shown or covered, and not on its way out."""
    return screen.is_attached and screen.display
