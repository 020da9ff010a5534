"""The screen of confusing steps: ranked over all exercises, and their runbooks with the heat."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import Screen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from simulator.review.confusing import Confusing, ConfusingStep, Quote, quotes, read_confusing
from simulator.session.faults import told
from simulator.tui.panes.heated_book import HeatedBook
from simulator.tui.panes.wording import line, paragraphs, text_of
from simulator.tui.panes.words import Words
from simulator.tui.screens import confusion_words as say
from simulator.tui.screens.here import is_here
from simulator.tui.screens.palette import offer
from simulator.tui.widgets.key_row import KeyRow
from simulator.tui.widgets.too_small import BREAKPOINTS_ACROSS, BREAKPOINTS_DOWN, TooSmall

if TYPE_CHECKING:
    from simulator.journal import Store
    from simulator.tui.app import TabletopApp

MOST_SHOWN = 200
"""Steps that are listed; `tabletop confusion --json` has them all."""


class ConfusionScreen(Screen[None]):
    """Which steps confuse, with what was seen and said."""

    app: TabletopApp
    CSS_PATH = "confusion.tcss"
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS_ACROSS
    VERTICAL_BREAKPOINTS = BREAKPOINTS_DOWN
    HELP = (
        "Steps of the runbooks, those that confuse most first. Each team counts once, with its "
        "first exercise; a step whose text changed starts again.\n"
        "Enter shows the runbook with the heat beside its lines: how many of the teams each step "
        "confused, as a number and as a sign (· ░ ▒ ▓ █)."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("b", "book", "Runbook", tooltip="Show the runbook with the heat, or the list"),
        Binding("p", "people", "People only", tooltip="Count scripted teams, or only people"),
        Binding("v", "revise", "Revise", tooltip="Show proposed edits of the step's runbook"),
        Binding("i", "plan", "Plan", tooltip="Show the improvement plan"),
        Binding("escape,q", "back", "Back", key_display="esc"),
    ]

    def __init__(self, content: Path, store: Store) -> None:
        super().__init__()
        self._content, self._store = content, store
        self._confusing: Confusing | None = None
        self._people = False
        self._by_id: dict[str, ConfusingStep] = {}

    def compose(self) -> ComposeResult:
        with Vertical(id="page"):
            with Horizontal(id="head"):
                yield Words("Confusion", id="name")
                yield Words("Reading the exercises", id="counts")
            yield Words(id="fault")
            with Horizontal(id="body"):
                yield OptionList(id="steps", markup=False)
                with VerticalScroll(id="about", can_focus=False):
                    yield Words(id="detail")
            yield HeatedBook(id="book")
        yield KeyRow()
        yield TooSmall()

    def on_mount(self) -> None:
        """Read the ranking behind the first picture."""
        self.query_one("#steps").focus()
        self._read(self._people)

    @work(thread=True, group="ranking", exclusive=True)
    def _read(self, people: bool) -> None:
        try:
            found = read_confusing(self._store.library(), self._content, people=people)
        except Exception as error:
            message = told(error)
            if message is None:
                raise
            self.app.call_from_thread(self._refuse, message)
            return
        self.app.call_from_thread(self._show, found, people)

    def _refuse(self, message: str) -> None:
        if is_here(self):
            fault = self.query_one("#fault", Words)
            fault.add_class("-there")
            fault.say(text_of(("This cannot be read. ", "bold"), paragraphs(message)))
            self.query_one("#counts", Words).say("")

    def _show(self, confusing: Confusing, people: bool) -> None:
        if not is_here(self):
            return
        self._confusing, self._people = confusing, people
        self.query_one("#counts", Words).say(say.head(confusing, people))
        steps = self.query_one("#steps", OptionList)
        steps.clear_options()
        self._by_id = {}
        rest = [step for step in confusing.steps if not step.listed]
        for heading, group in (("Worth a look", confusing.listed), ("The others", rest)):
            if group:
                steps.add_option(Option(text_of((heading, "bold $text-accent")), disabled=True))
            for step in group[: MOST_SHOWN - len(self._by_id)]:
                name = "/".join(step.key)
                self._by_id[name] = step
                steps.add_option(Option(say.row(step), id=name))
        if self._by_id:
            steps.highlighted = 1
        else:
            self.query_one("#detail", Words).say(say.nothing(people))

    def _chosen(self) -> ConfusingStep | None:
        steps = self.query_one("#steps", OptionList)
        if steps.highlighted is None:
            return None
        return self._by_id.get(steps.get_option_at_index(steps.highlighted).id or "")

    @on(OptionList.OptionHighlighted, "#steps")
    def _describe(self, event: OptionList.OptionHighlighted) -> None:
        step = self._by_id.get(event.option.id or "")
        if step is not None and self._confusing is not None:
            self._tell(step, ())
            self._quote(step)

    @work(thread=True, group="quotes", exclusive=True)
    def _quote(self, step: ConfusingStep) -> None:
        try:
            said = quotes(self._store.library(), [step])[step.key]
        except Exception as error:
            if told(error) is None:
                raise
            return
        self.app.call_from_thread(self._tell, step, said)

    def _tell(self, step: ConfusingStep, said: tuple[Quote, ...]) -> None:
        if is_here(self) and self._confusing is not None and self._chosen() is step:
            self.query_one("#detail", Words).say(say.about(step, said, self._confusing.editions))

    @on(OptionList.OptionSelected, "#steps")
    def action_book(self) -> None:
        """Show the runbook of the step at hand with the heat, or the list again."""
        if self.has_class("-book"):
            self._leave_book()
            return
        step = self._chosen()
        book = self._confusing.books.get(step.key[:2]) if self._confusing and step else None
        if step is None or book is None or self._confusing is None:
            self.notify("The runbook of this step is not here.")
            return
        self.add_class("-book")
        shown = self.query_one("#book", HeatedBook)
        shown.show(book, self._confusing)
        shown.go_to(step.line)
        shown.focus()
        self.query_one("#counts", Words).say(text_of((line(book.file), say.MUTED)))

    def _leave_book(self) -> None:
        self.remove_class("-book")
        self.query_one("#steps").focus()
        if self._confusing is not None:
            self.query_one("#counts", Words).say(say.head(self._confusing, self._people))

    def action_people(self) -> None:
        """Count only people, or scripted teams, too."""
        self._leave_book()
        self._read(not self._people)

    def action_revise(self) -> None:
        """Show the proposed edits of the runbook of the step at hand."""
        step = self._chosen()
        self.app.revise("/".join(step.key[:2]) if step else "")

    def action_plan(self) -> None:
        """Show the improvement plan."""
        self.app.plan()

    def action_back(self) -> None:
        """Go back to the list, or to the scenarios."""
        if self.has_class("-book"):
            self._leave_book()
        else:
            self.app.launch()

    def palette_commands(self) -> Iterable[SystemCommand]:
        """Offer what the keys do."""
        yield offer("Runbook with the heat", "Or the list again", self.action_book)
        yield offer("People only", "Or scripted teams, too", self.action_people)
        yield offer("Revise the runbook", "What exercises say of it", self.action_revise)
        yield offer("Improvement plan", "What is to be done", self.action_plan)
        yield offer("Scenarios", "Choose what to practise", self.app.launch)
