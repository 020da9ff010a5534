"""A seat's screens, from the lobby to the result, and what each role is offered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from linked import Linked
from seats import app_of, press, room, settle
from textual.app import App
from textual.screen import Screen
from textual.widgets import Checkbox, Input, TextArea

from simulator.content.pack import Pack, pack_of
from simulator.exercise.wording import in_words
from simulator.session.facilitation import newest
from simulator.tui.dialogs.team import ApprovalDialog, HandOverDialog
from simulator.tui.panes.banner import Banner
from simulator.tui.panes.terminal import TerminalPane, one_line
from simulator.tui.screens.answers import AnswersScreen
from simulator.tui.screens.drill import DrillScreen
from simulator.tui.screens.lobby import LobbyScreen
from simulator.tui.screens.team_hotwash import TeamHotWashScreen
from simulator.tui.screens.team_result import TeamResultScreen


def shows(app: App[None], kind: type[Screen[Any]]) -> bool:
    """Return whether a screen of this kind is shown; asked anew each time, for it changes."""
    return isinstance(app.screen, kind)


@asynccontextmanager
async def held(link: Linked) -> AsyncIterator[None]:
    """Let the host hear of nothing for a while."""
    hear, goes_on = link.room.hear, asyncio.Event()

    async def hear_late(seat: str, message: Mapping[str, Any]) -> None:
        await goes_on.wait()
        await hear(seat, message)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(link.room, "hear", hear_late)
        yield
    goes_on.set()


def drill_of(app: App[None]) -> DrillScreen:
    """Return the drill screen, which must be shown."""
    assert isinstance(app.screen, DrillScreen)
    return app.screen


async def test_from_the_lobby_to_the_result(tmp_path: Path, stuck: Pack) -> None:
    async with room(tmp_path, stuck) as link:
        lead, kim = await link.join("Fay", "facilitator"), await link.join("Kim")
        said: list[str] = []
        app = app_of(kim, said)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            assert shows(app, LobbyScreen)
            await press(pilot, "r")
            assert link.room.drill.exercise.state.ready == {kim.seat}
            await press(pilot, "r")
            assert not link.room.drill.exercise.state.ready
            await lead.take("start")
            await settle(pilot)
            assert shows(app, DrillScreen)
            await press(pilot, "4", *"kioskctl", "space", *"status", "enter")
            assert kim.exercise.state.terminal[-1].line == "kioskctl status"
            await lead.take("end")
            await settle(pilot)
            assert shows(app, TeamHotWashScreen)
            app.screen.query(TextArea).first().text = "All of it."
            app.screen.query_one("#nameless", Checkbox).value = True
            await press(pilot, "ctrl+s")
            assert shows(app, AnswersScreen)
            assert "All of it." not in str(app.screen.query_one("#words").render())
            await lead.take("share", what="answers")
            await settle(pilot)
            shown = str(app.screen.query_one("#words").render())
            assert "All of it." in shown
            assert "without a name" in shown
            assert "Kim" not in shown
            await lead.take("share", what="result")
            await settle(pilot)
            assert shows(app, TeamResultScreen)
            await pilot.press("ctrl+q")
        assert said == ["You have left as Kim, Participant. The exercise goes on without you."]


async def test_the_clock_is_not_offered_and_a_pause_is_plain_to_everyone(
    tmp_path: Path, stuck: Pack
) -> None:
    async with room(tmp_path, stuck) as link:
        lead, kim = await link.join("Fay", "facilitator"), await link.join("Kim")
        await lead.take("start")
        app = app_of(kim)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            before = link.room.drill.seq
            await press(pilot, "p", "plus", "e")
            assert link.room.drill.seq == before
            await lead.take("pause")
            assert shows(app, DrillScreen)
            drill_of(app)._refresh()
            banner = app.screen.query_one(Banner)
            assert "stopped the time for everybody" in str(banner.render())
            kim.receive({"t": "store", "x": kim.exercise_id, "fault": "The store is away."})
            drill_of(app)._refresh()
            assert "The store is away." in str(banner.render())


async def test_a_role_is_handed_over_and_the_screen_follows(tmp_path: Path, stuck: Pack) -> None:
    async with room(tmp_path, stuck) as link:
        lead = await link.join("Fay", "facilitator")
        scribe = await link.join("Sam", "scribe")
        ops = await link.join("Otto", "operations-lead")
        await lead.take("start")
        app = app_of(scribe)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            assert shows(app, DrillScreen)
            assert not drill_of(app).check_action("pane", ("terminal",))
            await press(pilot, "o")
            assert shows(app, HandOverDialog)
            await press(pilot, "enter")
            assert (scribe.role, ops.role) == ("operations-lead", "scribe")
            await settle(pilot)
            assert shows(app, DrillScreen)
            assert drill_of(app).check_action("pane", ("terminal",))


async def test_a_second_person_is_asked_and_the_act_is_done_on_their_word(
    tmp_path: Path, guarded: Pack
) -> None:
    async with room(tmp_path, guarded) as link:
        lead = await link.join("Fay", "facilitator")
        chief = await link.join("Ines", "incident-commander")
        ops = await link.join("Otto", "operations-lead")
        await lead.take("start")
        await link.pass_time(5)
        assert (await ops.take("command", line="kioskctl restart")).do == "ask"
        assert not link.room.drill.exercise.state.terminal
        app = app_of(chief)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await press(pilot, "a")
            assert shows(app, ApprovalDialog)
            await press(pilot, "enter")
        request = link.room.drill.exercise.state.requests[0]
        assert (request.granted, request.answered_by, request.done) == (True, chief.seat, True)
        act = link.room.drill.acts()[-1]
        assert (act.do, act.by, act.approved) == ("command", ops.seat, 1)
        assert "restart" in link.room.drill.exercise.state.terminal[-1].line
        # Whoever may approve it needs nobody.
        await lead.take("hand-over", giver=ops.seat, to=chief.seat)
        assert (await ops.take("post", channel="ops", text="x")).do == "post"


async def test_what_is_typed_before_a_command_is_answered_is_the_next_one(
    tmp_path: Path, stuck: Pack
) -> None:
    async with room(tmp_path, stuck) as link:
        lead, kim = await link.join("Fay", "facilitator"), await link.join("Kim")
        await lead.take("start")
        app = app_of(kim)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await press(pilot, "4")
            command = app.screen.query_one("#command", Input)
            async with held(link):
                await pilot.press(*"help", "enter", "enter", *"kioskctl help", "enter", *" ")
                await pilot.pause()
                assert command.value == "kioskctl help "
            await settle(pilot)
            assert [one.line for one in kim.exercise.state.terminal] == ["help", "kioskctl help"]
            assert command.value == ""


async def test_a_command_that_is_refused_after_others_were_typed_is_in_the_history(
    tmp_path: Path, stuck: Pack
) -> None:
    async with room(tmp_path, stuck) as link:
        lead, kim = await link.join("Fay", "facilitator"), await link.join("Kim")
        await lead.take("start")
        app = app_of(kim)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await press(pilot, "4")
            command = app.screen.query_one("#command", Input)
            async with held(link):
                await pilot.press(*"help", "enter", *"ls", "enter")
                await link.room.drill.take("pause", by=lead.seat)
            await settle(pilot)
            assert not kim.exercise.state.terminal
            assert command.value == "ls"
            await press(pilot, "up")
            assert command.value == "help"


async def test_ctrl_c_gives_the_prompt_back_in_a_team_too(tmp_path: Path, stuck: Pack) -> None:
    async with room(tmp_path, stuck) as link:
        lead, kim = await link.join("Fay", "facilitator"), await link.join("Kim")
        await lead.take("start")
        app = app_of(kim)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await press(pilot, "4", *"kioskctl restart", "enter")
            terminal = app.screen.query_one(TerminalPane)
            assert terminal.waits
            await press(pilot, "ctrl+c")
            assert not terminal.waits


async def test_a_key_that_is_not_for_a_role_says_whose_it_is(tmp_path: Path, stuck: Pack) -> None:
    async with room(tmp_path, stuck) as link:
        lead, ops = (
            await link.join("Fay", "facilitator"),
            await link.join("Otto", "operations-lead"),
        )
        await link.join("Ines", "incident-commander")
        comms = await link.join("Cleo", "communications-lead")
        await lead.take("start")
        app = app_of(ops)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await press(pilot, "s", "p")
            said = [str(one.message) for one in app._notifications]
            assert said == [
                "That is not for you: Incident commander does it.",
                "The facilitator has the clock.",
            ]
        app = app_of(comms)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await press(pilot, "4", "6")
            assert [str(one.message) for one in app._notifications] == [
                "Your role does not have that pane."
            ]
            assert not app.screen.query_one("#runbook").check_action("run", ())


async def test_a_hint_of_the_facilitator_is_seen_whatever_one_looks_at(
    tmp_path: Path, stuck: Pack
) -> None:
    place = "scenarios/kiosk/stuck.yaml"
    hint = "{step: outage#acknowledge, nudge: Who knows?, pointer: See the alert., answer: Do it.}"
    texts = {**stuck.texts, place: f"{stuck.texts[place]}hints:\n  - {hint}\n"}
    async with room(tmp_path, pack_of(stuck.name, texts)) as link:
        lead, kim = await link.join("Fay", "facilitator"), await link.join("Kim")
        await lead.take("start")
        app = app_of(kim)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await lead.take("hint", step="outage#acknowledge")
            await link.settle()
            drill_of(app)._draw_soon()
            await settle(pilot)
            (said,) = (str(one.message) for one in app._notifications)
            assert said == "A hint: Who knows?"
            assert "gave a hint on Acknowledge" in in_words(newest(kim.bodies, 1)[0], kim.exercise)
            await lead.take("hand-over", giver=kim.seat, to="scribe")
            await settle(pilot)
            assert [str(one.message) for one in app._notifications][1:] == ["You are now: Scribe."]


async def test_who_looks_on_is_not_offered_to_write_and_who_left_is_not_in_the_lobby(
    tmp_path: Path, stuck: Pack
) -> None:
    async with room(tmp_path, stuck) as link:
        lead, kim = await link.join("Fay", "facilitator"), await link.join("Kim")
        olga = await link.join("Olga", "observer")
        app = app_of(olga)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            people = app.screen.query_one("#people")
            assert "not yet   Kim" in str(people.render())
            await lead.take("dismiss", seat=kim.seat)
            await settle(pilot)
            assert "Kim" not in str(people.render())
            await lead.take("start")
            await settle(pilot)
            await press(pilot, "5", "w", "enter")
            assert not app.screen.query_one("#say").has_focus
            await press(pilot, "4", *"help", "enter")
            assert app.screen.query_one("#command", Input).value == ""


async def test_who_asked_is_told_that_it_waits_and_that_it_is_refused(
    tmp_path: Path, guarded: Pack
) -> None:
    async with room(tmp_path, guarded) as link:
        lead = await link.join("Fay", "facilitator")
        chief = await link.join("Ines", "incident-commander")
        ops = await link.join("Otto", "operations-lead")
        await lead.take("start")
        await link.pass_time(5)
        theirs, mine = app_of(chief), app_of(ops)
        async with mine.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await press(pilot, "4", *"kioskctl restart", "enter")
            banner = str(mine.screen.query_one(Banner).render())
            assert "WAITS" in banner
            assert "for the word of Incident commander: “kioskctl restart”" in banner
            async with theirs.run_test(size=(80, 24)) as other:
                await settle(other)
                await press(other, "a", "down", "tab", *"not yet", "enter")
                assert not theirs.screen.is_modal
            await link.settle()
            drill_of(mine)._draw_soon()
            await settle(pilot)
            said = [str(one.message) for one in mine._notifications]
            assert said[-1] == "Ines refuses: “kioskctl restart”\n\nnot yet"
            assert "WAITS" not in str(mine.screen.query_one(Banner).render())
            assert in_words(newest(ops.bodies, 1)[0], ops.exercise) == (
                "refused what Otto asked for, “kioskctl restart”: not yet"
            )


async def test_an_unfinished_hot_wash_is_not_taken_away_by_the_result(
    tmp_path: Path, stuck: Pack
) -> None:
    async with room(tmp_path, stuck) as link:
        lead, kim = await link.join("Fay", "facilitator"), await link.join("Kim")
        await lead.take("start")
        await lead.take("end")
        app = app_of(kim)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            app.screen.query(TextArea).first().text = "Half a sentence"
            await lead.take("share", what="result")
            await settle(pilot)
            assert app.screen.query(TextArea).first().text == "Half a sentence"
            assert "[ ] without my name" in str(app.screen.query_one("#nameless").render())
            app.screen.query_one("#nameless", Checkbox).value = True
            assert "[x] without my name" in str(app.screen.query_one("#nameless").render())
            await press(pilot, "ctrl+s")
            assert shows(app, TeamResultScreen)


async def test_the_palette_and_the_help_offer_what_a_seat_may_do(
    tmp_path: Path, stuck: Pack
) -> None:
    async with room(tmp_path, stuck) as link:
        lead, kim = await link.join("Fay", "facilitator"), await link.join("Kim")
        olga, eva = await link.join("Olga", "observer"), await link.join("Eva", "evaluator")
        await lead.take("start")
        for drill, has, lacks in (
            (kim, {"Hint", "Change roles", "Declare high High", "Leave"}, {"Pause", "Speed 2x"}),
            (olga, {"Show Terminal", "Leave"}, {"Hint", "Declare high High", "Menu of actions"}),
        ):
            app = app_of(drill)
            async with app.run_test(size=(80, 24)) as pilot:
                await settle(pilot)
                titles = {one.title for one in drill_of(app).palette_commands()}
                assert has <= titles
                assert not lacks & titles
        for drill, about in ((olga, "You look on."), (eva, "You mark what is done")):
            app = app_of(drill)
            async with app.run_test(size=(80, 24)) as pilot:
                await settle(pilot)
                await press(pilot, "question_mark")
                assert about in str(app.screen.query_one("#about").render())


async def test_the_side_column_of_a_new_role_uses_its_width(tmp_path: Path, stuck: Pack) -> None:
    async with room(tmp_path, stuck) as link:
        lead, kim = await link.join("Fay", "facilitator"), await link.join("Kim", "scribe")
        otto = await link.join("Otto", "operations-lead")
        await lead.take("start")
        await link.pass_time(100)
        app = app_of(kim)
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            await lead.take("pause")
            await lead.take("hand-over", giver=kim.seat, to=otto.seat)
            await settle(pilot)
            assert "There is a queue of twenty" in str(app.screen.query_one("#side-news").render())


async def test_a_power_is_everybodys_again_when_its_holder_is_shown_out(
    tmp_path: Path, stuck: Pack
) -> None:
    async with room(tmp_path, stuck) as link:
        lead = await link.join("Fay", "facilitator")
        ines = await link.join("Ines", "incident-commander")
        otto = await link.join("Otto", "operations-lead")
        await lead.take("start")
        app = app_of(ines)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            assert not drill_of(app).check_action("pane", ("terminal",))
            await lead.take("dismiss", seat=otto.seat)
            await settle(pilot)
            await press(pilot, "4", *"kioskctl status", "enter")
            assert ines.exercise.state.terminal[-1].line == "kioskctl status"


async def test_a_draft_stays_in_its_channel(tmp_path: Path, stuck: Pack) -> None:
    place = "scenarios/kiosk/system.yaml"
    page = "{id: page, title: Page, kind: status-page, audience: customers}"
    text = stuck.texts[place].replace("channels:\n", f"channels:\n  - {page}\n")
    async with room(tmp_path, pack_of(stuck.name, {**stuck.texts, place: text})) as link:
        lead, kim = await link.join("Fay", "facilitator"), await link.join("Kim")
        await lead.take("start")
        app = app_of(kim)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await press(pilot, "5", "down", "w", *"half", "escape", "up", "w")
            said = app.screen.query_one("#say", Input)
            assert said.value == ""
            await press(pilot, *"whole", "enter", "escape", "down")
            assert said.value == "half"
            assert [(one.channel, one.text) for one in kim.exercise.state.messages] == [
                ("page", "whole")
            ]


def test_a_banner_is_cut_and_its_key_is_not() -> None:
    shown = Banner._content(("APPROVE", "Bob asks for your word: " + "x" * 200, "y answers"), 80)
    assert shown.cell_length <= 80
    assert shown.plain.endswith("…   y answers")


def test_of_what_is_pasted_remarks_are_left_out() -> None:
    assert one_line("date\nwhoami\n\n# note\nls") == "date; whoami; ls"
