"""One open exercise: time passes, acts are taken once and durably, and play can be resumed."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from drill_journals import drill_in, journaled, queries

from simulator.content.pack import Pack
from simulator.exercise import acts as a
from simulator.exercise.door import Refused
from simulator.journal import JournalError, Record, SqliteJournal, Store, StoreLocked
from simulator.session.drill import Drill
from simulator.session.opening import fold
from simulator.session.playing import begin, finish, resume
from simulator.session.running import is_finished


def same_as_its_journal(drill: Drill) -> bool:
    """Whether what a drill shows is what its journal makes."""
    again = fold(drill.acts())
    again.advance(drill.exercise.state.now)
    return again.state.copy() == drill.exercise.state.copy()


def test_the_first_entries_are_durable_when_play_begins(tmp_path: Path, stuck: Pack) -> None:
    drill, _ = drill_in(tmp_path, stuck)
    opening, join = drill.acts()
    assert isinstance(opening, a.Open)
    assert isinstance(join, a.Join)
    assert opening.texts == stuck.texts
    assert opening.hashes == stuck.hashes
    assert (opening.seed, opening.scenario, join.name, join.role) == (
        1, "kiosk/stuck", "Kim", "On-call engineer",
    )  # fmt: skip
    assert drill.exercise.state.seats == {"player": "Kim"}
    assert drill.exercise.state.now == 0


def test_wall_time_becomes_simulated_time_at_the_speed_that_is_set(
    tmp_path: Path, stuck: Pack
) -> None:
    async def playing() -> None:
        drill, _ = drill_in(tmp_path, stuck)
        assert not await drill.elapse(0.4)
        assert not await drill.elapse(0.4)
        assert await drill.elapse(0.4)
        assert drill.exercise.state.now == 1
        await drill.take("speed", factor=10)
        await drill.elapse(0.5)
        assert drill.exercise.state.now in (6, 7)
        before = drill.exercise.state.now
        for _ in range(10):
            await drill.elapse(0.1)
        assert drill.exercise.state.now == before + 10

    asyncio.run(playing())


def test_a_pause_stops_everything_and_no_time_is_owed_for_it(tmp_path: Path, stuck: Pack) -> None:
    async def playing() -> None:
        drill, _ = drill_in(tmp_path, stuck)
        await drill.elapse(30)
        await drill.take("pause")
        state = drill.exercise.state.copy()
        for _ in range(20):
            assert not await drill.elapse(100)
        assert drill.exercise.state.copy() == state
        with pytest.raises(Refused, match="paused"):
            await drill.take("view", view="overview")
        await drill.take("resume")
        await drill.elapse(1)
        assert drill.exercise.state.now == 31

    asyncio.run(playing())


def test_the_clock_is_written_every_five_wall_seconds_and_at_each_delivery(
    tmp_path: Path, stuck: Pack
) -> None:
    async def playing() -> list[str]:
        drill, _ = drill_in(tmp_path, stuck)
        for _ in range(120):
            await drill.elapse(1.0)
        return journaled(drill)

    clocks = [int(one.split()[1]) for one in asyncio.run(playing()) if one.startswith("clock")]
    assert all(later - earlier <= 5 for earlier, later in zip([0, *clocks], clocks, strict=False))
    assert 90 in clocks  # where Ada speaks
    assert len(clocks) < 40


def test_an_act_is_taken_with_its_output_and_its_time(tmp_path: Path, stuck: Pack) -> None:
    async def playing() -> None:
        drill, _ = drill_in(tmp_path, stuck)
        await drill.elapse(100)
        act = await drill.take("command", line="kioskctl status")
        assert isinstance(act, a.Command)
        assert (act.at, act.by) == (100, "player")
        assert act.output.startswith("mode stuck")
        assert drill.acts()[-1] == act
        assert same_as_its_journal(drill)

    asyncio.run(playing())


def test_a_refused_act_leaves_no_entry(tmp_path: Path, stuck: Pack) -> None:
    async def playing() -> None:
        drill, _ = drill_in(tmp_path, stuck)
        for do, fields in (("view", {"view": "nothing"}), ("acknowledge", {"alert": "x"})):
            with pytest.raises(Refused):
                await drill.take(do, **fields)
        assert journaled(drill) == ["open 0", "join 0"]

    asyncio.run(playing())


def test_the_same_key_again_counts_once(tmp_path: Path, stuck: Pack) -> None:
    async def playing() -> None:
        drill, _ = drill_in(tmp_path, stuck)
        await drill.elapse(10)
        first = await drill.take("hint", key="k", step="outage#look")
        await drill.elapse(10)
        assert await drill.take("hint", key="k", step="outage#look") == first
        assert len(drill.exercise.state.hints) == 1
        assert [one for one in journaled(drill) if one.startswith("hint")] == ["hint 10"]
        assert same_as_its_journal(drill)

    asyncio.run(playing())


def test_a_failed_append_leaves_nothing_and_the_key_can_be_tried_again(
    tmp_path: Path, stuck: Pack
) -> None:
    async def playing() -> None:
        drill, journal = drill_in(tmp_path, stuck)
        await drill.elapse(10)
        state = drill.exercise.state.copy()
        journal.before = 1
        with pytest.raises(JournalError, match="full"):
            await drill.take("view", key="k", view="overview")
        assert drill.exercise.state.copy() == state
        assert drill.exercise.state.views == {}
        await drill.take("view", key="k", view="overview")
        assert drill.exercise.state.views == {"overview": 1}
        assert same_as_its_journal(drill)

    asyncio.run(playing())


def test_an_act_stored_by_an_append_that_failed_is_counted_once_as_it_was_stored(
    tmp_path: Path, stuck: Pack
) -> None:
    async def playing() -> None:
        drill, journal = drill_in(tmp_path, stuck)
        await drill.elapse(10)
        journal.after = 1
        with pytest.raises(JournalError):
            await drill.take("search", key="k", query="first")
        await drill.elapse(2)
        again = await drill.take("search", key="k", query="second thought")
        assert isinstance(again, a.Search)
        assert (again.at, again.query) == (10, "first")
        assert queries(drill) == ["first"]
        assert drill.exercise.state.acts == 3 + sum(
            one.startswith("clock") for one in journaled(drill)
        )

    asyncio.run(playing())


def test_an_act_stored_unseen_is_folded_with_the_next_one(tmp_path: Path, stuck: Pack) -> None:
    async def playing() -> None:
        drill, journal = drill_in(tmp_path, stuck)
        await drill.elapse(3)
        journal.after = 1
        with pytest.raises(JournalError):
            await drill.take("view", view="overview")
        await drill.take("logs", stream="kiosk-log")
        assert drill.exercise.state.views == {"overview": 1, "logs:kiosk-log": 1}
        assert same_as_its_journal(drill)

    asyncio.run(playing())


def test_a_clock_that_cannot_be_written_says_so_and_play_goes_on(
    tmp_path: Path, stuck: Pack
) -> None:
    async def playing() -> None:
        drill, journal = drill_in(tmp_path, stuck)
        journal.before = 1
        with pytest.raises(JournalError):
            await drill.elapse(6)
        assert drill.exercise.state.now == 6
        await drill.elapse(6)
        assert (drill.exercise.state.now, journaled(drill)[-1]) == (12, "clock 12")

    asyncio.run(playing())


def test_time_that_passes_while_an_act_is_taken_is_paid_afterwards(
    tmp_path: Path, stuck: Pack
) -> None:
    async def playing() -> None:
        drill, journal = drill_in(tmp_path, stuck)
        await drill.elapse(4)
        arrived, go_on = threading.Event(), threading.Event()
        append = journal.append

        def slow(key: str, body: str, after: int | None = None) -> Record:
            arrived.set()
            assert go_on.wait(20)
            return append(key, body)

        journal.append = slow  # type: ignore[method-assign]
        taking = asyncio.create_task(drill.take("view", view="overview"))
        await asyncio.to_thread(arrived.wait, 20)
        assert not await drill.elapse(3)
        assert drill.exercise.state.now == 4
        go_on.set()
        assert (await taking).at == 4
        assert await drill.elapse(0.0)
        assert drill.exercise.state.now == 7
        assert same_as_its_journal(drill)

    asyncio.run(playing())


def test_acts_taken_at_once_keep_one_order(tmp_path: Path, stuck: Pack) -> None:
    async def playing() -> None:
        drill, _ = drill_in(tmp_path, stuck)
        taking = (drill.take("search", query=f"{n}") for n in range(20))
        await asyncio.gather(*taking, *(drill.elapse(0.5) for _ in range(20)))
        await drill.elapse(0)
        assert sorted(queries(drill), key=int) == [str(n) for n in range(20)]
        assert drill.exercise.state.now == 10
        times = [act.at for act in drill.acts()]
        assert times == sorted(times)
        assert same_as_its_journal(drill)

    asyncio.run(playing())


def test_the_last_minute_ends_play_and_says_so_in_the_journal(tmp_path: Path, stuck: Pack) -> None:
    async def playing() -> None:
        drill, _ = drill_in(tmp_path, stuck)
        await drill.elapse(100_000)
        last = drill.acts()[-1]
        assert isinstance(last, a.End)
        assert (last.at, last.by, last.reason) == (480, "host", "time")
        assert not drill.running
        assert not await drill.elapse(10)
        with pytest.raises(Refused, match="ended"):
            await drill.take("view", view="overview")
        assert journaled(drill)[-1] == "end 480"

    asyncio.run(playing())


def test_resuming_opens_where_play_was_and_paused(tmp_path: Path, stuck: Pack) -> None:
    async def playing() -> None:
        drill, journal = drill_in(tmp_path, stuck)
        await drill.elapse(100)
        await drill.take("command", line="kioskctl restart")
        await drill.elapse(13)
        state = drill.exercise.state.copy()
        drill.close()
        again = Drill.resume("drill", SqliteJournal(journal.journal.file))
        assert again.exercise.state.now == 113
        assert again.exercise.state.paused
        assert not await again.elapse(60)
        await again.take("resume")
        again.exercise.state.acts = state.acts
        assert again.exercise.state.copy() == state
        await again.elapse(1)
        assert again.exercise.state.now == 114
        again.close()

    asyncio.run(playing())


def test_closing_lets_go_of_a_journal_that_fails(tmp_path: Path, stuck: Pack) -> None:
    async def playing() -> None:
        drill, journal = drill_in(tmp_path, stuck)
        await drill.elapse(3)
        journal.before = 1
        with pytest.raises(JournalError):
            drill.close()
        SqliteJournal(journal.journal.file).close()

    asyncio.run(playing())


def test_only_one_process_can_play_an_exercise(tmp_path: Path, stuck: Pack) -> None:
    store = Store(tmp_path)
    drill = begin(store, stuck, 1, "Kim")
    with pytest.raises(StoreLocked):
        resume(store, drill.exercise_id)
    drill.close()
    resume(store, drill.exercise_id).close()


@pytest.mark.parametrize("by_time", [True, False])
def test_finishing_closes_seals_and_notes_the_result(
    tmp_path: Path, stuck: Pack, by_time: bool
) -> None:
    store = Store(tmp_path)
    drill = begin(store, stuck, 3, "Kim")
    assert [one.state for one in store.library().all()] == ["open"]

    async def playing() -> None:
        await drill.elapse(90)
        await drill.take("acknowledge", alert="many-errors")
        if by_time:
            await drill.elapse(1_000)
        else:
            await drill.take("end")
        await drill.take("hotwash", answers={"went-well": "Little."}, confidence=2)

    asyncio.run(playing())
    assessment = finish(store, drill)
    assert finish(store, drill).marks == assessment.marks
    drill.close()
    assert is_finished(store, drill.exercise_id)
    (line,) = store.library().all()
    assert (line.state, line.score, line.rating, line.seed, line.mode) == (
        "sealed", assessment.printed_score, "U", 3, "solo",
    )  # fmt: skip
    assert line.minutes == (8 if by_time else 1)
    assert assessment.evidence.acts[-1].do == "close"
    assert assessment.exercise.state.hotwash["player"] == {"went-well": "Little."}


def test_an_end_that_could_not_be_written_is_written_when_play_is_finished(
    tmp_path: Path, stuck: Pack
) -> None:
    store = Store(tmp_path)
    drill = begin(store, stuck, 1, "Kim")
    drill.exercise.advance(480)  # the journal was full at that moment
    assessment = finish(store, drill)
    assert [act.do for act in assessment.evidence.acts][-2:] == ["end", "close"]
    assert assessment.exercise.state.end_reason == "time"
    drill.close()


def test_an_exercise_in_a_file_from_elsewhere_can_be_played_to_its_end(
    tmp_path: Path, stuck: Pack
) -> None:
    theirs, ours = Store(tmp_path / "theirs"), Store(tmp_path / "ours")
    drill = begin(theirs, stuck, 1, "Kim")
    drill.close()
    sent = tmp_path / "sent.tabletop"
    sent.write_bytes(theirs.path_of(drill.exercise_id).read_bytes())
    again = resume(ours, str(sent))
    assert again.exercise_id == "sent"

    async def playing() -> None:
        await again.take("resume")
        await again.take("end")

    asyncio.run(playing())
    assert finish(ours, again).marks.rating.name == "U"
    again.close()
    assert is_finished(ours, str(sent))
    assert ours.library().all() == []
