"""The one table of judgement numbers: everything in the marks that is ours to re-fit.

A report prints the table it was marked with. Change a number and SCORING_VERSION goes up:
marks of different versions are never compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import Enum
from fractions import Fraction
from types import MappingProxyType

SCORING_VERSION = 1


class Weight(Enum):
    """How much a step counts in the procedure."""

    REQUIRED = "required"
    CRITICAL = "critical"
    OPTIONAL = "optional"


class Harm(Enum):
    """How bad a harmful act is."""

    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


class Signal(Enum):
    """What may show that a step confused somebody."""

    FLAGGED = "flagged"
    HINT = "hint"
    QUESTION = "question"
    SEARCH_WITH_NOTHING = "search with nothing"
    GAVE_UP = "gave up"
    HARM = "harm"
    SLOW = "slow"
    WRONG_THREE_TIMES = "wrong three times"
    BOUNCE = "bounce"
    IDLE = "idle"
    UNDO = "undo"
    SKIPPED_AHEAD = "skipped ahead"
    TICK_MISMATCH = "tick mismatch"
    RERUN = "rerun"


WEIGHTS: Mapping[Weight, Fraction] = MappingProxyType(
    {
        Weight.REQUIRED: Fraction(1),
        Weight.CRITICAL: Fraction(3),
        Weight.OPTIONAL: Fraction(0),
    }
)
HARMS: Mapping[Harm, Fraction] = MappingProxyType(
    {
        Harm.MINOR: Fraction(5, 100),
        Harm.MAJOR: Fraction(15, 100),
        Harm.CRITICAL: Fraction(30, 100),
    }
)
POINTS: Mapping[Signal, int] = MappingProxyType(
    {
        Signal.FLAGGED: 3,
        Signal.HINT: 2,
        Signal.QUESTION: 2,
        Signal.SEARCH_WITH_NOTHING: 2,
        Signal.GAVE_UP: 2,
        Signal.HARM: 2,
        Signal.SLOW: 1,
        Signal.WRONG_THREE_TIMES: 1,
        Signal.BOUNCE: 1,
        Signal.IDLE: 1,
        Signal.UNDO: 1,
        Signal.SKIPPED_AHEAD: 1,
        Signal.TICK_MISMATCH: 1,
        Signal.RERUN: 1,
    }
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The numbers of one scoring version. Shares are points of 100, times are seconds."""

    scoring_version: int = SCORING_VERSION

    procedure_share: Fraction = Fraction(60)
    time_share: Fraction = Fraction(25)
    decisions_share: Fraction = Fraction(15)

    weights: Mapping[Weight, Fraction] = field(default_factory=lambda: WEIGHTS)
    proved_elsewhere: Fraction = Fraction(4, 10)
    """Share of a step's weight lost when it was proved, but not in its place."""
    ticked: Fraction = Fraction(5, 10)
    ticked_elsewhere: Fraction = Fraction(7, 10)
    missed: Fraction = Fraction(1)

    harms: Mapping[Harm, Fraction] = field(default_factory=lambda: HARMS)
    """Share of the score that each occurrence takes away."""
    guard: Harm = Harm.MAJOR
    """What a broken guard costs where its scenario gives no degree of harm."""

    performed_from: Fraction = Fraction(80)
    some_challenges_from: Fraction = Fraction(66)
    major_challenges_from: Fraction = Fraction(50)

    points: Mapping[Signal, int] = field(default_factory=lambda: POINTS)
    confusion_from: int = 3
    """Points that two different signals or more must reach together."""
    slow_factor: int = 2
    slow_over: int = 30
    wrong_attempts: int = 3
    same_view: int = 3
    lostness_above: Fraction = Fraction(4, 10)
    lostness_views: int = 5
    silence_least: int = 60
    silence_factor: int = 3
    silence_percentile: int = 75
    undo_within: int = 120
    reformulations: int = 2
    same_output: int = 3
    estimate_strength: int = 5
    """How many calm runs the author's estimate of a step's time is worth."""


def table(judgement: Judgement) -> tuple[tuple[str, str], ...]:
    """Return every number with its name, in a fixed order, for print."""
    rows: list[tuple[str, str]] = []
    for entry in fields(judgement):
        name, value = entry.name.replace("_", " "), getattr(judgement, entry.name)
        if isinstance(value, Mapping):
            rows += [(f"{name}: {key.value}", _printed(number)) for key, number in value.items()]
        else:
            rows.append((name, _printed(value)))
    return tuple(rows)


def _printed(value: Fraction | int | Harm) -> str:
    if isinstance(value, Harm):
        return value.value
    return str(value) if value == int(value) else f"{float(value):g}"


JUDGEMENT = Judgement()
"""The numbers in force."""
