"""The pages of the facilitator's console: lists with a detail, and plain text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from simulator.session.facilitation import timeline
from simulator.tui.panes.words import Words
from simulator.tui.screens.facilitator import words

if TYPE_CHECKING:
    from simulator.tui.screens.facilitator.desk import Desk

Row = tuple[str, Content]
"""What a row stands for, and what it shows."""


class TextPage(VerticalScroll):
    """A page of text that follows the state."""

    def __init__(self, desk: Desk, name: str, text: Callable[[Desk], Content]) -> None:
        super().__init__(id=name, classes="page")
        self._desk, self._text = desk, text

    def compose(self) -> ComposeResult:
        yield Words()

    def show(self) -> None:
        """Show the present state; stay at the end of what grows there."""
        at_end = self.id == "comms" and self.is_vertical_scroll_end
        self.query_one(Words).say(self._text(self._desk))
        if at_end:
            self.call_after_refresh(self.scroll_end, animate=False)

    @property
    def chosen(self) -> str:
        """Nothing can be chosen in a text."""
        return ""


class ListPage(Vertical):
    """A page with rows to choose from, and the chosen one in detail."""

    def __init__(
        self,
        desk: Desk,
        name: str,
        rows: Callable[[Desk], Sequence[Row]],
        detail: Callable[[Desk, str], Content],
        nothing: str,
    ) -> None:
        super().__init__(id=name, classes="page")
        self._desk, self._rows, self._detail, self._nothing = desk, rows, detail, nothing
        self._names: list[str] = []
        self._shown: list[Content] = []

    def compose(self) -> ComposeResult:
        yield OptionList(markup=False, compact=True, classes="rows")
        with VerticalScroll(classes="detail", can_focus=False):
            yield Words()

    def show(self) -> None:
        """Show the present rows, changing only those that differ; keep what is chosen."""
        rows = list(self._rows(self._desk))
        listed = self.query_one(OptionList)
        names, shown = [name for name, _ in rows], [text for _, text in rows]
        if names != self._names:
            chosen = self.chosen
            listed.clear_options()
            listed.add_options(Option(text) for text in shown)
            self._names, self._shown = names, shown
            if names:
                listed.highlighted = names.index(chosen) if chosen in names else 0
        else:
            for index, (text, old) in enumerate(zip(shown, self._shown, strict=True)):
                if not text.is_same(old):
                    listed.replace_option_prompt_at_index(index, text)
            self._shown = shown
        self._tell()

    @property
    def chosen(self) -> str:
        """What the highlighted row stands for; "" without one."""
        index = self.query_one(OptionList).highlighted
        return self._names[index] if index is not None and index < len(self._names) else ""

    @on(OptionList.OptionHighlighted)
    def _tell(self) -> None:
        chosen = self.chosen
        nothing = Content.styled(self._nothing, words.MUTED)
        text = self._detail(self._desk, chosen) if chosen else nothing
        self.query_one(".detail Words", Words).say(text)


class EvidencePage(ListPage):
    """The expected actions, with the ratings below."""

    def compose(self) -> ComposeResult:
        yield from super().compose()
        yield Words(id="ratings")

    def show(self) -> None:
        """Show the evidence so far and the ratings."""
        super().show()
        assessment = self._desk.assessment
        if assessment is not None:
            rows = words.objective_rows(assessment)
            self.query_one("#ratings", Words).say(words.join(rows))


def timeline_rows(desk: Desk) -> list[Row]:
    """Return the injects."""
    exercise = desk.exercise
    return [(row.inject, words.timeline_row(exercise, row)) for row in timeline(exercise)]


def timeline_detail(desk: Desk, inject: str) -> Content:
    """Return an inject whole."""
    row = next((one for one in timeline(desk.exercise) if one.inject == inject), None)
    return words.timeline_detail(desk.exercise, row) if row is not None else Content("")


def evidence_rows(desk: Desk) -> list[Row]:
    """Return the expected actions."""
    assessment = desk.assessment
    if assessment is None:
        return []
    return [(one.step, words.step_row(assessment, one)) for one in assessment.marks.steps]


def evidence_detail(desk: Desk, step: str) -> Content:
    """Return the evidence of an expected action."""
    assessment = desk.assessment
    outcomes = assessment.marks.steps if assessment is not None else ()
    outcome = next((one for one in outcomes if one.step == step), None)
    if assessment is None or outcome is None:
        return Content("")
    return words.step_detail(assessment, outcome)


def people_detail(desk: Desk, seat: str) -> Content:
    """Return the codes, for whoever is to come."""
    return words.join(words.lobby(desk)[: 2 + len(desk.codes)])


def pages(desk: Desk) -> list[TextPage | ListPage]:
    """Return the pages in the order of their keys."""
    return [
        TextPage(desk, "overview", words.overview),
        ListPage(desk, "timeline", timeline_rows, timeline_detail, "There are no injects."),
        EvidencePage(desk, "evidence", evidence_rows, evidence_detail, "Marking what was done."),
        ListPage(
            desk, "people", lambda one: words.people_rows(one.drill), people_detail,
            "Nobody has joined yet.",
        ),
        TextPage(desk, "truth", lambda one: words.truth(one.exercise)),
        TextPage(desk, "comms", lambda one: words.comms(one.exercise)),
        TextPage(desk, "notes", words.notes),
    ]  # fmt: skip
