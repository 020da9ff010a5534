"""What fills the placeholders of a text, in one fixed order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from simulator.content.base import Cell, Scalar
from simulator.world.noise import key_of, mixed
from simulator.world.scope import Nobody, scope_of
from simulator.world.state import WorldState
from simulator.world.template import Lookup, Placeholder

if TYPE_CHECKING:
    from simulator.world.production import World

Place = tuple[str | int, ...]


def lookup_of(
    world: World,
    state: WorldState,
    values: Mapping[str, Any],
    place: Place,
    at: int | None = None,
) -> Lookup:
    """Return what gives a placeholder its value: `values` first, then the state, then chance.

    `place` is where the text stands, so that what is drawn there is the same each time; `at` is an
    earlier time than the state's. The lookup raises KeyError for what nothing fills.
    """
    now = state.t if at is None else at
    drawn = 0

    def draw() -> int:
        nonlocal drawn
        drawn += 1
        return mixed(key_of(world.seed, *place), drawn)

    def look(mark: Placeholder) -> Cell:
        if mark.prefix == "metric":
            metric = world.telemetry.series[mark.name].metric
            decimals = int(mark.parts[0]) if mark.parts else metric.decimals
            return f"{world.value(state, mark.name, now):.{decimals}f}"
        if mark.prefix == "number":
            low, high = int(mark.name), int(mark.parts[0])
            return low + draw() % (high - low + 1)
        if mark.prefix == "hex":
            width = min(64, int(mark.name))
            return "".join(f"{draw():016x}" for _ in range(width // 16 + 1))[:width]
        if mark.prefix == "ago":
            return now - int(mark.name)
        name = f"pool.{mark.name}" if mark.prefix == "pool" else mark.name
        if mark.name in values:
            given: Cell = values[mark.name]
            return given
        if name.startswith("pool."):
            pool = world.pools[name.removeprefix("pool.")]
            return pool[draw() % len(pool)]
        if name in ("now", "t"):
            return now
        if name in world.derived or name in state.variables:
            found: Scalar = scope_of(world, state, Nobody(), at)["_state"][name]
            return found
        if name in world.pools:
            return world.pools[name][draw() % len(world.pools[name])]
        raise KeyError(name)

    return look
