"""A team in one room: what each may do, what everybody sees, and what the facilitator changes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from linked import Linked

from simulator.assessment.tracing import trace_of
from simulator.content.pack import Pack, pack_of
from simulator.exercise.digest import digest
from simulator.exercise.door import Refused
from simulator.exercise.powers import may_do, panes_of
from simulator.exercise.wording import in_words
from simulator.journal import Store
from simulator.session.facilitation import newest
from simulator.session.guidance import steps_in_order
from simulator.session.replay import Replay
from simulator.session.room import Room
from simulator.session.seat import SeatDrill

Play = Callable[[Linked], Awaitable[None]]


def played(tmp_path: Path, pack: Pack, play: Play) -> Room:
    """Play in a new room and return it, closed."""

    async def run() -> Room:
        room = Room.begin(Store(tmp_path), pack, 1, "Red", b"secret")
        try:
            await play(Linked(room))
        finally:
            await room.close()
        return room

    return asyncio.run(run())


async def why(drill: SeatDrill, do: str, **fields: Any) -> str:
    """Return why an act is refused; "" if it is taken."""
    try:
        await drill.take(do, **fields)
    except Refused as refusal:
        return str(refusal)
    return ""


def alike(link: Linked, *drills: SeatDrill) -> bool:
    """Return whether all consoles and the host have the same state."""
    return len({digest(link.room.drill.exercise), *(digest(one.exercise) for one in drills)}) == 1


def test_everybody_sees_the_same_and_only_the_facilitator_has_the_clock(
    tmp_path: Path, stuck: Pack
) -> None:
    async def play(link: Linked) -> None:
        lead = await link.join("Fay", "facilitator")
        kim, ola = await link.join("Kim"), await link.join("Ola", "observer")
        assert not kim.exercise.state.started
        assert "has not begun" in await why(kim, "view", view="overview")
        assert await why(kim, "ready") == ""
        assert "facilitator" in await why(kim, "start")
        await lead.take("start")
        await link.pass_time(40)
        assert kim.exercise.state.now == ola.exercise.state.now == 40
        assert await why(kim, "command", line="kioskctl status") == ""
        assert "facilitator" in await why(kim, "pause")
        assert await why(ola, "post", channel="ops", text="x") == "Observers look on."
        assert "do not play" in await why(lead, "command", line="kioskctl restart")
        await lead.take("pause")
        await link.pass_time(30)
        assert kim.exercise.state.now == 40
        assert "facilitator lets it go on" in await why(kim, "view", view="overview")
        await lead.take("resume")
        await link.pass_time(5)
        assert kim.exercise.state.now == 45
        assert alike(link, lead, kim, ola)

    played(tmp_path, stuck, play)


def test_looking_by_staff_leaves_no_trace(tmp_path: Path, stuck: Pack) -> None:
    async def play(link: Linked) -> None:
        lead, kim = await link.join("Fay", "facilitator"), await link.join("Kim")
        await lead.take("start")
        before = link.room.drill.seq
        await lead.take("view", view="overview")
        assert link.room.drill.seq == before
        await kim.take("view", view="overview")
        assert link.room.drill.exercise.state.views == {"overview": 1}

    played(tmp_path, stuck, play)


def test_a_role_has_its_powers_and_what_nobody_holds_is_everybodys(
    tmp_path: Path, stuck: Pack
) -> None:
    async def play(link: Linked) -> None:
        lead = await link.join("Fay", "facilitator")
        comms = await link.join("Cleo", "communications-lead")
        await lead.take("start")
        assert await why(comms, "declare", severity="high") == ""
        assert "terminal" in panes_of(comms.exercise, comms.seat)
        chief = await link.join("Ines", "incident-commander")
        assert "Incident commander" in await why(comms, "declare", severity="high")
        assert await why(chief, "declare", severity="high") == ""
        ops = await link.join("Otto", "operations-lead")
        assert "Operations lead" in await why(chief, "command", line="kioskctl status")
        assert await why(ops, "command", line="kioskctl status") == ""
        assert "terminal" not in panes_of(comms.exercise, comms.seat)
        await chief.take("hand-over", giver=chief.seat, to=ops.seat)
        assert (chief.role, ops.role) == ("operations-lead", "incident-commander")
        assert await why(chief, "command", line="kioskctl status") == ""
        assert "takes part" in await why(ops, "hand-over", giver=ops.seat, to=lead.seat)
        assert "your own" in await why(comms, "hand-over", giver=ops.seat, to=comms.seat)
        await lead.take("hand-over", giver=lead.seat, to=comms.seat)
        assert (lead.role, comms.role) == ("communications-lead", "facilitator")
        assert await why(comms, "pause") == ""

    played(tmp_path, stuck, play)


def test_names_are_taken_once_and_a_seat_is_found_again(tmp_path: Path, stuck: Pack) -> None:
    async def play(link: Linked) -> None:
        kim = await link.join("Kim")
        with pytest.raises(Refused, match="here already"):
            await link.join("KIM")
        with pytest.raises(Refused, match="no role"):
            await link.join("Max", "king")
        assert link.room.seat_named(" kim ", "participant") == kim.seat

    played(tmp_path, stuck, play)


def test_injects_are_postponed_left_out_edited_fired_and_written(
    tmp_path: Path, stuck: Pack
) -> None:
    timed = sorted((i.at, i.id) for i in stuck.scenario.timeline if i.at is not None)
    (first_at, first), *rest = timed

    async def play(link: Linked) -> None:
        lead, kim = await link.join("Fay", "facilitator"), await link.join("Kim")
        await lead.take("start")
        await lead.take("postpone", inject=first, seconds=60, following=True)
        await lead.take("edit", inject=first, text="Something else.")
        await lead.take("write", channel="ops", text="By the way.", after=first_at + 10)
        person = stuck.system.people[0].id
        await lead.take("speak", channel="ops", person=person, text="It is me.")
        await link.pass_time(first_at + 1)
        state = kim.exercise.state
        assert first not in state.delivered
        await link.pass_time(60)
        assert state.delivered[first] == first_at + 60
        said = [message.text for message in kim.exercise.state.messages]
        assert {"Something else.", "By the way.", "It is me."} <= set(said)
        assert "delivered already" in await why(lead, "withhold", inject=first)
        for _, name in rest[:1]:
            assert "facilitator" in await why(kim, "fire", inject=name)
            await lead.take("fire", inject=name)
            assert kim.exercise.state.delivered[name] == kim.exercise.state.now
        assert alike(link, lead, kim)

    played(tmp_path, stuck, play)


def test_a_jump_passes_the_time_at_once(tmp_path: Path, stuck: Pack) -> None:
    async def play(link: Linked) -> None:
        lead, kim = await link.join("Fay", "facilitator"), await link.join("Kim")
        await lead.take("start")
        await lead.take("jump", to=200)
        assert kim.exercise.state.now == 200
        assert "passed" in await why(lead, "jump", to=100)
        await lead.take("jump", to=kim.exercise.length)
        await link.pass_time(1)
        assert kim.acts()[-1].do == "end"
        assert alike(link, lead, kim)

    played(tmp_path, stuck, play)


def test_a_killed_host_goes_on_where_it_was_paused_for_everybody(
    tmp_path: Path, stuck: Pack
) -> None:
    async def play(link: Linked) -> None:
        lead = await link.join("Fay", "facilitator")
        await lead.take("start")
        await link.pass_time(33)

    room = played(tmp_path, stuck, play)

    async def again() -> None:
        opened = Room.open(Store(tmp_path), room.exercise_id, b"secret")
        link = Linked(opened)
        state = opened.drill.exercise.state
        assert state.paused
        assert state.now >= 30
        lead = await link.sit(opened.seat_named("Fay", "facilitator"))
        await lead.take("resume")
        await link.pass_time(3)
        assert lead.exercise.state.now == state.now
        assert alike(link, lead)
        await opened.close()

    asyncio.run(again())


def test_evaluators_mark_during_play_and_the_hot_wash_may_be_nameless(
    tmp_path: Path, stuck: Pack
) -> None:
    step = steps_in_order(stuck.scenario.procedure)[0]
    objective = stuck.scenario.objectives[0].id

    async def play(link: Linked) -> None:
        lead, kim = await link.join("Fay", "facilitator"), await link.join("Kim")
        eva, eli = await link.join("Eva", "evaluator"), await link.join("Eli", "evaluator")
        await lead.take("start")
        await eva.take("note", text="Quick.", kind="strength", about=step)
        await eva.take("overrule", step=step, share=0.0, reason="I saw it.")
        await eva.take("confirm", objective=objective, rating="P")
        await eli.take("confirm", objective=objective, rating="S", reason="Late.")
        assert "facilitator" in await why(kim, "note", text="x")
        await lead.take("end")
        assert "has ended" in await why(kim, "view", view="overview")
        await kim.take("hotwash", answers={"went-well": "All."}, anonymous=True)
        await kim.take("hotwash", answers={"went-well": "Most."}, anonymous=True)
        state = lead.exercise.state
        assert [(one.seat, one.rating) for one in state.confirmed] == [
            (eva.seat, "P"), (eli.seat, "S")
        ]  # fmt: skip
        ((by, answers),) = state.hotwash.items()
        assert by.startswith("anonymous-")
        assert answers == {"went-well": "Most."}
        assert kim.seat not in str(link.room.drill.bodies[-1])
        await lead.take("share", what="answers")
        await lead.take("close")
        await link.pass_time(1)
        assert link.room.drill.journal.sealed

    room = played(tmp_path, stuck, play)
    line = Store(tmp_path).library().find(room.exercise_id)
    assert line is not None
    assert (line.mode, line.state) == ("team", "sealed")


def test_a_console_cannot_say_who_it_is_or_when(tmp_path: Path, stuck: Pack) -> None:
    async def play(link: Linked) -> None:
        lead, kim = await link.join("Fay", "facilitator"), await link.join("Kim")
        await lead.take("start")
        await link.pass_time(10)
        fields = {"view": "overview", "by": lead.seat, "role": "facilitator", "at": 3}
        message = {"t": "propose", "n": 1, "key": "k", "do": "view", "fields": fields}
        await link.room.hear(kim.seat, message)
        act = kim.acts()[-1]
        assert (act.do, act.by, act.role, act.at) == ("view", kim.seat, "participant", 10)
        seq = link.room.drill.seq
        await link.room.hear(kim.seat, message)
        assert link.room.drill.seq == seq
        for nonsense in ({}, {"t": "propose"}, {"t": "propose", "do": [], "fields": {}},
                         {"t": "propose", "do": "clock", "fields": {}},
                         {"t": "hello", "seq": "x"}, {"t": "looking", "at": {"a": 1}}):  # fmt: skip
            await link.room.hear(kim.seat, nonsense)
        assert link.room.drill.seq == seq

    played(tmp_path, stuck, play)


def test_consoles_are_drawn_at_once_only_for_what_they_show(tmp_path: Path, stuck: Pack) -> None:
    async def play(link: Linked) -> None:
        lead, kim = await link.join("Fay", "facilitator"), await link.join("Kim")
        otto = await link.join("Otto")
        await lead.take("start")
        await otto.elapse(1)
        drawn: set[str] = set()
        for drill in (lead, kim, otto):
            drill.listeners.append(partial(drawn.add, drill.seat))
        await kim.take("view", view="overview")
        await link.settle()
        assert drawn == set()
        assert otto.exercise.state.views == {"overview": 1}
        assert await otto.elapse(1)
        await kim.take("confused", step="outage#look")
        await link.settle()
        assert drawn == {lead.seat, kim.seat, otto.seat}

    played(tmp_path, stuck, play)


def test_the_facilitator_gives_roles_and_nobody_changes_with_who_was_shown_out(
    tmp_path: Path, stuck: Pack
) -> None:
    async def play(link: Linked) -> None:
        lead, kim = await link.join("Fay", "facilitator"), await link.join("Kim")
        chief = await link.join("Ines", "incident-commander")
        gives = {"giver": kim.seat, "to": "scribe"}
        assert "gives roles" in await why(kim, "hand-over", **gives)
        await lead.take("hand-over", **gives)
        assert kim.role == "scribe"
        assert in_words(newest(lead.bodies, 1)[0], lead.exercise) == "made Kim Scribe"
        assert "a facilitator still" in await why(lead, "hand-over", giver=lead.seat, to="scribe")
        await lead.take("dismiss", seat=chief.seat)
        said = in_words(newest(lead.bodies, 1)[0], lead.exercise)
        assert said == "showed Ines out"
        assert "shown out" in await why(kim, "hand-over", giver=kim.seat, to=chief.seat)
        assert kim.role == "scribe"

    played(tmp_path, stuck, play)


def test_what_tells_an_audience_something_is_done_by_those_who_write_to_them(
    tmp_path: Path, stuck: Pack
) -> None:
    place = "scenarios/kiosk/system.yaml"
    text = stuck.texts[place].replace("menu: Kiosk\n", "menu: Kiosk\n    audience: customers\n")
    text = text.replace("channels:\n", "channels:\n  - {id: page, title: Status page, "
                        "kind: status-page, audience: customers}\n")  # fmt: skip
    telling = pack_of(stuck.name, {**stuck.texts, place: text})

    async def play(link: Linked) -> None:
        lead = await link.join("Fay", "facilitator")
        ops = await link.join("Otto", "operations-lead")
        await lead.take("start")
        assert may_do(ops.exercise, ops.seat, "restart")
        comms = await link.join("Cleo", "communications-lead")
        assert "Communications lead tells customers" in await why(ops, "action", action="restart")
        assert "tells customers" in await why(ops, "command", line="kioskctl restart")
        assert not may_do(ops.exercise, ops.seat, "restart")
        assert may_do(comms.exercise, comms.seat, "restart")
        assert await why(comms, "action", action="restart") == ""

    played(tmp_path, telling, play)


def test_what_was_jumped_over_is_nobodys_silence(tmp_path: Path, stuck: Pack) -> None:
    async def play(link: Linked) -> None:
        lead, kim = await link.join("Fay", "facilitator"), await link.join("Kim")
        await lead.take("start")
        await link.pass_time(30)
        await kim.take("view", view="overview")
        await lead.take("jump", to=230)
        await kim.take("acknowledge", alert="many-errors")
        replay = Replay(link.room.drill.acts(), stuck)
        made = replay.assessment_at(replay.end)
        assert trace_of(made.evidence, made.marks).pauses == ((30, 230),)
        said = [sign.sentence for step in made.confusion.steps for sign in step.signs]
        assert not any("nobody did anything" in one for one in said)

    played(tmp_path, stuck, play)


def test_an_inject_is_moved_where_it_can_come_and_back_again(tmp_path: Path, stuck: Pack) -> None:
    async def play(link: Linked) -> None:
        lead = await link.join("Fay", "facilitator")
        await lead.take("start")
        queue = next(one for one in stuck.scenario.timeline if one.id == "queue")

        async def move(seconds: int) -> str:
            return await why(lead, "postpone", inject="queue", seconds=seconds)

        assert "after the end" in await move(60_300)
        assert "how many" in await move(0)
        assert await move(120) == ""
        assert await move(-150) == ""
        assert lead.exercise.comes_at(queue) == 60
        said = in_words(newest(lead.bodies, 1)[0], lead.exercise)
        assert said == "brought forward “There is a queue of twenty people.” by 150 s"
        await link.pass_time(30)
        assert "passed" in await move(-30)
        await link.pass_time(31)
        assert "delivered already" in await move(60)
        assert alike(link, lead)

    played(tmp_path, stuck, play)
