"""Texts of people are data on the facilitator's console, too: shown, cut, and obeyed nowhere."""

from __future__ import annotations

import re
from pathlib import Path

from console_room import LARGE, Host, app_of, fresh, press, rooms, seen, settle, typed
from textual import events

from simulator.content.pack import Pack
from simulator.tui.screens.facilitator.form import Form

WORST = (
    "[bold red]x[/] [@click=app.quit]z[/] \x1b]0;owned\x07\x1b[2J $error "
    "\u202etxt\u202c \U0001f468\u200d\U0001f469 [/nothing] {name} \\[ [[ ]]"
)
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff]")


async def test_every_pane_shows_the_worst_as_it_is(tmp_path: Path, stuck: Pack) -> None:
    async with rooms(tmp_path, stuck, "[b]Red[/]\x1b[2J", "Blue") as links:
        leads = [await link.join("[i]Fay\u202e", "facilitator") for link in links]
        kim = await links[0].join(f"Kim {WORST}")
        await leads[0].take("start")
        await links[0].pass_time(80)
        await kim.take("post", channel="ops", text=WORST)
        await kim.take("command", line=WORST)
        await kim.take("tick", step="outage#look")
        await kim.take("confused", step="outage#look", note=WORST)
        await leads[0].take("note", text=WORST, kind="strength", about="sell")
        await leads[0].take("overrule", step="outage#look", share=0.5, reason=WORST)
        await leads[0].take("confirm", objective="sell", rating="S", reason=WORST)
        await leads[0].take("write", channel="ops", text=WORST, after=60)
        await leads[0].take("edit", inject="queue", text=WORST)
        kim.looks_at(WORST)
        await links[0].settle()
        links[0].room._tell_people()
        app = app_of(leads, Host(links))
        async with app.run_test(size=LARGE) as pilot:
            await fresh(pilot)
            for key in "1234567":
                await press(pilot, key)
                shown = ""
                for _ in range(4):
                    shown += seen(app)
                    await press(pilot, "down")
                assert not CONTROL.search(shown), key
                assert key == "5" or "[bold red]x[/]" in shown, key
            forms = (("2", "u"), ("z",), ("n",), ("a",), ("3", "home", "r"), ("c",), ("4", "g"))
            for keys in forms:
                await press(pilot, *keys)
                assert isinstance(app.screen, Form), keys
                assert not CONTROL.search(seen(app)), keys
                await press(pilot, "escape")
            await leads[0].take("end")
            await kim.take("hotwash", answers={"went-well": WORST}, confidence=3)
            await press(pilot, "1")
            assert "[bold red]x[/]" in seen(app)
            assert not CONTROL.search(seen(app))


async def test_what_is_pasted_is_cleaned_and_a_long_text_is_cut(
    tmp_path: Path, stuck: Pack
) -> None:
    async with rooms(tmp_path, stuck, "Red") as [link]:
        lead = await link.join("Fay", "facilitator")
        await lead.take("start")
        app = app_of([lead], Host([link]))
        async with app.run_test(size=LARGE) as pilot:
            await press(pilot, "n")
            assert app.focused is not None
            app.focused.post_message(events.Paste(WORST))
            await settle(pilot)
            assert not CONTROL.search(seen(app))
            await press(pilot, "ctrl+s", "w")
            typed(app, "text", "x" * 1_000_000)
            await press(pilot, "ctrl+s")
            assert not isinstance(app.screen, Form)
            assert len(lead.exercise.state.messages[-1].text) < 100_000
            await press(pilot, "6")
            assert "xxxx" in seen(app)
