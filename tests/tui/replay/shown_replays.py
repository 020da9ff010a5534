"""Replays on a screen of their own: what was done at the kiosk, alone and by a team."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from textual.app import App, SystemCommand
from textual.pilot import Pilot
from textual.screen import Screen

from simulator.content.pack import Pack
from simulator.exercise import acts as a
from simulator.exercise.door import admit
from simulator.exercise.fold import Exercise
from simulator.session.opening import opening_of
from simulator.session.replay import Moment, Replay
from simulator.tui.screens.replay import ReplayScreen
from simulator.tui.themes import THEMES

SMALL, LARGE = (80, 24), (120, 40)
DARK, LIGHT = "tabletop-dark", "tabletop-light"

ALONE: list[dict[str, Any]] = [
    {"at": 0, "do": "join", "name": "Kim", "role": "operator"},
    {"at": 52, "do": "acknowledge", "alert": "many-errors"},
    {"at": 60, "do": "view", "view": "overview"},
    {"at": 61, "do": "post", "channel": "ops", "text": "I have it."},
    {"at": 70, "do": "command", "line": "kioskctl status"},
    {"at": 100, "do": "confused", "step": "outage#restart", "note": "Which kiosk?"},
    {"at": 120, "do": "confused", "step": "outage#verify", "note": "How long?"},
    {"at": 150, "do": "tick", "step": "outage#look"},
    {"at": 160, "do": "declare", "severity": "high"},
    {"at": 170, "do": "command", "line": "kioskctl restart"},
    {"at": 260, "do": "command", "line": "kioskctl status"},
    {"at": 270, "do": "tick", "step": "outage#restart"},
    {"at": 280, "do": "tick", "step": "outage#restart", "done": False},
    {"at": 300, "do": "end", "reason": "stopped"},
]

TOGETHER: list[dict[str, Any]] = [
    {"at": 0, "by": "fay", "do": "join", "name": "Fay", "role": "facilitator"},
    {"at": 0, "by": "kim", "do": "join", "name": "Kim", "role": "participant"},
    {"at": 0, "by": "lee", "do": "join", "name": "Lee", "role": "participant"},
    {"at": 0, "by": "fay", "do": "start"},
    {"at": 60, "by": "kim", "do": "acknowledge", "alert": "many-errors"},
    {"at": 70, "by": "kim", "do": "command", "line": "kioskctl status"},
    {"at": 75, "by": "lee", "do": "command", "line": "kioskctl restart"},
    {"at": 76, "by": "lee", "do": "post", "channel": "ops", "text": "It restarts."},
    {"at": 130, "by": "kim", "do": "command", "line": "kioskctl status"},
    {"at": 200, "by": "fay", "do": "end", "reason": "stopped"},
]


def replay_of(pack: Pack, script: Sequence[dict[str, Any]], team: str = "") -> Replay:
    """Return the replay of what a script gives when each of its acts goes through the door."""
    opening = opening_of(pack, 1).model_copy(update={"team": team})
    exercise = Exercise(opening, pack)
    acts: list[a.AnyAct] = [opening]
    exercise.apply(opening)
    for line in script:
        exercise.advance(line["at"])
        acts.append(admit(exercise, line))
        exercise.apply(acts[-1])
    return Replay(acts, pack)


class Wall:
    """A wall clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class ReplayApp(App[None]):
    """The replay screen alone; it remembers what it was asked for."""

    CSS_PATH = Path(__file__).parents[3] / "simulator/tui/app.tcss"

    def __init__(self, replay: Replay, theme: str = DARK) -> None:
        super().__init__()
        self.replay = replay
        self.wall = Wall()
        self.left = False
        self.practised: list[Moment] = []
        for one in THEMES:
            self.register_theme(one)
        self.theme = theme

    def on_mount(self) -> None:
        self.push_screen(ReplayScreen(self.replay, self.leave, self.practised.append, self.wall))

    def leave(self) -> None:
        self.left = True

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        if isinstance(screen, ReplayScreen):
            yield from screen.palette_commands()

    @property
    def shown(self) -> ReplayScreen:
        """The replay screen, under whatever dialog."""
        return next(one for one in self.screen_stack if isinstance(one, ReplayScreen))

    @property
    def at(self) -> int:
        """The second that is shown."""
        return self.replay.moment.at

    def text(self) -> str:
        """Return what is on the screen."""
        strips = self.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips)

    def pane(self) -> str:
        """Return what the pane and the column at its side show, without bars to scroll by."""
        rows = self.text().splitlines()[3:-5]
        return re.sub("[▁-█]", " ", "\n".join(rows))


async def settle(pilot: Pilot[None]) -> None:
    """Wait until all that was asked for is done."""
    for _ in range(4):
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, and wait for what they do."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


async def elapse(pilot: Pilot[None], seconds: float) -> None:
    """Let wall time pass, a quarter of a second at a time."""
    app = pilot.app
    assert isinstance(app, ReplayApp)
    for _ in range(int(seconds * 4)):
        app.wall.now += 0.25
        app.shown._tick()
    await settle(pilot)
