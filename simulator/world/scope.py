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
    """State variables and derived values, now or at an earlier time."""

    def __init__(
        self,
        state: WorldState,
        derived: Mapping[str, Expression],
        scope: Callable[[], Mapping[str, Any]],
        at: int | None,
        args: Mapping[str, str],
    ) -> None:
        self._state, self._derived, self._scope, self._at = state, derived, scope, at
        self._args = args

    def __getitem__(self, name: str) -> Scalar:
        rule = self._derived.get(name)
        if rule is not None:
            return self._derive(name, rule)
        if name.startswith("args."):
            return self._args.get(name.removeprefix("args."), "")
        if self._at is None:
            return self._state.variables[name]
        return self._state.value_at(name, self._at)

    def _derive(self, name: str, rule: Expression) -> Scalar:
        if self._at is not None or not rule.of_state_only:
            return rule.evaluate(self._scope())
        key = f"derived:{name}"
        known = self._state.memo.get(key)
        if isinstance(known, tuple) and known[0] == self._state.version:
            value: Scalar = known[1]
            return value
        value = rule.evaluate(self._scope())
        self._state.memo[key] = (self._state.version, value)
        return value

    def __iter__(self) -> Any:
        return iter([*self._state.variables, *self._derived])

    def __len__(self) -> int:
        return len(self._state.variables) + len(self._derived)


def scope_of(
    world: World,
    state: WorldState,
    outside: Outside,
    at: int | None = None,
    args: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return the scope of a state, at its own time or at an earlier one.

    `args` are the arguments of the action at hand, read as `args.NAME`.
    """
    t = state.t if at is None else at
    values: dict[str, float] = {}

    def metric(name: str) -> float:
        found = values.get(name)
        if found is None:
            found = values[name] = world.value(state, name, t)
        return found

    def firings(alert: str) -> tuple[tuple[int, int | None], ...]:
        return state.alerts[alert].fired if alert in state.alerts else ()

    def in_force(name: str) -> int | None:
        for start, end in state.periods.get(name, ()):
            if start <= t and (end is None or t < end):
                return start
        return None

    def rows(table: str) -> tuple[Row, ...]:
        return state.tables[table] if at is None else state.rows_at(table, t)

    def did(action: str) -> int:
        if at is None:
            return state.done.get(action, 0)
        done = (e for e in state.events if e.kind == "action-done" and e.subject == action)
        return sum(event.t <= t for event in done)

    def row(table: str, key: Scalar, column: str) -> Scalar:
        first = world.columns[table][0]
        for one in rows(table):
            if one[first] == key:
                cell = one[column]
                return "" if cell is None else cell
        return ""

    scope: dict[str, Any] = {
        "t": t,
        "severity": outside.severity,
        "recovered": state.recovered_since is not None and state.recovered_since <= t,
        "metric": metric,
        "baseline": lambda name: world.healthy(name, t),
        "firing": lambda alert: any(a <= t and (b is None or t < b) for a, b in firings(alert)),
        "fired": lambda alert: any(a <= t for a, _ in firings(alert)),
        "acknowledged": outside.acknowledged,
        "active": lambda name: in_force(name) is not None,
        "began": lambda name: -1 if (start := in_force(name)) is None else t - start,
        "row": row,
        "rows": lambda table: len(rows(table)),
        "running": lambda action: any(one.action == action for one in state.running),
        "did": did,
        "delivered": outside.delivered,
        "opened": outside.opened,
        "posted": outside.posted,
        "decided": outside.decided,
        "ticked": outside.ticked,
        "min": min,
        "max": max,
        "abs": abs,
    }
    scope["_state"] = Variables(state, world.derived, lambda: scope, at, args or {})
    return scope
