"""The worked example: what is in its folder is what its scripts make of the content as it is."""

from __future__ import annotations

import csv
import subprocess
from pathlib import Path

import pytest
import yaml
from team_play import play_team

from simulator.content.pack import read_pack
from simulator.content.runbook import read_runbook
from simulator.exercise import acts as a
from simulator.journal import Store
from simulator.review.revising.reviews import QUALITIES, authors, reviews

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs/exercises"
BOOKS = sorted((ROOT / "runbooks/ai-gurus-lms").glob("*.md"))
AFTER = sorted(EXAMPLE.glob("*-after-*.tabletop"))
ROWS = {
    row["id"]: row
    for row in csv.DictReader((EXAMPLE / "exercises.csv").read_text(encoding="utf-8").splitlines())
}


def test_all_scenarios_are_played_in_both_rounds() -> None:
    folder = ROOT / "scenarios/ai-gurus-lms"
    scenarios = {path.stem for path in folder.glob("*.yaml")} - {"system"}
    for when in ("before", "after"):
        kept = {path.name.split(f"-{when}-")[0] for path in EXAMPLE.glob(f"*-{when}-*.tabletop")}
        assert kept == scenarios
    assert len(ROWS) == 2 * 16 * len(scenarios)


@pytest.mark.parametrize("journal", AFTER, ids=lambda path: path.stem)
def test_the_kept_journals_are_what_their_scripts_give_now(journal: Path) -> None:
    with Store(EXAMPLE).open(journal, write=False) as kept:
        acts = [a.read_act(record.body) for record in kept.read()]
        assert kept.sealed
    opening = acts[0]
    assert isinstance(opening, a.Open)
    pack = read_pack(ROOT, f"ai-gurus-lms/{ROWS[journal.stem]['scenario'].partition('/')[2]}")
    script = yaml.safe_load(journal.with_suffix(".yaml").read_text(encoding="utf-8"))
    played = play_team(pack, script, opening.seed)
    assert [act.model_dump(exclude={"wall", "team"}) for act in played.evidence.acts[1:]] == [
        act.model_dump(exclude={"wall", "team"}) for act in acts[1:]
    ], "make exercises"
    row = ROWS[journal.stem]
    assert (row["score"], row["rating"]) == (str(played.printed_score), played.marks.rating.name)


def test_the_revision_can_be_taken_back() -> None:
    done = subprocess.run(
        ["git", "apply", "-R", "--check", str(EXAMPLE / "revision.patch")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_each_runbook_carries_the_review_of_its_present_text(path: Path, tmp_path: Path) -> None:
    book = read_runbook(path.read_text(encoding="utf-8"), path.stem, path.name)
    review = reviews(Store(tmp_path).library(), "ai-gurus-lms", book)[-1]
    assert review.approved
    assert review.current
    assert review.scripted
    assert review.by.casefold() not in authors(book)
    assert set(review.qualities) == set(QUALITIES)


def test_everything_says_that_no_person_played() -> None:
    said = " ".join((EXAMPLE / "README.md").read_text(encoding="utf-8").split())
    assert "Every team here is a script and every review a program's." in said
    for report in (*EXAMPLE.glob("*-before-*.md"), *EXAMPLE.glob("*-after-*.md")):
        assert "played by a script" in report.read_text(encoding="utf-8")
    for script in EXAMPLE.glob("*-*.yaml"):
        assert script.read_text(encoding="utf-8").startswith("# A scripted team, not people.")
