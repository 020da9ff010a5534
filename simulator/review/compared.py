"""How the steps of an exercise fared before their text was revised, and since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from simulator.assessment import Assessment
from simulator.assessment.practised import reached
from simulator.content.versions import step_versions
from simulator.journal import Heat, Library


@dataclass(frozen=True)
class Compared:
    """A step as it was worded in an exercise, and as before: how many of the teams it confused.

    `since` is the day of the first exercise in this wording. In `before` are the figures of the
    wording before it, or of none where no step of this name was there.
    """

    step: str
    title: str
    since: str
    before_teams: int
    before_confused: int
    now_teams: int
    now_confused: int


def compared(library: Library, assessment: Assessment) -> tuple[Compared, ...]:
    """Return the steps that an exercise reached and that were worded otherwise before.

    They come in the procedure's order. Raises JournalError.
    """
    heat = library.heat()
    return tuple(_of_steps(heat, assessment)) if heat else ()


def _of_steps(heat: Iterable[Heat], assessment: Assessment) -> Iterator[Compared]:
    pack = assessment.exercise.pack
    by_step: dict[str, list[Heat]] = {}
    for one in heat:
        if one.system == pack.system_name:
            by_step.setdefault(f"{one.runbook}#{one.step}", []).append(one)
    came = reached(assessment)
    versions: dict[str, dict[str, str]] = {}
    for step in (one.step for one in assessment.confusion.steps if one.step in came):
        name, _, id_ = step.partition("#")
        rows = by_step.get(step, [])
        if name not in pack.runbooks or len({one.version for one in rows}) < 2:
            continue
        if name not in versions:
            versions[name] = step_versions(pack.runbooks[name])
        now = [one for one in rows if one.version == versions[name].get(id_)]
        since = min((one.first for one in now), default="")
        earlier = [one for one in rows if one not in now and one.first < since]
        if not earlier:
            continue
        last = max(earlier, key=lambda one: (one.last, one.first)).version
        before = [one for one in earlier if one.version == last]
        yield Compared(
            step,
            pack.step_title(step),
            since[:10],
            sum(one.teams for one in before),
            sum(one.confused for one in before),
            sum(one.teams for one in now),
            sum(one.confused for one in now),
        )
