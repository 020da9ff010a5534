"""The application of somebody who plays alone: it owns the screens, and nothing else."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.session.faults import Told
from simulator.tui.base_app import BaseApp

if TYPE_CHECKING:
    from simulator.journal import Store
    from simulator.session.drill import Drill
    from simulator.session.replay import Moment, Replay

LEAST_WIDTH, LEAST_HEIGHT = 80, 24


class TabletopApp(BaseApp):
    """Tabletop in a terminal."""

    def __init__(
        self,
        content: Path,
        store: Store,
        scenario: str | None = None,
        exercise: str | None = None,
        seed: int = 1,
        replay: str | None = None,
    ) -> None:
        super().__init__()
        self.content = content
        self.store = store
        self.first_scenario, self.first_exercise, self.seed = scenario, exercise, seed
        self.first_replay = replay
        self.drill: Drill | None = None

    def on_mount(self) -> None:
        """Open the screen that was asked for, over the launcher."""
        if self.first_replay is not None:
            self.replay(self.first_replay)
        elif self.first_exercise is not None:
            self.go_on(self.first_exercise)
        elif self.first_scenario is not None:
            self.brief(self.first_scenario)
        else:
            self.launch()

    def launch(self) -> None:
        """Show the launcher."""
        from simulator.tui.screens.launcher import LauncherScreen

        self.switch_to(LauncherScreen(self.content, self.store))

    def brief(self, scenario: str) -> None:
        """Show a scenario's briefing."""
        from simulator.tui.screens.briefing import BriefingScreen

        self.switch_to(BriefingScreen(self.content, self.store, scenario, self.seed))

    def go_on(self, exercise: str) -> None:
        """Open a stored exercise: the drill where it was, or the result of a finished one."""
        from simulator.tui.screens.opening import OpeningScreen

        self.switch_to(OpeningScreen(self.store, exercise))

    def play(self, drill: Drill) -> None:
        """Show the drill."""
        from simulator.tui.screens.drill import DrillScreen

        self.drill = drill
        self.switch_to(DrillScreen(drill, self.wash))

    def wash(self, drill: Drill) -> None:
        """Show the hot wash of an exercise that has ended."""
        from simulator.tui.screens.hotwash import HotWashScreen

        self.switch_to(HotWashScreen(drill, partial(self._washed, drill)))

    async def _washed(self, drill: Drill, answers: dict[str, str], sure: int | None) -> None:
        import asyncio

        from simulator.session.playing import finish

        if drill.exercise.state.ended is None:
            await drill.take("end", reason="time")
        if answers or sure is not None:
            await drill.take("hotwash", answers=answers, confidence=sure)
        await asyncio.to_thread(finish, self.store, drill)
        self.result(drill.exercise_id)

    def result(self, exercise: str) -> None:
        """Show what an exercise is worth."""
        from simulator.tui.screens.result import ResultScreen

        if self.drill is not None:
            self.drill.close()
            self.drill = None
        self.switch_to(ResultScreen(self.store, exercise))

    def confusion(self) -> None:
        """Show which steps confuse, over all exercises."""
        from simulator.tui.screens.confusion import ConfusionScreen

        self.switch_to(ConfusionScreen(self.content, self.store))

    def plan(self) -> None:
        """Show the improvement plan and what is due."""
        from simulator.tui.screens.plan import PlanScreen

        self.switch_to(PlanScreen(self.content, self.store))

    def revise(self, runbook: str = "") -> None:
        """Show what exercises say of a runbook, or which runbooks there are."""
        from simulator.tui.screens.revise import ReviseScreen

        self.switch_to(ReviseScreen(self.content, self.store, runbook))

    def replay(self, exercise: str) -> None:
        """Show a stored exercise on a line of time."""
        from simulator.tui.screens.replay_opening import ReplayOpeningScreen

        show = partial(self._replay, exercise)
        self.switch_to(ReplayOpeningScreen(self.store, exercise, show))

    def _replay(self, exercise: str, exercise_id: str, replay: Replay) -> None:
        from simulator.tui.screens.replay import ReplayScreen

        leave = partial(self.result, exercise) if replay.finished else self.launch
        practise = partial(self._practise, exercise_id, replay)
        self.switch_to(ReplayScreen(replay, leave, practise))

    def _practise(self, exercise_id: str, replay: Replay, moment: Moment) -> None:
        from simulator.session.faults import told
        from simulator.session.forking import fork
        from simulator.tui.screens.briefing import player_name

        def begin() -> None:
            try:
                drill = fork(self.store, exercise_id, replay, moment, player_name())
            except Exception as error:
                message = told(error)
                if message is None:
                    raise
                self.call_from_thread(self.notify, message, severity="error", markup=False)
                return
            self.call_from_thread(self.play, drill)

        self.run_worker(begin, thread=True, group="practise", exclusive=True)

    def action_confusion(self) -> None:
        """Show which steps confuse."""
        self.confusion()

    def action_plan(self) -> None:
        """Show the improvement plan."""
        self.plan()

    def action_revise(self) -> None:
        """Show what exercises say of the runbooks."""
        self.revise()

    async def action_quit(self) -> None:
        """Leave. An exercise that is open keeps its place."""
        if self.drill is not None:
            self.drill.close()
            self.drill = None
        self.exit()


def run_app(
    content: Path,
    store: Store,
    scenario: str | None = None,
    exercise: str | None = None,
    seed: int = 1,
    replay: str | None = None,
) -> None:
    """Open the application; return when it is left. Raises Told where there is no terminal."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Told(
            "This needs a terminal. Run it where you can type, or see `tabletop run --help`."
        )
    TabletopApp(content, store, scenario, exercise, seed, replay).run()
