"""What the drill screen looks like: each pane on a small and a comfortable terminal."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from play import DrillApp, press, settle, write
from textual.pilot import Pilot
from textual.widgets import Input

SMALL, LARGE = (80, 24), (120, 40)
DARK, LIGHT = "tabletop-dark", "tabletop-light"

PICTURES = {
    "dashboards_small": (SMALL, DARK, ("enter",)),
    "dashboards_large": (LARGE, LIGHT, ("enter",)),
    "alerts_small": (SMALL, DARK, ("2",)),
    "alerts_large": (LARGE, DARK, ("2", "a")),
    "alerts_light": (SMALL, LIGHT, ("2", "a")),
    "logs_small": (SMALL, DARK, ("3",)),
    "logs_light": (SMALL, LIGHT, ("3", "l", "l", "up", "enter")),
    "terminal_small": (SMALL, DARK, ("4", "=shop status", "enter", "=shop stat")),
    "terminal_light": (LARGE, LIGHT, ("4", "=shop status", "enter")),
    "comms_small": (SMALL, DARK, ("5", "down")),
    "comms_light": (LARGE, LIGHT, ("5", "down", "t", "enter")),
    "runbook_small": (SMALL, DARK, ("6", "down", "enter", "t")),
    "runbook_large": (LARGE, DARK, ("6", "down", "down", "enter", "t")),
    "runbook_light": (SMALL, LIGHT, ("6", "down", "down", "enter")),
    "severity": (SMALL, DARK, ("s",)),
    "paused": (SMALL, DARK, ("p",)),
    "too_small": ((60, 20), DARK, ()),
}


@pytest.mark.parametrize("name", PICTURES)
def test_picture(name: str, snap_compare: Callable[..., bool]) -> None:
    size, theme, keys = PICTURES[name]
    app = DrillApp(150, theme)

    async def before(pilot: Pilot[None]) -> None:
        await settle(pilot)
        for key in keys:
            await (write(pilot, key[1:]) if key.startswith("=") else press(pilot, key))
        app.clear_notifications()
        for typed in app.screen.query(Input):
            typed.cursor_blink = False
        await settle(pilot)

    assert snap_compare(app, terminal_size=size, run_before=before)
