"""The commands that follow an exercise: confusion, plan, due, rebuild."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from icalendar import Calendar

from simulator.cli import main

Tabletop = Callable[..., Result]


@pytest.fixture(name="tabletop")
def _tabletop(kiosk: Path, tmp_path: Path) -> Tabletop:
    """Run a command on the kiosk's content and a store of its own; nothing unforeseen is raised."""
    content = shutil.copytree(kiosk, tmp_path / "content")

    def run(*words: str) -> Result:
        where = ["--content", str(content), "--store", str(tmp_path / "store")]
        result = CliRunner().invoke(main, [*where, *words])
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        assert "Traceback" not in result.output
        return result

    return run


@pytest.fixture(name="script")
def _script(tmp_path: Path) -> Path:
    """A team that is confused by the second step."""
    file = tmp_path / "confused.yaml"
    file.write_text(
        """
- {at: 80, do: acknowledge, alert: many-errors}
- {at: 95, do: hint, step: outage#look}
- {at: 97, do: confused, step: outage#look, note: "=Which [dashboard]?"}
- {at: 250, do: view, view: overview}
- {at: 260, do: command, line: kioskctl restart}
- {at: 380, do: command, line: kioskctl status}
"""
    )
    return file


def test_confusion_ranks_what_the_exercises_showed(tabletop: Tabletop, script: Path) -> None:
    assert "No exercise that has ended" in tabletop("confusion").stdout
    for seed in "123":
        tabletop("run", "kiosk/stuck", "--script", str(script), "--seed", seed)
        tabletop("run", "kiosk/stuck", "--golden", "--seed", seed)
    shown = tabletop("confusion").stdout
    assert "1 of 4 steps that were reached confuses (6 teams at most, 6 of them scripted)." in shown
    assert "1. 3 of 6 teams  Look at the dashboard Kiosk overview." in shown
    assert "“=Which [dashboard]?”" in shown
    assert "3/6 █ 2. Look at" in tabletop("confusion", "--runbook", "outage").stdout
    told = json.loads(tabletop("confusion", "--json").stdout)
    assert told["steps"][0]["step"] == "outage#look"
    people = tabletop("confusion", "--people").stdout
    assert people.startswith("No exercise of people that has ended came to a step yet; scripted")
    wrong = tabletop("confusion", "--runbook", "outgae")
    assert wrong.exit_code == 1
    assert 'did you mean "outage"?' in wrong.stderr


def test_the_plan_is_kept_from_the_command_line(tabletop: Tabletop, script: Path) -> None:
    tabletop("run", "kiosk/stuck", "--script", str(script))
    assert "The plan is empty" in tabletop("plan").stdout
    areas = tabletop("plan", "last").stdout
    assert "Look at the dashboard Kiosk overview. (runbooks/kiosk/outage.md:4)" in areas
    added = tabletop(
        "plan", "add", "last", "--area", "outage#look", "--what", "-Say which dashboard",
        "--owner", "Kim", "--due", "2026-01-05", "--element", "planning",
    )  # fmt: skip
    assert added.exit_code == 0
    assert "step kiosk/outage#look, closes by evidence from kiosk/stuck" in added.stdout
    assert "LATE, started: Ada" in tabletop(
        "plan", "edit", "1", "--owner", "Ada", "--status", "started"
    ).stdout  # fmt: skip
    assert "asked Elena" in tabletop("plan", "note", "1", "asked Elena").stdout
    assert '"\'-Say which dashboard"' in tabletop("plan", "--csv").stdout
    events = Calendar.from_ical(tabletop("plan", "last", "--ics").stdout).walk("VEVENT")
    assert str(events[0]["SUMMARY"]) == "Due: -Say which dashboard"
    assert json.loads(tabletop("plan", "--json").stdout)[0]["late"] is True
    assert "action 1, started" in tabletop("plan", "last").stdout
    assert "-Say which dashboard" in tabletop("report", "last").stdout
    assert "done: Ada" in tabletop("plan", "close", "1", "--reason", "merged").stdout
    assert "open: Ada" in tabletop("plan", "reopen", "1").stdout
    assert "dropped" in tabletop("plan", "close", "1", "--drop", "--reason", "too dear").stdout


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("plan", "close", "7"), 1, "There is no action with this number"),
        (("plan", "edit", "1"), 2, "Say what to change"),
        (("plan", "add", "--what", "x", "--due", "soon"), 1, "This is no date (due)"),
        (
            ("plan", "add", "--what", "x", "--start", "2099-02-01", "--due", "2099-01-31"),
            1,
            "2099-01-31: This is due before it starts on 2099-02-01; change one of the two days",
        ),
        (("plan", "add", "--what", "x", "--step", "kiosk/outage#loook"), 1, "outage#look"),
        (("plan", "add", "--what", "x", "--step", "kiosk/outages#look"), 1, "is no runbook here"),
        (("plan", "add", "--what", "x", "--scenario", "kiosk/stcuk"), 1, '"kiosk/stuck"'),
        (("plan", "edit", "1", "--step", "kiosk/outage#nothing"), 1, "is no step of runbooks/kio"),
        (("plan", "add", "--area", "1", "--what", "x"), 2, "Give the EXERCISE"),
        (("plan", "add", "last", "--area", "99", "--what", "x"), 1, "is no area of this exercise"),
        (("plan", "add"), 2, "Missing option '--what'"),
        (("plan", "nonsense"), 1, "There is no such exercise"),
        (("due", "--of", "kiosk/stuck"), 2, "Give --every DAYS"),
        (("due", "--every", "0"), 2, "not in the range"),
        (("due", "--every", "9", "--of", "kiosk/stcuk"), 1, 'did you mean "kiosk/stuck"'),
    ],
)
def test_what_is_wrong_is_said_plainly(
    tabletop: Tabletop, words: tuple[str, ...], code: int, told: str
) -> None:
    tabletop("run", "kiosk/stuck", "--golden")
    result = tabletop(*words)
    assert result.exit_code == code
    assert told in result.output


def test_due_tells_what_nobody_has_practised(tabletop: Tabletop) -> None:
    shown = tabletop("due").stdout
    assert "NEVER     scenario kiosk/stuck" in shown
    assert "kiosk/outage: 4 of 4" in shown
    assert shown.startswith("To practise:\n")
    tabletop("run", "kiosk/stuck", "--golden")
    shown = tabletop("due").stdout
    assert "kiosk/outage: 4 of 4" in shown
    assert shown.startswith("To practise (what scripts played does not count):\n")
    assert "kiosk/outage: 4 of 4" not in tabletop("due", "--scripts").stdout
    settled = json.loads(tabletop("due", "--every", "30", "--of", "kiosk/stuck", "--json").stdout)
    assert {one["name"]: one["every"] for one in settled["rehearsals"]} == {
        "kiosk/stuck": 30,
        "kiosk/outage": 90,
    }
    events = Calendar.from_ical(tabletop("due", "--ics").stdout).walk("VEVENT")
    assert {str(one["SUMMARY"]) for one in events} == {
        "Practise kiosk/stuck",
        "Practise kiosk/outage",
    }


def test_rebuild_sums_up_all_exercises_and_says_what_it_kept(
    tabletop: Tabletop, script: Path, tmp_path: Path
) -> None:
    tabletop("run", "kiosk/stuck", "--script", str(script))
    tabletop("plan", "add", "--what", "Say which dashboard")
    before = tabletop("confusion", "--json").stdout
    done = tabletop("rebuild")
    assert done.stdout == "Summed up 1 exercises; kept 1 decisions.\n"
    assert tabletop("confusion", "--json").stdout == before
    library = tmp_path / "store" / "library.db"
    library.write_bytes(os.urandom(5000))
    assert "damaged" in tabletop("confusion").output
    done = tabletop("rebuild")
    assert "library.db.bad-1" in done.stdout
    assert "1. 1 of 1 team  Look at" in tabletop("confusion").stdout
