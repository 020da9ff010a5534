"""What the exercises say of a step: an edit with its evidence, an observation, or a question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from simulator.content.runbook import Runbook, RunbookStep
from simulator.review.revising.deeds import Deed, Passage
from simulator.review.revising.edits import Edit, Kind
from simulator.review.revising.reading_again import body_of
from simulator.review.revising.runs import PlayedRun, Runs
from simulator.review.revising.thresholds import THRESHOLDS, low


class Form(Enum):
    """What is made of a finding."""

    EDIT = "edit"
    OBSERVATION = "observation"
    QUESTION = "question"


@dataclass(frozen=True)
class Finding:
    """Something that the exercises say of a step.

    `step` is its id in the runbook, `kind` and `edit` are what would mend it. `sentence` is the
    evidence in words; it speaks of `teams` of `of` teams, in `exercises`. `notes` are what people
    wrote.
    """

    kind: Kind
    form: Form
    step: str
    sentence: str
    teams: int
    of: int
    exercises: tuple[str, ...]
    edit: Edit | None = None
    notes: tuple[str, ...] = ()

    @property
    def strength(self) -> float:
        """The least share of teams that it is likely to hold for."""
        return low(self.teams, self.of)


@dataclass(frozen=True)
class StepRuns:
    """A step as it is worded now, with the first exercise of each team that reached it so."""

    book: Runbook
    step: RunbookStep
    runs: tuple[PlayedRun, ...]

    @property
    def ref(self) -> str:
        """The step's name, `runbook#step`."""
        return f"{self.book.name}#{self.step.id}"

    @property
    def good(self) -> tuple[PlayedRun, ...]:
        """The exercises rated P or S."""
        return tuple(run for run in self.runs if run.good)

    @property
    def poor(self) -> tuple[PlayedRun, ...]:
        """The others."""
        return tuple(run for run in self.runs if not run.good)

    @property
    def enough(self) -> bool:
        """Whether there are good exercises enough to propose an edit."""
        return len(self.good) >= THRESHOLDS.good_runs

    def passage(self, run: PlayedRun) -> Passage:
        """Return what a run did at the step."""
        return run.passages[self.ref]

    def form(self, sure: bool) -> Form:
        """Return what a finding is: an edit where the exercises are enough and `sure` of it."""
        return Form.EDIT if self.enough and sure else Form.OBSERVATION

    def finding(
        self,
        kind: Kind,
        form: Form,
        sentence: str,
        found: Sequence[PlayedRun],
        of: Sequence[PlayedRun],
        edit: Edit | None = None,
        notes: tuple[str, ...] = (),
    ) -> Finding:
        """Return a finding that holds for some runs of others."""
        names = tuple(run.exercise for run in found)
        told = f"{len(found)} of {len(of)} teams {sentence}"
        return Finding(
            kind, form, self.step.id, told, len(found), len(of), names,
            edit if form is not Form.OBSERVATION else None, notes,
        )  # fmt: skip


def steps_with_runs(book: Runbook, runs: Runs) -> list[StepRuns]:
    """Return the steps of a runbook that teams reached in their present wording."""
    found = []
    for step in book.steps:
        one = StepRuns(book, step, runs.with_step(f"{book.name}#{step.id}", body_of(step.body)))
        if one.runs:
            found.append(one)
    return found


@dataclass(frozen=True)
class Common:
    """What most did: an example of it, in how many runs of how many, and which."""

    deed: Deed
    runs: tuple[PlayedRun, ...]
    of: int
    deeds: tuple[Deed, ...]

    @property
    def share(self) -> float:
        """The share of runs, from 0 to 1."""
        return len(self.runs) / self.of if self.of else 0.0

    @property
    def low(self) -> float:
        """The lower bound of the share."""
        return low(len(self.runs), self.of)


def commonest(chosen: Sequence[tuple[PlayedRun, Deed]], of: int) -> Common | None:
    """Return what most runs did, one deed being given for each that did anything.

    Done to different things it counts as the same where no single one has half of the runs.
    """
    for broadly in (False, True):
        counts = Counter(deed.broad if broadly else deed.key for _, deed in chosen)
        if not counts:
            return None
        key, number = max(counts.items(), key=lambda entry: (entry[1], entry[0]))
        if number * 2 >= len(chosen) or broadly:
            same = [
                (run, deed) for run, deed in chosen if (deed.broad if broadly else deed.key) == key
            ]
            return Common(
                same[0][1], tuple(run for run, _ in same), of, tuple(deed for _, deed in same)
            )
    return None


def differ_widely(first: Iterable[Deed]) -> bool:
    """Return whether first attempts differ widely: no one of many has half of them."""
    counts = Counter(deed.broad for deed in first)
    if len(counts) < THRESHOLDS.differ_least:
        return False
    return max(counts.values()) < THRESHOLDS.differ * sum(counts.values())
