"""README: what it shows exists, and its commands are the program's."""

from __future__ import annotations

import re

import click
from documented import ROOT

from simulator.cli import main
from simulator.content.finding import scenario_names
from simulator.content.pack import read_pack
from simulator.exercise.acts import View, read_act

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_link_and_picture_is_there() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_every_command_and_option_is_known() -> None:
    lines = re.findall(r"tabletop ((?:--?[a-z-]+ \S+ )*)([a-z]+)([^\n`#]*)", README)
    assert len(lines) > 10
    for before, name, after in lines:
        command = main.commands.get(name)
        assert command is not None, name
        known = {o for c in (main, command) for p in c.params if isinstance(p, click.Option)
                 for o in p.opts}  # fmt: skip
        assert set(re.findall(r"(?<!\S)--?[a-z-]+", before + after)) <= known


def test_the_scenario_and_the_act_that_it_names_exist() -> None:
    scenarios = set(re.findall(r"ai-gurus-lms/[a-z-]+", README))
    assert scenarios <= set(scenario_names(ROOT))
    scenario = "ai-gurus-lms/site-down"
    assert scenario in scenarios
    (act,) = re.findall(r"`- \{at: 30, do: view, view: ([a-z-]+)\}`", README)
    assert isinstance(read_act({"at": 30, "do": "view", "view": act}), View)
    pack = read_pack(ROOT, scenario)
    assert act in {board.id for board in pack.system.dashboards}


def test_every_target_of_make_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make (\w+)", README, re.M):
        assert f"\n{target}:" in makefile
