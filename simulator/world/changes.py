"""Applying what an author says happens: set, add, insert, update."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from simulator.content.base import Cell, Scalar
from simulator.content.system import Changes
from simulator.world.state import WorldState

Fill = Callable[[object], Cell]
"""Gives an authored value its placeholders' values, as they are before the changes."""


def apply_changes(
    state: WorldState, changes: Changes, fill: Fill, columns: Mapping[str, Sequence[str]]
) -> None:
    """Apply changes at once: every value is taken from the state before any of them.

    `columns` has the columns of each table, the key first.
    """
    new = {name: fill(value) for name, value in changes.set.items()}
    added = {name: fill(value) for name, value in changes.add.items()}
    inserted = [(one.table, {k: fill(v) for k, v in one.row.items()}) for one in changes.insert]
    updated = [
        (one.table, fill(one.key), {k: fill(v) for k, v in one.set.items()})
        for one in changes.update
    ]
    for name, amount in added.items():
        new[name] = _sum(_number(state.variables[name]), _number(amount))
    for name, value in new.items():
        state.set(name, _like(state.variables[name], value))
    for table, row in inserted:
        whole = {column: row.get(column) for column in columns[table]}
        state.put(table, (*state.tables[table], whole))
    for table, key, cells in updated:
        first = columns[table][0]
        state.put(
            table,
            tuple(
                {**row, **cells} if str(row[first]) == str(key) else row
                for row in state.tables[table]
            ),
        )


def _sum(old: int | float, amount: int | float) -> int | float:
    """Return the sum; `add: {count: 1}` is read as 1.0, and a whole number stays whole."""
    total = old + amount
    return int(total) if isinstance(old, int) and total == total // 1 else total


def _number(value: object) -> int | float:
    if isinstance(value, int | float):
        return value
    text = str(value)
    try:
        return int(text)
    except ValueError:
        try:
            return float(text)
        except ValueError:
            return 0


def _like(old: Scalar, value: Cell) -> Scalar:
    """Return a value in the type that the variable has."""
    if isinstance(old, bool):
        return value if isinstance(value, bool) else str(value).lower() == "true"
    if isinstance(old, int | float):
        return _number(value)
    return value if isinstance(value, str) else "" if value is None else str(value)
