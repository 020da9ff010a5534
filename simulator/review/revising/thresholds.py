"""When an edit is proposed: every number of it, and the bound that shares are held against.

Judgement, to be fitted again once real exercises are recorded. No score is computed from these.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Shares from 0 to 1; `low_` ones are held against `low`, the others against the share."""

    z: float = 1.28
    good_runs: int = 8
    """Below so many good runs there are observations, and no edits."""
    most_exercises: int = 200
    """So many of the newest exercises are read."""

    wrong_attempts: float = 0.30
    """Share of runs in which a step was tried three times in vain."""
    differ: float = 0.5
    """First attempts differ widely when the commonest has a smaller share, and there are..."""
    differ_least: int = 4
    """... at least so many different ones."""
    low_command: float = 0.35
    unsure_after: float = 0.30
    """Share of runs that ran the right command again, or were still, after it."""
    still_after: int = 60
    """Seconds without an act after the right one, ..."""
    still_factor: int = 3
    """... and so many times the run's usual pause between two acts."""
    shown: float = 0.5
    """Share of good runs that saw a line of output, for it to be what is expected."""
    asked: float = 0.20
    low_order: float = 0.35
    order: float = 0.5
    either_from: float = 0.3
    either_to: float = 0.7
    low_skipped: float = 0.35
    skipped: float = 0.5
    removed: float = 0.9
    """From this share on a step is not only optional but superfluous."""
    low_added: float = 0.25
    added: float = 0.4
    same_place: float = 0.6
    poor_runs: int = 6
    """So many runs rated M or U are compared with, for an act to be called rarer in them."""
    repeated: float = 0.4
    harmed: int = 2
    """Runs in which harm was done in the time of a step."""
    split: int = 3
    """Different acts that most good runs needed for one step."""
    searched: int = 2
    """Teams that searched the same words in vain."""
    late: float = 0.5


THRESHOLDS = Thresholds()
"""The numbers in force."""


def low(k: int, n: int, z: float = THRESHOLDS.z) -> float:
    """Return the lower end of Wilson's interval for a share of k in n, 0 where n is 0."""
    if n == 0:
        return 0.0
    share = k / n
    middle = share + z * z / (2 * n)
    spread = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, (middle - spread) / (1 + z * z / n))
