"""Dialogs for somebody who is stuck: a hint, the solution, "this confuses me"."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from simulator.session.guidance import steps_in_order
from simulator.tui.dialogs.dialog import Dialog, Propose
from simulator.tui.panes.runbook_page import unmarked
from simulator.tui.panes.wording import line, paragraphs, text_of
from simulator.tui.panes.words import Words

if TYPE_CHECKING:
    from simulator.exercise.fold import Exercise

STRENGTHS = ("a nudge", "a pointer", "the answer")


class HintDialog(Dialog):
    """The hints given for a step so far; h asks for a stronger one."""

    FOOT = "h gives a stronger hint, Escape closes. Hints cost nothing."
    BINDINGS: ClassVar[list[BindingType]] = [Binding("h", "stronger", "Stronger hint")]

    def __init__(self, exercise: Exercise, step: str, propose: Propose) -> None:
        super().__init__(propose)
        self._exercise, self._step = exercise, step

    def heading(self) -> str:
        """Return the step the hints are for."""
        return "Hint: " + line(unmarked(self._exercise.pack.step_title(self._step)), 130)

    def body(self) -> ComposeResult:
        """Show what was given."""
        yield Words(self._given(), id="hints")

    def _given(self) -> Content:
        given = [hint for hint in self._exercise.state.hints if hint.step == self._step]
        pieces = []
        for hint in given:
            name = STRENGTHS[min(hint.strength, 3) - 1].capitalize()
            text = paragraphs(hint.text) or "There is no hint for this step. Look at the runbook."
            pieces.append(text_of((f"{name}\n", "bold $text-accent"), text))
        return Content("\n\n").join(pieces[-3:])

    async def action_stronger(self) -> None:
        """Ask for the next hint."""
        given = [hint for hint in self._exercise.state.hints if hint.step == self._step]
        if given and given[-1].strength >= 3:
            self.complain("That was the answer. x shows the whole solution.")
        elif self._propose is not None:
            self.complain(await self._propose("hint", {"step": self._step}))
            self.query_one("#hints", Words).say(self._given())


class SolutionDialog(Dialog):
    """What is wrong and what mends it, once somebody has said that they want to know."""

    HEADING = "Show the solution?"

    def __init__(self, exercise: Exercise, step: str, propose: Propose) -> None:
        super().__init__(propose)
        self._exercise, self._step = exercise, step

    def body(self) -> ComposeResult:
        """Ask first, unless it was shown already."""
        if self._exercise.state.revealed:
            yield Words(solution(self._exercise))
            return
        yield OptionList(
            Option(text_of(("Go on without it\n", "bold"), "Ask for a hint with h instead.\n")),
            Option(text_of(("Show it\n", "bold"), "It is noted that you saw it.\n")),
            id="choices", markup=False, compact=True,
        )  # fmt: skip

    @on(OptionList.OptionSelected, "#choices")
    async def _chosen(self, event: OptionList.OptionSelected) -> None:
        if event.option_index == 0 or self._propose is None:
            self.dismiss()
            return
        why = await self._propose("reveal", {"step": self._step})
        if why:
            self.complain(why)
            return
        self.query_one("#title", Words).say("The solution")
        choices = self.query_one("#choices")
        choices.display = False
        body = self.query_one("#body")
        await body.mount(Words(solution(self._exercise)))
        body.can_focus = True
        body.focus()


def solution(exercise: Exercise) -> Content:
    """Return what is hidden, the ways to heal it, and the procedure with its answers."""
    scenario, state = exercise.scenario, exercise.state
    pieces = [text_of(("What is wrong\n", "bold $text-accent"))]
    for cause in (one for one in scenario.causes if not one.aside):
        pieces.append(
            text_of((line(cause.title) + "\n", "bold"), paragraphs(cause.explanation), "\n")
        )
    pieces.append(text_of(("What mends it\n", "bold $text-accent")))
    pieces += [text_of(f"  {line(fix.title)}\n") for fix in scenario.fixes]
    pieces.append(text_of(("The procedure\n", "bold $text-accent")))
    for step in steps_in_order(scenario.procedure):
        box = "[x]" if step in state.ticks else "[ ]"
        title = line(unmarked(exercise.pack.step_title(step)))
        pieces.append(text_of((f"{box} {title}\n", "bold")))
        found = exercise.pack.step(step)
        answer = exercise.hint(step, 3) or (found.commands[0] if found and found.commands else "")
        if answer:
            pieces.append(text_of((f"{paragraphs(answer)}\n", "$foreground 60%")))
    return Content("").join(pieces)


class ConfusionDialog(Dialog):
    """Say that a step confuses you, with a note if you like."""

    HEADING = "This confuses me"
    FOOT = "Enter notes it, Escape closes. It helps to mend the runbook and costs nothing."

    def __init__(self, exercise: Exercise, step: str, propose: Propose) -> None:
        super().__init__(propose)
        self._exercise, self._step = exercise, step

    def body(self) -> ComposeResult:
        """Ask what is unclear."""
        title = line(unmarked(self._exercise.pack.step_title(self._step)))
        yield Words(
            text_of((f"{title}\n", "bold"), (self._step, "$foreground 60%")), classes="about"
        )
        yield Input(placeholder="what is unclear? (may be left empty)", id="note")

    @on(Input.Submitted, "#note")
    def _noted(self, event: Input.Submitted) -> None:
        self.propose("confused", step=self._step, note=event.value)
