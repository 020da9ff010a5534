"""Logs: one stream at a time, live, filtered by level and by text or pattern."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.timer import Timer
from textual.widgets import Input, Select

from simulator.tui.messages import ActProposed, ActTaken
from simulator.tui.panes.pane import Pane
from simulator.tui.panes.wording import line, text_of
from simulator.tui.panes.words import Words
from simulator.tui.widgets import LogFilter, LogLine, LogPane
from simulator.tui.widgets.field import Field

if TYPE_CHECKING:
    from simulator.exercise.fold import Exercise
    from simulator.world import LogLine as Written

_BACK = 600
_SLICE, _MOST = 60, 300
_AFTER_TYPING = 0.15
_LEVEL_CHOICES = ("debug", "info", "warn", "error", "critical")
_LEVELS_NAMED = ("all", *(f"{level} and above" for level in _LEVEL_CHOICES[1:]))


class LogsPane(Pane):
    """A stream's lines, following its end."""

    TITLE = "Logs"
    KEYS = "[ and ] change the stream, l the level, r text or pattern."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", key_display="/", tooltip="Filter by text or pattern"),
        Binding("l", "level", "Level", show=False, tooltip="Show the next level and above"),
        Binding("r", "pattern", "Pattern", show=False, tooltip="Filter by a pattern, or by text"),
        Binding("left_square_bracket", "stream(-1)", "Previous stream", show=False),
        Binding(
            "right_square_bracket",
            "stream(1)",
            "Stream",
            key_display="]",
            tooltip="Open the next stream",
        ),
    ]

    def __init__(self, exercise: Exercise, *, id: str) -> None:  # noqa: A002
        super().__init__(exercise, id=id)
        self._stream = ""
        self._upto = 0
        self._reading = False
        self._waiting: Timer | None = None
        self._level = 0
        self._pattern = False

    def compose(self) -> ComposeResult:
        services = {service.id: service.title for service in self.exercise.system.services}
        choices = [
            (text_of(f"{line(services.get(x.service, x.service))}: {line(x.title)}"), x.id)
            for x in self.exercise.system.logs
        ]
        with Horizontal(classes="bar"):
            yield Select(choices, prompt="Choose a stream", id="log-stream", compact=True)
            yield Words(id="log-level")
            yield Field(placeholder="filter", id="log-filter", compact=True)
        yield Words(id="log-note")
        yield LogPane(id="log-lines")

    def on_mount(self) -> None:
        """Open the first stream, or the one that was open; a pause waits for a choice."""
        self._words()
        streams = [stream.id for stream in self.exercise.system.logs]
        seen = [x.removeprefix("logs:") for x in self.exercise.state.views if "logs:" in x]
        first = [name for name in (*reversed(seen), *streams) if name in streams][:1]
        if first and not self.exercise.state.paused:
            self.propose(first[0])

    @property
    def opened(self) -> str:
        """The stream that is open."""
        return self._stream

    @property
    def upto(self) -> int:
        """Up to which second lines were read."""
        return self._upto

    def show(self, exercise: Exercise) -> None:
        """Append what was written since the last look."""
        if self._stream and not self._reading and exercise.state.now > self._upto:
            self._reading = True
            self.run_worker(self._read(self._stream), group="log-lines")

    async def _read(self, stream: str) -> None:
        """Append a stream's lines up to now, a little at a time."""
        world = self.exercise.world
        pane = self.query_one("#log-lines", LogPane)
        try:
            while stream == self._stream and self.is_attached:
                state = self.exercise.state  # another one, where the exercise went back
                if self._upto >= state.now:
                    break
                end = min(state.now, self._upto + _SLICE)
                lines = world.log_lines(state.world, stream, self._upto + 1, end, _MOST)
                self._upto = end
                pane.extend([shown(entry, world.epoch) for entry in lines])
                await asyncio.sleep(0)
        finally:
            self._reading = False

    @on(Select.Changed, "#log-stream")
    def _chosen(self, event: Select.Changed) -> None:
        if isinstance(event.value, str) and event.value != self._stream:
            self.propose(event.value)

    def propose(self, stream: str) -> None:
        """Ask to open a stream: looking at one is an act."""
        self.post_message(ActProposed(self, "logs", stream=stream))

    def on_act_taken(self, event: ActTaken) -> None:
        """Open the stream that may be opened."""
        stream = str(event.fields.get("stream", ""))
        if event.do != "logs" or stream == self._stream:
            return
        self._stream = stream
        with self.prevent(Select.Changed):
            self.query_one("#log-stream", Select).value = stream
        self.rewind()
        self.show(self.exercise)
        self._words()
        if not self.query_one("#log-filter").has_focus:
            self.query_one("#log-lines").focus()

    def rewind(self) -> None:
        """Forget the lines, and read again what leads up to now."""
        pane = self.query_one("#log-lines", LogPane)
        pane.clear()
        pane.freeze(False)
        self._upto = self.exercise.state.now - _BACK

    def _words(self, problem: str = "") -> None:
        level = _LEVELS_NAMED[self._level]
        self.query_one("#log-level", Words).say(
            text_of(("level ", "$foreground 60%"), level, ("  filter ", "$foreground 60%"),
                    "pattern" if self._pattern else "text")
        )  # fmt: skip
        stream = next((x for x in self.exercise.system.logs if x.id == self._stream), None)
        about = line(stream.about or "") or self.KEYS if stream else f"Choose a stream. {self.KEYS}"
        note = (
            text_of((problem, "bold $text-error"))
            if problem
            else text_of((about, "$foreground 60%"))
        )
        words = self.query_one("#log-note", Words)
        words.say(note)
        words.display = bool(problem or about)

    def _apply(self) -> None:
        query = self.query_one("#log-filter", Input).value
        level = _LEVEL_CHOICES[self._level] if self._level else ""
        found = LogFilter(level=level, query=query, is_pattern=self._pattern)
        self._words(self.query_one("#log-lines", LogPane).set_filter(found))

    @on(Input.Changed, "#log-filter")
    def _typed(self) -> None:
        # The letters first: many lines may have to be looked through.
        if self._waiting is not None:
            self._waiting.stop()
        self._waiting = self.set_timer(_AFTER_TYPING, self._apply)

    @on(Input.Submitted, "#log-filter")
    def _submitted(self, event: Input.Submitted) -> None:
        self._apply()
        self.query_one("#log-lines").focus()
        if self._stream and event.value.strip():
            query = line(event.value, 400)
            self.post_message(ActProposed(self, "logs", stream=self._stream, query=query))

    def action_filter(self) -> None:
        """Type a filter."""
        self.query_one("#log-filter").focus()

    def action_level(self) -> None:
        """Show only a graver level and above."""
        self._level = (self._level + 1) % len(_LEVEL_CHOICES)
        self._apply()

    def action_pattern(self) -> None:
        """Read the filter as a pattern, or as text."""
        self._pattern = not self._pattern
        self._apply()

    def action_stream(self, step: int) -> None:
        """Open the next stream."""
        names = [stream.id for stream in self.exercise.system.logs]
        if names:
            here = names.index(self._stream) if self._stream in names else -step if step < 0 else -1
            self.propose(names[(here + step) % len(names)])

    def focus_pane(self) -> None:
        """The selector first, the lines once a stream is open."""
        self.query_one("#log-lines" if self._stream else "#log-stream").focus()

    def leave(self) -> bool:
        """Leave the filter."""
        typed = self.query_one("#log-filter", Input)
        if typed.has_focus or typed.value:
            typed.value = ""
            self.query_one("#log-lines").focus()
            return True
        return False


def shown(entry: Written, epoch: int) -> LogLine:
    """Return a line of the world's as the pane draws it."""
    return LogLine(float(epoch + entry.t), entry.stream, entry.level, entry.text, entry.detail)
