"""Which steps of the runbooks confuse most, over many exercises.

A share of few teams says little. So the shares of all steps together are the first guess for
each, as strong as 8 teams: a step's rank value is (k + 8m) / (n + 8).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

# Judgement, but none of the marks': no score and no rating is computed from these. They stand
# apart from the table of the marks so that a ranking opens without loading all of assessment.
STRENGTH = 8
"""Teams that the first guess is worth."""
PRIOR_CONFUSED, PRIOR_TEAMS = 1, 6
"""What is added to all teams before they give the first guess."""
LISTED_CONFUSED = 2
LISTED_ABOVE = Fraction(3, 2)
"""How many times the first guess a rank value must be, for its step to be listed."""


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


def prior(figures: Iterable[Figure]) -> Fraction:
    """Return the first guess for any step: (sum k + 1) / (sum n + 6)."""
    known = list(figures)
    confused = PRIOR_CONFUSED + sum(one.confused for one in known)
    return Fraction(confused, PRIOR_TEAMS + sum(one.teams for one in known))


def rank(figures: Iterable[Figure]) -> tuple[Ranked, ...]:
    """Return the steps, those that confuse most first; equal ones by their names."""
    known = list(figures)
    guess = prior(known)
    ranked = [_ranked(one, guess) for one in known]
    return tuple(
        sorted(ranked, key=lambda one: (-one.value, -one.figure.confused, one.figure.step))
    )


def _ranked(figure: Figure, guess: Fraction) -> Ranked:
    value = (figure.confused + STRENGTH * guess) / (figure.teams + STRENGTH)
    often = figure.confused >= LISTED_CONFUSED
    listed = figure.flagged > 0 or (often and value >= LISTED_ABOVE * guess)
    return Ranked(figure, value, listed)
