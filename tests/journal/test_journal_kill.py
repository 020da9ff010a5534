"""Kill a real process with SIGKILL in the middle of play, again and again."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from simulator.journal import SqliteJournal, StoreLocked, verify

PLAYER = Path(__file__).with_name("player.py")
KILLS = int(os.environ.get("TABLETOP_FAULTS", "5"))


def player(file: Path) -> subprocess.Popen[str]:
    house = {**os.environ, "PYTHONPATH": str(PLAYER.parents[2])}
    return subprocess.Popen(
        [sys.executable, str(PLAYER), str(file)], stdout=subprocess.PIPE, text=True, env=house
    )


def killed(process: subprocess.Popen[str], after: int, pause: float) -> list[str]:
    """Kill the player some time after its first lines; return all that it had said."""
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(after)]
    time.sleep(pause)
    process.kill()
    rest = process.stdout.read()
    process.wait()
    process.stdout.close()
    return [*said, *(line for line in rest.splitlines(keepends=True) if line.endswith("\n"))]


def test_kills_lose_nothing_acknowledged_and_double_nothing(tmp_path: Path) -> None:
    file = tmp_path / "drill.tabletop"
    SqliteJournal.create(file).close()
    chance = random.Random(9)
    acknowledged = 0
    for _ in range(KILLS):
        said = killed(player(file), chance.randrange(1, 60), chance.random() * 0.02)
        resumed = int(said[0].removeprefix("resumed "))
        assert resumed >= acknowledged
        acknowledged = max([resumed, *(int(line.split()[1]) for line in said[1:])])
    assert acknowledged > 0
    with SqliteJournal(file) as journal:
        records = journal.read()
        assert len(records) >= acknowledged
        assert [record.key for record in records] == [f"key {n + 1}" for n in range(len(records))]
        assert [record.body for record in records] == [f"body {n + 1}" for n in range(len(records))]
        assert verify(records) == journal.head()


def test_a_second_writer_is_told_who_writes_and_a_dead_one_holds_nothing(tmp_path: Path) -> None:
    file = tmp_path / "drill.tabletop"
    SqliteJournal.create(file).close()
    process = player(file)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "resumed 0\n"
        with pytest.raises(StoreLocked, match=f"another program \\(process {process.pid}\\)"):
            SqliteJournal(file)
        with SqliteJournal(file, write=False) as watching:
            assert watching.wait(0, timeout=20)
    finally:
        killed(process, 0, 0)
    with SqliteJournal(file) as journal:
        assert journal.append("after the kill", "").seq == journal.head().seq
