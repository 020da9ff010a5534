"""The invitation that the facilitator's console shows leads to the room, by the code of now."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from simulator.content.pack import Pack
from simulator.journal import Store
from simulator.session.room import Room
from simulator.web.hosting import invitation
from simulator.web.service import Service

SECRET = b"a secret for tests, long enough"


def test_the_invitation_carries_the_code_of_now(
    tmp_path: Path, stuck: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulator.web.hosting.qr", lambda text: text)

    async def go() -> None:
        room = Room.begin(Store(tmp_path), stuck, 1, "Red", SECRET)
        service = Service([room], SECRET)

        def code() -> str:
            return next(x["code"] for x in service.codes() if x["role"] == "participant")

        first = code()
        said = invitation(service, "http://drill:1/", 8022, room)
        assert said == {
            "url": "http://drill:1/",
            "ssh": 8022,
            "qr": f"http://drill:1/?code={first}",
        }
        lead = await room.join("Fay", "facilitator")
        await room.drill.take("revoke", by=lead, role="facilitator", code="participant")
        assert code() != first
        said = invitation(service, "http://drill:1/", None, room)
        assert said["qr"] == f"http://drill:1/?code={code()}"
        await room.close()

    asyncio.run(go())
