"""The panels of one dashboard as widgets, filled from the exercise."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Literal

from textual.app import ComposeResult
from textual.containers import ItemGrid, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from simulator.content.system import (
    ChartPanel,
    Dashboard,
    IssuesPanel,
    Metric,
    Panel,
    TablePanel,
    TextPanel,
    TilesPanel,
)
from simulator.exercise.titles import title_in
from simulator.tui.panes.columns import table
from simulator.tui.panes.samples import RANGES, Samples
from simulator.tui.panes.wording import lasted, line, paragraphs
from simulator.tui.panes.words import Words
from simulator.tui.widgets import Chart, ChartData, Threshold, Tile, TileData

if TYPE_CHECKING:
    from simulator.exercise.fold import Exercise

_CHART_WIDTH = 46
_TILE_WIDTH = 25
_TILE_SPAN, _TILE_STEP = 900, 30


class Board(VerticalScroll):
    """One dashboard. What is scrolled out of view is drawn when it comes into view."""

    class Scrolled(Message):
        """Another part of the board is in view."""

    def __init__(self, exercise: Exercise, dashboard: Dashboard, samples: Samples) -> None:
        super().__init__(classes="board", can_focus=False)
        self.dashboard = dashboard
        self._exercise, self._samples = exercise, samples
        self._metrics = {metric.id: metric for metric in exercise.system.metrics}
        self._thresholds = thresholds_by_metric(exercise)
        self._shown: list[tuple[Panel, Widget]] = []

    def compose(self) -> ComposeResult:
        for kind, group in groupby(self.dashboard.panels, type):
            if kind is ChartPanel:
                with ItemGrid(min_column_width=_CHART_WIDTH, classes="charts"):
                    for panel in group:
                        chart = Chart()
                        self._shown.append((panel, chart))
                        yield chart
                continue
            for panel in group:
                yield Words(line(getattr(panel, "title", None) or ""), classes="heading")
                if isinstance(panel, TilesPanel):
                    with ItemGrid(min_column_width=_TILE_WIDTH, classes="tiles") as grid:
                        for metric in panel.tiles:
                            yield Tile(TileData(line(self._metrics[metric].title), None, ""))
                    self._shown.append((panel, grid))
                else:
                    words = Words(classes="words")
                    self._shown.append((panel, words))
                    yield words

    async def draw(self, span: str) -> None:
        """Show the present state over the range called `span`."""
        charts, tiles = [], []
        seen = [(panel, widget) for panel, widget in self._shown if self._sees(widget)]
        for panel, widget in seen:
            if isinstance(panel, ChartPanel) and isinstance(widget, Chart):
                charts.append((widget, await self._chart(panel, span)))
            elif isinstance(panel, TilesPanel):
                # A board that is being taken away has no tiles any more.
                for metric, tile in zip(panel.tiles, widget.query(Tile), strict=False):
                    tiles.append((tile, await self._tile(self._metrics[metric])))
        # All at once when all is known, so that it is one frame.
        if self.is_attached:
            for chart, data in charts:
                chart.set_data(data)
            for tile, shown in tiles:
                tile.set_data(shown)
            width = max(20, self.scrollable_content_region.width - 2)
            for panel, widget in seen:
                if isinstance(widget, Words):
                    widget.say(text_panel(self._exercise, panel, width))

    def _sees(self, widget: Widget) -> bool:
        """Return whether a widget is in view, or nobody knows yet."""
        return not widget.region or widget.region.overlaps(self.region)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Say that something else is in view."""
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self.post_message(self.Scrolled())

    async def _chart(self, panel: ChartPanel, span: str) -> ChartData:
        metric = self._metrics[panel.chart]
        return await chart_data(
            self._exercise,
            self._samples,
            metric,
            span,
            panel.title or metric.title,
            tuple(Threshold(t.value, line(t.label), t.above) for t in panel.thresholds),
        )

    async def _tile(self, metric: Metric) -> TileData:
        values = await self._samples.values(metric.id, _TILE_SPAN, _TILE_STEP)
        value = values[-1]
        beyond = value is not None and any(
            threshold.is_beyond(value) for threshold in self._thresholds.get(metric.id, ())
        )
        if metric.id not in self._thresholds:  # nobody has said what is calm
            return TileData(line(metric.title), value, metric.unit, values, "unknown", " ")
        state: Literal["alarm", "calm"] = "alarm" if beyond else "calm"
        return TileData(line(metric.title), value, metric.unit, values, state)


def thresholds_by_metric(exercise: Exercise) -> dict[str, tuple[Threshold, ...]]:
    """Return the thresholds that any dashboard draws for a metric."""
    found: dict[str, tuple[Threshold, ...]] = {}
    for dashboard in exercise.system.dashboards:
        for panel in dashboard.panels:
            if isinstance(panel, ChartPanel) and panel.thresholds:
                found[panel.chart] = tuple(
                    Threshold(t.value, line(t.label), t.above) for t in panel.thresholds
                )
    return found


async def chart_data(
    exercise: Exercise,
    samples: Samples,
    metric: Metric,
    span: str,
    title: str,
    thresholds: tuple[Threshold, ...],
) -> ChartData:
    """Return a chart of a metric over a range, with last week's and the acts on it."""
    _, seconds, step = next(one for one in RANGES if one[0] == span)
    values = await samples.values(metric.id, seconds, step)
    baseline = await samples.baseline(metric.id, seconds, step)
    epoch = exercise.world.epoch
    first, _ = samples.grid(seconds, step)
    start = float(epoch + first * step)
    return ChartData(
        line(title), metric.unit, start, float(step), values, baseline, thresholds,
        tuple(mark for mark in marks(exercise) if mark[0] >= start),
        float(epoch + exercise.state.now),
    )  # fmt: skip


def marks(exercise: Exercise) -> list[tuple[float, str]]:
    """Return what people did to production and to alerts, as marks on a chart."""
    epoch, state = exercise.world.epoch, exercise.state
    done = [
        (float(epoch + event.t), line(title_in(exercise, "action", str(event.data["action"])), 18))
        for event in state.world.events
        if event.kind == "action-done" and not event.data.get("failed")
    ]
    acknowledged = {(float(epoch + at), "ack") for at in state.acknowledged.values()}
    return sorted([*done, *acknowledged])[-6:]


def text_panel(exercise: Exercise, panel: Panel, width: int) -> str | Content:
    """Return what a table, an issue list or a text shows now."""
    from simulator.world.panels import table_rows, text_of

    world, state, outside = exercise.world, exercise.state.world, exercise.outside
    if isinstance(panel, TablePanel):
        return table(list(panel.columns), table_rows(world, state, panel, outside), width)
    if isinstance(panel, IssuesPanel):
        headings = ("Issue", "Where", "Level", "Events", "Users", "Last seen")
        rows = [
            (
                issue.title, issue.endpoint, issue.level, str(issue.events), str(issue.users),
                f"{lasted(exercise.state.now - issue.last)} ago",
            )
            for issue in world.issues(state, panel.window)
        ]  # fmt: skip
        return table(headings, rows, width)
    if isinstance(panel, TextPanel):
        return paragraphs(text_of(world, state, panel, outside))
    return ""
