"""What is due: rehearsals of scenarios and runbooks, steps nobody has exercised, late actions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from simulator.content.finding import scenario_names
from simulator.content.problems import ContentError, Problem, did_you_mean
from simulator.content.versions import StepLine
from simulator.journal import Library
from simulator.review.books import Book, read_books
from simulator.review.plan import Action, read_plan

KIND = "rehearsal"
DAYS = 90
"""Days between two rehearsals where nobody has decided otherwise."""

Subject = Literal["scenario", "runbook"]


@dataclass(frozen=True)
class Rehearsal:
    """A scenario or a runbook (`system/name`) and when people practised it last; None for never.

    `due` is the day of the next one, the present day where there was none.
    """

    subject: Subject
    name: str
    last: date | None
    every: int
    due: date
    late: bool


@dataclass(frozen=True)
class Unexercised:
    """The steps of a runbook that nobody ever came to in an exercise, of so many in all."""

    runbook: str
    file: str
    steps: tuple[StepLine, ...]
    of: int


@dataclass(frozen=True)
class Due:
    """Everything that is due, as of a day: what is most overdue first."""

    today: date
    rehearsals: tuple[Rehearsal, ...]
    unexercised: tuple[Unexercised, ...]
    actions: tuple[Action, ...]
    """All that are open."""
    left_out: bool = False
    """Whether there are exercises of scripts, which are no rehearsals."""

    @property
    def late_rehearsals(self) -> tuple[Rehearsal, ...]:
        """What should have been practised by now."""
        return tuple(one for one in self.rehearsals if one.late)

    @property
    def late_actions(self) -> tuple[Action, ...]:
        """What should have been done by now."""
        return tuple(one for one in self.actions if one.late(self.today))


def read_due(library: Library, root: Path, today: date, *, scripts: bool = False) -> Due:
    """Return what is due on a day; with `scripts` scripted teams count as people do for steps.

    Raises JournalError.
    """
    every_heat = library.heat()
    heat = [one for one in every_heat if scripts or one.mode != "run"]
    books = read_books(root, library)
    every = rhythm(library)
    by_book: dict[str, str] = {}
    for one in heat:
        if one.mode != "run":
            key = f"{one.system}/{one.runbook}"
            by_book[key] = max(by_book.get(key, ""), one.last)
    known = {
        "scenario": (scenario_names(root), library.rehearsed()),
        "runbook": (["/".join(key) for key in sorted(books)], by_book),
    }
    rehearsals = [
        *_rehearsals("scenario", *known["scenario"], every, today),
        *_rehearsals("runbook", *known["runbook"], every, today),
    ]
    reached = {(one.system, one.runbook, one.step) for one in heat}
    return Due(
        today=today,
        rehearsals=tuple(sorted(rehearsals, key=lambda one: (one.due, one.last is not None))),
        unexercised=tuple(_unexercised(books.values(), reached)),
        actions=tuple(one for one in read_plan(library) if not one.closed),
        left_out=any(one.mode == "run" for one in every_heat),
    )


def _rehearsals(
    subject: Subject,
    names: Iterable[str],
    played: Mapping[str, str],
    every: Mapping[str, int],
    today: date,
) -> Iterator[Rehearsal]:
    for name in names:
        last = date.fromisoformat(played[name][:10]) if played.get(name) else None
        days = every.get(name, every[""])
        due = last + timedelta(days=days) if last else today
        yield Rehearsal(subject, name, last, days, due, last is None or due < today)


def _unexercised(
    books: Iterable[Book], reached: set[tuple[str, str, str]]
) -> Iterator[Unexercised]:
    for book in books:
        steps = tuple(step for step in book.steps if (*book.key, step.id) not in reached)
        if steps:
            yield Unexercised("/".join(book.key), book.file, steps, len(book.steps))


def rhythm(library: Library) -> dict[str, int]:
    """Return the days between two rehearsals by scenario or runbook; "" is for all others."""
    every = {"": DAYS}
    for decision in library.decisions(KIND):
        every[decision.subject] = int(json.loads(decision.body)["days"])
    return every


def set_rhythm(library: Library, key: str, root: Path, by: str, days: int, name: str = "") -> None:
    """Decide how many days may lie between two rehearsals, of one scenario or runbook or of all.

    Raises ContentError where there is nothing of that name, JournalError.
    """
    known = [*scenario_names(root), *("/".join(key) for key in read_books(root, library))]
    if name and name not in known:
        remedy = did_you_mean(name, known) or f"there are: {', '.join(known[:10])}"
        problem = Problem(name, None, None, "is no scenario and no runbook here", remedy)
        raise ContentError([problem])
    body = json.dumps({"by": by, "days": days}, sort_keys=True)
    library.decide(key, KIND, name, body)
