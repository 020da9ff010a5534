"""Which steps confuse over many exercises: ranked, worded, and before and after a revision."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from practised import Practising, lost

from simulator.content.problems import ContentError
from simulator.journal import Store
from simulator.review.books import read_books
from simulator.review.confusing import quotes, read_confusing
from simulator.review.confusing_text import confusing_json, confusing_text, level


@pytest.fixture(name="content")
def _content(kiosk: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(kiosk, tmp_path / "content"))


@pytest.fixture(name="practising")
def _practising(content: Path, tmp_path: Path) -> Practising:
    return Practising(Store(tmp_path / "store").library(), content)


def test_nothing_confuses_where_nobody_has_played(practising: Practising, content: Path) -> None:
    found = read_confusing(practising.library, content)
    assert found.steps == ()
    assert "No exercise that has ended" in confusing_text(found, {}, None)


def test_thirty_of_sixty_rank_above_the_others(practising: Practising, content: Path) -> None:
    practising.teams(30, look=lost(120, "slow", "question", note="Which dashboard?"))
    practising.teams(28)
    practising.teams(2, restart=lost(60))
    found = read_confusing(practising.library, content)
    assert [step.step for step in found.steps][:2] == ["look", "restart"]
    assert [step.step for step in found.listed] == ["look"]
    top = found.listed[0]
    assert (top.now.confused, top.now.teams, top.now.lost) == (30, 60, 3600)
    assert (top.line, top.file) == (4, "runbooks/kiosk/outage.md")
    said = quotes(practising.library, found.listed)
    assert [quote.text for quote in said[top.key]] == ["Which dashboard?"]
    text = confusing_text(found, said, None)
    assert "1. 30 of 60 teams  Look at the dashboard Kiosk overview." in text
    assert "60 min lost" in text
    assert "seen: question 30, slow 30" in text
    assert "“Which dashboard?” (exercise001, 2026-03-01)" in text


def test_the_runbook_is_shown_with_heat_beside_its_lines(
    practising: Practising, content: Path
) -> None:
    practising.teams(3, look=lost(), verify={**lost(), "confused": False, "well": True})
    found = read_confusing(practising.library, content, "outage")
    (book,) = found.books.values()
    text = confusing_text(found, {}, book)
    lines = text.splitlines()
    (look,) = [line for line in lines if "step: look" in line]
    assert look.startswith("    3/3 █ 2. Look at the dashboard")
    (below,) = [line for line in lines if "errors below 1 %" in line]
    assert below.startswith("        █    Expected")
    (calm,) = [line for line in lines if "step: verify" in line]
    assert calm.startswith("    0/3 · 4. Check")
    assert "          # Kiosk outage" in text


def test_a_changed_step_starts_again_and_keeps_its_old_figure(
    practising: Practising, content: Path
) -> None:
    practising.teams(6, "2026-03-01", look=lost(note="Which dashboard?"))
    practising.edit("dashboard Kiosk overview", "dashboard named Kiosk overview, on the wall")
    found = read_confusing(practising.library, content)
    (look,) = [step for step in found.steps if step.step == "look"]
    assert (look.now.teams, look.listed) == (0, False)
    assert look.before is not None
    assert (look.before.confused, look.before.teams) == (6, 6)
    assert quotes(practising.library, [look]) == {look.key: ()}
    practising.teams(4, "2026-04-01")
    found = read_confusing(practising.library, content, "kiosk/outage.md")
    (look,) = [step for step in found.steps if step.step == "look"]
    assert (look.now.confused, look.now.teams) == (0, 4)
    (restart,) = [step for step in found.steps if step.step == "restart"]
    assert restart.now.teams == 10
    old, new = found.editions
    assert (old.confused, old.reached, old.present) == (6, 24, False)
    assert (new.confused, new.reached, new.present) == (0, 16, True)
    text = confusing_text(found, {}, None)
    assert "2026-03-01" in text
    assert " 25 %  6 of 24" in text
    assert "0 of 16 times that a team came to a step it confused, as it is now" in text


def test_a_flag_alone_lists_a_step(practising: Practising, content: Path) -> None:
    practising.teams(40)
    practising.teams(1, look=lost(flagged=True))
    assert [one.step for one in read_confusing(practising.library, content).listed] == ["look"]


def test_scripts_can_be_left_out(practising: Practising, content: Path) -> None:
    practising.teams(5, mode="run", look=lost())
    practising.teams(3)
    every = read_confusing(practising.library, content)
    assert (every.teams, every.scripted) == (8, 5)
    people = read_confusing(practising.library, content, people=True)
    assert (people.teams, people.scripted) == (3, 0)
    assert people.listed == ()


def test_a_step_that_is_gone_is_ranked_no_longer(practising: Practising, content: Path) -> None:
    practising.teams(5, look=lost())
    practising.edit("2. Look at the dashboard Kiosk overview. <!-- step: look -->", "Look well.")
    assert "look" not in {one.step for one in read_confusing(practising.library, content).steps}


def test_without_its_runbook_a_step_is_ranked_by_its_latest_wording(
    practising: Practising, content: Path
) -> None:
    practising.teams(5, look=lost())
    practising.file.unlink()
    found = read_confusing(practising.library, content)
    assert [(one.step, one.title, one.line) for one in found.listed] == [("look", "look", 0)]
    assert "kiosk/outage" in confusing_text(found, {}, None)


def test_a_runbook_that_is_not_there_is_named(practising: Practising, content: Path) -> None:
    practising.teams(1)
    with pytest.raises(ContentError, match=r'outgae: is not a runbook here; did you mean "outage"'):
        read_confusing(practising.library, content, "outgae")


def test_json_holds_all_steps_and_what_was_said(practising: Practising, content: Path) -> None:
    practising.teams(3, look=lost(note="=1+1"))
    found = read_confusing(practising.library, content)
    shown = json.loads(confusing_json(found, quotes(practising.library, found.listed)))
    assert shown["steps"][0]["step"] == "outage#look"
    assert shown["steps"][0]["quotes"][0]["text"] == "=1+1"
    assert shown["steps"][0]["signals"] == {"hint": 3, "slow": 3}
    assert len(shown["steps"]) == 4


def test_levels_of_heat_go_from_nobody_to_more_than_half() -> None:
    from simulator.review.confusing import Spell

    told = [(0, 0), (9, 0), (20, 1), (10, 1), (4, 1), (2, 1), (2, 2)]
    assert [level(Spell("v", teams, confused)) for teams, confused in told] == [
        0, 1, 2, 3, 4, 5, 5,
    ]  # fmt: skip


def test_an_outline_that_is_not_kept_is_read_from_the_text(content: Path, tmp_path: Path) -> None:
    library = Store(tmp_path / "store").library()
    (book,) = read_books(content, library).values()
    assert [step.id for step in book.steps] == ["acknowledge", "look", "restart", "verify"]
    (content / "runbooks/kiosk/broken.md").write_bytes(b"\xff\xfe not text")
    assert list(read_books(content, library)) == [("kiosk", "outage")]
