"""Play the worked example: scripted teams on all three scenarios, before and after a revision.

`make exercises` writes everything in docs/exercises/ but the revision itself, which people decided
on (revision.patch) and which the runbooks in the repository carry. The runbooks as they were before
come from taking the patch back. The same code and content give the same files.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from guided import guided_scripts
from team_play import play_team

import simulator.journal.library
import simulator.session.running as running
from simulator.assessment import Assessment
from simulator.content.pack import read_pack
from simulator.exercise import acts as a
from simulator.journal import Store, Summary
from simulator.review import Source, exercises_csv, plan, written
from simulator.review.areas import areas
from simulator.review.compared import compared
from simulator.review.confusing import quotes, read_confusing
from simulator.review.confusing_text import confusing_text
from simulator.review.plan_text import plan_csv
from simulator.review.revising.taking_up import open_revising
from simulator.review.revising.telling import proposals_text
from simulator.session.practice import outlines_of, practices_of
from simulator.session.solving import solve

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SYSTEM = "ai-gurus-lms"
SCENARIOS = ("site-down", "database-degradation", "rollback-required")
BOOKS = ("incident-response", "deployment-runbook", "monitoring", "troubleshooting")
TEAMS = 16
BEGAN = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
PATCH = HERE / "revision.patch"
SHOWN = {"site-down": 12, "database-degradation": 13, "rollback-required": 16}
"""The team of each scenario whose journal, script and report are kept, by its number."""


@dataclass(frozen=True)
class Played:
    """One team's exercise as it was stored."""

    id: str
    scenario: str
    number: int
    script: Sequence[dict[str, Any]]
    assessment: Assessment


class Days:
    """Days that pass one by one, so that the exercises are as old as they say on every run."""

    def __init__(self) -> None:
        self.now = BEGAN

    def text(self) -> str:
        return self.now.isoformat(timespec="seconds")

    def pass_by(self, **time: int) -> None:
        self.now += timedelta(**time)


def main() -> None:
    """Play both rounds and write what came of them."""
    days = Days()
    running.now = days.text
    simulator.journal.library.dated = lambda at: at or days.text()
    with tempfile.TemporaryDirectory() as folder:
        before = before_the_revision(Path(folder) / "before")
        store = Store(Path(folder) / "store")
        _clear()
        first = play_round(store, before, days, "before", 1)
        _write("confusion-before.txt", _confusion(store, before))
        _write("proposals.txt", _proposals(store, before))
        days.pass_by(days=3)
        _write("decided.txt", revise(store, before))
        decide(store, first)
        days.pass_by(days=14)
        second = play_round(store, ROOT, days, "after", 101)
        _write("confusion-after.txt", _confusion(store, ROOT))
        _write("exercises.csv", _table(store))
        _write("plan.csv", plan_csv(plan.read_plan(store.library())))
        for one in (*first, *second):
            if one.number == SHOWN[one.scenario]:
                keep(store, one)
        _write("results.md", results(store, first, second))


def before_the_revision(root: Path) -> Path:
    """Return the content with the revision taken back."""
    for name in ("scenarios", "runbooks"):
        shutil.copytree(ROOT / name / SYSTEM, root / name / SYSTEM)
    if not PATCH.exists():
        return root
    done = subprocess.run(
        ["git", "apply", "-R", str(PATCH)], cwd=root, capture_output=True, check=False
    )
    if done.returncode:
        sys.exit(f"{PATCH} can no longer be taken back:\n{done.stderr.decode()}")
    return root


def play_round(store: Store, root: Path, days: Days, name: str, seed: int) -> list[Played]:
    """Let every team play every scenario, one exercise an hour, and store what they did."""
    played = []
    for scenario in SCENARIOS:
        pack = read_pack(root, f"{SYSTEM}/{scenario}")
        scripts = guided_scripts(pack, range(seed, seed + TEAMS))
        for number, (given, script) in enumerate(scripts, 1):
            began = int(days.now.timestamp() * 1000)
            team = play_team(pack, script, given, began)
            played.append(_store(store, team, script, f"{scenario}-{name}-{number:02}"))
            days.pass_by(hours=1)
        sys.stdout.write(f"{scenario}, {name}: {TEAMS} teams\n")
    return played


def _store(store: Store, assessment: Assessment, script: Any, name: str) -> Played:
    """Store a team's exercise under a name of its own, as a scripted one."""
    with store.create(name) as journal:
        acts = assessment.evidence.acts
        journal.append_all([(f"act {n}", a.write_act(act)) for n, act in enumerate(acts, 1)])
        journal.seal()
    opening = running.opening_summary(store, name, assessment.opening, "run")
    line: Summary = replace(
        opening,
        state="sealed",
        finished=running.now(),
        minutes=assessment.exercise.state.now // 60,
        score=assessment.printed_score,
        rating=assessment.marks.rating.name,
    )
    store.library().put(line, practices_of(line, assessment), outlines_of(assessment))
    number = int(name.rpartition("-")[2])
    scenario = assessment.exercise.pack.name.partition("/")[2]
    return Played(name, scenario, number, script, assessment)


def revise(store: Store, root: Path) -> str:
    """Accept the proposed edit in the words that somebody gave it; return what is then proposed.

    It is written into the runbook as it was, which is a copy; the revision that ships holds it.
    """
    revising = open_revising(store, root, "incident-response", solve)
    chosen = [one for one in revising.found.open if one.finding.step == "verify-recovery"]
    own = (HERE / "verify-recovery.txt").read_text(encoding="utf-8")
    because = "the command alone shows one of the three"
    revising.take_up(chosen, own, who="Priya Raman", key="revision", because=because)
    again = open_revising(store, root, "incident-response", solve)
    return proposals_text(again.desk, again.runs, again.found)


def decide(store: Store, played: Sequence[Played]) -> None:
    """Plan an action for each step that cost several teams points, bound to the step."""
    library = store.library()
    cost: dict[tuple[str, str], list[Played]] = {}
    titles: dict[tuple[str, str], str] = {}
    for one in played:
        for area in areas(one.assessment):
            if area.step:
                cost.setdefault((one.scenario, area.step), []).append(one)
                titles[one.scenario, area.step] = area.title
    worst = sorted(cost.items(), key=lambda entry: (-len(entry[1]), entry[0]))[:6]
    for number, ((scenario, step), found) in enumerate(worst):
        plan.add(
            library, f"plan {number}", "Eva Lindgren",
            f"{titles[scenario, step].rstrip('.')}: {len(found)} of {TEAMS} teams stumbled here",
            exercise=found[0].id, area=step, owner="Priya Raman", element="planning",
            start="2026-03-19", due="2026-04-30",
            step=f"{SYSTEM}/{step}", scenario=f"{SYSTEM}/{scenario}",
        )  # fmt: skip


def keep(store: Store, one: Played) -> None:
    """Keep a team's journal, script and report."""
    shutil.copyfile(store.path_of(one.id), HERE / f"{one.id}.tabletop")
    text = "# A scripted team, not people. Written by make exercises.\n"
    for act in one.script:
        text += f"- {yaml.safe_dump(act, default_flow_style=True, width=10_000, sort_keys=False)}"
    _write(f"{one.id}.yaml", text)
    with store.open(one.id, write=False) as journal:
        digest = journal.read()[-1].digest
    revised = compared(store.library(), one.assessment)
    source = Source(one.id, one.assessment, (), digest, revised)
    for form in ("md", "html") if "before" in one.id else ("md",):
        data = written(source, form, HERE / "template")
        (HERE / f"{one.id}.{form}").write_bytes(data)


def _confusion(store: Store, root: Path) -> str:
    found = read_confusing(store.library(), root)
    said = quotes(store.library(), found.listed)
    return confusing_text(found, said, None)


def _proposals(store: Store, root: Path) -> str:
    told = []
    for book in BOOKS:
        revising = open_revising(store, root, f"{SYSTEM}/{book}", solve)
        told.append(proposals_text(revising.desk, revising.runs, revising.found))
    return "\n\n".join(told)


def _table(store: Store) -> str:
    return exercises_csv([asdict(line) for line in reversed(store.library().all())])


def results(store: Store, first: Sequence[Played], second: Sequence[Played]) -> str:
    """Return the figures of both rounds, in Markdown."""
    lines = [
        "Written by `make exercises`; every team is a script.",
        "",
        "| scenario | round | teams | P | S | M | U | mean score | confusion points |",
        "|---|---|---|---|---|---|---|---|---|",
        *(
            _row(scenario, name, [one for one in played if one.scenario == scenario])
            for scenario in SCENARIOS
            for name, played in (("before", first), ("after", second))
        ),
        "",
        "| step whose command has a name that nothing had given a value | teams, before | after |",
        "|---|---|---|",
        *_unnamed(first, second),
        "",
        "| revised step | confused before | since |",
        "|---|---|---|",
        *dict.fromkeys(_compared(store, second)),
        "",
        "| planned for | closed by |",
        "|---|---|",
        *(
            f"| {action.what} | {action.evidence or 'nothing yet'} |"
            for action in plan.read_plan(store.library())
        ),
    ]
    return "\n".join(lines)


def _row(scenario: str, name: str, played: Sequence[Played]) -> str:
    ratings = [one.assessment.marks.rating.name for one in played]
    scores = [one.assessment.printed_score for one in played]
    points = sum(len(one.assessment.confusion.confusion_points) for one in played)
    counts = " | ".join(str(ratings.count(letter)) for letter in "PSMU")
    mean = sum(scores) / len(scores)
    return f"| {scenario} | {name} | {len(played)} | {counts} | {mean:.0f} | {points} |"


def _unnamed(first: Sequence[Played], second: Sequence[Played]) -> Iterator[str]:
    """Yield the steps whose commands teams typed with an empty name, and how many teams did."""
    counts = [_empty_names(first), _empty_names(second)]
    for step in sorted(counts[0].keys() | counts[1].keys()):
        yield f"| {step} | {counts[0].get(step, 0)} | {counts[1].get(step, 0)} |"


def _empty_names(played: Sequence[Played]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in played:
        pack = one.assessment.exercise.pack
        known = set(pack.system.environment)
        typed = set()
        for act in one.assessment.evidence.acts:
            if isinstance(act, a.Command):
                known |= set(re.findall(r"^export (\w+)=", act.line))
                if set(re.findall(r"\$([A-Z][A-Z_]+)", act.line)) - known:
                    typed.add(act.line)
        for name, book in pack.runbooks.items():
            for step in book.steps:
                if typed & set(step.commands):
                    counts[f"{name}#{step.id}"] = counts.get(f"{name}#{step.id}", 0) + 1
    return counts


def _compared(store: Store, played: Sequence[Played]) -> Iterator[str]:
    for one in played:
        for step in compared(store.library(), one.assessment):
            yield (
                f"| {step.title} | {step.before_confused} of {step.before_teams} "
                f"| {step.now_confused} of {step.now_teams} |"
            )


def _clear() -> None:
    """Take away what an earlier run kept of its teams."""
    for scenario in SCENARIOS:
        for file in HERE.glob(f"{scenario}-*"):
            file.unlink()


def _write(name: str, text: str) -> None:
    (HERE / name).write_text(text.rstrip("\n") + "\n", encoding="utf-8")
    sys.stdout.write(f"docs/exercises/{name}\n")


if __name__ == "__main__":
    main()
