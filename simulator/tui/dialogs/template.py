"""A message by a template: its fields, typed, and how it will read."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Button, Input, Select

from simulator.tui.dialogs.dialog import Dialog, Propose, typed_in
from simulator.tui.panes.wording import at_clock, line, paragraphs, text_of
from simulator.tui.panes.words import Words

if TYPE_CHECKING:
    from simulator.content.system import MessageTemplate, TemplateField
    from simulator.exercise.fold import Exercise

_NEXT = 1800


class TemplateDialog(Dialog):
    """Fill in a template and send it."""

    FOOT = "Tab goes on, Ctrl+S sends, Escape closes."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "send", "Send", priority=True),
    ]

    def __init__(
        self, exercise: Exercise, template: MessageTemplate, channel: str, propose: Propose
    ) -> None:
        super().__init__(propose)
        self._exercise, self._template, self._channel = exercise, template, channel

    def heading(self) -> str:
        """Return the template's title and where the message goes."""
        titles = {one.id: one.title for one in self._exercise.system.channels}
        return f"{line(self._template.title)} to {line(titles.get(self._channel, ''))}"

    def body(self) -> ComposeResult:
        """Ask for each field, and show the message."""
        for number, field in enumerate(self._template.fields):
            with Horizontal(classes="field"):
                yield Words(line(field.title, 18), classes="label")
                yield self._field(field, f"field-{number}")
        yield Words("How it reads", classes="heading")
        yield Words(id="preview")
        yield Button("Send", id="send", compact=True)

    def _field(self, field: TemplateField, name: str) -> Input | Select[str]:
        exercise = self._exercise
        if field.kind == "severity":
            levels = [
                (text_of(f"{line(level.id)} {line(level.title)}"), level.id)
                for level in exercise.system.severities
            ]
            declared = exercise.state.severity
            value = declared if declared in {level for _, level in levels} else Select.NULL
            return Select(levels, value=value, prompt="choose", id=name, compact=True)
        if field.kind == "audience":
            known = list(dict.fromkeys(one.audience for one in exercise.system.channels))
            readers = [(text_of(line(one)), one) for one in known]
            own = exercise.audience(self._channel)
            return Select(
                readers, value=own if own in known else Select.NULL, prompt="choose",
                id=name, compact=True,
            )  # fmt: skip
        start = ""
        if field.kind == "time":
            start = at_clock(exercise, exercise.state.now + self._rhythm(), "%H:%M UTC")
        return Input(start, placeholder=line(field.example or ""), id=name, compact=True)

    def _rhythm(self) -> int:
        """Return the seconds until the next update: as a duty asks for them, else half an hour."""
        audience = self._exercise.audience(self._channel)
        asked = [
            one.every
            for one in self._exercise.scenario.cadences
            if one.post.audience in (None, audience)
        ] or [one.every for one in self._exercise.scenario.cadences]
        return min(asked, default=_NEXT)

    def on_mount(self) -> None:
        """Begin at the first field that is empty."""
        super().on_mount()
        self._preview()
        fields = [self.query_one(f"#field-{n}") for n in range(len(self._template.fields))]
        values = self.values()
        empty = [
            widget
            for widget, field in zip(fields, self._template.fields, strict=True)
            if not values[field.id]
        ]
        if fields:
            (empty or fields)[0].focus()

    def values(self) -> dict[str, str]:
        """Return what is filled in."""
        found = {}
        for number, field in enumerate(self._template.fields):
            found[field.id] = typed_in(self.query_one(f"#field-{number}"))
        return found

    @on(Input.Changed)
    @on(Select.Changed)
    def _preview(self) -> None:
        text, values = self._template.text, self.values()
        for field in self._template.fields:
            shown = values[field.id] or f"<{field.title.lower()}>"
            text = text.replace("{" + field.id + "}", shown)
        self.query_one("#preview", Words).say(text_of(paragraphs(text)))

    @on(Button.Pressed, "#send")
    def action_send(self) -> None:
        """Send it."""
        self.propose(
            "post", channel=self._channel, template=self._template.id, fields=self.values()
        )
