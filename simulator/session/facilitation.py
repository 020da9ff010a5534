"""What a facilitator sees beyond the participants: the timeline, the truth, the evidence so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.content.roles import kind_of
from simulator.content.scenario import Inject
from simulator.exercise import acts as a
from simulator.exercise.fold import Exercise

if TYPE_CHECKING:
    from simulator.assessment import Assessment, Witness

BEFORE_THAT = -1
"""When something comes whose time is not known, for sorting."""


@dataclass(frozen=True)
class TimelineRow:
    """An inject as the facilitator sees it. `at` is when it came or is due, None if that depends.

    `status` is one of: delivered, due, waiting, left out, passed.
    """

    inject: str
    status: str
    at: int | None
    contingent: bool
    condition: str
    channel: str
    sender: str
    text: str
    expects: tuple[str, ...] = ()
    postponed: int = 0
    edited: bool = False
    written: bool = False


def timeline(exercise: Exercise) -> tuple[TimelineRow, ...]:
    """Return every inject: what was delivered first, then what is due, then what waits."""
    rows = [_row(exercise, inject) for inject in exercise.scenario.timeline]
    state = exercise.state
    for one in state.written:
        came = state.delivered.get(one.id)
        status = "delivered" if came is not None else "due"
        status = "left out" if came is None and one.id in state.withheld else status
        rows.append(
            TimelineRow(
                one.id, status, one.due if came is None else came, False, "", one.channel,
                one.sender, one.text, written=True,
            )
        )  # fmt: skip
    order = {"delivered": 0, "passed": 1, "due": 2, "waiting": 3, "left out": 4}
    far = exercise.length + 1
    return tuple(
        sorted(rows, key=lambda r: (order[r.status], far if r.at is None else r.at, r.inject))
    )


def _row(exercise: Exercise, inject: Inject) -> TimelineRow:
    state = exercise.state
    came = state.delivered.get(inject.id)
    planned = next((at for at, _, name in state.due if name == inject.id), None)
    at = exercise.comes_at(inject)
    if came is not None:
        status, at = "delivered", came
    elif inject.id in state.withheld:
        status = "left out"
    elif planned is not None:
        status, at = "due", planned
    elif at is None:
        status = "waiting"
    else:
        status = "due" if at > state.now else "passed"
    text = state.edited.get(inject.id, inject.text)
    if came is not None:
        text = next((said.text for said in state.messages if said.inject == inject.id), text)
    conditions = [one.source for one in (inject.when, inject.if_) if one is not None]
    return TimelineRow(
        inject.id,
        status,
        at,
        inject.contingent,
        " and ".join(conditions),
        inject.channel,
        inject.from_,
        text,
        tuple(inject.expects),
        state.shifts.get(inject.id, 0),
        inject.id in state.edited,
    )


def next_inject(exercise: Exercise) -> int | None:
    """Return when the next inject is due whose time is known, None if there is none."""
    times = [r.at for r in timeline(exercise) if r.status == "due" and r.at is not None]
    later = [at for at in times if at > exercise.state.now]
    return min(later, default=None)


@dataclass(frozen=True)
class Truth:
    """A hidden cause: since when it is in force, and until when; None while it is not."""

    cause: str
    title: str
    explanation: str
    since: int | None
    until: int | None
    aside: bool


def truths(exercise: Exercise) -> tuple[Truth, ...]:
    """Return the hidden causes."""
    state = exercise.state.world
    found = []
    for cause in exercise.scenario.causes:
        periods = state.periods.get(cause.id, ())
        since, until = periods[-1] if periods else (None, None)
        if until is None and cause.id in state.causes_over:
            until = state.t
        found.append(Truth(cause.id, cause.title, cause.explanation, since, until, cause.aside))
    return tuple(found)


def changed(exercise: Exercise) -> tuple[tuple[str, str, str], ...]:
    """Return (variable, what it is, what it was at T+0) of the state that has changed."""
    state = exercise.state.world
    return tuple(
        (name, str(value), str(state.value_at(name, 0)))
        for name, value in sorted(state.variables.items())
        if name in state.history and value != state.value_at(name, 0)
    )


def not_ready(exercise: Exercise) -> tuple[str, ...]:
    """Return the names of the participants who have not said that they are ready."""
    state = exercise.state
    return tuple(
        name
        for seat, name in state.seats.items()
        if seat not in state.ready
        and seat not in state.dismissed
        and kind_of(state.roles.get(seat, "")) == "participant"
    )


class LiveEvidence:
    """The assessment of an exercise so far, from its records alone, a few acts at a time.

    It never goes beyond the last record, so that nothing has to be taken back.
    """

    def __init__(self) -> None:
        self._witness: Witness | None = None
        self._taken = 0

    @property
    def taken(self) -> int:
        """How many records it has taken."""
        return self._taken

    def catch_up(self, bodies: Sequence[str]) -> Assessment:
        """Return the assessment of an exercise whose records have these bodies. Takes a while."""
        from simulator.assessment import Witness, assessment_of

        if self._witness is None:
            opening = a.read_act(bodies[0])
            assert isinstance(opening, a.Open)
            self._witness = Witness(Exercise(opening))
        for body in bodies[self._taken :]:
            self._witness.take(a.read_act(body))
        self._taken = len(bodies)
        return assessment_of(self._witness.evidence())


def step_at_hand(assessment: Assessment) -> str:
    """Return the first step of the procedure that nothing shows to be done, or ""."""
    from simulator.session.guidance import next_step

    exercise = assessment.exercise
    proved = {step for act in assessment.evidence.marked for step in act.proves}
    done = {*exercise.state.ticks, *exercise.state.skipped, *proved}
    return next_step(exercise.scenario.procedure, done)
