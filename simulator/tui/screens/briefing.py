"""The briefing: what a participant knows before T+0, and the way in."""

from __future__ import annotations

import getpass
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.table import Table
from rich.text import Text
from textual import work
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from simulator.content.pack import Pack, read_pack
from simulator.content.prose import reflowed
from simulator.session.faults import told
from simulator.session.playing import begin
from simulator.session.proof import sound
from simulator.tui.panes.wording import line, paragraphs, text_of
from simulator.tui.panes.words import Words
from simulator.tui.screens.here import is_here
from simulator.tui.screens.palette import offer
from simulator.tui.widgets.key_row import KeyRow
from simulator.tui.widgets.too_small import BREAKPOINTS_ACROSS, BREAKPOINTS_DOWN, TooSmall

if TYPE_CHECKING:
    from simulator.journal import Store
    from simulator.session.drill import Drill
    from simulator.tui.app import TabletopApp

MUTED = "$foreground 60%"


class BriefingScreen(Screen[None]):
    """Read the briefing, then begin."""

    app: TabletopApp
    CSS_PATH = "briefing.tcss"
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS_ACROSS
    VERTICAL_BREAKPOINTS = BREAKPOINTS_DOWN
    HELP = (
        "Read the briefing. Time begins when you press Enter.\n"
        "In the drill, p pauses everything, and you can stop and resume later."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "begin", "Begin"),
        Binding("escape,q", "back", "Scenarios", key_display="esc"),
        Binding("j", "down", "Down", show=False),
        Binding("k", "up", "Up", show=False),
    ]

    def __init__(self, content: Path, store: Store, scenario: str, seed: int) -> None:
        super().__init__()
        self._content, self._store = content, store
        self._scenario, self._seed = scenario, seed
        self._pack: Pack | None = None

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="paper"):
            yield Words("Reading the scenario", id="briefing")
            yield Static(id="facts")
        yield KeyRow()
        yield TooSmall()

    def on_mount(self) -> None:
        """Read the scenario behind the first picture."""
        self.query_one("#paper").focus()
        self._read()

    @work(thread=True, group="briefing")
    def _read(self) -> None:
        try:
            pack = sound(read_pack(self._content, self._scenario))
        except Exception as error:
            message = told(error)
            if message is None:
                raise
            self.app.call_from_thread(self._refuse, "This scenario cannot be played.", message)
            return
        self.app.call_from_thread(self._show, pack)

    def _show(self, pack: Pack) -> None:
        if is_here(self):
            self._pack = pack
            self.query_one("#briefing", Words).say(briefing(pack))
            self.query_one("#facts", Static).update(facts(pack))

    def _refuse(self, title: str, message: str) -> None:
        if is_here(self):
            self.query_one("#briefing", Words).say(fault(title, message))

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
            self.app.call_from_thread(self._refuse, "The exercise cannot be stored.", message)
            return
        self.app.call_from_thread(self._go_on, drill)

    def _go_on(self, drill: Drill) -> None:
        if is_here(self):
            self.app.play(drill)
        else:
            drill.close()

    def action_back(self) -> None:
        """Choose another scenario."""
        self.app.launch()

    def action_down(self) -> None:
        """Scroll down."""
        self.query_one("#paper").scroll_down()

    def action_up(self) -> None:
        """Scroll up."""
        self.query_one("#paper").scroll_up()

    def palette_commands(self) -> Iterable[SystemCommand]:
        """Offer both ways on."""
        if self._pack is not None:
            yield offer("Begin", "Time begins", self.action_begin)
        yield offer("Scenarios", "Choose another scenario", self.action_back)


def briefing(pack: Pack) -> Content:
    """Return what participants are told."""
    return text_of(
        (f"{line(pack.system.title)}\n", MUTED),
        (f"{line(pack.scenario.title)}\n\n", "bold $text-accent"),
        f"{paragraphs(reflowed(pack.scenario.briefing))}\n",
    )


def facts(pack: Pack) -> Table:
    """Return who, when and how long it is, what is to be reached and what there is to go by."""
    scenario = pack.scenario
    starts = scenario.starts.replace("T", " ").removesuffix("Z").removesuffix(":00")
    objectives = [objective.text for objective in scenario.objectives]
    books = [pack.runbooks[name].title if name in pack.runbooks else name
             for name in scenario.runbooks]  # fmt: skip
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    for label, texts in (
        ("You are", [scenario.role]),
        ("It is", [f"{starts} UTC"]),
        ("Length", [f"{scenario.minutes} simulated minutes, with pause and speed", ""]),
        ("Objectives", [*objectives, ""]),
        ("Runbooks", [*books, ""]),
        ("Marks", ["Your acts are marked against the steps of these runbooks. Looking around "
                   "costs nothing, and neither do hints."]),
    ):  # fmt: skip
        for number, text in enumerate(texts):
            table.add_row(Text("" if number else label), Text(line(reflowed(text))))
    return table


def fault(title: str, message: str) -> Content:
    """Return what is wrong, problem by problem, and where to go from here."""

    def told_one_by_one() -> Iterator[str]:
        for problem in paragraphs(message).splitlines():
            yield f"{problem}\n\n"

    return text_of(
        (f"{title}\n\n", "bold $text-error"),
        *told_one_by_one(),
        ("Escape shows the scenarios.", MUTED),
    )


def player_name() -> str:
    """Return the name under which somebody plays alone."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "player"
