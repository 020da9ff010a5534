"""Draw README's pictures from the real program, into docs/pictures/.

Each picture is the program itself, without a terminal, at a moment that says something: the
scenario is played by its own solution, so the same code and content draw the same pictures.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

os.environ["TEXTUAL_ANIMATIONS"] = "none"

from textual.pilot import Pilot

from simulator.content.pack import Pack, read_pack
from simulator.journal import Store
from simulator.session.drill import Drill
from simulator.session.playing import begin, finish
from simulator.tui.app import TabletopApp
from simulator.tui.screens.drill import DrillScreen

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "pictures"
SCENARIO = "ai-gurus-lms/site-down"
SIZE = (120, 40)

MOMENT = 408
"""The outage is at its worst, people ask, and the cause is not yet known."""

DOWN = 8
"""Dashboards from the first one to Vercel's Observability."""

ANSWERS = {
    "went-well": "People knew early, and nobody rolled back.",
    "confused": "Which of the two projects is production.",
}
Before = Callable[[Pilot[None]], Awaitable[None]]


def main() -> None:
    """Draw every picture again."""
    FOLDER.mkdir(exist_ok=True)
    pack = read_pack(ROOT, SCENARIO)
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        for name, svg in asyncio.run(_draw(store, pack)):
            (FOLDER / f"{name}.svg").write_text(svg, encoding="utf-8")
            sys.stdout.write(f"docs/pictures/{name}.svg\n")


async def _draw(store: Store, pack: Pack) -> list[tuple[str, str]]:
    finished = begin(store, pack, 1, "Kim")
    await _play(finished, _imperfect(pack), finished.exercise.length)
    await finished.take("hotwash", answers=ANSWERS, confidence=4)
    finish(store, finished)
    finished.close()
    drill = begin(store, pack, 1, "Kim")
    await _play(drill, pack.scenario.solution, MOMENT)
    pictures = [
        ("drill", await _picture(store, "drill", lambda app: _still(app, drill), _at_dashboard)),
        ("result", await _picture(store, "result", lambda app: app.result(finished.exercise_id))),
    ]
    drill.close()
    return pictures


async def _play(drill: Drill, script: list[dict[str, Any]], until: int) -> None:
    """Take a script's acts up to a second, and let time come that far."""
    for act in script:
        if act["at"] <= until and not drill.exercise.over:
            drill.exercise.advance(act["at"])
            await drill.take(**{name: value for name, value in act.items() if name != "at"})
    if not drill.exercise.over:
        drill.exercise.advance(until)


def _imperfect(pack: Pack) -> list[dict[str, Any]]:
    """Return the solution as somebody plays it who is late with the news and asks for a hint."""
    acts = [_late(act) for act in pack.scenario.solution if act.get("view") != "status-vercel"]
    lost = {"at": 480, "by": "player", "do": "hint", "step": "incident-response#du-compare"}
    flag = {"at": 481, "by": "player", "do": "confused", "step": "incident-response#du-compare",
            "note": "compare what with what?"}  # fmt: skip
    return sorted([*acts, lost, flag], key=lambda act: int(act["at"]))


def _late(act: Mapping[str, Any]) -> dict[str, Any]:
    return {**act, "at": act["at"] + 200} if act.get("channel") == "status-page" else dict(act)


def _still(app: TabletopApp, drill: Drill) -> None:
    """Show a drill whose clock stands still."""
    app.switch_to(DrillScreen(drill, app.wash, wall=lambda: 0.0))


async def _at_dashboard(pilot: Pilot[None]) -> None:
    await pilot.press("1", *["down"] * DOWN, "enter", "left_square_bracket")


async def _picture(
    store: Store, name: str, show: Callable[[TabletopApp], None], before: Before | None = None
) -> str:
    app = TabletopApp(ROOT, store)
    async with app.run_test(size=SIZE) as pilot:
        await _settle(pilot)
        show(app)
        await _settle(pilot)
        if before is not None:
            await before(pilot)
            await _settle(pilot)
        app.clear_notifications()
        await _settle(pilot)
        svg = app.export_screenshot(title="Tabletop")
    return _by_itself(svg, name)


def _by_itself(svg: str, name: str) -> str:
    """Return a picture with a name of its own that fetches no font from elsewhere."""
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = svg.replace("Fira Code", "DejaVu Sans Mono").replace(
        "<text ", '<text xml:space="preserve" '
    )
    return re.sub(r"terminal-\d+", f"tabletop-{name}", svg)


async def _settle(pilot: Pilot[None]) -> None:
    for _ in range(4):
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()


if __name__ == "__main__":
    main()
