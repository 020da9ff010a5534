"""Help: what a screen is for, and its keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.dom import DOMNode
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from simulator.tui.panes.words import Words

EVERYWHERE = (
    ("tab", "Go on to the next place on the screen; shift+tab goes back"),
    ("^p", "Every act by name"),
    ("^t", "Light or dark"),
    ("^q", "Leave; an exercise can be resumed"),
)


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
        """Return the help of a screen: its HELP, or its `help_about`, and what is active now."""
        keys: dict[tuple[str, str], list[str]] = {}
        for binding, meaning in _own(screen):
            shown = screen.app.get_key_display(binding)
            places = keys.setdefault((binding.action, meaning), [])
            if shown not in places:
                places.append(shown)
        rows = [(" ".join(shown), meaning) for (_, meaning), shown in keys.items()]
        return cls(getattr(screen, "help_about", screen.HELP or ""), rows)

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="card"):
            yield Words("Help", id="title")
            yield Words(self._about, id="about")
            yield Static(_table(self._keys), id="keys")
            yield Words("On every screen", id="everywhere")
            yield Static(_table(EVERYWHERE))
            yield Words("Escape closes this.", id="foot")

    def on_mount(self) -> None:
        """Let the arrow keys scroll."""
        self.query_one("#card").focus()


def _own(screen: Screen[object]) -> Iterator[tuple[Binding, str]]:
    """Yield the active bindings that are ours, not those that every widget of Textual has."""
    for node, binding, enabled, tooltip in screen.active_bindings.values():
        ours = not isinstance(node, App) and binding in _declared(node)
        if ours and enabled and binding.description:
            yield binding, tooltip or binding.description


def _declared(node: DOMNode) -> list[Binding]:
    declared: list[BindingType] = []
    for kind in type(node).__mro__:
        if not kind.__module__.startswith("textual."):
            declared += vars(kind).get("BINDINGS", [])
    return list(Binding.make_bindings(declared))


def _table(rows: list[tuple[str, str]] | tuple[tuple[str, str], ...]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True, min_width=8)
    table.add_column()
    for key, meaning in rows:
        table.add_row(Text(key), Text(meaning))
    return table
