"""The two themes, and which one to begin with."""

from __future__ import annotations

from collections.abc import Mapping

from textual.theme import Theme

DARK = Theme(
    name="tabletop-dark",
    primary="#7aa2c4",
    secondary="#8d9db0",
    accent="#e0b25c",
    success="#7fb685",
    warning="#e0a458",
    error="#e0707a",
    foreground="#d7dbe0",
    background="#14181d",
    surface="#1a1f26",
    panel="#232a33",
    dark=True,
    variables={"footer-key-foreground": "#e0b25c", "border": "#3a4450"},
)

LIGHT = Theme(
    name="tabletop-light",
    primary="#2b5f8a",
    secondary="#566575",
    accent="#8a5a00",
    success="#2c6e3f",
    warning="#92580a",
    error="#b02a37",
    foreground="#10141a",
    background="#fafaf7",
    surface="#f1f1ec",
    panel="#e4e5df",
    dark=False,
    variables={"footer-key-foreground": "#8a5a00", "border": "#b9bdb6"},
)

THEMES = (DARK, LIGHT)


def preferred_theme(environment: Mapping[str, str]) -> str:
    """Return the theme to begin with: TABLETOP_THEME=light or dark, else dark."""
    return LIGHT.name if environment.get("TABLETOP_THEME", "").lower() == "light" else DARK.name
