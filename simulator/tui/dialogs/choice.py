"""Dialogs in which one thing is chosen: the severity, a decision, how to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from simulator.tui.dialogs.dialog import Dialog, Propose
from simulator.tui.panes.wording import at_clock, line, paragraphs, text_of
from simulator.tui.panes.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.content.scenario import Decision
    from simulator.exercise.fold import Exercise


class SeverityDialog(Dialog):
    """Declare how severe the incident is."""

    HEADING = "Declare the severity"
    FOOT = "Enter declares, Escape closes. You can declare again later."

    def __init__(self, exercise: Exercise, propose: Propose) -> None:
        super().__init__(propose)
        self._exercise = exercise

    def body(self) -> ComposeResult:
        """List the levels with what they mean."""
        levels = OptionList(id="choices", markup=False, compact=True)
        for level in self._exercise.system.severities:
            now = "  (declared)" if level.id == self._exercise.state.severity else ""
            levels.add_option(
                Option(
                    text_of(
                        (f"{line(level.id)}  {line(level.title)}{now}\n", "bold"),
                        f"{paragraphs(level.meaning)}\n",
                        (f"Respond: {line(level.respond)}\n", "$foreground 60%"),
                    ),
                    id=f"level-{len(levels.options)}",
                )
            )
        yield levels

    @on(OptionList.OptionSelected, "#choices")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        level = self._exercise.system.severities[event.option_index]
        self.propose("declare", severity=level.id)


class DecisionDialog(Dialog):
    """Answer a decision that the scenario has put."""

    FOOT = "Enter decides, Escape leaves it open."

    def __init__(self, exercise: Exercise, decision: Decision, propose: Propose) -> None:
        super().__init__(propose)
        self._exercise, self._decision = exercise, decision

    def heading(self) -> str:
        """Return what is to be decided."""
        return line(self._decision.title)

    def body(self) -> ComposeResult:
        """Put the question and its options."""
        opened = self._exercise.state.open_decisions.get(self._decision.id, 0)
        question = paragraphs(self._decision.question or "")
        since = (f"\nOpen since {at_clock(self._exercise, opened)}.", "$foreground 60%")
        yield Words(text_of(question, since), classes="about")
        options = OptionList(id="choices", markup=False, compact=True)
        options.add_options(
            Option(text_of(f"{line(option.text)}\n")) for option in self._decision.options
        )
        yield options

    @on(OptionList.OptionSelected, "#choices")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        option = self._decision.options[event.option_index]
        self.propose("decide", decision=self._decision.id, option=option.id)


class DecisionsDialog(Dialog):
    """Choose which decision to answer, or read those that were taken."""

    HEADING = "Decisions"

    def __init__(
        self, exercise: Exercise, waiting: list[Decision], choose: Callable[[Decision], None]
    ) -> None:
        super().__init__()
        self._exercise, self._waiting, self._choose = exercise, waiting, choose

    def body(self) -> ComposeResult:
        """List what is open, and what was decided."""
        choices = OptionList(id="choices", markup=False, compact=True)
        choices.add_options(
            Option(text_of(("open  ", "bold $text-accent"), line(one.title)))
            for one in self._waiting
        )
        yield choices
        choices.display = bool(self._waiting)
        rows = []
        for name, (at, chosen) in self._exercise.state.decisions.items():
            decision = next((d for d in self._exercise.scenario.decisions if d.id == name), None)
            if decision is not None:
                text = next((o.text for o in decision.options if o.id == chosen), chosen)
                clock = at_clock(self._exercise, at)
                rows.append(f"{clock}  {line(decision.title)}: {line(text)}")
        nothing = "" if self._waiting else "No decision is open."
        yield Words("\n".join(rows) or nothing, classes="about")

    @on(OptionList.OptionSelected, "#choices")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss()
        self._choose(self._waiting[event.option_index])


class EndingDialog(Dialog):
    """End the exercise, or leave it to be resumed."""

    HEADING = "End the exercise?"

    def __init__(self, propose: Propose, leave: Callable[[], None]) -> None:
        super().__init__(propose)
        self._leave = leave

    def body(self) -> ComposeResult:
        """Offer the ways out."""
        yield OptionList(
            Option(text_of(("Go on playing\n", "bold"), "Nothing changes.\n")),
            Option(
                text_of(("Stop here and resume later\n", "bold"), "The exercise keeps its place.\n")
            ),
            Option(
                text_of(("End now\n", "bold"), "Play is over; hot wash and result follow.\n")
            ),
            id="choices", markup=False, compact=True,
        )  # fmt: skip

    @on(OptionList.OptionSelected, "#choices")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        if event.option_index == 2:
            self.propose("end", reason="stopped")
        else:
            self.dismiss()
            if event.option_index == 1:
                self._leave()
