"""The two lines that are always in view: time and pace, severity and alerts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

from simulator.exercise.acts import SOLO
from simulator.exercise.powers import role_title
from simulator.tui.panes.alert_rows import firing
from simulator.tui.panes.wording import at_clock, line, minutes, text_of
from simulator.tui.widgets.plain_text import fit

if TYPE_CHECKING:
    from simulator.exercise.fold import Exercise


@dataclass(frozen=True)
class Status:
    """What the status bar says."""

    title: str
    clock: str
    elapsed: str
    length: str
    pace: str
    paused: bool
    severity: str
    alerts: tuple[tuple[str, bool], ...]
    """Titles of what fires, and whether it is acknowledged."""
    unread: int
    decisions: int
    role: str = ""
    """What the seat is in a team."""


def open_decisions(exercise: Exercise) -> list[str]:
    """Return the decisions that wait for an answer, the oldest first."""
    state = exercise.state
    waiting = [name for name in state.open_decisions if name not in state.decisions]
    return sorted(waiting, key=lambda name: (state.open_decisions[name], name))


def status_of(exercise: Exercise, unread: int, seat: str = SOLO) -> Status:
    """Return the status of an exercise now."""
    state = exercise.state
    level = next((x for x in exercise.system.severities if x.id == state.severity), None)
    return Status(
        title=line(exercise.scenario.title),
        clock=at_clock(exercise, state.now),
        elapsed=minutes(state.now),
        length=minutes(exercise.length),
        pace=f"{state.speed}x",
        paused=state.paused,
        severity=f"{level.id} {level.title}" if level else "",
        alerts=tuple(
            (line(row.rule.title), row.acknowledged is not None) for row in firing(exercise)
        ),
        unread=unread,
        decisions=len(open_decisions(exercise)),
        role=line(role_title(exercise, seat)) if exercise.team else "",
    )


class StatusBar(Widget):
    """Two lines on the exercise."""

    ALLOW_SELECT = False

    def __init__(self, status: Status) -> None:
        super().__init__(id="status")
        self._status = status

    @property
    def status(self) -> Status:
        """What is shown."""
        return self._status

    def show(self, status: Status) -> None:
        """Show another status."""
        if status != self._status:
            self._status = status
            self.refresh()

    def render(self) -> Content:
        """Draw both lines to the present width."""
        width = self.content_size.width
        return Content("\n").join([self._first(width), self._second(width)])

    def _first(self, width: int) -> Content:
        status = self._status
        pace = (" PAUSED ", "bold reverse $text-warning") if status.paused else f"  {status.pace}"
        right = text_of(
            (f"{status.clock} UTC", "bold"),
            (f"   T+{status.elapsed}", "bold $text-accent"),
            (f" of {status.length}  ", "$foreground 60%"),
            pace,
        )
        named = f"{status.role}: {status.title}" if status.role else status.title
        title = fit(named, max(0, width - right.cell_length - 2))
        gap = " " * max(1, width - cell_len(title) - right.cell_length)
        return text_of((title, "bold"), gap, right)

    def _second(self, width: int) -> Content:
        status = self._status
        severity = status.severity or "no severity declared"
        notes = []
        if status.decisions:
            notes.append(text_of(("decision open", "bold $text-accent")))
        if status.unread:
            notes.append(text_of((f"{status.unread} unread", "bold $text-accent")))
        right = Content("   ").join(notes) if notes else Content("")
        left = text_of((severity, "bold" if status.severity else "$foreground 60%"), "   ")
        room = width - left.cell_length - right.cell_length - 2
        alerts = self._alerts(room)
        gap = " " * max(1, width - left.cell_length - alerts.cell_length - right.cell_length)
        return text_of(left, alerts, gap, right)

    def _alerts(self, room: int) -> Content:
        alerts = self._status.alerts
        if not alerts:
            return text_of(("no alert firing", "$text-success"))
        unseen = any(not acknowledged for _, acknowledged in alerts)
        style = "bold $text-error" if unseen else "$text-warning"
        names = ", ".join(f"{title} ({'ack' if seen else 'new'})" for title, seen in alerts)
        return text_of((fit(f"{len(alerts)} FIRING: {names}", max(0, room)), style))
