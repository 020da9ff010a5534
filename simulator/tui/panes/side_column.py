"""The column at the side of wide screens: the steps at hand, and what happened last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from simulator.tui.panes.alert_rows import firing, history
from simulator.tui.panes.runbook_page import unmarked
from simulator.tui.panes.wording import at_clock, line, name_of, text_of
from simulator.tui.panes.words import Words

if TYPE_CHECKING:
    from simulator.content.runbook import RunbookStep
    from simulator.exercise.fold import Exercise

_MOST_STEPS = 14
_MOST_NEWS = 40

News = tuple[int, str, str, str]
"""When, a word, what, and the style of the word."""


class SideColumn(Vertical):
    """Steps above, news below."""

    def __init__(self) -> None:
        super().__init__(id="side")
        self._shown: tuple[Exercise, str, list[RunbookStep]] | None = None

    def compose(self) -> ComposeResult:
        yield Words(id="side-steps")
        yield Words(id="side-news", fixed=True)

    def show(self, exercise: Exercise, runbook: str, steps: list[RunbookStep]) -> None:
        """Show the steps of the open section, and the newest of what happened."""
        self._shown = exercise, runbook, steps
        if not self.display or not self.is_mounted:
            return
        width = max(12, self.scrollable_content_region.width)
        words = self.query_one("#side-steps", Words)
        if words.display != bool(steps):
            words.display = bool(steps)
        words.say(self._steps(exercise, runbook, steps, width))
        self.query_one("#side-news", Words).say(self._news(exercise, width))

    def on_resize(self) -> None:
        """Use the room there is."""
        if self._shown is not None:
            self.show(*self._shown)

    @staticmethod
    def _steps(exercise: Exercise, runbook: str, steps: list[RunbookStep], width: int) -> Content:
        rows = [text_of(("Steps", "bold $text-accent"))]
        for step in steps[:_MOST_STEPS]:
            ref = f"{runbook}#{step.id}"
            box = "[x]" if ref in exercise.state.ticks else "[ ]"
            if ref in exercise.state.skipped and box == "[ ]":
                box = "[-]"
            style = "$foreground 60%" if box != "[ ]" else ""
            rows.append(text_of((f"{box} {line(unmarked(step.text), width - 4)}", style)))
        if len(steps) > _MOST_STEPS:
            rows.append(text_of((f"    and {len(steps) - _MOST_STEPS} more", "$foreground 60%")))
        return Content("\n").join(rows)

    @staticmethod
    def _news(exercise: Exercise, width: int) -> Content:
        rows = [text_of(("Newest", "bold $text-accent"))]
        for at, word, what, style in news(exercise)[:_MOST_NEWS]:
            head = f"{at_clock(exercise, at, '%H:%M:%S')} "
            rows.append(text_of((head, "$foreground 60%"), (line(word, width - 9), style)))
            rows.append(text_of(f"  {line(what, width - 2)}"))
        if len(rows) == 1:
            rows.append(text_of(("Nothing yet.", "$foreground 60%")))
        return Content("\n").join(rows)


def news(exercise: Exercise) -> list[News]:
    """Return what was said, fired, decided and declared, the newest first."""
    state = exercise.state
    found: list[News] = []
    titles = {channel.id: channel.title for channel in exercise.system.channels}
    for message in state.messages[-_MOST_NEWS:]:
        who = name_of(exercise, message.sender)
        where = line(titles.get(message.channel, message.channel))
        style = "bold $text-accent" if message.from_player else "bold $text-primary"
        found.append((message.at, f"{who}, {where}", line(message.text), style))
    for row in firing(exercise):
        found.append((row.since, "FIRING", line(row.rule.title), "bold $text-error"))
    for row in history(exercise):
        if row.until is not None and row.until >= 0:
            found.append((row.until, "resolved", line(row.rule.title), "$text-success"))
    for at, severity in state.severities:
        found.append((at, "severity", severity, "bold"))
    for name, (at, option) in state.decisions.items():
        decision = next((d for d in exercise.scenario.decisions if d.id == name), None)
        chosen = (
            next((o.text for o in decision.options if o.id == option), option) if decision else ""
        )
        found.append((at, "decided", line(chosen), "bold"))
    return sorted(found, key=lambda one: (-one[0], one[1], one[2]))
