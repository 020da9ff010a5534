"""All the documents of one scenario, read and validated together: its pack."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Pack:
    """A scenario, its system and its runbooks, with the texts they were read from.

    `texts` maps each file's name, relative to the content's root, to its text.
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
    """Return the pack that these texts make; raise ContentError with every problem of them."""
    system_name, _, scenario_name = name.partition("/")
    system_place = f"scenarios/{system_name}/system.yaml"
    scenario_place = f"scenarios/{system_name}/{scenario_name}.yaml"
    problems: list[Problem] = []
    system_source, system = _document(System, texts, system_place, problems)
    scenario_source, scenario = _document(Scenario, texts, scenario_place, problems)
    runbooks: dict[str, Runbook] = {}
    folder = f"runbooks/{system_name}/"
    for place, text in texts.items():
        if place.startswith(folder):
            book = read_runbook(text, place.removeprefix(folder).removesuffix(".md"), place)
            problems += [problem for problem in book.problems if problem.level == "error"]
            runbooks[book.name] = book
    if problems or system is None or scenario is None or not system_source or not scenario_source:
        raise ContentError(tuple(problems))
    return Pack(name, system, scenario, runbooks, dict(texts), system_source, scenario_source)


def _document(
    model: type[M], texts: Mapping[str, str], place: str, problems: list[Problem]
) -> tuple[Source | None, M | None]:
    try:
        source = read_yaml(texts[place], place)
        return source, validate(model, source)
    except ContentError as error:
        problems += error.problems
        return None, None
