"""Names and addresses, drawn once per seed when an exercise is opened."""

from __future__ import annotations

from functools import lru_cache

from simulator.content.system import Pool, System
from simulator.world.noise import key_of


def draw_pools(system: System, seed: int) -> dict[str, tuple[str, ...]]:
    """Return the values of each pool. They go into the journal: Faker's lists change."""
    return {name: _draw(name, pool, seed) for name, pool in system.pools.items()}


def _draw(name: str, pool: Pool, seed: int) -> tuple[str, ...]:
    if pool.kind == "values":
        return tuple(pool.values) or ("",)
    return _made_up(pool.kind, pool.size, key_of(seed, "pool", name))


@lru_cache(64)
def _made_up(kind: str, size: int, seed: int) -> tuple[str, ...]:
    from faker import Faker

    faker = Faker("en_GB")
    faker.seed_instance(seed)
    draw = {
        "name": faker.name,
        "first_name": faker.first_name,
        "email": faker.safe_email,
        "ipv4": faker.ipv4_public,
        "uuid": faker.uuid4,
        "word": faker.word,
    }[kind]
    return tuple(str(draw()) for _ in range(size))
