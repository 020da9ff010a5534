"""The rating P/S/M/U: the worse of the score's band and the cap, with the reason in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction

from simulator.assessment.judgement import Judgement


class Rating(IntEnum):
    """How an exercise was performed. A higher one is better; the name is the field's letter."""

    U = 0
    M = 1
    S = 2
    P = 3

    @property
    def words(self) -> str:
        """The rating in the field's words."""
        return {
            Rating.P: "performed without challenges",
            Rating.S: "performed with some challenges",
            Rating.M: "performed with major challenges",
            Rating.U: "unable to be performed",
        }[self]


@dataclass(frozen=True, slots=True)
class Cap:
    """The best rating that something leaves possible."""

    rating: Rating
    reason: str


def band(score: Fraction, judgement: Judgement) -> Rating:
    """Return the rating that the score alone gives. The score is exact, not rounded."""
    if score >= judgement.performed_from:
        return Rating.P
    if score >= judgement.some_challenges_from:
        return Rating.S
    if score >= judgement.major_challenges_from:
        return Rating.M
    return Rating.U


def rate(
    score: Fraction, caps: Sequence[Cap], judgement: Judgement, what: str = "the score"
) -> tuple[Rating, str]:
    """Return the worse of the band and the caps, and every reason that gives this rating.

    `what` is what the score is called in a reason.
    """
    scored = band(score, judgement)
    rating = min([scored, *(cap.rating for cap in caps)])
    if rating is Rating.P:
        return rating, "nothing stands against it"
    reasons = [cap.reason for cap in caps if cap.rating is rating]
    if scored is rating:
        reasons.append(f"{what} is below {_floor_of_the_next_band(rating, judgement)}")
    return rating, "; ".join(reasons)


def _floor_of_the_next_band(rating: Rating, judgement: Judgement) -> Fraction:
    return {
        Rating.U: judgement.major_challenges_from,
        Rating.M: judgement.some_challenges_from,
    }.get(rating, judgement.performed_from)
