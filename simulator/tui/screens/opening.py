"""Opening a stored exercise: the drill where it was, its hot wash, or its result."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Footer, Static

from simulator.session.faults import told
from simulator.session.playing import resume
from simulator.session.running import is_finished

if TYPE_CHECKING:
    from simulator.journal import Store
    from simulator.session.drill import Drill
    from simulator.tui.app import TabletopApp


class OpeningScreen(Screen[None]):
    """A moment's wait while a journal is folded."""

    app: TabletopApp
    CSS_PATH = "opening.tcss"
    HELP = "The exercise is being opened."
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "back", "Back")]

    def __init__(self, store: Store, exercise: str) -> None:
        super().__init__()
        self._store, self._exercise = store, exercise

    def compose(self) -> ComposeResult:
        yield Static("Opening the exercise", id="word", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        """Fold the journal behind the first picture."""
        self._open()

    @work(thread=True, group="opening")
    def _open(self) -> None:
        try:
            if is_finished(self._store, self._exercise):
                self.app.call_from_thread(self.app.result, self._exercise)
                return
            drill = resume(self._store, self._exercise)
        except Exception as error:
            message = told(error)
            if message is None:
                raise
            self.app.call_from_thread(self.query_one("#word", Static).update, message)
            return
        self.app.call_from_thread(self._go_on, drill)

    def _go_on(self, drill: Drill) -> None:
        if drill.exercise.over:
            self.app.wash(drill)
        else:
            self.app.play(drill)

    def action_back(self) -> None:
        """Choose something else."""
        self.app.launch()
