"""The hot wash: the questions right after play, answered while it is fresh."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.screen import Screen
from textual.widgets import Button, Footer, RadioButton, RadioSet, Static, TextArea

from simulator.content.prose import reflowed
from simulator.session.faults import told
from simulator.session.playing import finish

if TYPE_CHECKING:
    from simulator.session.drill import Drill
    from simulator.tui.app import TabletopApp

QUESTIONS = (
    ("went-well", "What went well?"),
    ("confused", "What confused you, in the runbook or on the screens?"),
)
CONFIDENCE = (
    "1  I would be lost",
    "2  I would need help",
    "3  I would manage, slowly",
    "4  I would manage",
    "5  Wake me any night",
)


class HotWashScreen(Screen[None]):
    """Answer a few questions, then see the result."""

    app: TabletopApp
    CSS_PATH = "hotwash.tcss"
    HELP = (
        "The exercise is over. Say what went well and what confused you while it is fresh:\n"
        "your words go into the report. Every answer can be left empty.\n"
        "Tab goes from one answer to the next; Ctrl+S shows the result."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "submit", "Show the result", priority=True),
        Binding("tab", "app.focus_next", "Next answer", show=True, priority=True),
    ]

    def __init__(self, drill: Drill) -> None:
        super().__init__()
        self._drill = drill
        debrief = drill.exercise.scenario.debrief
        self._questions = [*QUESTIONS, *((one.id, reflowed(one.text)) for one in debrief)]

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="paper", can_focus=False):
            yield Static("Hot wash", id="title")
            yield Static(self._how_it_ended(), id="ended", markup=False)
            for name, question in self._questions:
                yield Static(question, classes="question", markup=False)
                yield TextArea(
                    id=f"answer-{name}", tab_behavior="focus", classes="answer", soft_wrap=True
                )
            yield Static("If this happened tonight, how sure would you be?", classes="question")
            with RadioSet(id="confidence"):
                for label in CONFIDENCE:
                    yield RadioButton(label)
            with Horizontal(id="foot"):
                yield Button("Show the result", id="submit", variant="primary")
        yield Footer()

    def on_mount(self) -> None:
        """Begin at the first answer."""
        self.query(TextArea).first().focus()

    def _how_it_ended(self) -> str:
        state = self._drill.exercise.state
        reasons = {"time": "The scenario's time is over.", "stopped": "You ended the exercise."}
        recovered = (
            "Production has recovered."
            if state.world.recovered_since is not None
            else "Production had not recovered."
        )
        return f"{reasons.get(state.end_reason, 'The exercise is over.')} {recovered}"

    @on(Button.Pressed, "#submit")
    def action_submit(self) -> None:
        """Keep the answers and show the result."""
        answers = {
            name: self.query_one(f"#answer-{name}", TextArea).text.strip()
            for name, _ in self._questions
        }
        pressed = self.query_one("#confidence", RadioSet).pressed_index
        self.query_one("#submit", Button).disabled = True
        self._keep({k: v for k, v in answers.items() if v}, pressed + 1 if pressed >= 0 else None)

    @work(group="hotwash", exclusive=True)
    async def _keep(self, answers: dict[str, str], confidence: int | None) -> None:
        import asyncio

        try:
            if self._drill.exercise.state.ended is None:
                await self._drill.take("end", reason="time")
            if answers or confidence is not None:
                await self._drill.take("hotwash", answers=answers, confidence=confidence)
            await asyncio.to_thread(finish, self.app.store, self._drill)
        except Exception as error:
            message = told(error)
            if message is None:
                raise
            self.notify(message, severity="error", timeout=15, markup=False)
            self.query_one("#submit", Button).disabled = False
            return
        self.app.result(self._drill.exercise_id)
