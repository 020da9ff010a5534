"""What a facilitator sees beyond the participants: the timeline, the truth, the evidence so far."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from simulator.content.prose import reflowed
from simulator.content.roles import kind_of
from simulator.content.scenario import Inject
from simulator.exercise import acts as a
from simulator.exercise.fold import Exercise
from simulator.session.conditions import condition_in_words
from simulator.session.guidance import next_step

if TYPE_CHECKING:
    from simulator.assessment import Assessment, Witness

_BY = re.compile(r'"by":"([^"\\]*)"')

InjectStatus = Literal["delivered", "not sent", "due", "waiting", "left out"]
"""Not sent: its time came, and what it asks was not so."""


@dataclass(frozen=True)
class TimelineRow:
    """An inject as the facilitator sees it. `at` is when it came or is due, None if that depends.

    `condition` is in words; `holds` says whether that is so now, None where there is none.
    `postponed` is in seconds.
    """

    inject: str
    status: InjectStatus
    at: int | None
    channel: str
    sender: str
    text: str
    contingent: bool = False
    condition: str = ""
    holds: bool | None = None
    expects: tuple[str, ...] = ()
    postponed: int = 0
    edited: bool = False
    written: bool = False


def timeline(exercise: Exercise) -> tuple[TimelineRow, ...]:
    """Return every inject in the order of time; those that wait for something come last."""
    rows = [_scripted(exercise, inject) for inject in exercise.scenario.timeline]
    rows += _written(exercise)
    far = exercise.length + 86_400
    return tuple(sorted(rows, key=lambda row: far if row.at is None else row.at))


def _written(exercise: Exercise) -> Iterable[TimelineRow]:
    state = exercise.state
    for one in state.written:
        came = state.delivered.get(one.id)
        status: InjectStatus = "not sent" if exercise.over else "due"
        status = "left out" if one.id in state.withheld else status
        yield TimelineRow(
            one.id,
            status if came is None else "delivered",
            one.due if came is None else came,
            one.channel,
            one.sender,
            one.text,
            postponed=state.shifts.get(one.id, 0),
            edited=one.id in state.edited,
            written=True,
        )


def _scripted(exercise: Exercise, inject: Inject) -> TimelineRow:
    state = exercise.state
    status, at = _place(exercise, inject)
    conditions = [one for one in (inject.when, inject.if_) if one is not None]
    words = [condition_in_words(exercise, one) for one in conditions]
    open_still = status in ("due", "waiting", "left out")
    scope = exercise.scope() if conditions and open_still else {}
    return TimelineRow(
        inject.id,
        status,
        at,
        inject.channel,
        inject.from_,
        _text(exercise, inject),
        inject.contingent,
        ", and ".join(words),
        all(one.evaluate(scope) for one in conditions) if scope else None,
        tuple(inject.expects),
        state.shifts.get(inject.id, 0),
        inject.id in state.edited,
    )


def _text(exercise: Exercise, inject: Inject) -> str:
    """Return what an inject has said, or would say now."""
    state = exercise.state
    if inject.id in state.delivered:
        said = (message.text for message in state.messages if message.inject == inject.id)
        return next(said, inject.text)
    edited = state.edited.get(inject.id)
    return reflowed(exercise.world.fill(state.world, inject.text)) if edited is None else edited


def _place(exercise: Exercise, inject: Inject) -> tuple[InjectStatus, int | None]:
    """Return what has become of an inject, and when it came or is due."""
    state = exercise.state
    if inject.id in state.delivered:
        return "delivered", state.delivered[inject.id]
    at = exercise.comes_at(inject)
    planned = next((due for due, kind, name in state.due if (kind, name) == ("inject", inject.id)),
                   None if at is None else at + inject.after)  # fmt: skip
    if inject.id in state.withheld:
        return "left out", planned
    if exercise.over or (planned is not None and planned <= state.now):
        return "not sent", planned
    return ("waiting" if planned is None else "due"), planned


def next_inject(exercise: Exercise) -> TimelineRow | None:
    """Return the inject that is due next, and will be sent as things are; None without one."""
    now = exercise.state.now
    return next(
        (row for row in timeline(exercise)
         if row.status == "due" and row.holds is not False
         and row.at is not None and now < row.at <= exercise.length),
        None,
    )  # fmt: skip


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


@dataclass(frozen=True)
class Recovery:
    """What must be so for production to have recovered, whether it is, and since when it has."""

    condition: str
    holds: bool
    since: int | None


def recovery(exercise: Exercise) -> Recovery:
    """Return how far production is from having recovered."""
    when = exercise.scenario.recovered.when
    return Recovery(
        condition_in_words(exercise, when),
        bool(when.evaluate(exercise.scope())),
        exercise.state.world.recovered_since,
    )


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
    return tuple(state.seats[seat] for seat in players(exercise) if seat not in state.ready)


def players(exercise: Exercise) -> tuple[str, ...]:
    """Return the seats of those who take part, in the order in which they joined."""
    state = exercise.state
    return tuple(
        seat
        for seat in state.seats
        if seat not in state.dismissed and kind_of(state.roles.get(seat, "")) == "participant"
    )


def newest(bodies: Sequence[str], most: int, seat: str = "") -> list[a.AnyAct]:
    """Return what people did last, the newest first; of one seat where it is named."""
    found: list[a.AnyAct] = []
    mine = f'"by":"{seat}"'
    for body in reversed(bodies):
        if len(found) == most:
            break
        if '"do":"clock"' in body or (seat and mine not in body):
            continue
        act = a.read_act(body)
        if not isinstance(act, a.Clock | a.Open):
            found.append(act)
    return found


def last_of_each(bodies: Sequence[str]) -> dict[str, a.AnyAct]:
    """Return the newest act of each seat."""
    found: dict[str, a.AnyAct] = {}
    for body in reversed(bodies):
        named = _BY.search(body)
        if named is not None and named[1] not in found:
            found[named[1]] = a.read_act(body)
    return found


@dataclass(frozen=True)
class Given:
    """The rating that somebody gave, by their seat."""

    seat: str
    rating: str
    reason: str


@dataclass(frozen=True)
class Judged:
    """An objective ("" is the whole exercise): the proposed rating, and those that people gave.

    `apart` is how many steps of P, S, M, U lie between the best and the worst that was given.
    """

    objective: str
    proposed: str
    reason: str
    given: tuple[Given, ...]
    apart: int


def judged(exercise: Exercise, assessment: Assessment) -> tuple[Judged, ...]:
    """Return the ratings, proposed and given: of the whole exercise first, then by objective."""
    marks = assessment.marks
    proposed = [("", marks.rating.name, marks.reason)]
    proposed += [
        (one.objective, one.rating.name if one.rating is not None else "not observed", one.reason)
        for one in assessment.objectives
    ]
    return tuple(_judged(exercise, *one) for one in proposed)


def _judged(exercise: Exercise, objective: str, rating: str, reason: str) -> Judged:
    last = {
        one.seat: Given(one.seat, one.rating, one.reason)
        for one in exercise.state.confirmed
        if one.objective == objective
    }
    ranks = ["PSMU".index(one.rating) for one in last.values() if one.rating in "PSMU"]
    apart = max(ranks) - min(ranks) if ranks else 0
    return Judged(objective, rating, reason, tuple(last.values()), apart)


class LiveEvidence:
    """The assessment of an exercise so far, from its records alone.

    It never goes beyond the last record, so that nothing has to be taken back. What it returns
    shares its exercise, which goes on with the next call: read that from the console's own.
    """

    def __init__(self) -> None:
        self._witness: Witness | None = None
        self.taken = 0

    def catch_up(self, bodies: Sequence[str]) -> Assessment:
        """Return the assessment of an exercise whose records have these bodies.

        It takes a while where many are new: call it in a thread.
        """
        from simulator.assessment import Witness, assessment_of

        if self._witness is None:
            opening = a.read_act(bodies[0])
            assert isinstance(opening, a.Open)
            self._witness = Witness(Exercise(opening))
        for body in bodies[self.taken :]:
            self._witness.take(a.read_act(body))
        self.taken = len(bodies)
        found = assessment_of(self._witness.evidence())
        _ = found.objectives  # computed now, while its exercise stands still
        return found


def step_at_hand(exercise: Exercise, assessment: Assessment) -> str:
    """Return the first step of the procedure that nothing shows to be done, or ""."""
    proved = {step for act in assessment.evidence.marked for step in act.proves}
    done = {*exercise.state.ticks, *exercise.state.skipped, *proved}
    return next_step(exercise.scenario.procedure, done)


@dataclass(frozen=True)
class Seen:
    """How much of what calls for the facilitator was told already."""

    flags: int
    hints: int
    revealed: int
    requests: int
    over: bool
    recovered: bool

    @classmethod
    def of(cls, exercise: Exercise) -> Seen:
        """Return all that there is by now."""
        state = exercise.state
        return cls(
            len(state.flags),
            len(state.hints),
            len(state.revealed),
            len(state.requests),
            exercise.over,
            state.world.recovered_since is not None,
        )


def raised(exercise: Exercise, seen: Seen) -> tuple[tuple[str, str], ...]:
    """Return (word, sentence) of what has come up since, for the facilitator to look at."""
    state, step_title = exercise.state, exercise.pack.step_title
    told = [
        ("CONFUSED",
         f"{state.seats.get(one.seat, one.seat)}: {step_title(one.step)} {one.note}".rstrip())
        for one in state.flags[seen.flags :]
    ]  # fmt: skip
    told += [
        ("HINT", f"Number {one.strength} for: {step_title(one.step)}")
        for one in state.hints[seen.hints :]
    ]
    told += [
        ("SOLUTION", f"Shown for: {step_title(step) if step else 'everything'}")
        for _, step in state.revealed[seen.revealed :]
    ]
    told += [
        ("ASKED", f"{state.seats.get(one.seat, one.seat)} needs a second person's word.")
        for one in state.requests[seen.requests :]
    ]
    if state.world.recovered_since is not None and not seen.recovered:
        told.append(("RECOVERED", "Production has recovered."))
    if exercise.over and not seen.over:
        told.append(("ENDED", "Play has ended. The hot wash begins."))
    return tuple(told)
