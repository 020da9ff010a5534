"""Pane 6: what is said in all channels, to read; answering as one of the simulated people."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList

from simulator.exercise.powers import role_title
from simulator.tui.panes.wording import at_clock, line, name_of, paragraphs, text_of
from simulator.tui.panes.words import Words
from simulator.tui.screens.facilitator.page import MUTED, ListPage, Row, joined, shown

if TYPE_CHECKING:
    from simulator.exercise.fold import Exercise
    from simulator.exercise.state import Message

ALL = "all"
MOST = 200
"""Messages that are shown, the newest ones."""


class CommsPage(ListPage):
    """The channels at the left, what is said there at the right."""

    NAME, TITLE = "comms", "Comms"
    BINDINGS: ClassVar[list[BindingType]] = [
        *shown(("a", "speak", "Answer as"), ("w", "write", "Write")),
    ]

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield OptionList(markup=False, compact=True, classes="rows channels")
            with VerticalScroll(classes="detail messages"):
                yield Words()

    def rows(self) -> list[Row]:
        """Return the channels, each with how much was said there."""
        exercise = self.desk.exercise
        said = [one.channel for one in exercise.state.messages]
        rows: list[Row] = [(ALL, text_of("All channels", (f" {len(said)}", MUTED)))]
        rows += [
            (channel.id, text_of(line(channel.title, 17), (f" {said.count(channel.id)}", MUTED)))
            for channel in exercise.system.channels
        ]
        return rows

    def detail(self, name: str) -> Content:
        """Return what was said in a channel, the newest last."""
        return messages(self.desk.exercise, "" if name == ALL else name)

    @property
    def channel(self) -> str:
        """The channel that is chosen; "" for all."""
        return "" if self.chosen == ALL else self.chosen

    @on(OptionList.OptionHighlighted)
    def _tell(self) -> None:
        place = self.query_one(".messages", VerticalScroll)
        at_end = place.is_vertical_scroll_end
        super()._tell()
        if at_end:
            self.call_after_refresh(place.scroll_end, animate=False)


def messages(exercise: Exercise, channel: str = "") -> Content:
    """Return what was said in a channel, or in all of them."""
    said = [one for one in exercise.state.messages if channel in ("", one.channel)]
    rows = [_message(exercise, one, not channel) for one in said[-MOST:]]
    return joined(rows) if rows else text_of(("Nothing has been said here yet.", MUTED))


def _message(exercise: Exercise, message: Message, named: bool) -> Content:
    """Return a message with its sender, their role, and its channel where that is `named`."""
    titles = {channel.id: channel.title for channel in exercise.system.channels}
    style = "bold $text-accent" if message.from_player else "bold $text-primary"
    role = role_title(exercise, message.sender)
    place = f" in {line(titles.get(message.channel, message.channel))}" if named else ""
    return text_of(
        (f"{at_clock(exercise, message.at)}  ", MUTED), (name_of(exercise, message.sender), style),
        (f"{f', {line(role)}' if role else ''}{place}\n", MUTED), f"{paragraphs(message.text)}\n",
    )  # fmt: skip
