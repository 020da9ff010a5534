"""Tables for spreadsheets: marks by step, one row per exercise. No cell can be a formula.

A cell of text that a spreadsheet might take for a formula gets a quote before it, which
spreadsheets show as nothing or as a quote, and never run.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Cell = str | int | float | bool | None

_STARTS = frozenset("=+-@\t\r\n＝＋－＠|%")
"""What a formula may begin with, in one spreadsheet or another; also in full width."""


def safe(cell: Cell) -> Cell:
    """Return a cell that no spreadsheet takes for a formula. Numbers stay numbers."""
    if not isinstance(cell, str):
        return cell
    begins = cell.lstrip(" \u00a0\u3000\u200b\ufeff")
    return f"'{cell}" if begins[:1] in _STARTS and begins else cell


def table(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return a table as CSV: every text in quotes, lines ended as the standard has it."""
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow(["" if cell is None else _plain(safe(cell)) for cell in row])
    return file.getvalue()


def _plain(cell: Cell) -> Cell:
    return ("yes" if cell else "no") if isinstance(cell, bool) else cell


STEPS = (
    "exercise", "scenario", "seed", "step", "title", "place", "objective", "how", "at",
    "weight", "lost_share", "lost_points", "ticked_at", "mismatch", "overruled", "spent",
    "expected", "confusing", "signals", "evidence",
)  # fmt: skip


def steps_csv(model: Mapping[str, Any]) -> str:
    """Return the marks by step of a report's model, one row a step; times are seconds."""
    return table(STEPS, _rows(model))


def _rows(model: Mapping[str, Any]) -> Iterator[list[Cell]]:
    points = {line["subject"]: line["points"] for line in model["lines"] if line["kind"] == "step"}
    confused = {one["step"]: one for one in model["confusion"]}
    told = {one["step"]: one for one in [*model["remarks"], *model["confusion"]]}
    objectives: dict[str, str] = {}
    for one in model["objectives"]:
        for step in one["steps"]:
            objectives.setdefault(step["step"], one["objective"])
    for step in model["steps"]:
        name = step["step"]
        signs = told.get(name, {})
        yield [
            model["exercise"],
            model["scenario"]["name"],
            model["scenario"]["seed"],
            name,
            step["title"],
            step["place"],
            objectives.get(name, ""),
            step["how"],
            step["at"],
            step["weight"],
            step["lost_share"],
            points.get(name, 0),
            step["ticked_at"],
            step["mismatch"],
            step["overruled"],
            signs.get("dwell"),
            signs.get("expected"),
            name in confused,
            ", ".join(sign["signal"] for sign in signs.get("signals", ())),
            step["evidence"],
        ]


EXERCISES = (
    "id", "system", "scenario", "scenario_hash", "seed", "mode", "state", "started", "finished",
    "minutes", "score", "rating", "attempt", "engine",
)  # fmt: skip


def exercises_csv(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return one row per exercise, from the lines that a library has on them."""
    return table(EXERCISES, ([row[name] for name in EXERCISES] for row in rows))
