"""docs/scripts.md: every act is there, with its fields, in a script that is played."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import get_args

import pytest
from documented import ROOT, blocks, rows, script

from simulator.content.pack import Pack, read_pack
from simulator.exercise import acts as a
from simulator.exercise.facilitating import TEAM
from simulator.session.running import read_script
from simulator.session.script import play

TYPES: dict[str, type[a.Act]] = {
    kind.model_fields["do"].default: kind for kind in get_args(get_args(a.AnyAct)[0])
}
COMPUTED = {
    *("at", "by", "role", "do", "output", "failed", "near", "found", "context", "approved", "wall"),
}
OF_THE_SHELL = {"action", "args", "view", "views", "streams", "logs"}
BY_THE_PROGRAM = {"open", "join", "clock", "close"}
OF_A_TEAM = {kind.model_fields["do"].default for kind in TEAM}


@pytest.fixture
def pack(kiosk: Path, tmp_path: Path) -> Pack:
    """The smallest scenario with what docs/scripts.md adds."""
    root = shutil.copytree(kiosk, tmp_path / "content")
    for what, text in blocks("scripts.md").items():
        added = re.fullmatch(r"added to(?: the (\w+) of)?: (\S+)", what)
        if added is None:
            continue
        file, key = root / added[2], added[1]
        written = file.read_text()
        if key is None:
            file.write_text(written + text)
        else:
            assert f"\n{key}:\n" in written
            file.write_text(written.replace(f"\n{key}:\n", f"\n{key}:\n{text}"))
    return read_pack(root, "kiosk/stuck")


def test_the_script_is_played(pack: Pack) -> None:
    assessment = play(pack, script("scripts.md", "kiosk"), 1)
    taken = [act for act in assessment.evidence.acts if act.do not in BY_THE_PROGRAM]
    assert len(taken) == len(script("scripts.md", "kiosk"))
    said = [act.output for act in taken if isinstance(act, a.Command | a.Do)]
    assert said[0].startswith("mode stuck")
    assert said[1].startswith("restarting")


def test_every_act_and_field_is_shown_and_played() -> None:
    played: dict[str, set[str]] = {}
    for act in script("scripts.md", "kiosk"):
        played.setdefault(act["do"], set()).update(act)
    assert set(played) == set(TYPES) - BY_THE_PROGRAM - OF_A_TEAM
    tabled: dict[str, set[str]] = {}
    for names, fields, _ in rows("scripts.md", "The fields"):
        for name in re.findall(r"`(\w+)`", names):
            tabled[name] = set(re.findall(r"`(\w+)`", fields))
    assert set(tabled) == set(played)
    for name, kind in TYPES.items():
        if name not in BY_THE_PROGRAM | OF_A_TEAM:
            computed = COMPUTED | (OF_THE_SHELL if kind is a.Command else set())
            wanted = set(kind.model_fields) - computed
            assert tabled[name] == wanted, name
            assert wanted - {"reason"} <= played[name], name


def test_the_script_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "my.yaml"
    file.write_text(blocks("scripts.md")["script: kiosk"])
    assert read_script(file) == script("scripts.md", "kiosk")


def test_what_the_program_writes_by_itself_is_named() -> None:
    page = (ROOT / "docs" / "scripts.md").read_text()
    last = page.rsplit("\n\n", 1)[1]
    assert {*re.findall(r"`(\w+)`", last)} == BY_THE_PROGRAM


def test_the_acts_of_a_team_are_named_with_their_fields() -> None:
    tabled: dict[str, set[str]] = {}
    for names, fields, _ in rows("team-drill.md", "What the journal keeps"):
        for name in re.findall(r"`([\w-]+)`", names):
            tabled[name] = set(re.findall(r"`(\w+)`", fields))
    assert set(tabled) == OF_A_TEAM
    for kind in TEAM:
        wanted = set(kind.model_fields) - COMPUTED
        assert tabled[kind.model_fields["do"].default] == wanted
