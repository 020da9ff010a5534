"""How an exercise begins: its first entry, and reading one back."""

from __future__ import annotations

import simulator
from simulator.content.pack import Pack
from simulator.exercise import acts as a
from simulator.exercise.fold import Exercise
from simulator.journal import Record
from simulator.world import draw_pools


class NotAnExercise(Exception):  # noqa: N818
    """A journal whose entries are not those of an exercise; its text says which."""


def opening_of(pack: Pack, seed: int, calibrated: dict[str, int] | None = None) -> a.Open:
    """Return the first entry of a new exercise of this pack."""
    pools = {name: list(values) for name, values in draw_pools(pack.system, seed).items()}
    return a.Open(
        at=0,
        by=a.HOST,
        engine=simulator.__version__,
        scenario=pack.name,
        seed=seed,
        texts=dict(pack.texts),
        hashes=pack.hashes,
        pools=pools,
        calibrated=calibrated or {},
    )


def acts_of(records: list[Record]) -> list[a.AnyAct]:
    """Return what a journal's records say, in order; raise NotAnExercise where they do not."""
    acts: list[a.AnyAct] = []
    for record in records:
        try:
            acts.append(a.read_act(record.body))
        except a.ActError as error:
            raise NotAnExercise(f"entry {record.seq} is not an act: {error}") from None
    if not acts or not isinstance(acts[0], a.Open):
        raise NotAnExercise("the first entry does not open an exercise")
    return acts


def fold(acts: list[a.AnyAct], pack: Pack | None = None) -> Exercise:
    """Return the exercise that these acts make, at the time of the last one."""
    opening = acts[0]
    if not isinstance(opening, a.Open):
        raise NotAnExercise("the first entry does not open an exercise")
    exercise = Exercise(opening, pack)
    for act in acts:
        exercise.apply(act)
    return exercise
