"""Proposals taken up or put away: what a command and a screen decide on, in one place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from simulator.content.problems import ContentError, Problem
from simulator.journal import Library, Store
from simulator.review.revising import applying
from simulator.review.revising.deciding import Answer, Sorted, decide, decided, sort_out
from simulator.review.revising.pairs import Play
from simulator.review.revising.proposals import (
    Desk,
    Proposal,
    composed,
    read_desk,
    read_proposals,
)
from simulator.review.revising.runs import Runs
from simulator.review.revising.writing import CannotWriteError, draft


@dataclass(frozen=True)
class Revising:
    """A runbook on the desk, the exercises that were read, and the proposals as they stand."""

    desk: Desk
    runs: Runs
    found: Sorted
    library: Library
    play: Play

    def numbered(self, number: int) -> Proposal:
        """Return the proposal with a number; raise ContentError where there is none."""
        every = self.found.numbered
        if not 1 <= number <= len(every):
            remedy = f"there are 1 to {len(every)}" if every else "nothing is proposed"
            raise _fault(str(number), "There is no proposal with this number", remedy)
        return every[number - 1]

    def chosen(self, numbers: Sequence[str], own: int | None = None) -> list[Proposal]:
        """Return the proposals that somebody names: `2`, `1,3`, `all` of the open edits.

        `own` names the one that is accepted in other words. Raises ContentError.
        """
        if own:
            return [self._ready(own)]
        words = [word.strip() for one in numbers for word in one.split(",")]
        if words == ["all"]:
            return [one for one in self.found.open if one.ready]
        wrong = next((word for word in words if not word.isdecimal()), None)
        if wrong is not None:
            raise _fault(wrong, "This is no number of a proposal", "write 2, or 1,3, or all")
        return [self._ready(int(word)) for word in dict.fromkeys(words)]

    def _ready(self, number: int) -> Proposal:
        one = self.numbered(number)
        if not one.ready:
            why = one.why_not or "it is a question or an observation, without an edit"
            raise _fault(f"{number}. {one.title.rstrip('.')}", "This cannot be accepted", why)
        return one

    def take_up(
        self,
        chosen: Sequence[Proposal],
        own: str = "",
        *,
        patch: bool = False,
        branch: str = "",
        who: str = "",
        key: str = "",
        because: str = "",
    ) -> str:
        """Accept proposals: write them, print them as a patch, or commit them on a branch.

        `own` are a person's lines in place of those that a single one adds. With nobody in `who`
        nothing is decided: it is only a look at the patch. Returns what is to be said. Raises
        ContentError, JournalError, OSError.
        """
        if not chosen:
            raise _fault(self.desk.book.file, "There is no edit to accept", None)
        try:
            changes = composed(self.desk, [(one, own) for one in chosen], self.play)
        except CannotWriteError as error:
            remedy = "accept them one by one" if len(chosen) > 1 else "write it by hand"
            raise _fault(self.desk.book.file, str(error), remedy) from None
        if not changes:
            raise _fault(self.desk.book.file, "There is nothing to change", None)
        text, root = applying.message(chosen), self.desk.root
        if branch:
            commit = applying.leave_branch(root, branch, changes, text)
            done = f"Left {commit[:12]} on the branch {branch}; your working tree is as it was."
        elif patch:
            done = applying.patch(root, changes, text)
        else:
            applying.write_files(root, changes)
            done = "\n".join(f"Wrote {change.file}." for change in changes)
            notes = dict.fromkeys(note for one in chosen for note in one.notes)
            done = "\n".join([done, *(f"Note: {note}." for note in notes)])
        for number, one in enumerate(chosen if who else ()):
            decide(self.library, f"{key} {number}", who, one, "accepted", because, own=bool(own))
        return done

    def draft(self, one: Proposal) -> str:
        """Return the lines that a proposal adds, to be written otherwise; "" where it adds none."""
        edit = one.finding.edit
        return draft(self.desk.book, edit) if edit is not None and one.ready else ""

    def put_away(self, key: str, who: str, number: int, answer: Answer, because: str) -> Proposal:
        """Reject a proposal for a reason, or put it off; return it. Raises as `take_up` does."""
        one = self.numbered(number)
        decide(self.library, key, who, one, answer, because)
        return one


def open_revising(
    store: Store,
    root: Path,
    runbook: str,
    play: Play,
    scenario: str = "",
    tell: Callable[[int, int], None] = lambda done, of: None,
    people: bool = False,
    again: bool = False,
) -> Revising:
    """Return a runbook with what exercises propose for it; with `again` what was decided, too.

    Raises ContentError, JournalError.
    """
    desk = read_desk(root, runbook)
    proposals, runs = read_proposals(store, desk, play, scenario, tell, people=people)
    library = store.library()
    prefix = f"{desk.system}/{desk.book.name}#"
    found = sort_out(proposals, decided(library), prefix, again=again)
    return Revising(desk, runs, found, library, play)


def _fault(place: str, fault: str, remedy: str | None) -> ContentError:
    return ContentError([Problem(place, None, None, fault, remedy)])
