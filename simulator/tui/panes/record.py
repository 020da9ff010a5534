"""What was typed and shown on everybody's terminal up to a moment; of one person, if chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from simulator.tui.panes.pane import Pane
from simulator.tui.panes.wording import at_clock, line, name_of, text_of
from simulator.tui.panes.words import Words
from simulator.tui.widgets import Transcript
from simulator.world import ShellContext

if TYPE_CHECKING:
    from simulator.exercise.fold import Exercise
    from simulator.exercise.state import TerminalLine

_LINES_AT_ONCE = 400
"""Entries that are written anew after going back: more than anybody scrolls through."""


class RecordPane(Pane):
    """A transcript that goes back as well as on."""

    TITLE = "Terminal"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "person", "Whose", tooltip="Show the terminal of the next person"),
    ]

    def __init__(self, exercise: Exercise, *, id: str) -> None:  # noqa: A002
        super().__init__(exercise, id=id)
        self._person = ""
        self._read = 0

    def compose(self) -> ComposeResult:
        yield Words(id="record-title")
        yield Transcript(id="transcript")

    @property
    def person(self) -> str:
        """The seat whose terminal is shown; "" for everybody's."""
        return self._person

    def show(self, exercise: Exercise) -> None:
        """Write what is new; after going back, write the record anew."""
        entries = exercise.state.terminal
        if len(entries) < self._read:
            self._begin_anew(len(entries))
        transcript = self.query_one("#transcript", Transcript)
        for entry in entries[self._read :]:
            if self._person in ("", entry.seat):
                self._write(transcript, entry)
        self._read = len(entries)
        transcript.progress(self._working())
        self._say_whose()

    def _begin_anew(self, many: int) -> None:
        self.query_one("#transcript", Transcript).clear()
        self._read = max(0, many - _LINES_AT_ONCE)

    def _write(self, transcript: Transcript, entry: TerminalLine) -> None:
        if entry.line:
            clock = at_clock(self.exercise, entry.at)
            who = name_of(self.exercise, entry.seat)
            prompt = self.exercise.shell.prompt(ShellContext.of({}))
            transcript.write_command(f"{clock} {who} {prompt}", entry.line)
        transcript.write_output(entry.output)

    def _working(self) -> str:
        world = self.exercise.state.world
        titles = {action.id: action.title for action in self.exercise.world.actions}
        return "   ".join(
            f"{line(titles.get(one.action, one.action))}: working, {world.t - one.started} s"
            for one in world.running
            if self._person in ("", one.by)
        )

    def _say_whose(self) -> None:
        whose = name_of(self.exercise, self._person) if self._person else "everybody"
        more = "   n shows one person's" if len(self.people()) > 1 else ""
        self.query_one("#record-title", Words).say(
            text_of(("Typed by ", "$foreground 60%"), (whose, "bold"), (more, "$foreground 60%"))
        )

    def people(self) -> list[str]:
        """Return the seats that have typed something by now, in the order in which they began."""
        return list(dict.fromkeys(x.seat for x in self.exercise.state.terminal if x.line))

    def show_person(self, seat: str) -> None:
        """Show the terminal of one seat; "" shows everybody's."""
        self._person = seat
        if self.is_mounted:
            self._begin_anew(len(self.exercise.state.terminal))
            self.show(self.exercise)

    def action_person(self) -> None:
        """Show the terminal of the next person, and everybody's after the last."""
        choices = ["", *self.people()]
        here = choices.index(self._person) if self._person in choices else 0
        self.show_person(choices[(here + 1) % len(choices)])

    def focus_pane(self) -> None:
        """The record can be scrolled."""
        self.query_one("#transcript").focus()
