"""Practising from any moment of an exercise: a new one that begins with what was done by then."""

from __future__ import annotations

from dataclasses import replace

from simulator.exercise import acts as a
from simulator.exercise.door import Refused
from simulator.journal import Store
from simulator.session.drill import Drill, new_key
from simulator.session.replay import Moment, Replay
from simulator.session.running import opening_summary


def fork(store: Store, exercise_id: str, replay: Replay, moment: Moment, name: str) -> Drill:
    """Return a new exercise of one person, paused at a moment of another one.

    Its journal has the same opening, and the acts up to then by the seats that took them; its
    first entry says where it came from. It stands apart in the library (`mode` is "fork"), so
    that it is nobody's first attempt and no expected time learns from it.

    Raises Refused after the end of play, JournalError when it cannot be stored.
    """
    acts = first_acts(exercise_id, replay, moment, name)
    new_id = store.new_id()
    journal = store.create(new_id)
    try:
        journal.append_all([(new_key(), a.write_act(act)) for act in acts])
        drill = Drill.resume(new_id, journal)
        line = opening_summary(store, new_id, drill.exercise.opening, "fork")
        store.library().put(replace(line, attempt=f"from {drill.exercise.opening.fork}"))
    except BaseException:
        journal.close()
        raise
    return drill


def first_acts(exercise_id: str, replay: Replay, moment: Moment, name: str) -> list[a.AnyAct]:
    """Return the acts with which the new exercise begins; raise Refused where it cannot."""
    state = replay.state_at(moment)
    if state.ended is not None or moment.at >= replay.exercise.length:
        raise Refused("Play has ended here. Go back to a moment before its end.")
    whole = replay.exercise.opening
    opening = whole.model_copy(update={"team": "", "fork": f"{exercise_id} {_after(moment.at)}"})
    scenario = replay.exercise.scenario
    join = a.Join(at=moment.at, by=a.SOLO, name=name, role=scenario.role)
    return [opening, *replay.acts[1 : moment.taken], join]


def _after(at: int) -> str:
    return f"T+{at // 60}:{at % 60:02d}"
