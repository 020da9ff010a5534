"""The kiosk's content with something changed in it."""

from __future__ import annotations

import shutil
from pathlib import Path

SYSTEM = "scenarios/kiosk/system.yaml"
SCENARIO = "scenarios/kiosk/stuck.yaml"
RUNBOOK = "runbooks/kiosk/outage.md"
NAME = "kiosk/stuck"

Edit = tuple[str, str, str]
"""In which file, what, becomes what."""


def edited(kiosk: Path, folder: Path, *edits: Edit) -> Path:
    """Return a copy of the kiosk's content in which each text was replaced, all of them there."""
    root = folder / "content"
    shutil.copytree(kiosk, root)
    for file, old, new in edits:
        text = (root / file).read_text(encoding="utf-8")
        assert text.count(old) >= 1, f"{file} has no {old!r}"
        (root / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return root


def line_of(root: Path, file: str, text: str) -> int:
    """Return the number of the first line that holds a text."""
    lines = (root / file).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)
