"""What stored exercises would have been marked against a procedure with an edit in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from simulator.assessment import JUDGEMENT, Assessment, Marks, mark
from simulator.assessment.facts import Deadline, MarkedAct
from simulator.review.revising import edits as e
from simulator.review.revising.deeds import deeds_of
from simulator.review.revising.procedures import edited
from simulator.review.revising.runs import PlayedRun


@dataclass(frozen=True)
class Remarked:
    """What an edit would have changed: of `of` exercises `better` and `worse` ones, by points.

    `before` and `after` are their mean scores, `ratings` how many went from one rating to another.
    """

    of: int
    better: int
    worse: int
    before: float
    after: float
    ratings: tuple[tuple[str, int], ...]

    def __str__(self) -> str:
        if not self.of:
            return "no marks change: the procedure stays as it is"
        if not self.better and not self.worse:
            return f"the marks of {_exercises(self.of)} stay as they are"
        told = f"of {_exercises(self.of)} {self.better or 'none'} would have more points"
        told += f" and {self.worse} fewer" if self.worse else ""
        if round(self.before) != round(self.after):
            told += f"; on average {self.after:.0f} instead of {self.before:.0f}"
        moved = ", ".join(f"{number} from {way}" for way, number in self.ratings)
        return f"{told}; rated otherwise: {moved}" if moved else told


def _exercises(number: int) -> str:
    return f"{number} exercise{'' if number == 1 else 's'}"


def remark(runs: Iterable[PlayedRun], book: str, edit: e.Edit, required: bool = True) -> Remarked:
    """Return what aligning runs again, with the edit in each one's own procedure, would give.

    Runs whose procedure the edit leaves as it is do not count, for an edit of the words alone
    changes no marks; `required` says whether steps that are put in count.
    """
    pairs: list[tuple[Marks, Marks]] = []
    for run in runs:
        new = _marked(run.assessment, book, edit, required)
        if new is not None:
            pairs.append((run.assessment.marks, new))
    return _compared(pairs)


def _marked(assessment: Assessment, book: str, edit: e.Edit, required: bool) -> Marks | None:
    evidence = assessment.evidence
    tree = edited(evidence.procedure, book, edit, required)
    facts = evidence.facts
    if isinstance(edit, e.Limit):
        deadlines = tuple(_longer(one, edit) for one in facts.deadlines)
        facts = replace(facts, deadlines=deadlines)
    elif tree == evidence.procedure:
        return None
    acts = evidence.marked
    if isinstance(edit, e.Insert):
        acts = _proving(assessment, book, edit.steps)
    return mark(tree, acts, facts, JUDGEMENT)


def _longer(deadline: Deadline, edit: e.Limit) -> Deadline:
    same = deadline.id == edit.deadline and deadline.limit == edit.old
    return replace(deadline, limit=edit.new) if same else deadline


def _proving(
    assessment: Assessment, book: str, steps: Sequence[e.NewStep]
) -> tuple[MarkedAct, ...]:
    """Return the marked acts with those that would have proved the new steps."""
    marked = list(assessment.evidence.marked)
    for deed in deeds_of(assessment):
        new = {
            f"{book}#{step.id}"
            for step in steps
            if not deed.failed and step.key in (deed.key, deed.broad)
        }
        if new:
            old = marked[deed.number]
            marked[deed.number] = replace(old, proves=old.proves | new)
    return tuple(marked)


def _compared(pairs: Sequence[tuple[Marks, Marks]]) -> Remarked:
    ratings: dict[str, int] = {}
    for old, new in pairs:
        if old.rating is not new.rating:
            way = f"{old.rating.name} to {new.rating.name}"
            ratings[way] = ratings.get(way, 0) + 1
    number = max(1, len(pairs))
    return Remarked(
        of=len(pairs),
        better=sum(new.score > old.score for old, new in pairs),
        worse=sum(new.score < old.score for old, new in pairs),
        before=float(sum(old.score for old, _ in pairs) / number),
        after=float(sum(new.score for _, new in pairs) / number),
        ratings=tuple(sorted(ratings.items())),
    )
