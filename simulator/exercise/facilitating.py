"""What the acts of a team and of its facilitator do to an exercise's state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from simulator.exercise import acts as a
from simulator.exercise.state import Message, Observed, Request, Written

if TYPE_CHECKING:
    from simulator.exercise.fold import Exercise


def _ready(exercise: Exercise, act: a.Ready) -> None:
    if act.ready:
        exercise.state.ready.add(act.by)
    else:
        exercise.state.ready.discard(act.by)


def _hand_over(exercise: Exercise, act: a.HandOver) -> None:
    roles = exercise.state.roles
    if act.to in exercise.state.seats:
        roles[act.giver], roles[act.to] = roles[act.to], roles[act.giver]
    else:
        roles[act.giver] = act.to


def _start(exercise: Exercise, act: a.Start) -> None:
    exercise.state.started = True
    exercise.state.paused = False


def _jump(exercise: Exercise, act: a.Jump) -> None:
    exercise.advance(act.to)


def _ask(exercise: Exercise, act: a.Ask) -> None:
    requests = exercise.state.requests
    requests.append(Request(len(requests) + 1, act.at, act.by, act.wants, tuple(act.of)))


def _approve(exercise: Exercise, act: a.Approve) -> None:
    request = exercise.state.request(act.request)
    if request is not None:
        exercise.state.requests[request.number - 1] = replace(
            request, granted=act.granted, answered_by=act.by, reason=act.reason
        )


def _fire(exercise: Exercise, act: a.Fire) -> None:
    state = exercise.state
    state.due = [due for due in state.due if due[2] != act.inject]
    inject = next((one for one in exercise.scenario.timeline if one.id == act.inject), None)
    if inject is not None:
        exercise.send(inject)
    for one in state.written:
        if one.id == act.inject:
            exercise.send_written(one)


def _postpone(exercise: Exercise, act: a.Postpone) -> None:
    state = exercise.state
    injects = {one.id: one for one in exercise.scenario.timeline}
    chosen = injects.get(act.inject)
    moved = {act.inject}
    if act.following:
        written = {one.id: one.due for one in state.written}
        first = exercise.comes_at(chosen) if chosen else written.get(act.inject)
        if first is not None:
            moved |= {one.id for one in injects.values() if (exercise.comes_at(one) or -1) >= first}
            moved |= {name for name, due in written.items() if due >= first}
    moved -= state.delivered.keys()
    for name in sorted(moved & injects.keys()):
        state.shifts[name] = state.shifts.get(name, 0) + act.seconds
    state.due = [
        (at + act.seconds if name in moved else at, kind, name) for at, kind, name in state.due
    ]
    state.written = [
        replace(one, due=one.due + act.seconds) if one.id in moved else one for one in state.written
    ]


def _withhold(exercise: Exercise, act: a.Withhold) -> None:
    if act.withheld:
        exercise.state.withheld[act.inject] = act.at
    else:
        exercise.state.withheld.pop(act.inject, None)


def _edit(exercise: Exercise, act: a.Edit) -> None:
    state = exercise.state
    state.edited[act.inject] = act.text
    state.written = [
        replace(one, text=act.text) if one.id == act.inject else one for one in state.written
    ]


def _write(exercise: Exercise, act: a.Write) -> None:
    state = exercise.state
    one = Written(
        f"written-{len(state.written) + 1}", state.now + act.after, act.channel, act.sender,
        act.text,
    )  # fmt: skip
    state.written.append(one)
    if not act.after:
        exercise.send_written(one)


def _speak(exercise: Exercise, act: a.Speak) -> None:
    exercise.say(Message(act.at, act.channel, act.person, act.text, False))


def _note(exercise: Exercise, act: a.Note) -> None:
    exercise.state.notes.append(Observed(act.at, act.by, act.kind, act.about, act.text))


def _share(exercise: Exercise, act: a.Share) -> None:
    if act.shown:
        exercise.state.shared.add(act.what)
    else:
        exercise.state.shared.discard(act.what)


def _revoke(exercise: Exercise, act: a.Revoke) -> None:
    revoked = exercise.state.revoked
    revoked[act.code] = revoked.get(act.code, 0) + 1


def _dismiss(exercise: Exercise, act: a.Dismiss) -> None:
    exercise.state.dismissed.add(act.seat)
    exercise.state.ready.discard(act.seat)


TEAM: Mapping[type[a.Act], Callable[[Exercise, Any], None]] = {
    a.Ready: _ready,
    a.HandOver: _hand_over,
    a.Start: _start,
    a.Jump: _jump,
    a.Ask: _ask,
    a.Approve: _approve,
    a.Fire: _fire,
    a.Postpone: _postpone,
    a.Withhold: _withhold,
    a.Edit: _edit,
    a.Write: _write,
    a.Speak: _speak,
    a.Note: _note,
    a.Share: _share,
    a.Revoke: _revoke,
    a.Dismiss: _dismiss,
}
