"""The briefing: what a participant knows before T+0, and the way in."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Footer, Static

from simulator.content.pack import Pack, read_pack
from simulator.content.prose import reflowed
from simulator.session.faults import told
from simulator.session.playing import begin

if TYPE_CHECKING:
    from simulator.journal import Store
    from simulator.tui.app import TabletopApp


class BriefingScreen(Screen[None]):
    """Read the briefing, then begin."""

    app: TabletopApp
    CSS_PATH = "briefing.tcss"
    HELP = (
        "Read the briefing. Time begins when you press Enter.\n"
        "In the drill, Space pauses everything, and you can stop and resume later."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "begin", "Begin"),
        Binding("escape", "back", "Back"),
    ]

    def __init__(self, content: Path, store: Store, scenario: str, seed: int) -> None:
        super().__init__()
        self._content, self._store = content, store
        self._scenario, self._seed = scenario, seed
        self._pack: Pack | None = None

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="paper"):
            yield Static("Reading the scenario", id="briefing", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        """Read the scenario behind the first picture."""
        self.query_one("#paper").focus()
        self._read()

    @work(thread=True, group="briefing")
    def _read(self) -> None:
        try:
            pack = read_pack(self._content, self._scenario)
        except Exception as error:
            message = told(error)
            if message is None:
                raise
            self.app.call_from_thread(self._refuse, message)
            return
        self.app.call_from_thread(self._show, pack)

    def _show(self, pack: Pack) -> None:
        self._pack = pack
        self.query_one("#briefing", Static).update(briefing(pack))

    def _refuse(self, message: str) -> None:
        text = Text("This scenario cannot be played.\n\n", style="bold")
        text.append(message, style="not bold")
        self.query_one("#briefing", Static).update(text)

    def action_begin(self) -> None:
        """Begin the exercise."""
        if self._pack is not None:
            pack, self._pack = self._pack, None
            self._begin(pack)

    @work(thread=True, group="briefing")
    def _begin(self, pack: Pack) -> None:
        try:
            drill = begin(self._store, pack, self._seed, player_name())
        except Exception as error:
            message = told(error)
            if message is None:
                raise
            self.app.call_from_thread(self._refuse, message)
            return
        self.app.call_from_thread(self.app.play, drill)

    def action_back(self) -> None:
        """Choose another scenario."""
        self.app.launch()


def briefing(pack: Pack) -> Text:
    """Return a scenario's briefing as text to show."""
    scenario = pack.scenario
    text = Text()
    text.append(f"{pack.system.title}\n", style="dim")
    text.append(f"{scenario.title}\n\n", style="bold")
    text.append(reflowed(scenario.briefing) + "\n\n")
    text.append("You are  ", style="dim")
    text.append(f"{scenario.role}\n")
    text.append("It is    ", style="dim")
    text.append(f"{scenario.starts.replace('T', ' ').removesuffix('Z')} UTC\n")
    text.append("Length   ", style="dim")
    text.append(f"{scenario.minutes} simulated minutes; you can pause and change the speed\n\n")
    text.append("Objectives\n", style="bold")
    for objective in scenario.objectives:
        text.append(f"  - {reflowed(objective.text)}\n")
    text.append("\nRunbooks at hand\n", style="bold")
    for name in scenario.runbooks:
        text.append(f"  - {pack.runbooks[name].title if name in pack.runbooks else name}\n")
    text.append(
        "\nYour acts are marked against the steps of these runbooks. Hints cost nothing.\n"
        "Looking around costs nothing either. Press Enter to begin.",
        style="dim",
    )
    return text


def player_name() -> str:
    """Return the name under which somebody plays alone."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "player"
