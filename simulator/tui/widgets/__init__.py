"""Widgets that draw: charts, tiles, logs and the shell's record. They know nothing of exercises."""

from simulator.tui.widgets.chart import Chart
from simulator.tui.widgets.chart_data import ChartData, Threshold
from simulator.tui.widgets.log_filter import LogFilter
from simulator.tui.widgets.log_line import LEVELS, LogLine
from simulator.tui.widgets.log_pane import LogPane
from simulator.tui.widgets.tile import Tile, TileData
from simulator.tui.widgets.transcript import Transcript
from simulator.tui.widgets.units import format_value

__all__ = [
    "LEVELS",
    "Chart",
    "ChartData",
    "LogFilter",
    "LogLine",
    "LogPane",
    "Threshold",
    "Tile",
    "TileData",
    "Transcript",
    "format_value",
]
