"""docs/improving.md: every command is run, one after another, and prints what the page says."""

from __future__ import annotations

import doctest
import re
import shlex
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner
from documented import ROOT, blocks

from simulator.cli import main

PAGE = ROOT / "docs" / "improving.md"


def commands() -> Iterator[tuple[str, str]]:
    """Yield each command of the page with what it prints, "..." standing for anything."""
    for block in re.findall(r"^```console\n(.*?)^```$", PAGE.read_text("utf-8"), re.M | re.S):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            line, _, printed = part.partition("\n")
            yield line, printed


def test_every_command_prints_what_the_page_says(
    kiosk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = shutil.copytree(kiosk, tmp_path / "content")
    monkeypatch.chdir(content)
    monkeypatch.setenv("TABLETOP_HOME", str(tmp_path / "store"))
    (content / "unsure.yaml").write_text(blocks("improving.md")["script: unsure"])
    minutes = count()
    # Exercises of one second have no order, and a decision has exercises before it and after.
    monkeypatch.setattr(
        "simulator.session.running.now", lambda: f"2050-01-01T10:{next(minutes):02}:00+00:00"
    )
    monkeypatch.setattr(
        "simulator.journal.library.dated", lambda at: f"2050-01-01T10:{next(minutes):02}:00+00:00"
    )
    ran = 0
    for line, printed in commands():
        words = shlex.split(line)
        assert words[0] == "tabletop", line
        result = CliRunner().invoke(main, words[1:])
        assert result.exit_code == 0, (line, result.output)
        checker = doctest.OutputChecker()
        flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
        assert checker.check_output(printed, result.stdout, flags), (line, result.stdout)
        ran += 1
    assert ran >= 15


def test_the_page_names_every_command_and_option_of_its_own() -> None:
    page = PAGE.read_text("utf-8")
    for name in ("confusion", "plan", "due", "revise", "review", "rebuild"):
        assert f"tabletop {name}" in page
        for parameter in main.commands[name].params:
            for option in parameter.opts:
                assert option in page or option in ("--all", "--json", "--ics"), (name, option)
