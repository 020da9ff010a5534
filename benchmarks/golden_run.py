"""A golden run without a screen, with every metric evaluated each simulated second."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from simulator.content.finding import find_content
from simulator.content.pack import read_pack
from simulator.exercise.fold import Exercise
from simulator.session.script import play

LIMIT = 1000


def _every_metric(exercise: Exercise) -> None:
    exercise.world.values(exercise.state.world, exercise.state.now)


def main() -> int:
    """Print how many times faster than the time it simulates a golden run is, by CPU time."""
    failed = False
    root = find_content(None, Path(__file__).parent.parent)
    for name in ("site-down", "database-degradation", "rollback-required"):
        pack = read_pack(root, f"ai-gurus-lms/{name}")
        began = time.process_time()
        assessment = play(pack, pack.scenario.solution, 1, _every_metric)
        took = time.process_time() - began
        simulated = assessment.exercise.state.now
        ratio = simulated / took
        failed |= ratio < LIMIT
        metrics = len(pack.system.metrics)
        print(
            f"golden run of {name}, {simulated} s, {metrics} metrics each second  "
            f"{ratio:.0f} x real time  at least {LIMIT} x"
        )
    return failed


if __name__ == "__main__":
    sys.exit(main())
