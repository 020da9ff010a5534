"""A rehearsal in the nursery, so that every seat forked there begins with what it found out."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from simulator.session.following import Following
from simulator.session.seat import SeatDrill
from simulator.tui.rehearsal import Rehearsal
from simulator.web.seat_driver import Link, SeatDriver

SIZE = (120, 40)


def rehearse(bodies: Sequence[str]) -> None:
    """Show the first screens of an exercise, given as the bodies of its records, to nobody."""
    asyncio.run(_rehearse(bodies))


async def _rehearse(bodies: Sequence[str]) -> None:
    following = Following.of(bodies)
    seat = next(iter(following.exercise.state.seats), "")
    SeatDriver.link = Link(_nowhere)
    app = Rehearsal(SeatDrill("rehearsal", seat, following, _nowhere))
    app.driver_class = SeatDriver
    await app.run_async(size=SIZE)


def _nowhere(_: Mapping[str, Any]) -> None:
    pass
