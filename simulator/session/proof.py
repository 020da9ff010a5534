"""Proof of playability: what an author wrote is reached, fair, and marked as it should be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from simulator.assessment import Assessment, faults, normal, procedure_of
from simulator.content.finding import runbook_files, scenario_file, scenario_names
from simulator.content.pack import Pack, read_pack
from simulator.content.problems import ContentError, Problem
from simulator.content.references import problem_at, references
from simulator.content.scenario import Run
from simulator.session.fairness import fairness
from simulator.session.placeholders import unfilled
from simulator.session.script import ScriptError, play

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
    """Return every problem of the scenarios that `paths` belong to; of all when there are none."""
    problems: list[Problem] = []
    for name in scenario_names(root):
        if _wanted(root, name, paths):
            problems += check_scenario(root, name, say)
    unique = list(dict.fromkeys(problems))
    if say and not any(problem.level == "error" for problem in unique):
        say("No errors.")
    return unique


def _wanted(root: Path, name: str, paths: Sequence[Path]) -> bool:
    system = name.split("/")[0]
    files = [scenario_file(root, name), *runbook_files(root, system)]
    mine = {file.resolve() for file in files}
    mine |= {file.parent.resolve() for file in files} | {scenario_file(root, name).parent.parent}
    return not paths or any(
        path.resolve() in mine
        or path.resolve() == scenario_file(root, name).with_name("system.yaml").resolve()
        or any(path.resolve() == parent for file in files for parent in file.resolve().parents)
        for path in paths
    )


def check_scenario(root: Path, name: str, say: Say | None) -> list[Problem]:
    """Return the problems of one scenario, its system and its runbooks."""
    try:
        pack = read_pack(root, name)
    except ContentError as error:
        return list(error.problems)
    problems = [*references(pack), *unfilled(pack), *fairness(pack), *_procedure(pack)]
    problems += [p for book in pack.runbooks.values() for p in book.problems]
    if any(problem.level == "error" for problem in problems):
        return problems
    problems += prove(pack, say)
    return problems


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
        [act for act in pack.scenario.solution if act.get("at", 0) < run.cut]
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
        yield problem_at(pack.scenario_source, path, f"run {name}, seed {seed}: {error}")
        return
    reached.add(assessment)
    for fault in faults_of(assessment):
        yield problem_at(pack.scenario_source, path, f"run {name}, seed {seed}: {fault}")


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
        yield Problem(pack.scenario_source.place, line, column, text, None, level)
    for index, fix in enumerate(pack.scenario.fixes):
        run = next((run for run in pack.scenario.runs if run.id == fix.run), None)
        if fix.run is not None and run is not None and not run.fix:
            yield problem_at(
                pack.scenario_source,
                ("fixes", index),
                f'the run "{fix.run}" of this fix is not marked as one',
                "write `fix: true` there",
            )
