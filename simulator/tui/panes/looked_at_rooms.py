"""The six panes of a replay: each built when it is first wanted, and nothing to be done in any."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from simulator.tui.panes.alert_rows import firing
from simulator.tui.panes.dashboards import DashboardsPane
from simulator.tui.panes.pane import Pane
from simulator.tui.panes.rooms import NAMES
from simulator.tui.panes.status_bar import Status, status_of
from simulator.tui.panes.tab_row import Tab

if TYPE_CHECKING:
    from simulator.content.runbook import RunbookStep
    from simulator.exercise.fold import Exercise
    from simulator.tui.panes.looked_at import CommsLookedAt, LogsLookedAt, RunbookLookedAt
    from simulator.tui.panes.record import RecordPane


def status_at(exercise: Exercise, playing: bool, speed: int) -> Status:
    """Return the status of an exercise at a moment, with the pace of its replay."""
    status = status_of(exercise, 0)
    return replace(
        status, title=f"Replay: {status.title}", paused=not playing, pace=f"{speed}x", role=""
    )


class RoomsLookedAt:
    """The panes that were built, and which one is shown."""

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        self._panes: dict[str, Pane] = {}
        self.current = "dashboards"

    def tabs(self) -> tuple[Tab, ...]:
        """Return the tabs, with the alerts that nobody had acknowledged."""
        new = sum(row.acknowledged is None for row in firing(self._exercise))
        return tuple(
            Tab(name, title, f"{new} new" if new and name == "alerts" else "", number)
            for number, (name, title) in enumerate(NAMES.items(), 1)
        )

    def pane(self, name: str) -> Pane:
        """Return a pane, made now if it never was."""
        if name not in self._panes:
            self._panes[name] = self._make(name)
        return self._panes[name]

    def _make(self, name: str) -> Pane:
        # Imported when first shown: the first picture waits for none of them.
        from simulator.tui.panes import looked_at

        match name:
            case "alerts":
                return looked_at.AlertsLookedAt(self._exercise, id=name)
            case "logs":
                return looked_at.LogsLookedAt(self._exercise, id=name)
            case "terminal":
                from simulator.tui.panes.record import RecordPane

                return RecordPane(self._exercise, id=name)
            case "comms":
                return looked_at.CommsLookedAt(self._exercise, id=name)
            case "runbook":
                return looked_at.RunbookLookedAt(self._exercise, id=name)
        return looked_at.DashboardsLookedAt(self._exercise, id=name)

    @property
    def dashboards(self) -> DashboardsPane:
        """The dashboards."""
        pane = self.pane("dashboards")
        assert isinstance(pane, DashboardsPane)
        return pane

    @property
    def logs(self) -> LogsLookedAt:
        """The logs."""
        from simulator.tui.panes.looked_at import LogsLookedAt

        pane = self.pane("logs")
        assert isinstance(pane, LogsLookedAt)
        return pane

    @property
    def record(self) -> RecordPane:
        """The terminals."""
        from simulator.tui.panes.record import RecordPane

        pane = self.pane("terminal")
        assert isinstance(pane, RecordPane)
        return pane

    @property
    def comms(self) -> CommsLookedAt:
        """The communications."""
        from simulator.tui.panes.looked_at import CommsLookedAt

        pane = self.pane("comms")
        assert isinstance(pane, CommsLookedAt)
        return pane

    @property
    def runbook(self) -> RunbookLookedAt:
        """The runbook."""
        from simulator.tui.panes.looked_at import RunbookLookedAt

        pane = self.pane("runbook")
        assert isinstance(pane, RunbookLookedAt)
        return pane

    @property
    def open_steps(self) -> tuple[str, list[RunbookStep]]:
        """The runbook and the steps of the section that is open; nothing before it is."""
        if "runbook" not in self._panes:
            return "", []
        return self.runbook.name_of_book, self.runbook.steps
