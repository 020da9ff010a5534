"""What only the journal in a database promises: its rules, its one ear, its faults, its store."""

from __future__ import annotations

import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from simulator.journal import (
    AmbiguousError,
    Head,
    Journal,
    JournalError,
    Store,
    StoreAway,
    StoreCorrupt,
    StoreExists,
    StoreFailed,
    StoreFull,
    StoreGone,
    StoreLocked,
    StoreMissing,
    StoreMoved,
    StoreNewer,
    StoreReadOnly,
    StoreSealed,
    Summary,
    store_at,
    verify,
)
from simulator.journal.postgres import PostgresJournal, PostgresLibrary, PostgresStore, form
from simulator.journal.postgres.faults import from_postgres
from simulator.journal.postgres.form import VERSION
from simulator.journal.postgres.line import Line


@pytest.fixture(name="journal")
def _journal(url: str) -> Iterator[PostgresJournal]:
    """An exercise of 40 acts."""
    with PostgresJournal.create(url, "drill") as journal:
        journal.append_all([(f"key {n}", f"body {n}") for n in range(1, 41)])
        yield journal


def change(url: str, *statements: str) -> None:
    """Run statements as the owner of the database, past the program."""
    with psycopg.connect(url, autocommit=True) as owner:
        for statement in statements:
            owner.execute(statement.encode())


def ask(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as owner:
        return owner.execute(query.encode()).fetchall()


# Rules


@pytest.mark.parametrize(
    "trick",
    [
        "UPDATE tabletop.act SET body = 'better' WHERE seq = 3",
        "DELETE FROM tabletop.act WHERE seq = 40",
        "TRUNCATE tabletop.act",
        "INSERT INTO tabletop.act VALUES ('drill', 41, 'key 3', 'body', '')"
        " ON CONFLICT (exercise, sha256(key)) DO UPDATE SET body = 'better'",
        "UPDATE tabletop.exercise SET seq = 3",
        "UPDATE tabletop.exercise SET digest = '', sealed = true",
        "UPDATE tabletop.exercise SET id = 'other'",
        "DELETE FROM tabletop.exercise",
        "TRUNCATE tabletop.exercise",
    ],
)
def test_what_is_stored_is_never_changed(journal: PostgresJournal, url: str, trick: str) -> None:
    before = journal.read()
    with pytest.raises(psycopg.errors.RaiseException, match="never changed and never deleted"):
        change(url, trick)
    assert journal.read() == before
    assert journal.append("more", "").seq == 41


def test_whoever_appends_gets_the_next_number_and_the_right_digest(
    journal: PostgresJournal, url: str
) -> None:
    # A number that is not the next is a place that somebody else has, or nobody may have yet.
    for trick in ("99, 'a', 'body', 'x'", "40, 'b', 'body', ''", "-1, 'c', 'body', ''"):
        change(url, f"INSERT INTO tabletop.act VALUES ('drill', {trick})")
    assert journal.head().seq == 40
    for trick in ("NULL, 'a', 'body', NULL", "42, 'b', 'body', 'x'", "NULL, 'c', 'body', 'x'"):
        change(url, f"INSERT INTO tabletop.act VALUES ('drill', {trick})")
    with PostgresJournal(url, "drill", write=False) as again:
        assert [record.key for record in again.read(40)] == ["a", "b", "c"]
    journal.seal()
    with pytest.raises(psycopg.Error, match="sealed"):
        change(url, "INSERT INTO tabletop.act VALUES ('drill', 44, 'd', 'body', '')")
    with pytest.raises(psycopg.Error, match="no such exercise"):
        change(url, "INSERT INTO tabletop.act VALUES ('other', 1, 'd', 'body', '')")


def test_an_act_is_durable_whatever_the_database_was_told(
    journal: PostgresJournal, url: str
) -> None:
    for lax, strict in (("off", "on"), ("local", "on"), ("remote_apply", "remote_apply")):
        with psycopg.connect(url) as db:
            db.execute(f"SET synchronous_commit = {lax}".encode())
            db.execute("SELECT * FROM tabletop.append('drill', ARRAY[%s], ARRAY[%s])", (b"", b""))
            shown = db.execute("SHOW synchronous_commit").fetchall()
            assert shown == [(strict,)]
            db.rollback()


@pytest.mark.parametrize("after", [40, None])
def test_the_same_act_of_a_quicker_host_is_found_at_the_last_moment(
    journal: PostgresJournal, url: str, after: int | None
) -> None:
    with psycopg.connect(url) as other, ThreadPoolExecutor(1) as thread:
        store = "SELECT FROM tabletop.append('drill', ARRAY['more'::bytea], ARRAY['body'::bytea])"
        other.execute(store)
        slower = thread.submit(journal.append, "more", "body", after)
        with psycopg.connect(url, autocommit=True) as owner:
            waiting = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            while not owner.execute(waiting).fetchall():
                time.sleep(0.01)
        other.commit()
        assert slower.result(timeout=10).seq == 41
    assert journal.head().seq == 41


def test_an_act_that_came_too_late_costs_the_database_no_complaint(
    journal: PostgresJournal, url: str
) -> None:
    before = ask(url, "SELECT pid FROM pg_stat_activity WHERE application_name = 'tabletop'")
    for place in (0, 39, 41):
        with pytest.raises(StoreMoved):
            journal.append("more", "body", after=place)
        with pytest.raises(StoreMoved):
            journal.append_all([("key 7", ""), ("more", "body")], after=place)
    # An error of the server's would have ended the connection, and filled the server's log.
    assert before == ask(
        url, "SELECT pid FROM pg_stat_activity WHERE application_name = 'tabletop'"
    )


def test_a_seal_holds_on_every_host(journal: PostgresJournal, url: str) -> None:
    with PostgresJournal(url, "drill") as other:
        journal.seal()
        assert other.sealed
        with pytest.raises(StoreSealed):
            other.append("more", "")
        assert other.append("key 7", "").seq == 7
        other.unseal()
        assert not journal.sealed
        assert journal.append("more", "").seq == 41


def test_exercises_of_one_database_are_apart(journal: PostgresJournal, url: str) -> None:
    with PostgresJournal.create(url, "other") as other:
        assert other.append("key 7", "").seq == 1
        assert other.wait(1, 0.05) == []
        assert journal.head().seq == 40


# Its form


def test_the_first_hosts_of_a_database_agree_on_who_founds_it(url: str) -> None:
    script = (
        "import sys; from simulator.journal.postgres import PostgresJournal as J;"
        "J.create(sys.argv[1], sys.argv[2]).append('a', 'one')"
    )
    house = str(Path(__file__).parents[2])
    hosts = [
        subprocess.Popen([sys.executable, "-c", script, url, f"drill-{n}"], cwd=house)
        for n in range(4)
    ]
    assert [host.wait() for host in hosts] == [0, 0, 0, 0]
    assert store_at(url).ids() == [f"drill-{n}" for n in range(4)]


def test_of_two_that_make_one_exercise_the_second_is_refused(
    journal: PostgresJournal, url: str
) -> None:
    with pytest.raises(StoreExists):
        PostgresJournal.create(url, "drill")
    assert journal.head().seq == 40


def test_a_missing_exercise_is_not_made(url: str) -> None:
    for _ in range(2):
        for write in (True, False):
            with pytest.raises(StoreMissing, match="no such exercise"):
                PostgresJournal(url, "drill", write=write)
        assert store_at(url).ids() == []
        assert ask(url, "SELECT to_regnamespace('tabletop')") == [(None,)]


def test_a_newer_database_is_refused(journal: PostgresJournal, url: str) -> None:
    change(url, "UPDATE tabletop.form SET version = version + 1")
    journal.close()
    calls: list[Callable[[], object]] = [
        lambda: PostgresJournal(url, "drill"),
        lambda: PostgresJournal(url, "drill", write=False),
        lambda: PostgresJournal.create(url, "other"),
        lambda: store_at(url).ids(),
        lambda: store_at(url).library().all(),
        lambda: store_at(url).library().put(summary("k3")),
    ]
    for call in calls:
        forms = f"form {VERSION + 1}, this program knows {VERSION}"
        with pytest.raises(StoreNewer, match=f"newer version .*{forms}") as no:
            call()
        assert "update Tabletop" in no.value.remedy
    assert ask(url, "SELECT count(*) FROM tabletop.exercise") == [(1,)]


def test_a_host_that_reconnects_to_a_newer_database_is_refused(
    journal: PostgresJournal, url: str
) -> None:
    change(
        url,
        "UPDATE tabletop.form SET version = version + 1",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = 'tabletop' AND datname = current_database()",
    )
    with pytest.raises(StoreNewer):
        journal.append("more", "")


@pytest.mark.parametrize("version", range(1, VERSION))
def test_an_exercise_of_an_earlier_form_is_read_and_brought_up_by_its_first_act(
    url: str, version: int
) -> None:
    change(
        url,
        "CREATE SCHEMA tabletop",
        *form._FORMS[:version],
        f"INSERT INTO tabletop.form VALUES ({version})",
        "INSERT INTO tabletop.exercise (id, maker) VALUES ('drill', 'x'), ('other', 'x')",
    )
    with psycopg.connect(url, autocommit=True) as older_host, ExitStack() as opened:
        # What a host of an earlier version calls, and goes on calling while it is connected.
        store = "SELECT seq, body, digest FROM tabletop.append('drill', ARRAY[%s], ARRAY[%s])"
        first = older_host.execute(store, (b"a", b"one")).fetchall()[0]
        reading = opened.enter_context(PostgresJournal(url, "drill", write=False))
        writing = opened.enter_context(PostgresJournal(url, "drill"))
        assert [record.key for record in writing.read()] == ["a"]
        with pytest.raises(StoreReadOnly):
            reading.append("b", "two")
        assert ask(url, "SELECT version FROM tabletop.form") == [(version,)]
        with pytest.raises(StoreMoved):
            writing.append("b", "two", after=0)
        assert ask(url, "SELECT version FROM tabletop.form") == [(VERSION,)]
        assert writing.append("b", "two", after=1).seq == 2
        third = older_host.execute(store, (b"c", b"three")).fetchall()[0]
        assert [first[0], third[0]] == [1, 3]
        assert verify(reading.read()) == writing.head() == Head(3, third[2].hex())
        assert older_host.execute(store, (b"a", b"again")).fetchall() == [(1, b"one", first[2])]


def test_of_several_hosts_that_bring_a_database_up_one_does(url: str) -> None:
    change(
        url,
        "CREATE SCHEMA tabletop",
        form._FORMS[0],
        "INSERT INTO tabletop.form VALUES (1)",
        "INSERT INTO tabletop.exercise (id, maker) VALUES ('drill', 'x')",
    )
    with ExitStack() as opened, ThreadPoolExecutor(4) as threads:
        hosts = [opened.enter_context(PostgresJournal(url, "drill")) for _ in range(4)]
        records = list(threads.map(lambda n: hosts[n].append(f"key {n}", ""), range(4)))
    assert sorted(record.seq for record in records) == [1, 2, 3, 4]


def test_a_schema_of_somebody_elses_is_left_alone(url: str) -> None:
    change(url, "CREATE SCHEMA tabletop", "CREATE TABLE tabletop.act (x integer)")
    with pytest.raises(StoreGone, match="not its own"):
        PostgresJournal.create(url, "drill")
    assert ask(url, "SELECT count(*) FROM pg_class WHERE relnamespace = 'tabletop'::regnamespace")


def test_a_schema_that_was_prepared_for_a_user_without_rights_is_used(url: str) -> None:
    name, database = f"user_{secrets.token_hex(4)}", urlsplit(url).path[1:]
    change(
        url,
        f"CREATE ROLE {name} LOGIN PASSWORD 'secret'",
        f"REVOKE CREATE ON DATABASE {database} FROM {name}",
    )
    try:
        theirs = psycopg.conninfo.make_conninfo(url, user=name, password="secret")
        with pytest.raises(StoreReadOnly, match="does not let its user do this"):
            PostgresJournal.create(theirs, "drill")
        change(url, f"CREATE SCHEMA tabletop AUTHORIZATION {name}")
        with PostgresJournal.create(theirs, "drill") as journal:
            assert journal.append("a", "one").seq == 1
    finally:
        change(url, "DROP SCHEMA tabletop CASCADE", f"DROP ROLE {name}")


# Damage


def damaged(url: str, *statements: str) -> JournalError:
    """Change what the rules protect, as the owner can; opening must notice and say what."""
    change(
        url,
        "ALTER TABLE tabletop.act DISABLE TRIGGER USER",
        "ALTER TABLE tabletop.exercise DISABLE TRIGGER USER",
        *statements,
    )
    for write in (True, False):
        with pytest.raises(StoreCorrupt) as said:
            PostgresJournal(url, "drill", write=write)
    return said.value


@pytest.mark.parametrize(
    ("harm", "fault"),
    [
        ("UPDATE tabletop.act SET body = 'bodY' WHERE seq = 23", "act 23: its digest"),
        ("DELETE FROM tabletop.act WHERE seq = 23", "act 23: missing"),
        ("DELETE FROM tabletop.act WHERE seq > 37", "act 38: missing, though it has been stored"),
        ("UPDATE tabletop.exercise SET digest = ''", "act 41: missing"),
    ],
)
def test_a_changed_or_missing_act_is_named(
    journal: PostgresJournal, url: str, harm: str, fault: str
) -> None:
    assert fault in damaged(url, harm).fault


def test_what_is_deleted_in_play_is_an_alarm(journal: PostgresJournal, url: str) -> None:
    change(url, "DROP SCHEMA tabletop CASCADE")
    for call in (journal.read, journal.head, lambda: journal.append("a", "")):
        with pytest.raises(StoreGone):
            call()


def test_a_foreign_program_that_holds_the_exercise(journal: PostgresJournal, url: str) -> None:
    with PostgresJournal(url, "drill", patience=0.3) as impatient, psycopg.connect(url) as foreign:
        foreign.execute("SELECT FROM tabletop.exercise FOR UPDATE")
        start = time.monotonic()
        with pytest.raises(StoreLocked, match="Another program holds this exercise"):
            impatient.append("more", "")
        assert time.monotonic() - start < 3
        assert impatient.head().seq == 40
        foreign.rollback()
        assert impatient.append("more", "").seq == 41


# Hearing of acts


def ears(url: str) -> list[int]:
    found = ask(
        url,
        "SELECT pid FROM pg_stat_activity"
        " WHERE application_name = 'tabletop ear' AND datname = current_database()",
    )
    return [int(str(row[0])) for row in found]


def connections(url: str) -> int:
    found = ask(
        url,
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND application_name LIKE 'tabletop%'",
    )
    return int(str(found[0][0]))


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_process_has_one_ear_however_many_journals_wait(url: str) -> None:
    with ExitStack() as opened, ThreadPoolExecutor(30) as threads:
        journals = [
            opened.enter_context(PostgresJournal.create(url, f"drill-{n}")) for n in range(10)
        ]
        assert ears(url) == []
        waiting = [threads.submit(journals[n % 10].wait, 0, 60.0) for n in range(30)]
        until(lambda: len(ears(url)) == 1)
        time.sleep(0.3)
        assert len(ears(url)) == 1
        assert connections(url) <= 11
        for journal in journals:
            journal.append("a", "one")
        assert [len(one.result(timeout=10)) for one in waiting] == [1] * 30
        assert len(ears(url)) == 1
    until(lambda: connections(url) == 0)


def test_a_line_that_has_ended_gets_no_ear(url: str) -> None:
    line = Line.to(url, 5.0)
    line.let_go()
    with pytest.raises(RuntimeError, match="has ended"):
        line.ear  # noqa: B018 - it would listen for ever
    assert ears(url) == []


def latency(host: Journal, console: Journal) -> float:
    """Return the seconds from an act's acknowledgement until a waiting console has it."""
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(lambda: (console.wait(host.head().seq, 30.0), time.monotonic()))
        time.sleep(0.15)
        record = host.append(secrets.token_hex(4), "body")
        stored = time.monotonic()
        records, seen = waiting.result(timeout=30)
        assert records == [record]
        return seen - stored


def test_an_act_is_heard_at_once_and_seen_without_ears(journal: PostgresJournal, url: str) -> None:
    # Another patience, so another line, as another process would have.
    with PostgresJournal(url, "drill", write=False, patience=4) as console:
        latency(journal, console)
        assert max(latency(journal, console) for _ in range(6)) < 1
        # Its ear is cut off, again and again: the looks go on.
        for _ in range(3):
            change(url, *(f"SELECT pg_terminate_backend({pid})" for pid in ears(url)))
            assert latency(journal, console) < 4
        until(lambda: len(ears(url)) == 1)
        assert max(latency(journal, console) for _ in range(6)) < 1


def test_a_call_that_got_lost_delays_an_act_by_a_look(journal: PostgresJournal, url: str) -> None:
    with PostgresJournal(url, "drill", write=False, patience=4) as console:
        latency(journal, console)
        with ThreadPoolExecutor(1) as thread:
            waiting = thread.submit(console.wait, 41, 30.0)
            time.sleep(0.1)
            change(url, "INSERT INTO tabletop.act VALUES ('drill', NULL, 'silent', 'body', '')")
            assert [record.key for record in waiting.result(timeout=6)] == ["silent"]


def test_an_idle_console_asks_seldom(
    journal: PostgresJournal, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    ask_really = Line.ask

    def counted(line: Line, *args: Any, **named: Any) -> Any:
        asked.append(args)
        return ask_really(line, *args, **named)

    with PostgresJournal(url, "drill", write=False) as console:
        assert console.wait(0, 1.0)
        until(lambda: len(ears(url)) == 1)
        monkeypatch.setattr(Line, "ask", counted)
        assert console.wait(40, 4.5) == []
    assert 3 <= len(asked) <= 6


# Faults


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("57P01", StoreAway),
        ("57P03", StoreAway),
        ("53300", StoreAway),
        ("08006", StoreAway),
        ("28P01", StoreAway),
        ("57014", StoreAway),
        ("55P03", StoreLocked),
        ("40001", StoreLocked),
        ("53100", StoreFull),
        ("42501", StoreReadOnly),
        ("25006", StoreReadOnly),
        ("42P01", StoreGone),
        ("XX001", StoreCorrupt),
        ("XX002", StoreCorrupt),
        ("XX000", StoreFailed),
        ("22021", StoreFailed),
    ],
)
def test_every_complaint_of_postgresqls_has_a_plain_name(
    code: str, fault: type[JournalError]
) -> None:
    said = from_postgres(psycopg.errors.lookup(code)("something technical"), "the database")
    assert type(said) is fault
    assert said.place == "the database"
    assert str(said) == f"{said.fault}: {said.place}. {said.remedy}"


@pytest.mark.parametrize(
    "place",
    [
        "postgresql://me:hidden@localhost:1/drills",
        "postgresql://me@localhost:1/drills?password=hidden",
        "postgresql://me:hidden@127.0.0.1:1,127.0.0.2:1/drills?sslpassword=hidden",
        "postgresql://me:hidden@localhost:port/drills",
        "postgresql://me:hidden@[::1/drills",
        "postgresql://localhost/drills?no_such_option=hidden",
    ],
)
def test_a_password_is_never_shown(place: str) -> None:
    with pytest.raises((StoreAway, StoreMissing)) as said:
        PostgresStore(place, patience=0.1).ids()
    texts = [str(said.value), repr(said.value.args)]
    assert not any("hidden" in text for text in texts)
    assert "postgresql://" in said.value.place


# Store and library


def summary(name: str, day: int = 1, scenario: str = "slow-checkout") -> Summary:
    return Summary(
        id=name,
        file="",
        system="shop",
        scenario=scenario,
        scenario_hash="ab12",
        seed=2**64 + 7,
        mode="team",
        state="open",
        started=f"2026-01-{day:02}T10:00:00Z",
    )


def test_a_store_is_known_by_its_address(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("postgresql://localhost/drills", "postgres://localhost/drills"):
        assert isinstance(Store.locate(place), PostgresStore)
        assert isinstance(store_at(place), PostgresStore)
        monkeypatch.setenv("TABLETOP_HOME", place)
        assert Store.locate().place == "postgresql://localhost/drills"
    assert not isinstance(store_at(tmp_path), PostgresStore)


def test_a_store_makes_opens_and_lists_exercises(url: str, tmp_path: Path) -> None:
    store = store_at(url)
    names = sorted(store.new_id() for _ in range(3))
    for name in reversed(names):
        with store.create(name) as journal:
            journal.append("a", name)
        assert store.file_name(name) == ""
    assert store.ids() == names
    with store.open(names[1], write=False) as journal:
        assert journal.read()[0].body == names[1]
    with pytest.raises(StoreMissing, match="not in a file"):
        store.path_of(names[1])
    for wrong in ("", "A", "x" * 65):
        with pytest.raises(StoreMissing):
            store.open(wrong)
    # A file that somebody sent is opened all the same.
    with Store(tmp_path).create("sent") as sent:
        sent.append("a", "one")
    with store.open(Store(tmp_path).path_of("sent"), write=False) as sent:
        assert sent.head().seq == 1


def test_the_library_is_in_the_same_database(url: str) -> None:
    library = store_at(url).library()
    assert library.all() == []
    assert library.latest() is None
    assert library.find("k3") is None
    old, new = summary("k3xx", 1), summary("k3xxyy", 2, "false-alarm")
    library.put(old)
    library.put(new)
    assert library.all() == [new, old]
    assert library.latest() == new
    assert library.of_scenario("slow-checkout") == [old]
    assert library.find("k3xx") == old
    assert library.find("k3xxy") == new
    assert library.find("%") is None
    with pytest.raises(AmbiguousError):
        library.find("k3")
    again = summary("k3xx", 3)
    library.put(again)
    assert library.all() == [again, new]
    with pytest.raises(ZeroDivisionError):
        library.replace_all((summary(str(1 // number)), ()) for number in (1, 0))
    library.replace_all([(summary("a", 2), ()), (summary("b", 1), ())])
    assert library.all() == [summary("a", 2), summary("b", 1)]
    assert connections(url) == 1
    del library
    until(lambda: connections(url) == 0)


def test_several_hosts_put_summaries_at_once(url: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda n: PostgresLibrary(url).put(summary(f"k{n % 10}")), range(40)))
    assert len(PostgresLibrary(url).all()) == 10


def test_a_store_without_the_means_to_connect_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in [name for name in sys.modules if name.startswith("simulator.journal.postgres")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreFailed, match=r"pip install 'tabletop-drill\[postgres\]'"):
        store_at("postgresql://localhost/drills")


def test_playing_from_a_folder_never_imports_psycopg(tmp_path: Path) -> None:
    script = (
        "import sys; from simulator.journal import Store;"
        "Store.locate(sys.argv[1]).create('k3').close(); assert 'psycopg' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script, tmp_path], check=True)
