"""What was decided on proposals: remembered, with who and why, and not proposed again.

A decision is kept in the library's journal of decisions, under the proposal's key.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from simulator.content.clean import clean
from simulator.content.problems import ContentError, Problem
from simulator.journal import Decision, Library
from simulator.review.revising.proposals import Proposal

KIND = "revision"
LONGEST_REASON = 400

Answer = Literal["accepted", "rejected", "later"]


@dataclass(frozen=True)
class Decided:
    """What somebody decided on a proposal; `own` says that it was accepted in other words."""

    key: str
    answer: Answer
    by: str
    at: str
    because: str
    title: str
    kind: str
    sentence: str
    own: bool = False


def decide(
    library: Library,
    key: str,
    by: str,
    proposal: Proposal,
    answer: Answer,
    because: str = "",
    *,
    own: bool = False,
) -> None:
    """Remember what was decided on a proposal. `key` makes it count once, however often tried.

    Raises ContentError where it is rejected or put off without a reason, JournalError.
    """
    reason = " ".join(clean(because, LONGEST_REASON, lines=False).split())
    if answer == "rejected" and not reason:
        said = "A proposal is rejected for a reason"
        fault = Problem(proposal.title.rstrip("."), None, None, said, "say it with --because")
        raise ContentError([fault])
    told = {
        "answer": answer,
        "by": clean(by, 100, lines=False),
        "because": reason,
        "title": proposal.title,
        "kind": proposal.finding.kind.value,
        "sentence": proposal.finding.sentence,
        "exercises": list(proposal.finding.exercises),
        "own": own,
        "diff": proposal.diff,
    }
    body = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    library.decide(key, KIND, proposal.key, body)


def decided(library: Library) -> dict[str, Decided]:
    """Return the last decision on each proposal, by its key. Raises JournalError."""
    return {one.key: one for one in _all(library.decisions(KIND))}


def _all(decisions: Iterable[Decision]) -> Iterable[Decided]:
    for decision in decisions:
        told = json.loads(decision.body)
        yield Decided(
            key=decision.subject,
            answer=told["answer"],
            by=told["by"],
            at=decision.at,
            because=told["because"],
            title=told["title"],
            kind=told["kind"],
            sentence=told["sentence"],
            own=bool(told.get("own")),
        )


@dataclass(frozen=True)
class Sorted:
    """Proposals as they are shown: those to decide on, those put off, and what was decided.

    A proposal's number is its place among the open ones and then the later ones, from 1.
    """

    open: tuple[Proposal, ...]
    later: tuple[Proposal, ...]
    decided: tuple[Decided, ...]

    @property
    def numbered(self) -> tuple[Proposal, ...]:
        """The proposals in the order of their numbers."""
        return (*self.open, *self.later)


def sort_out(
    proposals: Iterable[Proposal], known: dict[str, Decided], prefix: str, *, again: bool = False
) -> Sorted:
    """Return the proposals less those that were accepted or rejected; with `again` all of them.

    `prefix` is `system/runbook#`: of the decisions those on this runbook are told, too.
    """
    told = list(proposals)
    answers = {
        one.key: known[one.key].answer if one.key in known and not again else "" for one in told
    }
    return Sorted(
        open=tuple(one for one in told if not answers[one.key]),
        later=tuple(one for one in told if answers[one.key] == "later"),
        decided=tuple(one for key, one in known.items() if key.startswith(prefix)),
    )
