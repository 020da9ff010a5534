"""docs/replay.md: its commands are there, its keys do what it says, its program runs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from documented import ROOT

from simulator.cli import main
from simulator.tui.panes.looked_at import DashboardsLookedAt, LogsLookedAt
from simulator.tui.panes.record import RecordPane
from simulator.tui.panes.scrubber import ACT, ALERT, CONFUSION, INJECT
from simulator.tui.screens.replay import ReplayScreen
from simulator.tui.screens.replay_head import SPEEDS

PAGE = (ROOT / "docs" / "replay.md").read_text(encoding="utf-8")
NAMES = {
    "+": "plus", "-": "minus", "[": "left_square_bracket", "]": "right_square_bracket",
    ",": "comma", ".": "full_stop", "{": "left_curly_bracket", "}": "right_curly_bracket",
    "<": "less_than_sign", ">": "greater_than_sign", "esc": "escape",
}  # fmt: skip


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table whose first heading is this."""
    table = re.search(rf"^\| {heading} \|.*\n\|[-|]+\n((?:\|.*\n)+)", PAGE, re.M)
    assert table is not None
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in table[1].splitlines()]


def test_every_key_is_bound_and_every_key_is_named() -> None:
    named = {
        NAMES.get(key, key) for cells in rows("key") for key in re.findall("`(.+?)`", cells[0])
    }
    named |= {NAMES.get(key, key) for key in re.findall("`([{}])`", PAGE)}
    named |= {"2", "3", "4", "5"}
    bound = {
        key
        for kind in (ReplayScreen, RecordPane, DashboardsLookedAt, LogsLookedAt)
        for binding in vars(kind)["BINDINGS"]
        for key in binding.key.split(",")
    }
    assert named == bound - {"equals_sign"}


def test_every_sign_and_speed_is_named() -> None:
    assert [cells[0].strip("`") for cells in rows("sign")] == [CONFUSION, ALERT, INJECT, ACT]
    said = next(cells[1] for cells in rows("key") if "`+`" in cells[0])
    assert tuple(map(int, re.findall(r"\d+", said))) == SPEEDS


def test_the_commands_and_the_program_run(
    kiosk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("simulator.tui.run_app", lambda *_, replay: opened.append(replay))
    store = str(tmp_path / "store")
    shell = re.search(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    assert shell is not None
    for line in shell[1].splitlines():
        words = line.partition("#")[0].split()
        assert words[0] == "tabletop"
        done = CliRunner().invoke(main, ["--content", str(kiosk), "--store", store, *words[1:]])
        assert done.exit_code == 0, done.output
    assert opened == ["last"]
    program = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert program is not None
    said = subprocess.run(
        [sys.executable, "-c", program[1]],
        capture_output=True, text=True, check=True, cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "TABLETOP_HOME": store, "PATH": ""},
    ).stdout  # fmt: skip
    assert said == "50 Many errors at the kiosk 0 0\n"
