"""The commands: what they print, how they exit, and what they say when something is wrong."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import simulator
from simulator.cli import main

Tabletop = Callable[..., Result]


@pytest.fixture(name="content")
def _content(kiosk: Path, tmp_path: Path) -> Path:
    """A copy of the kiosk's content, to spoil."""
    return Path(shutil.copytree(kiosk, tmp_path / "content"))


@pytest.fixture(name="store")
def _store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture(name="tabletop")
def _tabletop(content: Path, store: Path) -> Tabletop:
    """Run a command on that content and a store of its own; nothing unforeseen is raised."""

    def run(*words: str, at: Path | None = None) -> Result:
        where = ["--content", str(content), "--store", str(at or store)]
        result = CliRunner().invoke(main, [*where, *words])
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        assert "Traceback" not in result.output
        return result

    return run


def test_list_tells_the_scenarios(tabletop: Tabletop) -> None:
    shown = tabletop("list")
    assert shown.exit_code == 0
    assert shown.stdout.split() == ["kiosk/stuck", "8", "min", "*", "The", "kiosk", "is", "stuck"]
    (head,) = json.loads(tabletop("list", "--json").stdout)
    assert (head["name"], head["minutes"], head["difficulty"]) == ("kiosk/stuck", 8, 1)


def test_a_broken_scenario_is_listed_with_its_fault_among_the_good_ones(
    tabletop: Tabletop, content: Path
) -> None:
    (content / "scenarios/kiosk/broken.yaml").write_text("title: [\nsummary: }\n")
    (content / "scenarios/kiosk/short.yaml").write_text("title: Short\n")
    shown = tabletop("list")
    assert shown.exit_code == 0
    assert "The kiosk is stuck" in shown.stdout
    assert shown.stdout.count("cannot be read") == 2
    assert "broken.yaml:2" in shown.stdout
    assert len(json.loads(tabletop("list", "--json").stdout)) == 3


def test_run_plays_the_solution_and_stores_it(tabletop: Tabletop) -> None:
    assert json.loads(tabletop("exercises", "--json").stdout) == []
    shown = tabletop("run", "kiosk/stuck", "--golden", "--seed", "4")
    assert shown.exit_code == 0
    assert shown.stdout.startswith("The kiosk is stuck: 100 of 100, P")
    idle = tabletop("run", "kiosk/stuck", "--idle")
    assert "0 of 100, U" in idle.stdout
    exercises = json.loads(tabletop("exercises", "--json").stdout)
    assert {(one["seed"], one["score"], one["rating"]) for one in exercises} == {
        (4, 100, "P"), (1, 0, "U"),
    }  # fmt: skip
    lines = tabletop("exercises").stdout.splitlines()
    assert len(lines) == 2
    assert all("sealed" in line and "kiosk/stuck" in line for line in lines)


def test_run_prints_json_with_exact_fractions_beside_its_numbers(
    tabletop: Tabletop, tmp_path: Path
) -> None:
    script = tmp_path / "mine.yaml"
    script.write_text(
        "- {at: 170, do: acknowledge, alert: many-errors}\n"
        "- {at: 180, do: command, line: kioskctl restart}\n"
        "- {at: 300, do: confused, step: outage#verify}\n"
    )
    shown = tabletop("run", "kiosk/stuck", "--script", str(script), "--json")
    assert shown.exit_code == 0
    result = json.loads(shown.stdout)
    wanted = {"exercise", "scenario", "score", "rating", "lines", "steps", "times", "confusion"}
    assert wanted <= set(result)
    assert isinstance(result["score"], float | int)
    assert abs(Fraction(result["score_exact"]) - Fraction(result["score"])) < Fraction(1, 10_000)
    lost = sum(Fraction(line["points_exact"]) for line in result["lines"])
    assert lost == 100 - Fraction(result["score_exact"])
    assert result["times"]["acknowledge"] == 150
    assert result["times"]["escalate"] is None
    assert [point["step"] for point in result["confusion"]] == ["outage#verify"]
    again = json.loads(tabletop("report", result["exercise"], "--format", "json").stdout)
    assert {name: again[name] for name in result} == result


@pytest.mark.parametrize("how", [(), ("--golden", "--idle"), ("--golden", "--script", "x.yaml")])
def test_run_wants_exactly_one_way_to_play(tabletop: Tabletop, how: tuple[str, ...]) -> None:
    shown = tabletop("run", "kiosk/stuck", *how)
    assert shown.exit_code == 2
    assert "Give one of --script FILE, --golden, --idle." in shown.stderr


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- {at: 1, do: veiw}\n", 'act 1 (at 1): There is no act "veiw". Did you mean "view"?'),
        ("- {do: view}\n", "act 1: `at` must be whole seconds"),
        ("a: 1\n", "a script is a list of acts"),
        ("- {at: 1, do: [}\n", "mine.yaml:1:"),
    ],
)
def test_a_script_that_cannot_be_played_leaves_no_exercise(
    tabletop: Tabletop, tmp_path: Path, text: str, words: str
) -> None:
    script = tmp_path / "mine.yaml"
    script.write_text(text)
    shown = tabletop("run", "kiosk/stuck", "--script", str(script))
    assert shown.exit_code == 1
    assert words in shown.stderr
    assert shown.stdout == ""
    assert tabletop("exercises").stdout == ""


@pytest.mark.parametrize("command", [("run", "--idle"), ("play",)])
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("kiosk/stcuk", 'did you mean "kiosk/stuck"?'),
        ("stuck", 'did you mean "kiosk/stuck"?'),
        ("nothing/alike", "scenarios here: kiosk/stuck"),
        ("../../etc/passwd", "is not a scenario here"),
        ("", "is not a scenario here"),
    ],
)
def test_a_wrong_name_suggests_close_ones(
    tabletop: Tabletop, command: tuple[str, ...], name: str, words: str
) -> None:
    shown = tabletop(command[0], name, *command[1:])
    assert shown.exit_code == 1
    assert words in shown.stderr


def test_a_broken_file_is_named_with_line_and_column_all_at_once(
    tabletop: Tabletop, content: Path
) -> None:
    file = content / "scenarios/kiosk/stuck.yaml"
    text = file.read_text().replace("briefing:", "breifing:").replace("minutes: 8", "minutes: soon")
    file.write_text(text)
    line = text[: text.index("breifing")].count("\n") + 1
    for command in (("run", "kiosk/stuck", "--golden"), ("check",), ("play", "kiosk/stuck")):
        shown = tabletop(*command)
        assert shown.exit_code == 1
        assert f'stuck.yaml:{line}:1: unknown key "breifing"; did you mean "briefing"?' in (
            shown.stderr
        )
        assert '"minutes" must be a whole number, not "soon"' in shown.stderr


def test_a_name_of_nothing_is_told_before_anything_is_played(
    tabletop: Tabletop, content: Path
) -> None:
    file = content / "scenarios/kiosk/system.yaml"
    file.write_text(file.read_text().replace('metric("errors") > 10', 'metric("erors") > 10'))
    shown = tabletop("run", "kiosk/stuck", "--golden")
    assert shown.exit_code == 1
    assert 'there is no metric "erors"; did you mean "errors"?' in shown.stderr
    assert "system.yaml:" in shown.stderr
    assert tabletop("exercises").stdout == ""


def test_check_exits_by_what_it_found(tabletop: Tabletop, content: Path) -> None:
    good = tabletop("check")
    assert good.exit_code == 0
    assert good.stdout.splitlines()[-1] == "No errors."
    assert tabletop("check", "--json").stdout.strip() == "[]"
    file = content / "scenarios/kiosk/stuck.yaml"
    file.write_text(file.read_text().replace("line: kioskctl restart", "line: kioskctl status"))
    bad = tabletop("check", str(file))
    assert bad.exit_code == 1
    assert "run solution, seed 1: is" in bad.stderr
    problems = json.loads(tabletop("check", "--json").stdout)
    assert {"place", "line", "column", "fault", "remedy", "level"} == set(problems[0])
    assert tabletop("check", str(content / "nothing.yaml")).exit_code == 1


def test_report_writes_each_form_to_the_terminal_or_a_file(
    tabletop: Tabletop, tmp_path: Path
) -> None:
    tabletop("run", "kiosk/stuck", "--golden")
    assert tabletop("report").stdout.startswith("# The kiosk is stuck: After-action report")
    assert tabletop("report", "last", "--format", "json").stdout.startswith("{")
    file = tmp_path / "report.html"
    shown = tabletop("report", "last", "--format", "html", "-o", str(file))
    assert shown.stdout == f"Wrote {file}.\n"
    assert file.read_text(encoding="utf-8").startswith("<!doctype html>")
    nowhere = tabletop("report", "last", "-o", str(tmp_path / "no" / "report.md"))
    assert nowhere.exit_code == 1
    assert "No such file or directory" in nowhere.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--template", "no-such-folder"), "Directory 'no-such-folder' does not exist"),
        (("--draft", "review", "--format", "pdf", "-o", "review.pdf"), "A draft is Markdown"),
        (("--format", "pdf"), "Give -o FILE for a PDF"),
    ],
)
def test_a_report_that_cannot_be_as_it_is_asked_for_is_not_written(
    tabletop: Tabletop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...], told: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    tabletop("run", "kiosk/stuck", "--golden")
    shown = tabletop("report", "last", *words)
    assert shown.exit_code == 2
    assert told in shown.stderr
    assert not shown.stdout
    assert not Path("review.pdf").exists()


def test_a_handed_over_file_reports_the_same_under_any_store(
    tabletop: Tabletop, store: Path, tmp_path: Path
) -> None:
    tabletop("run", "kiosk/stuck", "--golden")
    (file,) = (store / "exercises").glob("*.tabletop")
    here = tabletop("report", str(file)).stdout
    there = tabletop("report", str(file), at=tmp_path / "other").stdout
    assert here == there == tabletop("report", file.stem).stdout


def spoil(file: Path, *statements: str) -> None:
    connection = sqlite3.connect(file)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def test_a_store_that_cannot_be_used_says_so_and_is_left_as_it_is(
    tabletop: Tabletop, store: Path
) -> None:
    tabletop("run", "kiosk/stuck", "--golden")
    (file,) = (store / "exercises").glob("*.tabletop")
    library, good, index = store / "library.db", file.read_bytes(), (store / "library.db")
    kept = index.read_bytes()

    def refused(words: str, *command: str) -> None:
        before = file.read_bytes(), library.read_bytes()
        shown = tabletop(*command)
        assert shown.exit_code == 1
        assert words in shown.stderr
        assert (file.read_bytes(), library.read_bytes()) == before

    file.write_bytes(good[:200] + b"\xff" * 4000 + good[4200:])
    refused("amaged", "report", file.stem)
    file.write_bytes(b"this is no database" * 300)
    refused("This is not a file of Tabletop's, or it is damaged", "report", file.stem)
    file.write_bytes(good)
    spoil(file, "PRAGMA user_version=99")
    refused("written by a newer version of Tabletop", "report", file.stem)
    file.write_bytes(good)
    library.write_bytes(b"nonsense" * 600)
    refused("damaged", "exercises")
    refused("damaged", "report", "last")
    library.write_bytes(kept)
    spoil(library, "PRAGMA user_version=99")
    refused("newer version of Tabletop", "exercises")
    library.write_bytes(kept)
    assert tabletop("report", "last").exit_code == 0


def test_a_store_that_cannot_be_written_says_where(
    tabletop: Tabletop, content: Path, tmp_path: Path
) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("not a folder")
    where = {"TABLETOP_HOME": str(blocked)}
    words = ["--content", str(content), "run", "kiosk/stuck", "--golden"]
    shown = CliRunner().invoke(main, words, env=where)
    assert shown.exit_code == 1
    assert f"This is not a folder: {blocked}" in shown.stderr
    listed = tabletop("exercises", at=blocked)
    assert listed.exit_code == 1
    assert f"This is not a folder: {blocked}" in listed.stderr
    assert blocked.read_text() == "not a folder"


def test_nothing_played_yet_is_said_plainly(tabletop: Tabletop) -> None:
    shown = tabletop("report")
    assert shown.exit_code == 1
    assert "There is no exercise yet" in shown.stderr
    assert tabletop("exercises").stdout == ""
    assert "There is no such exercise" in tabletop("report", "abcdefgh12").stderr


@pytest.mark.parametrize("command", ["resume", "replay"])
def test_an_exercise_that_is_not_there_is_said_at_the_prompt(
    tabletop: Tabletop, command: str
) -> None:
    assert "There is no exercise yet" in tabletop(command).stderr
    shown = tabletop(command, "nope")
    assert shown.exit_code == 1
    assert "There is no such exercise" in shown.stderr


@pytest.mark.parametrize("words", [(), ("play", "kiosk/stuck"), ("resume",), ("replay",)])
def test_a_console_without_a_terminal_is_said_to_need_one(
    tabletop: Tabletop, words: tuple[str, ...]
) -> None:
    if words in (("resume",), ("replay",)):
        tabletop("run", "kiosk/stuck", "--idle")
    shown = tabletop(*words)
    assert shown.exit_code == 1
    assert "needs a terminal" in shown.stderr


def test_a_folder_without_content_is_said_to_have_none(tmp_path: Path) -> None:
    shown = CliRunner().invoke(main, ["--content", str(tmp_path), "list"])
    assert shown.exit_code == 1
    assert "has no scenarios/ folder" in shown.stderr


def test_every_command_of_the_issue_is_there_and_helps() -> None:
    wanted = {"play", "resume", "run", "list", "exercises", "report", "check"}
    assert wanted <= set(main.commands)
    for name in main.commands:
        shown = CliRunner().invoke(main, [name, "--help"])
        assert shown.exit_code == 0
        assert len(shown.stdout.splitlines()) > 4


def as_a_process(*words: str, cwd: Path, home: Path) -> subprocess.CompletedProcess[str]:
    root = Path(simulator.__file__).parents[1]
    return subprocess.run(
        [sys.executable, "-m", "simulator", *words],
        capture_output=True, text=True, cwd=cwd, check=False,
        env={**os.environ, "PYTHONPATH": str(root), "TABLETOP_HOME": str(home)},
    )  # fmt: skip


def test_the_module_runs_as_the_command_and_finds_content_and_store_by_itself(
    content: Path, tmp_path: Path
) -> None:
    home, empty = tmp_path / "home", tmp_path / "empty"
    empty.mkdir()
    version = as_a_process("--version", cwd=empty, home=home)
    assert version.stdout.strip() == f"tabletop, version {simulator.__version__}"
    assert "kiosk/stuck" in as_a_process("list", cwd=content, home=home).stdout
    assert "ai-gurus-lms/site-down" in as_a_process("list", cwd=empty, home=home).stdout
    played = as_a_process("run", "kiosk/stuck", "--golden", cwd=content, home=home)
    assert (played.returncode, played.stderr) == (0, "")
    assert len(list((home / "exercises").glob("*.tabletop"))) == 1
    wrong = as_a_process("run", "kiosk/stuk", "--golden", cwd=content, home=home)
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert "Traceback" not in wrong.stderr
