"""The library made anew from the journals, which hold everything but the decisions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from simulator.assessment import Assessment, assess
from simulator.exercise import acts as a
from simulator.journal import (
    Mode,
    Practice,
    SqliteLibrary,
    Store,
    StoreCorrupt,
    StoreMissing,
    Summary,
    rebuild,
)
from simulator.session.calibration import calm_of
from simulator.session.faults import told
from simulator.session.opening import acts_of
from simulator.session.practice import outlines_of, practices_of
from simulator.session.running import now, opening_summary


@dataclass(frozen=True)
class Rebuilt:
    """What became of it: exercises summed up, those that could not be read with why, decisions.

    `kept` is where a damaged library was put aside; None where there was none.
    """

    exercises: int
    faults: dict[str, str]
    decisions: int
    kept: Path | None = None


def rebuild_library(store: Store, tell: Callable[[str], None] = lambda line: None) -> Rebuilt:
    """Sum up every exercise of a store anew; decisions stay as they are.

    When an exercise was played is taken from the old library where that can be read, for a
    journal need not say it. `tell` is given a line now and then. Raises JournalError.
    """
    library = store.library()
    try:
        known = {line.id: line for line in library.all()}
        damaged = False
    except StoreCorrupt:
        known, damaged = {}, isinstance(library, SqliteLibrary)
        if not damaged:
            raise
    lines: dict[str, tuple[Summary, Sequence[Practice]]] = {}
    outlines: dict[str, str] = {}
    faults: dict[str, str] = {}
    # Again for those that were begun in the meantime.
    while fresh := [name for name in store.ids() if name not in lines.keys() | faults.keys()]:
        for number, exercise_id in enumerate(fresh, 1):
            try:
                line, practices, books = _summed(store, exercise_id, known.get(exercise_id))
                lines[exercise_id] = line, practices
                outlines |= books
            except Exception as error:
                message = told(error)
                if message is None:
                    raise
                faults[exercise_id] = message
                if exercise_id in known:
                    lines[exercise_id] = (known[exercise_id], ())
            if number % 100 == 0:
                tell(f"{number} of {len(fresh)} exercises")
    kept = None
    if damaged and isinstance(library, SqliteLibrary):
        kept = rebuild(library.file, lines.values(), outlines)
    else:
        library.replace_all(lines.values(), outlines)
    return Rebuilt(len(lines.keys() - faults.keys()), faults, len(library.decisions()), kept)


def _summed(
    store: Store, exercise_id: str, known: Summary | None
) -> tuple[Summary, Sequence[Practice], dict[str, str]]:
    with store.open(exercise_id, write=False) as journal:
        acts, sealed = acts_of(journal.read()), journal.sealed
    assessment = assess(acts)
    opening = assessment.opening
    line = known or replace(
        opening_summary(store, exercise_id, opening, _mode(opening, acts)),
        started=_day(store, exercise_id, acts),
        attempt=f"from {opening.fork}" if opening.fork else "",
    )
    if not sealed:
        return replace(line, state="open"), (), {}
    line = replace(
        line,
        state="sealed",
        finished=line.finished or _day(store, exercise_id, acts[::-1]),
        minutes=assessment.exercise.state.now // 60,
        score=assessment.printed_score,
        rating=assessment.marks.rating.name,
        calm=_calm(line, assessment),
    )
    return line, practices_of(line, assessment), outlines_of(assessment)


def _calm(line: Summary, assessment: Assessment) -> str:
    return line.calm if line.mode == "run" else calm_of(assessment)


def _mode(opening: a.Open, acts: Sequence[a.AnyAct]) -> Mode:
    if opening.team or opening.fork:
        return "team" if opening.team else "fork"
    return "solo" if any(isinstance(act, a.Join) for act in acts) else "run"


def _day(store: Store, exercise_id: str, acts: Sequence[a.AnyAct]) -> str:
    """Return the first day and time that acts tell, else when the file was changed, else now."""
    walls = (act.wall for act in acts if isinstance(act, a.Paced) and act.wall)
    seconds = next(walls, 0) / 1000
    try:
        seconds = seconds or store.path_of(exercise_id).stat().st_mtime
    except (StoreMissing, OSError):
        if not seconds:
            return now()
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
