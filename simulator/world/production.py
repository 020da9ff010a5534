"""The simulated production: compiled once from a system, a scenario and a seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from simulator.content.base import Cell, Scalar
from simulator.content.expression import Expression
from simulator.content.scenario import Cause, Scenario
from simulator.content.system import Action, Changes, Rule, Situation, System
from simulator.world.acting import Begun, complete, perform, preview
from simulator.world.alerts import EVERY, watch_alerts
from simulator.world.changes import apply_changes
from simulator.world.effects import ORDER, force_of
from simulator.world.lookup import lookup_of
from simulator.world.scope import Nobody, Outside, scope_of
from simulator.world.state import AlertState, RuleMemory, WorldEvent, WorldState
from simulator.world.telemetry import WEEK, Telemetry
from simulator.world.template import alone, fill, plain

if TYPE_CHECKING:
    from simulator.world.logs import Issue, LogLine

LEAD = -900
"""Seconds before T+0 from which the world is stepped."""

Place = tuple[str | int, ...]


class World:
    """One production. It changes nothing of itself: all that changes is in a WorldState."""

    def __init__(
        self,
        system: System,
        scenario: Scenario,
        seed: int,
        pools: Mapping[str, tuple[str, ...]],
    ) -> None:
        self.system, self.scenario, self.seed, self.pools = system, scenario, seed, pools
        starts = datetime.fromisoformat(scenario.starts.replace("Z", "+00:00"))
        self.epoch = int(starts.timestamp())
        self.derived = system.derived
        self.columns = {name: tuple(table.columns) for name, table in system.tables.items()}
        self.actions: tuple[Action, ...] = (*scenario.actions, *system.actions)
        self._action = {action.id: action for action in reversed(self.actions)}
        down = {
            metric.id: [
                (start, start + length)
                for start, length in (
                    *(metric.uptime.down if metric.uptime else ()),
                    *scenario.down.get(metric.id, ()),
                )
            ]
            for metric in system.metrics
        }
        self.telemetry = Telemetry(system.metrics, seed, self.epoch, down)
        self._is_plain: dict[str, bool] = {}
        self._alerts = tuple(system.alerts)
        self._uptimes = tuple((m.id, m.uptime.up) for m in system.metrics if m.uptime)
        self._situations = (*system.situations, *scenario.situations)
        self._rules = (*system.rules, *scenario.rules)
        # What is of the state alone need not be looked at again while the state stands.
        self._restless_situations = tuple(
            one for one in self._situations if not self._plain(one.while_)
        )
        self._restless_rules = tuple(one for one in self._rules if not self._plain(one.when))
        effects = {cause.id: cause.effects for cause in scenario.causes}
        effects |= {situation.id: situation.effects for situation in self._situations}
        self._forces = {
            name: tuple((effect.on, force_of(effect)) for effect in of_one)
            for name, of_one in effects.items()
        }

    # How time passes

    def start(self) -> WorldState:
        """Return the state at LEAD, with what began before in force."""
        variables = {name: one.start for name, one in self.system.state.items()}
        variables |= self.scenario.state
        first = min([LEAD - 1, *(cause.at - 1 for cause in self.scenario.causes if cause.at)])
        state = WorldState(
            t=first,
            variables=variables,
            tables={
                name: tuple(
                    dict(zip(table.columns, row, strict=False))
                    for row in (*table.rows, *self.scenario.rows.get(name, ()))
                )
                for name, table in self.system.tables.items()
            },
            history={name: ((first, value),) for name, value in variables.items()},
            alerts={alert.id: AlertState() for alert in self.system.alerts},
            rules={rule.id: RuleMemory() for rule in self._rules},
        )
        early = {
            cause.at for cause in self.scenario.causes if cause.at is not None and cause.at < LEAD
        }
        for t in (*sorted(early), LEAD):
            state.t = t
            self._second(state, Nobody())
        return state

    def advance(self, state: WorldState, to: int, outside: Outside) -> None:
        """Let time pass, second by second, in place; what happens is added to `state.events`."""
        for t in range(state.t + 1, to + 1):
            state.t = t
            self._second(state, outside)

    def _second(self, state: WorldState, outside: Outside) -> None:
        scope = scope_of(self, state, outside)
        if state.running:
            for running in [one for one in state.running if one.due <= state.t]:
                state.running.remove(running)
                complete(self, state, running, outside)
        self._causes(state, scope)
        self._situate(state, scope)
        self._rule(state, scope)
        for name, up in self._uptimes:
            is_up = bool(self._evaluate(state, f"up:{name}", up, scope))
            if not state.ups.get(name) or state.ups[name][-1][1] != is_up:
                state.ups[name] = (*state.ups.get(name, ()), (state.t, is_up))
        if state.t % EVERY == 0:
            watch_alerts(state, self._alerts, scope)
        self._recover(state, scope)

    def _evaluate(
        self, state: WorldState, key: str, expression: Expression, scope: Mapping[str, Any]
    ) -> Scalar:
        """Return an expression's value; one of the state alone is kept while the state stands."""
        plain = self._is_plain.get(key)
        if plain is None:
            plain = self._is_plain[key] = self._plain(expression)
        if not plain:
            return expression.evaluate(scope)
        known = state.memo.get(key)
        if isinstance(known, tuple) and known[0] == state.version:
            value: Scalar = known[1]
            return value
        value = expression.evaluate(scope)
        state.memo[key] = (state.version, value)
        return value

    def _plain(self, expression: Expression) -> bool:
        """Whether an expression is of the state alone, and so are the derived values it reads."""
        return expression.of_state_only and all(
            self._plain(self.derived[name]) for name in expression.variables if name in self.derived
        )

    def _causes(self, state: WorldState, scope: Mapping[str, Any]) -> None:
        for cause in self.scenario.causes:
            if cause.id in state.causes_over:
                continue
            if cause.id not in state.periods:
                due = cause.at is not None and state.t >= cause.at
                if due or (cause.when is not None and bool(cause.when.evaluate(scope))):
                    self._begin_cause(state, cause)
            elif cause.until is not None and bool(cause.until.evaluate(scope)):
                self._end(state, cause.id)
                state.causes_over |= {cause.id}
                state.events.append(WorldEvent(state.t, "cause-ended", cause.id, cause.title))

    def _begin_cause(self, state: WorldState, cause: Cause) -> None:
        for name, value in cause.set.items():
            state.set(name, value)
        self._begin(state, cause.id)
        if not cause.aside:
            self._deviate(state, cause.id)
        state.events.append(WorldEvent(state.t, "cause-began", cause.id, cause.title))

    def _situate(self, state: WorldState, scope: Mapping[str, Any]) -> None:
        # A situation that begins or ends changes nothing that another one of the state alone reads.
        stands = state.memo.get("situated") == state.version
        for situation in self._restless_situations if stands else self._situations:
            self._situate_one(state, situation, scope)
        state.memo["situated"] = state.version

    def _situate_one(
        self, state: WorldState, situation: Situation, scope: Mapping[str, Any]
    ) -> None:
        holds = bool(self._evaluate(state, f"while:{situation.id}", situation.while_, scope))
        periods = state.periods.get(situation.id, ())
        going = bool(periods) and periods[-1][1] is None
        if holds and not going:
            self._begin(state, situation.id)
            if any(one.id in state.periods for one in self.scenario.causes if not one.aside):
                self._deviate(state, situation.id)
            state.events.append(WorldEvent(state.t, "situation-began", situation.id))
        elif going and not holds:
            self._end(state, situation.id)
            state.events.append(WorldEvent(state.t, "situation-ended", situation.id))

    def _begin(self, state: WorldState, owner: str) -> None:
        state.periods[owner] = (*state.periods.get(owner, ()), (state.t, None))
        self._changed_periods(state, owner)

    def _end(self, state: WorldState, owner: str) -> None:
        *earlier, (start, _) = state.periods[owner]
        state.periods[owner] = (*earlier, (start, state.t))
        if state.first_deviation is not None and state.first_deviation >= state.t:
            self._deviate_again(state)
        self._changed_periods(state, owner)

    def _changed_periods(self, state: WorldState, owner: str) -> None:
        state.version += 1
        for metric in dict.fromkeys(name for name, _ in self._forces[owner]):
            acting = [
                (state.periods[one], force)
                for one, forces in self._forces.items()
                for name, force in forces
                if name == metric and one in state.periods
            ]
            acting.sort(key=lambda pair: ORDER[pair[1].operator])
            state.acting[metric] = tuple(acting)

    def _deviate(self, state: WorldState, owner: str) -> None:
        """Note when production first leaves its baseline: the first effect's beginning."""
        for _, force in self._forces[owner]:
            begins = state.t + force.delay
            if state.first_deviation is None or begins < state.first_deviation:
                state.first_deviation = begins

    def _deviate_again(self, state: WorldState) -> None:
        """Forget effects whose owner ended before their delay was over: they never came."""
        causes = [
            cause.id
            for cause in self.scenario.causes
            if cause.id in state.periods and not cause.aside
        ]
        first = min((state.periods[cause][0][0] for cause in causes), default=state.t)
        state.first_deviation = min(
            (
                start + force.delay
                for owner, periods in state.periods.items()
                for _, force in self._forces[owner]
                for start, end in periods
                if start >= first and (end is None or start + force.delay < end)
            ),
            default=None,
        )

    def _rule(self, state: WorldState, scope: Mapping[str, Any]) -> None:
        if state.memo.get("ruled") == state.version:
            for rule in self._restless_rules:
                self._rule_one(state, rule, scope)
        else:
            # All of them, each looked at, whatever the first of them says.
            waits = [self._rule_one(state, rule, scope) for rule in self._rules]
            if not any(waits):
                state.memo["ruled"] = state.version
        if state.due_rules:
            self._due_rules(state, scope)

    def _rule_one(self, state: WorldState, rule: Rule, scope: Mapping[str, Any]) -> bool:
        """Look at a rule; return whether time alone may change what comes of it."""
        memory = state.rules[rule.id]
        if rule.once and memory.done:
            return False
        holds = bool(self._evaluate(state, f"rule:{rule.id}", rule.when, scope))
        if not holds:
            if memory.since is not None:
                state.rules[rule.id] = RuleMemory(done=memory.done)
            return False
        if memory.dealt:
            return False
        since = state.t if memory.since is None else memory.since
        if state.t - since < rule.hold:
            if memory.since is None:
                state.rules[rule.id] = RuleMemory(since, False, memory.done)
            return True
        state.rules[rule.id] = RuleMemory(since, True, memory.done + 1)
        state.due_rules.append((state.t + rule.after, rule.id))
        return False

    def _due_rules(self, state: WorldState, scope: Mapping[str, Any]) -> None:
        by_name = {rule.id: rule for rule in self._rules}
        for due in [due for due in state.due_rules if due[0] <= state.t]:
            state.due_rules.remove(due)
            rule: Rule = by_name[due[1]]
            if rule.if_ is None or bool(rule.if_.evaluate(scope)):
                self.change(state, rule, {}, ("rule", rule.id, state.t))
                state.events.append(WorldEvent(state.t, "rule", rule.id, rule.about or ""))

    def _recover(self, state: WorldState, scope: Mapping[str, Any]) -> None:
        if state.first_deviation is None or state.t < state.first_deviation:
            return
        if not bool(self.scenario.recovered.when.evaluate(scope)):
            state.failed, state.holding_since = True, None
            if state.recovered_since is not None:
                state.recovered_since = None
                state.events.append(WorldEvent(state.t, "relapsed", ""))
            return
        if not state.failed or state.recovered_since is not None:
            return
        if state.holding_since is None:
            state.holding_since = state.t
        if state.t - state.holding_since >= self.scenario.recovered.hold:
            state.recovered_since = state.holding_since
            data = {"since": state.holding_since}
            state.events.append(WorldEvent(state.t, "recovered", "", "", data))

    # What people do

    def action(self, name: str) -> Action:
        """Return an action by its name."""
        return self._action[name]

    def preview(
        self, state: WorldState, action: str, args: Mapping[str, str], by: str, outside: Outside
    ) -> Begun:
        """Return what trying an action would show at once; nothing changes."""
        return preview(self, state, action, args, by, outside)

    def perform(
        self, state: WorldState, action: str, args: Mapping[str, str], by: str, outside: Outside
    ) -> Begun:
        """Begin an action; it is complete `takes` seconds later, at once if it takes none."""
        return perform(self, state, action, args, by, outside)

    def change(
        self, state: WorldState, changes: Changes, values: Mapping[str, str], place: Place
    ) -> None:
        """Apply what an author says happens, its placeholders filled from `values` first."""

        def filled(value: object) -> Cell:
            if not isinstance(value, str):
                return value if isinstance(value, int | float | bool) else None
            mark = alone(value)
            if mark is not None and not mark.filter and not mark.width:
                try:
                    return lookup_of(self, state, values, place)(mark)
                except KeyError:
                    return value
            return self.fill(state, value, values, place)

        apply_changes(state, changes, filled, self.columns)

    # What can be seen

    def scope(self, state: WorldState, outside: Outside) -> Mapping[str, Any]:
        """Return what an expression is evaluated in, at the state's time."""
        return scope_of(self, state, outside)

    def value(self, state: WorldState, metric: str, at: int) -> float:
        """Return a metric's value at a time that is not after the state's."""
        return self.telemetry.value(state, metric, at)

    def values(self, state: WorldState, at: int) -> dict[str, float]:
        """Return every metric's value at a time that is not after the state's."""
        return self.telemetry.values(state, at)

    def healthy(self, metric: str, at: int) -> float:
        """Return what a metric would be with nothing wrong."""
        return self.telemetry.healthy(metric, at)

    def series(
        self, state: WorldState, metric: str, start: int, step: int, count: int
    ) -> tuple[float | None, ...]:
        """Return `count` values from `start` on, `step` seconds apart; None after now."""
        return tuple(
            self.telemetry.value(state, metric, t) if t <= state.t else None
            for t in range(start, start + step * count, step)
        )

    def baseline_series(
        self, metric: str, start: int, step: int, count: int
    ) -> tuple[float | None, ...]:
        """Return the same hours of the week before, when nothing was wrong."""
        healthy = self.telemetry.series[metric].healthy
        return tuple(healthy(t - WEEK) for t in range(start, start + step * count, step))

    def fill(
        self,
        state: WorldState,
        text: str,
        values: Mapping[str, Any] | None = None,
        place: Place = (),
        at: int | None = None,
    ) -> str:
        """Return a text with its placeholders filled, from `values` first, then from the state.

        `place` is where it stands, for those drawn by chance; `at` an earlier time.
        """
        if "{" not in text:
            return text
        now = state.t if at is None else at
        return fill(text, lookup_of(self, state, values or {}, place, at), self.epoch, now)

    def log_lines(
        self,
        state: WorldState,
        stream: str,
        start: int,
        end: int,
        limit: int,
        newest: bool = True,
    ) -> list[LogLine]:
        """Return lines of a stream from `start` to `end` (both included), in order of time."""
        from simulator.world.logs import lines

        return lines(self, state, stream, start, end, limit, newest)

    def issues(self, state: WorldState, window: int) -> list[Issue]:
        """Return the error groups of the last `window` seconds, most frequent first."""
        from simulator.world.logs import issues

        return issues(self, state, window)

    def argument_choices(self, state: WorldState, action: str, argument: str) -> Sequence[str]:
        """Return what a menu offers for an argument of an action."""
        one = self.action(action).args[argument]
        if one.choices is None:
            return tuple(one.values)
        table, _, column = one.choices.partition(".")
        return [plain(row[column]) for row in reversed(state.tables[table])]
