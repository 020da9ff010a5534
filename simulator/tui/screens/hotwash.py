"""The hot wash: the questions right after play, answered while it is fresh."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import Screen
from textual.widgets import Button, RadioButton, RadioSet, TextArea

from simulator.session.faults import told
from simulator.tui.panes.wording import paragraphs
from simulator.tui.panes.words import Words
from simulator.tui.screens.hotwash_questions import CONFIDENCE, questions
from simulator.tui.screens.palette import offer
from simulator.tui.widgets.key_row import KeyRow
from simulator.tui.widgets.ticks import OneOf
from simulator.tui.widgets.too_small import BREAKPOINTS_ACROSS, BREAKPOINTS_DOWN, TooSmall

if TYPE_CHECKING:
    from simulator.session.seat import Console


Keep = Callable[[dict[str, str], int | None], Awaitable[None]]
"""Keeps answers and confidence, and shows what comes next; raises what a person can be told."""


class Answer(TextArea):
    """A place to write an answer, in which `?` is a letter like any other."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f1", "app.show_help", "Help")]

    def on_paste(self, event: events.Paste) -> None:
        """Let nothing in that a terminal would obey."""
        event.text = paragraphs(event.text)


class HotWashScreen(Screen[None]):
    """Answer a few questions, then see the result."""

    AUTO_FOCUS = "Answer"
    CSS_PATH = "hotwash.tcss"
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS_ACROSS
    VERTICAL_BREAKPOINTS = BREAKPOINTS_DOWN
    HELP = (
        "The exercise is over. Say what went well and what confused you while it is fresh:\n"
        "your words go into the report. Every answer can be left empty.\n"
        "Tab and Shift+Tab go from one answer to the next, Ctrl+S shows the result.\n"
        "Ctrl+Q leaves; resuming the exercise brings you back here."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "submit", "Show the result", priority=True),
        Binding("tab", "app.focus_next", "Next answer", show=True, priority=True),
    ]

    ONWARD = "Show the result"

    def __init__(self, drill: Console, keep: Keep) -> None:
        super().__init__()
        self._drill = drill
        self._keeping = keep
        self._questions = questions(drill.exercise.scenario)

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="paper", can_focus=False):
            yield Words("Hot wash", id="title")
            yield Words(self._how_it_ended(), id="ended")
            for name, question in self._questions:
                with Vertical(classes="asked"):
                    yield Words(paragraphs(question), classes="question")
                    yield Answer(
                        id=f"answer-{name}", tab_behavior="focus", classes="answer", soft_wrap=True
                    )
            with Vertical(classes="asked"):
                yield Words("If this happened tonight, how sure would you be?", classes="question")
                with RadioSet(id="confidence", compact=True):
                    for label in CONFIDENCE:
                        yield OneOf(label)
            with Horizontal(id="foot"):
                yield from self.further()
                yield Button(self.ONWARD, id="submit", compact=True)
        yield KeyRow()
        yield TooSmall()

    def further(self) -> ComposeResult:
        """Yield what else is asked beside the way on."""
        yield from ()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Show the question with the place to answer it; at the first, how it ended, too."""
        asked = event.widget.parent
        if isinstance(asked, Vertical) and asked is self.query(".asked").first():
            self.call_after_refresh(self.query_one("#paper").scroll_home, animate=False)
        elif isinstance(asked, Vertical):
            self.call_after_refresh(asked.scroll_visible, animate=False)

    def _how_it_ended(self) -> str:
        state = self._drill.exercise.state
        reasons = {"time": "The scenario's time is over.", "stopped": self._stopped()}
        recovered = (
            "Production has recovered."
            if state.world.recovered_since is not None
            else "Production had not recovered."
        )
        return f"{reasons.get(state.end_reason, 'The exercise is over.')} {recovered}"

    def _stopped(self) -> str:
        alone = not self._drill.exercise.team
        return "You ended the exercise." if alone else "The facilitator ended the exercise."

    def palette_commands(self) -> Iterable[SystemCommand]:
        """Offer every answer's place, each confidence, and the result."""
        yield offer(self.ONWARD, "Keep the answers", self.action_submit)
        for name, question in self._questions:
            area = self.query_one(f"#answer-{name}", Answer)
            yield offer(f"Answer: {question}", "Write there", area.focus)
        for button in self.query(RadioButton):
            sure = partial(setattr, button, "value", True)
            yield offer(f"Confidence: {button.label}", "How sure you would be tonight", sure)

    @on(Button.Pressed, "#submit")
    def action_submit(self) -> None:
        """Keep the answers and go on."""
        answers = {
            name: self.query_one(f"#answer-{name}", Answer).text.strip()
            for name, _ in self._questions
        }
        pressed = self.query_one("#confidence", RadioSet).pressed_index
        self.query_one("#submit", Button).disabled = True
        self._keep({k: v for k, v in answers.items() if v}, pressed + 1 if pressed >= 0 else None)

    @work(group="hotwash", exclusive=True)
    async def _keep(self, answers: dict[str, str], confidence: int | None) -> None:
        try:
            await self._keeping(answers, confidence)
        except Exception as error:
            message = told(error)
            if message is None:
                raise
            self.notify(message, severity="error", timeout=15, markup=False)
            self.query_one("#submit", Button).disabled = False
