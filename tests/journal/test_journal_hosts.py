"""Several hosts write one exercise in a real PostgreSQL, and they and it are killed."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from postgres_server import PostgresServer

from simulator.journal import Record, Store, StoreAway, verify
from simulator.journal.postgres import PostgresJournal

HOST = Path(__file__).with_name("host.py")
KILLS = int(os.environ.get("TABLETOP_FAULTS", "5"))


@pytest.fixture(name="server", scope="module")
def _server() -> Iterator[PostgresServer]:
    """A server that may be killed."""
    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture(name="name")
def _name(server: PostgresServer) -> str:
    """A new exercise."""
    name = Store.new_id()
    PostgresJournal.create(server.url, name).close()
    return name


class Host:
    """A process that appends; what it said is read as it says it."""

    def __init__(
        self, url: str, name: str, who: str, first: int = 1, last: int = 0, *how: str
    ) -> None:
        self.process = subprocess.Popen(
            [sys.executable, HOST, url, name, who, str(first), str(last), *how],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(HOST.parents[2])},
        )
        self.who = who
        self.acknowledged: dict[int, int] = {}
        self._reading = threading.Thread(target=self._read)
        self._reading.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.endswith("\n"):
                number, seq = line.split()
                self.acknowledged[int(number)] = int(seq)

    def wait_for(self, acts: int) -> None:
        """Wait until it has had so many acts acknowledged."""
        deadline = time.monotonic() + 60
        while len(self.acknowledged) < acts:
            assert self.process.poll() is None or len(self.acknowledged) >= acts
            assert time.monotonic() < deadline
            time.sleep(0.002)

    def end(self, *, kill: bool = False) -> int:
        """Wait for its end, or kill it first; return its exit status."""
        if kill:
            self.process.kill()
        status = self.process.wait(timeout=60)
        self._reading.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return status


def agreed(records: list[Record], *hosts: Host, checking: bool = False) -> None:
    """Check that the journal is whole, and holds what was acknowledged, each act once.

    Hosts that were checking wrote into each act what they had read before they stored it.
    """
    assert verify(records).seq == len(records)
    where = {record.key: record.seq for record in records}
    assert len(where) == len(records)
    for record in records:
        wanted = f"after {record.seq - 1}" if checking else f"body of {record.key}"
        assert record.body == wanted
    for host in hosts:
        for number, seq in host.acknowledged.items():
            assert where[f"{host.who} {number}"] == seq
        numbers = [int(key.split()[1]) for key in where if key.split()[0] == host.who]
        assert numbers == sorted(numbers)


def test_two_hosts_at_once_make_one_order(server: PostgresServer, name: str) -> None:
    hosts = [Host(server.url, name, who, 1, 500) for who in ("a", "b")]
    with PostgresJournal(server.url, name, write=False) as watching:
        seen: list[Record] = []
        while len(seen) < 1000:
            seen += watching.wait(len(seen), 30)
        assert [host.end() for host in hosts] == [0, 0]
        assert seen == watching.read()
    assert [record.seq for record in seen] == list(range(1, 1001))
    agreed(seen, *hosts)


def test_hosts_that_check_their_acts_store_each_where_they_had_seen_it_belongs(
    server: PostgresServer, name: str
) -> None:
    hosts = [Host(server.url, name, who, 1, 150, "checking") for who in ("a", "b", "c")]
    assert [host.end() for host in hosts] == [0, 0, 0]
    with PostgresJournal(server.url, name, write=False) as journal:
        records = journal.read()
    assert len(records) == 450
    agreed(records, *hosts, checking=True)
    assert [len(host.acknowledged) for host in hosts] == [150, 150, 150]


def quiet(server: PostgresServer) -> None:
    """Wait until the database has finished what those who were killed had asked of it."""
    asked = "SELECT FROM pg_stat_activity WHERE application_name = 'tabletop'"
    with psycopg.connect(server.url, autocommit=True) as admin:
        while admin.execute(asked).fetchall():
            time.sleep(0.01)


def test_hosts_that_check_the_same_acts_store_each_once(server: PostgresServer, name: str) -> None:
    hosts = [Host(server.url, name, "same", 1, 60, "checking") for _ in range(3)]
    assert [host.end() for host in hosts] == [0, 0, 0]
    with PostgresJournal(server.url, name, write=False) as journal:
        agreed(journal.read(), *hosts, checking=True)
        assert journal.head().seq == 60


def test_kills_leave_each_act_of_hosts_that_check_where_it_belongs(
    server: PostgresServer, name: str
) -> None:
    chance = random.Random(13)
    steady = Host(server.url, name, "steady", 1, 0, "checking")
    killed, first = [], 1
    for _ in range(KILLS):
        host = Host(server.url, name, "killed", first, 0, "checking")
        host.wait_for(chance.randrange(2, 30))
        time.sleep(chance.random() * 0.02)
        # Both at once: what was not acknowledged is stored or not, and asked for again.
        server.kill()
        host.end(kill=True)
        server.start()
        killed.append(host)
        first = max(host.acknowledged)
    steady.wait_for(len(steady.acknowledged) + 1)
    assert steady.process.poll() is None
    steady.end(kill=True)
    quiet(server)
    with PostgresJournal(server.url, name, patience=30) as journal:
        agreed(journal.read(), steady, *killed, checking=True)


def test_two_hosts_with_the_same_keys_store_each_once(server: PostgresServer, name: str) -> None:
    hosts = [Host(server.url, name, "same", 1, 60) for _ in range(2)]
    assert [host.end() for host in hosts] == [0, 0]
    assert hosts[0].acknowledged == hosts[1].acknowledged
    with PostgresJournal(server.url, name) as journal:
        assert journal.head().seq == 60
        agreed(journal.read(), *hosts)


def test_kills_of_hosts_lose_nothing_acknowledged_and_double_nothing(
    server: PostgresServer, name: str
) -> None:
    chance = random.Random(11)
    steady = Host(server.url, name, "steady")
    killed = []
    first = 1
    for _ in range(KILLS):
        host = Host(server.url, name, "killed", first)
        host.wait_for(chance.randrange(1, 40))
        time.sleep(chance.random() * 0.02)
        host.end(kill=True)
        killed.append(host)
        # The last one again: nobody can know whether it was stored.
        first = max(host.acknowledged)
    steady.end(kill=True)
    quiet(server)
    with PostgresJournal(server.url, name) as journal:
        records = journal.read()
        agreed(records, steady, *killed)
        last = max(int(record.key.split()[1]) for record in records if record.key[0] == "k")
        for number in range(1, last + 2):
            journal.append(f"killed {number}", f"body of killed {number}")
        assert journal.head().seq == len(records) + 1


@pytest.mark.parametrize("how", ["kill", "immediate", "fast"])
def test_kills_of_the_database_lose_nothing_acknowledged_and_double_nothing(
    server: PostgresServer, name: str, how: str
) -> None:
    chance = random.Random(12)
    hosts = [Host(server.url, name, who) for who in ("a", "b")]
    with PostgresJournal(server.url, name, write=False, patience=30) as watching:
        seen = watching.wait(0, 30)
        for _ in range(KILLS):
            for host in hosts:
                host.wait_for(len(host.acknowledged) + chance.randrange(1, 40))
            time.sleep(chance.random() * 0.02)
            if how == "kill":
                server.kill()
            else:
                server.stop(how)
            server.start()
            # Whoever waits sees the acts go on, and none twice.
            seen += watching.wait(len(seen), 30)
        for host in hosts:
            host.wait_for(len(host.acknowledged) + 1)
            assert host.process.poll() is None
            host.end(kill=True)
    quiet(server)
    with PostgresJournal(server.url, name, write=False) as journal:
        records = journal.read()
    assert records[: len(seen)] == seen
    agreed(records, *hosts)


def test_a_backend_that_is_killed_in_mid_append_is_asked_again(
    server: PostgresServer, name: str
) -> None:
    with PostgresJournal(server.url, name) as journal, psycopg.connect(server.url) as other:
        other.execute("SELECT FROM tabletop.exercise WHERE id = %s FOR UPDATE", (name,))
        with ThreadPoolExecutor(1) as thread:
            waiting = thread.submit(journal.append, "a", "one")
            with psycopg.connect(server.url, autocommit=True) as admin:
                kill = (
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = 'tabletop' AND wait_event_type = 'Lock'"
                )
                while not admin.execute(kill).fetchall():
                    time.sleep(0.01)
            other.rollback()
            assert waiting.result(timeout=10).seq == 1
        assert journal.head().seq == 1


def test_a_database_that_is_away_is_said_to_be_and_comes_back(
    server: PostgresServer, name: str
) -> None:
    with PostgresJournal(server.url, name, patience=0.5) as journal:
        journal.append("a", "one")
        with ThreadPoolExecutor(1) as thread:
            waiting = thread.submit(journal.wait, 1, 60.0)
            time.sleep(0.1)
            server.stop("immediate")
            calls: list[Callable[[], object]] = [
                lambda: journal.append("b", "two"),
                journal.read,
                journal.head,
                lambda: journal.wait(1, 60),
                lambda: PostgresJournal(server.url, name, patience=0.5),
            ]
            for call in calls:
                start = time.monotonic()
                with pytest.raises(StoreAway, match="The database cannot be reached") as away:
                    call()
                assert time.monotonic() - start < 5
                assert "What was typed is kept; it is tried again." in str(away.value)
            with pytest.raises(StoreAway):
                waiting.result(timeout=10)
        server.start()
        assert journal.append("b", "two").seq == 2
        assert journal.append("b", "two").seq == 2
        assert journal.wait(1, 10)[0].key == "b"


def test_an_append_outlasts_a_database_that_is_away_for_some_seconds(
    server: PostgresServer, name: str
) -> None:
    with PostgresJournal(server.url, name, patience=20) as journal:
        journal.append("a", "one")
        server.stop()
        with ThreadPoolExecutor(2) as threads:
            waiting = threads.submit(journal.wait, 1, 60.0)
            typed = threads.submit(journal.append, "b", "two")
            time.sleep(2)
            assert not typed.done()
            server.start()
            assert typed.result(timeout=10).seq == 2
            assert waiting.result(timeout=10) == [typed.result()]


def test_a_database_that_hangs_is_waited_for_no_longer_than_patience(
    server: PostgresServer, name: str
) -> None:
    with PostgresJournal(server.url, name, patience=0.5) as journal:
        journal.append("a", "one")
        server.freeze()
        try:
            for call in (lambda: journal.append("b", "two"), journal.head):
                start = time.monotonic()
                with pytest.raises(StoreAway):
                    call()
                # A new connection is given two seconds, the least that libpq knows.
                assert time.monotonic() - start < 6
        finally:
            server.thaw()
        assert journal.append("b", "two").seq == 2
        assert [record.key for record in journal.read()] == ["a", "b"]


def test_a_database_that_is_slow_for_a_moment_is_not_away(
    server: PostgresServer, name: str
) -> None:
    with PostgresJournal(server.url, name) as journal:
        journal.append("a", "one")
        server.freeze()
        thaw = threading.Timer(0.4, server.thaw)
        thaw.start()
        try:
            assert journal.wait(1, 0.02) == []
        finally:
            thaw.join()


def test_closing_does_not_wait_for_a_database_that_is_away(
    server: PostgresServer, name: str
) -> None:
    journal = PostgresJournal(server.url, name, patience=30)
    journal.append("a", "one")
    server.stop()
    try:
        with ThreadPoolExecutor(2) as threads:
            waiting = threads.submit(journal.wait, 1, 60.0)
            typed = threads.submit(journal.append, "b", "two")
            time.sleep(0.3)
            start = time.monotonic()
            journal.close()
            assert time.monotonic() - start < 5
            assert waiting.result(timeout=5) == []
            with pytest.raises(StoreAway):
                typed.result(timeout=5)
    finally:
        server.start()
