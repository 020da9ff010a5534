"""What many exercises showed of the steps of runbooks: a row for each, and their roll-up.

The rows are only an index, as the summaries are. Everything that a screen ranks by is in the
roll-up by month, and in that of all months, which stay small however many exercises there are.
They count each team once for a step in one version: its first exercise there, by when it began.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

Ask = Callable[[str, Sequence[Any]], list[Any]]
"""Runs a statement, with ? for each value, and returns its rows: of either engine."""


@dataclass(frozen=True, slots=True)
class Practice:
    """What one exercise showed of one step that it reached.

    `version` is the step's, `book` its runbook's; `who` tells teams apart, and people who play
    alone. `lost` are seconds. `well`: done in its place, in time, without a confusion point.
    `notes` are what people wrote.
    """

    exercise: str
    system: str
    runbook: str
    step: str
    version: str
    book: str
    scenario: str
    mode: str
    who: str
    started: str
    confused: bool
    flagged: bool
    points: int
    signals: tuple[str, ...]
    lost: int
    well: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heat:
    """A step in one version, of a runbook in one version, in one mode: in a month, or ever.

    `month` is YYYY-MM, "" for all of them together. `teams` reached it, `confused` of them were;
    `points`, `lost` (seconds) and `signals` are theirs together. `exercises` is how often it was
    reached, and `flagged` in how many of those somebody said that it confuses, repeated exercises
    too; `first` and `last` are when.
    """

    system: str
    runbook: str
    step: str
    version: str
    book: str
    month: str
    mode: str
    teams: int
    confused: int
    points: int
    lost: int
    signals: dict[str, int]
    exercises: int
    flagged: int
    first: str
    last: str


PRACTISED = tuple(field.name for field in fields(Practice))
HEATED = tuple(field.name for field in fields(Heat))
_SIGNALS = HEATED.index("signals")
_SUMMED = ("teams", "confused", "points", "lost", "exercises", "flagged")
_STEP = ("system", "runbook", "step")
_TEAM = (*_STEP, "version", "who")
_MONTH = "substr(started, 1, 7)"
_KEY = (*_TEAM, _MONTH)


def _same(names: Sequence[str]) -> str:
    return " AND ".join(f"{name} = ?" for name in names)


def _marks(names: Sequence[str]) -> str:
    return ", ".join("?" for _ in names)


def _select(names: Sequence[str]) -> str:
    return f"SELECT {', '.join(names)} FROM practice"


_HEAT_KEY = (*_STEP, "month", "version", "book", "mode")
_HEAT = f"SELECT {', '.join(HEATED)} FROM heat WHERE"
ROLLED_UP = f"{_HEAT} month = '' ORDER BY {', '.join(_HEAT_KEY)}"
BY_MONTH = f"{_HEAT} {_same(_STEP)} AND month > '' ORDER BY {', '.join(_HEAT_KEY)}"
REHEARSED = (
    "SELECT scenario, max(started) FROM exercise"
    " WHERE mode IN ('solo', 'team') AND state <> 'open' GROUP BY scenario"
)
OUTLINE = "SELECT book, steps FROM outline WHERE book = ?"
OF_STEP = f"{_select(PRACTISED)} WHERE {_same(_STEP)} ORDER BY started DESC, exercise LIMIT ?"
NOTED = OF_STEP.replace(" ORDER BY", " AND notes <> '' AND version = ? ORDER BY")
DONE_WELL = (
    f"{_select(PRACTISED)} WHERE {_same(_STEP)} AND started > ? AND well = 1 AND scenario = ?"
    " ORDER BY started, exercise LIMIT 1"
)
_COUNT = """UPDATE practice SET counts = CASE WHEN EXISTS (
  SELECT 1 FROM practice AS e WHERE e.system = practice.system AND e.runbook = practice.runbook
    AND e.step = practice.step AND e.version = practice.version AND e.who = practice.who
    AND (e.started, e.exercise) < (practice.started, practice.exercise)
) THEN 0 ELSE 1 END"""


def row_of(practice: Practice) -> tuple[Any, ...]:
    """Return a practice as a row of its table, without `counts`, which is computed."""
    values = {name: getattr(practice, name) for name in PRACTISED}
    for name in ("confused", "flagged", "well"):
        values[name] = int(values[name])
    for name in ("signals", "notes"):
        values[name] = json.dumps(values[name]) if values[name] else ""
    return tuple(values.values())


def practice_of(row: Sequence[Any]) -> Practice:
    """Return the practice that a row holds."""
    named = dict(zip(PRACTISED, row, strict=True))
    for name in ("confused", "flagged", "well"):
        named[name] = bool(named[name])
    for name in ("signals", "notes"):
        named[name] = tuple(json.loads(named[name] or "[]"))
    return Practice(**named)


def heat_of(row: Sequence[Any]) -> Heat:
    """Return the line of the roll-up that a row holds."""
    values = list(row)
    values[_SIGNALS] = json.loads(values[_SIGNALS])
    return Heat(*values)


def put(ask: Ask, exercise: str, practices: Iterable[Practice]) -> None:
    """Store what an exercise showed, in place of what was stored of it, and roll it up again."""
    rows = [row_of(one) for one in practices]
    touched = {tuple(row) for row in ask(f"{_select(_KEY)} WHERE exercise = ?", (exercise,))}
    ask("DELETE FROM practice WHERE exercise = ?", (exercise,))
    insert(ask, rows)
    touched |= {tuple(row) for row in ask(f"{_select(_KEY)} WHERE exercise = ?", (exercise,))}
    months = {(*key[:3], key[-1]) for key in touched}
    for team in sorted({key[:5] for key in touched}):
        ask(f"{_COUNT} WHERE {_same(_TEAM)}", team)
        found = ask(f"SELECT DISTINCT {_MONTH} FROM practice WHERE {_same(_TEAM)}", team)
        months |= {(*team[:3], month) for (month,) in found}
    for month in sorted(months):
        roll_up(ask, month)
    for step in sorted({month[:3] for month in months}):
        add_up(ask, step)


def insert(ask: Ask, rows: Iterable[tuple[Any, ...]]) -> None:
    """Store rows that are not counted yet."""
    statement = f"INSERT INTO practice ({', '.join(PRACTISED)}) VALUES ({_marks(PRACTISED)})"
    for row in rows:
        ask(statement, row)


def keep(ask: Ask, outlines: Mapping[str, str]) -> None:
    """Keep the outlines of runbooks, each by the version of its text."""
    for book, steps in outlines.items():
        ask("INSERT INTO outline (book, steps) VALUES (?, ?) ON CONFLICT DO NOTHING", (book, steps))


def settle(ask: Ask) -> None:
    """Count and roll up all rows."""
    ask(_COUNT, ())
    ask("DELETE FROM heat", ())
    for month in ask(f"SELECT DISTINCT {', '.join(_STEP)}, {_MONTH} FROM practice", ()):
        roll_up(ask, month)
    for step in ask(f"SELECT DISTINCT {', '.join(_STEP)} FROM practice", ()):
        add_up(ask, step)


def roll_up(ask: Ask, month: Sequence[str]) -> None:
    """Make the roll-up of one step in one month anew: (system, runbook, step, YYYY-MM)."""
    ask(f"DELETE FROM heat WHERE {_same((*_STEP, 'month'))}", month)
    wanted = ("version", "book", "mode", "started", "counts", "confused", "flagged", "points")
    found = ask(
        f"{_select((*wanted, 'lost', 'signals'))} WHERE {_same(_STEP)}"
        # A tilde stands behind whatever a date goes on with.
        " AND started >= ? AND started < ? ORDER BY started",
        (*month[:3], month[3], f"{month[3]}~"),
    )
    groups: dict[tuple[str, str, str], list[Sequence[Any]]] = {}
    for version, book, mode, *rest in found:
        groups.setdefault((version, book, mode), []).append(rest)
    for (version, book, mode), rows in sorted(groups.items()):
        counted = [row for row in rows if row[1]]
        system, runbook, step, _ = month
        line = Heat(
            system=system,
            runbook=runbook,
            step=step,
            version=version,
            book=book,
            month=month[3],
            mode=mode,
            teams=len(counted),
            confused=sum(row[2] for row in counted),
            points=sum(row[4] for row in counted),
            lost=sum(row[5] for row in counted),
            signals=Counter(name for row in counted for name in json.loads(row[6] or "[]")),
            exercises=len(rows),
            flagged=sum(row[3] for row in rows),
            first=rows[0][0],
            last=rows[-1][0],
        )
        _insert_heat(ask, line)


def add_up(ask: Ask, step: Sequence[str]) -> None:
    """Make what the months of a step are together anew."""
    ask(f"DELETE FROM heat WHERE {_same(_STEP)} AND month = ''", step)
    groups: dict[tuple[str, str, str], list[Heat]] = {}
    for one in map(heat_of, ask(BY_MONTH, step)):
        groups.setdefault((one.version, one.book, one.mode), []).append(one)
    for months in groups.values():
        signals: Counter[str] = Counter()
        for one in months:
            signals.update(one.signals)
        together = replace(
            months[0],
            month="",
            **{name: sum(getattr(one, name) for one in months) for name in _SUMMED},
            signals=signals,
            first=min(one.first for one in months),
            last=max(one.last for one in months),
        )
        _insert_heat(ask, together)


def _insert_heat(ask: Ask, heat: Heat) -> None:
    values = {name: getattr(heat, name) for name in HEATED}
    values["signals"] = json.dumps(dict(sorted(heat.signals.items())))
    statement = f"INSERT INTO heat ({', '.join(HEATED)}) VALUES ({_marks(HEATED)})"
    ask(statement, tuple(values.values()))


def tables(text: str, whole: str, clustered: str = "") -> tuple[str, ...]:
    """Return the statements that make the tables, with an engine's types for text and numbers.

    `clustered` is what the engine says of a table that is kept in the order of its key.
    """
    columns = {name: f"{name} {text} NOT NULL" for name in (*PRACTISED, *HEATED)}
    for name in ("confused", "flagged", "points", "lost", "well", "teams", "exercises"):
        columns[name] = f"{name} {whole} NOT NULL"
    practised = ", ".join(columns[name] for name in PRACTISED)
    heated = ", ".join(columns[name] for name in HEATED)
    step = ", ".join(_STEP)
    return (
        f"CREATE TABLE practice ({practised}, counts {whole} NOT NULL DEFAULT 0,"
        f" PRIMARY KEY ({step}, started, exercise)){clustered}",
        "CREATE INDEX practice_of_exercise ON practice (exercise)",
        f"CREATE INDEX practice_of_team ON practice ({', '.join(_TEAM)}, started, exercise)",
        f"CREATE INDEX practice_noted ON practice ({step}, started) WHERE notes <> ''",
        f"CREATE TABLE outline (book {text} PRIMARY KEY, steps {text} NOT NULL){clustered}",
        f"CREATE TABLE heat ({heated}, PRIMARY KEY ({', '.join(_HEAT_KEY)})){clustered}",
        f"CREATE INDEX heat_of_all ON heat ({step}) WHERE month = ''",
    )
