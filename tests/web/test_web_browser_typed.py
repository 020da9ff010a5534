"""What was typed is taken once and in order, whatever happens to connections."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from simulator.web.seat_line import OUTLIVES
from simulator.web.typed import Streams

WINDOW = "window-1"


class Clock:
    """A clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


CONNECTION = st.tuples(
    st.booleans(),  # the answer to hello arrives
    st.lists(st.booleans(), max_size=12),  # so many pieces arrive; those with a receipt that does
    st.booleans(),  # its end is noticed
)


@given(st.integers(0, 12), st.lists(CONNECTION, max_size=12))
def test_nothing_is_lost_or_doubled_however_often_connections_break(
    count: int, connections: list[tuple[bool, list[bool], bool]]
) -> None:
    streams = Streams(Clock())
    typed = list(range(1, count + 1))
    received: list[int] = []
    receipt = 0
    known = False
    for answered, pieces, noticed in [*connections, (True, [True] * count, True)]:
        owner = object()
        stream = streams.open("seat", WINDOW, owner, count, known)
        if answered:
            known, receipt = True, stream.taken
        for number, receipted in zip(typed[receipt:], pieces, strict=False):
            if stream.take(owner, number):
                received.append(number)
            if receipted:
                known, receipt = True, stream.taken
        if noticed:
            streams.leave(stream, owner)
    assert received == typed


def test_a_connection_that_was_replaced_is_heard_no_longer() -> None:
    streams = Streams(Clock())
    old, new = object(), object()
    stream = streams.open("seat", WINDOW, old, 0, False)
    assert stream.take(old, 1)
    assert streams.open("seat", WINDOW, new, 2, True) is stream
    assert not stream.take(old, 2)
    assert stream.take(new, 2)
    streams.leave(stream, old)
    assert stream.take(new, 3)


def test_after_a_while_what_was_typed_blindly_is_not_typed_into_a_fresh_process() -> None:
    clock = Clock()
    streams = Streams(clock)
    first, second, third = object(), object(), object()
    streams.leave(streams.open("seat", WINDOW, first, 0, False), first)
    clock.now = OUTLIVES - 1
    soon = streams.open("seat", WINDOW, second, 3, True)
    assert (soon.taken, soon.fresh) == (0, False)
    streams.leave(soon, second)
    clock.now += OUTLIVES + 1
    late = streams.open("seat", WINDOW, third, 3, True)
    assert (late.taken, late.fresh) == (3, True)
    assert not late.take(third, 3)
    assert late.take(third, 4)


def test_a_host_that_was_started_again_takes_only_what_is_typed_from_now_on() -> None:
    stream = Streams(Clock()).open("seat", WINDOW, self_ := object(), 7, True)
    assert (stream.taken, stream.fresh) == (7, True)
    assert stream.take(self_, 8)


def test_windows_and_seats_are_apart() -> None:
    streams = Streams(Clock())
    owner = object()
    for seat, window in (("a", WINDOW), ("a", "window-2"), ("b", WINDOW)):
        assert streams.open(seat, window, owner, 0, False).take(owner, 1)


def test_memory_is_bounded() -> None:
    streams = Streams(Clock(), most=10)
    owner = object()
    kept = streams.open("seat", WINDOW, owner, 0, False)
    kept.take(owner, 5)
    for number in range(20):
        streams.open("seat", f"window {number}", owner, 0, False)
    assert streams.open("seat", WINDOW, owner, 5, False).taken == 0
