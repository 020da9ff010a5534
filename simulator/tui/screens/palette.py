"""Entries of the command palette, which reads what it is given as markup."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.app import SystemCommand

from simulator.tui.panes.wording import line


def offer(title: str, about: str, act: Callable[[], Any]) -> SystemCommand:
    """Return an entry whose texts are shown as they are, without brackets to be read."""
    return SystemCommand(_plain(title), _plain(about), act)


def _plain(text: str) -> str:
    return line(text, 120).replace("[", "(").replace("]", ")")
