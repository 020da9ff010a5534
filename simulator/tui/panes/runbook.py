"""The runbook: contents, search, and a section's steps to tick, run, give up or question."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Select
from textual.widgets.option_list import Option

from simulator.content.runbook import Runbook, RunbookStep, Section
from simulator.content.runbook_search import Hit, search
from simulator.exercise.acts import SOLO
from simulator.exercise.powers import has_power
from simulator.tui.messages import ActProposed, ActTaken, CommandChosen, StepConfused
from simulator.tui.panes.pane import Pane
from simulator.tui.panes.runbook_page import Entry, entries_of, prose, step_content, unmarked
from simulator.tui.panes.wording import line, text_of
from simulator.tui.panes.words import Words
from simulator.tui.widgets.field import Field

if TYPE_CHECKING:
    from simulator.exercise.fold import Exercise

_MOST_HITS = 40

Mark = tuple[bool, bool, bool]
"""Whether a step is ticked, given up, and said to confuse."""


class RunbookPane(Pane):
    """One section at a time."""

    TITLE = "Runbook"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t,space", "tick", "Tick", key_display="t", tooltip="Tick the step at hand"),
        Binding("r", "run", "Run", tooltip="Send the step's command to the terminal"),
        Binding("c", "confused", "Confused", tooltip="Say that the step confuses you"),
        Binding("k", "skip", "Give up", show=False, tooltip="Give the step up"),
        Binding("slash", "search", "Search", key_display="/", tooltip="Search the runbooks"),
        Binding("n", "section(1)", "Next section", show=False),
        Binding("N", "section(-1)", "Previous section", show=False),
    ]

    def __init__(self, exercise: Exercise, seat: str = SOLO, *, id: str) -> None:  # noqa: A002
        super().__init__(exercise, id=id)
        self._seat = seat
        books = exercise.pack.runbooks
        named = [name for name in exercise.scenario.runbooks if name in books]
        self._book_names = named + [name for name in sorted(books) if name not in named]
        self._book_name = self._book_names[0] if self._book_names else ""
        self._section: Section | None = None
        self._entries: list[Entry] = []
        self._hits: list[Hit] | None = None
        self._marks: list[Mark] = []
        self._wide = 0

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to run a step's command to those who may type it."""
        return action != "run" or has_power(self.exercise, self._seat, "command")

    def compose(self) -> ComposeResult:
        books = self.exercise.pack.runbooks
        choices = [(text_of(line(books[name].title)), name) for name in self._book_names]
        with Horizontal(classes="split"):
            with Vertical(classes="list"):
                yield Select(
                    choices, value=self._book_name or Select.NULL, allow_blank=not choices,
                    id="book", compact=True,
                )  # fmt: skip
                yield OptionList(id="section-list", markup=False, compact=True)
            with Vertical(classes="main"):
                yield Words(id="section-title")
                yield Field(id="find-step", compact=True, placeholder="search all runbooks")
                yield OptionList(id="step-list", markup=False, compact=True)

    def on_mount(self) -> None:
        """Show the contents of the first runbook."""
        self.query_one("#find-step").display = False
        self._contents()
        self._title()

    @property
    def book(self) -> Runbook | None:
        """The runbook that is open."""
        return self.exercise.pack.runbooks.get(self._book_name)

    @property
    def name_of_book(self) -> str:
        """The name of the runbook that is open."""
        return self._book_name

    @property
    def step(self) -> str:
        """The step at hand, as `runbook#step`."""
        listed = self.query_one("#step-list", OptionList)
        option = listed.highlighted_option
        name = option.id if option is not None else None
        return name if name and "#" in name and self._hits is None else ""

    @property
    def steps(self) -> list[RunbookStep]:
        """The steps of the section that is open."""
        return [entry.step for entry in self._entries if entry.step is not None]

    def show(self, exercise: Exercise) -> None:
        """Bring ticks up to date."""
        if self._hits is None and self._entries:
            self._draw()

    def _contents(self) -> None:
        listed = self.query_one("#section-list", OptionList)
        listed.clear_options()
        book = self.book
        if book is None:
            return
        for number, section in enumerate(book.sections):
            indent = " " * max(0, section.level - 2)
            label = text_of(f"{indent}{line(section.title)}")
            listed.add_option(Option(label, id=str(number)))
        if listed.option_count:
            listed.highlighted = 0

    def _title(self) -> None:
        book = self.book
        if self._hits is not None:
            words = text_of(("Found  ", "$foreground 60%"), (f"{len(self._hits)} places", "bold"))
        elif book is not None and self._section is not None:
            words = text_of((line(self._section.title), "bold"))
        else:
            words = text_of(("Choose a section and press Enter.", "$foreground 60%"))
        self.query_one("#section-title", Words).say(words)

    def _draw(self) -> None:
        """Draw the steps, again only where something is ticked, given up or questioned."""
        listed = self.query_one("#step-list", OptionList)
        width = listed.scrollable_content_region.width
        marks = [self._mark(entry) for entry in self._entries]
        if marks == self._marks and width == self._wide:
            return
        if len(marks) != listed.option_count or width != self._wide:
            at = listed.highlighted
            listed.clear_options()
            listed.add_options(self._option(entry, width) for entry in self._entries)
            listed.highlighted = at
        else:
            for number, (entry, mark) in enumerate(zip(self._entries, marks, strict=True)):
                if mark != self._marks[number]:
                    listed.replace_option_prompt_at_index(number, self._label(entry, width))
        self._marks, self._wide = marks, width

    def _option(self, entry: Entry, width: int) -> Option:
        ref = f"{self._book_name}#{entry.step.id}" if entry.step else None
        return Option(self._label(entry, width), id=ref, disabled=entry.step is None)

    def _mark(self, entry: Entry) -> Mark:
        state = self.exercise.state
        ref = f"{self._book_name}#{entry.step.id}" if entry.step else ""
        flagged = any(flag.step == ref for flag in state.flags)
        return ref in state.ticks, ref in state.skipped, flagged

    def _label(self, entry: Entry, width: int) -> Content:
        width = max(20, width - 1)
        if entry.step is None:
            return text_of(prose(entry.text, width), "\n")
        ticked, skipped, flagged = self._mark(entry)
        box = "[x]" if ticked else "[-]" if skipped else "[ ]"
        notes = ["given up"] if skipped and not ticked else []
        notes += ["confused you"] if flagged else []
        style = "bold $text-success" if ticked else "bold $text-accent"
        return text_of(step_content(entry.step, width, box, ", ".join(notes), style), "\n")

    def on_resize(self) -> None:
        """Wrap to the new width."""
        if self._hits is None and self._entries:
            self._redraw(keep=True)

    def _redraw(self, keep: bool = False) -> None:
        listed = self.query_one("#step-list", OptionList)
        at = listed.highlighted if keep else None
        listed.clear_options()
        self._marks, self._wide = [], 0
        self._draw()
        first = next((n for n, entry in enumerate(self._entries) if entry.step is not None), None)
        listed.highlighted = at if at is not None else first
        if not keep:
            listed.scroll_home(animate=False)

    @on(Select.Changed, "#book")
    def _other_book(self, event: Select.Changed) -> None:
        if isinstance(event.value, str) and event.value != self._book_name:
            self.propose(event.value, "")

    @on(OptionList.OptionSelected, "#section-list")
    def _other_section(self, event: OptionList.OptionSelected) -> None:
        book = self.book
        if book is not None and event.option.id is not None:
            section = book.sections[int(event.option.id)]
            self.propose(self._book_name, section.anchor or section.title)

    @on(OptionList.OptionSelected, "#step-list")
    def _enter(self, event: OptionList.OptionSelected) -> None:
        if self._hits is not None and event.option_index < len(self._hits):
            hit = self._hits[event.option_index]
            place = hit.step.id if hit.step else hit.section.anchor if hit.section else ""
            self.propose(hit.runbook.name, place)
        else:
            self.action_run()

    def propose(self, runbook: str, place: str) -> None:
        """Ask to open a place of a runbook: reading it is an act."""
        self.post_message(ActProposed(self, "read", runbook=runbook, section=place))

    def on_act_taken(self, event: ActTaken) -> None:
        """Open what may be read; list what was searched."""
        if event.do == "read":
            self._open(str(event.fields["runbook"]), str(event.fields.get("section", "")))
        elif event.do == "search":
            self._found(str(event.fields["query"]))

    def _open(self, name: str, place: str) -> None:
        self._hits = None
        self.query_one("#find-step").display = False
        if name != self._book_name:
            self._book_name = name
            with self.prevent(Select.Changed):
                self.query_one("#book", Select).value = name
            self._contents()
        book = self.book
        if book is None or not book.sections:
            return
        step = book.step(place)
        section = book.section_of(step) if step else None
        self._section = section or next(
            (x for x in book.sections if place and place in (x.anchor, x.title)), book.sections[0]
        )
        self._entries = entries_of(book, self._section)
        self.query_one("#section-list", OptionList).highlighted = book.sections.index(self._section)
        self._redraw()
        self._title()
        listed = self.query_one("#step-list", OptionList)
        if step is not None and f"{name}#{step.id}" in {o.id for o in listed.options}:
            listed.highlighted = listed.get_option_index(f"{name}#{step.id}")
        if self.display:
            (listed if self.steps else self.query_one("#section-list")).focus()

    def _found(self, query: str) -> None:
        books = [self.exercise.pack.runbooks[name] for name in self._book_names]
        self._hits = search(books, query)[:_MOST_HITS]
        listed = self.query_one("#step-list", OptionList)
        listed.clear_options()
        self._marks = []
        for number, hit in enumerate(self._hits):
            where = hit.section.title if hit.section else ""
            place = f"{line(hit.runbook.title)} / {line(where)}" if where else "runbook"
            label = text_of(
                (line(unmarked(hit.text)), "bold"), "\n", (f"  {place}", "$foreground 60%")
            )
            listed.add_option(Option(label, id=f"hit-{number}"))
        self._title()
        if self._hits:
            listed.highlighted = 0
            listed.focus()

    @on(Input.Submitted, "#find-step")
    def _search(self, event: Input.Submitted) -> None:
        if event.value.strip():
            self.post_message(ActProposed(self, "search", query=line(event.value, 400)))

    def action_search(self) -> None:
        """Search all runbooks."""
        typed = self.query_one("#find-step", Input)
        typed.display = True
        typed.focus()

    def action_tick(self) -> None:
        """Tick the step at hand, or take the tick away."""
        if self.step:
            done = self.step not in self.exercise.state.ticks
            self.post_message(ActProposed(self, "tick", step=self.step, done=done))

    def action_run(self) -> None:
        """Send the command of the step at hand to the terminal."""
        step = self.exercise.pack.step(self.step) if self.step else None
        if step is None:
            return
        if step.commands:
            self.post_message(CommandChosen(step.commands[0]))
        else:
            self.notify("This step has no command.")

    def action_confused(self) -> None:
        """Say that the step at hand confuses you."""
        if self.step:
            self.post_message(StepConfused(self.step))

    def action_skip(self) -> None:
        """Give the step at hand up."""
        if self.step:
            self.post_message(ActProposed(self, "skip", step=self.step))

    def action_section(self, step: int) -> None:
        """Open the next section."""
        book = self.book
        if book is not None and book.sections:
            here = book.sections.index(self._section) if self._section else -1
            section = book.sections[max(0, min(len(book.sections) - 1, here + step))]
            self.propose(self._book_name, section.anchor or section.title)

    def focus_pane(self) -> None:
        """The steps, once a section is open; else the contents."""
        self.query_one("#step-list" if self._entries else "#section-list").focus()

    def leave(self) -> bool:
        """Leave the search, or go back to the contents."""
        typed = self.query_one("#find-step", Input)
        if typed.display or self._hits is not None:
            typed.value, typed.display = "", False
            self._hits = None
            self._redraw()
            self._title()
            self.focus_pane()
            return True
        contents = self.query_one("#section-list")
        if not contents.has_focus:
            contents.focus()
            return True
        return False
