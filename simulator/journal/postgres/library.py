"""The library in a database: a line on each exercise, beside the exercises themselves."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any, TypeVar

from simulator.journal import practice
from simulator.journal.decisions import Decision, dated
from simulator.journal.library import NONE, Step
from simulator.journal.library import Line as Told
from simulator.journal.postgres import form
from simulator.journal.postgres.journal import PATIENCE
from simulator.journal.postgres.line import Line, TimedConnection
from simulator.journal.practice import Heat, Practice, heat_of, practice_of
from simulator.journal.summary import Summary, choose, row_of, summary_of

T = TypeVar("T")

_NAMES = [field.name for field in fields(Summary)]
_COLUMNS = ", ".join(_NAMES)
_PUT = (
    f"INSERT INTO tabletop.summary ({_COLUMNS}) VALUES ({', '.join('%s' for _ in _NAMES)})"
    f" ON CONFLICT (id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _NAMES)}"
)


_COPY = f"COPY practice ({', '.join(practice.PRACTISED)}) FROM STDIN".encode()

WHOLE = 600.0
"""Seconds for which a library that is written anew is tried."""


class PostgresLibrary:
    """The index of one database; nothing has to be closed. See Library."""

    def __init__(self, url: str, *, patience: float = PATIENCE) -> None:
        """Name the database; it is given its form by the first `put`."""
        self._url, self._patience = url, patience
        self._line: Line | None = None

    def put(
        self,
        summary: Summary,
        practices: Sequence[Practice] | None = None,
        outlines: Mapping[str, str] = NONE,
    ) -> None:
        """Store a summary in place of the one with the same id, durably. See Library."""

        def put(db: TimedConnection) -> None:
            db.execute(_PUT, row_of(summary))
            if practices is not None:
                form.take_turns(db)
                practice.put(_asking(db), summary.id, practices)
                practice.keep(_asking(db), outlines)

        self._write(put)

    def replace_all(self, lines: Iterable[Told], outlines: Mapping[str, str] = NONE) -> None:
        """Forget all summaries and practices and store these, at once or not at all."""
        # All at hand before a connection is, for their making may take long.
        known = list(lines)

        def replace(db: TimedConnection) -> None:
            form.take_turns(db)
            db.execute("SET LOCAL statement_timeout = 0")
            ask = _asking(db)
            for table in ("summary", "practice", "outline"):
                db.execute(f"DELETE FROM tabletop.{table}".encode())
            db.cursor().executemany(_PUT, [row_of(summary) for summary, _ in known])
            rows = (practice.row_of(one) for _, practices in known for one in practices)
            with db.cursor().copy(_COPY) as copy:
                for row in rows:
                    copy.write_row(row)
            practice.settle(ask)
            practice.keep(ask, outlines)

        self._write(replace, WHOLE)

    def all(self) -> list[Summary]:
        """Return every summary, the newest first."""
        return self._select()

    def of_scenario(self, scenario: str) -> list[Summary]:
        """Return the summaries of one scenario's exercises, the newest first."""
        return self._select("WHERE scenario = %s", (scenario,))

    def find(self, name: str) -> Summary | None:
        """Return the exercise with this id, or the only one whose id begins so, or None.

        Raises AmbiguousError if several do.
        """
        return choose(name, self._select("WHERE starts_with(id, %s)", (name,)) if name else [])

    def latest(self) -> Summary | None:
        """Return the exercise that was started last, or None."""
        return next(iter(self._select(rest="LIMIT 1")), None)

    def decide(self, key: str, kind: str, subject: str, body: str, at: str = "") -> Decision:
        """Append a decision, durably, and return it. See Library."""
        values = (key.encode(), kind, subject, body.encode(), dated(at))

        def decide(db: TimedConnection) -> Decision:
            form.take_turns(db)
            known = f"{form.DECIDED} WHERE sha256(key) = sha256(%s)".encode()
            stored = db.execute(known, values[:1]).fetchall()
            if not stored:
                stored = [(*seq, *values) for seq in db.execute(form.DECIDE, values).fetchall()]
            return _decision(stored[0])

        return self._write(decide)

    def decisions(self, kind: str | None = None, subject: str | None = None) -> list[Decision]:
        """Return the decisions in their order: all, or those of a kind, of a subject, of both."""
        chosen = "coalesce(kind = %s, true) AND coalesce(subject = %s, true)"
        query = f"{form.DECIDED} WHERE {chosen} ORDER BY seq".encode()
        return [_decision(row) for row in self._read(2, query, (kind, subject))]

    def heat(self) -> list[Heat]:
        """Return the roll-up of what all exercises showed of the steps. See Library."""
        return [heat_of(row) for row in self._found(practice.ROLLED_UP)]

    def months(self, step: Step) -> list[Heat]:
        """Return the roll-up of one step month by month, the first one first."""
        return [heat_of(row) for row in self._found(practice.BY_MONTH, step)]

    def outlines(self, books: Iterable[str]) -> dict[str, str]:
        """Return the outlines of runbooks in these versions, as they were put. See Library."""
        found = self._found_each(practice.OUTLINE, [(book,) for book in books])
        return dict(row for rows in found for row in rows)

    def practices(self, step: Step, most: int) -> list[Practice]:
        """Return what at most so many exercises showed of a step, the newest first."""
        return [practice_of(row) for row in self._found(practice.OF_STEP, (*step, most))]

    def noted(self, steps: Iterable[tuple[Step, str]], most: int) -> dict[Step, list[Practice]]:
        """Return for each step those of its exercises in which people wrote of it. See Library."""
        wanted = [(step, (*step, version, most)) for step, version in steps]
        found = self._found_each(practice.NOTED, [values for _, values in wanted])
        return {
            step: [practice_of(row) for row in rows]
            for (step, _), rows in zip(wanted, found, strict=True)
        }

    def done_well(self, step: Step, scenario: str, after: str) -> Practice | None:
        """Return the first exercise of a scenario started after a time that did a step well."""
        found = self._found(practice.DONE_WELL, (*step, after, scenario))
        return next((practice_of(row) for row in found), None)

    def rehearsed(self) -> dict[str, str]:
        """Return when people last played each scenario to an end. See Library."""
        query = practice.REHEARSED.replace(" exercise ", " tabletop.summary ")
        return dict(self._read(1, query.encode(), ()))

    def _found(self, query: str, values: Sequence[str | int] = ()) -> list[Any]:
        return self._found_each(query, [values])[0]

    def _found_each(self, query: str, values: Sequence[Sequence[str | int]]) -> list[list[Any]]:
        """Return the rows that a query finds for each of several sets of values."""

        def find(db: TimedConnection) -> list[list[Any]]:
            if form.examine(db) < 3:
                return [[] for _ in values]
            with db.transaction():
                ask = _asking(db)
                return [ask(query, each) for each in values]

        return self._ask(find)

    def _select(self, where: str = "", values: Sequence[str] = (), rest: str = "") -> list[Summary]:
        order = 'ORDER BY started COLLATE "C" DESC, id COLLATE "C"'
        query = f"SELECT {_COLUMNS} FROM tabletop.summary {where} {order} {rest}"
        return [summary_of(row) for row in self._read(1, query.encode(), values)]

    def _read(self, since: int, query: bytes, values: Sequence[str | None]) -> list[Any]:
        """Return the rows that a query finds; none in a database whose form is older."""

        def read(db: TimedConnection) -> list[Any]:
            return db.execute(query, values).fetchall() if form.examine(db) >= since else []

        return self._ask(read)

    def _write(self, change: Callable[[TimedConnection], T], patience: float | None = None) -> T:
        def write(db: TimedConnection) -> T:
            form.found(db)
            with db.transaction():
                return change(db)

        return self._ask(write, patience)

    def _ask(self, question: Callable[[TimedConnection], T], patience: float | None = None) -> T:
        if self._line is None:
            # Held for as long as the library is, for connecting takes longer than asking.
            self._line = Line.to(self._url, self._patience)
            weakref.finalize(self, self._line.let_go)
        return self._line.ask(question, patience=patience)


def _asking(db: TimedConnection) -> practice.Ask:
    """Return what asks in this transaction, with the names of our tables alone."""
    db.execute("SET LOCAL search_path = tabletop")

    def ask(statement: str, values: Sequence[Any]) -> list[Any]:
        answer = db.execute(statement.replace("?", "%s").encode(), values)
        return answer.fetchall() if answer.description else []

    return ask


def _decision(row: Sequence[Any]) -> Decision:
    seq, key, kind, subject, body, at = row
    return Decision(seq, key.decode(), kind, subject, body.decode(), at)
