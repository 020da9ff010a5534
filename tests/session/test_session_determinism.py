"""The same scenario, seed and journal give the same bytes, in any process, at any later time."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from kiosk_edits import NAME, SCENARIO, SYSTEM

from simulator.content.finding import scenario_names
from simulator.content.pack import Pack, read_pack
from simulator.exercise import acts as a
from simulator.journal import Store
from simulator.review import write_report
from simulator.session.drill import Drill
from simulator.session.playing import begin, finish, resume
from simulator.session.running import golden_script, load, run_script
from simulator.session.script import play

ROOT = Path(__file__).parents[2]
PLAYED = Path(__file__).with_name("played_again.py")
SCRIPT = """
- {at: 40, do: command, line: "kioskctl status | tr a-z A-Z | head -n 1"}
- {at: 60, do: post, channel: ops, text: "Grüße, 🧯 is it the paper?"}
- {at: 70, do: confused, step: outage#look, note: "Where?"}
- {at: 80, do: logs, stream: kiosk-log, query: jam}
- {at: 90, do: hint, step: outage#look}
- {at: 100, do: tick, step: outage#verify}
- {at: 400, do: action, action: restart}
"""
GOLDEN = "96df8502adfd"
"""The digest of the kiosk's golden journal, and of the metric and the log that it goes with.

When it changes, old exercises replay differently: say so in CHANGELOG.md and renew it."""


def in_a_fresh_process(content: Path, name: str, seed: int, script: str, hashing: str) -> bytes:
    return subprocess.run(
        [sys.executable, str(PLAYED), str(content), name, str(seed), script],
        capture_output=True,
        check=True,
        cwd=content,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": hashing,
             "PYTHONUTF8": "1"},
    ).stdout  # fmt: skip


@pytest.mark.parametrize("script", ["golden", "script"])
def test_two_fresh_processes_give_the_same_bytes(kiosk: Path, tmp_path: Path, script: str) -> None:
    if script == "script":
        file = tmp_path / "script.yaml"
        file.write_text(SCRIPT, encoding="utf-8")
        script = str(file)
    first = in_a_fresh_process(kiosk, NAME, 3, script, "1")
    assert first == in_a_fresh_process(kiosk, NAME, 3, script, "4242")
    assert first != in_a_fresh_process(kiosk, NAME, 4, script, "1")
    assert b"<svg" in first


@pytest.mark.parametrize("name", scenario_names(ROOT))
def test_each_real_scenario_gives_the_same_bytes_in_two_processes(name: str) -> None:
    first = in_a_fresh_process(ROOT, name, 2, "golden", "7")
    assert first == in_a_fresh_process(ROOT, name, 2, "golden", "77")


def test_the_golden_journal_of_the_kiosk_is_what_it_was(stuck: Pack) -> None:
    evidence = play(stuck, golden_script(stuck), 1).evidence
    world, state = evidence.exercise.world, evidence.exercise.state.world
    seen = [a.write_act(act) for act in evidence.acts[1:]]
    seen += [repr(value) for value in world.series(state, "errors", -600, 1, 850)]
    seen += [f"{line.t} {line.text}" for line in world.log_lines(state, "kiosk-log", 0, 250, 500)]
    assert hashlib.sha256("\n".join(seen).encode()).hexdigest()[:12] == GOLDEN


def test_a_stored_exercise_gives_the_same_result_as_the_run_that_stored_it(
    tmp_path: Path, stuck: Pack
) -> None:
    store = Store(tmp_path)
    stored = run_script(store, stuck, golden_script(stuck), 5)
    again = load(store, stored.exercise_id)
    for form in ("md", "html", "json"):
        assert write_report("x", again.assessment, form) == write_report(
            "x", stored.assessment, form
        )


async def play_on(drill: Drill) -> None:
    await drill.take("resume")
    for at, act in (
        (90, {"do": "acknowledge", "alert": "many-errors"}),
        (95, {"do": "command", "line": "kioskctl status"}),
        (120, {"do": "command", "line": "kioskctl restart"}),
        (300, {"do": "end"}),
    ):
        await drill.elapse(at - drill.exercise.state.now)
        await drill.take(**act)


def test_an_exercise_goes_on_with_the_texts_it_began_with(kiosk: Path, tmp_path: Path) -> None:
    root = tmp_path / "content"
    shutil.copytree(kiosk, root)
    results = []
    for changed in (False, True):
        store = Store(tmp_path / f"store {changed}")
        drill = begin(store, read_pack(root, NAME), 1, "Kim")
        drill.close()
        if changed:
            for name, old, new in (
                (SCENARIO, "limit: 120", "limit: 1"), (SYSTEM, 'by: "+80"', 'by: "+20"')
            ):  # fmt: skip
                file = root / name
                file.write_text(file.read_text().replace(old, new))
            (root / "runbooks/kiosk/outage.md").unlink()
        again = resume(store, "last")
        asyncio.run(play_on(again))
        results.append(write_report("x", finish(store, again), "md"))
        again.close()
    assert results[0] == results[1]
    assert "Many errors at the kiosk" in results[0]
