"""How fast a log takes lines, and what it keeps, against Textual's Log."""

import asyncio
import gc
import tracemalloc
from collections.abc import Callable, Sequence
from time import process_time
from typing import TypeVar

from textual.app import App, ComposeResult
from textual.widget import Widget
from textual.widgets import Log

from simulator.tui.widgets.log_line import LogLine
from simulator.tui.widgets.log_pane import LogPane

T = TypeVar("T")

SIZE = (120, 40)
LIMIT_LINES = 100_000
BATCH = 5_000  # lines to a frame; below 1,000 both cost what a frame costs
LINES = 200_000
TRIES = 3
LEAST_RATIO = 1.5
MOST_GROWTH_MB = 2.0


class One(App[None]):
    """One widget that fills the screen."""

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget

    def compose(self) -> ComposeResult:
        """Show it."""
        yield self.widget


def line(number: int) -> LogLine:
    """A line of common length."""
    text = f"request {number} GET /cart/{number * 7919 % 99991} took {number % 900} ms"
    level = ("INFO", "INFO", "INFO", "WARN", "DEBUG")[number % 5]
    return LogLine(1_700_000_000.0 + number / 100, f"checkout-{number % 4}", level, text)


def flat(entry: LogLine) -> str:
    """The same line as Log takes it."""
    return f"{entry.time:.0f} {entry.level} {entry.stream} {entry.text}"


async def speed(widget: Widget, take: Callable[[Sequence[T]], object], lines: list[T]) -> float:
    """Lines per second of processor time, drawn after each batch."""
    app = One(widget)
    async with app.run_test(size=SIZE) as pilot:
        gc.collect()
        gc.freeze()
        began = process_time()
        for at in range(0, len(lines), BATCH):
            take(lines[at : at + BATCH])
            await pilot.pause()
        spent = process_time() - began
        gc.unfreeze()
    return len(lines) / spent


async def growth() -> float:
    """Megabytes that the pane grows by once it is full, over as many lines again as it keeps."""
    pane = LogPane(limit=LIMIT_LINES)
    app = One(pane)
    async with app.run_test(size=SIZE) as pilot:
        for at in range(0, LIMIT_LINES + LIMIT_LINES // 8, BATCH):
            pane.extend([line(number) for number in range(at, at + BATCH)])
            await pilot.pause()
        tracemalloc.start()
        # What was allocated before is not counted when freed, so count a full turn of the ring.
        for at in range(0, 2 * LIMIT_LINES, BATCH):
            pane.extend([line(number) for number in range(at, at + BATCH)])
            await pilot.pause()
            if at == LIMIT_LINES:
                gc.collect()
                full = tracemalloc.get_traced_memory()[0]
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - full
        tracemalloc.stop()
    return grown / 1e6


def main() -> None:
    """Measure and print `name  ratio  limit`."""
    entries = [line(number) for number in range(LINES)]
    texts = [flat(entry) for entry in entries]
    best_log = best_pane = 0.0
    for _ in range(TRIES):
        log = Log(max_lines=LIMIT_LINES)
        best_log = max(best_log, asyncio.run(speed(log, log.write_lines, texts)))
        pane = LogPane(limit=LIMIT_LINES)
        best_pane = max(best_pane, asyncio.run(speed(pane, pane.extend, entries)))
    print(f"Log                            {best_log:,.0f} lines/s")
    print(f"LogPane                        {best_pane:,.0f} lines/s")
    print(f"log pane against Log           {best_pane / best_log:.2f}  {LEAST_RATIO} (at least)")
    print(f"log pane growth in MB          {asyncio.run(growth()):.2f}  {MOST_GROWTH_MB}")


if __name__ == "__main__":
    main()
