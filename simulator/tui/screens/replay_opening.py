"""A moment's wait before a replay: while an exercise is read, or while one is continued."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual import work

from simulator.journal import Store
from simulator.session.faults import told
from simulator.session.replay import Replay, read_replay
from simulator.tui.screens.here import is_here
from simulator.tui.screens.opening import OpeningScreen


class ReplayOpeningScreen(OpeningScreen):
    """Reads a stored exercise; says what is wrong when it cannot be."""

    HELP = "The exercise is being read, to be looked at from its beginning."

    def __init__(self, store: Store, exercise: str, show: Callable[[str, Replay], Any]) -> None:
        """`show` is told the exercise's id and its replay."""
        super().__init__(store, exercise)
        self._show = show

    @work(thread=True, group="opening")
    def _open(self) -> None:
        try:
            exercise_id, replay = read_replay(self._store, self._exercise)
        except Exception as error:
            message = told(error)
            if message is None:
                raise
            self.app.call_from_thread(self._refuse, message)
            return
        self.app.call_from_thread(self._ready, exercise_id, replay)

    def _ready(self, exercise_id: str, replay: Replay) -> None:
        if is_here(self):
            self._show(exercise_id, replay)
