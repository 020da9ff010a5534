"""Practising from a moment: a new exercise that begins there, and is no attempt of its own."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from replayed import ALONE, TOGETHER, acts_of

from simulator.content.pack import Pack
from simulator.exercise import acts as a
from simulator.exercise.digest import digest
from simulator.exercise.door import Refused
from simulator.journal import Store
from simulator.session.catalogue import read_catalogue
from simulator.session.drill import new_key
from simulator.session.forking import first_acts, fork
from simulator.session.playing import begin, finish
from simulator.session.replay import Replay, read_replay
from simulator.session.running import earlier_attempts, load


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def stored(store: Store, pack: Pack, script: list[dict[str, Any]], team: str = "") -> str:
    """Return the id of a stored exercise, which is in no library."""
    name = store.new_id()
    with store.create(name) as journal:
        journal.append_all([(new_key(), a.write_act(act)) for act in acts_of(pack, script, team)])
    return name


def test_it_goes_on_from_what_the_exercise_was(store: Store, stuck: Pack) -> None:
    name, replay = read_replay(store, stored(store, stuck, ALONE))
    moment = replay.moment_at(125)
    drill = fork(store, name, replay, moment, "Sam")
    state = drill.exercise.state
    assert (state.now, state.paused, state.seats[a.SOLO]) == (125, True, "Sam")
    replay.show(moment)
    assert state.messages == replay.exercise.state.messages
    assert state.terminal == replay.exercise.state.terminal
    assert state.world.variables == replay.exercise.state.world.variables
    assert state.ticks == replay.exercise.state.ticks
    drill.close()


def test_its_journal_begins_with_the_same_bytes(store: Store, stuck: Pack) -> None:
    name, replay = read_replay(store, stored(store, stuck, ALONE))
    moment = replay.moment_at(60)
    drill = fork(store, name, replay, moment, "Sam")
    bodies = [record.body for record in drill.journal.read()]
    drill.close()
    assert bodies[1:-1] == [a.write_act(act) for act in replay.acts[1 : moment.taken]]
    opening = a.read_act(bodies[0])
    assert isinstance(opening, a.Open)
    assert opening.fork == f"{name} T+1:00"
    assert opening.model_copy(update={"fork": ""}) == replay.acts[0]
    assert len(bodies) == moment.taken + 1


def test_it_can_be_played_to_its_end(store: Store, stuck: Pack) -> None:
    name, replay = read_replay(store, stored(store, stuck, ALONE))
    drill = fork(store, name, replay, replay.moment_at(125), "Sam")

    async def play() -> None:
        await drill.take("resume")
        await drill.elapse(8.0)  # at the speed of the exercise then: ten times
        await drill.take("command", line="kioskctl restart")
        await drill.elapse(4.0)
        await drill.take("end", reason="stopped")

    asyncio.run(play())
    assessment = finish(store, drill)
    drill.close()
    assert assessment.exercise.state.now == 245
    again = load(store, drill.exercise_id).assessment
    assert again.marks == assessment.marks
    assert digest(again.exercise) == digest(assessment.exercise)


def test_it_is_never_a_first_attempt(store: Store, stuck: Pack, kiosk: Path) -> None:
    name, replay = read_replay(store, stored(store, stuck, ALONE))
    drill = fork(store, name, replay, replay.moment_at(125), "Sam")
    line = store.library().find(drill.exercise_id)
    assert line is not None
    assert (line.mode, line.attempt) == ("fork", f"from {name} T+2:05")
    entry = read_catalogue(kiosk, store).entries[0]
    assert [one.id for one in entry.unfinished] == [drill.exercise_id]
    asyncio.run(drill.take("end", reason="stopped"))
    finish(store, drill)
    drill.close()
    entry = read_catalogue(kiosk, store).entries[0]
    assert [one.id for one in entry.practised] == [drill.exercise_id]
    assert not entry.unfinished
    assert not entry.finished
    first = begin(store, stuck, 1, "Sam")
    asyncio.run(first.take("end", reason="stopped"))
    finish(store, first)
    first.close()
    assert first.exercise.opening.calibrated == {}
    assert earlier_attempts(store, load(store, first.exercise_id)) == []
    assert earlier_attempts(store, load(store, drill.exercise_id)) == []


def test_from_a_team_somebody_goes_on_alone(store: Store, stuck: Pack) -> None:
    name, replay = read_replay(store, stored(store, stuck, TOGETHER, "Blue"))
    drill = fork(store, name, replay, replay.moment_at(176), "Sam")
    exercise = drill.exercise
    assert not exercise.team
    assert exercise.state.seats == {"fay": "Fay", "kim": "Kim", "lee": "Lee", a.SOLO: "Sam"}
    assert [line.seat for line in exercise.state.terminal if line.line] == ["lee", "kim"]
    assert exercise.state.shifts == {"queue": 300}

    async def play() -> None:
        await drill.take("resume")
        await drill.take("command", line="kioskctl status")
        await drill.take("declare", severity="high")

    asyncio.run(play())
    drill.close()
    assert exercise.state.severity == "high"


def test_there_is_nothing_to_practise_after_the_end(stuck: Pack) -> None:
    replay = Replay(acts_of(stuck, ALONE), stuck)
    with pytest.raises(Refused, match="Play has ended here"):
        first_acts("x", replay, replay.end, "Sam")


def test_nor_when_time_was_up(stuck: Pack) -> None:
    acts = acts_of(stuck, ALONE[:-3])
    replay = Replay([*acts, a.Clock(at=stuck.scenario.minutes * 60, by=a.HOST)], stuck)
    assert first_acts("x", replay, replay.moment_at(479), "Sam")
    with pytest.raises(Refused, match="Play has ended here"):
        first_acts("x", replay, replay.end, "Sam")
