"""Noise and chance as integer hashes: the same on every machine, for any time, in any order."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b

_MASK = (1 << 64) - 1
OCTAVES = ((20, 0.3), (240, 1.4), (3600, 0.3))
"""Periods in seconds and weights; measured figures are in findings/world.md."""

_SPREAD = 0.6897
"""Standard deviation of the weighted sum: sqrt((.09 + 1.96 + .09) x 2/9), uniform lattices."""


def key_of(*place: str | int) -> int:
    """Return a 64-bit number for a place, the same for the same words."""
    text = "\x1f".join(map(str, place)).encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big")


def mixed(key: int, number: int) -> int:
    """Return a 64-bit hash of a key and a number (the finaliser of splitmix64)."""
    z = (key + number * 0x9E3779B97F4A7C15) & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)


def chance(key: int, number: int) -> float:
    """Return a number from 0 to below 1 for a key and a number."""
    return (mixed(key, number) >> 11) / 9007199254740992.0


def noise_of(seed: int, series: str, spread: float) -> Callable[[int], float]:
    """Return a function of time whose values vary around 1 with the standard deviation `spread`.

    Value noise: hashed lattices at three periods, joined by straight lines.
    """
    scale = spread / _SPREAD
    lattices: list[tuple[int, float, int, dict[int, float]]] = [
        (period, weight * scale, key_of(seed, series, period), {}) for period, weight in OCTAVES
    ]

    def value(t: int) -> float:
        total = 1.0
        for period, weight, key, known in lattices:
            index, rest = divmod(t, period)
            left = known.get(index)
            if left is None:
                left = known[index] = 2.0 * chance(key, index) - 1.0
            right = known.get(index + 1)
            if right is None:
                right = known[index + 1] = 2.0 * chance(key, index + 1) - 1.0
            total += weight * (left + (right - left) * rest / period)
        return total

    return value
