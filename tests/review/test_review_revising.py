"""From confusion to a revision: thirty teams, four planted faults, and thirty teams more."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from followers import team_script

from simulator.assessment import Assessment, Rating
from simulator.content.pack import read_pack
from simulator.journal import Store
from simulator.review import Source, plan, written
from simulator.review.compared import compared
from simulator.review.confusing import ConfusingStep, read_confusing
from simulator.review.revising.findings import Form
from simulator.review.revising.proposals import Proposal
from simulator.review.revising.taking_up import Revising, open_revising
from simulator.session.proof import check_scenario
from simulator.session.running import run_script
from simulator.session.solving import solve

CONTENT = Path(__file__).parent / "content"
BOOK, SCENARIO = "stuck-orders", "shop/hung-worker"
FILE = f"runbooks/shop/{BOOK}.md"
TEAMS = 30

PLANTED = {
    "restart": "swap",  # it stands before the drain that it needs
    "reopen": "add step",  # the ledger has to be released before it
    "flush": "add command",
    "settled": "clarify wording",
}
"""What is wrong with the faulty runbook: the step at which it shows, and the edit that mends it."""
UNSOUND = {*PLANTED, "drain"}


@dataclass
class Played:
    """Content that teams have played, and the store that holds their exercises."""

    root: Path
    store: Store

    def teams(self, first: int, number: int = TEAMS) -> list[Assessment]:
        pack = read_pack(self.root, SCENARIO)
        return [
            run_script(self.store, pack, team_script(pack, BOOK, seed), seed).assessment
            for seed in range(first, first + number)
        ]

    def revising(self) -> Revising:
        return open_revising(self.store, self.root, BOOK, solve)

    def confusing(self) -> dict[str, ConfusingStep]:
        return {one.step: one for one in read_confusing(self.store.library(), self.root).steps}


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Say on which day what follows happens: exercises of one second have no order."""
    today = {"day": 1}

    def say(day: int) -> None:
        today["day"] = day

    def now() -> str:
        return f"2050-01-{today['day']:02}T10:00:00+00:00"

    monkeypatch.setattr("simulator.session.running.now", now)
    monkeypatch.setattr("simulator.journal.library.dated", lambda at: at or now())
    return say


def edits(proposals: Sequence[Proposal]) -> list[Proposal]:
    return [one for one in proposals if one.finding.form is Form.EDIT]


def checkout(root: Path) -> None:
    for words in (
        ["init", "-q", "-b", "main"],
        ["config", "user.name", "Ada"],
        ["config", "user.email", "ada@shop.example"],
        ["add", "."],
        ["commit", "-q", "-m", "As it was"],
    ):
        subprocess.run(["git", *words], cwd=root, check=True, capture_output=True)


def git(root: Path, *words: str, stdin: str = "") -> str:
    done = subprocess.run(
        ["git", *words], cwd=root, check=True, capture_output=True, input=stdin.encode()
    )
    return done.stdout.decode()


def test_what_was_planted_is_found_mended_and_gone(
    tmp_path: Path, day: Callable[[int], None]
) -> None:
    root = Path(shutil.copytree(CONTENT / "faulty", tmp_path / "content"))
    checkout(root)
    played = Played(root, Store(tmp_path / "store"))
    played.teams(1)

    before = played.confusing()
    revising = played.revising()
    proposed = edits(revising.found.open)
    assert {one.finding.step: one.finding.kind.value for one in proposed} == PLANTED
    assert len(proposed) == len(PLANTED)
    assert revising.found.open[: len(PLANTED)] == tuple(proposed)
    for one in proposed:
        assert one.ready
        assert not one.notes
        assert one.finding.of >= 20
        assert f"{one.finding.teams} of {one.finding.of} teams" in one.finding.sentence
        assert len(one.finding.exercises) == one.finding.teams
    # What else is said are questions, and of the unsound steps only.
    assert {one.finding.step for one in revising.found.open} <= UNSOUND
    worst = sorted(before.values(), key=lambda one: -one.value)[:3]
    assert {one.step for one in worst} == {"flush", "settled", "reopen"}

    # Corrective actions, bound to the steps that were confusing.
    day(2)
    library = played.store.library()
    for number, step in enumerate(("restart", "drain", "flush", "settled", "reopen")):
        plan.add(
            library, str(number), "kim", f"Mend {step}",
            step=f"shop/{BOOK}#{step}", scenario=SCENARIO,
        )  # fmt: skip
    assert not [one for one in plan.read_plan(library) if one.closed]

    # The patch is valid, and does what accepting does.
    chosen = revising.chosen(["all"])
    patch = revising.take_up(chosen, patch=True)
    assert "Exercises: " in patch
    git(root, "apply", "--check", "-", stdin=patch)
    branched = revising.take_up(chosen, branch="revise", who="kim", key="b")
    assert "your working tree is as it was" in branched
    assert not git(root, "status", "--porcelain")
    assert git(root, "rev-parse", "--abbrev-ref", "HEAD").strip() == "main"
    assert set(git(root, "diff", "--name-only", "main", "revise").split()) == {
        FILE, f"scenarios/{SCENARIO}.yaml",
    }  # fmt: skip
    git(root, "apply", "-", stdin=patch)
    assert not git(root, "diff", "revise")
    assert not check_scenario(root, SCENARIO, None)

    # What was decided is not proposed again, with the same exercises in the store.
    assert not edits(played.revising().found.open)

    # Thirty more teams follow the revised runbook. What is left are slips that no text can help.
    day(3)
    again = played.teams(101)
    after = played.confusing()
    for step in (*UNSOUND, "release-ledger"):
        assert not after[step].listed
        assert after[step].now.teams == TEAMS
        assert after[step].now.confused <= 1
    for step in ("flush", "settled", "reopen"):
        earlier = after[step].before
        assert earlier is not None
        assert earlier.confused == before[step].now.confused >= 5
    shown = compared(library, again[0])
    assert {one.step for one in shown} >= {f"{BOOK}#{step}" for step in PLANTED}
    flush = next(one for one in shown if one.step == f"{BOOK}#flush")
    told = f"{flush.before_confused} of 30 teams confused before, {flush.now_confused} of 30 since"
    assert (flush.before_confused, flush.since) == (before["flush"].now.confused, "2050-01-03")
    source = Source("x", again[0], revised=shown)
    for form in ("md", "html", "json"):
        assert "2050-01-03" in written(source, form).decode()
    assert told in written(source, "md").decode()
    assert sum(one.marks.rating is Rating.P for one in again) >= 0.8 * TEAMS
    assert all(action.evidence for action in plan.read_plan(library))
    assert not played.revising().found.open


def test_a_sound_runbook_is_left_alone(tmp_path: Path) -> None:
    played = Played(CONTENT / "sound", Store(tmp_path / "store"))
    played.teams(1)
    revising = played.revising()
    assert len(revising.runs.played) == TEAMS
    assert not revising.found.open
    assert not [one for one in played.confusing().values() if one.listed]


def test_few_exercises_give_observations(tmp_path: Path) -> None:
    played = Played(CONTENT / "faulty", Store(tmp_path / "store"))
    played.teams(1, 7)
    found = played.revising().found.open
    assert not edits(found)
    seen = {one.finding.step: one for one in found}
    assert seen["flush"].finding.form is Form.OBSERVATION
    assert " of " in seen["flush"].finding.sentence
    assert not any(one.changes for one in found)
