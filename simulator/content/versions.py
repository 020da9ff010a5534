"""Versions of a runbook and of its steps: by them one tells whether two teams followed the same."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from itertools import pairwise

from simulator.content.runbook import Runbook

LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step of a runbook in one line: its version, its title, and its lines from 1, inclusive."""

    id: str
    version: str
    title: str
    line: int
    end: int


_NUMBER = re.compile(r"\A\s*\d+[.)](?=\s)")


def book_version(text: str) -> str:
    """Return the version of a runbook by its text: eight hexadecimal digits."""
    return _digest(text)


def step_versions(runbook: Runbook) -> dict[str, str]:
    """Return the version of each step by its id: eight hexadecimal digits.

    It changes with the step's own text and with the step that stands before it: who follows a
    runbook in which a step was moved or put before another does something else there. What
    stands before counts only under an id that its author gave it, for others change with the text.
    A step's number does not count: it changes wherever one is put in.
    """
    before = {step.id: earlier.id for earlier, step in pairwise(runbook.steps) if earlier.marked}
    return {
        step.id: _digest(f"{before.get(step.id, '')}\n{_NUMBER.sub('', step.body, count=1)}")
        for step in runbook.steps
    }


def outline(runbook: Runbook) -> tuple[StepLine, ...]:
    """Return every step of a runbook in one line each, in their order."""
    versions = step_versions(runbook)
    return tuple(
        StepLine(step.id, versions[step.id], step.text[:LONGEST_TITLE], step.line, step.end)
        for step in runbook.steps
    )


def write_outline(steps: Iterable[StepLine]) -> str:
    """Return an outline as JSON, to be kept: reading a long runbook takes a tenth of a second."""
    return json.dumps([astuple(step) for step in steps], separators=(",", ":"))


def read_outline(kept: str) -> tuple[StepLine, ...]:
    """Return the outline that was kept."""
    return tuple(StepLine(*step) for step in json.loads(kept))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
