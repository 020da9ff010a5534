"""What the replay looks like: on a small and a comfortable terminal, dark and light."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from shown_replays import (
    ALONE,
    DARK,
    LARGE,
    LIGHT,
    SMALL,
    TOGETHER,
    ReplayApp,
    press,
    replay_of,
    settle,
)
from textual.pilot import Pilot
from textual.widgets import Input

from simulator.content.pack import Pack

PICTURES = {
    "beginning": (SMALL, DARK, ()),
    "dashboards": (LARGE, LIGHT, ("c", "1", "enter")),
    "alerts": (SMALL, LIGHT, ("i", "2")),
    "logs": (SMALL, DARK, ("end", "3", "left")),
    "terminal": (SMALL, DARK, ("end", "4")),
    "team": (LARGE, DARK, ("end", "4", "n")),
    "comms": (SMALL, LIGHT, ("end", "5")),
    "runbook": (LARGE, DARK, ("6", "down", "enter", *["right_square_bracket"] * 8)),
    "playing": (SMALL, DARK, ("i", "plus", "plus", "space")),
    "practise": (SMALL, LIGHT, ("c", "f")),
}


@pytest.mark.parametrize("name", PICTURES)
def test_picture(name: str, snap_compare: Callable[..., bool], stuck: Pack) -> None:
    size, theme, keys = PICTURES[name]
    replay = replay_of(stuck, TOGETHER, "Blue") if name == "team" else replay_of(stuck, ALONE)
    app = ReplayApp(replay, theme)

    async def before(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await press(pilot, *keys)
        app.clear_notifications()
        for typed in app.screen.query(Input):
            typed.cursor_blink = False
        await settle(pilot)

    assert snap_compare(app, terminal_size=size, run_before=before)
