"""What every application of ours has: themes, help, the palette."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen, Screen

from simulator.tui.themes import THEMES, preferred_theme

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual._path import CSSPathType
    from textual.command import Provider


def _acts() -> type[Provider]:
    """Return what fills the palette; imported when it is first opened."""
    from simulator.tui.screens.palette import Acts

    return Acts


class BaseApp(App[None]):
    """An application that owns screens and themes, and nothing else."""

    TITLE = "Tabletop"
    CSS_PATH: ClassVar[CSSPathType | None] = "app.tcss"
    ENABLE_COMMAND_PALETTE = True
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_acts}
    COMMAND_PALETTE_BINDING = "ctrl+p"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1", "show_help", "Help", key_display="?"),
        Binding("ctrl+t", "switch_theme", "Light or dark", show=False),
        Binding("ctrl+q", "quit", "Quit", show=False),
    ]

    def __init__(self, theme: str = "") -> None:
        super().__init__()
        for one in THEMES:
            self.register_theme(one)
        self.theme = theme or preferred_theme(os.environ)

    def switch_to(self, screen: Screen[None]) -> None:
        """Put a screen in place of the one that is shown, and of the dialogs over it.

        Later, so that a dialog whose act leads there has closed itself by then.
        """
        self.call_later(self._switch_to, screen)

    def _switch_to(self, screen: Screen[None]) -> None:
        while isinstance(self.screen, ModalScreen):
            self.pop_screen()
        if len(self.screen_stack) > 1:
            self.switch_screen(screen)
        else:
            self.push_screen(screen)

    def action_show_help(self) -> None:
        """Show what can be done on the screen at hand."""
        from simulator.tui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen.of(self.screen))

    def action_switch_theme(self) -> None:
        """Change between light and dark."""
        self.theme = "tabletop-light" if self.current_theme.dark else "tabletop-dark"

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer every act of the screen at hand in the palette."""
        yield SystemCommand("Help", "What can be done on this screen", self.action_show_help)
        yield SystemCommand("Light or dark", "Change the theme", self.action_switch_theme)
        yield SystemCommand("Quit", "Leave; an exercise can be resumed", self.action_quit)
        commands = getattr(screen, "palette_commands", None)
        if commands is not None:
            yield from commands()
