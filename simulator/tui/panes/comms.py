"""Communications: channels, what is said there, and a line to say something."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from simulator.tui.messages import ActProposed, ActTaken, TemplateAsked
from simulator.tui.panes.mine import takes_part
from simulator.tui.panes.pane import Pane
from simulator.tui.panes.unread import Unread
from simulator.tui.panes.wording import at_clock, line, name_of, paragraphs, text_of
from simulator.tui.panes.words import Words
from simulator.tui.widgets.field import Field
from simulator.tui.widgets.passages import Passages

if TYPE_CHECKING:
    from simulator.exercise.fold import Exercise
    from simulator.exercise.state import Message

_KINDS = {"chat": "chat", "email": "mail", "status-page": "public", "pager": "pager"}


class CommsPane(Pane):
    """Channels at the left, messages at the right."""

    TITLE = "Comms"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "template", "Template", tooltip="Write a message by a template"),
        Binding("w", "write", "Write", tooltip="Write a line in this channel"),
    ]

    def __init__(self, exercise: Exercise, unread: Unread, *, id: str) -> None:  # noqa: A002
        super().__init__(exercise, id=id)
        self._unread = unread
        self._channel = next((channel.id for channel in exercise.system.channels), "")
        self._labels: list[Content] = []
        self._drawn: str | None = None
        self._said: list[Message] = []
        self._drafts: dict[str, str] = {}  # what was begun in other channels

    def compose(self) -> ComposeResult:
        with Horizontal(classes="split"):
            with Vertical(classes="list"):
                yield OptionList(id="channel-list", markup=False, compact=True)
            with Vertical(classes="main"):
                yield Words(id="channel-title", fixed=True)
                yield Passages(id="messages")
                with Horizontal(classes="prompt") as prompt:
                    if not takes_part(self.exercise, self._unread.seat):
                        prompt.display = False
                    yield Words("say ", classes="label")
                    yield Field(
                        id="say", compact=True, placeholder="a line to this channel",
                        select_on_focus=False,
                    )  # fmt: skip

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to write to those who take part."""
        return action not in ("write", "template") or takes_part(self.exercise, self._unread.seat)

    @property
    def channel(self) -> str:
        """The channel that is open."""
        return self._channel

    def show(self, exercise: Exercise) -> None:
        """Show the channels' counts and the open channel's messages."""
        if self.display:
            self._unread.see(exercise, self._channel)  # what is on screen is not new any more
        counts = self._unread.counts(exercise)
        labels = []
        for channel in exercise.system.channels:
            new = 0 if channel.id == self._channel else counts.get(channel.id, 0)
            labels.append(
                text_of(
                    line(channel.title, 17), (f"  {new} new" if new else "", "bold $text-error")
                )
            )
        listed = self.query_one("#channel-list", OptionList)
        if not self._labels:
            ids = [channel.id for channel in exercise.system.channels]
            listed.add_options(Option(a, id=b) for a, b in zip(labels, ids, strict=True))
            listed.highlighted = 0 if labels else None
        else:
            for index, (new_label, old) in enumerate(zip(labels, self._labels, strict=True)):
                if not new_label.is_same(old):
                    listed.replace_option_prompt_at_index(index, new_label)
        self._labels = labels
        self._draw_messages()

    def _draw_messages(self) -> None:
        """Add what has been said, or show another channel's, or what stood at another moment."""
        said = [m for m in self.exercise.state.messages if m.channel == self._channel]
        known, self._said = self._said, said
        place = self.query_one("#messages", Passages)
        if self._drawn == self._channel and known and said[: len(known)] == known:
            if new := said[len(known) :]:
                place.add(map(self._message, new), to_end=new[-1].from_player)
            return
        if self._drawn == self._channel and said == known:
            return
        self._drawn = self._channel
        self._draw_title()
        nothing = text_of(("Nothing has been said here yet.", "$foreground 60%"))
        place.show([self._message(message) for message in said] or [nothing])

    def _draw_title(self) -> None:
        channel = next((x for x in self.exercise.system.channels if x.id == self._channel), None)
        if channel is not None:
            about = f"   {_KINDS[channel.kind]}, read by {line(channel.audience)}"
            self.query_one("#channel-title", Words).say(
                text_of((line(channel.title), "bold"), (about, "$foreground 60%"))
            )

    def _message(self, message: Message) -> Content:
        exercise = self.exercise
        person = next((x for x in exercise.system.people if x.id == message.sender), None)
        title = f", {line(person.title)}" if person else ""
        name = name_of(exercise, message.sender)
        style = "bold $text-accent" if message.from_player else "bold $text-primary"
        return text_of(
            (f"{at_clock(exercise, message.at, '%H:%M:%S')}  ", "$foreground 60%"),
            (name, style), (f"{title}\n", "$foreground 60%"), paragraphs(message.text),
        )  # fmt: skip

    @on(OptionList.OptionHighlighted, "#channel-list")
    def _chosen(self, event: OptionList.OptionHighlighted) -> None:
        if event.option.id and event.option.id != self._channel:
            self.open_channel(event.option.id)

    @on(OptionList.OptionSelected, "#channel-list")
    def _write_here(self) -> None:
        if takes_part(self.exercise, self._unread.seat):
            self.action_write()

    def open_channel(self, channel: str) -> None:
        """Show a channel, with what was begun there."""
        if channel != self._channel:
            said = self.query_one("#say", Input)
            self._drafts[self._channel] = said.value
            said.value = self._drafts.pop(channel, "")
        self._channel = channel
        ids = [one.id for one in self.exercise.system.channels]
        self.query_one("#channel-list", OptionList).highlighted = ids.index(channel)
        self.show(self.exercise)

    @on(Input.Submitted, "#say")
    def _say(self, event: Input.Submitted) -> None:
        if event.value.strip():
            self.post_message(ActProposed(self, "post", channel=self._channel, text=event.value))

    def on_act_taken(self, event: ActTaken) -> None:
        """What was said need not stand at the prompt any more."""
        said, channel = self.query_one("#say", Input), event.fields.get("channel")
        if event.do != "post":
            return
        if channel == self._channel and said.value == event.fields.get("text"):
            said.value = ""
        elif self._drafts.get(str(channel)) == event.fields.get("text"):
            del self._drafts[str(channel)]

    def action_template(self) -> None:
        """Write by a template."""
        self.post_message(TemplateAsked(self._channel))

    def action_write(self) -> None:
        """Write a line."""
        self.query_one("#say").focus()

    def focus_pane(self) -> None:
        """The channels come first, and the newest of what was said is seen."""
        self.query_one("#messages", Passages).go_to_end()
        self.query_one("#channel-list").focus()

    def leave(self) -> bool:
        """Leave the line that is being written."""
        if self.query_one("#say").has_focus:
            self.focus_pane()
            return True
        return False
