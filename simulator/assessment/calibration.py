"""Expected times that learn from runs, so that a wrong estimate repairs itself.

The results enter only calibrations that are frozen into an exercise's first entry.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import exp, log
from statistics import median

from simulator.assessment.confusion import Confusions
from simulator.assessment.judgement import JUDGEMENT, Judgement, Signal


def calm_ratios(confusions: Confusions) -> dict[str, Fraction]:
    """Return dwell / pace in seconds of each completed step that showed no signal but "slow"."""
    return {
        step.step: step.dwell / confusions.pace
        for step in confusions.steps
        if step.completed
        and step.dwell > 0
        and all(sign.signal is Signal.SLOW for sign in step.signs)
    }


def expected_seconds(
    estimate: int, ratios: Sequence[Fraction], judgement: Judgement = JUDGEMENT
) -> int:
    """Return exp((n m + 5 ln estimate) / (n + 5)) in whole seconds, at least 1.

    m is the median of ln(dwell / pace) over the n calm runs whose `ratios` are given, all in
    seconds and above 0; 5 is the strength of the author's estimate.
    """
    if not ratios:
        return max(1, estimate)
    n, strength = len(ratios), judgement.estimate_strength
    middle = median(log(ratio) for ratio in ratios)
    return max(1, round(exp((n * middle + strength * log(max(1, estimate))) / (n + strength))))
