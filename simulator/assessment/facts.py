"""What the marks are computed from: acts and facts of the world, free of files and storage.

All times are whole seconds of the exercise's clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from simulator.assessment.judgement import Harm


@dataclass(frozen=True, slots=True)
class MarkedAct:
    """One act as the marks see it: which steps it proves or ticks, and what harm it did."""

    at: int
    proves: frozenset[str] = frozenset()
    ticks: frozenset[str] = frozenset()
    harm: Harm | None = None
    guard_broken: bool = False
    harm_reason: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A duty to do something within `limit` seconds of the scenario moment `since`.

    `since` is None when that moment never came. The duty is met by `step`, or else at `met_at`
    (None: never). With `applies` False its condition never became true, so it is met.
    """

    id: str
    title: str
    limit: int
    since: int | None = 0
    step: str | None = None
    met_at: int | None = None
    weight: int = 1
    critical: bool = False
    applies: bool = True

    def __post_init__(self) -> None:
        """Refuse a limit that cannot be divided by, and a weight that counts nothing."""
        _refuse_unless(self.limit > 0 and self.weight > 0, self.id)


@dataclass(frozen=True, slots=True)
class Cadence:
    """A duty to do something every `limit` seconds, from `since` to `until`; done at `times`.

    `since` is a scenario moment, None when it never came; `until` is recovery or the end.
    """

    id: str
    title: str
    limit: int
    since: int | None
    until: int
    times: tuple[int, ...] = ()
    weight: int = 1
    critical: bool = False

    def __post_init__(self) -> None:
        """Refuse a limit or a weight of nothing."""
        _refuse_unless(self.limit > 0 and self.weight > 0, self.id)


@dataclass(frozen=True, slots=True)
class Decision:
    """A value out of `levels`, numbered from 0, to be chosen by the time `due` (None: the end).

    `choices` are (time, value). A severity has its levels; yes or no are two levels.
    """

    id: str
    title: str
    right: int
    levels: int = 2
    choices: tuple[tuple[int, int], ...] = ()
    due: int | None = None
    weight: int = 1

    def __post_init__(self) -> None:
        """Refuse fewer than two levels, a value outside them, a weight of nothing."""
        values = (self.right, *(value for _, value in self.choices))
        inside = all(0 <= value < self.levels for value in values)
        _refuse_unless(self.levels > 1 and inside and self.weight > 0, self.id)


@dataclass(frozen=True, slots=True)
class Overrule:
    """An evaluator's cost share for a step, 0 (done as it should be) to 1 (missed), and why."""

    share: Fraction
    reason: str

    def __post_init__(self) -> None:
        """Refuse a share outside 0 to 1."""
        _refuse_unless(0 <= self.share <= 1, self.reason)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the world and its people say about an exercise, beside the acts."""

    recovered: bool
    deadlines: tuple[Deadline, ...] = ()
    cadences: tuple[Cadence, ...] = ()
    decisions: tuple[Decision, ...] = ()
    solution_shown: frozenset[str] = frozenset()
    overrules: Mapping[str, Overrule] = field(default_factory=dict)


def _refuse_unless(sound: bool, subject: str) -> None:
    if not sound:
        raise ValueError(f"a number of {subject!r} is out of its range")
