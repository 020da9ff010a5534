"""The screen of revisions: what exercises say of a runbook, and what becomes of it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import Screen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from simulator.content.finding import runbook_files, systems
from simulator.review.revising.proposals import Proposal
from simulator.review.revising.taking_up import Revising, open_revising
from simulator.session.faults import told
from simulator.session.solving import solve
from simulator.tui.panes.wording import line, paragraphs, text_of
from simulator.tui.panes.words import Words
from simulator.tui.screens import revise_words as say
from simulator.tui.screens.here import is_here
from simulator.tui.screens.palette import offer
from simulator.tui.widgets.key_row import KeyRow
from simulator.tui.widgets.too_small import BREAKPOINTS_ACROSS, BREAKPOINTS_DOWN, TooSmall

if TYPE_CHECKING:
    from simulator.journal import Store
    from simulator.tui.app import TabletopApp


class Choices(OptionList):
    """A list whose Enter the footer shows."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", "Decide")]


class ReviseScreen(Screen[None]):
    """Proposed edits of a runbook, each with its evidence, its lines and its effect."""

    app: TabletopApp
    CSS_PATH = "revise.tcss"
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS_ACROSS
    VERTICAL_BREAKPOINTS = BREAKPOINTS_DOWN
    HELP = (
        "Edits of a runbook, made from what teams did at its steps: from exercises rated P or S, "
        "each team counted once. From fewer than eight of those there are observations only.\n"
        "Enter decides: write the lines, leave a patch or a branch, reject it for a reason, or put "
        "it off. What was decided is not proposed again."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "edit", "Edit", tooltip="Accept the proposal at hand in your own words"),
        Binding("r", "books", "Runbooks", tooltip="Choose another runbook"),
        Binding("c", "confusion", "Confusion", show=False, tooltip="Show the steps that confuse"),
        Binding("escape,q", "back", "Back", key_display="esc"),
    ]

    def __init__(self, content: Path, store: Store, runbook: str = "") -> None:
        super().__init__()
        self._content, self._store, self._runbook = content, store, runbook
        self._revising: Revising | None = None
        self._by_id: dict[str, Proposal] = {}

    def compose(self) -> ComposeResult:
        with Vertical(id="page"):
            with Horizontal(id="head"):
                yield Words("Revisions", id="name")
                yield Words("", id="counts")
            yield Words(id="fault")
            with Horizontal(id="body"):
                yield Choices(id="list", markup=False)
                with VerticalScroll(id="about"):
                    yield Words(id="detail")
        yield KeyRow()
        yield TooSmall()

    def on_mount(self) -> None:
        """Read the exercises behind the first picture, once it is known of which runbook."""
        self.query_one("#list").focus()
        if self._runbook:
            self._open(self._runbook)
        else:
            self._list_books()

    def _list_books(self) -> None:
        self._runbook, self._revising, self._by_id = "", None, {}
        self.query_one("#counts", Words).say(text_of(("choose a runbook", say.MUTED)))
        shown = self.query_one("#list", Choices)
        shown.clear_options()
        for system in systems(self._content):
            for file in runbook_files(self._content, system):
                name = f"{system}/{file.stem}"
                shown.add_option(Option(text_of(line(name)), id=name))
        shown.highlighted = 0 if shown.option_count else None
        self.query_one("#detail", Words).say(say.of_books(shown.option_count))

    def _open(self, runbook: str) -> None:
        self._runbook = runbook
        self.query_one("#list", Choices).clear_options()
        self.query_one("#fault").remove_class("-there")
        self.query_one("#counts", Words).say(text_of((f"reading {line(runbook)}", say.MUTED)))
        self.query_one("#detail", Words).say("")
        self._read(runbook)

    @work(thread=True, group="revise", exclusive=True)
    def _read(self, runbook: str) -> None:
        def tell(done: int, of: int) -> None:
            self.app.call_from_thread(self._count, done, of)

        try:
            found = open_revising(self._store, self._content, runbook, solve, tell=tell)
        except Exception as error:
            message = told(error)
            if message is None:
                raise
            self.app.call_from_thread(self._refuse, message)
            return
        self.app.call_from_thread(self._show, found)

    def _count(self, done: int, of: int) -> None:
        if is_here(self) and of:
            said = f"reading exercise {min(done + 1, of)} of {of}"
            self.query_one("#counts", Words).say(text_of((said, say.MUTED)))

    def _refuse(self, message: str) -> None:
        if is_here(self):
            fault = self.query_one("#fault", Words)
            fault.add_class("-there")
            fault.say(text_of(("This cannot be read. ", "bold"), paragraphs(message)))
            self.query_one("#counts", Words).say("")

    def _show(self, found: Revising) -> None:
        if not is_here(self):
            return
        self._revising = found
        self.query_one("#counts", Words).say(say.head(found))
        shown = self.query_one("#list", Choices)
        shown.clear_options()
        self._by_id = {}
        for heading, group in (("Proposed", found.found.open), ("Put off", found.found.later)):
            if group:
                shown.add_option(Option(text_of((heading, "bold $text-accent")), disabled=True))
            for proposal in group:
                name = str(len(self._by_id) + 1)
                self._by_id[name] = proposal
                shown.add_option(Option(say.row(proposal), id=name))
        if self._by_id:
            shown.highlighted = 1
        else:
            self.query_one("#detail", Words).say(say.nothing(found))

    def _chosen(self) -> tuple[int, Proposal] | None:
        shown = self.query_one("#list", Choices)
        if shown.highlighted is None:
            return None
        name = shown.get_option_at_index(shown.highlighted).id or ""
        proposal = self._by_id.get(name)
        return None if proposal is None else (int(name), proposal)

    @on(OptionList.OptionHighlighted, "#list")
    def _describe(self, event: OptionList.OptionHighlighted) -> None:
        proposal = self._by_id.get(event.option.id or "")
        if proposal is not None and self._revising is not None:
            decided = self._revising.found.decided
            self.query_one("#detail", Words).say(say.about(proposal, decided))
            self.query_one("#about").scroll_home(animate=False)

    @on(OptionList.OptionSelected, "#list")
    def _selected(self, event: OptionList.OptionSelected) -> None:
        if self._revising is None:
            self._open(event.option.id or "")
            return
        from simulator.tui.dialogs.revision import RevisionDialog

        chosen = self._chosen()
        if chosen is not None:
            number, proposal = chosen
            self.app.push_screen(RevisionDialog(proposal, partial(self._decide, number, proposal)))

    def _decide(self, number: int, proposal: Proposal, told_: Mapping[str, str]) -> str:
        """Do what was decided; return why it cannot be, or an empty text."""
        found = self._revising
        assert found is not None
        do, because = told_["do"], told_["reason"]

        def done(key: str, who: str) -> str:
            if do in ("reject", "later"):
                answer = "rejected" if do == "reject" else "later"
                found.put_away(key, who, number, answer, because)  # type: ignore[arg-type]
                return ""
            branch = f"revise-{found.desk.book.name}-{key[:6]}" if do == "branch" else ""
            said = found.take_up(
                [proposal], told_.get("own", ""), patch=do == "patch", branch=branch,
                who=who, key=key, because=because,
            )  # fmt: skip
            return self._kept(found, said) if do == "patch" else said

        return self._try(done)

    def _kept(self, found: Revising, patch: str) -> str:
        file = Path.cwd() / f"{found.desk.book.name}.patch"
        file.write_bytes(patch.encode())
        return f"Wrote {file}"

    def _try(self, done: Callable[[str, str], str]) -> str:
        from simulator.tui.screens.briefing import player_name

        try:
            said = done(secrets.token_hex(16), player_name())
        except Exception as error:
            message = told(error)
            if message is None:
                raise
            return message
        if said:
            self.notify(line(said), markup=False)
        self._open(self._runbook)
        return ""

    def action_edit(self) -> None:
        """Accept the proposal at hand in other words."""
        from simulator.tui.dialogs.revision import OwnWordsDialog

        chosen = self._chosen()
        if chosen is None or self._revising is None:
            self.notify("There is no proposal to edit.")
            return
        number, proposal = chosen
        words = self._revising.draft(proposal)
        if not words:
            self.notify("This proposal adds no lines that could be written otherwise.")
            return
        decide = partial(self._decide, number, proposal)
        self.app.push_screen(OwnWordsDialog(proposal, words, decide))

    def action_books(self) -> None:
        """Choose another runbook."""
        self._list_books()

    def action_confusion(self) -> None:
        """Show the steps that confuse."""
        self.app.confusion()

    def action_back(self) -> None:
        """Go back to the scenarios."""
        self.app.launch()

    def palette_commands(self) -> Iterable[SystemCommand]:
        """Offer what the keys do."""
        yield offer("Edit the proposal", "Accept it in your own words", self.action_edit)
        yield offer("Another runbook", "Choose which one to revise", self.action_books)
        yield offer("Confusion", "The steps that confuse", self.action_confusion)
        yield offer("Scenarios", "Choose what to practise", self.app.launch)
