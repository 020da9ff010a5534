"""What an expression is evaluated in: the state at a moment, and what people did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from simulator.content.base import Scalar
from simulator.content.expression import Expression
from simulator.world.state import Row, WorldState

if TYPE_CHECKING:
    from simulator.world.production import World


class Outside(Protocol):
    """What the world is told of the people."""

    @property
    def severity(self) -> str: ...
    def acknowledged(self, alert: str) -> bool: ...
    def delivered(self, inject: str) -> bool: ...
    def opened(self, view: str) -> int: ...
    def posted(self, where: str) -> int: ...
    def decided(self, decision: str) -> str: ...
    def ticked(self, step: str) -> bool: ...


class Nobody:
    """An outside in which nobody did anything."""

    severity = ""

    def acknowledged(self, alert: str) -> bool:
        return False

    def delivered(self, inject: str) -> bool:
        return False

    def opened(self, view: str) -> int:
        return 0

    def posted(self, where: str) -> int:
        return 0

    def decided(self, decision: str) -> str:
        return ""

    def ticked(self, step: str) -> bool:
        return False


class Variables(Mapping[str, Scalar]):
    """State variables and derived values, as of a scope's time."""

    __slots__ = ("_scope",)

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def __getitem__(self, name: str) -> Scalar:
        scope = self._scope
        rule = scope.world.derived.get(name)
        if rule is not None:
            return self._derive(name, rule)
        if name.startswith("args."):
            return scope.args.get(name.removeprefix("args."), "")
        if scope.at is None:
            return scope.state.variables[name]
        return scope.state.value_at(name, scope.at)

    def _derive(self, name: str, rule: Expression) -> Scalar:
        state = self._scope.state
        if self._scope.at is not None or not rule.of_state_only:
            return rule.evaluate(self._scope)
        key = f"derived:{name}"
        known = state.memo.get(key)
        if isinstance(known, tuple) and known[0] == state.version:
            value: Scalar = known[1]
            return value
        value = rule.evaluate(self._scope)
        state.memo[key] = (state.version, value)
        return value

    def __iter__(self) -> Any:
        return iter([*self._scope.state.variables, *self._scope.world.derived])

    def __len__(self) -> int:
        return len(self._scope.state.variables) + len(self._scope.world.derived)


class Scope(dict[str, Any]):
    """What an expression is evaluated in.

    There is one for each second of each fold, and an expression asks for few of its names: each
    is made when it is asked for. None is kept, as that would be a circle for the collector.
    """

    __slots__ = ("args", "at", "outside", "state", "t", "values_", "world")

    def __init__(
        self,
        world: World,
        state: WorldState,
        outside: Outside,
        at: int | None,
        args: Mapping[str, str],
    ) -> None:
        super().__init__()
        self.world, self.state, self.outside = world, state, outside
        self.at, self.args = at, args
        self.t = t = state.t if at is None else at
        self.values_: dict[str, float] = {}
        self["t"] = t
        self["severity"] = outside.severity
        self["recovered"] = state.recovered_since is not None and state.recovered_since <= t

    def __missing__(self, name: str) -> Any:
        return _NAMES[name](self)

    def metric(self, name: str) -> float:
        """Return a metric's value."""
        found = self.values_.get(name)
        if found is None:
            found = self.values_[name] = self.world.value(self.state, name, self.t)
        return found

    def baseline(self, name: str) -> float:
        """Return what a metric would be with nothing wrong."""
        return self.world.healthy(name, self.t)

    def firing(self, alert: str) -> bool:
        """Return whether an alert is firing."""
        t = self.t
        return any(a <= t and (b is None or t < b) for a, b in self._firings(alert))

    def fired(self, alert: str) -> bool:
        """Return whether an alert has fired."""
        return any(a <= self.t for a, _ in self._firings(alert))

    def _firings(self, alert: str) -> tuple[tuple[int, int | None], ...]:
        alerts = self.state.alerts
        return alerts[alert].fired if alert in alerts else ()

    def active(self, name: str) -> bool:
        """Return whether a cause or a situation is in force."""
        return self._in_force(name) is not None

    def began(self, name: str) -> int:
        """Return for how long it has been, -1 if it is not."""
        return -1 if (start := self._in_force(name)) is None else self.t - start

    def _in_force(self, name: str) -> int | None:
        for start, end in self.state.periods.get(name, ()):
            if start <= self.t and (end is None or self.t < end):
                return start
        return None

    def _rows(self, table: str) -> tuple[Row, ...]:
        state = self.state
        return state.tables[table] if self.at is None else state.rows_at(table, self.t)

    def row(self, table: str, key: Scalar, column: str) -> Scalar:
        """Return a cell of a table."""
        first = self.world.columns[table][0]
        for one in self._rows(table):
            if one[first] == key:
                cell = one[column]
                return "" if cell is None else cell
        return ""

    def rows(self, table: str) -> int:
        """Return how many rows a table has."""
        return len(self._rows(table))

    def running(self, action: str) -> bool:
        """Return whether an action is under way."""
        return any(one.action == action for one in self.state.running)

    def did(self, action: str) -> int:
        """Return how often an action was completed."""
        if self.at is None:
            return self.state.done.get(action, 0)
        done = (e for e in self.state.events if e.kind == "action-done" and e.subject == action)
        return sum(event.t <= self.t for event in done)


_NAMES: Mapping[str, Callable[[Scope], Any]] = {
    "_state": Variables,
    "metric": lambda scope: scope.metric,
    "baseline": lambda scope: scope.baseline,
    "firing": lambda scope: scope.firing,
    "fired": lambda scope: scope.fired,
    "acknowledged": lambda scope: scope.outside.acknowledged,
    "active": lambda scope: scope.active,
    "began": lambda scope: scope.began,
    "row": lambda scope: scope.row,
    "rows": lambda scope: scope.rows,
    "running": lambda scope: scope.running,
    "did": lambda scope: scope.did,
    "delivered": lambda scope: scope.outside.delivered,
    "opened": lambda scope: scope.outside.opened,
    "posted": lambda scope: scope.outside.posted,
    "decided": lambda scope: scope.outside.decided,
    "ticked": lambda scope: scope.outside.ticked,
    "min": lambda scope: min,
    "max": lambda scope: max,
    "abs": lambda scope: abs,
}


def scope_of(
    world: World,
    state: WorldState,
    outside: Outside,
    at: int | None = None,
    args: Mapping[str, str] | None = None,
) -> Scope:
    """Return the scope of a state, at its own time or at an earlier one.

    `args` are the arguments of the action at hand, read as `args.NAME`.
    """
    return Scope(world, state, outside, at, args or {})
