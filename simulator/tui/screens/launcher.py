"""The launcher: scenarios by system, unfinished exercises, results."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import Screen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from simulator.session.catalogue import Catalogue, Entry, read_catalogue
from simulator.session.faults import told
from simulator.tui.panes.wording import paragraphs, text_of
from simulator.tui.panes.words import Words
from simulator.tui.screens import launcher_words as say
from simulator.tui.screens.here import is_here
from simulator.tui.screens.palette import offer
from simulator.tui.widgets.key_row import KeyRow
from simulator.tui.widgets.too_small import BREAKPOINTS_ACROSS, BREAKPOINTS_DOWN, TooSmall

if TYPE_CHECKING:
    from simulator.journal import Store
    from simulator.tui.app import TabletopApp

MOST_SHOWN = 20
"""Exercises of one scenario that are listed; the palette offers as many."""


class Choices(OptionList):
    """A list whose Enter the footer shows."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", "Open")]


class LauncherScreen(Screen[None]):
    """Choose what to practise."""

    app: TabletopApp
    TITLE = "Tabletop"
    CSS_PATH = "launcher.tcss"
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS_ACROSS
    VERTICAL_BREAKPOINTS = BREAKPOINTS_DOWN
    HELP = (
        "Choose a scenario with the arrow keys and press Enter to read its briefing.\n"
        "Tab goes on to the exercises that were played of it: Enter goes on with one that is "
        "unfinished, and shows the result of a finished one."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "Search", key_display="/"),
        Binding("r", "resume", "Resume", tooltip="Go on with an unfinished exercise"),
        Binding("o", "result", "Last result", tooltip="Show the last result of the scenario"),
        Binding("y", "replay", "Replay", tooltip="Look at an exercise moment by moment"),
        Binding(
            "c", "app.confusion", "Confusion", show=False, tooltip="Show the steps that confuse"
        ),
        Binding("i", "app.plan", "Plan", show=False, tooltip="Show the improvement plan"),
        Binding("v", "app.revise", "Revise", show=False, tooltip="Show proposed edits of runbooks"),
        Binding("escape", "leave_search", "All scenarios", show=False),
        Binding("down", "leave_field", show=False),
        Binding("q", "app.quit", "Quit"),
    ]

    def __init__(self, content: Path, store: Store) -> None:
        super().__init__()
        self._content, self._store = content, store
        self._catalogue = Catalogue()

    def compose(self) -> ComposeResult:
        with Vertical(id="page"):
            with Horizontal(id="head"):
                yield Words("Tabletop", id="name")
                yield Words("Practise the incident before it happens.", id="motto")
            yield Words(id="fault")
            with Horizontal(id="body"):
                with Vertical(id="left"):
                    yield Input(placeholder="/ search", id="search", compact=True)
                    yield Choices(id="scenarios", markup=False)
                with VerticalScroll(id="about", can_focus=False):
                    yield Words("Reading the scenarios", id="detail")
                    yield Words("Your exercises", id="played")
                    yield Choices(id="exercises", markup=False, compact=True)
        yield KeyRow()
        yield TooSmall()

    def on_mount(self) -> None:
        """Read the catalogue behind the first picture."""
        self._list_exercises(None)
        self.query_one("#scenarios").focus()
        self._read()

    @work(thread=True, group="catalogue", exclusive=True)
    def _read(self) -> None:
        try:
            catalogue = read_catalogue(self._content, self._store)
        except Exception as error:
            message = told(error)
            if message is None:
                raise
            catalogue = Catalogue(fault=message)
        self.app.call_from_thread(self._show, catalogue)

    def _show(self, catalogue: Catalogue) -> None:
        if not is_here(self):
            return
        self._catalogue = catalogue
        fault = self.query_one("#fault", Words)
        fault.set_class(bool(catalogue.fault), "-there")
        fault.say(text_of(("Results cannot be shown. ", "bold"), paragraphs(catalogue.fault)))
        self._fill(self.query_one("#search", Input).value)

    def _fill(self, query: str) -> None:
        scenarios = self.query_one("#scenarios", Choices)
        scenarios.clear_options()
        system = None
        for entry in self._catalogue.matching(query):
            if entry.head.system != system:
                system = entry.head.system
                scenarios.add_option(Option(say.heading(self._catalogue, system), disabled=True))
            scenarios.add_option(Option(say.row(entry), id=entry.head.name))
        if scenarios.option_count:
            scenarios.highlighted = 1
        else:
            self.query_one("#detail", Words).say(say.nothing(query, str(self._content)))
            self._list_exercises(None)

    def _list_exercises(self, entry: Entry | None) -> None:
        exercises = self.query_one("#exercises", Choices)
        exercises.clear_options()
        played = (*entry.unfinished, *entry.finished, *entry.practised) if entry else ()
        for one in played[:MOST_SHOWN]:
            exercises.add_option(Option(say.exercise(one), id=one.id))
        exercises.highlighted = 0 if exercises.option_count else None
        for name in ("#played", "#exercises"):
            self.query_one(name).display = exercises.option_count > 0

    @on(OptionList.OptionHighlighted, "#scenarios")
    def _describe(self, event: OptionList.OptionHighlighted) -> None:
        entry = self._catalogue.entry(event.option.id or "")
        if entry is not None:
            self.query_one("#detail", Words).say(say.about(entry))
            self._list_exercises(entry)

    @on(OptionList.OptionSelected, "#scenarios")
    def _brief(self, event: OptionList.OptionSelected) -> None:
        if event.option.id:
            self.app.brief(event.option.id)

    @on(OptionList.OptionSelected, "#exercises")
    def _open(self, event: OptionList.OptionSelected) -> None:
        if event.option.id:
            self.app.go_on(event.option.id)

    @on(Input.Changed, "#search")
    def _filter(self, event: Input.Changed) -> None:
        self._fill(event.value)

    @on(Input.Submitted, "#search")
    def _found(self) -> None:
        self.query_one("#scenarios").focus()

    def _chosen(self) -> Entry | None:
        scenarios = self.query_one("#scenarios", Choices)
        if scenarios.highlighted is None:
            return None
        return self._catalogue.entry(scenarios.get_option_at_index(scenarios.highlighted).id or "")

    def action_search(self) -> None:
        """Search the scenarios."""
        self.query_one("#search").focus()

    def action_leave_field(self) -> None:
        """Go from the search down to what it found."""
        self.query_one("#scenarios").focus()

    def action_leave_search(self) -> None:
        """Show all scenarios again."""
        self.query_one("#search", Input).value = ""
        self.query_one("#scenarios").focus()

    def action_resume(self) -> None:
        """Go on with an unfinished exercise of the scenario at hand, else with the newest."""
        entry = self._chosen()
        unfinished = entry.unfinished if entry and entry.unfinished else self._catalogue.unfinished
        if unfinished:
            self.app.go_on(unfinished[0].id)
        else:
            self.notify("No exercise is waiting to be resumed.")

    def action_result(self) -> None:
        """Show the last result of the scenario at hand."""
        entry = self._chosen()
        if entry is not None and entry.finished:
            self.app.go_on(entry.finished[0].id)
        else:
            self.notify("This scenario has no result yet.")

    def action_replay(self) -> None:
        """Look at the exercise at hand moment by moment, else at the newest of the scenario."""
        listed = self.query_one("#exercises", Choices)
        chosen = listed.highlighted_option if listed.has_focus else None
        entry = self._chosen()
        played = (*entry.finished, *entry.unfinished, *entry.practised) if entry else ()
        name = chosen.id if chosen is not None else played[0].id if played else None
        if name is not None:
            self.app.replay(name)
        else:
            self.notify("This scenario has not been played yet.")

    def palette_commands(self) -> Iterable[SystemCommand]:
        """Offer every scenario, unfinished exercise and result."""
        yield offer("Search", "Search the scenarios", self.action_search)
        yield offer("Confusion", "The steps that confuse, over all exercises", self.app.confusion)
        yield offer("Improvement plan", "What is to be done, and what is due", self.app.plan)
        yield offer("Revisions", "What exercises say of a runbook", self.app.revise)
        for entry in self._catalogue.entries:
            name = entry.head.name
            yield offer(f"Play {name}", entry.head.title, partial(self.app.brief, name))
            for one in entry.unfinished[:MOST_SHOWN]:
                begun = f"Begun {say.day(one.started)}"
                yield offer(f"Resume {name}", begun, partial(self.app.go_on, one.id))
            for one in entry.finished[:MOST_SHOWN]:
                marks = f"{one.score} {one.rating}, {say.day(one.started)}"
                yield offer(f"Result of {name}", marks, partial(self.app.go_on, one.id))
                yield offer(f"Replay of {name}", marks, partial(self.app.replay, one.id))
