"""Where a replay stands or is going, how fast it goes on, and the landmarks along its way."""

from __future__ import annotations

from collections.abc import Mapping

from simulator.exercise.acts import Join
from simulator.session.landmarks import Kind, Landmark, deeds
from simulator.session.replay import Moment, Replay
from simulator.tui.panes.scrubber import Track
from simulator.tui.panes.wording import line, name_of

SPEEDS = (1, 2, 5, 10, 20, 30, 60)
"""Seconds of the exercise in a second."""

CALLED: Mapping[Kind, str] = {
    "act": "act",
    "inject": "inject",
    "alert": "alert",
    "confusion": "confusion point",
}


class Head:
    """The reading head over a replay. `moment` is where it is to be; the screen follows."""

    def __init__(self, replay: Replay) -> None:
        self.replay = replay
        self.landmarks = deeds(replay)
        """At first the acts alone; the rest is known once everything was folded."""
        self.moment = replay.moment
        self.playing = False
        self.speed = 10
        self.kind: Kind = "confusion"
        """The kind of landmark that was asked for last."""
        self._landmark: Landmark | None = None
        self._owed = 0.0

    def pass_time(self, wall: float) -> bool:
        """Let wall seconds pass; return whether it is to be somewhere else now."""
        if not self.playing:
            return False
        self._owed += wall * self.speed
        whole = int(self._owed)
        self._owed -= whole
        if whole:
            self.go(self.replay.moment_at(self.moment.at + whole))
        if self.moment >= self.replay.end:
            self.playing = False
        return whole > 0

    def play_or_pause(self) -> None:
        """Play, from the beginning if it is at its end, or stand still."""
        self.playing = not self.playing
        self._owed = 0.0
        if self.playing and self.moment >= self.replay.end:
            self.go(self.replay.moment_at(0))

    def faster(self, step: int) -> None:
        """Change the speed by a step."""
        here = SPEEDS.index(self.speed) + step
        self.speed = SPEEDS[max(0, min(len(SPEEDS) - 1, here))]

    def go(self, moment: Moment, landmark: Landmark | None = None) -> None:
        """Go to a moment, perhaps because of what happened then."""
        self.moment, self._landmark = moment, landmark

    def along(self, kind: Kind, step: int) -> bool:
        """Go on, or back, to the next landmark of a kind; return whether there is one."""
        if kind != "act":
            self.kind = kind
        look = self.landmarks.after if step > 0 else self.landmarks.before
        found = look(self.moment, kind)
        if found is not None:
            self.go(found.moment, found)
        return found is not None

    def what(self) -> str:
        """Return in words what was gone to, else the last act up to the moment that is shown."""
        now, here = self.replay.moment, self._landmark
        if here is not None and here.kind != "act" and here.moment == now:
            together = [one for one in self.landmarks.of(here.kind) if one.moment == now]
            if len(together) > 1:
                named = "; ".join(self._step(one) or one.what for one in together)
                return f"{len(together)} {CALLED[here.kind]}s: {named}"
            return f"{CALLED[here.kind].capitalize()}: {self._said(here)}"
        last = self.landmarks.before(Moment(now.at, now.taken + 1), "act")
        if last is None:
            return "Nobody has done anything yet"
        if isinstance(self.replay.acts[last.number - 1], Join):
            return last.what  # it names who joined
        return f"{name_of(self.replay.exercise, last.about)} {last.what}"

    def _said(self, one: Landmark) -> str:
        step = self._step(one)
        return f"{step}: {one.what}" if step else one.what

    def _step(self, one: Landmark) -> str:
        """Return the title of the step that confused, "" of what is no confusion point."""
        step = self.replay.exercise.pack.step(one.about) if one.kind == "confusion" else None
        return line(step.text.rstrip(".")) if step else ""

    def track(self) -> Track:
        """Return what the line of time shows."""
        times = {kind: tuple(one.moment.at for one in self.landmarks.of(kind)) for kind in CALLED}
        return Track(
            self.replay.end.at, times["act"], times["inject"], times["alert"], times["confusion"]
        )
