"""The widgets as pictures, in both themes and both sizes."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.containers import Grid
from textual.pilot import Pilot
from widget_samples import (
    One,
    availability,
    latency,
    log_lines,
    silence,
    throughput,
    tiles,
)

from simulator.tui.widgets import Chart, LogFilter, LogPane, Tile, Transcript

SMALL, LARGE = (80, 24), (120, 40)

Compare = Callable[..., bool]


def four_charts(theme: str) -> One:
    grid = Grid(*(Chart(data()) for data in (latency, throughput, availability, silence)))
    grid.styles.grid_size_columns = 2
    grid.styles.grid_size_rows = 2
    grid.styles.grid_gutter_horizontal = 1
    grid.styles.grid_gutter_vertical = 3
    return One(grid, theme=theme)


async def read_first_chart(pilot: Pilot[Any]) -> None:
    pilot.app.query(Chart).first().focus()
    await pilot.press("left", *["left"] * 12)


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
def test_four_charts(snap_compare: Compare, theme: str) -> None:
    assert snap_compare(four_charts(theme), terminal_size=LARGE, run_before=read_first_chart)


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light"])
def test_one_chart_on_a_small_screen(snap_compare: Compare, theme: str) -> None:
    assert snap_compare(One(Chart(latency()), theme=theme), terminal_size=SMALL)


def test_charts_too_small_for_axes_are_sparklines(snap_compare: Compare) -> None:
    grid = Grid(*(Chart(data()) for data in (latency, throughput, availability, silence)))
    grid.styles.grid_size_columns = 4
    grid.styles.grid_gutter_vertical = 1
    grid.styles.height = 4
    assert snap_compare(One(grid), terminal_size=SMALL)


def log_with(setup: Callable[[LogPane], object]) -> Callable[[Pilot[Any]], Awaitable[None]]:
    async def run(pilot: Pilot[Any]) -> None:
        pane = pilot.app.query_one(LogPane)
        pane.focus()
        pane.extend(log_lines())
        await pilot.pause()
        setup(pane)
        await pilot.pause()

    return run


def test_a_log_followed(snap_compare: Compare) -> None:
    assert snap_compare(One(LogPane()), terminal_size=SMALL, run_before=log_with(lambda pane: None))


def test_a_log_frozen_filtered_and_unfolded(snap_compare: Compare) -> None:
    def setup(pane: LogPane) -> None:
        assert pane.set_filter(LogFilter(level="warn", query="time|pool", is_pattern=True)) == ""
        pane.action_oldest()
        pane.action_move(1)
        pane.action_toggle_unfold()
        pane.extend(log_lines(40))

    app = One(LogPane(), theme="textual-light")
    assert snap_compare(app, terminal_size=(120, 12), run_before=log_with(setup))


def test_an_overview_of_tiles(snap_compare: Compare) -> None:
    grid = Grid(*(Tile(data) for data in tiles()))
    grid.styles.grid_size_columns = 4
    grid.styles.grid_rows = "3"
    grid.styles.grid_gutter_horizontal = 1
    grid.styles.grid_gutter_vertical = 3
    lines = [Tile(data) for data in tiles()]
    for number, tile in enumerate(lines):
        tile.styles.height = 1 + number % 2
    grid.styles.height = 9
    assert snap_compare(One(grid, *lines), terminal_size=LARGE)


def test_a_transcript(snap_compare: Compare) -> None:
    async def run(pilot: Pilot[Any]) -> None:
        shell = pilot.app.query_one(Transcript)
        shell.write_command("mira@bastion:~$ ", "kubectl get pods -n shop")
        shell.write_output(
            "NAME                    READY   STATUS             RESTARTS   AGE\n"
            "checkout-6d9f7b-x2x9k   1/1     Running            0          3d\n"
            "payments-57c4d8-4kq8p   0/1     CrashLoopBackOff   7          12m\n"
        )
        shell.write_command("mira@bastion:~$ ", "grep -c 注文 orders.log | tee [/]count.txt")
        shell.write_output("4211\n\n" + "a line that is longer than the screen is wide; " * 3)
        shell.write_command("mira@bastion:~$ ", "pg_restore -d shop dump.tar")
        shell.progress("restoring … 41 %")
        shell.progress("restoring … 43 %")
        await pilot.pause()

    assert snap_compare(One(Transcript()), terminal_size=SMALL, run_before=run)
