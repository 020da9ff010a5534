"""Content is found by name, inside its folder only."""

from pathlib import Path

import pytest

from simulator.content.finding import (
    find_content,
    packaged_content,
    runbook_files,
    scenario_file,
    scenario_names,
    system_file,
    systems,
    unknown_scenario,
)
from simulator.content.problems import ContentError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in (
        "scenarios/lms/system.yaml",
        "scenarios/lms/site-down.yaml",
        "scenarios/lms/rollback.yaml",
        "scenarios/Bad Name/system.yaml",
        "scenarios/empty/other.yaml",
        "scenarios/shop/system.yaml",
        "runbooks/lms/b.md",
        "runbooks/lms/a.md",
        "runbooks/lms/README.md",
        "runbooks/lms/a.txt",
        "secret/key.yaml",
    ):
        file = tmp_path / "content" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x")
    return tmp_path / "content"


def test_names_are_listed_in_order(root: Path) -> None:
    assert systems(root) == ["lms", "shop"]
    assert scenario_names(root) == ["lms/rollback", "lms/site-down"]
    assert [file.name for file in runbook_files(root, "lms")] == ["a.md", "b.md"]
    assert runbook_files(root, "shop") == []


def test_files_are_found_by_name(root: Path) -> None:
    assert scenario_file(root, "lms/site-down") == root / "scenarios/lms/site-down.yaml"
    assert system_file(root, "lms") == root / "scenarios/lms/system.yaml"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/",
        "lms",
        "lms/",
        "lms/system",
        "../secret/key",
        "lms/../../secret/key",
        "lms/none",
        "LMS/site-down",
        "lms/site-down.yaml",
        "/etc/passwd",
        "lms/a/b",
        "lms\x00/x",
        "é/x",
    ],
)
def test_nothing_else_is_a_scenario(root: Path, name: str) -> None:
    with pytest.raises(ContentError):
        scenario_file(root, name)


@pytest.mark.parametrize("name", ["", "..", "../secret", "empty", "none", "lms/"])
def test_nothing_else_is_a_system(root: Path, name: str) -> None:
    with pytest.raises(ContentError):
        system_file(root, name)


def test_links_do_not_lead_out(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text("x")
    (root / "scenarios/lms/leak.yaml").symlink_to(outside)
    (root / "runbooks/lms/leak.md").symlink_to(outside)
    (root / "scenarios/away").symlink_to(tmp_path)
    (tmp_path / "system.yaml").write_text("x")
    assert "lms/leak" not in scenario_names(root)
    assert "away" not in systems(root)
    assert len(runbook_files(root, "lms")) == 2
    with pytest.raises(ContentError):
        scenario_file(root, "lms/leak")
    with pytest.raises(ContentError):
        system_file(root, "away")


def test_a_wrong_name_is_answered_with_the_right_one() -> None:
    known = ["lms/site-down", "lms/rollback"]
    assert 'did you mean "lms/site-down"?' in str(unknown_scenario("lms/site-dwon", known))
    assert 'did you mean "lms/rollback"?' in str(unknown_scenario("rolback", known))
    assert "lms/rollback, lms/site-down" in str(unknown_scenario("zzzzzz", known))
    assert "there are no scenarios here" in str(unknown_scenario("x", []))


def test_the_folder_named_comes_first_then_the_current_one(root: Path, tmp_path: Path) -> None:
    assert find_content(root, tmp_path) == root
    assert find_content(None, root) == root
    assert find_content(None, tmp_path) == packaged_content()
    with pytest.raises(ContentError):
        find_content(tmp_path, root)


def test_a_source_checkout_carries_its_content() -> None:
    assert (packaged_content() / "scenarios").is_dir()
