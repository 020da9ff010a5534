"""A dialog with a few fields that becomes an act; what was typed stays if it cannot be taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Select, TextArea

from simulator.tui.dialogs.dialog import Dialog, Propose
from simulator.tui.panes.wording import line, paragraphs, text_of
from simulator.tui.panes.words import Words
from simulator.tui.widgets.ticks import Tick

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Field:
    """One thing that is asked: a line, some text, a whole number, a choice, or yes and no."""

    name: str
    label: str
    kind: Literal["line", "text", "number", "choice", "yes"] = "line"
    choices: Sequence[tuple[str, Any]] = ()
    """What is shown, and what it stands for."""
    value: Any = ""


class _Paper(TextArea):
    """A place for text; nothing that a terminal would obey gets in."""

    def on_paste(self, event: events.Paste) -> None:
        """Clean what is pasted."""
        event.text = paragraphs(event.text)


class Form(Dialog):
    """Asks for the fields of an act, or only whether to do it, and proposes it."""

    # Textual looks for a stylesheet beside the class that inherits it.
    CSS_PATH = [  # type: ignore[assignment]
        _HERE.parents[1] / "dialogs/dialog.tcss",
        _HERE / "form.tcss",
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "send", "Do it", priority=True, tooltip="Do what the dialog says"),
    ]

    def __init__(
        self,
        propose: Propose,
        heading: str,
        do: str,
        fields: Sequence[Field] = (),
        about: str | Content = "",
        verb: str = "Do it",
        check: Callable[[Mapping[str, Any]], str] | None = None,
        **fixed: Any,
    ) -> None:
        """Ask for `fields`; `fixed` goes with what is typed, `verb` stands on the button.

        `check` says what is still wrong with the fields, or "".
        """
        super().__init__(propose)
        self._check = check
        self._heading, self._do, self._about, self._verb = heading, do, about, verb
        self._fields = list(fields)
        self._fixed = fixed
        typed = any(field.kind in ("line", "text", "number") for field in fields)
        self.FOOT = (
            "Ctrl+S does it, Escape closes. Tab goes on." if typed or fields
            else "Enter does it, Escape closes."
        )  # fmt: skip

    def heading(self) -> str:
        """Return the title."""
        return line(self._heading, 66)

    def body(self) -> ComposeResult:
        """Ask for every field."""
        if self._about:
            about = self._about if isinstance(self._about, Content) else paragraphs(self._about)
            yield Words(about, classes="about")
        for field in self._fields:
            if field.kind == "text":
                yield Words(field.label, classes="above")
                yield _Paper(
                    paragraphs(field.value), id=f"field-{field.name}", tab_behavior="focus",
                    soft_wrap=True, classes="paper",
                )  # fmt: skip
                continue
            with Horizontal(classes="field"):
                yield Words(field.label, classes="label")
                yield self._widget(field)
        yield Button(self._verb, id="send", compact=True)

    @staticmethod
    def _widget(field: Field) -> Widget:
        name = f"field-{field.name}"
        if field.kind == "yes":
            return Tick("yes", value=bool(field.value), id=name, compact=True)
        if field.kind == "choice":
            options = [(text_of(line(shown, 60)), value) for shown, value in field.choices]
            chosen = field.value if field.value in [v for _, v in options] else options[0][1]
            return Select(options, value=chosen, allow_blank=False, id=name, compact=True)
        return Input(
            line(str(field.value)), id=name, compact=True,
            select_on_focus=field.kind == "number",  # what is typed is the number
            type="integer" if field.kind == "number" else "text",
        )  # fmt: skip

    def on_mount(self) -> None:
        """Begin where something is to be typed."""
        super().on_mount()
        first = next(iter(self.query("Input, TextArea, Select")), self.query_one("#send"))
        first.focus()

    def _values(self) -> Mapping[str, Any]:
        found: dict[str, Any] = dict(self._fixed)
        for field in self._fields:
            widget = self.query_one(f"#field-{field.name}")
            if isinstance(widget, TextArea):
                found[field.name] = widget.text.strip()
            elif isinstance(widget, Tick | Select):
                found[field.name] = widget.value
            elif isinstance(widget, Input):
                value = widget.value.strip()
                found[field.name] = int(value or 0) if field.kind == "number" else value
        return found

    @on(Input.Submitted)
    @on(Button.Pressed, "#send")
    def action_send(self) -> None:
        """Propose the act."""
        try:
            fields = self._values()
        except ValueError:
            self.complain("A number is needed there.")
            return
        wrong = self._check(fields) if self._check is not None else ""
        if wrong:
            self.complain(wrong)
        else:
            self.propose(self._do, **fields)
