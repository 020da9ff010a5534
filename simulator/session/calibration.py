"""Expected times that learn from earlier exercises, frozen into a new one's first entry."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from fractions import Fraction

from simulator.assessment import Assessment
from simulator.assessment.calibration import calm_ratios, expected_seconds
from simulator.assessment.proofs import steps_of
from simulator.content.pack import Pack
from simulator.journal import Summary


def calm_of(assessment: Assessment) -> str:
    """Return the calm steps of a run for the library: step and version -> dwell / pace."""
    pack = assessment.exercise.pack
    ratios = calm_ratios(assessment.confusion)
    found = {_version(pack, step): str(ratio) for step, ratio in sorted(ratios.items())}
    return json.dumps(found, separators=(",", ":"))


def calibrated(pack: Pack, earlier: Iterable[Summary]) -> dict[str, int]:
    """Return the expected seconds of each step that earlier exercises say something of.

    A step whose text has changed starts again from its author's estimate.
    """
    ratios: dict[str, list[Fraction]] = {}
    for summary in earlier:
        for version, ratio in json.loads(summary.calm or "{}").items():
            ratios.setdefault(version, []).append(Fraction(ratio))
    found: dict[str, int] = {}
    for step, node in steps_of(pack.scenario).items():
        known = ratios.get(_version(pack, step))
        if known:
            found[step] = expected_seconds(node.expect, known)
    return found


def _version(pack: Pack, ref: str) -> str:
    step = pack.step(ref)
    text = step.body if step else ""
    return f"{ref}@{hashlib.sha256(text.encode()).hexdigest()[:8]}"
