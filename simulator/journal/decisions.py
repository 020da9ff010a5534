"""Decisions: what people decided after an exercise and what outlives it, one after another.

Which revisions were accepted or refused and why, what is to be done about an area for
improvement, who reviewed a runbook. What follows from them is computed, as it is from acts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. Its `seq` counts from 1 without a gap; it is never changed or deleted.

    `kind` says what was decided and `subject` about what, in the words of whoever decides;
    `body` is JSON. `at` is the wall clock's time, UTC in ISO form.
    """

    seq: int
    key: str
    kind: str
    subject: str
    body: str
    at: str


def dated(at: str) -> str:
    """Return when a decision is made: `at`, or now where that is empty."""
    return at or datetime.now(UTC).isoformat(timespec="seconds")
