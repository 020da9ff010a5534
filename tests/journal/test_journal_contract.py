"""What every engine of a journal promises."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from itertools import count
from pathlib import Path

import pytest

from simulator.journal import (
    GENESIS,
    Head,
    Journal,
    SqliteJournal,
    Store,
    StoreCorrupt,
    StoreMoved,
    StoreReadOnly,
    StoreSealed,
    chain,
    verify,
)
from simulator.journal.postgres import PostgresJournal

Opener = Callable[..., Journal]
"""Opens the one exercise of a test, making it at first; `write=False` opens it for reading."""


def sqlite(folder: Path) -> Opener:
    file = folder / "drill.tabletop"

    def opener(write: bool = True) -> Journal:
        if not file.exists():
            SqliteJournal.create(file).close()
        return SqliteJournal(file, write=write)

    return opener


def postgres(url: str) -> Opener:
    name = Store.new_id()
    PostgresJournal.create(url, name).close()

    def opener(write: bool = True) -> Journal:
        return PostgresJournal(url, name, write=write)

    return opener


class TestContract:
    @pytest.fixture(name="opens", params=["sqlite", "postgres"])
    def _opens(self, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
        if request.param == "sqlite":
            opener = sqlite(tmp_path)
        else:
            opener = postgres(request.getfixturevalue("postgres_url"))
        with ExitStack() as opened:

            def opens(write: bool = True) -> Journal:
                journal = opener(write=write)
                opened.callback(journal.close)
                return journal

            yield opens

    def test_a_new_journal_is_empty(self, opens: Opener) -> None:
        journal = opens()
        assert journal.read() == []
        assert journal.head() == Head(0, GENESIS)
        assert not journal.sealed

    def test_acts_come_back_in_order_with_their_text(self, opens: Opener) -> None:
        journal = opens()
        bodies = ["{}", "", "Überprüfe 検査 🚒", 'a "quote" \n line \x00 end', "x" * 200_000]
        records = [journal.append(f"key {n}", body) for n, body in enumerate(bodies)]
        assert [record.seq for record in records] == [1, 2, 3, 4, 5]
        assert [record.body for record in journal.read()] == bodies
        assert journal.read() == records
        assert journal.read(after=3) == records[3:]
        assert journal.read(after=5) == []

    def test_the_records_are_a_chain_that_ends_in_the_head(self, opens: Opener) -> None:
        journal = opens()
        first, second = journal.append("a", "one"), journal.append("b", "two")
        assert first.digest == chain(GENESIS, 1, "a", "one")
        assert second.digest == chain(first.digest, 2, "b", "two")
        assert journal.head() == Head(2, second.digest) == verify(journal.read())

    def test_a_used_key_returns_what_was_stored_first(self, opens: Opener) -> None:
        journal = opens()
        first = journal.append("a", "one")
        journal.append("b", "two")
        assert journal.append("a", "another") == first
        assert len(journal.read()) == 2

    def test_a_key_is_any_text(self, opens: Opener) -> None:
        journal = opens()
        keys = ["", "ü", "检查 🚒", "nul \x00", "back\\slash", "\x7f\x80\x81", "a" * 5_000, "\n1\n"]
        records = journal.append_all([(key, "body") for key in keys])
        assert [journal.append(key, "again") for key in keys] == records
        assert verify(journal.read()) == journal.head()

    def test_a_used_key_wins_over_a_seal(self, opens: Opener) -> None:
        journal = opens()
        first = journal.append("a", "one")
        journal.seal()
        assert journal.append("a", "one") == first

    def test_an_act_is_stored_only_where_it_was_meant(self, opens: Opener) -> None:
        journal = opens()
        first = journal.append("a", "one", 0)
        second = journal.append("b", "two", after=1)
        assert [first.seq, second.seq] == [1, 2]
        for elsewhere in (0, 1, 3, 2**40, -1):
            with pytest.raises(StoreMoved, match="Another host was quicker") as moved:
                journal.append("c", "three", after=elsewhere)
            assert "tried again" in moved.value.remedy
        assert journal.read() == [first, second]
        assert journal.append("c", "three", after=2).seq == 3
        assert verify(journal.read()) == journal.head()

    def test_a_used_key_wins_over_a_place_that_is_taken(self, opens: Opener) -> None:
        journal = opens()
        first = journal.append("a", "one", after=0)
        second = journal.append("b", "two", after=1)
        assert journal.append("a", "another", after=0) == first
        assert journal.append("b", "two", after=1) == second
        assert journal.append("a", "one", after=7) == first
        assert journal.append_all([("b", ""), ("a", "")], after=0) == [second, first]
        assert journal.head().seq == 2

    def test_a_batch_is_stored_wholly_where_it_was_meant_or_not_at_all(self, opens: Opener) -> None:
        journal = opens()
        first = journal.append("a", "one")
        for batch in (
            [("b", "two"), ("c", "three")],
            [("a", "one"), ("b", "two")],
            [("b", "two"), ("a", "one")],
        ):
            for elsewhere in (0, 2):
                with pytest.raises(StoreMoved):
                    journal.append_all(batch, after=elsewhere)
        assert journal.read() == [first]
        items = [("b", "two"), ("a", "again"), ("c", "three"), ("b", "again")]
        assert [record.seq for record in journal.append_all(items, after=1)] == [2, 1, 3, 2]
        assert [record.seq for record in journal.append_all(items, after=1)] == [2, 1, 3, 2]
        assert [record.body for record in journal.read()] == ["one", "two", "three"]
        assert journal.append_all([], after=9) == []

    def test_a_seal_is_told_before_a_place_that_is_taken(self, opens: Opener) -> None:
        journal = opens()
        first = journal.append("a", "one")
        journal.seal()
        for place in (0, 1):
            with pytest.raises(StoreSealed):
                journal.append("b", "two", after=place)
        assert journal.append("a", "one", after=0) == first

    def test_threads_that_meant_one_place_take_it_one_by_one(self, opens: Opener) -> None:
        journal = opens()

        def play(who: int) -> list[tuple[int, str]]:
            kept: list[tuple[int, str]] = []
            seen = 0
            while len(kept) < 15:
                key = f"{who}: {len(kept)} after {seen}"
                with suppress(StoreMoved):
                    kept.append((journal.append(key, str(seen), after=seen).seq, key))
                seen = max([seen, *(record.seq for record in journal.read(seen))])
            return kept

        with ThreadPoolExecutor(4) as threads:
            kept = [act for acts in threads.map(play, range(4)) for act in acts]
        records = journal.read()
        assert sorted(kept) == [(record.seq, record.key) for record in records]
        assert [record.body for record in records] == [str(n) for n in range(60)]
        assert verify(records) == journal.head()

    def test_threads_with_one_key_for_one_place_store_it_once(self, opens: Opener) -> None:
        journal = opens()
        for place in range(20):
            with ThreadPoolExecutor(4) as threads:
                stored = list(
                    threads.map(lambda _, at=place: journal.append(f"k{at}", "", at), range(4))
                )
            assert {record.seq for record in stored} == {place + 1}

    def test_it_is_known_whether_others_may_write_it(self, opens: Opener) -> None:
        journal = opens()
        assert journal.shared is isinstance(journal, PostgresJournal)

    def test_a_batch_is_stored_in_order(self, opens: Opener) -> None:
        journal = opens()
        first = journal.append("a", "one")
        batch = journal.append_all([("b", "two"), ("a", "again"), ("c", "three"), ("b", "again")])
        assert [record.seq for record in batch] == [2, 1, 3, 2]
        assert batch[1] == first
        assert [record.body for record in journal.read()] == ["one", "two", "three"]
        assert journal.append_all([]) == []

    def test_a_batch_is_stored_wholly_or_not_at_all(self, opens: Opener) -> None:
        journal = opens()
        with pytest.raises(UnicodeEncodeError):
            journal.append_all([("a", "one"), ("b", "no text: \ud800")])
        assert journal.read() == []
        assert journal.append("a", "one").seq == 1

    def test_it_is_all_there_after_opening_again(self, opens: Opener) -> None:
        journal = opens()
        records = [journal.append(f"key {n}", "body") for n in range(20)]
        journal.close()
        again = opens()
        assert again.read() == records
        assert again.append("key 7", "other") == records[7]
        assert again.append("more", "body").seq == 21

    def test_threads_that_append_at_once_leave_no_gap(self, opens: Opener) -> None:
        journal = opens()
        with ThreadPoolExecutor(8) as threads:
            records = list(
                threads.map(lambda n: journal.append(f"key {n % 50}", str(n)), range(100))
            )
        assert sorted({record.seq for record in records}) == list(range(1, 51))
        assert verify(journal.read()) == journal.head()

    def test_waiting_returns_at_once_when_there_is_something(self, opens: Opener) -> None:
        journal = opens()
        record = journal.append("a", "one")
        assert journal.wait(0, timeout=60) == [record]

    def test_waiting_sees_another_ones_act_soon(self, opens: Opener) -> None:
        host, console = opens(), opens(write=False)
        host.append("a", "one")
        with ThreadPoolExecutor(1) as thread:
            waiting = thread.submit(console.wait, 1, 60.0)
            time.sleep(0.1)
            record = host.append("b", "two")
            assert waiting.result(timeout=10) == [record]
        assert console.head() == host.head()

    def test_waiting_ends_in_time(self, opens: Opener) -> None:
        journal = opens()
        start = time.monotonic()
        assert journal.wait(0, timeout=0.15) == []
        assert time.monotonic() - start >= 0.15
        assert journal.wait(0, timeout=0) == []

    def test_waiting_ends_when_the_journal_is_closed(self, opens: Opener) -> None:
        journal = opens()
        with ThreadPoolExecutor(1) as thread:
            waiting = thread.submit(journal.wait, 0, 60.0)
            time.sleep(0.1)
            journal.close()
            assert waiting.result(timeout=10) == []

    def test_a_head_that_went_backwards_is_an_alarm(self, opens: Opener) -> None:
        journal = opens()
        journal.append("a", "one")
        with pytest.raises(StoreCorrupt, match="ends at act 1, but it has held act 9"):
            journal.read(after=9)

    def test_a_sealed_journal_takes_no_act_until_it_is_unsealed(self, opens: Opener) -> None:
        journal = opens()
        journal.append("a", "one")
        journal.seal()
        journal.seal()
        assert journal.sealed
        with pytest.raises(StoreSealed, match="finished and sealed"):
            journal.append("b", "two")
        journal.unseal()
        assert journal.append("b", "two").seq == 2
        journal.seal()
        assert [record.body for record in journal.read()] == ["one", "two"]

    def test_whoever_reads_while_it_is_sealed_is_not_alarmed(self, opens: Opener) -> None:
        journal = opens()
        record = journal.append("a", "one")
        done = threading.Event()

        def look() -> int:
            looks = 0
            while not done.is_set() or not looks:
                assert journal.read() == journal.wait(0, 0) == [record]
                assert journal.append("a", "again") == record
                assert journal.wait(1, 0.001) == []
                looks += 1
            return looks

        with ThreadPoolExecutor(2) as threads:
            looking = [threads.submit(look) for _ in range(2)]
            try:
                for _ in range(40):
                    journal.seal()
                    journal.unseal()
            finally:
                done.set()
            assert all(one.result() for one in looking)

    def test_a_seal_lasts(self, opens: Opener) -> None:
        journal = opens()
        journal.append("a", "one")
        journal.seal()
        journal.close()
        assert opens().sealed

    def test_a_journal_opened_for_reading_cannot_be_written(self, opens: Opener) -> None:
        opens().append("a", "one")
        reading = opens(write=False)
        assert len(reading.read()) == 1
        for call in (reading.seal, reading.unseal, lambda: reading.append("b", "two")):
            with pytest.raises(StoreReadOnly, match="for reading only"):
                call()

    def test_the_clock_is_a_clock(self, opens: Opener) -> None:
        journal = opens(write=True)
        before = journal.clock()
        time.sleep(0.02)
        assert 0.01 < journal.clock() - before < 10

    def test_a_closed_journal_says_so(self, opens: Opener) -> None:
        journal = opens()
        journal.close()
        journal.close()
        calls: list[Callable[[], object]] = [
            journal.read,
            journal.head,
            journal.seal,
            lambda: journal.append("a", "one"),
            # Not nothing, at once: whoever waits in a loop would go round it without a pause.
            lambda: journal.wait(0, 60),
        ]
        for call in calls:
            with pytest.raises(RuntimeError, match="is closed"):
                call()

    def test_closing_while_threads_append_leaves_a_whole_journal(self, opens: Opener) -> None:
        journal = opens()
        acknowledged: list[int] = []

        def play() -> None:
            for number in count():
                acknowledged.append(journal.append(f"key {number}", "body").seq)

        def play_until_closed() -> None:
            with pytest.raises(RuntimeError, match="is closed"):
                play()

        thread = threading.Thread(target=play_until_closed)
        thread.start()
        while len(acknowledged) < 20:
            time.sleep(0.001)
        journal.close()
        thread.join()
        assert opens().head().seq == len(acknowledged)
