"""The launcher: scenarios by system, unfinished exercises, results."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.screen import Screen
from textual.widgets import Footer, Input, OptionList, Static
from textual.widgets.option_list import Option

from simulator.session.catalogue import Catalogue, Entry, read_catalogue

if TYPE_CHECKING:
    from simulator.journal import Store
    from simulator.tui.app import TabletopApp


class LauncherScreen(Screen[None]):
    """Choose what to practise."""

    app: TabletopApp
    TITLE = "Tabletop"
    CSS_PATH = "launcher.tcss"
    HELP = (
        "Choose a scenario with the arrow keys and press Enter to read its briefing.\n"
        "An exercise that was stopped can be resumed where it was; a finished one has a result."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", show=True),
        Binding("slash", "search", "Search", key_display="/"),
        Binding("r", "resume", "Resume"),
        Binding("o", "result", "Last result"),
        Binding("escape", "leave_search", "Back", show=False),
        Binding("q", "app.quit", "Quit"),
    ]

    def __init__(self, content: Path, store: Store) -> None:
        super().__init__()
        self._content, self._store = content, store
        self._catalogue = Catalogue()

    def compose(self) -> ComposeResult:
        yield Static("Tabletop", id="name")
        yield Static("Practise the incident before it happens.", id="motto")
        yield Input(placeholder="Search scenarios", id="search")
        with Horizontal(id="body"):
            yield OptionList(id="scenarios", markup=False)
            with VerticalScroll(id="about", can_focus=False):
                yield Static(id="detail", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        """Read the catalogue behind the first picture."""
        self.query_one("#search").display = False
        self._read()

    def on_screen_resume(self) -> None:
        """Read again what may have changed meanwhile."""
        if self._catalogue.entries:
            self._read()

    @work(thread=True, group="catalogue", exclusive=True)
    def _read(self) -> None:
        catalogue = read_catalogue(self._content, self._store)
        self.app.call_from_thread(self._show, catalogue)

    def _show(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._fill(self.query_one("#search", Input).value)
        self.query_one("#scenarios").focus()
        if catalogue.fault:
            self.notify(catalogue.fault, severity="warning", timeout=10, markup=False)

    def _fill(self, query: str) -> None:
        scenarios = self.query_one("#scenarios", OptionList)
        scenarios.clear_options()
        system = None
        for entry in self._catalogue.matching(query):
            if entry.head.system != system:
                system = entry.head.system
                heading = Text(self._catalogue.system_title(system), style="bold")
                scenarios.add_option(Option(heading, disabled=True))
            scenarios.add_option(Option(_row(entry), id=entry.head.name))
        if scenarios.option_count:
            scenarios.highlighted = 1
        else:
            self.query_one("#detail", Static).update("Nothing matches. Escape clears the search.")

    @on(OptionList.OptionHighlighted)
    def _describe(self, event: OptionList.OptionHighlighted) -> None:
        entry = self._catalogue.entry(event.option.id or "")
        if entry is not None:
            self.query_one("#detail", Static).update(_detail(entry))

    @on(OptionList.OptionSelected)
    def _open(self, event: OptionList.OptionSelected) -> None:
        if event.option.id:
            self.app.brief(event.option.id)

    @on(Input.Changed)
    def _filter(self, event: Input.Changed) -> None:
        self._fill(event.value)

    @on(Input.Submitted)
    def _found(self) -> None:
        self.query_one("#scenarios").focus()

    def _chosen(self) -> Entry | None:
        scenarios = self.query_one("#scenarios", OptionList)
        if scenarios.highlighted is None:
            return None
        return self._catalogue.entry(
            scenarios.get_option_at_index(scenarios.highlighted).id or ""
        )

    def action_open(self) -> None:
        """Read the briefing of the scenario at hand."""
        entry = self._chosen()
        if entry is not None:
            self.app.brief(entry.head.name)

    def action_search(self) -> None:
        """Search the scenarios."""
        search = self.query_one("#search", Input)
        search.display = True
        search.focus()

    def action_leave_search(self) -> None:
        """Show all scenarios again."""
        search = self.query_one("#search", Input)
        search.value, search.display = "", False
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
            self.app.result(entry.finished[0].id)
        else:
            self.notify("This scenario has no result yet.")

    def palette_commands(self) -> Iterable[SystemCommand]:
        """Offer every scenario, unfinished exercise and result."""
        for entry in self._catalogue.entries:
            name = entry.head.name
            yield SystemCommand(
                f"Play {name}", entry.head.title, lambda name=name: self.app.brief(name)
            )
            for one in entry.unfinished:
                yield SystemCommand(
                    f"Resume {name}", f"Begun {one.started}", lambda id_=one.id: self.app.go_on(id_)
                )
            for one in entry.finished[:5]:
                yield SystemCommand(
                    f"Result of {name}",
                    f"{one.score} {one.rating}, {one.started}",
                    lambda id_=one.id: self.app.result(id_),
                )


def _row(entry: Entry) -> Text:
    row = Text(no_wrap=True, overflow="ellipsis")
    row.append(f"  {entry.head.title}\n")
    about = f"    {entry.head.minutes} min   {_difficulty(entry.head.difficulty)}"
    row.append(about, style="dim")
    if entry.unfinished:
        row.append("   unfinished", style="bold")
    elif entry.finished:
        row.append(f"   last {entry.finished[0].score} {entry.finished[0].rating}")
    if entry.head.fault:
        row.append("   cannot be read", style="bold")
    return row


def _difficulty(level: int) -> str:
    return "difficulty " + "●" * level + "○" * (5 - level)


def _detail(entry: Entry) -> Text:
    head = entry.head
    text = Text()
    text.append(f"{head.title}\n", style="bold")
    text.append(f"{head.name}\n\n", style="dim")
    if head.fault:
        text.append(f"This scenario cannot be read.\n{head.fault}\n")
        return text
    text.append(f"{head.summary}\n\n")
    text.append(f"{head.minutes} simulated minutes, {_difficulty(head.difficulty)}\n")
    for one in entry.unfinished[:3]:
        text.append(f"\nUnfinished, begun {_day(one.started)}: press r to go on\n", style="bold")
    if entry.finished:
        text.append("\nResults\n", style="bold")
        for one in entry.finished[:6]:
            text.append(f"  {_day(one.started)}   {one.score:>3}   {one.rating}\n")
        text.append("  o opens the last one\n", style="dim")
    return text


def _day(stamp: str) -> str:
    return stamp[:16].replace("T", " ") + " UTC"
