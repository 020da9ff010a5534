"""Exercises that people play: begun, resumed and finished in the store."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from simulator.content.pack import Pack, read_pack
from simulator.exercise import acts as a
from simulator.journal import Store, Summary
from simulator.session.drill import Drill, new_key
from simulator.session.opening import acts_of
from simulator.session.running import id_of, now, opening_summary, resolve

if TYPE_CHECKING:
    from simulator.assessment import Assessment

__all__ = ["begin", "finish", "read_pack", "resume"]


def begin(store: Store, pack: Pack, seed: int, name: str) -> Drill:
    """Open a new exercise in the store; it can be resumed from here on."""
    exercise_id = store.new_id()
    journal = store.create(exercise_id)
    try:
        known = [one for one in store.library().of_scenario(pack.name) if one.mode == "solo"]
        times = _times(pack, known)
        drill = Drill.begin(exercise_id, journal, pack, seed, name, times)
        store.library().put(opening_summary(store, exercise_id, drill.exercise.opening, "solo"))
    except BaseException:
        journal.close()
        raise
    return drill


def _times(pack: Pack, known: list[Summary]) -> dict[str, int]:
    if not known:
        return {}
    from simulator.session.calibration import calibrated

    return calibrated(pack, known)


def resume(store: Store, name: str) -> Drill:
    """Open a stored exercise to go on with it: an id, its beginning, a file, or `last`."""
    where = resolve(store, name)
    journal = store.open(where)
    try:
        return Drill.resume(id_of(where), journal)
    except BaseException:
        journal.close()
        raise


def finish(store: Store, drill: Drill) -> Assessment:
    """Close and seal an exercise whose play has ended, note it in the library, and assess it."""
    state = drill.exercise.state
    if not drill.journal.sealed:
        last: list[a.AnyAct] = []
        if state.ended is None:
            reason: Literal["time", "stopped"] = "time" if drill.exercise.over else "stopped"
            last.append(a.End(at=state.now, by=a.HOST, reason=reason))
        if not state.closed:
            last.append(a.Close(at=state.now, by=a.HOST))
        if last:
            drill.journal.append_all([(new_key(), a.write_act(act)) for act in last])
        for act in last:
            drill.exercise.apply(act)
        drill.journal.seal()
    from simulator.assessment import assess
    from simulator.session.calibration import calm_of
    from simulator.session.practice import outlines_of, practices_of

    assessment = assess(acts_of(drill.journal.read()), drill.exercise.pack)
    if drill.exercise_id not in store.ids():
        return assessment
    library = store.library()
    known = library.find(drill.exercise_id)
    line = known or opening_summary(store, drill.exercise_id, drill.exercise.opening, "solo")
    line = replace(
        line,
        state="sealed",
        finished=now(),
        minutes=drill.exercise.state.now // 60,
        score=assessment.printed_score,
        rating=assessment.marks.rating.name,
        calm=calm_of(assessment),
    )
    library.put(line, practices_of(line, assessment), outlines_of(assessment))
    return assessment
