"""A scenario's own solution, played to see whether an edit leaves it as good as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from simulator.content.pack import Pack

if TYPE_CHECKING:
    from simulator.assessment import Assessment


def solve(pack: Pack, script: Sequence[Mapping[str, Any]]) -> Assessment | None:
    """Return what a script of a scenario comes to with seed 1; None where it cannot be played."""
    from simulator.session.script import ScriptError, play

    try:
        return play(pack, script, 1)
    except ScriptError:
        return None
