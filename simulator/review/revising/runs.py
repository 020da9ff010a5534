"""The stored exercises in which the steps of a runbook were reached, each read once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from simulator.assessment import Assessment, assess
from simulator.content.pack import Pack, pack_of
from simulator.content.problems import ContentError
from simulator.exercise import acts as a
from simulator.journal import JournalError, Practice, Store
from simulator.review.revising.deeds import Deed, Passage, deeds_of, passages_of, usual_pause
from simulator.review.revising.reading_again import body_of
from simulator.review.revising.thresholds import THRESHOLDS

GOOD = ("P", "S")


@dataclass(frozen=True)
class PlayedRun:
    """An exercise with what its team did at each step; `who` tells teams apart."""

    exercise: str
    who: str
    started: str
    assessment: Assessment

    @property
    def good(self) -> bool:
        """Whether it is rated P or S: what it did is worth learning from."""
        return self.assessment.marks.rating.name in GOOD

    @cached_property
    def passages(self) -> Mapping[str, Passage]:
        """What was done at each step that was reached."""
        return passages_of(self.assessment)

    @cached_property
    def deeds(self) -> tuple[Deed, ...]:
        """What people did, in its order."""
        return deeds_of(self.assessment)

    @cached_property
    def pause(self) -> int:
        """The run's usual pause between two acts, in seconds."""
        return usual_pause(self.assessment)

    @cached_property
    def bodies(self) -> Mapping[str, str]:
        """The steps of its runbooks as they were worded then, without their numbers."""
        books = self.assessment.exercise.pack.runbooks
        names = {step.partition("#")[0] for step in self.passages}
        return {
            f"{name}#{step.id}": body_of(step.body)
            for name in names & set(books)
            for step in books[name].steps
        }


@dataclass(frozen=True)
class Runs:
    """What was read, the oldest first, each team's exercises among them; and what could not be."""

    played: tuple[PlayedRun, ...]
    faults: Mapping[str, str]

    def with_step(self, step: str, body: str) -> tuple[PlayedRun, ...]:
        """Return each team's first exercise that reached a step worded so."""
        found: dict[str, PlayedRun] = {}
        for run in self.played:
            if step in run.passages and run.bodies.get(step) == body:
                found.setdefault(run.who, run)
        return tuple(found.values())


def read_runs(
    store: Store,
    system: str,
    runbook: str,
    scenario: str = "",
    tell: Callable[[int, int], None] = lambda done, of: None,
    *,
    people: bool = False,
) -> Runs:
    """Return the newest exercises that reached a step of a runbook, in one scenario or any.

    With `people` those of scripts are left out. `tell` is given how many have been read, and of
    how many. One that cannot be read is left out and named. Raises JournalError where the library
    cannot be read.
    """
    wanted = list(_wanted(store, (system, runbook), scenario, people))
    packs: dict[tuple[tuple[str, str], ...], Pack | None] = {}
    played: list[PlayedRun] = []
    faults: dict[str, str] = {}
    for number, practice in enumerate(wanted):
        tell(number, len(wanted))
        try:
            with store.open(practice.exercise, write=False) as journal:
                acts = [a.read_act(record.body) for record in journal.read()]
            opening = acts[0] if acts else None
            if not isinstance(opening, a.Open):
                raise a.ActError("its first entry does not open an exercise")
            assessment = assess(acts, _pack(opening, packs))
        except (JournalError, a.ActError, ContentError) as error:
            faults[practice.exercise] = str(error)
            continue
        played.append(PlayedRun(practice.exercise, practice.who, practice.started, assessment))
    tell(len(wanted), len(wanted))
    return Runs(tuple(played), faults)


def _pack(opening: a.Open, known: dict[tuple[tuple[str, str], ...], Pack | None]) -> Pack | None:
    """Return the pack of an exercise, read once for all that were opened with the same texts."""
    key = (("scenario", opening.scenario), *sorted(opening.texts.items()))
    if key not in known:
        known[key] = pack_of(opening.scenario, opening.texts)
    return known[key]


def _wanted(store: Store, book: tuple[str, str], scenario: str, people: bool) -> Iterator[Practice]:
    """Yield a practice of each exercise that counts, the oldest first."""
    library = store.library()
    steps = {one.step for one in library.heat() if (one.system, one.runbook) == book}
    most = THRESHOLDS.most_exercises
    found: dict[str, Practice] = {}
    for step in sorted(steps):
        for practice in library.practices((*book, step), most):
            scripted = practice.mode == "run"
            if scenario in ("", practice.scenario) and not (people and scripted):
                found.setdefault(practice.exercise, practice)
    newest = sorted(_by_time(found.values()), reverse=True)[:most]
    yield from (found[name] for _, name in sorted(newest))


def _by_time(practices: Iterable[Practice]) -> Iterator[tuple[str, str]]:
    yield from ((one.started, one.exercise) for one in practices)
