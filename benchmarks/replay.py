"""Seeking anywhere in an exercise of 5,000 acts, and joining it late: folding it to the present.

All times are the processor's, so that a busy machine gives the same figures.
"""

from __future__ import annotations

import gc
import random
import re
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import TypeVar

from simulator.assessment import assess
from simulator.content.finding import find_content
from simulator.content.pack import Pack, pack_of, read_pack
from simulator.exercise import acts as a
from simulator.session.opening import fold
from simulator.session.replay import Replay

sys.path.insert(0, str(Path(__file__).parents[1] / "tests/session"))
from long_exercise import long_exercise

T = TypeVar("T")
ACTS = 5_000
SEEKS = 400
SEEK = 0.1
LATE = 1.0
SCENARIOS = ("site-down", "database-degradation", "rollback-required")


def read(bodies: list[str], pack: Pack | None = None) -> Replay:
    """Return the replay of what a journal holds, as it is before anything was sought."""
    return Replay([a.read_act(body) for body in bodies], pack)


def seeking(name: str, bodies: list[str]) -> bool:
    """Print what seeking takes once the exercise was read; return whether it is quick enough."""
    replay, opened = timed(lambda: read(bodies))
    stretches = []
    known = 0.0
    while known < 1:
        known, took = timed(replay.explore)
        stretches.append(took)
    gc.freeze()  # as the screen does once all is read
    chance = random.Random(1)
    sought = []
    for _ in range(SEEKS):
        if chance.random() < 0.5:
            moment = replay.moment_at(chance.randrange(replay.end.at + 1))
        else:
            moment = replay.moment_of(chance.randrange(1, ACTS + 1))
        sought.append(timed(lambda at=moment: replay.show(at))[1])
    marked = []
    for number in range(500, ACTS + 1, 500):
        moment = replay.moment_of(number)
        marked.append(timed(lambda at=moment: replay.assessment_at(at))[1])
    gc.unfreeze()
    print(
        f"seek in {ACTS} acts of {name}  {told(sought)}  each under {SEEK * 1000:.0f} ms\n"
        f"    opened in {opened * 1000:.0f} ms; read behind the screen in "
        f"{sum(stretches) * 1000:.0f} ms, a stretch {told(stretches)}\n"
        f"    marks of a moment, in a thread, {told(marked)}"
    )
    return max(sought) < SEEK


def late(name: str, bodies: list[str]) -> bool:
    """Print what folding an exercise from its records takes; return whether it is quick enough."""
    acts, parsed = timed(lambda: [a.read_act(body) for body in bodies])
    exercise, folded = timed(lambda: fold(acts))
    _, idle = timed(lambda: fold(acts[:1], exercise.pack).advance(exercise.state.now))
    print(
        f"late joining of {ACTS} acts of {name}  {parsed + folded:.2f} s  {LATE:.0f} s\n"
        f"    acts read in {parsed:.2f} s; content read and {exercise.state.now} s folded in "
        f"{folded:.2f} s, {idle / exercise.state.now * 1000:.2f} ms a second when nobody acts"
    )
    return parsed + folded < LATE


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """Return what some work gives and the processor's seconds that it took."""
    began = process_time()
    return work(), process_time() - began


def told(times: list[float]) -> str:
    """Return the median, the 95th percentile and the longest of some times."""
    ordered = sorted(time * 1000 for time in times)
    p95 = ordered[min(len(ordered) - 1, len(ordered) * 95 // 100)]
    return f"median {ordered[len(ordered) // 2]:.0f} ms, p95 {p95:.0f}, longest {ordered[-1]:.0f}"


def of_four_hours(pack: Pack) -> Pack:
    """Return a scenario that goes on for as long as one may."""
    file = f"scenarios/{pack.name}.yaml"
    texts = dict(pack.texts)
    texts[file] = re.sub(r"^minutes: \d+$", "minutes: 240", texts[file], count=1, flags=re.M)
    return pack_of(pack.name, texts)


def main() -> int:
    """Print two figures for each scenario; return 1 if one misses its limit."""
    fine = []
    root = find_content(None, Path(__file__).parent.parent)
    for name in SCENARIOS:
        pack = read_pack(root, f"ai-gurus-lms/{name}")
        acts = long_exercise(pack, ACTS)
        bodies = [a.write_act(act) for act in acts]
        whole = read(bodies, pack)
        assert whole.assessment_at(whole.end).marks == assess(acts, pack).marks
        fine += [seeking(name, bodies), late(name, bodies)]
    # Only to be known: the longest exercise that a scenario may ask for.
    hours = [a.write_act(act) for act in long_exercise(of_four_hours(pack), ACTS)]
    fine.append(seeking(f"{name} in four hours", hours))
    late(f"{name} in four hours", hours)
    return int(not all(fine))


if __name__ == "__main__":
    sys.exit(main())
