"""What somebody who replays an exercise goes to: acts, injects, alerts and confusion points."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from simulator.assessment import Assessment
from simulator.assessment.confusion import StepConfusion
from simulator.assessment.judgement import Signal
from simulator.exercise import acts as a
from simulator.exercise.wording import in_words
from simulator.session.replay import Moment, Replay

Kind = Literal["act", "inject", "alert", "confusion"]


@dataclass(frozen=True)
class Landmark:
    """A moment to go to. `about` names the inject, the alert or the step; `number` the act."""

    kind: Kind
    moment: Moment
    what: str
    about: str = ""
    number: int = 0


class Landmarks:
    """The landmarks of one exercise, in order."""

    def __init__(self, found: Iterable[Landmark]) -> None:
        self.all = tuple(sorted(found, key=lambda one: (one.moment, one.kind, one.about)))
        self._of: dict[Kind, list[Landmark]] = {}
        for one in self.all:
            self._of.setdefault(one.kind, []).append(one)

    def of(self, kind: Kind) -> tuple[Landmark, ...]:
        """Return those of one kind, in order."""
        return tuple(self._of.get(kind, ()))

    def after(self, moment: Moment, kind: Kind) -> Landmark | None:
        """Return the first landmark of a kind that comes after a moment, if there is one."""
        of_kind = self._of.get(kind, [])
        place = bisect_right(of_kind, moment, key=lambda one: one.moment)
        return of_kind[place] if place < len(of_kind) else None

    def before(self, moment: Moment, kind: Kind) -> Landmark | None:
        """Return the last landmark of a kind that comes before a moment, if there is one."""
        of_kind = self._of.get(kind, [])
        place = bisect_left(of_kind, moment, key=lambda one: one.moment)
        return of_kind[place - 1] if place else None


def deeds(replay: Replay) -> Landmarks:
    """Return the acts of people, and the end. They are known without folding anything."""
    return Landmarks(_deeds(replay))


def landmarks(replay: Replay) -> Landmarks:
    """Return every landmark of an exercise. It folds all that was not folded yet."""
    whole = replay.assessment_at(replay.end)
    return Landmarks((*_deeds(replay), *_in_the_world(replay), *_confusion(replay, whole)))


def is_deed(act: a.AnyAct) -> bool:
    """Return whether an act is somebody's, and not the program's book-keeping."""
    return not isinstance(act, a.Open | a.Clock)


def _deeds(replay: Replay) -> Iterator[Landmark]:
    for number, act in enumerate(replay.acts, 1):
        if is_deed(act):
            moment = replay.moment_of(number)
            yield Landmark("act", moment, in_words(act, replay.exercise), act.by, number)


def _in_the_world(replay: Replay) -> Iterator[Landmark]:
    state = replay.state_at(replay.end)
    texts = {one.id: one.text for one in replay.exercise.scenario.timeline}
    texts |= {one.id: one.text for one in state.written}
    texts |= state.edited
    for name, at in state.delivered.items():
        said = " ".join(texts.get(name, "").split())
        yield Landmark("inject", replay.moment_at(at), said, name)
    titles = {rule.id: rule.title for rule in replay.exercise.system.alerts}
    for name, alert in state.world.alerts.items():
        for since, _ in alert.fired:
            if since >= 0:
                yield Landmark("alert", replay.moment_at(since), titles.get(name, name), name)


def _confusion(replay: Replay, assessment: Assessment) -> Iterator[Landmark]:
    for one in assessment.confusion.confusion_points:
        said = "; ".join(sign.sentence for sign in one.signs)
        yield Landmark("confusion", _began(replay, one), said, one.step)


def _began(replay: Replay, confused: StepConfusion) -> Moment:
    """Return when a confusion point shows: at its flag, else where the step's time begins."""
    flags = [n for sign in confused.signs if sign.signal is Signal.FLAGGED for n in sign.acts]
    if flags:
        return replay.moment_of(min(flags))
    if confused.since is not None:
        return replay.moment_at(confused.since)
    return replay.moment_of(min(n for sign in confused.signs for n in sign.acts))
