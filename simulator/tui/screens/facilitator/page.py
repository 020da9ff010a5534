"""What the panes of the facilitator's console have in common: lists with a detail, and texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from simulator.tui.panes.wording import line, text_of
from simulator.tui.panes.words import Words
from simulator.tui.widgets.plain_text import crop

if TYPE_CHECKING:
    from simulator.tui.screens.facilitator.desk import Desk
    from simulator.tui.screens.facilitator.form import Form

MUTED = "$foreground 60%"
TITLE = "bold $text-accent"

Row = tuple[str, Content]
"""What a row stands for, and what it shows; one that stands for "" is a heading."""


class FormAsked(Message):
    """Somebody should be asked for something."""

    def __init__(self, form: Form) -> None:
        super().__init__()
        self.form = form


class ActWanted(Message):
    """An act is to be taken: for the team at hand, or for all where `here` is not asked for."""

    def __init__(self, do: str, here: bool = False, **fields: Any) -> None:
        super().__init__()
        self.do, self.here = do, here
        self.fields: Mapping[str, Any] = fields


def shown(*acts: tuple[str, str, str]) -> list[Binding]:
    """Return bindings to acts of the screen, (key, action, title), that a pane has in its foot."""
    return [Binding(key, f"of_screen('{action}')", title) for key, action, title in acts]


def joined(rows: Sequence[Content]) -> Content:
    """Return rows as lines."""
    return Content("\n").join(rows)


def column(text: str, width: int) -> str:
    """Return people's text in exactly `width` cells, the last of them empty."""
    return crop(line(text, width - 1), 0, width)


class Page(Vertical):
    """A pane of the console."""

    NAME: ClassVar[str]
    TITLE: ClassVar[str]

    def __init__(self, desk: Desk) -> None:
        super().__init__(id=self.NAME, classes="page")
        self.desk = desk

    def show(self) -> None:
        """Show the present state."""
        raise NotImplementedError

    def focus_page(self) -> None:
        """Let the keys act on what is in the pane."""
        raise NotImplementedError

    @property
    def chosen(self) -> str:
        """What is chosen in the pane, "" for nothing."""
        return ""

    def allows(self, action: str) -> bool:
        """Return whether one of the pane's own acts fits the seat and the moment."""
        return True

    def foots(self, action: str) -> bool:
        """Return whether an act of the screen belongs in the foot of this pane at the moment."""
        return True

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what fits the seat and the moment."""
        if action != "of_screen":
            return self.allows(action)
        name = str(parameters[0])
        return self.foots(name) and self.screen.check_action(name, ())

    def action_of_screen(self, action: str) -> None:
        """Do what the screen does."""
        getattr(self.screen, f"action_{action}")()


class TextPage(Page):
    """A page of text that follows the state."""

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="text"):
            yield Words()

    def text(self) -> Content:
        """Return what to show."""
        raise NotImplementedError

    def show(self) -> None:
        """Show the present text."""
        self.query_one(Words).say(self.text())

    def focus_page(self) -> None:
        """Let the arrow keys scroll."""
        self.query_one(".text").focus()


class ListPage(Page):
    """A page with rows to choose from, and the chosen one in detail."""

    NOTHING = ""
    """What is said while there are no rows."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._names: list[str] = []
        self._shown: list[Content] = []
        self._team = ""

    def compose(self) -> ComposeResult:
        yield OptionList(markup=False, compact=True, classes="rows")
        with VerticalScroll(classes="detail", can_focus=False):
            yield Words()

    def rows(self) -> list[Row]:
        """Return the rows."""
        raise NotImplementedError

    def detail(self, name: str) -> Content:
        """Return what the row that stands for `name` is about."""
        raise NotImplementedError

    def first(self) -> str:
        """Return which row is chosen when a team is first shown; "" for the first one."""
        return ""

    def show(self) -> None:
        """Show the present rows, changing only those that differ; keep what is chosen."""
        rows = self.rows()
        listed = self.query_one(OptionList)
        names, texts = [name for name, _ in rows], [text for _, text in rows]
        if names != self._names or self._team != self.desk.drill.exercise_id:
            self._fill(listed, names, texts)
        else:
            for index, (text, old) in enumerate(zip(texts, self._shown, strict=True)):
                if not text.is_same(old):
                    listed.replace_option_prompt_at_index(index, text)
        self._shown = texts
        self._tell()

    def _fill(self, listed: OptionList, names: list[str], texts: list[Content]) -> None:
        same = self._team == self.desk.drill.exercise_id
        wanted, row = self.chosen if same and self.chosen in names else self.first(), 0
        if same and self.chosen and not wanted:  # it is gone: its neighbour is next
            row = min(listed.highlighted or 0, len(names) - 1)
        listed.clear_options()
        listed.add_options(
            Option(text, disabled=not name) for name, text in zip(names, texts, strict=True)
        )
        self._names = names
        if any(names):
            self._team = self.desk.drill.exercise_id
            known = [index for index, name in enumerate(names) if name]
            first = min(known, key=lambda index: abs(index - row))
            listed.highlighted = names.index(wanted) if wanted in names and wanted else first

    def focus_page(self) -> None:
        """Let the arrow keys choose a row."""
        self.query_one(OptionList).focus()

    @property
    def chosen(self) -> str:
        """What the highlighted row stands for; "" without one."""
        index = self.query_one(OptionList).highlighted
        return self._names[index] if index is not None and index < len(self._names) else ""

    def choose(self, name: str) -> None:
        """Choose the row that stands for `name`."""
        if name in self._names:
            self.query_one(OptionList).highlighted = self._names.index(name)

    @on(OptionList.OptionHighlighted)
    def _tell(self) -> None:
        chosen = self.chosen
        text = self.detail(chosen) if chosen else text_of((self.NOTHING, MUTED))
        self.query_one(".detail Words", Words).say(text)
