"""Dialogs of the improvement plan: an action's fields, and closing it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Button, Input, OptionList, Select
from textual.widgets.option_list import Option

from simulator.review.plan import ELEMENTS, OPEN, STARTED, Action
from simulator.tui.dialogs.dialog import Dialog, typed_in
from simulator.tui.panes.wording import line, text_of
from simulator.tui.panes.words import Words

Decide = Callable[[Mapping[str, str]], str]
"""Takes what was filled in; returns why it cannot be so, or an empty text."""

_FIELDS = (
    ("what", "What is to be done", "in a few words"),
    ("owner", "Who sees to it", "a name or a team"),
    ("start", "From when", "2026-08-01"),
    ("due", "By when", "2026-08-31"),
    ("step", "Step it closes by", "system/runbook#step, or empty"),
    ("scenario", "In the scenario", "system/scenario, or empty"),
)


class ActionDialog(Dialog):
    """Add an action, or change one."""

    CSS = "ActionDialog #body .field { margin-bottom: 0; }"
    FOOT = "Tab goes on, Ctrl+S keeps it, Escape closes."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "keep", "Keep", priority=True),
    ]

    def __init__(
        self, action: Action | None, decide: Decide, given: Mapping[str, str] | None = None
    ) -> None:
        """`given` is what the fields of a new one begin with."""
        super().__init__()
        self._action, self._decide, self._given = action, decide, given or {}

    def heading(self) -> str:
        """Return whether it is a new one."""
        return f"Action {self._action.number}" if self._action else "A new action"

    def body(self) -> ComposeResult:
        """Ask for each field."""
        for name, title, example in _FIELDS:
            with Horizontal(classes="field"):
                yield Words(title, classes="label")
                value = getattr(self._action, name) if self._action else self._given.get(name, "")
                yield Input(value, placeholder=example, id=name, compact=True)
        for name, title, known in (
            ("status", "Status", (OPEN, STARTED)),
            ("element", "Element", ELEMENTS),
        ):
            with Horizontal(classes="field"):
                yield Words(title, classes="label")
                value = getattr(self._action, name) if self._action else ""
                yield Select(
                    [(one, one) for one in known],
                    value=value if value in known else Select.NULL,
                    prompt="choose", id=name, compact=True,
                )  # fmt: skip
        yield Button("Keep", id="do", compact=True)

    def on_mount(self) -> None:
        """Begin with what is to be done."""
        super().on_mount()
        self.query_one("#what").focus()

    @on(Button.Pressed, "#do")
    def action_keep(self) -> None:
        """Keep what was filled in."""
        names = [name for name, _, _ in _FIELDS] + ["status", "element"]
        filled = {name: typed_in(self.query_one(f"#{name}")) for name in names}
        old = {name: getattr(self._action, name) if self._action else "" for name in names}
        changed = {name: value for name, value in filled.items() if value != old[name]}
        why = self._decide(changed) if changed else ""
        if why:
            self.complain(line(why))
        else:
            self.dismiss()


class CloseDialog(Dialog):
    """Close an action, or open a closed one again."""

    FOOT = "Enter decides, Escape closes this."

    def __init__(self, action: Action, decide: Decide) -> None:
        super().__init__()
        self._action, self._decide = action, decide

    def heading(self) -> str:
        """Return which action it is."""
        return f"Action {self._action.number}"

    def body(self) -> ComposeResult:
        """Offer what can be decided."""
        yield Words(line(self._action.what), classes="about")
        yield Input(id="note", placeholder="a reason, or what shows it", compact=True)
        choices = OptionList(id="choices", markup=False, compact=True)
        if self._action.closed:
            about = "Only exercises from now on can close it."
            choices.add_option(Option(text_of(("Open it again\n", "bold"), about), id="reopen"))
        else:
            choices.add_option(Option(text_of(("It is done\n", "bold"), ""), id="done"))
            about = "Say why, above."
            choices.add_option(Option(text_of(("Drop it\n", "bold"), about), id="drop"))
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
