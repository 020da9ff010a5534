"""The application: it owns the screens and the themes, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen, Screen

from simulator.tui.themes import THEMES, preferred_theme

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.command import Provider

    from simulator.journal import Store
    from simulator.session.drill import Drill

LEAST_WIDTH, LEAST_HEIGHT = 80, 24


def _acts() -> type[Provider]:
    """Return what fills the palette; imported when it is first opened."""
    from simulator.tui.screens.palette import Acts

    return Acts


class TabletopApp(App[None]):
    """Tabletop in a terminal."""

    TITLE = "Tabletop"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = True
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_acts}
    COMMAND_PALETTE_BINDING = "ctrl+p"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1", "show_help", "Help", key_display="?"),
        Binding("ctrl+t", "switch_theme", "Light or dark", show=False),
        Binding("ctrl+q", "quit", "Quit", show=False),
    ]

    def __init__(
        self,
        content: Path,
        store: Store,
        scenario: str | None = None,
        exercise: str | None = None,
        seed: int = 1,
    ) -> None:
        super().__init__()
        self.content = content
        self.store = store
        self.first_scenario, self.first_exercise, self.seed = scenario, exercise, seed
        self.drill: Drill | None = None
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = preferred_theme(os.environ)

    def on_mount(self) -> None:
        """Open the screen that was asked for, over the launcher."""
        if self.first_exercise is not None:
            self.go_on(self.first_exercise)
        elif self.first_scenario is not None:
            self.brief(self.first_scenario)
        else:
            self.launch()

    def launch(self) -> None:
        """Show the launcher."""
        from simulator.tui.screens.launcher import LauncherScreen

        self.switch_to(LauncherScreen(self.content, self.store))

    def brief(self, scenario: str) -> None:
        """Show a scenario's briefing."""
        from simulator.tui.screens.briefing import BriefingScreen

        self.switch_to(BriefingScreen(self.content, self.store, scenario, self.seed))

    def go_on(self, exercise: str) -> None:
        """Open a stored exercise: the drill where it was, or the result of a finished one."""
        from simulator.tui.screens.opening import OpeningScreen

        self.switch_to(OpeningScreen(self.store, exercise))

    def play(self, drill: Drill) -> None:
        """Show the drill."""
        from simulator.tui.screens.drill import DrillScreen

        self.drill = drill
        self.switch_to(DrillScreen(drill))

    def wash(self, drill: Drill) -> None:
        """Show the hot wash of an exercise that has ended."""
        from simulator.tui.screens.hotwash import HotWashScreen

        self.switch_to(HotWashScreen(drill))

    def result(self, exercise: str) -> None:
        """Show what an exercise is worth."""
        from simulator.tui.screens.result import ResultScreen

        if self.drill is not None:
            self.drill.close()
            self.drill = None
        self.switch_to(ResultScreen(self.store, exercise))

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

    async def action_quit(self) -> None:
        """Leave. An exercise that is open keeps its place."""
        if self.drill is not None:
            self.drill.close()
            self.drill = None
        self.exit()


def run_app(
    content: Path,
    store: Store,
    scenario: str | None = None,
    exercise: str | None = None,
    seed: int = 1,
) -> None:
    """Open the application and return when it is left."""
    TabletopApp(content, store, scenario, exercise, seed).run()
