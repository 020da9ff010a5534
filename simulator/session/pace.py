"""Simulated time by the store's clock, which every host of an exercise sees alike.

An act of the clock carries the store's clock at its moment. From the last one on, the time is a
straight line: seconds since then, times the speed.
"""

from __future__ import annotations

from collections.abc import Callable

from simulator.exercise import acts as a

DEAD = 15_000
"""Milliseconds without an act of the clock after which no host is playing any more."""


class Pace:
    """How far the time has come, by a clock that is asked now and then."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._ahead: float | None = None
        self._doubt = float("inf")
        self._asked = float("-inf")
        self._anchor: tuple[int, int, int] | None = None

    @property
    def due(self) -> bool:
        """Whether the store's clock should be asked again: every ten seconds."""
        return self._ahead is None or self._monotonic() - self._asked > 10

    def learn(self, clock: float, before: float, after: float) -> None:
        """Take the store's clock (seconds), asked and answered at these monotonic seconds.

        The answer that came quickest is believed, and a slower one after a minute.
        """
        doubt = after - before
        if doubt <= self._doubt or after - self._asked > 60:
            self._ahead, self._doubt = clock - (before + after) / 2, doubt
        self._asked = after

    def wall(self) -> int:
        """Return the store's clock in milliseconds, as far as it is known."""
        return round(1000 * (self._monotonic() + (self._ahead or 0.0)))

    def heard(self, act: a.AnyAct, speed: int) -> None:
        """Take an act of the clock that was stored; `speed` is the one in force after it."""
        if isinstance(act, a.Paced) and act.wall:
            self._anchor = (act.to if isinstance(act, a.Jump) else act.at, act.wall, speed)

    def wall_at(self, at: int) -> int:
        """Return the store's clock at a moment of simulated time, along the present line."""
        if self._anchor is None:
            return self.wall()
        start, wall, speed = self._anchor
        return wall + (at - start) * 1000 // speed

    def now(self) -> int | None:
        """Return the second of simulated time, were it passing; None before the first anchor."""
        if self._anchor is None:
            return None
        start, wall, speed = self._anchor
        return start + max(0, self.wall() - wall) * speed // 1000

    def silent(self, at: int) -> bool:
        """Return whether nobody has moved the time on for so long after `at` that all are gone."""
        return self._anchor is None or self.wall() - self.wall_at(at) > DEAD
