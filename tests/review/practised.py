"""Exercises as their ends leave them in a library: what they showed of the kiosk's steps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from simulator.content.runbook import read_runbook
from simulator.content.versions import book_version, outline, write_outline
from simulator.journal import Library, Practice, Summary

STEPS = ("acknowledge", "look", "restart", "verify")


class Practising:
    """Writes exercises into a library, by the runbook as it is in a folder at that moment."""

    def __init__(self, library: Library, content: Path) -> None:
        self.library = library
        self.file = content / "runbooks" / "kiosk" / "outage.md"
        self._count = 0

    def edit(self, old: str, new: str) -> None:
        """Change the runbook's text."""
        text = self.file.read_text(encoding="utf-8")
        assert old in text
        self.file.write_text(text.replace(old, new), encoding="utf-8")

    def teams(
        self, number: int, day: str = "2026-03-01", mode: str = "team", **confused: dict[str, Any]
    ) -> list[str]:
        """Let so many teams reach every step; `confused` says by step what it showed them."""
        text = self.file.read_text(encoding="utf-8")
        steps = outline(read_runbook(text, "outage", "outage.md"))
        names = []
        for _ in range(number):
            self._count += 1
            name = f"exercise{self._count:03}"
            line = Summary(
                id=name, file="", system="kiosk", scenario="kiosk/stuck", scenario_hash="",
                seed=1, mode=mode, state="sealed", started=f"{day}T10:00:00+00:00",  # type: ignore[arg-type]
            )  # fmt: skip
            plain = Practice(
                exercise=name, system="kiosk", runbook="outage", step="", version="",
                book=book_version(text), scenario="kiosk/stuck", mode=mode, who=name,
                started=line.started, confused=False, flagged=False, points=0, signals=(),
                lost=0, well=True, notes=(),
            )  # fmt: skip
            shown = [
                replace(plain, step=s.id, version=s.version, **confused.get(s.id, {}))
                for s in steps
            ]
            self.library.put(line, shown, {book_version(text): write_outline(steps)})
            names.append(name)
        return names


def lost(seconds: int = 90, *signals: str, note: str = "", flagged: bool = False) -> dict[str, Any]:
    """Return what a step shows that confused a team."""
    return {
        "confused": True,
        "points": 3,
        "signals": signals or ("hint", "slow"),
        "lost": seconds,
        "well": False,
        "flagged": flagged,
        "notes": (note,) if note else (),
    }
