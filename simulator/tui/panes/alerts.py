"""Alerts: what fires, what has fired, and all there is to know about one."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from simulator.tui.messages import ActProposed, ActRefused, DashboardChosen, RunbookChosen
from simulator.tui.panes.alert_rows import AlertRow, firing, history
from simulator.tui.panes.board import chart_data, thresholds_by_metric
from simulator.tui.panes.pane import Pane
from simulator.tui.panes.samples import Samples
from simulator.tui.panes.wording import at_clock, lasted, line, paragraphs, text_of
from simulator.tui.panes.words import Words
from simulator.tui.widgets import Chart

if TYPE_CHECKING:
    from simulator.exercise.fold import Exercise


TODAY = -43_200
"""Since when a moment needs no date, in seconds of the exercise."""


class AlertsPane(Pane):
    """Alerts above, the one at hand below."""

    TITLE = "Alerts"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "acknowledge", "Acknowledge", tooltip="Acknowledge the alert at hand"),
        Binding("r", "runbook", "Runbook", tooltip="Open the runbook the alert names"),
        Binding("v", "dashboard", "Dashboard", tooltip="Open the alert's dashboard"),
    ]

    def __init__(self, exercise: Exercise, *, id: str) -> None:  # noqa: A002
        super().__init__(exercise, id=id)
        self._rows: dict[str, AlertRow] = {}
        self._labels: dict[str, Content] = {}
        self._samples = Samples(exercise)
        self._thresholds = thresholds_by_metric(exercise)
        self._drawing = False
        self._just_seen = ""

    def compose(self) -> ComposeResult:
        yield OptionList(id="alert-list", markup=False, compact=True)
        with Vertical(id="alert-detail"):
            yield Words(id="alert-words")
            yield Chart(id="alert-chart")

    @property
    def chosen(self) -> AlertRow | None:
        """The alert at hand."""
        listed = self.query_one("#alert-list", OptionList)
        option = listed.highlighted_option
        return self._rows.get(option.id or "") if option else None

    def show(self, exercise: Exercise) -> None:
        """List what fires and what has fired; keep the row at hand at hand."""
        now, past = firing(exercise), history(exercise)
        rows = {row.key: row for row in (*now, *past)}
        labels = {"": text_of((f"Firing now: {len(now)}", "bold $text-accent"))}
        labels |= {row.key: self._label(row) for row in now}
        labels["history"] = text_of(("History", "bold $text-accent"))
        labels |= {row.key: self._label(row) for row in past}
        self._rows = rows
        listed = self.query_one("#alert-list", OptionList)
        if list(labels) != list(self._labels):
            chosen = listed.highlighted_option
            listed.clear_options()
            listed.add_options(
                Option(label, id=key or None, disabled=key not in rows)
                for key, label in labels.items()
            )
            keys = list(labels)
            kept = chosen.id if chosen is not None and chosen.id in rows else None
            if kept and self._just_seen and self._just_seen == rows[kept].rule.id:
                kept = next((row.key for row in now if row.acknowledged is None), kept)
                self._just_seen = ""
            first = next((keys.index(key) for key in rows), None)
            listed.highlighted = keys.index(kept) if kept else first
        else:
            for index, (key, label) in enumerate(labels.items()):
                if not label.is_same(self._labels[key]):
                    listed.replace_option_prompt_at_index(index, label)
        self._labels = labels
        self._describe()

    def _label(self, row: AlertRow) -> Content:
        seen = row.acknowledged is not None
        if row.firing:
            mark = ("FIRING    ", "$text-warning" if seen else "bold $text-error")
            tail = "acknowledged" if seen else "not acknowledged"
        else:
            mark = ("resolved  ", "$foreground 60%")
            tail = f"lasted {lasted((row.until or 0) - row.since)}"
        when = self._clock(row.since)
        level = f"{row.rule.severity}  " if row.rule.severity else ""
        product = line(row.rule.product)
        return text_of(
            mark, (f"{when}  ", "$foreground 60%"), level, line(row.rule.title, 48),
            (f"   {product}, {tail}", "$foreground 60%"),
        )  # fmt: skip

    def _clock(self, at: int) -> str:
        """Return a moment, with its day if it is another one than today."""
        return at_clock(self.exercise, at, "%H:%M:%S" if at >= TODAY else "%b %d %H:%M")

    def _text(self, row: AlertRow) -> str:
        """Return what an alert says: now while it fires, else as it was when it began to.

        What was measured on another day is not known.
        """
        exercise = self.exercise
        world = exercise.state.world
        if row.since < TODAY and "{" in row.rule.text:
            return ""
        return exercise.world.fill(world, row.rule.text, at=None if row.firing else row.since)

    @on(OptionList.OptionHighlighted, "#alert-list")
    def _describe(self) -> None:
        row = self.chosen
        words, chart = self.query_one("#alert-words", Words), self.query_one("#alert-chart", Chart)
        chart.display = row is not None and row.rule.metric is not None and row.since >= TODAY
        words.say(self._details(row) if row else "No alert has fired.")
        if row is not None and chart.display and not self._drawing:
            self._drawing = True
            self.run_worker(self._draw(row), group="alert-chart")

    def _details(self, row: AlertRow) -> Content:
        rule, exercise = row.rule, self.exercise
        since = self._clock(row.since)
        facts = [f"since {since}" if row.firing else f"from {since}"]
        if row.until is not None:
            facts.append(f"to {self._clock(row.until)}")
        else:
            facts.append(f"for {lasted(exercise.state.now - row.since)}")
        if row.acknowledged is not None:
            facts.append(f"acknowledged {at_clock(exercise, row.acknowledged)}")
        if rule.hold:
            facts.append(f"fires after {lasted(rule.hold)} beyond its limit")
        facts.append("pages" if rule.page else "does not page")
        style = "bold" if not row.firing else "bold $text-error"
        pieces = [
            text_of(
                (f"{row.state}  ", style), (line(rule.title), "bold"), f"  {line(rule.product)}"
            ),
            text_of(("  ".join(facts), "$foreground 60%")),
        ]
        if text := self._text(row):
            pieces.append(text_of(paragraphs(text)))
        if row.note:
            pieces.append(text_of(("Note  ", "$foreground 60%"), line(row.note)))
        if rule.runbook:
            pieces.append(text_of(("Runbook  ", "$foreground 60%"), line(rule.runbook)))
        return Content("\n").join(pieces)

    async def _draw(self, row: AlertRow) -> None:
        state = self.exercise.state
        try:
            metric = next(x for x in self.exercise.system.metrics if x.id == row.rule.metric)
            data = await chart_data(
                self.exercise, self._samples, metric, "1h", metric.title,
                self._thresholds.get(metric.id, ()),
            )  # fmt: skip
            if self.is_attached:
                self.query_one("#alert-chart", Chart).set_data(data)
        finally:
            self._drawing = False
        if self.exercise.state is not state:  # it went to another moment meanwhile
            self._describe()

    @on(OptionList.OptionSelected, "#alert-list")
    def action_runbook(self) -> None:
        """Open the runbook that the alert names."""
        row = self.chosen
        if row is not None and row.rule.runbook:
            runbook, _, place = row.rule.runbook.partition("#")
            self.post_message(RunbookChosen(runbook.removesuffix(".md"), place))
        elif row is not None:
            self.notify("This alert names no runbook.")

    def action_dashboard(self) -> None:
        """Open the alert's dashboard."""
        row = self.chosen
        if row is not None and row.rule.dashboard:
            self.post_message(DashboardChosen(row.rule.dashboard))
        elif row is not None:
            self.notify("This alert names no dashboard.")

    def action_acknowledge(self) -> None:
        """Acknowledge the alert at hand."""
        row = self.chosen
        if row is not None:
            self._just_seen = row.rule.id  # the next one is then at hand
            self.post_message(ActProposed(self, "acknowledge", alert=row.rule.id))

    def on_act_refused(self, event: ActRefused) -> None:
        """The alert stays at hand."""
        self._just_seen = ""

    def focus_pane(self) -> None:
        """The list comes first."""
        self.query_one("#alert-list").focus()
