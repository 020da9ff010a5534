"""Ranking steps over many exercises: the laws of SCORING.md, for any figures."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from simulator.review.ranking import Figure, prior, rank

numbers = st.integers(0, 200)


@st.composite
def figures(draw: st.DrawFn) -> list[Figure]:
    found = []
    for name in draw(st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8)):
        teams = draw(numbers)
        confused = draw(st.integers(0, teams))
        found.append(Figure(name, teams, confused, draw(st.integers(0, confused))))
    return found


def test_the_first_guess_of_nothing_is_one_in_six() -> None:
    assert prior([]) == Fraction(1, 6)
    assert prior([Figure("a", 60, 30), Figure("b", 60, 0)]) == Fraction(31, 126)


def test_a_rank_value_is_that_of_the_contract() -> None:
    (first, second) = rank([Figure("a", 60, 30), Figure("b", 60, 0)])
    guess = Fraction(31, 126)
    assert first.value == (30 + 8 * guess) / 68
    assert second.value == (8 * guess) / 68
    assert [one.figure.step for one in (first, second)] == ["a", "b"]
    assert (first.listed, second.listed) == (True, False)


@given(st.integers(0, 400), st.integers(0, 400))
def test_two_of_two_rank_below_thirty_of_sixty_where_few_are_confused(calm: int, more: int) -> None:
    few, many = Figure("few", 2, 2), Figure("many", 60, 30)
    others = [Figure("calm", 40 + calm, 0), Figure("more", 40 + more, more // 10)]
    known = [few, many, *others]
    if prior(known) > Fraction(3, 10):
        return
    order = [one.figure.step for one in rank(known)]
    assert order.index("many") < order.index("few")


@given(figures())
def test_every_step_comes_back_once_and_in_order(known: list[Figure]) -> None:
    ranked = rank(known)
    assert sorted(one.figure.step for one in ranked) == sorted(one.step for one in known)
    assert [one.value for one in ranked] == sorted((one.value for one in ranked), reverse=True)
    assert rank(reversed(known)) == ranked


@given(figures())
def test_a_value_lies_between_the_first_guess_and_the_step_s_own_share(
    known: list[Figure],
) -> None:
    guess = prior(known)
    for one in rank(known):
        own = Fraction(one.figure.confused, one.figure.teams) if one.figure.teams else guess
        assert min(own, guess) <= one.value <= max(own, guess)


@given(figures(), st.integers(0, 7))
def test_one_more_confused_team_never_ranks_a_step_lower(known: list[Figure], at: int) -> None:
    if not known:
        return
    chosen = known[at % len(known)]
    if chosen.confused == chosen.teams:
        return
    more = replace(chosen, confused=chosen.confused + 1)
    before = [one.figure.step for one in rank(known)]
    after = [one.figure.step for one in rank([more if one is chosen else one for one in known])]
    assert after.index(chosen.step) <= before.index(chosen.step)


@given(figures())
def test_a_step_is_listed_as_the_contract_says(known: list[Figure]) -> None:
    guess = prior(known)
    for one in rank(known):
        often = one.figure.confused >= 2 and one.value >= Fraction(3, 2) * guess
        assert one.listed == (often or one.figure.flagged > 0)


@given(figures())
def test_a_step_that_starts_again_has_the_first_guess(known: list[Figure]) -> None:
    fresh = Figure("z", 0, 0)
    (found,) = [one for one in rank([*known, fresh]) if one.figure is fresh]
    assert found.value == prior(known)
    assert not found.listed


def test_one_flag_is_enough_to_be_listed() -> None:
    (found, *_) = rank([Figure("a", 1, 1, flagged=1), Figure("b", 500, 100)])
    assert found.figure.step == "a"
    assert found.listed
