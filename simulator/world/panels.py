"""Dashboards' tables and texts as plain data."""

from __future__ import annotations

from simulator.content.system import TablePanel, TextPanel
from simulator.world.production import World
from simulator.world.scope import Outside
from simulator.world.state import WorldState


def table_rows(
    world: World, state: WorldState, panel: TablePanel, outside: Outside
) -> list[tuple[str, ...]]:
    """Return the rows that a panel shows, each with a text for every column of the panel."""
    rows = list(state.tables[panel.table])
    if panel.newest_first:
        rows.reverse()
    return [
        tuple(
            world.fill(state, text, row, ("panel", panel.table, number))
            for text in panel.columns.values()
        )
        for number, row in enumerate(rows[: panel.limit])
    ]


def text_of(world: World, state: WorldState, panel: TextPanel, outside: Outside) -> str:
    """Return the text of the first case that holds, "" if none does."""
    scope = world.scope(state, outside)
    for case in panel.says:
        if case.if_ is None or bool(case.if_.evaluate(scope)):
            return world.fill(state, case.text, {}, ("panel", panel.title))
    return ""
