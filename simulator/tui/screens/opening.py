"""Opening a stored exercise: the drill where it was, its hot wash, or its result."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import Screen

from simulator.session.faults import told
from simulator.session.playing import resume
from simulator.session.running import is_finished
from simulator.tui.panes.wording import paragraphs, text_of
from simulator.tui.panes.words import Words
from simulator.tui.screens.here import is_here
from simulator.tui.screens.palette import offer
from simulator.tui.widgets.key_row import KeyRow
from simulator.tui.widgets.too_small import BREAKPOINTS_ACROSS, BREAKPOINTS_DOWN, TooSmall

if TYPE_CHECKING:
    from simulator.journal import Store
    from simulator.session.drill import Drill
    from simulator.tui.app import TabletopApp


class OpeningScreen(Screen[None]):
    """A moment's wait while a journal is folded; what is wrong when it cannot be."""

    app: TabletopApp
    CSS_PATH = "opening.tcss"
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS_ACROSS
    VERTICAL_BREAKPOINTS = BREAKPOINTS_DOWN
    HELP = (
        "The exercise is being opened: an unfinished one goes on where it was, paused; a finished "
        "one shows its result."
    )
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "back", "Scenarios")]

    def __init__(self, store: Store, exercise: str) -> None:
        super().__init__()
        self._store, self._exercise = store, exercise

    def compose(self) -> ComposeResult:
        with Vertical(id="page"):
            yield Words("Opening the exercise", id="word")
        yield KeyRow()
        yield TooSmall()

    def on_mount(self) -> None:
        """Fold the journal behind the first picture."""
        self._open()

    @work(thread=True, group="opening")
    def _open(self) -> None:
        try:
            if is_finished(self._store, self._exercise):
                self.app.call_from_thread(self._finished)
                return
            drill = resume(self._store, self._exercise)
        except Exception as error:
            message = told(error)
            if message is None:
                raise
            self.app.call_from_thread(self._refuse, message)
            return
        self.app.call_from_thread(self._go_on, drill)

    def _finished(self) -> None:
        if is_here(self):
            self.app.result(self._exercise)

    def _refuse(self, message: str) -> None:
        if is_here(self):
            word = self.query_one("#word", Words)
            word.add_class("-fault")
            word.say(
                text_of(
                    ("This exercise cannot be opened.\n\n", "bold $text-error"),
                    f"{paragraphs(message)}\n\n",
                    ("Escape shows the scenarios.", "$foreground 60%"),
                )
            )

    def _go_on(self, drill: Drill) -> None:
        if not is_here(self):
            drill.close()
        elif drill.exercise.over:
            self.app.wash(drill)
        else:
            self.app.play(drill)

    def action_back(self) -> None:
        """Choose something else."""
        self.app.launch()

    def palette_commands(self) -> Iterable[SystemCommand]:
        """Offer the way back."""
        yield offer("Scenarios", "Choose something else", self.action_back)
