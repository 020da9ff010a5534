"""A line on one exercise, and how the tables of either engine hold it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

Mode = Literal["solo", "team", "run", "fork"]
"""A fork was continued alone from a moment of another exercise: it is no attempt of its own."""
State = Literal["open", "ended", "sealed"]


@dataclass(frozen=True, slots=True)
class Summary:
    """One line on one exercise. Times are UTC in ISO form, given by whoever plays."""

    id: str
    file: str
    system: str
    scenario: str
    scenario_hash: str
    seed: int
    mode: Mode
    state: State
    started: str
    finished: str | None = None
    minutes: int = 0
    score: int | None = None
    rating: str | None = None
    attempt: str = ""
    """What the player calls this attempt."""
    engine: str = ""
    """The version of Tabletop that played it."""
    calm: str = "{}"
    """What it says of how long its steps take, as JSON; the session knows what it means."""


class AmbiguousError(LookupError):
    """Several exercises begin with what was asked for; `ids` are theirs."""

    def __init__(self, prefix: str, ids: list[str]) -> None:
        super().__init__(f"{prefix} is the beginning of {', '.join(ids)}")
        self.ids = ids


def choose(name: str, near: list[Summary]) -> Summary | None:
    """Return the one that `name` means of the exercises whose ids begin so, if there is one.

    Raises AmbiguousError if it may be several.
    """
    exact = [summary for summary in near if summary.id == name]
    if len(near) > 1 and not exact:
        raise AmbiguousError(name, sorted(summary.id for summary in near))
    return next(iter(exact or near), None)


def row_of(summary: Summary) -> tuple[Any, ...]:
    """Return a summary as a row of a table, in the order of its fields."""
    return tuple({**asdict(summary), "seed": str(summary.seed)}.values())


def summary_of(row: Sequence[Any]) -> Summary:
    """Return the summary that a row of a table holds."""
    named = dict(zip((field.name for field in fields(Summary)), row, strict=True))
    return Summary(**{**named, "seed": int(named["seed"])})
