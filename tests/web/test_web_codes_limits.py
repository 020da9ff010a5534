"""Wrong codes are slowed and logged: from one address, from all together, in little memory."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.web.limits import ALL, EACH, Attempts, Bucket, Rate, network_of

HERE = "192.0.2.7"


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def guess(attempts: Attempts, clock: Clock, address: str, seconds: float) -> int:
    """Try wrong codes for so long, ten a second; return how many were compared."""
    compared = 0
    until = clock.now + seconds
    while clock.now < until:
        if not attempts.wait(address):
            attempts.wrong(address)
            compared += 1
        clock.now += 0.1
    return compared


def test_a_few_wrong_codes_cost_nothing() -> None:
    attempts = Attempts(Clock())
    for _ in range(int(EACH.burst)):
        assert attempts.wait(HERE) == 0
        attempts.wrong(HERE)
    assert attempts.wait(HERE) > 0


def test_a_thousand_wrong_codes_take_more_than_an_hour() -> None:
    clock = Clock()
    attempts = Attempts(clock)
    started = clock.now
    for _ in range(1000):
        clock.now += attempts.wait(HERE)
        assert attempts.wait(HERE) == pytest.approx(0, abs=1e-6)
        attempts.wrong(HERE)
    assert clock.now - started == pytest.approx((1000 - EACH.burst) / EACH.per_second, rel=0.01)


def test_insisting_gains_nothing_and_costs_nothing() -> None:
    clock = Clock()
    compared = guess(Attempts(clock), clock, HERE, seconds=100)
    assert compared == pytest.approx(EACH.burst + 100 * EACH.per_second, abs=1)


def test_right_codes_do_not_count_so_an_office_may_come_in_at_once() -> None:
    attempts = Attempts(Clock())
    assert not any(attempts.wait(HERE) for _ in range(500))


def test_other_addresses_are_not_slowed_by_one() -> None:
    clock = Clock()
    attempts = Attempts(clock)
    guess(attempts, clock, HERE, seconds=30)
    assert attempts.wait(HERE) > 0
    assert attempts.wait("192.0.2.8") == 0


def test_many_addresses_together_are_slowed_too() -> None:
    clock = Clock()
    attempts = Attempts(clock)
    compared = 0
    for number in range(10_000):
        address = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
        if not attempts.wait(address):
            attempts.wrong(address)
            compared += 1
        clock.now += 0.01
    assert compared == pytest.approx(ALL.burst + 100 * ALL.per_second, abs=2)


def test_an_ipv6_address_is_counted_with_its_neighbours() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:1") == "2001:db8::/64"
    assert network_of("2001:db8:0:1::1") != network_of("2001:db8::1")
    assert network_of("::ffff:192.0.2.7") == network_of("192.0.2.7")
    assert network_of("fe80::1%eth0") == "fe80::/64"


@given(st.text(max_size=300))
def test_what_is_no_address_is_counted_as_it_is(text: str) -> None:
    assert len(network_of(text)) <= 64


def test_memory_is_bounded_and_the_one_not_heard_of_for_longest_is_forgotten() -> None:
    attempts = Attempts(Clock(), each=Rate(1, 0.1), overall=Rate(1e9, 1e9), most=100)
    attempts.wrong("first")
    for number in range(99):
        attempts.wrong(f"other {number}")
    assert attempts.wait("first") > 0
    attempts.wrong("one more")
    assert attempts.remembered == 100
    assert attempts.wait("first") == 0
    assert attempts.wait("other 0") > 0


@given(st.lists(st.tuples(st.floats(-50, 50), st.booleans()), max_size=60))
def test_a_bucket_never_gives_more_than_its_rate(steps: list[tuple[float, bool]]) -> None:
    rate = Rate(burst=3, per_second=0.5)
    now = latest = 100.0
    bucket = Bucket.full(rate, now)
    taken = 0
    for passed, wants in steps:
        now += passed
        latest = max(latest, now)
        bucket = bucket.later(rate, now)
        if wants and bucket.wait(rate) == 0:
            bucket = bucket.less()
            taken += 1
        assert taken <= rate.burst + (latest - 100.0) * rate.per_second + 1e-6
        assert -1 <= bucket.left <= rate.burst


def test_wrong_codes_are_logged_singly_at_first_and_then_summed_up(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = Clock()
    attempts = Attempts(clock)
    with caplog.at_level(logging.INFO, "tabletop.door"):
        for _ in range(1000):
            if not attempts.wait(HERE):
                attempts.wrong(HERE)
            clock.now += 0.5
        attempts.summarise()
    lines = [record.getMessage() for record in caplog.records]
    assert lines[:10] == [f"Wrong code from {HERE}"] * 10
    assert "one line a minute" in lines[10]
    assert all("more tries at codes, wrong or put off, from one address" in x for x in lines[11:])
    assert len(lines[11:]) == pytest.approx(500 / 60, abs=1)
    assert sum(int(line.split()[0]) for line in lines[11:]) == 990


def test_after_a_quiet_minute_single_wrong_codes_are_logged_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = Clock()
    attempts = Attempts(clock)
    for _ in range(15):
        attempts.wrong(HERE)
    attempts.summarise()
    clock.now += 61
    with caplog.at_level(logging.INFO, "tabletop.door"):
        caplog.clear()
        attempts.wrong(HERE)
    assert [record.getMessage() for record in caplog.records] == [f"Wrong code from {HERE}"]
