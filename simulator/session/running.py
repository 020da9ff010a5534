"""Stored exercises: playing scripts into the store, finding, loading and summing them up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.content.pack import Pack
from simulator.content.yaml_source import read_yaml
from simulator.exercise import acts as a
from simulator.journal import Mode, Store, StoreMissing, Summary
from simulator.session.drill import new_key
from simulator.session.opening import acts_of
from simulator.session.script import ScriptError

if TYPE_CHECKING:
    from simulator.assessment import Assessment


@dataclass(frozen=True)
class Stored:
    """An exercise of the store and what it is worth; `digest` is that of its journal."""

    exercise_id: str
    assessment: Assessment
    digest: str = ""


def golden_script(pack: Pack) -> list[dict[str, Any]]:
    """Return the scenario's own solution."""
    return list(pack.scenario.solution)


def read_script(file: Path) -> list[dict[str, Any]]:
    """Return the acts of a script's file; raise ScriptError or ContentError where it has none."""
    value: Any = read_yaml(file, str(file)).value
    if not isinstance(value, list) or not all(isinstance(line, dict) for line in value):
        raise ScriptError(f"{file}: a script is a list of acts: - {{at: 30, do: view, view: ...}}")
    return list(value)


def run_script(store: Store, pack: Pack, script: Sequence[Mapping[str, Any]], seed: int) -> Stored:
    """Play a script to its end, store it sealed, and return what it is worth."""
    started = now()
    from simulator.session.practice import outlines_of, practices_of
    from simulator.session.script import play

    assessment = play(pack, script, seed)
    exercise_id = store.new_id()
    journal = store.create(exercise_id)
    try:
        journal.append_all([(new_key(), a.write_act(act)) for act in assessment.evidence.acts])
        journal.seal()
    finally:
        journal.close()
    line = replace(
        opening_summary(store, exercise_id, assessment.opening, "run"),
        state="sealed",
        started=started,
        finished=now(),
        minutes=assessment.exercise.state.now // 60,
        score=assessment.printed_score,
        rating=assessment.marks.rating.name,
    )
    store.library().put(line, practices_of(line, assessment), outlines_of(assessment))
    return Stored(exercise_id, assessment)


def resolve(store: Store, name: str) -> str:
    """Return the id or the file that `name` means: an id, its beginning, a file, or `last`."""
    if "/" in name or name.endswith(".tabletop"):
        return name
    if name == "last":
        latest = store.library().latest()
        if latest is None:
            raise StoreMissing(store.place, "There is no exercise yet", "Play one first.")
        return latest.id
    found = store.library().find(name)
    return found.id if found else name


def is_finished(store: Store, name: str) -> bool:
    """Return whether a stored exercise is complete, so that it can only be read."""
    journal = store.open(resolve(store, name), write=False)
    try:
        return journal.sealed
    finally:
        journal.close()


def load(store: Store, name: str) -> Stored:
    """Return a stored exercise and what it is worth, finished or not."""
    from simulator.assessment import assess

    where = resolve(store, name)
    journal = store.open(where, write=False)
    try:
        records = journal.read()
    finally:
        journal.close()
    return Stored(id_of(where), assess(acts_of(records)), records[-1].digest if records else "")


def id_of(where: str) -> str:
    """Return the id of the exercise that an id or a file is of."""
    return Path(where).stem if "/" in where or where.endswith(".tabletop") else where


def earlier_attempts(store: Store, stored: Stored) -> list[Summary]:
    """Return the finished exercises that somebody played of the same scenario before this one.

    One that was continued from a moment of another has none: it is no attempt of its own.
    """
    if stored.assessment.opening.fork:
        return []
    library = store.library()
    mine = library.find(stored.exercise_id)
    return [
        one
        for one in library.of_scenario(stored.assessment.opening.scenario)
        if one.mode == "solo"
        and one.score is not None
        and one.id != stored.exercise_id
        and (mine is None or one.started <= mine.started)
    ]


def opening_summary(store: Store, exercise_id: str, opening: a.Open, mode: Mode) -> Summary:
    """Return the library's line on an exercise that has just begun."""
    return Summary(
        id=exercise_id,
        file=store.file_name(exercise_id),
        system=opening.scenario.split("/")[0],
        scenario=opening.scenario,
        scenario_hash=opening.hashes.get(f"scenarios/{opening.scenario}.yaml", ""),
        seed=opening.seed,
        mode=mode,
        state="open",
        started=now(),
        engine=opening.engine,
    )


def now() -> str:
    """Return the wall clock's time, UTC, for the library's index; never for a computed result."""
    return datetime.now(UTC).isoformat(timespec="seconds")
