"""All the documents of one scenario, read and validated together: its pack."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from simulator.content.finding import runbook_files, scenario_file, system_file
from simulator.content.problems import ContentError, Problem
from simulator.content.runbook import Runbook, RunbookStep, read_runbook
from simulator.content.scenario import Scenario
from simulator.content.system import System
from simulator.content.validate import validate
from simulator.content.yaml_source import Source, read_yaml

M = TypeVar("M", System, Scenario)

KEPT = 8
"""Packs that are kept made: a store's exercises nearly all began with the same few texts."""


class Runbooks(Mapping[str, Runbook]):
    """Runbooks by name, each read when it is first asked for: a screen can open without them."""

    def __init__(self, folder: str, texts: Mapping[str, str]) -> None:
        self._places = {
            place.removeprefix(folder).removesuffix(".md"): place
            for place in texts
            if place.startswith(folder)
        }
        self._texts = texts
        self._read: dict[str, Runbook] = {}

    def __getitem__(self, name: str) -> Runbook:
        if name not in self._read:
            place = self._places[name]
            self._read[name] = read_runbook(self._texts[place], name, place)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


@dataclass(frozen=True, eq=False)
class Pack:
    """A scenario, its system and its runbooks, with the texts they were read from.

    `texts` maps each file's name, relative to the content's root, to its text. The same texts
    make the same pack, as long as it is kept: two are equal when they are one.
    """

    name: str
    system: System
    scenario: Scenario
    runbooks: Mapping[str, Runbook]
    texts: Mapping[str, str]
    system_source: Source
    scenario_source: Source

    @property
    def system_name(self) -> str:
        return self.name.split("/")[0]

    @property
    def hashes(self) -> dict[str, str]:
        """SHA-256 of each text, in hex."""
        return {
            name: hashlib.sha256(text.encode()).hexdigest() for name, text in self.texts.items()
        }

    def step(self, ref: str) -> RunbookStep | None:
        """Return the step that `runbook#step` names, if there is one."""
        runbook, _, step = ref.partition("#")
        book = self.runbooks.get(runbook)
        return book.step(step) if book else None

    def step_title(self, ref: str) -> str:
        """Return the text of a step's first line, or its name when the runbook lacks it."""
        step = self.step(ref)
        return step.text if step else ref


def read_pack(root: Path, name: str) -> Pack:
    """Return the pack of a scenario under `root`; raise ContentError with every problem."""
    files = [system_file(root, name.split("/")[0]), scenario_file(root, name)]
    files += runbook_files(root, name.split("/")[0])
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for file in files:
        place = file.relative_to(root).as_posix()
        try:
            texts[place] = file.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            problems.append(Problem(place, None, None, "is not UTF-8 text", "save it as UTF-8"))
        except OSError as error:
            problems.append(Problem(place, None, None, str(error.strerror), None))
    if problems:
        raise ContentError(tuple(problems))
    return pack_of(name, texts)


def pack_of(name: str, texts: Mapping[str, str]) -> Pack:
    """Return the pack that these texts make; raise ContentError with every problem of its YAML."""
    return _made(name, tuple(texts.items()))


@lru_cache(KEPT)
def _made(name: str, files: tuple[tuple[str, str], ...]) -> Pack:
    texts = dict(files)
    system_name, _, scenario_name = name.partition("/")
    system_place = f"scenarios/{system_name}/system.yaml"
    scenario_place = f"scenarios/{system_name}/{scenario_name}.yaml"
    problems: list[Problem] = []
    system_source, system = _document(System, texts, system_place, problems)
    scenario_source, scenario = _document(Scenario, texts, scenario_place, problems)
    if problems or system is None or scenario is None or not system_source or not scenario_source:
        raise ContentError(tuple(problems))
    books = Runbooks(f"runbooks/{system_name}/", texts)
    return Pack(name, system, scenario, books, texts, system_source, scenario_source)


def _document(
    model: type[M], texts: Mapping[str, str], place: str, problems: list[Problem]
) -> tuple[Source | None, M | None]:
    try:
        source = read_yaml(texts[place], place)
        return source, validate(model, source)
    except ContentError as error:
        problems += error.problems
        return None, None
