"""What the facilitator's console looks like, pane by pane, on both sizes of terminal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from console_room import LARGE, SMALL, Host, app_of, fresh, opened, press
from linked import Linked
from textual.pilot import Pilot

from simulator.content.pack import Pack
from simulator.session.seat import SeatDrill

DARK, LIGHT = "tabletop-dark", "tabletop-light"

PICTURES = {
    "lobby_small": ("lobby", SMALL, DARK, ("d",)),
    "overview_small": ("play", SMALL, DARK, ()),
    "overview_large": ("play", LARGE, LIGHT, ("T",)),
    "timeline_small": ("play", SMALL, DARK, ("2",)),
    "timeline_large": ("play", LARGE, LIGHT, ("2",)),
    "evidence_small": ("play", SMALL, DARK, ("3",)),
    "evidence_large": ("play", LARGE, LIGHT, ("3", "end")),
    "people_small": ("play", SMALL, DARK, ("4", "down")),
    "truth_small": ("play", SMALL, LIGHT, ("5",)),
    "comms_small": ("play", SMALL, DARK, ("6",)),
    "notes_small": ("play", SMALL, DARK, ("7",)),
    "write_small": ("play", SMALL, DARK, ("2", "w", "tab")),
    "overrule_small": ("play", SMALL, LIGHT, ("3", "r")),
    "production_small": ("play", SMALL, DARK, ("v", "4")),
    "after_small": ("after", SMALL, DARK, ()),
    "after_evidence_small": ("after", SMALL, LIGHT, ("3",)),
}


@pytest.mark.usefixtures("foretold")
@pytest.mark.parametrize("name", PICTURES)
def test_picture(name: str, snap_compare: Callable[..., bool], stuck: Pack, tmp_path: Path) -> None:
    moment, size, theme, keys = PICTURES[name]
    links, leads = asyncio.run(_played(tmp_path, stuck, moment))
    app = app_of(leads, Host(links), theme)

    async def before(pilot: Pilot[None]) -> None:
        await fresh(pilot)
        await press(pilot, *keys)
        app.clear_notifications()
        await press(pilot)

    try:
        assert snap_compare(app, terminal_size=size, run_before=before)
    finally:
        asyncio.run(_closed(links))


async def _played(folder: Path, pack: Pack, moment: str) -> tuple[list[Linked], list[SeatDrill]]:
    """Play the red team's exercise to a moment, beside a blue team that waits."""
    links = [opened(folder, pack, team) for team in ("Red", "Blue")]
    leads = [await link.join("Fay", "facilitator") for link in links]
    red, lead = links[0], leads[0]
    eva = await red.join("Eva", "evaluator")
    ines, kim = await red.join("Ines", "incident-commander"), await red.join("Kim")
    await kim.take("ready")
    if moment == "lobby":
        return links, leads
    await lead.take("start")
    await red.pass_time(85)
    await ines.take("acknowledge", alert="many-errors")
    await ines.take("declare", severity="high")
    await red.pass_time(10)
    await kim.take("post", channel="ops", text="Ada, we look at it. Is it all kiosks?")
    await lead.take("speak", person="ada", channel="ops", text="Only the one at the north door.")
    await kim.take("tick", step="outage#look")
    await kim.take("confused", step="outage#look", note="Which dashboard?")
    await lead.take("hint", step="outage#restart")
    await red.pass_time(20)
    await lead.take("write", channel="ops", text="The minister wants a ticket.", after=120)
    await lead.take("write", channel="ops", sender="ada", text="Never mind.", after=60)
    await lead.take("withhold", inject="written-2")
    await lead.take("postpone", inject="written-1", seconds=60)
    await eva.take("overrule", step="outage#look", share=0.25, reason="They looked at mine.")
    await eva.take("confirm", objective="sell", rating="P", reason="quick")
    await lead.take("confirm", objective="sell", rating="M", reason="quick, but not together")
    await eva.take("note", text="Ines leads calmly.", kind="strength", about="sell")
    await lead.take("note", text="Nobody asked how many queue.", kind="improvement")
    await kim.take("command", line="kioskctl status")
    kim.looks_at("Terminal")
    ines.looks_at("Comms")
    await red.settle()
    if moment == "after":
        await kim.take("command", line="kioskctl restart")
        await red.pass_time(120)
        await lead.take("end")
        await kim.take("hotwash", answers={"went-well": "We were calm."}, confidence=4)
        await ines.take("hotwash", answers={"confused": "Step 2."}, confidence=2, anonymous=True)
    red.room._tell_people()
    return links, leads


async def _closed(links: list[Linked]) -> None:
    for link in links:
        await link.room.close()
