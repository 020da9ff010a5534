"""What the screens around the drill look like, on a small and on a comfortable terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from screen_samples import LARGE, SMALL, played, settle, tabletop
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from simulator.content.pack import Pack
from simulator.journal import Store

DARK, LIGHT = "tabletop-dark", "tabletop-light"

PICTURES = {
    "launcher_small": ("launcher", SMALL, DARK, ()),
    "launcher_large": ("launcher", LARGE, LIGHT, ("tab",)),
    "briefing_small": ("briefing", SMALL, DARK, ()),
    "briefing_large": ("briefing", LARGE, LIGHT, ()),
    "hotwash_small": ("hotwash", SMALL, DARK, ("c", "a", "l", "m", "tab", "tab", "down", "enter")),
    "hotwash_large": ("hotwash", LARGE, LIGHT, ()),
    "result_small": ("result", SMALL, DARK, ()),
    "result_large": ("result", LARGE, DARK, ()),
    "result_end": ("result", LARGE, LIGHT, ("end",)),
    "help": ("launcher", SMALL, DARK, ("question_mark",)),
    "opening_fault": ("opening", SMALL, DARK, ()),
    "too_small": ("launcher", (60, 20), DARK, ()),
}


@pytest.mark.parametrize("name", PICTURES)
def test_picture(
    name: str, snap_compare: Callable[..., bool], kiosk: Path, stuck: Pack, store: Store
) -> None:
    screen, size, theme, keys = PICTURES[name]
    solution = stuck.scenario.solution
    late = [{**act, "at": act["at"] + 60} for act in solution if act["do"] != "view"]
    flag = {"at": 150, "do": "confused", "step": "outage#look", "note": "which dashboard?"}
    wash = {"answers": {"went-well": "We stayed calm."}, "confidence": 4}
    played(store, stuck, [])
    result = played(store, stuck, sorted([*late, flag], key=_at), wash=wash)
    ended = ""
    if screen == "launcher":
        played(store, stuck, solution, until=110)
    elif screen == "hotwash":
        ended = played(store, stuck, solution, until=999)
    opening: dict[str, Any] = {
        "launcher": {},
        "briefing": {"scenario": "kiosk/stuck"},
        "hotwash": {"exercise": ended},
        "result": {"exercise": result},
        "opening": {"exercise": "nowhere"},
    }[screen]
    app = tabletop(
        kiosk, Store(Path("/no/such/store")) if screen == "opening" else store, **opening
    )
    app.theme = theme

    async def before(pilot: Pilot[None]) -> None:
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)
        for typed in (*app.screen.query(Input), *app.screen.query(TextArea)):
            typed.cursor_blink = False
        await settle(pilot)

    assert snap_compare(app, terminal_size=size, run_before=before)


def _at(act: Mapping[str, Any]) -> int:
    return int(act["at"])
