"""Versions of a runbook and of its steps: by them one tells whether two teams followed the same."""

from __future__ import annotations

import hashlib
import re
from itertools import pairwise

from simulator.content.runbook import Runbook

_NUMBER = re.compile(r"\A\s*\d+[.)](?=\s)")


def book_version(runbook: Runbook) -> str:
    """Return the version of a runbook's text: eight hexadecimal digits."""
    return _digest(runbook.text)


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


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
