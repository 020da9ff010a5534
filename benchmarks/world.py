"""How fast production is stepped when every metric is looked at in every second."""

from __future__ import annotations

import sys
from pathlib import Path
from time import process_time

from simulator.content.finding import scenario_names
from simulator.content.pack import read_pack
from simulator.world import World, draw_pools
from simulator.world.scope import Nobody

SECONDS = 1500
TRIES = 3
LIMIT = 1000.0
ROOT = Path(__file__).parent.parent


def main() -> int:
    """Print simulated seconds for each second of processor time; return 1 below the limit."""
    name = scenario_names(ROOT)[0]
    pack = read_pack(ROOT, name)
    speed = max(_speed(World(pack.system, pack.scenario, seed, draw_pools(pack.system, seed)))
                for seed in range(TRIES))  # fmt: skip
    print(f"world.stepping {speed:.0f} {LIMIT:.0f}")
    return int(speed < LIMIT)


def _speed(world: World) -> float:
    state, nobody = world.start(), Nobody()
    world.advance(state, 0, nobody)
    began = process_time()
    for t in range(1, SECONDS + 1):
        world.advance(state, t, nobody)
        world.values(state, t)
    return SECONDS / (process_time() - began)


if __name__ == "__main__":
    sys.exit(main())
