"""The alerts of an exercise as rows: firing, resolved since, and those of the past."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.content.system import AlertRule
    from simulator.exercise.fold import Exercise


@dataclass(frozen=True)
class AlertRow:
    """One firing of an alert."""

    rule: AlertRule
    since: int
    until: int | None
    acknowledged: int | None = None
    note: str = ""

    @property
    def firing(self) -> bool:
        """Whether it fires now."""
        return self.until is None

    @property
    def key(self) -> str:
        """What tells this firing from others."""
        return f"{self.rule.id}@{self.since}"

    @property
    def state(self) -> str:
        """Its state in words."""
        if not self.firing:
            return "resolved"
        return "FIRING" if self.acknowledged is None else "FIRING, acknowledged"


def firing(exercise: Exercise) -> list[AlertRow]:
    """Return what fires now, what nobody has acknowledged first, then what pages."""
    rows = [row for row in _today(exercise) if row.firing]
    return sorted(rows, key=_urgency)


def _urgency(row: AlertRow) -> tuple[bool, bool, int, str]:
    return row.acknowledged is not None, not row.rule.page, -row.since, row.rule.id


def history(exercise: Exercise) -> list[AlertRow]:
    """Return what has fired and is over, the newest first, back to before T+0."""
    rules = {rule.id: rule for rule in exercise.system.alerts}
    rows = [row for row in _today(exercise) if not row.firing]
    for past in exercise.scenario.past:
        if past.alert in rules:
            end = past.at + past.lasted
            rows.append(AlertRow(rules[past.alert], past.at, end, None, past.note or ""))
    return sorted(rows, key=lambda row: (-row.since, row.rule.id))


def _today(exercise: Exercise) -> list[AlertRow]:
    state = exercise.state
    rows: list[AlertRow] = []
    for rule in exercise.system.alerts:
        known = state.world.alerts.get(rule.id)
        for start, end in known.fired if known else ():
            acknowledged = state.acknowledged.get(rule.id)
            rows.append(AlertRow(rule, start, end, acknowledged))
    return rows
