"""The world at one instant, as the shell looks at it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from simulator.content.base import Cell
from simulator.content.expression import Expression
from simulator.content.system import Action
from simulator.world.noise import key_of
from simulator.world.scope import scope_of
from simulator.world.shell.moments import stamp

if TYPE_CHECKING:
    from simulator.world.production import World
    from simulator.world.scope import Outside
    from simulator.world.state import WorldState

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Scene:
    """A world, its state now, and what it is told of the people."""

    world: World
    state: WorldState
    outside: Outside

    @property
    def now(self) -> int:
        """Seconds since 1970, simulated."""
        return self.world.epoch + self.state.t

    @cached_property
    def scope(self) -> Mapping[str, Any]:
        """What expressions see."""
        return self.world.scope(self.state, self.outside)

    @cached_property
    def actions(self) -> dict[str, Action]:
        """Every action of the system and the scenario."""
        return {action.id: action for action in reversed(self.world.actions)}

    def holds(self, expression: Expression | None, args: Mapping[str, str] | None = None) -> bool:
        """Whether a condition holds; none always does. `args` are read as `args.NAME`."""
        if expression is None:
            return True
        scope = scope_of(self.world, self.state, self.outside, args=args) if args else self.scope
        return bool(expression.evaluate(scope))

    def number(self, expression: Expression) -> float:
        """Return the value of a quantity, 0 for what is not one."""
        value = expression.evaluate(self.scope)
        return float(value) if isinstance(value, int | float) else 0.0

    def fill(
        self,
        text: str,
        args: Mapping[str, object],
        row: Mapping[str, object] | None = None,
        place: Place = (),
    ) -> str:
        """Fill the placeholders of an authored text: arguments first, then the row's columns."""
        return self.world.fill(self.state, text, {**(row or {}), **args}, place)

    def cell(self, value: str, n: int, place: Place, timed: bool) -> str:
        """Return a cell of a business table: the same at every moment of the exercise.

        `{ago:60:86400}` is a moment between so many seconds before T+0, `{ago:60}` one.
        """
        ago = re.fullmatch(r"\{ago:(\d{1,9})(?::(\d{1,9}))?\}", value) if timed else None
        if ago:
            least, most = int(ago[1]), int(ago[2] or ago[1])
            back = least + self.chance("ago", *place) % (max(0, most - least) + 1)
            return stamp((self.world.epoch - back) * 1_000_000).removesuffix("+00")
        text = re.sub(r"\{n\}", str(n), value)
        return self.fill(text, {"n": n}, place=place) if "{" in text else text

    def chance(self, *place: str | int) -> int:
        """Return a whole number drawn for a place: the same for the same seed."""
        return key_of(self.world.seed, *place)


def spelled(value: Cell) -> str:
    """Return a cell as people read it: whole numbers without a point, true and false in words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value)
