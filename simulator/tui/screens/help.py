"""Help: what a screen is for, and its keys."""

from __future__ import annotations

from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen, Screen
from textual.widgets import Static


class HelpScreen(ModalScreen[None]):
    """What can be done on the screen below."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1,enter", "dismiss", "Close"),
    ]

    def __init__(self, about: str, keys: list[tuple[str, str]]) -> None:
        super().__init__()
        self._about, self._keys = about, keys

    @classmethod
    def of(cls, screen: Screen[object]) -> HelpScreen:
        """Return the help of a screen: its HELP text, and the bindings that are active now."""
        keys: dict[tuple[str, str], list[str]] = {}
        for _, binding, enabled, tooltip in screen.active_bindings.values():
            if enabled and binding.description and not binding.system:
                shown = screen.app.get_key_display(binding)
                keys.setdefault((binding.action, tooltip or binding.description), []).append(shown)
        rows = [(" ".join(shown), meaning) for (_, meaning), shown in keys.items()]
        return cls(getattr(screen, "HELP", ""), rows)

    def compose(self) -> ComposeResult:
        table = Table.grid(padding=(0, 2))
        table.add_column(justify="right", style="bold", no_wrap=True)
        table.add_column()
        for key, meaning in self._keys:
            table.add_row(Text(key), Text(meaning))
        with VerticalScroll(id="card"):
            yield Static("Help", id="title")
            yield Static(self._about, id="about", markup=False)
            yield Static(table, id="keys")
            yield Static("Escape closes this. Ctrl+P offers every act by name.", id="foot")
