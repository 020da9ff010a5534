"""Menus: the actions on production with what they are done to, and the message templates."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Button, Input, OptionList, Select
from textual.widgets.option_list import Option

from simulator.exercise.powers import may_do
from simulator.tui.dialogs.dialog import Dialog, Propose, typed_in
from simulator.tui.panes.wording import line, text_of
from simulator.tui.panes.words import Words

if TYPE_CHECKING:
    from simulator.content.system import Action, Argument, MessageTemplate
    from simulator.exercise.fold import Exercise


def listed(exercise: Exercise, seat: str) -> list[Action]:
    """Return the actions that menus list for a seat, by product."""
    actions = [
        action
        for action in exercise.world.actions
        if action.menu and may_do(exercise, seat, action.id)
    ]
    return sorted(actions, key=lambda action: action.menu or "")


class MenuDialog(Dialog):
    """Choose an action."""

    HEADING = "Do what?"
    FOOT = "Type to narrow the list, arrows and Enter choose, Escape closes."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "to_list", "List", show=False),
    ]

    def __init__(self, exercise: Exercise, seat: str, choose: Callable[[Action], None]) -> None:
        super().__init__()
        self._exercise, self._choose = exercise, choose
        self._listed = listed(exercise, seat)

    def body(self) -> ComposeResult:
        """List the actions by product."""
        yield Input(placeholder="search", id="find", compact=True)
        yield OptionList(id="choices", markup=False, compact=True)

    def on_mount(self) -> None:
        """Show all."""
        super().on_mount()
        self._fill("")
        self.query_one("#find").focus()

    @on(Input.Changed, "#find")
    def _narrow(self, event: Input.Changed) -> None:
        self._fill(event.value)

    def _fill(self, query: str) -> None:
        choices = self.query_one("#choices", OptionList)
        choices.clear_options()
        words, product = query.casefold().split(), None
        for action in self._listed:
            if not all(word in f"{action.menu} {action.title}".casefold() for word in words):
                continue
            if action.menu != product:
                product = action.menu
                heading = text_of((line(product or ""), "bold $text-accent"))
                choices.add_option(Option(heading, disabled=True))
            choices.add_option(Option(text_of(f"  {line(action.title)}"), id=action.id))
        choices.highlighted = 1 if choices.option_count else None

    def action_to_list(self) -> None:
        """Go to the list."""
        self.query_one("#choices").focus()

    @on(Input.Submitted, "#find")
    def _first(self) -> None:
        option = self.query_one("#choices", OptionList).highlighted_option
        if option is not None and option.id:
            self._pick(option.id)

    @on(OptionList.OptionSelected, "#choices")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        if event.option.id:
            self._pick(event.option.id)

    def _pick(self, name: str) -> None:
        action = next(one for one in self._exercise.world.actions if one.id == name)
        self.dismiss()
        self._choose(action)


class ActionDialog(Dialog):
    """Say what an action is done to, and do it."""

    FOOT = "Tab goes on, Ctrl+S does it, Escape closes."
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "do", "Do it", priority=True)]

    def __init__(self, exercise: Exercise, action: Action, propose: Propose) -> None:
        super().__init__(propose)
        self._exercise, self._action = exercise, action

    def heading(self) -> str:
        """Return what is done."""
        return line(self._action.title)

    def body(self) -> ComposeResult:
        """Ask for each argument."""
        for number, (name, argument) in enumerate(self._action.args.items()):
            choices = self._exercise.world.argument_choices(
                self._exercise.state.world, self._action.id, name
            )
            with Horizontal(classes="field"):
                yield Words(line(argument.title, 18), classes="label")
                yield self._field(argument, list(dict.fromkeys(choices)), f"field-{number}")
        yield Button("Do it", id="do", compact=True)

    def _field(self, argument: Argument, choices: list[str], name: str) -> Input | Select[str]:
        default = ""
        if argument.default is not None:
            default = str(argument.default.evaluate(self._exercise.scope()))
        if not choices:
            return Input(default, id=name, compact=True)
        value = default if default in choices else choices[0]
        options = [(text_of(line(choice)), choice) for choice in choices]
        return Select(options, value=value, allow_blank=False, id=name, compact=True)

    @on(Button.Pressed, "#do")
    def action_do(self) -> None:
        """Do it."""
        args = {}
        for number, name in enumerate(self._action.args):
            if value := typed_in(self.query_one(f"#field-{number}")):
                args[name] = value
        self.propose("action", action=self._action.id, args=args)


class TemplatesDialog(Dialog):
    """Choose a template."""

    HEADING = "Which message?"
    FOOT = "Enter chooses, Escape closes."

    def __init__(self, exercise: Exercise, choose: Callable[[MessageTemplate], None]) -> None:
        super().__init__()
        self._templates = exercise.system.templates
        self._choose = choose

    def body(self) -> ComposeResult:
        """List the templates."""
        yield OptionList(
            *(
                Option(
                    text_of(
                        (f"{line(one.title)}\n", "bold"),
                        (", ".join(line(f.title) for f in one.fields) + "\n", "$foreground 60%"),
                    )
                )
                for one in self._templates
            ),
            id="choices", markup=False, compact=True,
        )  # fmt: skip

    @on(OptionList.OptionSelected, "#choices")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss()
        self._choose(self._templates[event.option_index])
