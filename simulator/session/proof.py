"""Proof of playability: what an author wrote is reached, fair, and marked as it should be."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import repeat
from pathlib import Path
from typing import Any, Literal

from simulator.assessment import Assessment, faults, normal, procedure_of
from simulator.content.coherence import incoherent
from simulator.content.finding import (
    runbook_files,
    scenario_file,
    scenario_names,
    system_file,
    systems,
)
from simulator.content.pack import KEPT, Pack, read_pack
from simulator.content.problems import ContentError, Problem
from simulator.content.references import problem_at, references
from simulator.content.runbook import read_runbook
from simulator.content.scenario import Run, Scenario
from simulator.content.system import System
from simulator.content.validate import validate
from simulator.content.yaml_source import read_yaml
from simulator.exercise.acts import ActError, read_act
from simulator.session.fairness import fairness
from simulator.session.patterns import patterns
from simulator.session.placeholders import unfilled
from simulator.session.script import ScriptError, play, time_of

SEEDS = (1, 2, 3, 4, 5)
Say = Callable[[str], None]


@dataclass
class Reached:
    """What the runs of a scenario have come to so far."""

    injects: set[str] = field(default_factory=set)
    causes: set[str] = field(default_factory=set)
    reactions: set[str] = field(default_factory=set)
    answers: set[str] = field(default_factory=set)
    hints: set[tuple[str, int]] = field(default_factory=set)
    herrings: set[str] = field(default_factory=set)

    def add(self, assessment: Assessment) -> None:
        """Note what one run came to."""
        state = assessment.exercise.state
        self.injects |= set(state.delivered)
        self.answers |= state.answered
        self.hints |= {(hint.step, hint.strength) for hint in state.hints}
        self.herrings |= set(assessment.evidence.disproved)
        for event in state.world.events:
            if event.kind == "cause-began":
                self.causes.add(event.subject)
            elif event.data.get("reaction"):
                self.reactions.add(str(event.data["reaction"]))


def check_all(root: Path, paths: Sequence[Path], say: Say | None) -> list[Problem]:
    """Return every problem of what `paths` name; of all content under `root` when there are none.

    A path is a scenario, a system, a runbook or a folder; a scenario is checked with its system
    and its runbooks. Scenarios are proved side by side, a process each.
    """
    names = [name for name in scenario_names(root) if _wanted(root, name, paths)]
    problems = [*_alone(root, paths, {name.split("/")[0] for name in names})]
    with ProcessPoolExecutor(max_workers=min(len(names) or 1, os.cpu_count() or 1)) as pool:
        for found, said in pool.map(_checked, repeat(root), names):
            problems += found
            for line in said if say else ():
                assert say is not None
                say(line)
    unique = list(dict.fromkeys(problems))
    if say and not any(problem.level == "error" for problem in unique):
        say("No errors.")
    return unique


def _alone(root: Path, paths: Sequence[Path], checked: set[str]) -> Iterator[Problem]:
    """Yield the problems of systems without a scenario, and of files that belong to none."""
    for system in systems(root) if not paths else ():
        if system not in checked:
            yield from _file_problems(system_file(root, system))
            for file in runbook_files(root, system):
                yield from _file_problems(file)
    mine = [root.resolve() / folder for folder in ("scenarios", "runbooks")]
    for path in paths:
        if not path.exists():
            yield Problem(str(path), None, None, "there is no such file", "check its name")
        elif path.is_file() and not any(path.resolve().is_relative_to(one) for one in mine):
            yield from _file_problems(path)


def _file_problems(file: Path) -> Iterator[Problem]:
    """Yield the problems of one runbook or system on its own."""
    try:
        if file.suffix == ".md":
            yield from read_runbook(file.read_text(encoding="utf-8"), file.stem, str(file)).problems
        elif file.suffix in (".yaml", ".yml"):
            source = read_yaml(file, str(file))
            kind = source.value.get("schema", "") if isinstance(source.value, dict) else ""
            validate(Scenario if str(kind).startswith("scenario") else System, source)
        else:
            yield Problem(str(file), None, None, "is neither a runbook nor YAML content", None)
    except ContentError as error:
        yield from error.problems
    except (OSError, UnicodeDecodeError) as error:
        yield Problem(str(file), None, None, f"cannot be read: {error}", None)


def _runbook_problems(root: Path, system: str) -> Iterator[Problem]:
    """Yield the problems of a system's runbooks, when there is no pack that would tell them."""
    for file in runbook_files(root, system):
        with suppress(OSError, UnicodeDecodeError):
            text, place = file.read_text(encoding="utf-8"), file.relative_to(root).as_posix()
            yield from read_runbook(text, file.stem, place).problems


def _checked(root: Path, name: str) -> tuple[list[Problem], list[str]]:
    said: list[str] = []
    return check_scenario(root, name, said.append), said


def _wanted(root: Path, name: str, paths: Sequence[Path]) -> bool:
    """Whether a path is the scenario, its system, one of its runbooks, or a folder above them."""
    system = name.split("/")[0]
    files = [scenario_file(root, name), system_file(root, system), *runbook_files(root, system)]
    return not paths or any(
        file.resolve() == path.resolve() or file.resolve().is_relative_to(path.resolve())
        for path in paths
        for file in files
    )


def check_scenario(root: Path, name: str, say: Say | None) -> list[Problem]:
    """Return the problems of one scenario, its system and its runbooks."""
    try:
        pack = read_pack(root, name)
    except ContentError as error:
        return [*error.problems, *_runbook_problems(root, name.split("/")[0])]
    problems = still_problems(pack)
    if any(problem.level == "error" for problem in problems):
        return problems
    problems += prove(pack, say)
    return problems


def still_problems(pack: Pack) -> list[Problem]:
    """Return what is wrong with a pack without playing it."""
    problems = [*references(pack), *incoherent(pack), *patterns(pack), *unfilled(pack)]
    problems += [*fairness(pack), *_procedure(pack), *_unreadable(pack)]
    return problems + [p for book in pack.runbooks.values() for p in book.problems]


def sound(pack: Pack) -> Pack:
    """Return a pack that can be played; raise ContentError with every error of one that cannot."""
    if errors := _errors(pack):
        raise ContentError(errors)
    return pack


@lru_cache(KEPT)
def _errors(pack: Pack) -> tuple[Problem, ...]:
    return tuple(problem for problem in still_problems(pack) if problem.level == "error")


def prove(pack: Pack, say: Say | None = None) -> list[Problem]:
    """Return what the golden, the idle and the scenario's own runs show to be wrong."""
    reached, problems = Reached(), list[Problem]()
    for seed in SEEDS:
        problems += _expect(pack, "solution", pack.scenario.solution, seed, reached, _perfect)
        problems += _expect(pack, "idle", [], seed, reached, _nothing)
    for run in pack.scenario.runs:
        script = script_of(pack, run)

        def expected(assessment: Assessment, run: Run = run) -> Iterator[str]:
            return _as_stated(run, assessment)

        for seed in run.seeds or (SEEDS if run.fix else SEEDS[:1]):
            problems += _expect(pack, run.id, script, seed, reached, expected)
    problems += _unreached(pack, reached)
    if say:
        say(f"{pack.name}: {len(SEEDS)} seeds, {len(pack.scenario.runs)} runs of its own")
    return list(dict.fromkeys(problems))


def script_of(pack: Pack, run: Run) -> list[Mapping[str, Any]]:
    """Return a run's acts: its own, after those of the solution before `cut` if based on it."""
    before = (
        [act for act in pack.scenario.solution if time_of(act) < run.cut]
        if run.based_on == "solution"
        else []
    )
    return [*before, *run.script]


def _expect(
    pack: Pack,
    name: str,
    script: Sequence[Mapping[str, Any]],
    seed: int,
    reached: Reached,
    faults_of: Callable[[Assessment], Iterable[str]],
) -> Iterator[Problem]:
    path: tuple[str | int, ...] = ("solution",)
    for index, run in enumerate(pack.scenario.runs):
        if run.id == name:
            path = ("runs", index)
    try:
        assessment = play(pack, script, seed)
    except ScriptError as error:
        fault = f"run {name}, seed {seed}: {error}"
        at = _place_of(pack, script[error.number - 1]) if error.number else path
        yield problem_at(pack.scenario_source, at, fault, "change the act, or its time")
        return
    reached.add(assessment)
    for fault in faults_of(assessment):
        said = f"run {name}, seed {seed}: {fault}"
        yield problem_at(pack.scenario_source, path, said, "change its acts, or what is asked")


def _scripts(pack: Pack) -> Iterator[tuple[Mapping[str, Any], tuple[str | int, ...]]]:
    """Yield each act of the solution and of the runs, with its place."""
    for index, act in enumerate(pack.scenario.solution):
        yield act, ("solution", index)
    for number, run in enumerate(pack.scenario.runs):
        for index, act in enumerate(run.script):
            yield act, ("runs", number, "script", index)


def _place_of(pack: Pack, act: Mapping[str, Any]) -> tuple[str | int, ...]:
    return next((place for one, place in _scripts(pack) if one is act), ("solution",))


def _unreadable(pack: Pack) -> Iterator[Problem]:
    """Yield acts of scripts that are no acts, each at its place."""
    for act, place in _scripts(pack):
        try:
            read_act(act)
        except ActError as error:
            yield problem_at(pack.scenario_source, place, str(error).rstrip("."), "change the act")


def _perfect(assessment: Assessment) -> Iterator[str]:
    marks = assessment.marks
    if marks.score != 100 or marks.rating.name != "P":
        lost = "; ".join(f"{line.subject} -{float(line.lost):.1f}: {line.reason}"
                         for line in marks.lines)  # fmt: skip
        said = f"{float(marks.score):.1f} and {marks.rating.name}"
        yield f"is {said}, not 100 and P ({lost or marks.reason})"


def _nothing(assessment: Assessment) -> Iterator[str]:
    marks = assessment.marks
    if marks.score != 0 or marks.rating.name != "U":
        yield f"doing nothing is {float(marks.score):.1f} and {marks.rating.name}, not 0 and U"
    if assessment.exercise.state.ended is None:
        yield "doing nothing never ends"
    exercise = assessment.exercise
    for inject in exercise.scenario.timeline:
        if inject.contingent and inject.id not in exercise.state.delivered:
            yield f'the contingency inject "{inject.id}" is not sent though nobody acts'
    facts = assessment.evidence.facts
    for deadline in facts.deadlines:
        if deadline.since is None or not deadline.applies:
            yield f'the moment of the deadline "{deadline.id}" never comes when nobody acts'
    for cadence in facts.cadences:
        if cadence.since is None:
            yield f'the cadence "{cadence.id}" never begins when nobody acts'
        elif cadence.until - cadence.since <= cadence.limit:
            yield f'the cadence "{cadence.id}" has a window no longer than its limit'


def _as_stated(run: Run, assessment: Assessment) -> Iterator[str]:
    marks = assessment.marks
    if run.fix:
        yield from _perfect(assessment)
    if run.rating is not None and marks.rating.name != run.rating:
        yield f"is rated {marks.rating.name} ({marks.reason}), not {run.rating}"
    if run.score is not None and not run.score[0] <= marks.score <= run.score[1]:
        least, most = run.score
        yield f"scores {float(marks.score):.1f}, not {least} to {most}"
    if run.recovered is not None and assessment.recovered != run.recovered:
        yield "recovers production" if assessment.recovered else "does not recover production"


def _unreached(pack: Pack, reached: Reached) -> Iterator[Problem]:
    scenario = pack.scenario
    for kind, key, found, ids in (
        ("inject", "timeline", reached.injects, [one.id for one in scenario.timeline]),
        ("cause", "causes", reached.causes, [one.id for one in scenario.causes]),
        ("outcome", "reactions", reached.reactions, [one.id for one in scenario.reactions]),
        ("answer", "answers", reached.answers, [one.id for one in scenario.answers]),
        ("herring", "red_herrings", reached.herrings, [one.id for one in scenario.red_herrings]),
    ):
        for index, name in enumerate(ids):
            if name not in found:
                yield problem_at(
                    pack.scenario_source,
                    (key, index),
                    f'no run reaches the {kind} "{name}"',
                    "add a run that does, or take it out",
                )
    for index, hint in enumerate(scenario.hints):
        for strength in (1, 2, 3):
            if (hint.step, strength) not in reached.hints:
                yield problem_at(
                    pack.scenario_source,
                    ("hints", index),
                    f"no run asks for hint {strength} of {hint.step}",
                    "add it to a run: {do: hint, step: ...}",
                )


def _procedure(pack: Pack) -> Iterator[Problem]:
    for fault in faults(normal(procedure_of(pack.scenario.procedure))):
        level: Literal["error", "warning"] = "error" if fault.error else "warning"
        line, column = pack.scenario_source.position(("procedure",))
        text = f"{fault.text} ({fault.step})" if fault.step else fault.text
        remedy = "change the tree, or the weights of its steps"
        yield Problem(pack.scenario_source.place, line, column, text, remedy, level)
    for index, fix in enumerate(pack.scenario.fixes):
        run = next((run for run in pack.scenario.runs if run.id == fix.run), None)
        if fix.run is not None and run is not None and not run.fix:
            yield problem_at(
                pack.scenario_source,
                ("fixes", index),
                f'the run "{fix.run}" of this fix is not marked as one',
                "write `fix: true` there",
            )
