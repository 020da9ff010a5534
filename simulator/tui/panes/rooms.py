"""The six panes of a drill: their names, and each built when it is first wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.exercise.acts import SOLO
from simulator.exercise.powers import panes_of
from simulator.tui.panes.alert_rows import firing
from simulator.tui.panes.dashboards import DashboardsPane
from simulator.tui.panes.pane import Pane
from simulator.tui.panes.tab_row import Tab
from simulator.tui.panes.unread import Unread

if TYPE_CHECKING:
    from simulator.content.runbook import RunbookStep
    from simulator.exercise.fold import Exercise
    from simulator.tui.panes.comms import CommsPane
    from simulator.tui.panes.logs import LogsPane
    from simulator.tui.panes.runbook import RunbookPane
    from simulator.tui.panes.terminal import TerminalPane

NAMES = {
    "dashboards": "Dashboards",
    "alerts": "Alerts",
    "logs": "Logs",
    "terminal": "Terminal",
    "comms": "Comms",
    "runbook": "Runbook",
}


class Rooms:
    """The panes that were built, and which one is shown."""

    def __init__(self, exercise: Exercise, unread: Unread, seat: str = SOLO) -> None:
        self._exercise, self._unread, self._seat = exercise, unread, seat
        self._panes: dict[str, Pane] = {}
        self.current = self.names[0]

    @property
    def names(self) -> tuple[str, ...]:
        """The panes that this seat sees."""
        return panes_of(self._exercise, self._seat)

    def tabs(self, unread: int) -> tuple[Tab, ...]:
        """Return the tabs with what waits in each; a pane keeps its number."""
        new = sum(row.acknowledged is None for row in firing(self._exercise))
        waiting = {
            "alerts": f"{new} new" if new else "",
            "comms": f"{unread} new" if unread else "",
        }
        return tuple(
            Tab(name, title, waiting.get(name, ""), number)
            for number, (name, title) in enumerate(NAMES.items(), 1)
            if name in self.names
        )

    def pane(self, name: str) -> Pane:
        """Return a pane, made now if it never was."""
        if name not in self._panes:
            self._panes[name] = self._make(name)
        return self._panes[name]

    def _make(self, name: str) -> Pane:
        # Imported when first shown: the first picture waits for none of them.
        match name:
            case "alerts":
                from simulator.tui.panes.alerts import AlertsPane

                return AlertsPane(self._exercise, id=name)
            case "logs":
                from simulator.tui.panes.logs import LogsPane

                return LogsPane(self._exercise, id=name)
            case "terminal":
                from simulator.tui.panes.terminal import TerminalPane

                return TerminalPane(self._exercise, self._seat, id=name)
            case "comms":
                from simulator.tui.panes.comms import CommsPane

                return CommsPane(self._exercise, self._unread, id=name)
            case "runbook":
                from simulator.tui.panes.runbook import RunbookPane

                return RunbookPane(self._exercise, self._seat, id=name)
        return DashboardsPane(self._exercise, id=name)

    @property
    def dashboards(self) -> DashboardsPane:
        """The dashboards."""
        pane = self.pane("dashboards")
        assert isinstance(pane, DashboardsPane)
        return pane

    @property
    def logs(self) -> LogsPane:
        """The logs."""
        from simulator.tui.panes.logs import LogsPane

        pane = self.pane("logs")
        assert isinstance(pane, LogsPane)
        return pane

    @property
    def terminal(self) -> TerminalPane:
        """The terminal."""
        from simulator.tui.panes.terminal import TerminalPane

        pane = self.pane("terminal")
        assert isinstance(pane, TerminalPane)
        return pane

    @property
    def comms(self) -> CommsPane:
        """The communications."""
        from simulator.tui.panes.comms import CommsPane

        pane = self.pane("comms")
        assert isinstance(pane, CommsPane)
        return pane

    @property
    def runbook(self) -> RunbookPane:
        """The runbook."""
        from simulator.tui.panes.runbook import RunbookPane

        pane = self.pane("runbook")
        assert isinstance(pane, RunbookPane)
        return pane

    @property
    def open_steps(self) -> tuple[str, list[RunbookStep]]:
        """The runbook and the steps of the section that is open; nothing before it is."""
        if "runbook" not in self._panes:
            return "", []
        return self.runbook.name_of_book, self.runbook.steps

    @property
    def highlighted_step(self) -> str:
        """The step at hand in the runbook, if it is the one that is shown."""
        return self.runbook.step if self.current == "runbook" else ""
