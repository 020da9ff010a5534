"""What is wrong with content, where, and what would put it right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

ALIKE = 0.6
"""How alike two names must be, from 0 to 1, for one to be suggested for the other."""


@dataclass(frozen=True)
class Problem:
    """One fault of a content file; `line` and `column` are 1-based, None when there is no place."""

    place: str
    line: int | None
    column: int | None
    fault: str
    remedy: str | None = None
    level: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        where = self.place
        if self.line is not None:
            where += f":{self.line}"
            if self.column is not None:
                where += f":{self.column}"
        fault = f"warning: {self.fault}" if self.level == "warning" else self.fault
        return f"{where}: {fault}; {self.remedy}" if self.remedy else f"{where}: {fault}"


class ContentError(Exception):
    """Content that cannot be used, with every problem that was found in it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate most like `name`, or None when none is alike."""
    from rapidfuzz.distance import OSA, JaroWinkler

    wanted = _plain(name)
    best: tuple[float, str] | None = None
    for candidate in sorted(set(candidates)):
        other = _plain(candidate)
        alike = OSA.normalized_similarity(wanted, other)
        if len(wanted) >= 3:  # "desc" is short for "description"
            alike = max(alike, JaroWinkler.normalized_similarity(wanted, other) - 0.25)
        if alike >= ALIKE and (best is None or alike > best[0]):
            best = (alike, candidate)
    return best[1] if best else None


def did_you_mean(name: str, candidates: Iterable[str]) -> str | None:
    """Return the remedy that names the candidate most like `name`, if there is one."""
    found = nearest(name, candidates)
    return f'did you mean "{found}"?' if found is not None else None


def _plain(name: str) -> str:
    return name[:200].strip().lower().replace("_", "-").replace(" ", "-")
