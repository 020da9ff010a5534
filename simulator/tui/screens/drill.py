"""The drill: production and the people around it, while simulated time passes."""

from __future__ import annotations

import asyncio
import gc
import os
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal
from textual.screen import Screen
from textual.widgets import Input, TextArea

from simulator.content.roles import title_of
from simulator.exercise.acts import Ask
from simulator.exercise.door import Refused
from simulator.exercise.powers import not_for_you
from simulator.journal import JournalError
from simulator.session.drill import new_key
from simulator.session.guidance import current_step, step_to_do
from simulator.session.seat import SeatDrill, moment_in_second
from simulator.tui import messages as m
from simulator.tui.panes.addressed import News
from simulator.tui.panes.alert_rows import firing
from simulator.tui.panes.banner import Banner, urgent
from simulator.tui.panes.mine import may, requests_for, takes_part, why_not
from simulator.tui.panes.pane import Pane
from simulator.tui.panes.rooms import NAMES, Rooms
from simulator.tui.panes.side_column import SideColumn
from simulator.tui.panes.status_bar import StatusBar, status_of
from simulator.tui.panes.tab_row import TabRow
from simulator.tui.panes.unread import Unread
from simulator.tui.panes.words import Words
from simulator.tui.screens import drill_asking as asking
from simulator.tui.widgets.front_compositor import FrontCompositor
from simulator.tui.widgets.key_row import KeyRow
from simulator.tui.widgets.too_small import LEAST_HEIGHT, LEAST_WIDTH, too_small

if TYPE_CHECKING:
    from simulator.exercise.fold import Exercise
    from simulator.session.seat import Console

TICK = 0.25
REDRAW = 0.95
"""Wall seconds between two pictures, at any speed: a key is never far behind a frame."""

SOON = 0.02
"""Wall seconds after which what others did is shown."""

NEWS_STAYS = 20.0
"""Wall seconds that a hint or an answer stays over the screen."""

LONGEST_TICK = 2.0
"""Wall seconds: a machine that slept does not owe the exercise the night."""

SIDE_FROM = 110
SPEEDS = (1, 2, 5, 10)


class DrillScreen(Screen[None]):
    """Everything a participant sees and does in an exercise."""

    AUTO_FOCUS = None
    CSS_PATH = "drill.tcss"
    HELP = (
        "Find out what is wrong and mend it, by the runbooks, and tell those who must know.\n"
        "1 to 6 change the pane, Tab goes on within it, Escape goes back.\n"
        "While you type, single keys are text: press Escape first."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(n), f"pane('{name}')", title, show=False, tooltip=f"Show {title}")
          for n, (name, title) in enumerate(NAMES.items(), 1)),
        Binding("p,space", "pause", "Pause", key_display="p", tooltip="Pause everything, or go on"),
        Binding("plus,equals_sign", "faster(1)", "Faster", show=False, key_display="+"),
        Binding("minus", "faster(-1)", "Slower", show=False, key_display="-"),
        Binding("s", "severity", "Severity", tooltip="Declare the severity"),
        Binding("d", "decisions", "Decide", show=False, tooltip="Take a decision"),
        Binding("h", "hint", "Hint", tooltip="Ask for a hint for the step at hand"),
        Binding("x", "solution", "Solution", show=False, tooltip="Show the solution"),
        Binding("c", "confused", "Confuses me", show=False, tooltip="Say that a step confuses you"),
        Binding("m", "menu", "Menu", show=False, tooltip="Choose an action from a menu"),
        Binding("b", "side", "Side", show=False, tooltip="Show or hide the side column"),
        Binding("e", "end", "End", show=False, tooltip="End, or stop and resume later"),
        Binding("y,a", "approve", "Approve", show=False, key_display="y",
                tooltip="Answer who needs your word"),
        Binding("o", "hand_over", "Hand over", show=False, tooltip="Hand your role to somebody"),
        Binding("escape", "leave", "Back", show=False, tooltip="Leave what you are typing in"),
    ]  # fmt: skip

    def __init__(
        self,
        drill: Console,
        on_over: Callable[[Any], None],
        wall: Callable[[], float] = time.monotonic,
    ) -> None:
        """Show an exercise; `on_over` is told when its play has ended."""
        super().__init__()
        self._compositor = FrontCompositor()
        self.on_over = on_over
        # The exercise's content stays: the collector need not look through it during play.
        gc.freeze()
        self.drill = drill
        if not takes_part(drill.exercise, drill.seat):
            self.help_about = "You look on. Every pane is yours to see; what is done, others do."
        self._wall = wall
        self._last = self._drawn = wall()
        self._unread = Unread(drill.exercise, drill.seat)
        self._rooms = Rooms(drill.exercise, self._unread, drill.seat)
        self._status = StatusBar(status_of(drill.exercise, 0, drill.seat))
        self._tabs = TabRow(self._rooms.tabs(0), self._rooms.current)
        self._banner = Banner(self._urgent())
        self._side = SideColumn()
        self._side_wanted = True
        self._known = {row.key for row in firing(drill.exercise)}
        self._unsure: tuple[object, str] | None = None
        self._complaint = ""
        self._news = News(drill.exercise, drill.seat)
        self._moved = False
        self._over = self._drawing_soon = False
        self._moving = asyncio.Lock()

    @property
    def exercise(self) -> Exercise:
        """The exercise that is played."""
        return self.drill.exercise

    def compose(self) -> ComposeResult:
        yield self._status
        yield self._tabs
        yield self._banner
        with Horizontal(id="stage"):
            with Container(id="panes"):
                yield self._rooms.pane(self._rooms.current)
            self._side.display = self.app.size.width >= SIDE_FROM
            yield self._side
        yield KeyRow()
        yield Words(id="too-small")

    def on_mount(self) -> None:
        """Let time pass."""
        self._last = self._wall()
        pane = self._rooms.pane(self._rooms.current)
        pane.call_later(pane.take_keys)
        self._refresh()
        self.set_timer(1.0, _set_memory_aside)
        if isinstance(self.drill, SeatDrill):
            self.drill.listeners.append(self._hear)
            self.set_timer((moment_in_second(os.getpid()) - self._wall()) % 1.0, self._follow)
        else:
            self.set_interval(TICK, self._tick)

    def _follow(self) -> None:
        """Show once a second what the host has told."""
        self.set_interval(1.0, self._show_time)

    async def _show_time(self) -> None:
        if await self.drill.elapse(0):
            self._refresh()
        self._finish_if_over()

    def on_unmount(self) -> None:
        """Hear of others no longer."""
        if isinstance(self.drill, SeatDrill) and self._hear in self.drill.listeners:
            self.drill.listeners.remove(self._hear)

    def _hear(self) -> None:
        """Show what others did without waiting for the next second, many acts in one picture."""
        if not self._drawing_soon:
            self._drawing_soon = True
            # Heard outside of the app's own context, in which a timer must begin.
            self.call_later(self.set_timer, SOON, self._draw_soon)

    def _draw_soon(self) -> None:
        self._drawing_soon = False
        self._refresh()
        self._finish_if_over()

    def on_screen_resume(self) -> None:
        """After a dialog, the pane takes the keys as if it had just been shown."""
        pane = self._rooms.pane(self._rooms.current)
        if pane.is_mounted:
            pane.come_back()

    async def _tick(self) -> None:
        """Let the wall time since the last tick pass in the exercise."""
        now = self._wall()
        passed, self._last = min(LONGEST_TICK, now - self._last), now
        try:
            moved = await self.drill.elapse(passed)
            self._complaint = ""
        except JournalError as error:
            moved = True
            if str(error) != self._complaint:
                self._complaint = str(error)
                self.notify(f"{error} Play goes on.", severity="error", markup=False)
        self._moved = self._moved or moved
        if self._moved and now - self._drawn >= REDRAW:
            self._drawn, self._moved = now, False
            self._refresh()
        self._finish_if_over()

    def _finish_if_over(self) -> None:
        if self.exercise.over and not self._over:
            self._over = True
            while self.app.screen is not self and self in self.app.screen_stack:
                self.app.pop_screen()  # a dialog that is still open
            self.on_over(self.drill)

    async def propose(self, do: str, fields: Mapping[str, Any]) -> str:
        """Take an act; return why it could not be taken, or an empty text.

        What could not be stored goes by the same key when it is tried again, so that it counts
        once.
        """
        same = (do, dict(fields))
        key = self._unsure[1] if self._unsure and self._unsure[0] == same else new_key()
        try:
            act = await self.drill.take(do, key=key, **fields)
        except Refused as refusal:
            return str(refusal)
        except JournalError as error:
            self._unsure = (same, key)
            return str(error)
        self._unsure = None
        if isinstance(act, Ask):
            who = " or ".join(title_of(role, self.exercise.system.roles) for role in act.of)
            self.notify(f"{who} is asked to approve it.", title="WAITING", markup=False)
        self._refresh()
        self._finish_if_over()
        return ""

    def do(self, act: str, **fields: Any) -> None:
        """Take an act in the order of asking, and say so if it cannot be taken."""
        self.run_worker(self._do(self, act, fields), group="acts")

    async def _do(self, origin: Any, act: str, fields: Mapping[str, Any]) -> None:
        why = await self.propose(act, fields)
        if why:
            self.notify(why, severity="warning", markup=False)
        if isinstance(origin, Pane) and origin.is_attached:
            origin.post_message(m.ActRefused(act, fields, why) if why else m.ActTaken(act, fields))

    def _refresh(self) -> None:
        """Show the present state, where it is seen."""
        if not self._status.is_attached:
            return
        exercise = self.exercise
        pane = self._rooms.pane(self._rooms.current)
        if pane.is_mounted:
            pane.show(exercise)
        unread = self._unread.total(exercise)  # after the pane: what it shows is read
        self._status.show(status_of(exercise, unread, self.drill.seat))
        self._tabs.show(self._rooms.tabs(unread), self._rooms.current)
        self._banner.show(self._urgent())
        self._side.show(exercise, *self._rooms.open_steps)
        self._ring()
        for title, words, severity in self._news.new():
            self.notify(words, title=title, severity=severity, timeout=NEWS_STAYS, markup=False)

    def _urgent(self) -> tuple[str, str, str] | None:
        fault = getattr(self.drill, "fault", "")
        return urgent(self.exercise, self.drill.seat, fault)

    def _ring(self) -> None:
        """Ring for what has begun to fire since the last look."""
        for row in firing(self.exercise):
            if row.key not in self._known:
                self._known.add(row.key)
                if row.rule.page:
                    self.app.bell()

    def on_resize(self, event: events.Resize) -> None:
        """Use the room there is; say so when there is too little."""
        width, height = event.size
        small = width < LEAST_WIDTH or height < LEAST_HEIGHT
        note = self.query_one("#too-small", Words)
        if small:
            note.say(f"{too_small(width, height)} p pauses, Ctrl+Q leaves; nothing is lost.")
        if small != note.display:
            note.display = small
        self._place_side(width)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Keep the cursor still: a blinking one redraws a calm screen twice a second."""
        if isinstance(event.widget, Input | TextArea):
            event.widget.cursor_blink = False

    def _place_side(self, width: int) -> None:
        wanted = self._side_wanted and width >= SIDE_FROM
        if wanted != self._side.display:
            self._side.display = wanted
            self.call_after_refresh(self._refresh)

    async def show_pane(self, name: str) -> Pane:
        """Show a pane, built now if it never was, and return it."""
        if name not in self._rooms.names:
            return self._rooms.pane(self._rooms.current)
        async with self._moving:
            place = self.query_one("#panes")
            old, new = self._rooms.pane(self._rooms.current), self._rooms.pane(name)
            self._rooms.current = name
            if new is not old:
                old.display = False
                new.display = True
            if not new.is_attached:
                await place.mount(new)
            new.focus_pane()
            self._refresh()
            self._say_where()
            return new

    def _say_where(self) -> None:
        """Let the facilitator of a team see what is looked at."""
        looks_at = getattr(self.drill, "looks_at", None)
        if looks_at is not None:
            looks_at(NAMES[self._rooms.current])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what this seat may do."""
        if action == "pane":
            return parameters[0] in self._rooms.names
        return may(self.exercise, self.drill.seat, action)

    def on_key(self, event: events.Key) -> None:
        """Say why a key does nothing for this seat."""
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            if why := why_not(self.exercise, self.drill.seat, binding.action):
                self.notify(why, markup=False)

    async def action_pane(self, name: str) -> None:
        """Show a pane."""
        await self.show_pane(name)

    async def on_pane_chosen(self, event: m.PaneChosen) -> None:
        """Show a pane."""
        await self.show_pane(event.pane)

    def on_act_proposed(self, event: m.ActProposed) -> None:
        """Take what a pane proposes."""
        self.run_worker(self._do(event.origin, event.do, event.fields), group="acts")

    async def on_command_chosen(self, event: m.CommandChosen) -> None:
        """Put a step's command at the prompt."""
        if "terminal" not in self._rooms.names:
            self.notify(not_for_you(self.exercise, "command"), markup=False)
            return
        await self.show_pane("terminal")
        self._rooms.terminal.suggest(event.line)

    async def on_runbook_chosen(self, event: m.RunbookChosen) -> None:
        """Open a runbook."""
        await self.show_pane("runbook")
        self._rooms.runbook.propose(event.runbook, event.place)

    async def on_dashboard_chosen(self, event: m.DashboardChosen) -> None:
        """Open a dashboard."""
        await self.show_pane("dashboards")
        self._rooms.dashboards.propose(event.dashboard)

    async def open_logs(self, stream: str) -> None:
        """Open a log stream."""
        await self.show_pane("logs")
        self._rooms.logs.propose(stream)

    @property
    def channel(self) -> str:
        """The channel that is open, or would be."""
        return self._rooms.comms.channel

    async def open_channel(self, channel: str) -> None:
        """Open a channel."""
        await self.show_pane("comms")
        self._rooms.comms.open_channel(channel)

    def on_step_confused(self, event: m.StepConfused) -> None:
        """Ask what is unclear about a step."""
        asking.confusion(self, event.step)

    def on_template_asked(self, event: m.TemplateAsked) -> None:
        """Fill in a template, chosen first if none is named."""
        asking.template(self, event.channel, event.template)

    def on_menu_asked(self) -> None:
        """Choose an action from a menu."""
        asking.menu(self)

    def action_menu(self) -> None:
        """Choose an action from a menu."""
        asking.menu(self)

    def action_pause(self) -> None:
        """Pause everything, or go on."""
        self.do("resume" if self.exercise.state.paused else "pause")

    def action_faster(self, step: int) -> None:
        """Change the speed by a step."""
        here = SPEEDS.index(self.exercise.state.speed)
        factor = SPEEDS[max(0, min(len(SPEEDS) - 1, here + step))]
        if factor != self.exercise.state.speed:
            self.do("speed", factor=factor)

    def action_severity(self) -> None:
        """Declare the severity."""
        asking.severity(self)

    def action_decisions(self) -> None:
        """Answer the decision that is open, or choose among several."""
        asking.decisions(self)

    @property
    def step_at_hand(self) -> str:
        """The step that is highlighted in the runbook, else the next one of the procedure."""
        chosen = self._rooms.highlighted_step
        return chosen or current_step(self.exercise)

    def action_hint(self) -> None:
        """Show the next hint for the next step."""
        self.run_worker(self._hint(), group="guidance", exclusive=True)

    def action_solution(self) -> None:
        """Show the solution, once asked for twice."""
        self.run_worker(self._solution(), group="guidance", exclusive=True)

    async def _step_to_do(self) -> str:
        acts = await asyncio.to_thread(self.drill.acts)
        return await asyncio.to_thread(step_to_do, acts, self.exercise)

    async def _solution(self) -> None:
        asking.solution(self, await self._step_to_do())

    async def _hint(self) -> None:
        step = await self._step_to_do()
        if not step:
            self.notify("Every step of the procedure is done or ticked.")
            return
        why = await self.propose("hint", {"step": step})
        if why:
            self.notify(why, severity="warning", markup=False)
        else:
            asking.hint(self, step)

    def action_confused(self) -> None:
        """Say that the step at hand confuses you."""
        if self.step_at_hand:
            self.post_message(m.StepConfused(self.step_at_hand))

    def action_end(self) -> None:
        """End the exercise, or stop and resume later."""
        asking.ending(self)

    def leave_for_later(self) -> None:
        """Stop here; the exercise keeps its place."""
        self.run_worker(self.app.action_quit(), group="leave")

    def action_approve(self) -> None:
        """Answer the oldest request that waits for this seat's word."""
        waiting = requests_for(self.exercise, self.drill.seat)
        if waiting:
            asking.approval(self, waiting[0])
        else:
            self.notify("Nobody needs your word.")

    def action_hand_over(self) -> None:
        """Hand this seat's role to somebody else."""
        asking.handing_over(self)

    def action_side(self) -> None:
        """Show or hide the side column."""
        self._side_wanted = not self._side_wanted
        if self.size.width < SIDE_FROM:
            self.notify(f"The side column needs {SIDE_FROM} columns.")
        self._place_side(self.size.width)

    def action_leave(self) -> None:
        """Leave what is being typed in; else go to the pane's first place."""
        pane = self._rooms.pane(self._rooms.current)
        if not pane.leave():
            if isinstance(self.focused, Input):
                self.set_focus(None)
            else:
                pane.focus_pane()

    def palette_commands(self) -> Iterable[SystemCommand]:
        """Offer every act."""
        from simulator.tui.screens.drill_palette import commands

        return commands(self)


def _set_memory_aside() -> None:
    gc.collect()
    gc.freeze()
