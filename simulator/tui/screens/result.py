"""The result: what the exercise is worth, why, and what it was all about."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widget import Widget

from simulator.session.faults import told
from simulator.session.running import Stored, earlier_attempts, load
from simulator.tui.panes.wording import paragraphs, text_of
from simulator.tui.panes.words import Words
from simulator.tui.screens.here import is_here
from simulator.tui.screens.inks import Drawn
from simulator.tui.screens.palette import offer
from simulator.tui.screens.result_sections import sections
from simulator.tui.widgets.key_row import KeyRow
from simulator.tui.widgets.too_small import BREAKPOINTS_ACROSS, BREAKPOINTS_DOWN, TooSmall

if TYPE_CHECKING:
    from simulator.journal import Store, Summary
    from simulator.review.areas import Area
    from simulator.tui.app import TabletopApp


class ResultScreen(Screen[None]):
    """Score, rating, lines, steps, confusion, and the story behind the incident."""

    app: TabletopApp
    CSS_PATH = "result.tcss"
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS_ACROSS
    VERTICAL_BREAKPOINTS = BREAKPOINTS_DOWN
    HELP = (
        "The lines add up to exactly what is missing from 100.\n"
        "A rating is a proposal: an evaluator may confirm or overrule it.\n"
        "i plans an action for one of the areas for improvement.\n"
        "Arrow keys and Page Down scroll."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "write", "Write report", tooltip="Write the report, one HTML file, here"),
        Binding("n", "section(1)", "Section", tooltip="Go to the next section"),
        Binding("p", "section(-1)", "Previous section", show=False),
        Binding("a", "again", "Again", tooltip="Play the scenario again"),
        Binding("y", "replay", "Replay", tooltip="Look at the exercise again, moment by moment"),
        Binding(
            "i", "plan", "Plan", show=False, tooltip="Plan an action for an area for improvement"
        ),
        Binding("escape,q", "back", "Scenarios", key_display="esc"),
        Binding("j", "down", "Down", show=False),
        Binding("k", "up", "Up", show=False),
    ]

    def __init__(self, store: Store | None, exercise: str) -> None:
        super().__init__()
        self._store, self._exercise = store, exercise
        self._stored: Stored | None = None

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="paper"):
            yield Words("Marking the exercise", id="wait")
        yield KeyRow()
        yield TooSmall()

    def on_mount(self) -> None:
        """Mark the exercise behind the first picture."""
        self.query_one("#paper").focus()
        self._load()

    @work(thread=True, group="result")
    def _load(self) -> None:
        try:
            assert self._store is not None
            stored = load(self._store, self._exercise)
            attempts = earlier_attempts(self._store, stored)
        except Exception as error:
            message = told(error)
            if message is None:
                raise
            self.app.call_from_thread(self._refuse, message)
            return
        self.app.call_from_thread(self._show, stored, attempts)

    def _refuse(self, message: str) -> None:
        if is_here(self):
            self.query_one("#wait", Words).say(
                text_of(
                    ("This exercise cannot be marked.\n\n", "bold $text-error"),
                    f"{paragraphs(message)}\n\nEscape shows the scenarios.",
                )
            )

    def _show(self, stored: Stored, attempts: list[Summary]) -> None:
        if not is_here(self):
            return
        self._stored = stored
        self.query_one("#wait").display = False
        shown: list[Widget] = []
        for heading, draw in sections(stored, attempts):
            if heading:
                shown.append(Words(heading, classes="heading"))
            shown.append(Drawn(draw, classes="section"))
        self.query_one("#paper").mount_all(shown)

    def action_write(self) -> None:
        """Write the report as one HTML file into the current folder."""
        if self._stored is not None and self._store is not None:
            self._write(self._store, self._stored)

    @work(thread=True, group="result")
    def _write(self, store: Store, stored: Stored) -> None:
        from simulator.review import written
        from simulator.review.sources import source_in

        file = Path.cwd() / f"report-{stored.exercise_id}.html"
        try:
            library = store.library()
            source = source_in(library, stored.exercise_id, stored.assessment, stored.digest)
            file.write_bytes(written(source, "html"))
        except Exception as error:
            message = f"{file}: {error.strerror}" if isinstance(error, OSError) else told(error)
            if message is None:
                raise
            self.app.call_from_thread(self.notify, message, severity="error", markup=False)
            return
        self.app.call_from_thread(self.notify, f"Wrote {file}", markup=False)

    def action_section(self, step: int) -> None:
        """Go to the next heading, or to the one before."""
        paper = self.query_one("#paper")
        tops = [0, *(one.virtual_region.y for one in self.query(".heading"))]
        here = paper.scroll_target_y
        there = [y for y in tops if (y > here if step > 0 else y < here)]
        if there:
            paper.scroll_to(y=min(there) if step > 0 else max(there), animate=False)

    def action_again(self) -> None:
        """Play the scenario again."""
        if self._stored is not None:
            self.app.brief(self._stored.assessment.opening.scenario)

    def action_replay(self) -> None:
        """Look at the exercise again, moment by moment."""
        if self._store is not None:
            self.app.replay(self._exercise)

    def action_plan(self) -> None:
        """Plan a corrective action for one of the areas for improvement."""
        from simulator.review.areas import areas
        from simulator.review.plan import read_plan
        from simulator.tui.dialogs.areas import AreasDialog

        if self._stored is None or self._store is None:
            return
        try:
            actions = read_plan(self._store.library(), self._stored.exercise_id)
        except Exception as error:
            message = told(error)
            if message is None:
                raise
            self.notify(message, severity="error", markup=False)
            return
        found = areas(self._stored.assessment)
        planned = frozenset(one.area for one in actions)
        self.app.push_screen(AreasDialog(found, planned, self._plan_for))

    def _plan_for(self, area: Area) -> None:
        from simulator.review.bound import check_bound, for_exercise
        from simulator.review.plan import add
        from simulator.tui.dialogs.action import ActionDialog
        from simulator.tui.screens.briefing import player_name

        if self._stored is None or self._store is None:
            return
        stored, library = self._stored, self._store.library()
        bound = for_exercise(stored.exercise_id, stored.assessment, area.key)
        binding = {name: bound.pop(name, "") for name in ("step", "scenario")}

        def keep(fields: Mapping[str, str]) -> str:
            other = {name: fields.get(name, "") for name in binding}
            other = {name: said for name, said in other.items() if said != binding[name]}
            try:
                check_bound(self.app.content, library, other)
                add(
                    library, secrets.token_hex(16), player_name(), **{"what": "", **bound, **fields}
                )
            except Exception as error:
                message = told(error)
                if message is None:
                    raise
                return message
            self.notify("It is in the plan.")
            return ""

        self.app.push_screen(ActionDialog(None, keep, binding))

    def action_back(self) -> None:
        """Go back to the scenarios."""
        self.app.launch()

    def action_down(self) -> None:
        """Scroll down."""
        self.query_one("#paper").scroll_down()

    def action_up(self) -> None:
        """Scroll up."""
        self.query_one("#paper").scroll_up()

    def palette_commands(self) -> Iterable[SystemCommand]:
        """Offer the report, the ways on, and every section."""
        yield offer("Write the report", "One HTML file in this folder", self.action_write)
        yield offer("Plan an action", "For an area for improvement", self.action_plan)
        yield offer("Play it again", "Read the briefing", self.action_again)
        yield offer("Replay", "Look at the exercise moment by moment", self.action_replay)
        yield offer("Scenarios", "Choose what to practise", self.action_back)
        for one in self.query(".heading").results(Words):
            go = partial(one.scroll_visible, animate=False, top=True)
            yield offer(f"Section: {one.render()}", "Go there", go)
