"""The sixteen properties of the marks hold, and the alignment is the best there is."""

from __future__ import annotations

import marks_properties as properties
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from marks_core import SCORING

some = settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@some
@given(st.data())
def test_property_01_a_perfect_run_is_100_and_p(data: st.DataObject) -> None:
    properties.a_perfect_run_is_100_and_p(SCORING, data)


@some
@given(st.data())
def test_property_02_a_score_lies_between_0_and_100(data: st.DataObject) -> None:
    properties.a_score_lies_between_0_and_100(SCORING, data)


@some
@given(st.data())
def test_property_03_the_lines_add_up(data: st.DataObject) -> None:
    properties.the_lines_add_up(SCORING, data)


@some
@given(st.data())
def test_property_04_one_more_required_act_never_lowers_the_score(data: st.DataObject) -> None:
    properties.one_more_required_act_never_lowers_the_score(SCORING, data)


@some
@given(st.data())
def test_property_05_one_more_required_act_never_lowers_the_rating(data: st.DataObject) -> None:
    properties.one_more_required_act_never_lowers_the_rating(SCORING, data)


@some
@given(st.data())
def test_property_06_harm_lowers_the_score_unless_0(data: st.DataObject) -> None:
    properties.harm_lowers_the_score_unless_0(SCORING, data)


@some
@given(st.data())
def test_property_07_harm_never_improves_the_rating(data: st.DataObject) -> None:
    properties.harm_never_improves_the_rating(SCORING, data)


@some
@given(st.data())
def test_property_08_an_unrelated_act_changes_nothing(data: st.DataObject) -> None:
    properties.an_unrelated_act_changes_nothing(SCORING, data)


@some
@given(st.data())
def test_property_09_scaling_time_without_deadlines_changes_nothing(data: st.DataObject) -> None:
    properties.scaling_time_without_deadlines_changes_nothing(SCORING, data)


@some
@given(st.data())
def test_property_10_scaling_times_and_limits_together_changes_nothing(data: st.DataObject) -> None:
    properties.scaling_times_and_limits_together_changes_nothing(SCORING, data)


@some
@given(st.data())
def test_property_11_the_same_order_done_faster_never_lowers(data: st.DataObject) -> None:
    properties.the_same_order_done_faster_never_lowers(SCORING, data)


@some
@given(st.data())
def test_property_12_repeating_an_act_never_lowers(data: st.DataObject) -> None:
    properties.repeating_an_act_never_lowers(SCORING, data)


@some
@given(st.data())
def test_property_13_permuting_an_any_order_group_changes_nothing(data: st.DataObject) -> None:
    properties.permuting_an_any_order_group_changes_nothing(SCORING, data)


@some
@given(st.data())
def test_property_14_missed_is_below_out_of_order_is_below_in_order(data: st.DataObject) -> None:
    properties.missed_is_below_out_of_order_is_below_in_order(SCORING, data)


@some
@given(st.data())
def test_property_15_every_branch_of_a_choice_can_reach_100(data: st.DataObject) -> None:
    properties.every_branch_of_a_choice_can_reach_100(SCORING, data)


@some
@given(st.data())
def test_property_16_an_idle_run_is_0_and_u(data: st.DataObject) -> None:
    properties.an_idle_run_is_0_and_u(SCORING, data)


@some
@given(st.data())
def test_the_alignment_is_the_best_of_all(data: st.DataObject) -> None:
    properties.the_alignment_is_the_best_of_all(SCORING, data)
