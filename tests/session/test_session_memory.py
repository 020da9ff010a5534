"""What the world remembers to be quick changes nothing: forgetting it gives the same exercise."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.content.finding import scenario_names
from simulator.content.pack import read_pack
from simulator.exercise.digest import digest
from simulator.exercise.fold import Exercise
from simulator.session.script import play

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", scenario_names(ROOT))
def test_a_world_that_forgets_each_second_is_the_same(name: str) -> None:
    pack = read_pack(ROOT, name)
    seen: list[list[str]] = [[], []]

    def forgetful(exercise: Exercise) -> None:
        exercise.state.world.memo.clear()
        remembering(exercise)

    def remembering(exercise: Exercise) -> None:
        if exercise.state.now % 30 == 0:
            seen[-1].append(digest(exercise))

    solution = [line for line in pack.scenario.solution if line["do"] != "view"]
    whole = play(pack, solution, 3, remembering)
    seen.reverse()
    again = play(pack, solution, 3, forgetful)
    assert seen[0] == seen[1]
    assert len(seen[0]) > 20
    assert digest(again.exercise) == digest(whole.exercise)
