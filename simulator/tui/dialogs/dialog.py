"""What every dialog has in common: a card, a way out, and a line for what went wrong."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, OptionList, Select

from simulator.tui.panes.wording import text_of
from simulator.tui.panes.words import Words

Propose = Callable[[str, Mapping[str, Any]], Awaitable[str]]
"""Takes an act; returns why it could not be done, or an empty text."""


class Dialog(ModalScreen[None]):
    """A card over the drill screen. Escape leaves everything as it was."""

    CSS_PATH = "dialog.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-low"), (36, "-high")]
    HEADING = ""
    FOOT = "Escape closes this."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Close"),
    ]

    def __init__(self, propose: Propose | None = None) -> None:
        super().__init__(classes="-asks" if propose else None)
        self._propose = propose

    def compose(self) -> ComposeResult:
        with Vertical(id="card"):
            yield Words(self.heading(), id="title")
            with VerticalScroll(id="body", can_focus=False):
                yield from self.body()
            yield Words(id="fault")
            yield Words(self.FOOT, id="foot")

    def heading(self) -> str:
        """Return the title."""
        return self.HEADING

    def body(self) -> ComposeResult:
        """Yield what is asked."""
        yield from ()

    def on_mount(self) -> None:
        """Show no fault before there is one."""
        self.query_one("#fault").display = False
        for choices in self.query(OptionList):
            if choices.highlighted is None and choices.option_count:
                choices.highlighted = 0

    def complain(self, why: str) -> None:
        """Say what went wrong; what was typed stays."""
        fault = self.query_one("#fault", Words)
        fault.display = bool(why)
        fault.say(text_of((why, "bold $text-error")))

    def propose(self, do: str, **fields: Any) -> None:
        """Ask for an act, and close once it is done."""
        self.run_worker(self._ask(do, fields), group="ask", exclusive=True)

    async def _ask(self, do: str, fields: Mapping[str, Any]) -> None:
        if self._propose is None:
            return
        why = await self._propose(do, fields)
        if not self.is_current:
            return
        if why:
            self.complain(why)
        else:
            self.dismiss()


def typed_in(widget: Widget) -> str:
    """Return what a field holds; "" for one that is empty."""
    value = widget.value if isinstance(widget, Input | Select) else ""
    return value.strip() if isinstance(value, str) else ""
