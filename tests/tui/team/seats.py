"""The application of a seat, in a room with others, without sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from linked import Linked
from textual.pilot import Pilot

from simulator.content.pack import Pack
from simulator.journal import Store
from simulator.session.room import Room
from simulator.session.seat import SeatDrill
from simulator.tui.seat_app import SeatApp


@asynccontextmanager
async def room(folder: Path, pack: Pack) -> AsyncIterator[Linked]:
    """A room of the team Red."""
    opened = Room.begin(Store(folder), pack, 1, "Red", b"secret")
    try:
        yield Linked(opened)
    finally:
        await opened.close()


async def _order(order: str, fields: Mapping[str, Any]) -> Any:
    return []


def app_of(drill: SeatDrill, said: list[str] | None = None, theme: str = "") -> SeatApp:
    """The application of a seat; `said` takes the last words."""
    return SeatApp([drill], _order, (said if said is not None else []).append, theme)


async def settle(pilot: Pilot[None]) -> None:
    """Wait until all that was asked for is done."""
    for _ in range(3):
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, and wait for what they do."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)
