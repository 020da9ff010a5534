"""The result: what the exercise is worth, why, and what it was all about."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Footer, Static

from simulator.session.faults import told
from simulator.session.running import Stored, earlier_attempts, load
from simulator.tui.screens.result_sections import sections

if TYPE_CHECKING:
    from simulator.journal import Store, Summary
    from simulator.tui.app import TabletopApp


class ResultScreen(Screen[None]):
    """Score, rating, lines, steps, confusion, and the story behind the incident."""

    app: TabletopApp
    CSS_PATH = "result.tcss"
    HELP = (
        "The lines add up to exactly what is missing from 100.\n"
        "A rating is a proposal: an evaluator may confirm or overrule it."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "write", "Write the report"),
        Binding("escape,q", "back", "Scenarios", key_display="esc"),
        Binding("j", "down", "Down", show=False),
        Binding("k", "up", "Up", show=False),
    ]

    def __init__(self, store: Store, exercise: str) -> None:
        super().__init__()
        self._store, self._exercise = store, exercise
        self._stored: Stored | None = None

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="paper"):
            yield Static("Marking the exercise", id="wait", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        """Mark the exercise behind the first picture."""
        self.query_one("#paper").focus()
        self._load()

    @work(thread=True, group="result")
    def _load(self) -> None:
        try:
            stored = load(self._store, self._exercise)
            attempts = earlier_attempts(self._store, stored)
        except Exception as error:
            message = told(error)
            if message is None:
                raise
            self.app.call_from_thread(self.query_one("#wait", Static).update, message)
            return
        self.app.call_from_thread(self._show, stored, attempts)

    async def _show(self, stored: Stored, attempts: list[Summary]) -> None:
        self._stored = stored
        paper = self.query_one("#paper")
        await self.query_one("#wait").remove()
        for heading, body in sections(stored, attempts):
            if heading:
                await paper.mount(Static(heading, classes="heading", markup=False))
            await paper.mount(Static(body, classes="section", markup=False))

    def action_write(self) -> None:
        """Write the report as one HTML file into the current folder."""
        if self._stored is not None:
            self._write(self._stored)

    @work(thread=True, group="result")
    def _write(self, stored: Stored) -> None:
        from simulator.review import write_report

        file = Path.cwd() / f"report-{stored.exercise_id}.html"
        try:
            text = write_report(stored.exercise_id, stored.assessment, "html")
            file.write_text(text, encoding="utf-8")
        except OSError as error:
            self.app.call_from_thread(
                self.notify, f"{file}: {error.strerror}", severity="error", markup=False
            )
            return
        self.app.call_from_thread(self.notify, f"Wrote {file}", markup=False)

    def action_back(self) -> None:
        """Go back to the scenarios."""
        self.app.launch()

    def action_down(self) -> None:
        """Scroll down."""
        self.query_one("#paper").scroll_down()

    def action_up(self) -> None:
        """Scroll up."""
        self.query_one("#paper").scroll_up()
