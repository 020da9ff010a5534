"""Which steps of the runbooks confuse most, over many exercises.

A share of few teams says little. So the shares of all steps together are the first guess for
each, as strong as 8 teams: a step's rank value is (k + 8m) / (n + 8).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from simulator.assessment.judgement import JUDGEMENT, Judgement


@dataclass(frozen=True, slots=True)
class Figure:
    """A step in its present wording: `teams` that reached it, `confused` of them, and `flagged`.

    `flagged` counts the exercises in which somebody pressed "this confuses me" at it.
    """

    step: str
    teams: int
    confused: int
    flagged: int = 0


@dataclass(frozen=True, slots=True)
class Ranked:
    """A step with its rank value; `listed` says whether it is worth somebody's attention."""

    figure: Figure
    value: Fraction
    listed: bool


def prior(figures: Iterable[Figure], judgement: Judgement = JUDGEMENT) -> Fraction:
    """Return the first guess for any step: (sum k + 1) / (sum n + 6)."""
    known = list(figures)
    confused = judgement.prior_confused + sum(one.confused for one in known)
    return Fraction(confused, judgement.prior_teams + sum(one.teams for one in known))


def rank(figures: Iterable[Figure], judgement: Judgement = JUDGEMENT) -> tuple[Ranked, ...]:
    """Return the steps, those that confuse most first; equal ones by their names."""
    known = list(figures)
    guess = prior(known, judgement)
    ranked = [_ranked(one, guess, judgement) for one in known]
    return tuple(
        sorted(ranked, key=lambda one: (-one.value, -one.figure.confused, one.figure.step))
    )


def _ranked(figure: Figure, guess: Fraction, judgement: Judgement) -> Ranked:
    strength = judgement.prior_strength
    value = (figure.confused + strength * guess) / (figure.teams + strength)
    often = figure.confused >= judgement.listed_confused
    listed = figure.flagged > 0 or (often and value >= judgement.listed_above * guess)
    return Ranked(figure, value, listed)
