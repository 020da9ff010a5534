"""The runbooks as they are now, each in outline: its steps with their versions and lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from simulator.content.finding import runbook_files, systems
from simulator.content.problems import ContentError, Problem, did_you_mean
from simulator.content.runbook import read_runbook
from simulator.content.versions import StepLine, book_version, outline, read_outline
from simulator.journal import Library


@dataclass(frozen=True)
class Book:
    """A runbook; `file` is its place below the content's folder, `version` that of its text."""

    system: str
    name: str
    file: str
    text: str
    version: str
    steps: tuple[StepLine, ...]

    @property
    def key(self) -> tuple[str, str]:
        """The system and the name."""
        return self.system, self.name

    def step(self, id_: str) -> StepLine | None:
        """Return the step with this id, if there is one."""
        return next((step for step in self.steps if step.id == id_), None)


def read_books(
    root: Path, library: Library, wanted: Iterable[tuple[str, str]] | None = None
) -> dict[tuple[str, str], Book]:
    """Return the runbooks under a content's folder, or those (system, name) that are wanted.

    What is not there or not text is left out. An outline that the library keeps is taken from it.
    """
    keys = None if wanted is None else set(wanted)
    texts: dict[tuple[str, str], tuple[str, str]] = {}
    names = systems(root) if keys is None else sorted({system for system, _ in keys})
    for system in names:
        for file in runbook_files(root, system):
            if keys is not None and (system, file.stem) not in keys:
                continue
            try:
                text = file.read_bytes().decode("utf-8")
            except (OSError, UnicodeDecodeError):
                continue
            texts[system, file.stem] = file.relative_to(root).as_posix(), text
    kept = library.outlines(book_version(text) for _, text in texts.values())
    return {key: _book(key, *text, kept) for key, text in texts.items()}


def _book(key: tuple[str, str], place: str, text: str, kept: Mapping[str, str]) -> Book:
    system, name = key
    version = book_version(text)
    known = kept.get(version)
    steps = read_outline(known) if known else outline(read_runbook(text, name, place))
    return Book(system, name, place, text, version, steps)


def named(wanted: str, known: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """Return the (system, name) that `wanted` means: a name, `system/name`, or a file.

    Raises ContentError where there is none, or where several systems have one of that name.
    """
    every = sorted(set(known))
    plain = wanted.removesuffix(".md").removeprefix("./").removeprefix("runbooks/").strip("/")
    found = [key for key in every if plain in (key[1], "/".join(key))]
    if len(found) == 1:
        return found[0]
    names = ["/".join(key) for key in found or every]
    if found:
        fault, remedy = "is a runbook of several systems", f"say which: {', '.join(names)}"
    else:
        remedy = did_you_mean(plain, [*names, *(name for _, name in every)]) or (
            f"there are: {', '.join(names[:10])}" if names else "no exercise has reached one yet"
        )
        fault = "is not a runbook here"
    raise ContentError([Problem(wanted, None, None, fault, remedy)])
