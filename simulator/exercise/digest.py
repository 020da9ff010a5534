"""A digest of an exercise's state: two consoles that show the same have the same."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.exercise.fold import Exercise

_REMEMBERED = frozenset({"memo"})
"""What is kept only to be quick, and differs by what was looked at."""


def digest(exercise: Exercise) -> str:
    """Return 16 hex digits of a hash over everything that the acts so far have made of it."""
    parts: list[str] = []
    _write(exercise.state, parts)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _write(value: object, parts: list[str]) -> None:
    if is_dataclass(value) and not isinstance(value, type):
        parts.append(type(value).__name__)
        for one in fields(value):
            if one.name not in _REMEMBERED:
                parts.append(one.name)
                _write(getattr(value, one.name), parts)
    elif isinstance(value, Mapping):
        parts.append(f"{{{len(value)}")
        for key in sorted(value, key=repr):
            parts.append(repr(key))
            _write(value[key], parts)
    elif isinstance(value, set | frozenset):
        parts.append(f"<{len(value)}")
        parts += sorted(map(repr, value))
    elif isinstance(value, list | tuple):
        parts.append(f"[{len(value)}")
        for item in value:
            _write(item, parts)
    else:
        parts.append(repr(value))
