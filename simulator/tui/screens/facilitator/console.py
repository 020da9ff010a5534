"""The console from which an exercise is facilitated, and from which evaluators mark."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import Screen
from textual.widgets import ContentSwitcher

from simulator.session.facilitation import (
    LiveEvidence,
    Seen,
    next_inject,
    not_ready,
    players,
    raised,
    step_at_hand,
)
from simulator.tui.messages import PaneChosen
from simulator.tui.panes.status_bar import StatusBar
from simulator.tui.panes.tab_row import Tab, TabRow
from simulator.tui.panes.wording import line, text_of
from simulator.tui.panes.words import Words
from simulator.tui.screens.facilitator import asking
from simulator.tui.screens.facilitator.codes import codes_of
from simulator.tui.screens.facilitator.comms import CommsPage
from simulator.tui.screens.facilitator.desk import Desk, Order
from simulator.tui.screens.facilitator.evidence import EvidencePage
from simulator.tui.screens.facilitator.head import status_of_desk
from simulator.tui.screens.facilitator.page import ActWanted, FormAsked, Page
from simulator.tui.screens.facilitator.pages import PAGES, pages_for
from simulator.tui.screens.facilitator.palette import commands
from simulator.tui.widgets.key_row import KeyRow
from simulator.tui.widgets.too_small import BREAKPOINTS_ACROSS, BREAKPOINTS_DOWN, TooSmall

if TYPE_CHECKING:
    from simulator.session.seat import SeatDrill
    from simulator.tui.screens.facilitator.form import Form

REDRAW = 0.5
MARK_EVERY = 3.0
"""Wall seconds between two markings of what was done so far."""

SPEEDS = (1, 2, 5, 10)
_EVALUATORS = frozenset({"pane", "team", "note", "production"})
_UNTIL_THE_END = frozenset({"write", "speak", "hint", "solution"})


EVALUATORS_HELP = (
    "You mark what is done and note what you see; participants see it after the end.\n"
    "3 is the evidence: r overrules a mark with a reason, c rates an objective. n notes.\n"
    "Two evaluators may differ: the report shows both."
)


class FacilitatorScreen(Screen[None]):
    """Run an exercise: its clock, its timeline, its people, its marks."""

    AUTO_FOCUS = None
    CSS_PATH = "facilitator.tcss"
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS_ACROSS
    VERTICAL_BREAKPOINTS = BREAKPOINTS_DOWN
    HELP = (
        "Before: give out the codes, see who is ready, d tries everything, s begins.\n"
        "During: space pauses for everybody, 2 is the timeline of injects, 3 what was done.\n"
        "After: k shows the answers to everybody, 3 confirms ratings, y shows the result, e closes."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(n), f"pane('{page.NAME}')", page.TITLE, show=False,
                  tooltip=f"Show {page.TITLE}") for n, page in enumerate(PAGES, 1)),
        Binding("s", "start", "Begin", show=False, tooltip="Begin the exercise for everybody"),
        Binding("space,p", "pause", "Pause", key_display="space", tooltip="Pause, or go on"),
        Binding("plus,equals_sign", "faster(1)", "Faster", show=False, key_display="+",
                tooltip="Let time pass faster: 1, 2, 5, 10 times"),
        Binding("minus", "faster(-1)", "Slower", show=False, key_display="-",
                tooltip="Let time pass slower"),
        Binding("j", "jump", "Next inject", show=False, tooltip="Jump to the next inject"),
        Binding("w", "write", "Write", show=False, tooltip="Write an inject on the spot"),
        Binding("a", "speak", "Answer as", show=False,
                tooltip="Answer as one of the simulated people"),
        Binding("n", "note", "Note", show=False, tooltip="Note what you see at this moment"),
        Binding("h", "hint", "Hint", show=False, tooltip="Give the team the next hint"),
        Binding("x", "solution", "Solution", show=False, tooltip="Show the team the solution"),
        Binding("o", "objectives", "Objectives", show=False,
                tooltip="Show participants the objectives, or hide them"),
        Binding("i", "invite", "Invite", show=False,
                tooltip="Show the address to join at, with a QR code"),
        Binding("d", "dry_run", "Dry run", show=False, tooltip="Try every channel and console"),
        Binding("k", "answers", "Answers", show=False,
                tooltip="Show everybody the answers of the hot wash, or hide them"),
        Binding("y", "result", "Result", show=False, tooltip="Show everybody the result"),
        Binding("e", "end", "End", show=False, tooltip="End play, and close it after that"),
        Binding("e", "close_exercise", "Close", show=False, tooltip="Close the exercise"),
        Binding("t", "team", "Team", show=False, tooltip="Go to the next team"),
        Binding("T", "everywhere", "All teams", show=False,
                tooltip="Steer the clock and the timeline of all teams, or of one"),
        Binding("v", "production", "Production", show=False,
                tooltip="See production as participants do"),
    ]  # fmt: skip

    def __init__(self, drills: Sequence[SeatDrill], order: Order, seat: str) -> None:
        """Show these exercises, one per team; `seat` is the person's own in the first of them."""
        super().__init__()
        self.desk = Desk(drills, order, self._tell)
        if not self.desk.leads:
            self.help_about = EVALUATORS_HELP
        self.seat = seat
        self._moved = True
        self._marking = False
        self._followed: list[SeatDrill] = []
        self._seen: dict[str, Seen] = {}

    def compose(self) -> ComposeResult:
        yield StatusBar(status_of_desk(self.desk))
        yield TabRow(self._tabs("overview"), "overview")
        yield Words(id="fault")
        with Container(id="pages"), ContentSwitcher(initial="overview"):
            for page in pages_for(self.desk):
                yield page(self.desk)
        yield KeyRow()
        yield TooSmall()

    def on_mount(self) -> None:
        """Follow the exercises."""
        self._follow()
        self.set_interval(REDRAW, self._redraw)
        self.set_interval(MARK_EVERY, self._mark)
        self.page.focus_page()
        self._mark()
        self._show()

    def on_unmount(self) -> None:
        """Follow them no longer."""
        for drill in self._followed:
            drill.listeners.remove(self._change)

    def _follow(self) -> None:
        """Follow every exercise, also those of teams that came later, which have new codes."""
        for drill in self.desk.drills:
            if drill not in self._followed:
                self._followed.append(drill)
                self._seen[drill.exercise_id] = Seen.of(drill.exercise)
                drill.listeners.append(self._change)
                self._moved = True
                if self.desk.leads:
                    self.run_worker(self._told(self.desk.refresh_codes()), group="codes")

    def _change(self) -> None:
        self._moved = True

    async def _redraw(self) -> None:
        """Show the present state where it is seen, if it moved."""
        self._follow()
        moved = self._moved
        for drill in self.desk.drills:
            moved = await drill.elapse(REDRAW) or moved
        if moved and self.is_attached:
            self._moved = False
            self._show()
            self._ring()

    def _show(self) -> None:
        desk = self.desk
        self.query_one(StatusBar).show(status_of_desk(desk))
        self.query_one(TabRow).show(self._tabs(self.page.NAME), self.page.NAME)
        away = next((drill.fault for drill in desk.drills if drill.fault), "")
        fault = self.query_one("#fault", Words)
        fault.display = bool(away)
        fault.say(text_of((" AWAY ", "bold reverse"), f" {line(away)}"))
        self.page.show()
        self.refresh_bindings()

    def _ring(self) -> None:
        """Tell what has come up in any team since it was last told."""
        for drill in self._followed:
            seen = self._seen[drill.exercise_id]
            self._seen[drill.exercise_id] = Seen.of(drill.exercise)
            team = f", {line(drill.exercise.team, 20)}" if len(self.desk.drills) > 1 else ""
            for word, sentence in raised(drill.exercise, seen):
                self.notify(line(sentence, 200), title=f"{word}{team}", markup=False)

    @property
    def page(self) -> Page:
        """The pane that is shown."""
        name = self.query_one(ContentSwitcher).current
        return self.query_one(f"#{name}", Page)

    def _tabs(self, current: str) -> tuple[Tab, ...]:
        """Return the tabs; beside the notes, how often somebody was confused."""
        flags = len(self.desk.exercise.state.flags)
        return tuple(
            Tab(page.NAME, page.TITLE, str(flags) if flags and page.NAME == "notes" else "", number)
            for number, page in enumerate(PAGES, 1)
            if page in pages_for(self.desk)
        )

    def _mark(self) -> None:
        if not self._marking:
            self.run_worker(self._assess(), group="marks")

    async def _assess(self) -> None:
        """Mark what was done so far, in a thread, for every team."""
        self._marking = True
        try:
            for drill in list(self.desk.drills):
                live = self.desk.evidence.setdefault(drill.exercise_id, LiveEvidence())
                if live.taken == drill.seq:
                    continue
                found = await asyncio.to_thread(live.catch_up, list(drill.bodies))
                self.desk.assessments[drill.exercise_id] = found
                self._moved = True
        finally:
            self._marking = False

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what fits the seat and the moment."""
        desk = self.desk
        state, over = desk.exercise.state, desk.exercise.over
        if not desk.leads and action not in _EVALUATORS:
            return False
        match action:
            case "pane":
                return parameters[0] in [page.NAME for page in pages_for(desk)]
            case "start":
                return not state.started
            case "dry_run":
                return not over
            case "invite":
                return not state.closed
            case "pause" | "faster" | "jump":
                return state.started and not over
            case "answers" | "result":
                return over and not state.closed
            case "close_exercise" | "end":
                return not state.closed and (action == "end") is not over
            case "team" | "everywhere":
                return len(desk.drills) > 1 and (desk.leads or action == "team")
            case "hint" | "solution":
                return state.started and not over
        return not (over and action in _UNTIL_THE_END)

    def _tell(self, sentence: str) -> None:
        self.notify(line(sentence, 300), severity="warning", markup=False)

    def on_act_wanted(self, event: ActWanted) -> None:
        """Take what a pane wants done."""
        take = self.desk.do_here if event.here else self.desk.do
        self.run_worker(self._told(take(event.do, event.fields)), group="acts")

    def on_form_asked(self, event: FormAsked) -> None:
        """Ask for something."""
        self._ask(event.form)

    def _ask(self, form: Form) -> None:
        self.app.push_screen(form, lambda _: self._change())

    def _do(self, do: str, **fields: object) -> None:
        """Take an act, for one team or for all, and say so if it cannot be taken."""
        self.run_worker(self._told(self.desk.do(do, fields)), group="acts")

    async def _told(self, doing: Awaitable[str]) -> None:
        why = await doing
        if why:
            self._tell(why)
        self._moved = True
        await self._redraw()

    def action_pane(self, name: str) -> None:
        """Show a pane."""
        self.query_one(ContentSwitcher).current = name
        self.page.focus_page()
        self._show()

    def on_pane_chosen(self, event: PaneChosen) -> None:
        """Show a pane whose tab was clicked."""
        self.action_pane(event.pane)

    def action_start(self) -> None:
        """Begin; those who are not ready are named first, and that nobody is here."""
        waiting = not_ready(self.desk.exercise)
        if waiting or not players(self.desk.exercise):
            self._ask(asking.start(self.desk, waiting))
        else:
            self._do("start")

    def action_pause(self) -> None:
        """Pause for everybody, or go on."""
        self._do("resume" if self.desk.exercise.state.paused else "pause")

    def action_faster(self, step: int) -> None:
        """Change the speed by a step."""
        here = SPEEDS.index(self.desk.exercise.state.speed)
        factor = SPEEDS[max(0, min(len(SPEEDS) - 1, here + step))]
        if factor != self.desk.exercise.state.speed:
            self._do("speed", factor=factor)

    def action_jump(self) -> None:
        """Let the time until the next inject pass at once."""
        row = next_inject(self.desk.exercise)
        if row is None:
            self.notify("No inject is due at a known time.")
        else:
            self._do("jump", to=row.at)

    def action_write(self) -> None:
        """Write an inject on the spot."""
        self._ask(asking.write(self.desk))

    def action_speak(self) -> None:
        """Answer as one of the simulated people."""
        channel = self.page.channel if isinstance(self.page, CommsPage) else ""
        self._ask(asking.speak(self.desk, channel))

    def action_note(self) -> None:
        """Note what is seen at this moment."""
        about = self.page.subject if isinstance(self.page, EvidencePage) else ""
        self._ask(asking.note(self.desk, about))

    def action_hint(self) -> None:
        """Give the team the next hint for the step it is at."""
        step = self._step()
        if step:
            self._ask(asking.hint(self.desk, step))

    def action_solution(self) -> None:
        """Show the team the solution of the step it is at."""
        step = self._step()
        if step:
            self._ask(asking.solution(self.desk, step))

    def _step(self) -> str:
        """Return the step that the team is at; say so if there is none."""
        if self.desk.assessment is None:
            self.notify("What was done so far is still being marked. Try again in a moment.")
            return ""
        step = step_at_hand(self.desk.exercise, self.desk.assessment)
        if not step:
            self.notify("Every step of the procedure is done or ticked.")
        return step

    def _share(self, what: str) -> None:
        shown = what in self.desk.exercise.state.shared
        self._do("share", what=what, shown=not shown)

    def action_objectives(self) -> None:
        """Show participants the objectives, or hide them."""
        self._share("objectives")

    def action_answers(self) -> None:
        """Show everybody what was answered in the hot wash, or hide it."""
        self._share("answers")

    def action_result(self) -> None:
        """Show everybody the result."""
        self._do("share", what="result")

    def action_invite(self) -> None:
        """Show the address to join the team at, with a QR code."""
        self.run_worker(self._invite(), group="invite", exclusive=True)

    async def _invite(self) -> None:
        from simulator.tui.screens.facilitator.invite import InviteDialog

        invitation, why = await self.desk.ask("invite", {})
        if why:
            self._tell(why)
            return
        code = next((x["code"] for x in codes_of(self.desk) if x["role"] == "participant"), "")
        self.app.push_screen(InviteDialog(self.desk.exercise.team, invitation, code))

    def action_dry_run(self) -> None:
        """Try everything that the drill needs, and show what works on the overview."""
        self.run_worker(self._try_everything(), group="dry", exclusive=True)

    async def _try_everything(self) -> None:
        self.notify("Trying everything.")
        await self._told(self.desk.dry_run())
        fails = sum(not works for _, works, _ in self.desk.checks)
        if self.desk.checks:
            self.notify("Everything works." if not fails else f"{fails} of it fail: see 1.")

    def action_end(self) -> None:
        """End play, once that is confirmed; after the end, close the exercise."""
        if self.desk.exercise.over:
            self.action_close_exercise()
        else:
            self._ask(asking.end(self.desk))

    def action_close_exercise(self) -> None:
        """Close the exercise, once that is confirmed."""
        if not self.desk.exercise.state.closed:
            self._ask(asking.close(self.desk))

    def action_team(self) -> None:
        """Go to the next team."""
        self.desk.here = (self.desk.here + 1) % len(self.desk.drills)
        self._show()

    def action_everywhere(self) -> None:
        """Steer the clock and the timeline of all teams from now on, or of the one at hand."""
        self.desk.everywhere = not self.desk.everywhere
        self._show()

    def action_production(self) -> None:
        """See production as participants do; looking leaves no trace."""
        from simulator.tui.screens.facilitator.production import ProductionScreen

        self.app.push_screen(ProductionScreen(self.desk.drill))

    def palette_commands(self) -> Iterable[SystemCommand]:
        """Offer every act that can be taken now."""
        return commands(self)
