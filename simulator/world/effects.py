"""How far an effect is in force at a moment, from 0 to 1, and what it does to a value."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.content.system import Effect

Period = tuple[int, int | None]
"""From when to when something is in force, in seconds since T+0; None: it still is."""


@dataclass(frozen=True, slots=True)
class Force:
    """An effect, ready to be applied."""

    operator: str
    amount: float
    shape: str
    delay: int
    rise: int
    fall: int
    cycle: int

    def level(self, period: Period, t: int) -> float:
        """Return how far it is in force at `t`, from 0 (not at all) to 1 (fully)."""
        start, end = period[0] + self.delay, period[1]
        if t < start:
            return 0.0
        if end is None or t < end:
            return self._up(t - start)
        if end <= start or t - end >= self.fall:
            return 0.0
        return self._up(end - start) * (1.0 - (t - end) / self.fall)

    def apply(self, value: float, level: float) -> float:
        """Return a value under this effect at a level."""
        if self.operator == "x":
            return value * (1.0 + (self.amount - 1.0) * level)
        if self.operator == "=":
            return value + (self.amount - value) * level
        return value + self.amount * level

    def _up(self, age: int) -> float:
        if self.shape == "pulse":
            return 1.0 if age % self.cycle < self.rise else 0.0
        if self.shape == "saw":
            return (age % self.cycle) / self.cycle
        if self.shape == "flap":
            return 1.0 if (2 * age // self.cycle) % 2 == 0 else 0.0
        if self.shape == "step" or age >= self.rise:
            return 1.0
        share = age / self.rise
        if self.shape == "exponential":
            return _slowing(share) / _slowing(1.0)
        return share


def force_of(effect: Effect) -> Force:
    """Return an author's effect, ready to be applied."""
    operator, amount = effect.by[0], float(effect.by[1:])
    if operator == "-":
        operator, amount = "+", -amount
    cycle = effect.period or max(2, 2 * effect.rise) or 60
    return Force(
        operator, amount, effect.shape, effect.delay, effect.rise, effect.fall, max(2, cycle)
    )


def _slowing(share: float) -> float:
    """Fast at first, then slower: 1 - 1 / (1 + x + x^2/2 + x^3/6) at x = 4 share, no libm."""
    x = 4.0 * share
    return 1.0 - 1.0 / (1.0 + x + x * x / 2.0 + x * x * x / 6.0)


ORDER = {"x": 0, "+": 1, "=": 2}
"""In which order effects on one metric are applied."""
