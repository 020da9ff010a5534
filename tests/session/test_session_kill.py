"""A real process that plays is killed at random moments, and goes on where it was."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

from simulator.journal import Store, verify
from simulator.session.drill import CLOCK_EVERY
from simulator.session.opening import acts_of
from simulator.session.playing import resume

PLAYER = Path(__file__).with_name("drill_player.py")
KILLS = int(os.environ.get("TABLETOP_FAULTS", "5"))


def killed(home: Path, content: Path, lines: int) -> list[list[str]]:
    """Let somebody play, kill them once they said so many lines; return all that they said."""
    process = subprocess.Popen(
        [sys.executable, str(PLAYER), str(home), str(content)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(PLAYER.parents[2])},
    )
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(lines)]
    process.kill()
    said += process.stdout.read().splitlines(keepends=True)
    process.wait()
    process.stdout.close()
    return [line.split() for line in said if line.endswith("\n")]


def test_a_kill_loses_no_act_doubles_none_and_play_goes_on_paused_where_it_was(
    tmp_path: Path, kiosk: Path
) -> None:
    chance, taken, clock = random.Random(5), 0, 0
    for number in range(KILLS):
        home = tmp_path / f"home {number // 10}"  # ten times the same exercise, then another
        if number % 10 == 0:
            taken = clock = 0
        said = killed(home, kiosk, chance.randrange(1, 60))
        assert said[0][0] == "open", said
        found, now, paused = int(said[0][1]), int(said[0][2]), said[0][3]
        assert found in (taken, taken + 1)  # one may be stored that was not yet acknowledged
        assert clock - CLOCK_EVERY <= now <= clock + 1
        assert paused == str(number % 10 != 0)
        assert ["over"] not in said
        taken = max([found, *(int(line[1]) for line in said if line[0] == "taken")])
        clock = max([now, *(int(line[1]) for line in said if line[0] == "clock")])
        store = Store(home)
        drill = resume(store, "last")
        records = drill.journal.read()
        verify(records)
        queries = [act.query for act in acts_of(records) if act.do == "search"]
        assert queries == [f"act {n}" for n in range(1, len(queries) + 1)]
        assert len(queries) in (taken, taken + 1)
        assert drill.exercise.state.paused
        drill.close()
