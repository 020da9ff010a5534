"""An edit with its other half: the runbook's text, and every scenario that names the step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from simulator.assessment import Assessment, procedure_of
from simulator.content.pack import Pack, pack_of
from simulator.content.problems import ContentError
from simulator.content.references import references
from simulator.review.revising import edits as e
from simulator.review.revising.procedures import edited
from simulator.review.revising.scenario_lines import with_times, write_scenario
from simulator.review.revising.writing import CannotWriteError

Play: TypeAlias = Callable[[Pack, Sequence[Mapping[str, Any]]], Assessment | None]
"""Plays a script of a scenario; returns None where it cannot be played to its end."""

_SEED_NOTE = "prove it with: tabletop check"


@dataclass(frozen=True)
class Other:
    """A scenario with its half of an edit; `note` is what is left to a person, "" for nothing.

    `required` says whether steps that were put in count there.
    """

    name: str
    file: str
    text: str
    required: bool
    note: str = ""


def other_halves(
    packs: Iterable[Pack], place: str, text: str, edit: e.Edit, play: Play
) -> Iterator[Other]:
    """Yield the scenarios that change with the runbook at `place`, whose new text is given.

    Each is read again and its own solution played: a step that it does not do cannot be required,
    and where steps change places the acts that do them do, too. Raises CannotWriteError.
    """
    book = place.rpartition("/")[2].removesuffix(".md")
    if not e.frees_moves_adds_or_removes(edit):
        return
    for pack in packs:
        file = f"scenarios/{pack.name}.yaml"
        found = _half(pack, file, book, edit, {place: text}, play)
        if found is not None:
            yield found


def _half(
    pack: Pack, file: str, book: str, edit: e.Edit, texts: Mapping[str, str], play: Play
) -> Other | None:
    old = pack.texts[file]
    try:
        new = write_scenario(file, old, book, edit)
        if new == old:
            return None
        after = _read(pack, book, edit, {**texts, file: new}, required=True)
        solved = _solved(after, play)
        before = _solved(pack, play)
        if solved >= min(before, _PERFECT):
            return Other(pack.name, file, new, required=True)
        if isinstance(edit, e.Insert):
            free = write_scenario(file, old, book, edit, required=False)
            _read(pack, book, edit, {**texts, file: free}, required=False)
            return Other(pack.name, file, free, required=False)
        if isinstance(edit, e.Move):
            timed = _retimed(pack, file, new, book, edit, play)
            if timed is not None:
                again = _read(pack, book, edit, {**texts, file: timed}, required=True)
                if _solved(again, play) >= min(before, _PERFECT):
                    return Other(pack.name, file, timed, required=True)
    except CannotWriteError as error:
        raise CannotWriteError(f"{file}: {error}") from None
    note = f"the solution that {pack.name} gives has to follow: {_SEED_NOTE}"
    return Other(pack.name, file, new, required=True, note=note)


_PERFECT = (100, 3)


def _solved(pack: Pack, play: Play) -> tuple[int, int]:
    """Return the score and rating of a scenario's own solution; below all where it breaks off."""
    done = play(pack, pack.scenario.solution)
    if done is None:
        return (-1, -1)
    return (int(done.marks.score), done.marks.rating.value)


def _read(pack: Pack, book: str, edit: e.Edit, texts: Mapping[str, str], required: bool) -> Pack:
    """Return the scenario as it then reads; refuse what is not exactly the edit."""
    try:
        after = pack_of(pack.name, {**pack.texts, **texts})
    except ContentError as error:
        raise CannotWriteError(str(error.problems[0])) from None
    known = {problem.fault for problem in references(pack)}
    fresh = [problem for problem in references(after) if problem.fault not in known]
    if fresh:
        raise CannotWriteError(f"something else names the step: {fresh[0]}")
    wanted = edited(procedure_of(pack.scenario.procedure), book, edit, required)
    if not isinstance(edit, e.Limit) and procedure_of(after.scenario.procedure) != wanted:
        raise CannotWriteError("read again, its procedure would not be what is meant")
    return after


def _retimed(pack: Pack, file: str, text: str, book: str, edit: e.Move, play: Play) -> str | None:
    """Return the scenario with the acts of its solution at each other's times, where steps moved.

    The moved step's act comes when that of the first step behind it came, and each of those when
    the next one did.
    """
    done = play(pack, pack.scenario.solution)
    if done is None:
        return None
    script = pack.scenario.solution
    order = sorted(range(len(script)), key=lambda number: int(script[number].get("at", -1)))
    names = (f"{book}#{edit.step}", f"{book}#{edit.before}")
    acts = {}
    for outcome in done.marks.steps:
        if outcome.step in names and outcome.act is not None and outcome.act >= 1:
            acts[outcome.step] = order[outcome.act - 1]
    if len(acts) < 2:
        return None
    moved, passed = acts[names[0]], acts[names[1]]
    first, last = int(script[passed]["at"]), int(script[moved]["at"])
    if first >= last:
        return None
    times = [(moved, last, first), (passed, first, last)]
    return with_times(file, text, ("solution",), times)
