"""What a facilitator sees: the timeline in every state, the truth, the evidence, the news."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from linked import Linked

from simulator.assessment import assess
from simulator.content.pack import Pack, pack_of
from simulator.exercise import acts as a
from simulator.exercise.fold import Exercise
from simulator.journal import Store
from simulator.session.facilitation import (
    LiveEvidence,
    Seen,
    TimelineRow,
    changed,
    judged,
    last_of_each,
    newest,
    next_inject,
    not_ready,
    raised,
    recovery,
    step_at_hand,
    timeline,
    truths,
)
from simulator.session.opening import opening_of
from simulator.session.room import Room
from simulator.session.script import play


def folded(pack: Pack, *acts: dict[str, Any], now: int = 0) -> Exercise:
    """A team's exercise with these acts of its facilitator, at a moment."""
    opening = opening_of(pack, 1).model_copy(update={"team": "Red"})
    exercise = Exercise(opening, pack)
    exercise.apply(opening)
    for act in ({"at": 0, "do": "start"}, *acts):
        exercise.apply(a.read_act({"by": "fay", **act}))
    exercise.advance(now)
    return exercise


def statuses(exercise: Exercise) -> dict[str, tuple[str, int | None]]:
    return {row.inject: (row.status, row.at) for row in timeline(exercise)}


def row(exercise: Exercise, inject: str) -> TimelineRow:
    return next(one for one in timeline(exercise) if one.inject == inject)


def test_an_inject_is_due_delivered_or_waiting(stuck: Pack) -> None:
    assert statuses(folded(stuck)) == {"queue": ("due", 90), "still-stuck": ("waiting", None)}
    later = folded(stuck, now=310)
    assert statuses(later) == {"queue": ("delivered", 90), "still-stuck": ("delivered", 301)}
    assert next_inject(later) is None


def test_what_waits_says_for_what_and_whether_it_is_so(stuck: Pack) -> None:
    waiting = row(folded(stuck, now=200), "still-stuck")
    assert waiting.contingent
    assert waiting.holds is False
    assert "nobody has done" in waiting.condition
    assert row(folded(stuck), "queue").holds is None


def test_what_is_postponed_with_all_that_follows(stuck: Pack) -> None:
    write = {"at": 5, "do": "write", "channel": "ops", "text": "x", "after": 200}
    exercise = folded(
        stuck, write, {"at": 9, "do": "postpone", "inject": "queue", "seconds": 60,
                       "following": True},
    )  # fmt: skip
    found = statuses(exercise)
    assert found["queue"] == ("due", 150)
    assert found["written-1"] == ("due", 265)
    assert [one.inject for one in timeline(exercise)] == ["queue", "written-1", "still-stuck"]
    assert row(exercise, "queue").postponed == 60
    assert row(exercise, "written-1").written
    following = next_inject(exercise)
    assert following is not None
    assert following.inject == "queue"


def test_what_is_left_out_and_edited(stuck: Pack) -> None:
    exercise = folded(
        stuck,
        {"at": 5, "do": "edit", "inject": "queue", "text": "Two people."},
        {"at": 6, "do": "withhold", "inject": "queue"},
        now=95,
    )
    assert statuses(exercise)["queue"] == ("left out", 90)
    assert row(exercise, "queue").text == "Two people."
    assert row(exercise, "queue").edited


def test_after_the_end_nothing_is_due(stuck: Pack) -> None:
    write = {"at": 5, "do": "write", "channel": "ops", "text": "x", "after": 200}
    exercise = folded(stuck, write, {"at": 20, "do": "end"})
    assert {status for status, _ in statuses(exercise).values()} == {"not sent"}


def test_an_inject_whose_condition_was_not_so_was_not_sent(stuck: Pack) -> None:
    texts = dict(stuck.texts)
    place = "scenarios/kiosk/stuck.yaml"
    texts[place] = texts[place].replace("{id: queue, at: 90,", "{id: queue, at: 90, if: recovered,")
    pack = pack_of(stuck.name, texts)
    assert row(folded(pack, now=89), "queue").holds is False
    assert statuses(folded(pack, now=91))["queue"] == ("not sent", 90)


def test_an_inject_that_comes_some_time_after_its_moment(stuck: Pack) -> None:
    texts = dict(stuck.texts)
    place = "scenarios/kiosk/stuck.yaml"
    texts[place] = texts[place].replace("{id: queue, at: 90,", "{id: queue, at: 90, after: 30,")
    pack = pack_of(stuck.name, texts)
    early = {"at": 1, "do": "write", "channel": "ops", "text": "x", "after": 100}
    for now in (80, 100):
        exercise = folded(pack, early, now=now)
        assert statuses(exercise)["queue"] == ("due", 120)
        first = ["written-1", "queue"]
        assert [one.inject for one in timeline(exercise)][:2] == first
    assert statuses(folded(pack, now=125))["queue"] == ("delivered", 120)


def test_the_text_is_what_was_said_or_would_be(stuck: Pack) -> None:
    texts = dict(stuck.texts)
    place = "scenarios/kiosk/stuck.yaml"
    texts[place] = texts[place].replace(
        "There is a queue of twenty people.", '"The kiosk is {kiosk.mode}."'
    )
    pack = pack_of(stuck.name, texts)
    assert row(folded(pack), "queue").text == "The kiosk is fine."
    assert row(folded(pack, now=50), "queue").text == "The kiosk is stuck."
    healed = folded(pack, {"at": 100, "do": "action", "action": "restart"}, now=200)
    assert row(healed, "queue").text == "The kiosk is stuck."


def test_the_truth(stuck: Pack) -> None:
    before = folded(stuck)
    assert truths(before)[0].since is None
    assert changed(before) == ()
    broken = folded(stuck, now=60)
    assert truths(broken)[0].since == 20
    assert changed(broken) == (("kiosk.mode", "stuck", "fine"),)
    assert (recovery(broken).holds, recovery(broken).since) == (False, None)
    healed = folded(stuck, {"at": 70, "do": "action", "action": "restart"}, now=300)
    assert recovery(healed).holds
    assert recovery(healed).since is not None
    assert changed(healed) == ()


@pytest.mark.parametrize("cut", [1, 3, 100])
def test_live_evidence_is_what_the_whole_assessment_says(stuck: Pack, cut: int) -> None:
    acts = play(stuck, stuck.scenario.solution, 1).evidence.acts
    bodies = [a.write_act(act) for act in acts]
    live = LiveEvidence()
    live.catch_up(bodies[:cut])
    found = live.catch_up(bodies)
    whole = assess(acts, stuck)
    assert found.marks == whole.marks
    assert found.objectives == whole.objectives
    assert live.taken == len(bodies)
    assert "objectives" in vars(found), "computed before the exercise goes on"


def test_the_step_at_hand_counts_what_is_proved_and_ticked(stuck: Pack) -> None:
    acts = [
        {"at": 80, "by": "kim", "do": "acknowledge", "alert": "many-errors"},
        {"at": 90, "by": "kim", "do": "tick", "step": "outage#look"},
    ]
    for many, step in ((0, "outage#acknowledge"), (1, "outage#look"), (2, "outage#restart")):
        exercise = folded(stuck, *acts[:many])
        bodies = [a.write_act(exercise.opening), *(a.write_act(a.read_act(x)) for x in acts[:many])]
        assert step_at_hand(exercise, LiveEvidence().catch_up(bodies)) == step


def test_ratings_tell_how_far_people_are_apart(stuck: Pack) -> None:
    def rated(*given: tuple[str, str]) -> Exercise:
        return folded(
            stuck,
            *({"at": 1, "by": by, "do": "confirm", "objective": "sell", "rating": rating}
              for by, rating in given),
        )  # fmt: skip

    assessment = LiveEvidence().catch_up([a.write_act(folded(stuck).opening)])

    def apart(exercise: Exercise) -> tuple[int, Sequence[str]]:
        whole, sell = judged(exercise, assessment)
        assert (whole.objective, sell.objective) == ("", "sell")
        return sell.apart, [one.rating for one in sell.given]

    assert apart(rated()) == (0, [])
    assert apart(rated(("eva", "P"), ("otto", "M"))) == (2, ["P", "M"])
    assert apart(rated(("eva", "P"), ("eva", "M"), ("otto", "M"))) == (0, ["M", "M"])
    assert apart(rated(("eva", "P"), ("otto", "not observed"))) == (0, ["P", "not observed"])


def test_who_is_not_ready_and_what_each_did_last(tmp_path: Path, stuck: Pack) -> None:
    asyncio.run(_who_is_not_ready(tmp_path, stuck))


async def _who_is_not_ready(tmp_path: Path, stuck: Pack) -> None:
    room = Room.begin(Store(tmp_path), stuck, 1, "Red", b"secret")
    link = Linked(room)
    lead, kim = await link.join("Fay", "facilitator"), await link.join("Kim")
    otto = await link.join("Otto")
    await link.join("Olga", "observer")
    assert not_ready(lead.exercise) == ("Kim", "Otto")
    await kim.take("ready")
    assert not_ready(lead.exercise) == ("Otto",)
    await lead.take("dismiss", seat=otto.seat)
    assert not_ready(lead.exercise) == ()
    await lead.take("start")
    seen = Seen.of(lead.exercise)
    assert raised(lead.exercise, seen) == ()
    await kim.take("post", channel="ops", text='He said "do":"clock", I heard.')
    await kim.take("confused", step="outage#look", note="Which?")
    await link.pass_time(30)
    await lead.take("hint", step="outage#look")
    assert [act.do for act in newest(lead.bodies, 3)] == ["hint", "confused", "post"]
    assert [act.do for act in newest(lead.bodies, 1, kim.seat)] == ["confused"]
    assert [act.do for act in newest(lead.bodies, 1, otto.seat)] == ["join"]
    last = {lead.exercise.state.seats.get(by, by): act.do
            for by, act in last_of_each(lead.bodies).items()}  # fmt: skip
    assert last == {"host": "clock", "Fay": "hint", "Kim": "confused", "Otto": "join",
                    "Olga": "join"}  # fmt: skip
    assert raised(lead.exercise, seen) == (
        ("CONFUSED", "Kim: Look at the dashboard Kiosk overview. Which?"),
        ("HINT", "Number 1 for: Look at the dashboard Kiosk overview."),
    )
    seen = Seen.of(lead.exercise)
    await lead.take("end")
    assert [word for word, _ in raised(lead.exercise, seen)] == ["ENDED"]
    await room.close()
