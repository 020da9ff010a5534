"""The facilitator's console in the palette: every act of the screen and of its panes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import SystemCommand
from textual.binding import Binding

from simulator.tui.screens.facilitator import asking
from simulator.tui.screens.facilitator.page import Page
from simulator.tui.screens.facilitator.pages import pages_for
from simulator.tui.screens.palette import offer

if TYPE_CHECKING:
    from simulator.tui.screens.facilitator.console import FacilitatorScreen


def commands(screen: FacilitatorScreen) -> Iterator[SystemCommand]:
    """Yield what can be done now; what a pane does shows that pane first."""
    for binding in type(screen).BINDINGS:
        if isinstance(binding, Binding):
            name, parameters = _parts(binding.action)
            if screen.check_action(name, parameters):
                act = partial(getattr(screen, f"action_{name}"), *parameters)
                yield _offered(binding, act)
    for kind in pages_for(screen.desk):
        page = screen.query_one(f"#{kind.NAME}", kind)
        for binding in kind.BINDINGS:
            if not isinstance(binding, Binding) or binding.action.startswith("of_screen("):
                continue
            if page.allows(binding.action):
                yield _offered(binding, partial(_there, screen, page, binding.action))
    if screen.desk.leads:
        yield offer("Another team", "Open an exercise of the same scenario beside the others",
                    lambda: screen.app.push_screen(asking.another_team(screen.desk)))  # fmt: skip
        yield offer("Stop the host", "Everybody is let go; nothing is lost",
                    lambda: screen.app.push_screen(asking.stop_host(screen.desk)))  # fmt: skip


def _parts(action: str) -> tuple[str, tuple[Any, ...]]:
    """Return an action's name and what stands in its brackets: a text or a number."""
    name, _, rest = action.partition("(")
    inner = rest.rstrip(")")
    if not inner:
        return name, ()
    return name, (inner.strip("'") if inner.startswith("'") else int(inner),)


def _offered(binding: Binding, act: Callable[[], Any]) -> SystemCommand:
    return offer(binding.description, binding.tooltip or binding.description, act)


def _there(screen: FacilitatorScreen, page: Page, action: str) -> None:
    screen.action_pane(page.NAME)
    getattr(page, f"action_{action}")()
