"""What a refresh of eight live charts costs, against eight changing labels of the same size."""

import asyncio
import gc
import math
from collections.abc import Callable
from time import process_time

from textual.app import App, ComposeResult
from textual.containers import Grid
from textual.widget import Widget
from textual.widgets import Static

from simulator.tui.widgets.chart import Chart
from simulator.tui.widgets.chart_data import ChartData, Threshold

SIZE = (120, 40)
CHARTS = 8
SAMPLES = 240
STEP = 15.0
ROUNDS = 80
TRIES = 3
LIMIT = 1.5
START = 1_700_000_000.0


class Grids(App[None]):
    """Eight widgets, two in a row."""

    CSS = "Grid { grid-size: 2 4; grid-gutter: 0 2; } Static { height: 1fr; }"

    def __init__(self, make: Callable[[], Widget]) -> None:
        super().__init__()
        self._make = make

    def compose(self) -> ComposeResult:
        """Lay them out."""
        with Grid():
            for _ in range(CHARTS):
                yield self._make()


def chart_data(chart: int, round_: int) -> ChartData:
    """A window that slides by one sample a round, with all that a chart can draw."""
    value = [
        300 + chart * 20 + 60 * math.sin((index + round_) / 9) + 7 * ((index + round_) * 7 % 11)
        for index in range(SAMPLES)
    ]
    start = START + round_ * STEP
    return ChartData(
        f"Service {chart} p99 latency",
        "ms",
        start,
        STEP,
        tuple(value),
        tuple(v * 0.9 + 10 for v in value),
        (Threshold(450.0, "page", True, "critical"),),
        ((start + 100 * STEP, "deploy"),),
        start + (SAMPLES - 1) * STEP,
    )


async def cost(make: Callable[[], Widget], change: Callable[[Widget, int, int], None]) -> float:
    """Processor seconds for a refresh of all eight, layout and compositor included."""
    app = Grids(make)
    async with app.run_test(size=SIZE) as pilot:
        widgets = list(app.query_one(Grid).children)
        gc.collect()
        gc.freeze()
        spent = []
        for round_ in range(ROUNDS):
            began = process_time()
            for number, widget in enumerate(widgets):
                change(widget, number, round_)
            await pilot.pause()
            spent.append(process_time() - began)
        gc.unfreeze()
    return sorted(spent)[ROUNDS // 2]


def main() -> None:
    """Measure and print `name  ratio  limit`."""
    rounds = [[chart_data(chart, round_) for chart in range(CHARTS)] for round_ in range(ROUNDS)]

    def change_chart(widget: Widget, number: int, round_: int) -> None:
        assert isinstance(widget, Chart)
        widget.set_data(rounds[round_][number])

    def change_label(widget: Widget, number: int, round_: int) -> None:
        assert isinstance(widget, Static)
        widget.update(f"Service {number} p99 latency {300 + round_} ms")

    labels = charts = math.inf
    for _ in range(TRIES):
        labels = min(labels, asyncio.run(cost(Static, change_label)))
        charts = min(charts, asyncio.run(cost(Chart, change_chart)))
    print(f"eight labels                   {labels * 1000:.1f} ms a refresh")
    print(f"eight charts                   {charts * 1000:.1f} ms a refresh")
    print(f"charts against labels          {charts / labels:.2f}  {LIMIT}")


if __name__ == "__main__":
    main()
