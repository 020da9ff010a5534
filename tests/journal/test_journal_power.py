"""Cut the power at any moment: nothing that was acknowledged is lost.

The statements are the engine's own (simulator.journal.acts), run over a disk that forgets;
what is left is then opened by the engine itself.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest
from power_cut import Disk, PowerVFS

from simulator.journal import SqliteJournal, acts
from simulator.journal.record import follow

NAME = "/drill.tabletop"
CUTS = 400


def body(number: int) -> str:
    """Short and long acts, so that a commit is one page or many."""
    return f"act {number} " + "x" * random.Random(number).choice((10, 300, 9_000))


def opened(durability: str) -> apsw.Connection:
    connection = apsw.Connection(NAME, vfs="power")
    # A file system in Python has no shared memory; this is the way to do without it.
    connection.execute("PRAGMA locking_mode=EXCLUSIVE").fetchall()
    acts.keep_durable(connection)
    connection.execute(f"PRAGMA synchronous={durability}")
    return connection


def played(founded: bytes, durability: str) -> Disk:
    """Return the disk of an exercise that was left, resumed, sealed and corrected."""
    disk = Disk({NAME: founded})
    vfs = PowerVFS(disk)
    number = 0
    for _ in range(3):
        connection = opened(durability)
        assert acts.with_log(connection)
        for _ in range(12):
            number += 1
            if number % 3:
                record = follow(acts.last(connection), f"key {number}", body(number))
                acts.add(connection, record)
            else:
                record = acts.append(connection, [(f"key {number}", body(number))])[-1]
            disk.acknowledge(record.seq)
            if number % 5 == 0:
                acts.settle(connection)
            if number % 7 == 0:
                batch = [(f"key {number + more}", body(number + more)) for more in (1, 2, 3)]
                number += 3
                disk.acknowledge(acts.append(connection, batch)[-1].seq)
        if number > 30:
            assert acts.without_log(connection)
        else:
            acts.settle(connection)
        connection.close()
    vfs.unregister()
    return disk


@pytest.fixture(name="founded")
def _founded(tmp_path: Path) -> bytes:
    file = tmp_path / "founded.tabletop"
    SqliteJournal.create(file).close()
    return file.read_bytes()


def losses(disk: Disk, tmp_path: Path, cuts: int) -> Iterator[int]:
    """Yield, for each cut, how many acknowledged acts are missing from what is left."""
    chance = random.Random(20_26)
    for cut in range(cuts):
        moment = chance.randrange(1, len(disk.done) + 1)
        folder = tmp_path / f"cut-{cut}"
        folder.mkdir()
        for name, content in disk.after_cut(moment, chance).items():
            (folder / name.lstrip("/")).write_bytes(content)
        with SqliteJournal(folder / NAME.lstrip("/")) as journal:
            left = journal.read()
            assert [record.seq for record in left] == list(range(1, len(left) + 1))
            assert all(record.body == body(record.seq) for record in left)
            if not journal.sealed:  # and play goes on, the act in doubt counted once
                again = journal.append(f"key {len(left)}", "") if left else None
                assert again in (*left, None)
                assert journal.append("next", "").seq == len(left) + 1
        yield max(0, disk.acknowledged(moment) - len(left))


def test_a_power_cut_loses_no_acknowledged_act(founded: bytes, tmp_path: Path) -> None:
    lost = list(losses(played(founded, "FULL"), tmp_path, CUTS))
    assert len(lost) == CUTS
    assert sum(lost) == 0


def test_the_power_cut_notices_a_journal_that_does_not_sync(founded: bytes, tmp_path: Path) -> None:
    lost = list(losses(played(founded, "NORMAL"), tmp_path, CUTS // 4))
    assert sum(1 for acts_lost in lost if acts_lost) > CUTS // 20
