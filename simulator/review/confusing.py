"""Which steps confuse, over all exercises of a store: ranked, with what was seen and said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from simulator.journal import Heat, Library, Practice
from simulator.review.books import Book, named, read_books
from simulator.review.ranking import Figure, Ranked, prior, rank

QUOTES = 3


@dataclass(frozen=True)
class Spell:
    """How a step fared in one wording, from `first` to `last`; "" where nobody has reached it.

    `teams` reached it (of those who play alone the first attempts), `confused` of them were.
    `lost` are their seconds beyond the expected, `exercises` counts repeated ones, too, `flagged`
    those in which somebody said that it confuses.
    """

    version: str
    teams: int = 0
    confused: int = 0
    lost: int = 0
    signals: tuple[tuple[str, int], ...] = ()
    exercises: int = 0
    flagged: int = 0
    scripted: int = 0
    first: str = ""
    last: str = ""


@dataclass(frozen=True)
class ConfusingStep:
    """A step with its place in the ranking: in its present wording, and in those before it."""

    system: str
    runbook: str
    step: str
    title: str
    file: str
    line: int
    value: Fraction
    listed: bool
    now: Spell
    earlier: tuple[Spell, ...]
    """The latest first."""

    @property
    def before(self) -> Spell | None:
        """How it fared in the wording before this one, if anybody came to it then."""
        return next(iter(self.earlier), None)

    @property
    def key(self) -> tuple[str, str, str]:
        """The step, as the library names it."""
        return self.system, self.runbook, self.step


@dataclass(frozen=True)
class Edition:
    """A runbook in one version of its text: how often its steps were reached and confused."""

    system: str
    runbook: str
    version: str
    reached: int
    confused: int
    lost: int
    first: str
    last: str
    present: bool

    @property
    def key(self) -> tuple[str, str]:
        """The runbook's system and name."""
        return self.system, self.runbook


@dataclass(frozen=True)
class Quote:
    """What somebody wrote of a step in an exercise."""

    text: str
    exercise: str
    on: str


@dataclass(frozen=True)
class Confusing:
    """The ranking of all steps, or of one runbook's; `guess` is the share of all together."""

    steps: tuple[ConfusingStep, ...]
    guess: Fraction
    editions: tuple[Edition, ...]
    books: Mapping[tuple[str, str], Book]
    teams: int
    scripted: int

    @property
    def listed(self) -> tuple[ConfusingStep, ...]:
        """The steps that are worth somebody's attention."""
        return tuple(step for step in self.steps if step.listed)


def read_confusing(
    library: Library, root: Path, runbook: str = "", *, people: bool = False
) -> Confusing:
    """Return the ranking of all steps that anybody reached; with `people` without scripts.

    The steps of one runbook are ranked among all. Raises JournalError, ContentError for a runbook
    that is not known.
    """
    heat = [one for one in library.heat() if not (people and one.mode == "run")]
    reached = {(one.system, one.runbook) for one in heat}
    only: tuple[str, str] | None = None
    if runbook:
        every = {(system, file) for system, file in reached} | set(_present(root))
        only = named(runbook, every)
    books = read_books(root, library, reached | ({only} if only else set()))
    spells = _spells(heat)
    steps = _ranked(spells, books)
    shown = tuple(one for one in steps if only in (None, (one.system, one.runbook)))
    editions = tuple(
        one for one in _editions(heat, books) if only in (None, (one.system, one.runbook))
    )
    figures = [_figure(one.key, one.now) for one in steps]
    return Confusing(
        steps=shown,
        guess=prior(figures),
        editions=editions,
        books={key: book for key, book in books.items() if only in (None, key)},
        teams=max((one.now.teams for one in shown), default=0),
        scripted=max((one.now.scripted for one in shown), default=0),
    )


def quotes(
    library: Library, steps: Iterable[ConfusingStep], most: int = QUOTES
) -> dict[tuple[str, str, str], tuple[Quote, ...]]:
    """Return what people wrote of each step in its present wording, the newest first."""
    noted = library.noted([(step.key, step.now.version) for step in steps], most)
    return {key: tuple(_quotes(practices))[:most] for key, practices in noted.items()}


def _quotes(practices: Iterable[Practice]) -> Iterator[Quote]:
    told = set()
    for one in practices:
        for text in one.notes:
            if text not in told:
                told.add(text)
                yield Quote(text, one.exercise, one.started[:10])


def _present(root: Path) -> Iterator[tuple[str, str]]:
    from simulator.content.finding import runbook_files, systems

    for system in systems(root):
        yield from ((system, file.stem) for file in runbook_files(root, system))


def _spells(heat: Iterable[Heat]) -> dict[tuple[str, str, str], list[Spell]]:
    """Return how each step fared in each wording, the latest first."""
    parts: dict[tuple[str, str, str], dict[str, list[Heat]]] = {}
    for one in heat:
        step = parts.setdefault((one.system, one.runbook, one.step), {})
        step.setdefault(one.version, []).append(one)
    return {
        step: sorted(
            (_spell(version, rows) for version, rows in versions.items()),
            key=lambda spell: (spell.last, spell.first, spell.version),
            reverse=True,
        )
        for step, versions in parts.items()
    }


def _spell(version: str, rows: Sequence[Heat]) -> Spell:
    signals: Counter[str] = Counter()
    for row in rows:
        signals.update(row.signals)
    return Spell(
        version=version,
        teams=sum(row.teams for row in rows),
        confused=sum(row.confused for row in rows),
        lost=sum(row.lost for row in rows),
        signals=tuple(sorted(signals.items(), key=lambda entry: (-entry[1], entry[0]))),
        exercises=sum(row.exercises for row in rows),
        flagged=sum(row.flagged for row in rows),
        scripted=sum(row.teams for row in rows if row.mode == "run"),
        first=min(row.first for row in rows),
        last=max(row.last for row in rows),
    )


def _ranked(
    spells: Mapping[tuple[str, str, str], list[Spell]], books: Mapping[tuple[str, str], Book]
) -> tuple[ConfusingStep, ...]:
    """Return the steps that are still in their runbooks, ranked in their present wording."""
    now: dict[str, tuple[tuple[str, str, str], Spell]] = {}
    for key, known in spells.items():
        book = books.get(key[:2])
        present = book.step(key[2]) if book else None
        if book is not None and present is None:
            continue
        version = present.version if present else known[0].version
        spell = next((one for one in known if one.version == version), Spell(version))
        now["/".join(key[:2]) + f"#{key[2]}"] = key, spell
    ranked = rank(_figure(key, spell) for key, spell in now.values())
    return tuple(_step(one, *now[one.figure.step], spells, books) for one in ranked)


def _figure(key: tuple[str, str, str], spell: Spell) -> Figure:
    name = "/".join(key[:2]) + f"#{key[2]}"
    return Figure(name, spell.teams, spell.confused, spell.flagged)


def _step(
    ranked: Ranked,
    key: tuple[str, str, str],
    now: Spell,
    spells: Mapping[tuple[str, str, str], list[Spell]],
    books: Mapping[tuple[str, str], Book],
) -> ConfusingStep:
    book = books.get(key[:2])
    present = book.step(key[2]) if book else None
    return ConfusingStep(
        *key,
        title=present.title if present else key[2],
        file=book.file if book else "",
        line=present.line if present else 0,
        value=ranked.value,
        listed=ranked.listed,
        now=now,
        earlier=tuple(one for one in spells[key] if one.version != now.version),
    )


def _editions(heat: Iterable[Heat], books: Mapping[tuple[str, str], Book]) -> Iterator[Edition]:
    """Yield each version of each runbook that somebody followed, the latest last."""
    parts: dict[tuple[str, str, str], list[Heat]] = {}
    for one in heat:
        parts.setdefault((one.system, one.runbook, one.book), []).append(one)
    every = [
        Edition(
            *key,
            reached=sum(row.teams for row in rows),
            confused=sum(row.confused for row in rows),
            lost=sum(row.lost for row in rows),
            first=min(row.first for row in rows),
            last=max(row.last for row in rows),
            present=key[:2] in books and books[key[:2]].version == key[2],
        )
        for key, rows in parts.items()
    ]
    yield from sorted(every, key=lambda one: (one.system, one.runbook, one.last, one.version))
