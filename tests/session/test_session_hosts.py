"""One exercise on two hosts: one order, one time, one state, through the database alone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from linked import Linked

from simulator.content.pack import Pack
from simulator.exercise.digest import digest
from simulator.exercise.door import Refused
from simulator.journal import StoreAway
from simulator.journal.store import store_at
from simulator.session.drill import Drill
from simulator.session.room import Room

Play = Callable[[Linked, Linked], Awaitable[None]]
TICK = 0.05


def on_two_hosts(url: str, pack: Pack, play: Play) -> None:
    """Play on two hosts, whose time passes as on a real one."""

    async def ticking(room: Room) -> None:
        while True:
            await room.elapse(TICK)
            await asyncio.sleep(TICK)

    async def run() -> None:
        first = Room.begin(store_at(url), pack, 1, "Red", b"secret")
        second = Room.open(store_at(url), first.exercise_id, b"secret")
        clocks = [asyncio.create_task(ticking(room)) for room in (first, second)]
        try:
            await asyncio.sleep(2 * TICK)
            await play(Linked(first), Linked(second))
        finally:
            for clock in clocks:
                clock.cancel()
            await first.close()
            await second.close()

    asyncio.run(run())


async def until(come: Callable[[], bool]) -> None:
    """Wait until something is so."""
    for _ in range(600):
        if come():
            return
        await asyncio.sleep(TICK)
    raise AssertionError("it never came")


def same(*rooms: Room) -> Callable[[], bool]:
    """Return whether hosts have come to the same act."""
    return lambda: len({room.drill.seq for room in rooms}) == 1


def test_two_hosts_show_one_exercise(postgres_url: str, stuck: Pack) -> None:
    async def play(one: Linked, two: Linked) -> None:
        lead = await one.join("Fay", "facilitator")
        await until(same(one.room, two.room))
        kim, ola = await two.join("Kim"), await one.join("Ola")
        await until(same(one.room, two.room))
        assert two.room.drill.exercise.state.seats == one.room.drill.exercise.state.seats
        await lead.take("start")
        await lead.take("speed", factor=10)
        await until(lambda: kim.exercise.state.now >= 25)
        # Both at once, from both sides, again and again: each is stored once, in one order.
        for number in range(12):
            await asyncio.gather(
                kim.take("search", query=f"kim {number}"), ola.take("search", query=f"ola {number}")
            )
        apart = abs(one.room.drill.exercise.state.now - two.room.drill.exercise.state.now)
        assert apart <= 10  # a second of wall time at this speed
        await lead.take("pause")
        await until(same(one.room, two.room))
        now = one.room.drill.exercise.state.now
        assert two.room.drill.exercise.state.now == now
        searched = [act.query for act in lead.acts() if act.do == "search"]
        assert sorted(searched) == sorted(
            f"{who} {number}" for who in ("kim", "ola") for number in range(12)
        )
        times = [act.at for act in lead.acts()]
        assert times == sorted(times)
        states = {digest(x.exercise) for x in (one.room.drill, two.room.drill, lead, kim, ola)}
        assert len(states) == 1

    on_two_hosts(postgres_url, stuck, play)


def test_after_the_end_on_one_host_the_other_refuses(postgres_url: str, stuck: Pack) -> None:
    async def play(one: Linked, two: Linked) -> None:
        lead = await one.join("Fay", "facilitator")
        await until(same(one.room, two.room))
        kim = await two.join("Kim")
        await until(same(one.room, two.room))
        await lead.take("start")
        await until(same(one.room, two.room))
        refused = []

        async def acts() -> None:
            for number in range(40):
                try:
                    await kim.take("search", query=str(number))
                except Refused as refusal:
                    refused.append(str(refusal))
                    return

        await asyncio.gather(acts(), lead.take("end"))
        if not refused:
            with pytest.raises(Refused, match="has ended"):
                await kim.take("search", query="late")
        assert refused in ([], ["The exercise has ended."])
        await until(same(one.room, two.room))
        after = [act.do for act in lead.acts()]
        assert "search" not in after[after.index("end") :]

    on_two_hosts(postgres_url, stuck, play)


def test_a_host_that_comes_to_a_running_exercise_does_not_pause_it(
    postgres_url: str, stuck: Pack
) -> None:
    async def play(one: Linked, two: Linked) -> None:
        lead = await one.join("Fay", "facilitator")
        await lead.take("start")
        await until(lambda: one.room.drill.exercise.state.now >= 2)
        third = Room.open(store_at(postgres_url), one.room.exercise_id, b"secret")
        assert not third.drill.exercise.state.paused
        assert abs(third.drill.exercise.state.now - one.room.drill.exercise.state.now) <= 6
        await third.close()
        assert [act.do for act in one.room.drill.acts()].count("pause") == 0

    on_two_hosts(postgres_url, stuck, play)


def test_while_the_store_is_away_time_stands_still_and_goes_on_from_there(
    postgres_url: str, stuck: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play(one: Linked, two: Linked) -> None:
        lead = await one.join("Fay", "facilitator")
        kim = await one.join("Kim")
        await lead.take("start")
        await until(lambda: kim.exercise.state.now >= 1)
        drill = one.room.drill
        journal = drill.journal

        class Away:
            """The journal of a database that is away."""

            shared = True

            def __getattr__(self, name: str) -> object:
                def call(*_: object, **__: object) -> object:
                    raise StoreAway("the database")

                return call

        drill.journal = Away()  # type: ignore[assignment]
        with pytest.raises(StoreAway):
            await kim.take("search", key="same", query="kept")
        await until(lambda: bool(kim.fault))
        stood = drill.exercise.state.now
        await asyncio.sleep(2.5)
        assert drill.exercise.state.now == stood
        drill.journal = journal
        await until(lambda: not kim.fault)
        await kim.take("search", key="same", query="kept")
        assert drill.exercise.state.now <= stood + 2
        await until(lambda: drill.exercise.state.now >= stood + 2)
        assert [act.do for act in lead.acts()].count("search") == 1

    # Only one host: the other would go on with the time.
    async def alone() -> None:
        room = Room.begin(store_at(postgres_url), stuck, 1, "Red", b"secret")

        async def ticking() -> None:
            while True:
                await room.elapse(TICK)
                await asyncio.sleep(TICK)

        clock = asyncio.create_task(ticking())
        try:
            await play(Linked(room), Linked(room))
        finally:
            clock.cancel()
            await room.close()

    asyncio.run(alone())


def test_time_is_the_stores_and_no_hosts(
    postgres_url: str, stuck: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 600)

    async def play(one: Linked, two: Linked) -> None:
        lead = await one.join("Fay", "facilitator")
        await lead.take("start")
        await until(lambda: two.room.drill.exercise.state.now >= 2)
        assert isinstance(two.room.drill, Drill)
        assert abs(two.room.drill.exercise.state.now - lead.exercise.state.now) <= 2

    on_two_hosts(postgres_url, stuck, play)
