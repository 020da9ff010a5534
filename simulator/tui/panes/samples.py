"""The samples behind charts: computed once, a few milliseconds at a time.

What a metric was at a time that has passed never changes, so every refresh computes only what
is new.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.exercise.fold import Exercise

RANGES: tuple[tuple[str, int, int], ...] = (
    ("15m", 900, 10),
    ("1h", 3600, 30),
    ("3h", 10_800, 90),
    ("6h", 21_600, 180),
    ("24h", 86_400, 720),
    ("7d", 604_800, 3600),
)
"""Label, seconds, and seconds between two samples."""

_SLICE = 12
_AT_A_TIME = 0.004

Values = tuple[float | None, ...]


class Samples:
    """Samples of metrics, kept for as long as an exercise is on screen."""

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        self._values: dict[tuple[str, int], dict[int, float | None]] = {}
        self._baselines: dict[tuple[str, int], dict[int, float | None]] = {}
        self._since = perf_counter()

    def grid(self, span: int, step: int) -> tuple[int, int]:
        """Return the first tick and the count of a window that ends now; a tick is `step` long."""
        count = span // step
        return self._exercise.state.now // step - count + 1, count

    async def values(self, metric: str, span: int, step: int) -> Values:
        """Return a metric's samples; the last one is its value now."""
        world, state = self._exercise.world, self._exercise.state.world
        first, count = self.grid(span, step)

        def compute(start: int, many: int) -> Values:
            return tuple(world.series(state, metric, start * step, step, many))

        kept = self._values.setdefault((metric, step), {})
        await self._fill(kept, first, count - 1, compute)
        now = world.value(state, metric, self._exercise.state.now)
        return (*(kept[tick] for tick in range(first, first + count - 1)), now)

    async def baseline(self, metric: str, span: int, step: int) -> Values:
        """Return a metric's samples of the same time a week before."""
        world = self._exercise.world
        first, count = self.grid(span, step)

        def compute(start: int, many: int) -> Values:
            return tuple(world.baseline_series(metric, start * step, step, many))

        kept = self._baselines.setdefault((metric, step), {})
        await self._fill(kept, first, count, compute)
        return tuple(kept[tick] for tick in range(first, first + count))

    async def _fill(
        self,
        kept: dict[int, float | None],
        first: int,
        count: int,
        compute: Callable[[int, int], Values],
    ) -> None:
        missing = [tick for tick in range(first, first + count) if tick not in kept]
        while missing:
            start = missing[0]
            many = 1
            while many < min(_SLICE, len(missing)) and missing[many] == start + many:
                many += 1
            kept.update(zip(missing[:many], compute(start, many), strict=True))
            del missing[:many]
            await self._breathe()
        if len(kept) > 4 * count + 100:
            for tick in [tick for tick in kept if tick < first]:
                del kept[tick]

    async def _breathe(self) -> None:
        """Let keys through once a few milliseconds have been spent."""
        if perf_counter() - self._since > _AT_A_TIME:
            await asyncio.sleep(0)
            self._since = perf_counter()
