"""A small shop to drill in: its own content, a journal in memory, a clock that is set by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from textual.app import App, SystemCommand
from textual.pilot import Pilot
from textual.screen import Screen

from simulator.content.pack import Pack, read_pack
from simulator.exercise.acts import read_act
from simulator.journal import Head, Journal, Record, StoreMoved
from simulator.session.drill import Drill
from simulator.tui.screens.drill import DrillScreen
from simulator.tui.themes import THEMES

CONTENT = Path(__file__).parent / "content"


class MemoryJournal(Journal):
    """The acts of one exercise, in a list. `fault` is raised instead of keeping anything."""

    sealed = False

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.fault: Exception | None = None

    shared = False

    def append(self, key: str, body: str, after: int | None = None) -> Record:
        return self.append_all([(key, body)], after)[0]

    def append_all(
        self, items: Sequence[tuple[str, str]], after: int | None = None
    ) -> list[Record]:
        if self.fault is not None:
            raise self.fault
        if after is not None and after != len(self.records):
            raise StoreMoved("memory")
        new = [
            Record(len(self.records) + number, key, body, "")
            for number, (key, body) in enumerate(items, 1)
        ]
        self.records += new
        return new

    def read(self, after: int = 0) -> list[Record]:
        return self.records[after:]

    def wait(self, after: int, timeout: float) -> list[Record]:
        return self.read(after)

    def head(self) -> Head:
        return Head(len(self.records))

    def seal(self) -> None:
        self.sealed = True

    def unseal(self) -> None:
        self.sealed = False

    def clock(self) -> float:
        return 0.0

    def close(self) -> None:
        pass


class Wall:
    """A wall clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@cache
def shop() -> Pack:
    return read_pack(CONTENT, "shop/bad-release")


class DrillApp(App[None]):
    """The drill screen alone."""

    CSS_PATH = Path(__file__).parents[3] / "simulator/tui/app.tcss"

    def __init__(self, at: int = 0, theme: str = "tabletop-dark", pack: Pack | None = None) -> None:
        super().__init__()
        self.journal = MemoryJournal()
        self.wall = Wall()
        self.washed = False
        self.drill = Drill.begin("x", self.journal, pack or shop(), 1, "Kim")
        self.drill.exercise.advance(at)
        for one in THEMES:
            self.register_theme(one)
        self.theme = theme

    def on_mount(self) -> None:
        self.push_screen(DrillScreen(self.drill, self.wash, self.wall))

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        if isinstance(screen, DrillScreen):
            yield from screen.palette_commands()

    def wash(self, drill: Drill) -> None:
        self.washed = True

    @property
    def acts(self) -> list[dict[str, Any]]:
        """What was journaled after the opening, without the clock."""
        acts = [read_act(record.body) for record in self.journal.records[2:]]
        return [
            act.model_dump(exclude_defaults=True) | {"do": act.do}
            for act in acts
            if act.do != "clock"
        ]


async def settle(pilot: Pilot[None]) -> None:
    """Wait until all that was asked for is done."""
    for _ in range(3):
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, and wait for what they do."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


async def write(pilot: Pilot[None], text: str) -> None:
    """Type a text."""
    names = {" ": "space", "-": "minus", "/": "slash", ".": "full_stop", "|": "vertical_line"}
    await pilot.press(*(names.get(letter, letter) for letter in text))
    await settle(pilot)


async def elapse(pilot: Pilot[None], seconds: int) -> None:
    """Let simulated time pass."""
    app = pilot.app
    assert isinstance(app, DrillApp)
    screen = next(one for one in app.screen_stack if isinstance(one, DrillScreen))
    for _ in range(seconds):
        app.wall.now += 1
        await screen._tick()
    await settle(pilot)
