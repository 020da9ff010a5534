"""The drill's panes where nothing can be done: to look at an exercise as it stood at a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from simulator.tui.panes.alerts import AlertsPane
from simulator.tui.panes.comms import CommsPane
from simulator.tui.panes.dashboards import DashboardsPane
from simulator.tui.panes.logs import LogsPane
from simulator.tui.panes.runbook import RunbookPane
from simulator.tui.panes.unread import Unread

if TYPE_CHECKING:
    from simulator.exercise.fold import Exercise


class DashboardsLookedAt(DashboardsPane):
    """The dashboards, where [ and ] are the replay's."""

    WELCOME = (
        "Choose a dashboard and press Enter.\n\n"
        "< and > change the time range.\n"
        "/ searches the list.\nCtrl+P offers everything by name."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("less_than_sign", "range(-1)", "Shorter", show=False, key_display="<"),
        Binding("greater_than_sign", "range(1)", "Longer", show=False, key_display=">"),
    ]


class AlertsLookedAt(AlertsPane):
    """The alerts, none of which can be acknowledged."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the ways to look."""
        return action != "acknowledge"


class LogsLookedAt(LogsPane):
    """The logs, which may go back."""

    KEYS = "< and > change the stream, l the level, r text or pattern."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("less_than_sign", "stream(-1)", "Previous stream", show=False, key_display="<"),
        Binding("greater_than_sign", "stream(1)", "Next stream", show=False, key_display=">"),
    ]

    def show(self, exercise: Exercise) -> None:
        """Append what was written since the last look, or begin anew after going back."""
        if self.opened and exercise.state.now < self.upto:
            self.rewind()
        super().show(exercise)


class CommsLookedAt(CommsPane):
    """The channels, in which nothing can be said."""

    def __init__(self, exercise: Exercise, *, id: str) -> None:  # noqa: A002
        super().__init__(exercise, NothingUnread(exercise), id=id)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the ways to look."""
        return action not in ("template", "write")


class RunbookLookedAt(RunbookPane):
    """The runbooks, with what was ticked by then."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the ways to look."""
        return action not in ("tick", "run", "confused", "skip")


class NothingUnread(Unread):
    """Whoever looks back has nothing that waits to be read."""

    def counts(self, exercise: Exercise) -> dict[str, int]:
        """Return nothing for any channel."""
        return {}
