"""The facilitator's console: every act before, during and after play, for one team."""

from __future__ import annotations

from pathlib import Path

import pytest
from console_room import (
    LARGE,
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
from textual.binding import Binding
from textual.widgets import Select

from simulator.content.pack import Pack, pack_of
from simulator.exercise import acts as a
from simulator.exercise.door import Refused
from simulator.session.facilitation import next_inject
from simulator.tui.screens.facilitator import FacilitatorScreen
from simulator.tui.screens.facilitator.form import Form
from simulator.tui.screens.facilitator.pages import PAGES
from simulator.tui.screens.facilitator.production import ProductionScreen
from simulator.tui.screens.lobby import LobbyScreen


async def test_before_the_beginning(tmp_path: Path, stuck: Pack) -> None:
    async with rooms(tmp_path, stuck, "Red") as [link]:
        lead = await link.join("Fay", "facilitator")
        kim, _ = await link.join("Kim"), await link.join("Ines", "incident-commander")
        await kim.take("ready")
        host = Host([link])
        app = app_of([lead], host)
        async with app.run_test(size=SMALL) as pilot:
            await fresh(pilot)
            shown = seen(app)
            assert "not begun" in shown
            assert "K7QM-2R9T-0000" in shown
            assert "K7QM-2R9T-0007" in shown
            assert "not ready  Ines" in shown
            assert "ready      Kim" in shown
            await press(pilot, "i")
            shown = seen(app)
            assert "http://127.0.0.1:8000/   K7QM-2R9T-0003" in shown
            assert "ssh participant@127.0.0.1 -p 8022" in shown
            assert shown.count("█▀▄ " * 8) == 17
            assert "Escape closes this." in shown
            await press(pilot, "escape", "o")
            assert "objectives" in lead.exercise.state.shared
            assert "shown to participants" in seen(app)
            await press(pilot, "d")
            assert "FAILS  console of Kim" in seen(app)
            assert "1 of it fail: see 1." in told(app)
            await press(pilot, "s")
            assert isinstance(app.screen, Form)
            assert "Not ready: Ines." in seen(app)
            assert "start" not in dos(link)
            await press(pilot, "enter")
            assert lead.exercise.state.started
            assert not app.screen.is_modal


async def test_everybody_is_ready(tmp_path: Path, stuck: Pack) -> None:
    async with rooms(tmp_path, stuck, "Red") as [link]:
        lead, kim = await link.join("Fay", "facilitator"), await link.join("Kim")
        await kim.take("ready")
        app = app_of([lead], Host([link]))
        async with app.run_test(size=SMALL) as pilot:
            await press(pilot, "s")
            assert lead.exercise.state.started
            assert "T+00:00" in seen(app)


async def test_the_clock(tmp_path: Path, stuck: Pack) -> None:
    async with rooms(tmp_path, stuck, "Red") as [link]:
        lead = await link.join("Fay", "facilitator")
        await lead.take("start")
        app = app_of([lead], Host([link]))
        async with app.run_test(size=SMALL) as pilot:
            await press(pilot, "plus", "plus", "minus")
            assert lead.exercise.state.speed == 2
            await press(pilot, "space")
            assert dos(link)[-1] == "pause"
            assert "PAUSED" in seen(app)
            await press(pilot, "space", "j")
            assert not lead.exercise.state.paused
            assert lead.exercise.state.now == 90
            assert "queue" in lead.exercise.state.delivered
            forget(app)
            await press(pilot, "j")
            assert told(app) == ["No inject is due at a known time."]


async def test_the_timeline(tmp_path: Path, stuck: Pack) -> None:
    async with rooms(tmp_path, stuck, "Red") as [link]:
        lead = await link.join("Fay", "facilitator")
        await lead.take("start")
        state = link.room.drill.exercise.state
        app = app_of([lead], Host([link]))
        async with app.run_test(size=SMALL) as pilot:
            await press(pilot, "2")
            shown = seen(app)
            assert "08:01:30 due" in shown
            assert "--:--:-- waiting" in shown
            await press(pilot, "down")
            shown = seen(app)
            assert 'when the time in seconds is above 300 and nobody has done "Restart' in shown
            assert "not so now" in shown
            await press(pilot, "up", "z")
            typed(app, "seconds", "60")
            await press(pilot, "ctrl+s")
            assert state.shifts == {"queue": 60}
            assert "08:02:30 due       +" in seen(app)
            await press(pilot, "u")
            typed(app, "text", "There are two of them.")
            await press(pilot, "ctrl+s")
            assert "There are two of them." in seen(app)
            await press(pilot, "l")
            assert "left out" in seen(app)
            await press(pilot, "l", "f")
            assert link.room.drill.exercise.state.messages[-1].text == "There are two of them."
            assert "delivered" in seen(app)
            forget(app)
            await press(pilot, "f")
            assert told(app) == ["That inject has been delivered already."]


async def test_an_inject_is_written_and_a_simulated_person_answers(
    tmp_path: Path, stuck: Pack
) -> None:
    async with rooms(tmp_path, stuck, "Red") as [link]:
        lead, kim = await link.join("Fay", "facilitator"), await link.join("Kim")
        await lead.take("start")
        await kim.take("post", channel="ops", text="Ada, are you there?")
        app = app_of([lead], Host([link]))
        async with app.run_test(size=SMALL) as pilot:
            await press(pilot, "w")
            typed(app, "text", "The queue is gone.")
            typed(app, "after", "30")
            await press(pilot, "ctrl+s", "2", "end")
            assert "08:00:30 due       w" in seen(app)
            assert console(app).page.chosen == "still-stuck"
            await lead.take("write", channel="ops", text="Another one.", after=10)
            await fresh(pilot)
            assert "08:00:10 due       w" in seen(app)
            assert console(app).page.chosen == "still-stuck"
            await press(pilot, "6", "a")
            assert "Kim: Ada, are you there?" in seen(app)
            typed(app, "text", "I am.")
            await press(pilot, "ctrl+s")
            assert "Ada Moreau in #ops" in seen(app)
            last = link.room.drill.acts()[-1]
            assert isinstance(last, a.Speak)
            assert (last.person, last.channel, last.text) == ("ada", "ops", "I am.")


async def test_evidence_is_overruled_and_evaluators_differ(tmp_path: Path, stuck: Pack) -> None:
    async with rooms(tmp_path, stuck, "Red") as [link]:
        lead, kim = await link.join("Fay", "facilitator"), await link.join("Kim")
        eva = await link.join("Eva", "evaluator")
        await lead.take("start")
        await link.pass_time(80)
        await kim.take("acknowledge", alert="many-errors")
        await kim.take("tick", step="outage#look")
        app = app_of([lead], Host([link]))
        async with app.run_test(size=SMALL) as pilot:
            await press(pilot, "3")
            shown = seen(app)
            assert "[x] 08:01:20 ! Acknowledge the alert." in shown
            assert "[t] 08:01:20" in shown
            assert "[ ] --:--:-- ! Restart the kiosk." in shown
            await press(pilot, "down", "down")
            assert "nothing shows it so far" in seen(app)
            assert "missed" not in seen(app)
            await press(pilot, "up", "up")
            assert "Kim acknowledged the alert Many errors at the kiosk" in shown
            await press(pilot, "down", "r")
            app.screen.query_one("#field-share", Select).value = 0.25
            typed(app, "reason", "Seen on the shared screen.")
            await press(pilot, "ctrl+s")
            assert "[!]" in seen(app)
            assert "overruled by Fay: 25% of its weight is lost." in seen(app)
            await eva.take("confirm", objective="sell", rating="P", reason="quick")
            await press(pilot, "end", "c")
            assert "Eva gave P quick" in seen(app)
            app.screen.query_one("#field-rating", Select).value = "M"
            typed(app, "reason", "slow")
            await press(pilot, "ctrl+s")
            assert "Eva P, Fay M differ" in seen(app)
            assert "They are 2 steps apart." in seen(app)
            given = {one.seat: one.rating for one in lead.exercise.state.confirmed}
            assert given == {eva.seat: "P", lead.seat: "M"}


async def test_notes_flags_and_help(tmp_path: Path, stuck: Pack) -> None:
    async with rooms(tmp_path, stuck, "Red") as [link]:
        lead, kim = await link.join("Fay", "facilitator"), await link.join("Kim")
        await lead.take("start")
        app = app_of([lead], Host([link]))
        async with app.run_test(size=SMALL) as pilot:
            await press(pilot, "3", "n")
            app.screen.query_one("#field-kind", Select).value = "improvement"
            typed(app, "text", "Nobody looks at the alerts.")
            await press(pilot, "ctrl+s")
            note = lead.exercise.state.notes[0]
            assert (note.kind, note.about) == ("improvement", "outage#acknowledge")
            forget(app)
            await kim.take("confused", step="outage#look", note="Which one?")
            await fresh(pilot)
            assert told(app) == ["Kim: Look at the dashboard Kiosk overview. Which one?"]
            await press(pilot, "7")
            shown = seen(app)
            assert "7 Notes 1" in shown
            assert "- improve   Nobody looks at the alerts." in shown
            assert "Kim: Look at the dashboard Kiosk overview.   Which one?" in shown
            await press(pilot, "h")
            assert "Acknowledge the alert." in seen(app)
            assert not lead.exercise.state.hints
            await press(pilot, "enter", "x", "enter")
            assert [hint.step for hint in lead.exercise.state.hints] == ["outage#acknowledge"]
            assert lead.exercise.state.revealed == [(0, "outage#acknowledge")]
            assert "hint 1 for: Acknowledge the alert." in seen(app)


async def test_people_come_and_go_and_hand_over(tmp_path: Path, stuck: Pack) -> None:
    async with rooms(tmp_path, stuck, "Red") as [link]:
        lead, kim = await link.join("Fay", "facilitator"), await link.join("Kim")
        other = await link.join("Otto", "scribe")
        host = Host([link])
        app = app_of([lead], host)
        async with app.run_test(size=SMALL) as pilot:
            kim.looks_at("Runbook")
            await link.settle()
            link.room._tell_people()
            await press(pilot, "4", "down")
            shown = seen(app)
            assert "here  not yet Kim" in shown
            assert "Participant         Runbook" in shown
            assert " ago joined" in shown
            for send in link.room._sends(kim.seat):
                link.room.leave(kim.seat, send)
            await fresh(pilot)
            assert "away  not yet Kim" in seen(app)
            link.room._presence[kim.seat].in_step = False
            link.room._tell_people()
            await fresh(pilot)
            assert "LAGS" in seen(app)
            await press(pilot, "b")
            assert app.screen.query_one("#field-role", Select).value == "participant"
            await press(pilot, "ctrl+s")
            assert host.orders[-1][0] == "revoke"
            assert "K7QM-2R9T-1003" in seen(app)
            await press(pilot, "m", "enter")
            assert host.orders[-1] == ("dismiss", {"x": link.room.exercise_id, "seat": kim.seat})
            await press(pilot, "home", "g")
            app.screen.query_one("#field-to", Select).value = other.seat
            await pilot.press("ctrl+s")
            await settle(pilot)
            assert (lead.role, other.role) == ("scribe", "facilitator")
            assert isinstance(app.screen, LobbyScreen)
            followers = [getattr(one, "__self__", None) for one in lead.listeners]
            assert not any(isinstance(one, FacilitatorScreen) for one in followers)


async def test_truth_and_production(tmp_path: Path, stuck: Pack) -> None:
    async with rooms(tmp_path, stuck, "Red") as [link]:
        lead, kim = await link.join("Fay", "facilitator"), await link.join("Kim")
        await lead.take("start")
        await link.pass_time(70)
        app = app_of([lead], Host([link]))
        async with app.run_test(size=(80, 40)) as pilot:
            await press(pilot, "5")
            shown = seen(app)
            assert "A blocked paper path" in shown
            assert "since 08:00:20, for 50 s" in shown
            assert "It is not so now." in shown
            assert "kiosk.mode  stuck  was fine" in shown
            assert "- Restart the kiosk" in shown
            await kim.take("command", line="kioskctl restart")
            await link.pass_time(200)
            await fresh(pilot)
            assert "It is so, since" in seen(app)
            before = link.room.drill.seq
            await pilot.press("v")
            await settle(pilot)
            production = app.screen
            assert isinstance(production, ProductionScreen)
            for key, words in (
                ("2", "Many errors at the kiosk"), ("3", "Kiosk"), ("4", "Kim"),
                ("5", "#ops"), ("6", "Kiosk outage"), ("1", "Kiosk overview"),
            ):  # fmt: skip
                await pilot.press(key)
                await settle(pilot)
                assert words in seen(app)
            await pilot.press("enter")
            await settle(pilot)
            assert "Errors" in seen(app)
            await pilot.press("4")
            await settle(pilot)
            assert "kioskctl restart" in seen(app)
            await kim.take("command", line="kioskctl status")
            production._follow()
            await settle(pilot)
            assert "kioskctl status" in seen(app)
            assert link.room.drill.seq == before + 1
            await press(pilot, "q")
            assert console(app).is_current


async def test_after_the_end(tmp_path: Path, stuck: Pack) -> None:
    async with rooms(tmp_path, stuck, "Red") as [link]:
        lead, kim = await link.join("Fay", "facilitator"), await link.join("Kim")
        otto = await link.join("Otto")
        await lead.take("start")
        app = app_of([lead], Host([link]))
        async with app.run_test(size=(80, 40)) as pilot:
            await press(pilot, "e")
            assert "end" not in dos(link)
            await press(pilot, "escape", "e", "enter")
            assert lead.exercise.over
            assert "ended" in seen(app)
            await kim.take("hotwash", answers={"went-well": "All of it."}, confidence=4)
            await otto.take(
                "hotwash", answers={"went-well": "Nothing."}, confidence=1, anonymous=True
            )
            await fresh(pilot)
            shown = seen(app)
            assert "[x] Hot wash: 2 of 2 have answered" in shown
            assert "- All of it.   Kim" in shown
            assert "- Nothing.   without a name" in shown
            await press(pilot, "k")
            assert "answers" in lead.exercise.state.shared
            await press(pilot, "k", "k", "y", "3", "c")
            await press(pilot, "ctrl+s")
            assert "result" in lead.exercise.state.shared
            assert [one.objective for one in lead.exercise.state.confirmed] == [""]
            await press(pilot, "1", "e")
            assert "close" not in dos(link)
            await press(pilot, "enter")
            assert lead.exercise.state.closed
            assert f"tabletop report {link.room.exercise_id}" in seen(app)
            assert dos(link)[-1] == "close"


async def test_the_start_and_the_end_are_asked_for_apart(tmp_path: Path, stuck: Pack) -> None:
    async with rooms(tmp_path, stuck, "Red") as [link]:
        lead, _ = await link.join("Fay", "facilitator"), await link.join("Kim")
        app = app_of([lead], Host([link]))
        async with app.run_test(size=SMALL) as pilot:
            await press(pilot, "s", "escape", "e", "escape", "s", "escape")
            assert dos(link)[-1] == "join"


async def test_every_act_has_its_help_and_is_in_the_palette(tmp_path: Path, stuck: Pack) -> None:
    async with rooms(tmp_path, stuck, "Red", "Blue") as links:
        leads = [await link.join("Fay", "facilitator") for link in links]
        await links[0].join("Kim")
        app = app_of(leads, Host(links))
        async with app.run_test(size=SMALL) as pilot:
            await fresh(pilot)
            offered = {command.title for command in console(app).palette_commands()}
            await press(pilot, "s", "enter")
            offered |= {command.title for command in console(app).palette_commands()}
            await press(pilot, "e", "enter")
            offered |= {command.title for command in console(app).palette_commands()}
            bindings = [*FacilitatorScreen.BINDINGS, *(b for p in PAGES for b in p.BINDINGS)]
            for binding in bindings:
                assert isinstance(binding, Binding)
                if not binding.action.startswith("of_screen"):
                    assert binding.tooltip, binding.key
                    assert binding.description in offered, binding.description
            assert {"Another team", "Stop the host"} <= offered
            await press(pilot, "4")
            commands = {command.title: command for command in console(app).palette_commands()}
            commands["Rate"].callback()
            await settle(pilot)
            assert console(app).page.NAME == "evidence"
            assert isinstance(app.screen, Form)


async def test_help_lists_the_keys_of_the_pane(tmp_path: Path, stuck: Pack) -> None:
    async with rooms(tmp_path, stuck, "Red") as [link]:
        lead = await link.join("Fay", "facilitator")
        await lead.take("start")
        app = app_of([lead], Host([link]))
        async with app.run_test(size=(100, 60)) as pilot:
            await press(pilot, "2")
            await pilot.press("question_mark")
            await settle(pilot)
            shown = seen(app)
            assert "Send the chosen inject now" in shown
            assert "Pause, or go on" in shown
            assert "Begin the exercise" not in shown


async def test_that_nobody_has_come_is_asked_about_before_time_begins(
    tmp_path: Path, stuck: Pack
) -> None:
    async with rooms(tmp_path, stuck, "Red") as [link]:
        lead = await link.join("Fay", "facilitator")
        app = app_of([lead], Host([link]))
        async with app.run_test(size=SMALL) as pilot:
            await press(pilot, "3")
            assert "confusion" not in seen(app)
            await press(pilot, "s")
            assert "No participant has joined yet." in seen(app)
            assert not lead.exercise.state.started
            await press(pilot, "enter")
            assert lead.exercise.state.started


async def test_a_name_is_no_markup_and_a_free_role_can_be_given(
    tmp_path: Path, stuck: Pack
) -> None:
    async with rooms(tmp_path, stuck, "Red") as [link]:
        lead, kim = await link.join("Fay", "facilitator"), await link.join("[/oops] x")
        app = app_of([lead], Host([link]))
        async with app.run_test(size=SMALL) as pilot:
            await press(pilot, "4", "home", "g")
            assert "[/oops] x, Participant" in seen(app)
            await press(pilot, "escape", "down", "g")
            app.screen.query_one("#field-to", Select).value = "scribe"
            await press(pilot, "ctrl+s")
            assert kim.role == "scribe"


async def test_after_somebody_is_shown_out_their_neighbour_is_chosen(
    tmp_path: Path, stuck: Pack
) -> None:
    async with rooms(tmp_path, stuck, "Red") as [link]:
        lead = await link.join("Fay", "facilitator")
        seats = [(await link.join(name)).seat for name in ("Ann", "Ben", "Cem")]
        app = app_of([lead], Host([link]))
        async with app.run_test(size=SMALL) as pilot:
            await press(pilot, "4", "end", "up")
            assert console(app).page.chosen == seats[1]
            await lead.take("dismiss", seat=seats[1])
            link.room._tell_people()
            await fresh(pilot)
            assert console(app).page.chosen == seats[2]


async def test_the_clock_does_not_jump_to_what_will_not_be_sent(
    tmp_path: Path, stuck: Pack
) -> None:
    place = "scenarios/kiosk/stuck.yaml"
    text = stuck.texts[place].replace("{id: queue, at: 90,", "{id: queue, at: 90, if: 1 > 2,")
    never = pack_of(stuck.name, {**stuck.texts, place: text})
    async with rooms(tmp_path, never, "Red") as [link]:
        lead = await link.join("Fay", "facilitator")
        await lead.take("start")
        due = next_inject(lead.exercise)
        assert due is None or due.inject != "queue"


async def test_help_is_given_in_a_pause_too(tmp_path: Path, stuck: Pack) -> None:
    async with rooms(tmp_path, stuck, "Red") as [link]:
        lead, kim = await link.join("Fay", "facilitator"), await link.join("Kim")
        await lead.take("start")
        await lead.take("pause")
        app = app_of([lead], Host([link]))
        async with app.run_test(size=SMALL) as pilot:
            await press(pilot, "h", "enter")
            assert kim.exercise.state.hints
            with pytest.raises(Refused, match="paused"):
                await kim.take("hint", step="outage#look")


async def test_a_rating_that_differs_wants_a_reason_and_closing_names_what_is_open(
    tmp_path: Path, stuck: Pack
) -> None:
    async with rooms(tmp_path, stuck, "Red") as [link]:
        lead, _ = await link.join("Fay", "facilitator"), await link.join("Kim")
        await lead.take("start")
        await lead.take("end")
        app = app_of([lead], Host([link]))
        async with app.run_test(size=LARGE) as pilot:
            await press(pilot, "3", "end", "c")
            rating = app.screen.query_one("#field-rating", Select)
            rating.value = "S" if rating.value != "S" else "M"
            await press(pilot, "ctrl+s")
            assert "Say why it differs from what is proposed." in seen(app)
            assert not lead.exercise.state.confirmed
            typed(app, "reason", "They asked for help early.")
            await press(pilot, "ctrl+s")
            assert lead.exercise.state.confirmed
            await press(pilot, "1")
            assert "confirm the ratings there (1 of 2 are)" in seen(app)
            await press(pilot, "e")
            shown = flowing(app)
            assert "1 of 2 ratings are not confirmed" in shown
            assert "1 have not answered the hot wash" in shown
