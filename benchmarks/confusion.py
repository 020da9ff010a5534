"""Confusion over 100,000 finished exercises: what the command asks and what the screen opens with.

A store of 100,000 exercises over three years is made by summaries alone, as the ends of exercises
would have written them; then both are timed. The last figure is the end of one more exercise.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

from simulator.content.finding import packaged_content, runbook_files, systems
from simulator.content.runbook import read_runbook
from simulator.content.versions import StepLine, book_version, outline, write_outline
from simulator.journal import Library, Practice, Store, Summary, store_at
from simulator.review.books import read_books
from simulator.review.confusing import quotes, read_confusing
from simulator.review.confusing_text import MOST, confusing_text

LIMIT = 100.0
"""Milliseconds."""
BEGUN = date(2023, 7, 1)
SCENARIOS = 9
STEPS = 12
SIGNALS = ("hint", "slow", "question", "skipped ahead", "idle", "harm")


def main() -> None:
    """Make the store, time what opens, and say which figures miss the limit."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--exercises", type=int, default=100_000)
    asked.add_argument("--postgres", action="store_true", help="In a server of the tests', too.")
    given = asked.parse_args()
    with TemporaryDirectory() as folder:
        slow = measure("SQLite", Store(Path(folder)), given.exercises)
    if given.postgres:
        sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
        from postgres_server import PostgresServer  # type: ignore[import-not-found]

        server = PostgresServer()
        try:
            server.start()
            slow += measure("PostgreSQL", store_at(server.url), given.exercises)
        finally:
            server.remove()
    sys.exit(1 if slow else 0)


def measure(name: str, store: Store, exercises: int) -> int:
    """Print the figures of one engine; return how many miss the limit."""
    library, root = store.library(), packaged_content()
    books, outlines = texts(root)
    began = time.perf_counter()
    library.replace_all(history(books, exercises), outlines)
    made = time.perf_counter() - began
    rows = sum(one.exercises for one in library.heat())
    print(f"{name}: {exercises:,} exercises, {rows:,} steps reached, written in {made:.0f} s")
    hottest = read_confusing(library, root).listed[0]
    slow = 0
    for what, act in asks(library, root, f"{hottest.system}/{hottest.runbook}").items():
        times = timed(act, 30)
        p50, p95 = quantiles(times, n=100)[49], quantiles(times, n=100)[94]
        slow += p50 > LIMIT
        print(f"  {what:<44} {p50:6.1f} ms p50 {p95:6.1f} ms p95, {p50 / LIMIT:.2f} of the limit")
    last = list(history(books, 20, exercises))
    times = [timed(partial(library.put, *line), 1)[0] for line in last]
    print(f"  {'the end of one more exercise':<44} {sorted(times)[10]:6.1f} ms p50")
    return slow


def asks(library: Library, root: Path, runbook: str) -> Mapping[str, Callable[[], object]]:
    """Return what is timed, by its name."""

    def command() -> str:
        found = read_confusing(library, root)
        return confusing_text(found, quotes(library, found.listed[:MOST]), None)

    def screen() -> object:
        found = read_confusing(library, root, runbook)
        return found, quotes(library, found.listed[:1])

    return {
        "tabletop confusion": command,
        "tabletop confusion --runbook, and its screen": screen,
        "the roll-up alone": library.heat,
        "all runbooks in outline": lambda: read_books(root, library),
        "when each scenario was rehearsed": library.rehearsed,
    }


def timed(act: Callable[[], object], times: int) -> list[float]:
    """Return how long an act takes, in milliseconds, so many times."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        found.append((time.perf_counter() - began) * 1000)
    return found


Books = list[tuple[str, str, str, tuple[StepLine, ...]]]


def texts(root: Path) -> tuple[Books, dict[str, str]]:
    """Return (system, name, version, steps) of each runbook, and the outlines to keep."""
    books: Books = []
    kept = {}
    for system in systems(root):
        for file in runbook_files(root, system):
            text = file.read_text(encoding="utf-8")
            steps = outline(read_runbook(text, file.stem, file.name))
            books.append((system, file.stem, book_version(text), steps))
            kept[book_version(text)] = write_outline(steps)
    return books, kept


def history(
    books: Books, exercises: int, after: int = 0
) -> Iterator[tuple[Summary, list[Practice]]]:
    """Yield exercises over three years: nine scenarios of twelve steps, a tenth of them confused.

    A third are of teams that play again; the runbooks were changed once a year.
    """
    dice = random.Random(7 + after)
    for number in range(after, after + exercises):
        day = BEGUN + timedelta(days=dice.randrange(3 * 365))
        started = f"{day}T{dice.randrange(24):02}:{dice.randrange(60):02}:00+00:00"
        which = dice.randrange(SCENARIOS)
        system, name, version, steps = books[which % len(books)]
        chosen = steps[(which * 7) % max(1, len(steps) - STEPS) :][:STEPS]
        line = Summary(
            id=f"e{number:09}", file="", system=system, scenario=f"{system}/s{which}",
            scenario_hash="", seed=1, mode="solo" if number % 2 else "team", state="sealed",
            started=started, finished=started, minutes=30, score=70, rating="S",
        )  # fmt: skip
        who = f"team {dice.randrange(exercises // 3 or 1) if number % 3 else number}"
        before = "" if day.year == 2026 else str(day.year)
        yield (
            line,
            [
                shown(line, name, step, f"{version}{before}", f"{step.version}{before}", who, dice)
                for step in chosen
            ],
        )


def shown(
    line: Summary, name: str, step: StepLine, book: str, version: str, who: str, dice: random.Random
) -> Practice:
    """Return what one exercise showed of a step; some steps are harder than others."""
    plain = Practice(
        exercise=line.id, system=line.system, runbook=name, step=step.id, version=version,
        book=book, scenario=line.scenario, mode=line.mode, who=who, started=line.started,
        confused=False, flagged=False, points=0, signals=(), lost=0, well=True, notes=(),
    )  # fmt: skip
    if dice.random() > (0.4 if hash_of(step.id) % 9 == 0 else 0.05):
        return plain
    return replace(
        plain, confused=True, points=4, signals=tuple(dice.sample(SIGNALS, 2)), lost=90, well=False,
        flagged=dice.random() < 0.1,
        notes=("Which of the two does it mean?",) if dice.random() < 0.2 else (),
    )  # fmt: skip


def hash_of(text: str) -> int:
    """Return a number that is the same for a text in every process."""
    return sum(text.encode())


if __name__ == "__main__":
    main()
