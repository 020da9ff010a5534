"""The commands that make runbooks better: revise and review."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from simulator.cli import main
from simulator.content.pack import read_pack

Tabletop = Callable[..., Result]
CONTENT = Path(__file__).parents[1] / "review" / "content" / "faulty"
SCENARIO, BOOK = "shop/hung-worker", "runbooks/shop/stuck-orders.md"

WANDERING = [
    {"at": 70, "do": "acknowledge", "alert": "orders-stuck"},
    {"at": 80, "do": "declare", "severity": "high"},
    {"at": 90, "do": "view", "view": "desk"},
    {"at": 110, "do": "command", "line": "shopctl intake drain"},
    {"at": 130, "do": "command", "line": "shopctl worker restart"},
    {"at": 140, "do": "command", "line": "shopctl flush prices"},
    {"at": 145, "do": "command", "line": "shopctl price flush"},
    {"at": 150, "do": "command", "line": "shopctl cache clear"},
    {"at": 155, "do": "confused", "step": "stuck-orders#flush", "note": "=Which\x07 [command]?"},
    {"at": 170, "do": "command", "line": "shopctl cache flush prices"},
    {"at": 190, "do": "view", "view": "rail"},
    {"at": 200, "do": "command", "line": "shopctl ledger release"},
    {"at": 220, "do": "command", "line": "shopctl intake open"},
    {"at": 300, "do": "command", "line": "shopctl status"},
    {"at": 320, "do": "post", "channel": "shop", "template": "all-clear", "fields": {"what": "x"}},
    {"at": 400, "do": "end"},
]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the shop's faulty content, and a store in which nine teams have played it."""
    folder = tmp_path_factory.mktemp("shop")
    shutil.copytree(CONTENT, folder / "content")
    script = folder / "wandering.yaml"
    script.write_text(yaml.safe_dump(WANDERING))
    where = ["--content", str(folder / "content"), "--store", str(folder / "store")]
    for seed in range(1, 10):
        words = ["run", SCENARIO, "--script", str(script), "--seed", str(seed)]
        assert CliRunner().invoke(main, [*where, *words]).exit_code == 0
    return folder


@pytest.fixture
def folder(played: Path, tmp_path: Path) -> Path:
    """A copy of it, which may be changed."""
    return Path(shutil.copytree(played, tmp_path / "shop"))


@pytest.fixture
def tabletop(folder: Path) -> Tabletop:
    """Run a command on it; nothing unforeseen is raised."""

    def run(*words: str) -> Result:
        where = ["--content", str(folder / "content"), "--store", str(folder / "store")]
        result = CliRunner().invoke(main, [*where, *words])
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        assert "Traceback" not in result.output
        return result

    return run


def checkout(content: Path) -> None:
    for words in (
        ["init", "-q", "-b", "main"], ["config", "user.name", "Ada"],
        ["config", "user.email", "ada@shop.example"], ["add", "."], ["commit", "-q", "-m", "x"],
    ):  # fmt: skip
        subprocess.run(["git", *words], cwd=content, check=True)


def git(content: Path, *words: str, stdin: bytes = b"") -> str:
    done = subprocess.run(
        ["git", *words], cwd=content, check=True, capture_output=True, input=stdin
    )
    return done.stdout.decode()


def test_proposals_are_told_with_evidence_lines_and_effect(tabletop: Tabletop) -> None:
    shown = tabletop("revise", "stuck-orders").stdout
    assert f"{BOOK}: 3 proposed edits, 1 other remark, from 9 exercises, 9 of them" in shown
    assert " 1. add command: Flush the price cache." in shown
    assert "9 of 9 teams that did well typed “shopctl cache flush prices” here" in shown
    assert "(tried three times or more in vain: 9 of 9)" in " ".join(shown.split())
    assert "and 3 more" in shown
    assert "    +   shopctl cache flush prices" in shown
    assert "“=Which [command]?”" in shown
    assert "marked again: of 9 exercises 9 would have more points" in shown
    brief = tabletop("revise", "stuck-orders", "--list").stdout
    assert "+   shopctl" not in brief
    told = json.loads(tabletop("revise", "shop/stuck-orders", "--json").stdout)
    assert told["exercises"] == told["good"] == 9
    first = told["proposals"][0]
    assert (first["kind"], first["form"], first["teams"], first["of"]) == (
        "add command", "edit", 9, 9,
    )  # fmt: skip
    assert len(first["exercises"]) == 9
    assert first["marked_again"]["of"] == 0
    nobody = tabletop("revise", "stuck-orders", "--people").stdout
    assert "no exercise that has ended reached a step of it" in nobody
    assert "no exercise" in tabletop("revise", "stuck-orders", "--scenario", "shop/x").stdout


def test_accepting_writes_these_lines_and_remembers(tabletop: Tabletop, folder: Path) -> None:
    book = folder / "content" / BOOK
    book.write_bytes(book.read_bytes().rstrip(b"\n"))
    book.chmod(0o640)
    before = book.read_bytes()
    said = tabletop("revise", "stuck-orders", "--accept", "1", "--because", "we saw it").stdout
    assert said == f"Wrote {BOOK}.\n"
    added = b"   ```sh\n   shopctl cache flush prices\n   ```\n\n"
    where = before.index(b"   Expected: `prices flushed`.")
    assert book.read_bytes() == before[:where] + added + before[where:]
    assert stat.S_IMODE(book.stat().st_mode) == 0o640
    assert not list(book.parent.glob(".*"))
    shown = tabletop("revise", "stuck-orders", "--list").stdout
    assert "add command: Flush the price cache." not in shown.split("Decided:")[0]
    assert "accepted on " in shown
    assert "add command, Flush the price cache: we saw it" in shown
    both = tabletop("revise", "stuck-orders", "--accept", "1,2").stdout
    assert both == f"Wrote {BOOK}.\nWrote scenarios/{SCENARIO}.yaml.\n"
    assert tabletop("check").exit_code == 0
    assert "no proposed edit" in tabletop("revise", "stuck-orders").stdout


def test_a_patch_is_printed_and_applies(tabletop: Tabletop, folder: Path) -> None:
    content = folder / "content"
    checkout(folder)
    look = tabletop("revise", "stuck-orders", "--patch").stdout
    git(folder, "apply", "--check", "-", stdin=look.encode())
    assert "diff" not in git(folder, "status", "--porcelain")
    assert not git(folder, "diff")
    # It was only a look: nothing is decided yet.
    assert "Decided" not in tabletop("revise", "stuck-orders").stdout
    patch = tabletop("revise", "stuck-orders", "--accept", "2", "--patch").stdout
    assert patch.startswith("From: Ada <ada@shop.example>\nSubject: [PATCH] Revise stuck-orders: ")
    assert f"--- a/content/{BOOK}" in patch
    git(folder, "apply", "--check", "-", stdin=patch.encode())
    git(folder, "am", "-q", stdin=patch.encode())
    assert read_pack(content, SCENARIO)
    assert git(folder, "log", "-1", "--format=%an %s").startswith("Ada Revise stuck-orders: ")
    assert "Exercises: " in git(folder, "log", "-1", "--format=%b")
    assert "accepted on" in tabletop("revise", "stuck-orders").stdout


def test_a_branch_is_left_and_nothing_else_touched(tabletop: Tabletop, folder: Path) -> None:
    content = folder / "content"
    checkout(content)
    text = (content / BOOK).read_text()
    (content / BOOK).write_text(text.replace("Orders pile up", "A note of mine. Orders pile up"))
    (content / "new.txt").write_text("mine")
    git(content, "add", "new.txt")
    before = git(content, "status", "--porcelain")
    index = (content / ".git" / "index").read_bytes()
    head = git(content, "rev-parse", "HEAD")
    said = tabletop("revise", "stuck-orders", "--accept", "all", "--branch", "better")
    assert said.exit_code == 0, said.output
    assert "on the branch better; your working tree is as it was." in said.stdout
    assert git(content, "status", "--porcelain") == before
    assert (content / ".git" / "index").read_bytes() == index
    assert git(content, "rev-parse", "HEAD") == head
    log = git(content, "log", "-1", "--format=%an%n%B", "better")
    assert log.startswith("Ada\nRevise stuck-orders: 3 edits\n\n")
    assert "Exercises: " in log
    assert "shopctl ledger release" in git(content, "show", f"better:{BOOK}")
    assert "A note of mine" not in git(content, "show", f"better:{BOOK}")
    again = tabletop("revise", "stuck-orders", "--again", "--accept", "1", "--branch", "better")
    assert again.exit_code == 1
    assert "there is such a branch already" in again.stderr
    wrong = tabletop("revise", "stuck-orders", "--again", "--accept", "1", "--branch", "a..b")
    assert "this is no name for a branch" in wrong.stderr


def test_a_branch_of_what_is_not_committed_is_refused(tabletop: Tabletop, folder: Path) -> None:
    content = folder / "content"
    text = (content / BOOK).read_text()
    (content / BOOK).write_text(text.replace("Flush the price cache", "Empty the vault"))
    checkout(content)
    (content / BOOK).write_text(text)
    refused = tabletop("revise", "stuck-orders", "--accept", "1", "--branch", "better")
    assert refused.exit_code == 1
    assert "commit your changes first" in refused.stderr
    assert "better" not in git(content, "branch", "--list")
    assert "Decided" not in tabletop("revise", "stuck-orders").stdout


def test_one_is_rejected_one_put_off_one_written_otherwise(
    tabletop: Tabletop, folder: Path
) -> None:
    no_reason = tabletop("revise", "stuck-orders", "--reject", "1")
    assert no_reason.exit_code == 1
    assert "rejected for a reason" in no_reason.stderr
    said = tabletop("revise", "stuck-orders", "--reject", "1", "--because", "in the wiki").stdout
    assert said == "Rejected: add command, Flush the price cache.\n"
    tabletop("revise", "stuck-orders", "--later", "1")
    shown = tabletop("revise", "stuck-orders", "--list").stdout
    assert "1 proposed edit," in shown
    assert "Put off until later:" in shown
    assert "rejected on" in shown
    assert "in the wiki" in shown
    own = folder / "own.md"
    number = next(
        one["number"]
        for one in json.loads(tabletop("revise", "stuck-orders", "--json").stdout)["proposals"]
        if one["kind"] == "add step"
    )
    own.write_text("Take the ledger back from the worker.\n\n```sh\nshopctl ledger release\n```\n")
    said = tabletop("revise", "stuck-orders", "--edit", str(number), str(own)).stdout
    assert said == f"Wrote {BOOK}.\nWrote scenarios/{SCENARIO}.yaml.\n"
    text = (folder / "content" / BOOK).read_text()
    assert "8. Take the ledger back from the worker. <!-- step: release-ledger -->" in text
    assert "accepted in other words on" in tabletop("revise", "stuck-orders", "--list").stdout
    assert tabletop("check").exit_code == 0


@pytest.mark.parametrize(
    ("kind", "own"),
    [
        (
            "add step",
            "8. Take the ledger back. <!-- step: release-ledger -->\n\n"
            "   ```sh\n   shopctl ledger release\n   ```\n",
        ),
        ("add step", "Take the ledger back.\n\n```sh\nshopctl ledger release\n```\n"),
        ("add command", "   ```sh\n   shopctl cache flush prices\n   ```\n"),
        ("add command", "```sh\nshopctl cache flush prices\n```\n"),
    ],
)
def test_lines_are_taken_as_the_runbook_has_them_or_without_their_room(
    tabletop: Tabletop, folder: Path, kind: str, own: str
) -> None:
    told = json.loads(tabletop("revise", "stuck-orders", "--json").stdout)["proposals"]
    number = next(one["number"] for one in told if one["kind"] == kind)
    (folder / "own.md").write_text(own)
    shown = tabletop("revise", "stuck-orders", "--edit", str(number), str(folder / "own.md"))
    assert shown.exit_code == 0, shown.stderr
    text = (folder / "content" / BOOK).read_text()
    if kind == "add step":
        head = "8. Take the ledger back. <!-- step: release-ledger -->"
        assert f"\n{head}\n\n   ```sh\n   shopctl ledger release\n   ```\n\n9. " in text
    else:
        head = "6. Flush the price cache. <!-- step: flush -->"
        assert f"\n{head}\n\n   ```sh\n   shopctl cache flush prices\n   ```\n\n" in text


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("revise", "stuck-ordres"), 1, 'did you mean "stuck-orders"'),
        (("revise",), 2, "Missing argument"),
        (("revise", "stuck-orders", "--accept", "9"), 1, "no proposal with this number"),
        (("revise", "stuck-orders", "--accept", "one"), 1, "no number of a proposal"),
        (("revise", "stuck-orders", "--accept", "4"), 1, "cannot be accepted"),
        (("revise", "stuck-orders", "--reject", "0", "--because", "x"), 1, "there are 1 to 4"),
        (("revise", "stuck-orders", "--accept", "1", "--later", "1"), 2, "Give one of"),
        (("revise", "stuck-orders", "--accept", "1", "--branch", "x"), 1, "not in a git checkout"),
        (("review", "stuck-orders", "--clarity", "3"), 2, "Say --approve, or --ask"),
        (("review", "stuck-orders", "--approve", "--ask"), 2, "Give --approve or --ask"),
        (("review", "stuck-orders", "--ask"), 1, "What is to be changed?"),
        (("review", "stuck-orders", "--approve", "--clarity", "6"), 2, "not in the range"),
        (("review", "x"), 1, "is not a runbook here"),
    ],
)
def test_what_is_wrong_is_said_plainly(
    tabletop: Tabletop, words: tuple[str, ...], code: int, told: str
) -> None:
    result = tabletop(*words)
    assert result.exit_code == code
    assert told in result.output


def test_a_file_that_cannot_be_written_is_left_as_it_was(tabletop: Tabletop, folder: Path) -> None:
    place = (folder / "content" / BOOK).parent
    if os.getuid() == 0:
        pytest.skip("root writes anywhere")
    place.chmod(0o555)
    try:
        result = tabletop("revise", "stuck-orders", "--accept", "1")
    finally:
        place.chmod(0o755)
    assert result.exit_code == 1
    assert "Permission denied" in result.stderr
    assert "Decided" not in tabletop("revise", "stuck-orders").stdout


def test_an_exercise_that_cannot_be_read_is_named_and_left_out(
    tabletop: Tabletop, folder: Path
) -> None:
    damaged = sorted((folder / "store").rglob("*.tabletop"))[0]
    damaged.write_bytes(b"damaged" * 1000)
    result = tabletop("revise", "stuck-orders", "--list")
    assert f"{damaged.stem} cannot be read: " in result.stderr
    assert "from 8 exercises" in result.stdout


def test_a_review_is_recorded_for_the_text_that_was_read(tabletop: Tabletop, folder: Path) -> None:
    assert tabletop("review", "stuck-orders").stdout == f"{BOOK} has not been reviewed.\n"
    tabletop("review", "stuck-orders", "--by", "Bo", "--ask", "--comment", "Step 7:\x1b[2J vague")
    told = tabletop(
        "review", "stuck-orders", "--by", "Bo Lind", "--approve", "--clarity", "4", "--accuracy",
        "5", "--changed", "step 7 names its dashboard",
    ).stdout  # fmt: skip
    assert "Bo: changes asked for, this text" in told
    assert "comments: Step 7:[2J vague" in told
    assert "Bo Lind: approved, this text" in told
    assert "clarity 4 of 5, accuracy 5 of 5" in told
    assert told.endswith("Its present text is approved.\n")
    book = folder / "content" / BOOK
    text = book.read_text()
    book.write_text(f"---\nowner: Bo Lind, Payments\n---\n{text}")
    assert "Its present text is approved." in tabletop("review", "stuck-orders").stdout
    own = tabletop("review", "stuck-orders", "--by", "bo lind", "--approve")
    assert "An author does not approve their own runbook" in own.stderr
    book.write_text(text + "\nMore.\n")
    shown = json.loads(tabletop("review", "stuck-orders", "--json").stdout)
    assert [one["current"] for one in shown["reviews"]] == [False, False]
    assert "Nobody has approved its present text." in tabletop("review", "stuck-orders").stdout


def test_reviews_in_the_front_matter_count_too(tabletop: Tabletop, folder: Path) -> None:
    hash_ = json.loads(tabletop("review", "stuck-orders", "--json").stdout)["text"]
    book = folder / "content" / BOOK
    matter = f"""---
reviews:
  - {{by: A program, on: 2026-03-01, scripted: true, approved: true, text: {hash_}, clarity: 5}}
  - nonsense
---
"""
    book.write_text(matter + book.read_text())
    told = tabletop("review", "stuck-orders").stdout
    assert "2026-03-01  A program (scripted: no person read it): approved, this text" in told
    assert told.endswith("Its present text is approved.\n")
