"""docs/marks.md: every figure on the page is the one in the code's table."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from documented import ROOT, rows

from simulator.assessment import Rating
from simulator.assessment.judgement import JUDGEMENT, Harm, Signal, Weight
from simulator.tui.screens.result_sections import EQUAL

PAGE = " ".join((ROOT / "docs" / "marks.md").read_text().split())


def table(heading: str, number: int = 0) -> dict[str, str]:
    """Return the first two columns of the n-th table under a heading."""
    text = (ROOT / "docs" / "marks.md").read_text().split(f"## {heading}\n", 1)[1]
    found = re.findall(r"(?:^\|.*\|\n)+", text, re.M)[number]
    cells = [[c.strip() for c in line.strip("|").split("|")] for line in found.splitlines()[2:]]
    return {row[0]: row[1] for row in cells}


def test_the_shares() -> None:
    j = JUDGEMENT
    shares = {"procedure": j.procedure_share, "time": j.time_share, "decisions": j.decisions_share}
    assert {name: Fraction(value) for name, value in table("Score").items()} == shares


def test_the_weights() -> None:
    w = JUDGEMENT.weights
    assert (
        f"weighs {w[Weight.REQUIRED]} if it is required, {w[Weight.CRITICAL]} if it is critical, "
        f"{w[Weight.OPTIONAL]} if it is optional"
    ) in PAGE


def test_what_a_step_loses() -> None:
    j = JUDGEMENT
    lost = [Fraction(0), j.proved_elsewhere, j.ticked, j.ticked_elsewhere, j.missed]
    assert [Fraction(value) for value in table("Score", 1).values()] == lost


def test_what_harm_takes() -> None:
    taken = {name: Fraction(value.removesuffix(" %")) / 100
             for name, value in table("Score", 2).items()}  # fmt: skip
    assert taken == {harm.value: JUDGEMENT.harms[harm] for harm in Harm}


def test_the_ratings() -> None:
    j = JUDGEMENT
    bands = [j.performed_from, j.some_challenges_from, j.major_challenges_from, Fraction(0)]
    ratings = sorted(Rating, reverse=True)
    for row, rating, band in zip(rows("marks.md", "Rating"), ratings, bands, strict=True):
        assert row[:2] == [rating.name, rating.words]
        assert Fraction(row[2]) == band


def test_the_signals() -> None:
    points = {name: int(value) for name, value in table("Confusion points").items()}
    assert points == {signal.value: JUDGEMENT.points[signal] for signal in Signal}


j = JUDGEMENT


@pytest.mark.parametrize(
    "sentence",
    [
        f"in other words more than {j.reformulations} times",
        f"more than {j.slow_factor} times what your own pace lets expect, and over {j.slow_over} s",
        f"| {j.wrong_attempts} attempts failed",
        f"opened {j.same_view} times, or {j.lostness_views} views and more",
        f"a silence of {j.silence_least} s or more",
        f"taken back within {j.undo_within} s",
        f"the same command {j.same_output} times",
        f"two different signals or more reach {j.confusion_from} points together",
        f"Differences under {EQUAL} points mean nothing",
    ],
)
def test_a_figure_in_a_sentence(sentence: str) -> None:
    assert sentence in PAGE
