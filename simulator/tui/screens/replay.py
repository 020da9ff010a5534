"""The replay: the drill screen on a line of time, forwards and back."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import PurePath
from typing import ClassVar

from textual import events, work
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Input

from simulator.assessment import Assessment
from simulator.exercise.fold import Exercise
from simulator.session.landmarks import Kind, Landmark, landmarks
from simulator.session.replay import Moment, Replay
from simulator.tui import messages as m
from simulator.tui.panes.looked_at_rooms import RoomsLookedAt, status_at
from simulator.tui.panes.marks_so_far import MarksSoFar, in_a_line
from simulator.tui.panes.pane import Pane
from simulator.tui.panes.rooms import NAMES
from simulator.tui.panes.scrubber import Place, Scrubber
from simulator.tui.panes.side_column import SideColumn
from simulator.tui.panes.status_bar import Status, StatusBar
from simulator.tui.panes.tab_row import TabRow
from simulator.tui.panes.wording import minutes
from simulator.tui.screens.replay_head import CALLED, Head
from simulator.tui.widgets.key_row import KeyRow
from simulator.tui.widgets.too_small import BREAKPOINTS_ACROSS, BREAKPOINTS_DOWN, TooSmall

TICK = 0.25
LONGEST_TICK = 2.0
MARKS_EVERY = 0.5
"""Wall seconds between two sets of marks while it plays; when it stands they are immediate."""

SIDE_FROM = 110
STEP = 10
LOOKING = frozenset({"view", "logs", "read", "search"})


class ReplayScreen(Screen[None]):
    """An exercise that can only be looked at, at any of its moments."""

    AUTO_FOCUS = None
    CSS_PATH: ClassVar[list[str | PurePath]] = ["drill.tcss", "replay.tcss"]
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS_ACROSS
    VERTICAL_BREAKPOINTS = BREAKPOINTS_DOWN
    HELP = (
        "Everything as it stood at one moment of the exercise, and what it would be worth had it "
        "ended there.\n"
        "On the line of time: ? a confusion point, ! an alert, i an inject, ┼ an act.\n"
        "Nothing can be done here; f lets you practise from this moment."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(n), f"pane('{name}')", title, show=False, tooltip=f"Show {title}")
          for n, (name, title) in enumerate(NAMES.items(), 1)),
        Binding("space", "play", "Play", tooltip="Play, or stand still", priority=True),
        Binding("left", f"go(-{STEP})", "Back", show=False, priority=True,
                tooltip=f"Go back by {STEP} seconds"),
        Binding("right", f"go({STEP})", "On", show=False, priority=True,
                tooltip=f"Go on by {STEP} seconds"),
        Binding("left_square_bracket", "before('act')", "Act", show=False, key_display="[",
                priority=True, tooltip="Go back to the act before"),
        Binding("right_square_bracket", "after('act')", "Act", show=False, key_display="]",
                priority=True, tooltip="Go on to the next act"),
        Binding("i", "after('inject')", "Inject", tooltip="Go to the next inject", priority=True),
        Binding("a", "after('alert')", "Alert", tooltip="Go to the next alert", priority=True),
        Binding("c", "after('confusion')", "Confusion", priority=True,
                tooltip="Go to the next confusion point"),
        Binding("comma,left_curly_bracket", "before_same", "Before", show=False, key_display=",",
                priority=True, tooltip="Go back to the one before of that kind"),
        Binding("full_stop,right_curly_bracket", "after_same", "Next", show=False,
                key_display=".", priority=True, tooltip="Go on to the next one of that kind"),
        Binding("home", "first", "Beginning", show=False, priority=True, tooltip="Go to T+0"),
        Binding("end", "last", "End", show=False, priority=True, tooltip="Go to the end"),
        Binding("plus,equals_sign", "faster(1)", "Faster", show=False, key_display="+"),
        Binding("minus", "faster(-1)", "Slower", show=False, key_display="-"),
        Binding("f", "practise", "Practise", tooltip="Practise from this moment"),
        Binding("b", "side", "Marks", show=False, tooltip="Show or hide the marks at the side"),
        Binding("escape", "leave", "Back", key_display="esc", tooltip="Leave the replay"),
    ]  # fmt: skip

    def __init__(
        self,
        replay: Replay,
        on_leave: Callable[[], None],
        on_practise: Callable[[Moment], None],
        wall: Callable[[], float] = time.monotonic,
    ) -> None:
        """Show a replay; `on_practise` is told from which moment somebody wants to go on."""
        super().__init__()
        self.replay = replay
        self._go_away, self._go_on_from = on_leave, on_practise
        self._wall = wall
        self._last = wall()
        self.head = Head(replay)
        self._seeking = self._marking = False
        self._marks: tuple[Moment, Assessment] | None = None
        self._known = 0.0
        self._rooms = RoomsLookedAt(replay.exercise)
        self._side_wanted = True
        self._moving = asyncio.Lock()

    @property
    def exercise(self) -> Exercise:
        """The exercise as it stands at the moment that is shown."""
        return self.replay.exercise

    def compose(self) -> ComposeResult:
        yield StatusBar(self._status())
        yield TabRow(self._rooms.tabs(), self._rooms.current)
        with Horizontal(id="stage"):
            with Container(id="panes"):
                yield self._rooms.pane(self._rooms.current)
            with Vertical(id="replay-side"):
                yield MarksSoFar()
                yield SideColumn()
        yield Scrubber(self.head.track(), self._place())
        yield KeyRow()
        yield TooSmall()

    def on_mount(self) -> None:
        """Show the beginning, and read the rest behind it."""
        self._last = self._wall()
        pane = self._rooms.pane(self._rooms.current)
        pane.call_later(pane.take_keys)
        self.set_interval(TICK, self._tick)
        self._explore()
        self._refresh()

    @work(group="explore")
    async def _explore(self) -> None:
        """Fold the exercise once, a little at a time, so that every moment is near."""
        while (known := await asyncio.to_thread(self.replay.explore)) < 1:
            self._known = known
            self._show_place()
        self.head.landmarks = await asyncio.to_thread(landmarks, self.replay)
        self._known = 1.0
        gc.freeze()  # what was folded stays: the collector need not look through it
        self._show_place()

    def on_unmount(self) -> None:
        """Let go of what was folded."""
        gc.unfreeze()

    # Where it stands

    def go_to(self, moment: Moment, landmark: Landmark | None = None) -> None:
        """Show a moment, perhaps because of what happened then."""
        self.head.go(moment, landmark)
        self._follow()

    def _follow(self) -> None:
        """Show the moment that is wanted as soon as it is folded; of several, the last one."""
        self._show_place()
        self.query_one(StatusBar).show(self._status())
        if not self._seeking and self.head.moment != self.replay.moment:
            self._seeking = True
            self.run_worker(self._seek(), group="seek")

    async def _seek(self) -> None:
        try:
            while self.head.moment != self.replay.moment and self.is_attached:
                moment = self.head.moment
                state = await asyncio.to_thread(self.replay.state_at, moment)
                self.replay.show(moment, state)
                self._refresh()
        finally:
            self._seeking = False

    def _tick(self) -> None:
        """Let the wall time since the last tick pass in the replay, at its speed."""
        now = self._wall()
        passed, self._last = min(LONGEST_TICK, now - self._last), now
        if self.head.pass_time(passed):
            self._follow()

    def _refresh(self) -> None:
        """Show the moment, where it is seen."""
        if not self.is_attached or not self.query(StatusBar):
            return
        self.query_one(StatusBar).show(self._status())
        self.query_one(TabRow).show(self._rooms.tabs(), self._rooms.current)
        pane = self._rooms.pane(self._rooms.current)
        if pane.is_mounted:
            pane.show(self.exercise)
        self.query_one(SideColumn).show(self.exercise, *self._rooms.open_steps)
        self._show_place()
        if not self._marking:
            self._marking = True
            self.run_worker(self._mark(), group="marks")

    async def _mark(self) -> None:
        """Bring the marks up to the moment that is shown."""
        try:
            while self.is_attached and (
                self._marks is None or self._marks[0] != self.replay.moment
            ):
                moment = self.replay.moment
                self._marks = moment, await asyncio.to_thread(self.replay.assessment_at, moment)
                self._show_place()
                if self.head.playing:
                    await asyncio.sleep(MARKS_EVERY)
        finally:
            self._marking = False

    def _show_place(self) -> None:
        if self.is_attached and self.query(Scrubber):
            self.query_one(Scrubber).show(self.head.track(), self._place())
            at, marks = self._marks or (self.replay.moment, None)
            self.query_one(MarksSoFar).show(marks, at.at)

    def _status(self) -> Status:
        return status_at(self.exercise, self.head.playing, self.head.speed)

    def _place(self) -> Place:
        head, now = self.head, self.replay.moment
        at, marks = self._marks or (now, None)
        worth = in_a_line(marks, "" if at == now else minutes(at.at))
        return Place(now.at, head.playing, head.speed, head.what(), worth, self._known)

    # What is pressed

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While somebody types, keys are text."""
        return action in ("leave", "pane") or not isinstance(self.focused, Input)

    def action_play(self) -> None:
        """Play, from the beginning if it is at its end, or stand still."""
        self.head.play_or_pause()
        self._follow()

    def set_speed(self, speed: int) -> None:
        """Play at a speed, in seconds of the exercise per second."""
        self.head.speed = speed
        self._follow()

    def action_faster(self, step: int) -> None:
        """Change the speed by a step."""
        self.head.faster(step)
        self._follow()

    def action_go(self, seconds: int) -> None:
        """Go on or back by some seconds."""
        self.go_to(self.replay.moment_at(self.head.moment.at + seconds))

    def action_first(self) -> None:
        """Go to the beginning."""
        self.go_to(self.replay.moment_at(0))

    def action_last(self) -> None:
        """Go to the end."""
        self.go_to(self.replay.end)

    def action_after(self, kind: Kind) -> None:
        """Go on to the next landmark of a kind."""
        self._go_along(kind, 1)

    def action_before(self, kind: Kind) -> None:
        """Go back to the landmark of a kind that came before."""
        self._go_along(kind, -1)

    def action_after_same(self) -> None:
        """Go on to the next landmark of the kind that was asked for last."""
        self._go_along(self.head.kind, 1)

    def action_before_same(self) -> None:
        """Go back to the landmark before, of the kind that was asked for last."""
        self._go_along(self.head.kind, -1)

    def _go_along(self, kind: Kind, step: int) -> None:
        if self.head.along(kind, step):
            self._follow()
        elif self._known < 1 and kind != "act":
            self.notify("The exercise is still being read.")
        else:
            self.notify(f"There is no {'later' if step > 0 else 'earlier'} {CALLED[kind]}.")

    def action_practise(self) -> None:
        """Ask whether to practise from the moment that is shown."""
        from simulator.tui.dialogs.practise import PractiseDialog

        self.head.playing = False
        self._follow()
        if self.exercise.over:
            self.notify("Play has ended here. Go back to a moment before its end.")
            return
        moment = self.head.moment
        said = f"T+{minutes(moment.at)}"
        self.app.push_screen(PractiseDialog(said, partial(self._go_on_from, moment)))

    def action_leave(self) -> None:
        """Leave what is being typed in, else the replay."""
        if isinstance(self.focused, Input):
            self._rooms.pane(self._rooms.current).leave()
            if isinstance(self.focused, Input):
                self.set_focus(None)
        else:
            self._go_away()

    # What is seen

    def on_resize(self, event: events.Resize) -> None:
        """Show the marks at the side where there is room, and all of it to the new width."""
        self._place_side(event.size.width)
        self.call_after_refresh(self._refresh)

    def _place_side(self, width: int) -> None:
        side = self.query_one("#replay-side")
        wanted = self._side_wanted and width >= SIDE_FROM
        if wanted != side.display:
            side.display = wanted
            self.call_after_refresh(self._refresh)

    def action_side(self) -> None:
        """Show or hide the marks at the side."""
        self._side_wanted = not self._side_wanted
        if self.size.width < SIDE_FROM:
            self.notify(f"The marks at the side need {SIDE_FROM} columns.")
        self._place_side(self.size.width)

    async def show_pane(self, name: str) -> Pane:
        """Show a pane, built now if it never was, and return it."""
        async with self._moving:
            old, new = self._rooms.pane(self._rooms.current), self._rooms.pane(name)
            self._rooms.current = name
            if new is not old:
                old.display = False
                new.display = True
            if not new.is_attached:
                await self.query_one("#panes").mount(new)
            new.focus_pane()
            self._refresh()
            return new

    async def action_pane(self, name: str) -> None:
        """Show a pane."""
        await self.show_pane(name)

    async def on_pane_chosen(self, event: m.PaneChosen) -> None:
        """Show a pane."""
        await self.show_pane(event.pane)

    def on_scrubber_sought(self, event: Scrubber.Sought) -> None:
        """Go to the second that was pointed at."""
        self.go_to(self.replay.moment_at(event.at))

    def on_act_proposed(self, event: m.ActProposed) -> None:
        """Let what is only a look be done; it leaves no trace."""
        if event.do in LOOKING:
            event.origin.post_message(m.ActTaken(event.do, event.fields))
            event.origin.call_later(self._refresh)
        else:
            why = "Nothing can be done in a replay. f practises from here."
            self.notify(why)
            event.origin.post_message(m.ActRefused(event.do, event.fields, why))

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

    async def open_channel(self, channel: str) -> None:
        """Open a channel."""
        await self.show_pane("comms")
        self._rooms.comms.open_channel(channel)

    async def show_person(self, seat: str) -> None:
        """Show one person's terminal; "" shows everybody's."""
        await self.show_pane("terminal")
        self._rooms.record.show_person(seat)

    def set_range(self, label: str) -> None:
        """Let the dashboards show this much time."""
        self._rooms.dashboards.set_range(label)

    def palette_commands(self) -> Iterable[SystemCommand]:
        """Offer everything by name."""
        from simulator.tui.screens.replay_palette import commands

        return commands(self)
