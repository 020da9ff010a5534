"""Keys that come together, as after a lost connection, are dealt with in the order typed."""

from __future__ import annotations

import asyncio
from pathlib import Path

from hosted import serving, sit, until

from simulator.content.pack import Pack


def test_keys_that_come_together_do_not_overtake_each_other(tmp_path: Path, stuck: Pack) -> None:
    async def play() -> None:
        async with serving(tmp_path, stuck) as service:
            room = next(iter(service.rooms.values()))
            kim = await sit(service, "Kim")
            fay = await sit(service, "Fay", "facilitator")
            await room.drill.take("start", by=fay.ticket.seat)
            await kim.sees("Dashboards", "Terminal", "1x")
            await kim.press("4")
            await kim.sees("ops@laptop:~$")
            await kim.press("kiosXctl\x1b[D\x1b[D\x1b[D\x7fk\x1b[F statsu\x7f\x7fus\r")
            await until(lambda: bool(room.drill.exercise.state.terminal))
            assert room.drill.exercise.state.terminal[0].line == "kioskctl status"

    asyncio.run(play())
