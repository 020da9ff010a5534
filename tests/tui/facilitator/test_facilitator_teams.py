"""Several teams at one console, a store that is away, evaluators, orders that are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from console_room import (
    SMALL,
    Host,
    app_of,
    console,
    dos,
    flowing,
    forget,
    fresh,
    press,
    rooms,
    seen,
    settle,
    told,
    typed,
)
from textual.widgets import Select

from simulator.content.pack import Pack
from simulator.journal import StoreAway
from simulator.tui.screens.drill import DrillScreen
from simulator.tui.screens.facilitator.form import Form


async def test_teams_side_by_side(tmp_path: Path, stuck: Pack) -> None:
    async with rooms(tmp_path, stuck, "Red", "Blue") as [red, blue]:
        leads = [await link.join("Fay", "facilitator") for link in (red, blue)]
        kim, otto = await red.join("Kim"), await blue.join("Otto")
        await kim.take("ready")
        await otto.take("ready")
        app = app_of(leads, Host([red, blue]))
        async with app.run_test(size=SMALL) as pilot:
            await fresh(pilot)
            shown = seen(app)
            assert "Red: The kiosk is stuck" in shown
            assert "> 1 Red" in shown
            assert "  2 Blue" in shown
            assert "K7QM-2R9T-0000" in shown
            await press(pilot, "s")
            assert "start" in dos(red)
            assert "start" not in dos(blue)
            await press(pilot, "t")
            assert "> 2 Blue" in seen(app)
            assert "K7QM-2R9T-0100" in seen(app)
            await press(pilot, "s")
            assert "start" in dos(blue)
            await press(pilot, "T", "space")
            assert "ALL TEAMS, looking at Blue" in seen(app)
            assert [dos(link)[-1] for link in (red, blue)] == ["pause", "pause"]
            await leads[0].take("resume")
            forget(app)
            await press(pilot, "space")
            assert dos(blue)[-1] == "resume"
            await press(pilot, "2", "w")
            typed(app, "text", "To all of you.")
            await press(pilot, "ctrl+s")
            said = [link.room.drill.exercise.state.messages[-1].text for link in (red, blue)]
            assert said == ["To all of you."] * 2
            # Observations and help are for the team at hand.
            await press(pilot, "n")
            typed(app, "text", "Blue only.")
            await press(pilot, "ctrl+s")
            assert [len(one.exercise.state.notes) for one in leads] == [0, 1]


async def test_what_some_teams_cannot_take_is_told(tmp_path: Path, stuck: Pack) -> None:
    async with rooms(tmp_path, stuck, "Red", "Blue") as [red, blue]:
        leads = [await link.join("Fay", "facilitator") for link in (red, blue)]
        for lead in leads:
            await lead.take("start")
        await leads[1].take("end")
        app = app_of(leads, Host([red, blue]))
        async with app.run_test(size=SMALL) as pilot:
            await press(pilot, "T", "w")
            typed(app, "text", "Who is there?")
            await press(pilot, "ctrl+s")
            assert not isinstance(app.screen, Form)
            assert dos(red).count("write") == 1
            assert told(app) == ["Blue: The exercise has ended."]


async def test_each_team_keeps_its_own_choice_and_news(tmp_path: Path, stuck: Pack) -> None:
    async with rooms(tmp_path, stuck, "Red", "Blue") as [red, blue]:
        leads = [await link.join("Fay", "facilitator") for link in (red, blue)]
        otto = await blue.join("Otto")
        for lead in leads:
            await lead.take("start")
        app = app_of(leads, Host([red, blue]))
        async with app.run_test(size=SMALL) as pilot:
            await press(pilot, "4", "down")
            await otto.take("confused", step="outage#look")
            await fresh(pilot)
            news = list(app._notifications)
            assert [one.title for one in news] == ["CONFUSED, Blue"]
            await press(pilot, "t")
            assert console(app).page.chosen == leads[1].seat
            assert "Otto" in seen(app)


async def test_another_team_comes_while_the_console_is_open(tmp_path: Path, stuck: Pack) -> None:
    async with rooms(tmp_path, stuck, "Red", "Blue") as [red, blue]:
        lead = await red.join("Fay", "facilitator")
        host = Host([red, blue])
        app = app_of([lead], host)
        async with app.run_test(size=SMALL) as pilot:
            await fresh(pilot)
            assert "Blue" not in seen(app)
            await press(pilot, "n")
            typed(app, "text", "Half a sentence")
            fay = await blue.join("Fay", "facilitator")
            app.add(fay)
            await fresh(pilot)
            assert "Half a sentence" in seen(app)
            await press(pilot, "escape")
            assert "2 Blue" in seen(app)
            assert [order for order, _ in host.orders] == ["codes", "codes"]
            await press(pilot, "t")
            assert "K7QM-2R9T-0100" in seen(app)
            await press(pilot, "s", "enter")
            assert fay.exercise.state.started
            await blue.join("Otto")
            await press(pilot, "4")
            assert "Otto" in seen(app)


async def test_the_store_is_away_and_what_was_typed_stays(
    tmp_path: Path, stuck: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with rooms(tmp_path, stuck, "Red") as [link]:
        lead = await link.join("Fay", "facilitator")
        await lead.take("start")
        app = app_of([lead], Host([link]))
        journal = link.room.drill.journal
        append = journal.append
        stored = []

        def half(*given: Any) -> Any:
            """Store it, and then lose the connection before saying so."""
            stored.append(append(*given))
            raise StoreAway("the database", "the connection was lost")

        async with app.run_test(size=SMALL) as pilot:
            monkeypatch.setattr(journal, "append", half)
            lead.receive({"t": "store", "x": lead.exercise_id, "fault": "The store is away."})
            await press(pilot, "w")
            typed(app, "text", "A long story.")
            await press(pilot, "ctrl+s")
            form = app.screen
            assert isinstance(form, Form)
            assert "the connection was lost" in seen(app)
            assert "A long story." in seen(app)
            monkeypatch.setattr(journal, "append", append)
            lead.receive({"t": "store", "x": lead.exercise_id, "fault": ""})
            await press(pilot, "ctrl+s")
            assert not form.is_attached
            assert len(stored) == 1
            assert dos(link).count("write") == 1
            lead.receive({"t": "store", "x": lead.exercise_id, "fault": "The store is away."})
            await fresh(pilot)
            assert "AWAY" in seen(app)
            assert "The store is away." in seen(app)


async def test_an_act_that_is_refused_leaves_the_dialog_open(tmp_path: Path, stuck: Pack) -> None:
    async with rooms(tmp_path, stuck, "Red") as [link]:
        lead = await link.join("Fay", "facilitator")
        app = app_of([lead], Host([link]))
        async with app.run_test(size=SMALL) as pilot:
            await press(pilot, "n", "ctrl+s")
            assert isinstance(app.screen, Form)
            assert "There is nothing to note yet." in seen(app)
            await press(pilot, "escape", "2", "z")
            typed(app, "seconds", "0")
            await press(pilot, "ctrl+s")
            assert isinstance(app.screen, Form)
            assert "Say by how many seconds." in seen(app)


async def test_an_order_that_is_refused_is_told(tmp_path: Path, stuck: Pack) -> None:
    class Grumpy(Host):
        async def __call__(self, order: str, fields: Any) -> Any:
            if order in ("codes", "test"):
                raise RuntimeError("The host has lost its list.")
            return await super().__call__(order, fields)

    async with rooms(tmp_path, stuck, "Red") as [link]:
        lead = await link.join("Fay", "facilitator")
        app = app_of([lead], Grumpy([link]))
        async with app.run_test(size=SMALL) as pilot:
            await fresh(pilot)
            assert told(app) == ["The host has lost its list."]
            forget(app)
            await press(pilot, "d")
            assert "The host has lost its list." in told(app)
            offered = {command.title: command for command in console(app).palette_commands()}
            offered["Another team"].callback()
            await settle(pilot)
            typed(app, "name", "Red")
            await press(pilot, "ctrl+s")
            assert isinstance(app.screen, Form)
            assert "There is a team Red already." in seen(app)
            assert app._exception is None


async def test_evaluators_note_and_mark_and_no_more(tmp_path: Path, stuck: Pack) -> None:
    async with rooms(tmp_path, stuck, "Red") as [link]:
        lead, eva = await link.join("Fay", "facilitator"), await link.join("Eva", "evaluator")
        kim = await link.join("Kim")
        await lead.take("start")
        await link.pass_time(80)
        await kim.take("acknowledge", alert="many-errors")
        host = Host([link])
        app = app_of([eva], host)
        async with app.run_test(size=SMALL) as pilot:
            await fresh(pilot)
            assert host.orders == []
            before = link.room.drill.seq
            await press(pilot, "space", "plus", "j", "w", "a", "h", "x", "o", "d", "e", "s", "T")
            await press(pilot, "2", "f", "z", "u", "l", "4", "g", "b", "m", "5")
            assert not isinstance(app.screen, Form)
            assert console(app).page.NAME == "people"
            assert link.room.drill.seq == before
            assert "codes" not in seen(app)
            assert "Truth" not in seen(app)
            assert "paper path" not in seen(app)
            offered = {command.title for command in console(app).palette_commands()}
            assert {"Note", "Overrule", "Rate", "Production"} <= offered
            assert not offered & {"Pause", "Send now", "Truth", "Stop the host", "New code"}
            await press(pilot, "3", "r")
            typed(app, "reason", "Not in time.")
            await press(pilot, "ctrl+s")
            assert "outage#acknowledge" in eva.exercise.state.overrules
            await press(pilot, "c", "ctrl+s", "n")
            typed(app, "text", "They looked at once.")
            await press(pilot, "ctrl+s")
            assert dos(link)[-3:] == ["overrule", "confirm", "note"]


async def test_the_console_of_whoever_becomes_the_facilitator(tmp_path: Path, stuck: Pack) -> None:
    async with rooms(tmp_path, stuck, "Red") as [link]:
        lead, kim = await link.join("Fay", "facilitator"), await link.join("Kim")
        await lead.take("start")
        host = Host([link])
        app = app_of([kim], host)
        async with app.run_test(size=SMALL) as pilot:
            await settle(pilot)
            assert isinstance(app.screen, DrillScreen)
            await lead.take("hand-over", giver=lead.seat, to=kim.seat)
            await settle(pilot)
            await press(pilot, "space")
            assert console(app).desk.leads
            assert dos(link)[-1] == "pause"
            assert host.orders[0][0] == "codes"


async def test_a_console_that_was_killed_is_opened_again(tmp_path: Path, stuck: Pack) -> None:
    async with rooms(tmp_path, stuck, "Red") as [link]:
        lead = await link.join("Fay", "facilitator")
        await lead.take("start")
        await lead.take("note", text="Before.")
        await link.pass_time(30)
        again = await link.sit(lead.seat)
        app = app_of([again], Host([link]))
        async with app.run_test(size=SMALL) as pilot:
            await press(pilot, "7")
            assert "Before." in seen(app)
            assert "T+00:30" in seen(app)


async def test_a_seat_that_was_handed_over_in_one_team_goes_on_with_the_others(
    tmp_path: Path, stuck: Pack
) -> None:
    async with rooms(tmp_path, stuck, "Red", "Blue") as [red, blue]:
        leads = [await red.join("Fay", "facilitator"), await blue.join("Fay", "facilitator")]
        bob = await red.join("Bob")
        app = app_of(leads, Host([red, blue]))
        async with app.run_test(size=SMALL) as pilot:
            await press(pilot, "4", "home", "g")
            assert "You lose this console for this team." in flowing(app)
            app.screen.query_one("#field-to", Select).value = bob.seat
            await press(pilot, "ctrl+s")
            assert (leads[0].role, bob.role) == ("participant", "facilitator")
            assert console(app).desk.drill is leads[1]
            assert [one.exercise.team for one in console(app).desk.drills] == ["Blue"]
