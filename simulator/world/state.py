"""The state of the simulated production at one moment, and what happened on the way there."""

from __future__ import annotations

import copy
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

from simulator.content.base import Cell, Scalar
from simulator.world.effects import Force, Period

Row = Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class WorldEvent:
    """Something that happened at `t`: its kind, what it was about, and what was said of it."""

    t: int
    kind: str
    subject: str
    text: str = ""
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AlertState:
    """An alert: `fired` are its firings as (start, end), the last one open while it fires."""

    status: str = "inactive"
    since: int | None = None
    calm_since: int | None = None
    fired: tuple[Period, ...] = ()


@dataclass(frozen=True, slots=True)
class Running:
    """An action under way."""

    action: str
    args: Mapping[str, str]
    by: str
    started: int
    due: int


@dataclass(frozen=True, slots=True)
class RuleMemory:
    """Since when a rule's condition holds, and whether this time was dealt with."""

    since: int | None = None
    dealt: bool = False
    done: int = 0


@dataclass
class WorldState:
    """Everything that changes. `version` counts the changes that expressions can see."""

    t: int
    variables: dict[str, Scalar]
    tables: dict[str, tuple[Row, ...]]
    history: dict[str, tuple[tuple[int, Scalar], ...]] = field(default_factory=dict)
    rows_history: dict[str, tuple[tuple[int, tuple[Row, ...]], ...]] = field(default_factory=dict)
    periods: dict[str, tuple[Period, ...]] = field(default_factory=dict)
    acting: dict[str, tuple[tuple[tuple[Period, ...], Force], ...]] = field(default_factory=dict)
    ups: dict[str, tuple[tuple[int, bool], ...]] = field(default_factory=dict)
    alerts: dict[str, AlertState] = field(default_factory=dict)
    rules: dict[str, RuleMemory] = field(default_factory=dict)
    due_rules: list[tuple[int, str]] = field(default_factory=list)
    running: list[Running] = field(default_factory=list)
    done: dict[str, int] = field(default_factory=dict)
    events: list[WorldEvent] = field(default_factory=list)
    causes_over: frozenset[str] = frozenset()
    first_deviation: int | None = None
    failed: bool = False
    holding_since: int | None = None
    recovered_since: int | None = None
    version: int = 0
    memo: dict[str, object] = field(default_factory=dict)

    def copy(self) -> WorldState:
        """Return a state that what happens to this one does not touch."""
        twin = copy.copy(self)
        for name, value in vars(self).items():
            if isinstance(value, dict | list):
                setattr(twin, name, value.copy())
        twin.memo = {}
        return twin

    def set(self, variable: str, value: Scalar) -> None:
        """Give a variable a value from now on."""
        if self.variables.get(variable) != value:
            self.variables[variable] = value
            self.history[variable] = (*self.history.get(variable, ()), (self.t, value))
            self.version += 1

    def put(self, table: str, rows: tuple[Row, ...]) -> None:
        """Give a table other rows from now on."""
        if table not in self.rows_history:
            self.rows_history[table] = ((self.t - 1, self.tables[table]),)
        self.tables[table] = rows
        self.rows_history[table] = (*self.rows_history[table], (self.t, rows))
        self.version += 1

    def rows_at(self, table: str, t: int) -> tuple[Row, ...]:
        """Return the rows that a table had at a time; before its first change, its first."""
        changes = self.rows_history.get(table)
        if changes is None:
            return self.tables[table]
        index = bisect_right(changes, t, key=lambda change: change[0])
        return changes[max(0, index - 1)][1]

    def value_at(self, variable: str, t: int) -> Scalar:
        """Return the value that a variable had at a time; before its first change, its start."""
        changes = self.history[variable]
        index = bisect_right(changes, t, key=lambda change: change[0])
        return changes[max(0, index - 1)][1]
