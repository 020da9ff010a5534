"""After the hot wash: what everybody answered, once the facilitator shows it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen

from simulator.exercise.fold import Exercise
from simulator.exercise.powers import ANONYMOUS
from simulator.session.seat import SeatDrill
from simulator.tui.panes.wording import line, paragraphs, text_of
from simulator.tui.panes.words import Words
from simulator.tui.screens.hotwash_questions import CONFIDENCE, questions
from simulator.tui.widgets.key_row import KeyRow
from simulator.tui.widgets.too_small import BREAKPOINTS_ACROSS, BREAKPOINTS_DOWN, TooSmall

MUTED = "$foreground 60%"


class AnswersScreen(Screen[None]):
    """Wait for the facilitator, then read the answers together."""

    CSS_PATH = "answers.tcss"
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS_ACROSS
    VERTICAL_BREAKPOINTS = BREAKPOINTS_DOWN
    HELP = "The facilitator shows the answers, and then the result. Ctrl+Q leaves."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "down", "Down", show=False),
        Binding("k,up", "up", "Up", show=False),
    ]

    def __init__(self, drill: SeatDrill) -> None:
        super().__init__()
        self.drill = drill

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="paper"):
            yield Words("Hot wash", id="title")
            yield Words(id="words")
        yield KeyRow()
        yield TooSmall()

    def on_mount(self) -> None:
        """Show what is shared, and follow it."""
        self.query_one("#paper").focus()
        self.drill.listeners.append(self._show)
        self._show()

    def on_unmount(self) -> None:
        """Follow no longer."""
        self.drill.listeners.remove(self._show)

    def _show(self) -> None:
        if not self.query("#words"):  # on its way out
            return
        exercise = self.drill.exercise
        shared = "answers" in exercise.state.shared
        waiting = (
            f"Answers so far: {len(exercise.state.hotwash)}. The facilitator shows them to "
            "everybody when it is time, and then the result."
        )
        words = answer_words(exercise) if shared else text_of(waiting)
        self.query_one("#words", Words).say(words)

    def action_down(self) -> None:
        """Scroll down."""
        self.query_one("#paper").scroll_down()

    def action_up(self) -> None:
        """Scroll up."""
        self.query_one("#paper").scroll_up()

    def palette_commands(self) -> Iterable[SystemCommand]:
        """There is nothing to do but to read."""
        return ()


def who_answered(exercise: Exercise, seat: str) -> str:
    """Return by whom an answer is; those without a name are all alike."""
    if seat.startswith(ANONYMOUS):
        return "without a name"
    return line(exercise.state.seats.get(seat, seat))


def answer_words(exercise: Exercise) -> Content:
    """Return every question with everybody's answers."""
    state = exercise.state
    rows: list[Content] = []
    for name, question in questions(exercise.scenario):
        rows.append(text_of((f"\n{paragraphs(question)}", "bold")))
        said = [(seat, given[name]) for seat, given in state.hotwash.items() if given.get(name)]
        for seat, answer in said:
            who = (f"   {who_answered(exercise, seat)}", MUTED)
            rows.append(text_of("- ", paragraphs(answer), who))
        if not said:
            rows.append(text_of(("nobody said anything", MUTED)))
    rows.append(text_of(("\nIf this happened tonight, how sure would you be?", "bold")))
    for number, label in enumerate(CONFIDENCE, 1):
        count = sum(sure == number for sure in state.confidence.values())
        rows.append(text_of(f"{label:<28}", ("#" * count + f" {count}" if count else "-", MUTED)))
    return Content("\n").join(rows)
