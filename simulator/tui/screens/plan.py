"""The screen of the improvement plan: corrective actions, and what is due."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import Screen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from simulator.review import plan as decided
from simulator.review.bound import check_bound
from simulator.review.due import Due, read_due
from simulator.review.plan import Action
from simulator.session.faults import told
from simulator.tui.panes.wording import paragraphs, text_of
from simulator.tui.panes.words import Words
from simulator.tui.screens import plan_words as say
from simulator.tui.screens.here import is_here
from simulator.tui.screens.palette import offer
from simulator.tui.widgets.key_row import KeyRow
from simulator.tui.widgets.too_small import BREAKPOINTS_ACROSS, BREAKPOINTS_DOWN, TooSmall

if TYPE_CHECKING:
    from simulator.journal import Store
    from simulator.tui.app import TabletopApp


def today() -> date:
    """Return the present day where this terminal is."""
    return datetime.now(UTC).astimezone().date()


class PlanScreen(Screen[None]):
    """What is to be done, by whom and when."""

    app: TabletopApp
    CSS_PATH = "plan.tcss"
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS_ACROSS
    VERTICAL_BREAKPOINTS = BREAKPOINTS_DOWN
    HELP = (
        "Corrective actions, what is open first. One that is bound to a step closes by itself "
        "when a later exercise of its scenario does the step well.\n"
        "d shows what is to be practised, and which steps nobody has exercised."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", "Add", tooltip="Add an action"),
        Binding("e", "edit", "Edit", tooltip="Change the action at hand"),
        Binding("x", "close", "Close", tooltip="It is done or dropped, or opened again"),
        Binding("d", "due", "Due", tooltip="What is to be practised, or the plan"),
        Binding("w", "write", "Write", show=False, tooltip="Write plan.csv and plan.ics here"),
        Binding("c", "confusion", "Confusion", show=False, tooltip="Show the steps that confuse"),
        Binding("escape,q", "back", "Back", key_display="esc"),
    ]

    def __init__(self, content: Path, store: Store) -> None:
        super().__init__()
        self._content, self._store = content, store
        self._actions: dict[str, Action] = {}
        self._due: Due | None = None
        self._today = today()

    def compose(self) -> ComposeResult:
        with Vertical(id="page"):
            with Horizontal(id="head"):
                yield Words("Improvement plan", id="name")
                yield Words("Reading the plan", id="counts")
            yield Words(id="fault")
            with Horizontal(id="body"):
                yield OptionList(id="actions", markup=False)
                with VerticalScroll(id="about", can_focus=False):
                    yield Words(id="detail")
            with VerticalScroll(id="due"):
                yield Words(id="rehearsals")
        yield KeyRow()
        yield TooSmall()

    def on_mount(self) -> None:
        """Read the plan behind the first picture."""
        self.query_one("#actions").focus()
        self._read()

    @work(thread=True, group="plan", exclusive=True)
    def _read(self) -> None:
        try:
            library = self._store.library()
            actions = decided.read_plan(library)
            due = read_due(library, self._content, self._today)
        except Exception as error:
            message = told(error)
            if message is None:
                raise
            self.app.call_from_thread(self._refuse, message)
            return
        self.app.call_from_thread(self._show, actions, due)

    def _refuse(self, message: str) -> None:
        if is_here(self):
            fault = self.query_one("#fault", Words)
            fault.add_class("-there")
            fault.say(text_of(("This cannot be read. ", "bold"), paragraphs(message)))
            self.query_one("#counts", Words).say("")

    def _show(self, actions: list[Action], due: Due) -> None:
        if not is_here(self):
            return
        chosen = self._chosen()
        ordered = sorted(actions, key=lambda one: (one.closed, one.due or "9", one.number))
        self._actions, self._due = {one.id: one for one in ordered}, due
        self.query_one("#counts", Words).say(say.head(due, len(actions)))
        self.query_one("#rehearsals", Words).say(say.due_about(due))
        shown = self.query_one("#actions", OptionList)
        shown.clear_options()
        for one in ordered:
            shown.add_option(Option(say.row(one, self._today), id=one.id))
        if ordered:
            ids = list(self._actions)
            shown.highlighted = ids.index(chosen.id) if chosen and chosen.id in ids else 0
        else:
            self.query_one("#detail", Words).say(say.nothing())

    def _chosen(self) -> Action | None:
        shown = self.query_one("#actions", OptionList)
        if shown.highlighted is None:
            return None
        return self._actions.get(shown.get_option_at_index(shown.highlighted).id or "")

    @on(OptionList.OptionHighlighted, "#actions")
    def _describe(self, event: OptionList.OptionHighlighted) -> None:
        action = self._actions.get(event.option.id or "")
        if action is not None:
            self.query_one("#detail", Words).say(say.about(action, self._today))

    def _decide(self, change: Callable[[str, str], object]) -> str:
        """Let a change be decided on; return why it cannot be, or an empty text."""
        from simulator.tui.screens.briefing import player_name

        try:
            change(secrets.token_hex(16), player_name())
        except Exception as error:
            message = told(error)
            if message is None:
                raise
            return message
        self._read()
        return ""

    def action_add(self) -> None:
        """Add an action."""
        from simulator.tui.dialogs.action import ActionDialog

        def add(fields: Mapping[str, str]) -> str:
            library = self._store.library()
            given = {"what": "", **fields}

            def decide(key: str, by: str) -> Action:
                check_bound(self._content, library, given)
                return decided.add(library, key, by, **given)

            return self._decide(decide)

        self._leave_due()
        self.app.push_screen(ActionDialog(None, add))

    @on(OptionList.OptionSelected, "#actions")
    def action_edit(self) -> None:
        """Change the action at hand."""
        from simulator.tui.dialogs.action import ActionDialog

        action = self._chosen()
        if action is None:
            self.notify("There is no action to change.")
            return
        self.app.push_screen(ActionDialog(action, partial(self._change, action)))

    def _change(self, action: Action, fields: Mapping[str, str]) -> str:
        library = self._store.library()

        def decide(key: str, by: str) -> Action:
            check_bound(self._content, library, fields)
            return decided.change(library, key, by, action.number, **fields)

        return self._decide(decide)

    def action_close(self) -> None:
        """Close the action at hand, or open it again."""
        from simulator.tui.dialogs.action import CloseDialog

        action = self._chosen()
        if action is None:
            self.notify("There is no action to close.")
            return
        self.app.push_screen(CloseDialog(action, partial(self._close, action)))

    def _close(self, action: Action, told_: Mapping[str, str]) -> str:
        library, number, reason = self._store.library(), action.number, told_["reason"]
        if told_["do"] == "reopen":
            return self._decide(lambda key, by: decided.reopen(library, key, by, number, reason))
        dropped = told_["do"] == "drop"
        return self._decide(
            lambda key, by: decided.close(library, key, by, number, reason, dropped=dropped)
        )

    def action_due(self) -> None:
        """Show what is to be practised, or the plan again."""
        if self.has_class("-due"):
            self._leave_due()
        else:
            self.add_class("-due")
            self.query_one("#due").focus()

    def _leave_due(self) -> None:
        self.remove_class("-due")
        self.query_one("#actions").focus()

    def action_write(self) -> None:
        """Write the plan for a spreadsheet and for a calendar into the current folder."""
        from simulator.review.plan_text import plan_csv, plan_ics

        actions = sorted(self._actions.values(), key=lambda one: one.number)
        for name, text in (("plan.csv", plan_csv(actions)), ("plan.ics", plan_ics(actions))):
            file = Path.cwd() / name
            try:
                file.write_text(text, encoding="utf-8", newline="")
            except OSError as error:
                self.notify(f"{file}: {error.strerror}", severity="error", markup=False)
                return
            self.notify(f"Wrote {file}", markup=False)

    def action_confusion(self) -> None:
        """Show the steps that confuse."""
        self.app.confusion()

    def action_back(self) -> None:
        """Go back to the plan, or to the scenarios."""
        if self.has_class("-due"):
            self._leave_due()
        else:
            self.app.launch()

    def palette_commands(self) -> Iterable[SystemCommand]:
        """Offer what the keys do."""
        yield offer("Add an action", "What, who and when", self.action_add)
        yield offer("Edit the action", "Change its fields", self.action_edit)
        yield offer("Close the action", "Done, dropped, or opened again", self.action_close)
        yield offer("What is due", "To practise, and never exercised", self.action_due)
        yield offer("Write the plan", "plan.csv and plan.ics in this folder", self.action_write)
        yield offer("Confusion", "The steps that confuse", self.action_confusion)
        yield offer("Scenarios", "Choose what to practise", self.app.launch)
