"""The console from which an exercise is facilitated, and from which evaluators mark."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import Screen
from textual.widgets import ContentSwitcher, Footer, OptionList

from simulator.session.facilitation import LiveEvidence, next_inject, not_ready, step_at_hand
from simulator.tui.messages import PaneChosen
from simulator.tui.panes.status_bar import StatusBar, status_of
from simulator.tui.panes.tab_row import Tab, TabRow
from simulator.tui.panes.wording import line, text_of
from simulator.tui.panes.words import Words
from simulator.tui.screens.facilitator import asking
from simulator.tui.screens.facilitator.desk import Desk, Order
from simulator.tui.screens.facilitator.pages import ListPage, TextPage, pages
from simulator.tui.screens.palette import offer
from simulator.tui.widgets.too_small import BREAKPOINTS_ACROSS, BREAKPOINTS_DOWN, TooSmall

if TYPE_CHECKING:
    from simulator.session.seat import SeatDrill
    from simulator.tui.screens.facilitator.form import Form

REDRAW = 0.5
MARK_EVERY = 3.0
"""Wall seconds between two markings of what was done so far."""

SPEEDS = (1, 2, 5, 10)
NAMES = {
    "overview": "Overview",
    "timeline": "Timeline",
    "evidence": "Evidence",
    "people": "People",
    "truth": "Truth",
    "comms": "Comms",
    "notes": "Notes",
}
_PANE_KEYS = {
    "fire": "timeline", "postpone": "timeline", "edit": "timeline", "withhold": "timeline",
    "overrule": "evidence", "confirm": "evidence",
    "hand_over": "people", "new_code": "people", "show_out": "people",
}  # fmt: skip
_EVALUATORS = frozenset(
    {"pane", "team", "note", "overrule", "confirm", "production", "show_help", "switch_theme"}
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
        "After: e ends, k shows the answers, c confirms ratings, y shows the result, e closes."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(n), f"pane('{name}')", title, show=False, tooltip=f"Show {title}")
          for n, (name, title) in enumerate(NAMES.items(), 1)),
        Binding("s", "start", "Begin", tooltip="Begin the exercise for everybody"),
        Binding("space,p", "pause", "Pause", key_display="space", tooltip="Pause, or go on"),
        Binding("plus,equals_sign", "faster(1)", "Faster", show=False, key_display="+"),
        Binding("minus", "faster(-1)", "Slower", show=False, key_display="-"),
        Binding("j", "jump", "Next inject", tooltip="Jump to the next inject"),
        Binding("f", "fire", "Send now", tooltip="Send the chosen inject now"),
        Binding("z", "postpone", "Postpone", tooltip="Postpone the chosen inject"),
        Binding("u", "edit", "Edit", tooltip="Change what the chosen inject says"),
        Binding("l", "withhold", "Leave out", tooltip="Leave the chosen inject out, or not"),
        Binding("r", "overrule", "Overrule", tooltip="Give the chosen step another mark"),
        Binding("c", "confirm", "Confirm", tooltip="Confirm or change a rating"),
        Binding("g", "hand_over", "Change roles", tooltip="Let two people change roles"),
        Binding("b", "new_code", "New code", tooltip="A new code for this person's role"),
        Binding("m", "show_out", "Show out", tooltip="Close this person's seat"),
        Binding("w", "write", "Write", tooltip="Write an inject on the spot"),
        Binding("a", "speak", "Answer as", tooltip="Answer as one of the simulated people"),
        Binding("n", "note", "Note", tooltip="Note what you see at this moment"),
        Binding("h", "hint", "Hint", show=False, tooltip="Give the team a hint"),
        Binding("x", "solution", "Solution", show=False, tooltip="Show the team the solution"),
        Binding("o", "objectives", "Objectives", show=False, tooltip="Show or hide objectives"),
        Binding("d", "dry_run", "Dry run", show=False, tooltip="Try every channel"),
        Binding("k", "answers", "Answers", show=False, tooltip="Show the hot wash to everybody"),
        Binding("y", "result", "Result", show=False, tooltip="Show the result to everybody"),
        Binding("e", "end", "End", tooltip="End play; and after that, close the exercise"),
        Binding("t", "team", "Team", show=False, tooltip="Go to the next team"),
        Binding("T", "everywhere", "All teams", show=False, tooltip="Act for all teams, or one"),
        Binding("v", "production", "Production", tooltip="See production as participants do"),
    ]  # fmt: skip

    def __init__(self, drills: Sequence[SeatDrill], order: Order, seat: str) -> None:
        super().__init__()
        self.desk = Desk(drills, order)
        self._seat = seat
        self._moved = True
        self._ending = False
        self._marking = False

    def compose(self) -> ComposeResult:
        yield StatusBar(status_of(self.desk.exercise, 0, self.desk.drill.seat))
        yield TabRow(self._tabs(), "overview")
        yield Words(id="fault")
        with Container(id="pages"), ContentSwitcher(initial="overview"):
            yield from pages(self.desk)
        yield Footer(compact=True)
        yield TooSmall()

    def on_mount(self) -> None:
        """Follow the exercises."""
        for drill in self.desk.drills:
            drill.listeners.append(self._change)
        self.set_interval(REDRAW, self._redraw)
        self.set_interval(MARK_EVERY, self._mark)
        self._focus()
        self._mark()
        self._ask_codes()
        self._show()

    def on_unmount(self) -> None:
        """Follow them no longer."""
        for drill in self.desk.drills:
            if self._change in drill.listeners:
                drill.listeners.remove(self._change)

    def _change(self) -> None:
        self._moved = True

    async def _redraw(self) -> None:
        """Show the present state where it is seen, if it moved."""
        moved = self._moved
        for drill in self.desk.drills:
            moved = await drill.elapse(REDRAW) or moved
        if moved and self.is_attached:
            self._moved = False
            self._show()

    def _show(self) -> None:
        desk = self.desk
        self.query_one(StatusBar).show(status_of(desk.exercise, 0, desk.drill.seat))
        self.query_one(TabRow).show(self._tabs(), self._current)
        fault = self.query_one("#fault", Words)
        fault.display = bool(desk.drill.fault)
        fault.say(text_of((" AWAY ", "bold reverse"), f" {line(desk.drill.fault)}"))
        self._page.show()
        self.refresh_bindings()

    @property
    def _current(self) -> str:
        return str(self.query_one(ContentSwitcher).current)

    @property
    def _page(self) -> TextPage | ListPage:
        page = self.query_one(f"#{self._current}")
        assert isinstance(page, TextPage | ListPage)
        return page

    def _tabs(self) -> tuple[Tab, ...]:
        state = self.desk.exercise.state
        flags = f"{len(state.flags)}" if state.flags else ""
        hidden = () if self.desk.leads else ("truth",)
        return tuple(
            Tab(name, title, flags if name == "notes" else "", number)
            for number, (name, title) in enumerate(NAMES.items(), 1)
            if name not in hidden
        )

    def _mark(self) -> None:
        if not self._marking:
            self.run_worker(self._assess(), group="marks")

    async def _assess(self) -> None:
        """Mark what was done so far, in a thread, for every team."""
        self._marking = True
        try:
            for drill in self.desk.drills:
                live = self.desk.evidence.setdefault(drill.exercise_id, LiveEvidence())
                if live.taken == drill.seq:
                    continue
                found = await asyncio.to_thread(live.catch_up, list(drill.bodies))
                self.desk.assessments[drill.exercise_id] = found
                self._moved = True
        finally:
            self._marking = False

    def _ask_codes(self) -> None:
        if self.desk.leads:
            self.run_worker(self._codes("codes", {}), group="codes")

    async def _codes(self, order: str, fields: Mapping[str, Any]) -> None:
        codes, why = await self.desk.ask(order, fields)
        if why:
            self.notify(why, severity="warning", markup=False)
        else:
            self.desk.codes = list(codes or [])
            self._moved = True

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what fits the seat, the pane and the moment."""
        if not self.is_mounted:
            return True
        state, over = self.desk.exercise.state, self.desk.exercise.over
        if not self.desk.leads and action not in _EVALUATORS:
            return False
        if action == "pane" and not self.desk.leads and parameters[0] == "truth":
            return False
        if action in _PANE_KEYS:
            return self._current == _PANE_KEYS[action] or (action == "confirm" and over)
        if action == "start":
            return not state.started
        if action in ("pause", "faster", "jump"):
            return state.started and not over
        if action in ("answers", "result"):
            return over
        if action in ("team", "everywhere"):
            return len(self.desk.drills) > 1
        return True

    def _do(self, do: str, *, here: bool = False, **fields: Any) -> None:
        """Take an act, and say so if it cannot be taken."""
        take = self.desk.do_here if here else self.desk.do
        self.run_worker(self._told(take(do, fields)), group="acts")

    async def _told(self, doing: Awaitable[str]) -> None:
        why = await doing
        if why:
            self.notify(why, severity="warning", markup=False)
        self._moved = True
        await self._redraw()

    def action_pane(self, name: str) -> None:
        """Show a pane."""
        self.query_one(ContentSwitcher).current = name
        self._show()
        self._focus()

    def on_pane_chosen(self, event: PaneChosen) -> None:
        """Show a pane whose tab was clicked."""
        self.action_pane(event.pane)

    def _focus(self) -> None:
        page = self._page
        lists = page.query(OptionList)
        (lists.first() if lists else page).focus()

    def action_start(self) -> None:
        """Begin; those who are not ready are named first."""
        waiting = not_ready(self.desk.exercise)
        if waiting and not self._ending:
            self._ending = True
            self.set_timer(8, self._calm)
            names = ", ".join(line(name) for name in waiting)
            self.notify(f"Not ready: {names}. Press s again to begin all the same.", markup=False)
            return
        self._ending = False
        self._do("start")

    def _calm(self) -> None:
        self._ending = False

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
        at = next_inject(self.desk.exercise)
        if at is None:
            self.notify("No inject is due at a known time.")
        else:
            self._do("jump", to=at)

    def _ask(self, form: Form) -> None:
        self.app.push_screen(form)

    def action_fire(self) -> None:
        """Send the chosen inject now."""
        if self._page.chosen:
            self._do("fire", inject=self._page.chosen)

    def action_postpone(self) -> None:
        """Postpone the chosen inject."""
        if self._page.chosen:
            self._ask(asking.postpone(self.desk, self._page.chosen))

    def action_edit(self) -> None:
        """Change what the chosen inject says."""
        if self._page.chosen:
            self._ask(asking.edit(self.desk, self._page.chosen))

    def action_withhold(self) -> None:
        """Leave the chosen inject out, or take it back in."""
        inject = self._page.chosen
        if inject:
            left_out = inject in self.desk.exercise.state.withheld
            self._do("withhold", inject=inject, withheld=not left_out)

    def action_write(self) -> None:
        """Write an inject on the spot."""
        self._ask(asking.write(self.desk))

    def action_speak(self) -> None:
        """Answer as one of the simulated people."""
        self._ask(asking.speak(self.desk))

    def action_note(self) -> None:
        """Note what is seen at this moment."""
        about = self._page.chosen if self._current == "evidence" else ""
        self._ask(asking.note(self.desk, about))

    def action_overrule(self) -> None:
        """Give the chosen step another mark."""
        if self._page.chosen:
            self._ask(asking.overrule(self.desk, self._page.chosen))

    def action_confirm(self) -> None:
        """Confirm or change a rating."""
        self._ask(asking.confirm(self.desk))

    def action_hand_over(self) -> None:
        """Let two people change roles."""
        if self._page.chosen:
            self._ask(asking.hand_over(self.desk, self._page.chosen))

    def action_new_code(self) -> None:
        """Give the chosen person's role a new code; the old one counts no more."""
        role = self.desk.exercise.state.roles.get(self._page.chosen, "")
        if role:
            self.run_worker(self._codes("revoke", {"role": role}), group="codes")

    def action_show_out(self) -> None:
        """Close the chosen person's seat."""
        if self._page.chosen:
            asked = self.desk.ask("dismiss", {"seat": self._page.chosen})
            self.run_worker(self._told(_why(asked)), group="acts")

    def action_hint(self) -> None:
        """Give the team the next hint for the step it is at."""
        self._help("hint")

    def action_solution(self) -> None:
        """Show the team the solution of the step it is at."""
        self._help("reveal")

    def _help(self, do: str) -> None:
        assessment = self.desk.assessment
        step = step_at_hand(assessment) if assessment is not None else ""
        if step:
            self._do(do, here=True, step=step)
        else:
            self.notify("Every step of the procedure is done or ticked.")

    def action_objectives(self) -> None:
        """Show the objectives to participants, or hide them."""
        shown = "objectives" in self.desk.exercise.state.shared
        self._do("share", what="objectives", shown=not shown)

    def action_answers(self) -> None:
        """Show everybody what was answered in the hot wash."""
        self._do("share", what="answers")

    def action_result(self) -> None:
        """Show everybody the result."""
        self._do("share", what="result")

    def action_dry_run(self) -> None:
        """Try every channel of the exercise."""
        self.run_worker(self._try_everything(), group="dry", exclusive=True)

    async def _try_everything(self) -> None:
        found, why = await self.desk.ask("test", {})
        if why:
            self.notify(why, severity="warning", markup=False)
            return
        self.desk.checks = [(str(what), bool(works), str(said)) for what, works, said in found]
        fails = sum(not works for _, works, _ in self.desk.checks)
        self.notify("Everything works." if not fails else f"{fails} of it fail: see the overview.")
        self._moved = True

    def action_end(self) -> None:
        """End play, after asking once; after the end, close the exercise in the same way."""
        over = self.desk.exercise.over
        if not self._ending:
            self._ending = True
            self.set_timer(8, self._calm)
            what = "close the exercise for good" if over else "end play for everybody"
            self.notify(f"Press e again to {what}.")
            return
        self._ending = False
        self._do("close" if over else "end")

    def action_team(self) -> None:
        """Go to the next team."""
        self.desk.here = (self.desk.here + 1) % len(self.desk.drills)
        self._moved = True
        self._show()

    def action_everywhere(self) -> None:
        """Act for all teams from now on, or for the one at hand."""
        self.desk.everywhere = not self.desk.everywhere
        whom = "all teams" if self.desk.everywhere else f"team {line(self.desk.exercise.team)}"
        self.notify(f"The clock and the timeline are now those of {whom}.", markup=False)

    def action_production(self) -> None:
        """See production as participants do; looking leaves no trace."""
        from simulator.tui.screens.facilitator.production import ProductionScreen

        self.app.push_screen(ProductionScreen(self.desk.drill))

    def palette_commands(self) -> Iterable[SystemCommand]:
        """Offer every act that can be taken now."""
        for binding in self.BINDINGS:
            assert isinstance(binding, Binding)
            name, _, rest = binding.action.partition("(")
            parameters = tuple(rest.strip("')").split("','")) if rest else ()
            if name == "faster" or not self.check_action(name, parameters):
                continue
            act = getattr(self, f"action_{name}")
            run = (lambda act=act, p=parameters: act(*p)) if parameters else act
            yield offer(binding.description, binding.tooltip or binding.description, run)
        yield offer("Open an exercise for another team", "Same scenario", self._another_team)
        yield offer("Stop the host", "Everybody is let go; nothing is lost", self._stop_host)

    def _another_team(self) -> None:
        from simulator.tui.screens.facilitator.form import Field, Form

        async def propose(_: str, fields: Mapping[str, Any]) -> str:
            return (await self.desk.ask("team", fields))[1]

        self._ask(Form(propose, "Another team", "team", [Field("name", "its name")]))

    def _stop_host(self) -> None:
        self.run_worker(self._told(_why(self.desk.ask("stop", {}))), group="acts")


async def _why(asked: Awaitable[tuple[Any, str]]) -> str:
    return (await asked)[1]
