"""Alert rules, looked at every ten seconds as monitoring does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from simulator.content.system import AlertRule
from simulator.world.state import AlertState, WorldEvent, WorldState

EVERY = 10
CALM = 30
"""Seconds for which a rule must be false before its alert is resolved."""


def watch_alerts(state: WorldState, rules: tuple[AlertRule, ...], scope: Mapping[str, Any]) -> None:
    """Take each alert one look further; what fires or is resolved becomes an event."""
    for rule in rules:
        before = state.alerts[rule.id]
        after = _next(before, bool(rule.when.evaluate(scope)), state.t, rule.hold)
        if after is not before:
            state.alerts[rule.id] = after
            if after.status != before.status:
                kind = {
                    "firing": "alert-fired",
                    "pending": "alert-pending",
                    "inactive": "alert-resolved" if before.status == "firing" else "alert-calm",
                }[after.status]
                state.events.append(WorldEvent(state.t, kind, rule.id, rule.title))


def _next(alert: AlertState, bad: bool, t: int, hold: int) -> AlertState:
    if alert.status == "firing":
        if bad:
            return alert if alert.calm_since is None else replace(alert, calm_since=None)
        if alert.calm_since is None:
            return replace(alert, calm_since=t)
        if t - alert.calm_since < CALM:
            return alert
        start = alert.fired[-1][0]
        return AlertState("inactive", None, None, (*alert.fired[:-1], (start, t)))
    if not bad:
        return alert if alert.status == "inactive" else AlertState(fired=alert.fired)
    since = t if alert.since is None else alert.since
    if t - since >= hold:
        return AlertState("firing", since, None, (*alert.fired, (t, None)))
    return alert if alert.status == "pending" else AlertState("pending", since, None, alert.fired)
