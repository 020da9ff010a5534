"""docs/hosting.md: its commands are the program's, and its figures are the ones that hold."""

from __future__ import annotations

import re
from pathlib import Path

import click

from simulator.cli import main
from simulator.content.finding import scenario_names
from simulator.web.browser import COOKIE_LASTS
from simulator.web.limits import ALL, EACH
from simulator.web.seat_line import OUTLIVES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
PROSE = " ".join(PAGE.split())


def test_its_commands_and_options_exist() -> None:
    options = {
        name
        for command in (main, main.commands["host"])
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for name in parameter.opts
    }
    written = set(re.findall(r"(?<!\S)`?(--[a-z-]+)", PAGE))
    assert len(written) >= 6
    assert written <= options
    for scenario in re.findall(r"tabletop host ([a-z][\w/-]+)", PAGE):
        assert scenario in scenario_names(ROOT)


def test_its_figures_are_the_programs() -> None:
    assert f"After {EACH.burst:.0f} wrong ones" in PROSE
    assert f"waits {1 / EACH.per_second:.0f} seconds" in PROSE
    assert f"together get {ALL.per_second:.0f} a second" in PROSE
    assert COOKIE_LASTS == 12 * 3600
    assert "lasts twelve hours at most" in PROSE
    assert OUTLIVES == 120
    assert "waits two minutes" in PROSE
