"""Dialogs on a proposed edit: deciding on it, and writing it in other words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Button, Input, OptionList, TextArea
from textual.widgets.option_list import Option

from simulator.review.revising.proposals import Proposal
from simulator.tui.dialogs.dialog import Dialog
from simulator.tui.panes.runbook_page import unmarked
from simulator.tui.panes.wording import line, text_of
from simulator.tui.panes.words import Words

Decide = Callable[[Mapping[str, str]], str]
"""Takes what was filled in; returns why it cannot be so, or an empty text."""

_WRITE = (
    ("write", "Write it", "Only these lines of the runbook, and of its scenarios."),
    ("patch", "Leave a patch", "A file in this folder, with a message that names the exercises."),
    ("branch", "Leave a branch", "A commit ready for review; your working tree stays as it is."),
)
_AWAY = (
    ("later", "Put it off", "It stays in the list, at the end."),
    ("reject", "Reject it", "It is not proposed again. Say why, above."),
)


class RevisionDialog(Dialog):
    """Decide on a proposal."""

    FOOT = "Tab goes to the choices, Enter decides, Escape closes this."

    def __init__(self, proposal: Proposal, decide: Decide) -> None:
        super().__init__()
        self._proposal, self._decide = proposal, decide

    def heading(self) -> str:
        """Return what would be done, and where."""
        return f"{self._proposal.finding.kind.value}: {line(unmarked(self._proposal.title))}"

    def body(self) -> ComposeResult:
        """Offer what can be decided."""
        yield Input(id="note", placeholder="a reason", compact=True)
        choices = OptionList(id="choices", markup=False, compact=True)
        for name, title, about in (*(_WRITE if self._proposal.ready else ()), *_AWAY):
            choices.add_option(Option(text_of((f"{title}\n", "bold"), about), id=name))
        yield choices

    def on_mount(self) -> None:
        """Begin with the choice."""
        super().on_mount()
        self.query_one("#choices").focus()

    @on(OptionList.OptionSelected, "#choices")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        reason = self.query_one("#note", Input).value.strip()
        why = self._decide({"do": event.option.id or "", "reason": reason})
        if why:
            self.complain(line(why))
        else:
            self.dismiss()


class OwnWordsDialog(Dialog):
    """Accept a proposal with other lines than those that it adds."""

    CSS = "OwnWordsDialog TextArea { height: 10; margin-bottom: 1; background: $surface; }"
    FOOT = "Ctrl+S writes it, Escape closes."
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "keep", "Write", priority=True)]

    def __init__(self, proposal: Proposal, words: str, decide: Decide) -> None:
        super().__init__()
        self._proposal, self._words, self._decide = proposal, words, decide

    def heading(self) -> str:
        """Return what would be done, and where."""
        return f"{self._proposal.finding.kind.value}: {line(unmarked(self._proposal.title))}"

    def body(self) -> ComposeResult:
        """Show the lines, to be changed."""
        yield Words("The lines that are put in, in Markdown", classes="about")
        yield TextArea(self._words, id="own", soft_wrap=True)
        yield Button("Write", id="do", compact=True)

    def on_mount(self) -> None:
        """Begin in the lines."""
        super().on_mount()
        self.query_one("#own").focus()

    @on(Button.Pressed, "#do")
    def action_keep(self) -> None:
        """Write the lines."""
        own = self.query_one("#own", TextArea).text
        if not own.strip():
            self.complain("There is nothing to write.")
            return
        why = self._decide({"do": "write", "reason": "", "own": own})
        if why:
            self.complain(line(why))
        else:
            self.dismiss()
