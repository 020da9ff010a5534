"""A store that is read-only, full, locked, corrupt, newer or gone says so and destroys nothing."""

from __future__ import annotations

import errno
import os
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from mounted import run_mounted

from simulator.journal import (
    JournalError,
    SqliteJournal,
    Store,
    StoreCorrupt,
    StoreExists,
    StoreFailed,
    StoreFull,
    StoreGone,
    StoreLocked,
    StoreMissing,
    StoreNewer,
    StoreReadOnly,
    StoreRemote,
    acts,
    salvage,
)
from simulator.journal import file as file_module
from simulator.journal.connection import connect_writing, plainly


@pytest.fixture(name="file")
def _file(tmp_path: Path) -> Path:
    """An exercise of 40 acts, closed."""
    file = tmp_path / "drill.tabletop"
    with SqliteJournal.create(file) as journal:
        journal.append_all([(f"key {n}", f"body {n} " + "x" * 400) for n in range(1, 41)])
    return file


def refused(fault: type[JournalError], file: Path, **how: bool) -> JournalError:
    """Open `file`, which must raise `fault` and leave every byte of it as it is."""
    before = file.read_bytes()
    with pytest.raises(fault) as caught:
        SqliteJournal(file, patience=0.05, **how)
    assert file.read_bytes() == before
    said = caught.value
    assert all((said.place, said.fault, said.remedy))
    assert str(said) == f"{said.fault}: {said.place}. {said.remedy}"
    assert not file.with_name(file.name + "-lock").exists()
    return said


# Full


def test_a_full_disk_keeps_what_was_acknowledged_and_takes_the_same_key_later(file: Path) -> None:
    with SqliteJournal(file) as journal:
        writer = journal._writer
        assert writer is not None
        pages = writer.execute("PRAGMA page_count").fetchall()[0][0]
        writer.execute(f"PRAGMA max_page_count={pages}").fetchall()
        with pytest.raises(StoreFull, match="The disk is full"):
            journal.append("big", "x" * 50_000)
        assert journal.head().seq == 40
        assert journal.append("key 7", "x" * 50_000).seq == 7
        writer.execute("PRAGMA max_page_count=100000").fetchall()
        assert journal.append("big", "x" * 50_000).seq == 41


def test_a_really_full_disk_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    small_disk = 'mount -t tmpfs -o size=500k none "$1"'
    said = run_mounted(small_disk, "test_journal_faults:fill_the_disk", tmp_path)
    assert said == "full, nothing lost, went on\n"


def fill_the_disk(folder: Path) -> None:
    """Play until a disk of 500 kB is full, make room, go on, kill-like reopen."""
    store = Store(folder)
    ballast = folder / "ballast"
    ballast.write_bytes(b"x" * 100_000)
    journal = store.create("drill")
    acknowledged = 0
    try:
        while True:
            acknowledged = journal.append(f"key {acknowledged + 1}", "x" * 3_000).seq
    except StoreFull:
        assert acknowledged > 5
    with pytest.raises(StoreFull):
        store.create("another")
    assert store.ids() == ["drill"]
    assert journal.head().seq == acknowledged
    ballast.unlink()
    assert journal.append(f"key {acknowledged + 1}", "x" * 3_000).seq == acknowledged + 1
    journal.close()
    with store.open("drill") as again:
        assert again.head().seq == acknowledged + 1
    sys.stdout.write("full, nothing lost, went on\n")


# Read-only


def test_a_folder_on_a_read_only_disk(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for name in ("sealed", "left"):
        with store.create(name) as journal:
            journal.append("a", "one")
            if name == "sealed":
                journal.seal()
    # As if killed: its last act is only in the log.
    with store.create("killed") as journal:
        journal.append("a", "one")
        for part in ("", "-wal"):
            content = store.path_of("killed").with_name("killed.tabletop" + part).read_bytes()
            store.path_of("copied").with_name("copied.tabletop" + part).write_bytes(content)
    read_only = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1"'
    said = run_mounted(read_only, "test_journal_faults:visit_a_read_only_disk", tmp_path)
    assert said == "read what is whole, refused the rest\n"


def visit_a_read_only_disk(folder: Path) -> None:
    """Open each exercise of a store that cannot be written."""
    store = Store(folder)
    for name in ("sealed", "left"):
        with store.open(name, write=False) as journal:
            assert [record.body for record in journal.read()] == ["one"]
            assert journal.wait(1, 0.06) == []
        with pytest.raises(StoreReadOnly, match="--store or TABLETOP_HOME"):
            store.open(name)
    with pytest.raises(StoreReadOnly, match=r"together with copied\.tabletop-wal"):
        store.open("copied", write=False)
    with pytest.raises(StoreReadOnly, match="--store or TABLETOP_HOME"):
        store.create("new")
    with pytest.raises(StoreReadOnly):
        Store(folder / "deeper").create("new")
    sys.stdout.write("read what is whole, refused the rest\n")


@pytest.mark.parametrize(
    ("number", "fault"),
    [(errno.EROFS, StoreReadOnly), (errno.EACCES, StoreReadOnly), (errno.ENOSPC, StoreFull)],
)
def test_a_lock_that_cannot_be_made(
    file: Path, monkeypatch: pytest.MonkeyPatch, number: int, fault: type[JournalError]
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "open", refuse)
    refused(fault, file)


def test_a_sealed_file_is_one_file(file: Path) -> None:
    with SqliteJournal(file) as journal:
        journal.seal()
    with SqliteJournal(file, write=False) as reading:
        assert reading.sealed
        assert reading.head().seq == 40
        assert [path.name for path in file.parent.iterdir()] == [file.name]


# Locked


def test_a_second_writer_in_the_same_process_is_refused(file: Path) -> None:
    with SqliteJournal(file) as journal:
        with pytest.raises(StoreLocked, match=f"process {os.getpid()}"):
            SqliteJournal(file)
        assert journal.append("more", "").seq == 41
    with SqliteJournal(file) as journal:
        assert journal.head().seq == 41


def test_a_foreign_program_that_holds_the_file(file: Path) -> None:
    with SqliteJournal(file, patience=0.05) as journal:
        foreign = sqlite3.connect(file, isolation_level=None)
        foreign.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreLocked, match="Close it there"):
            journal.append("more", "")
        assert journal.head().seq == 40
        foreign.execute("ROLLBACK")
        foreign.close()
        assert journal.append("more", "").seq == 41


def test_a_console_that_reads_holds_up_the_seal_and_nothing_else(file: Path) -> None:
    with SqliteJournal(file, patience=0.05) as journal:
        with SqliteJournal(file, write=False):
            with pytest.raises(StoreLocked):
                journal.seal()
            assert not journal.sealed
            assert journal.append("more", "").seq == 41
        journal.seal()
        assert journal.head().seq == 41


# Damaged, foreign, newer


def test_a_flipped_letter_in_an_act_is_named(file: Path) -> None:
    content = file.read_bytes()
    assert content.count(b"body 23 ") == 1
    file.write_bytes(content.replace(b"body 23 ", b"bodY 23 "))
    for write in (True, False):
        assert "act 23: its digest does not match" in refused(StoreCorrupt, file, write=write).fault
    assert [record.seq for record in salvage(file)] == list(range(1, 23))


@pytest.mark.parametrize("at", [0, 16, 40, 100, 4096, 8192, 12_200, 13_000])
def test_a_damaged_page(file: Path, at: int) -> None:
    content = bytearray(file.read_bytes())
    content[at : at + 64] = bytes(byte ^ 0xA5 for byte in content[at : at + 64])
    file.write_bytes(content)
    for write in (True, False):
        refused(StoreCorrupt, file, write=write)


@pytest.mark.parametrize("length", [0, 10, 100, 4096, 9_000])
def test_a_file_cut_short(file: Path, length: int) -> None:
    os.truncate(file, length)
    for write in (True, False):
        refused(StoreCorrupt, file, write=write)


def test_any_flipped_bit_is_noticed_or_harmless(file: Path) -> None:
    with SqliteJournal(file, write=False) as journal:
        right = journal.read()
    batch = [(record.key, "again") for record in right]
    content = file.read_bytes()
    for at in range(5, len(content), 197):
        file.write_bytes(content[:at] + bytes([content[at] ^ 0x10]) + content[at + 1 :])
        try:
            with SqliteJournal(file) as journal:
                assert journal.read() == right
                assert journal.append_all(batch) == right
        except (StoreCorrupt, StoreNewer):
            pass


def change(file: Path, *statements: str) -> None:
    connection = sqlite3.connect(file, isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    "trick",
    [
        "DROP TRIGGER act_kept",
        "CREATE TRIGGER spy AFTER INSERT ON act BEGIN SELECT 1; END",
        "CREATE VIEW other AS SELECT 1",
        "PRAGMA application_id=7",
        "PRAGMA user_version=0",
    ],
)
def test_a_file_with_another_form_is_not_ours(file: Path, trick: str) -> None:
    change(file, trick)
    for write in (True, False):
        refused(StoreCorrupt, file, write=write)


def test_a_text_file_and_another_programs_database_are_not_ours(tmp_path: Path) -> None:
    text, other = tmp_path / "notes.txt", tmp_path / "other.db"
    text.write_text("remember the milk\n" * 300, encoding="utf-8")
    change(other, "CREATE TABLE act (seq, key, body, digest)")
    for file in (text, other):
        refused(StoreCorrupt, file)


def test_a_newer_file_is_refused(file: Path) -> None:
    change(file, "PRAGMA user_version=2", "CREATE TABLE of_the_future (x)")
    for write in (True, False):
        fault = refused(StoreNewer, file, write=write)
        assert "newer version of Tabletop (form 2, this program knows 1)" in fault.fault
        assert "update Tabletop" in fault.remedy


@pytest.mark.parametrize(
    "trick",
    [
        "UPDATE act SET body = 'better' WHERE seq = 3",
        "DELETE FROM act WHERE seq = 40",
        "DELETE FROM act",
        "INSERT INTO act VALUES (42, 'new', 'body', '')",
        "INSERT INTO act VALUES (3, 'new', 'body', '')",
        "INSERT INTO act VALUES (NULL, 'new', 'body', '')",
        "INSERT OR REPLACE INTO act VALUES (41, 'key 3', 'body', '')",
        "INSERT OR REPLACE INTO act VALUES (3, 'new', 'body', '')",
        "UPDATE OR REPLACE act SET key = 'key 4' WHERE seq = 3",
    ],
)
def test_the_table_only_grows_at_its_end(file: Path, trick: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=r"only appended|never changed|never deleted"):
        change(file, trick)
    with SqliteJournal(file) as journal:
        assert journal.head().seq == 40


# Missing, gone, in the way


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    for write in (True, False):
        with pytest.raises(StoreMissing, match="no such exercise"):
            SqliteJournal(tmp_path / "drill.tabletop", write=write)
        with pytest.raises(StoreMissing):
            SqliteJournal(tmp_path / "no folder" / "drill.tabletop", write=write)
    assert list(tmp_path.iterdir()) == []


def move_away(file: Path) -> None:
    file.rename(file.with_name("elsewhere"))


def replace(file: Path) -> None:
    content = file.read_bytes()
    file.unlink()
    file.write_bytes(content)


def delete_log(file: Path) -> None:
    file.with_name(file.name + "-wal").unlink()


@pytest.mark.parametrize("harm", [Path.unlink, move_away, replace, delete_log])
def test_a_file_that_vanishes_in_play_swallows_no_act(
    file: Path, harm: Callable[[Path], None]
) -> None:
    journal = SqliteJournal(file)
    journal.append("more", "")
    harm(file)
    calls: list[Callable[[], object]] = [
        lambda: journal.append("lost", ""),
        lambda: journal.append("lost", ""),
        lambda: journal.append("key 1", ""),
        journal.read,
        lambda: journal.wait(41, 1.0),
        journal.seal,
    ]
    for call in calls:
        with pytest.raises(StoreGone, match="deleted or replaced while it was open"):
            call()
    journal.close()


def test_closing_saves_the_acts_of_a_deleted_log(file: Path) -> None:
    journal = SqliteJournal(file)
    journal.append("more", "")
    delete_log(file)
    journal.close()
    with SqliteJournal(file) as again:
        assert again.head().seq == 41


def test_nothing_is_made_over_what_is_there(file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(StoreExists):
        SqliteJournal.create(file)
    assert file.read_bytes() == before
    file.unlink()
    file.with_name(file.name + "-wal").write_bytes(b"somebody's acts")
    with pytest.raises(StoreExists):
        SqliteJournal.create(file)


def test_a_network_disk_is_refused_for_writing(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_module, "on_network_filesystem", lambda path: path == file.parent)
    with pytest.raises(StoreRemote, match="network file system"):
        SqliteJournal(file)
    with SqliteJournal(file, write=False) as reading:
        assert reading.head().seq == 40


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        (sqlite3.SQLITE_BUSY_SNAPSHOT, StoreLocked),
        (sqlite3.SQLITE_LOCKED, StoreLocked),
        (sqlite3.SQLITE_FULL, StoreFull),
        (sqlite3.SQLITE_READONLY_CANTINIT, StoreReadOnly),
        (sqlite3.SQLITE_READONLY_DBMOVED, StoreGone),
        (sqlite3.SQLITE_CORRUPT_INDEX, StoreCorrupt),
        (sqlite3.SQLITE_NOTADB, StoreCorrupt),
        (sqlite3.SQLITE_CANTOPEN, StoreReadOnly),
        (sqlite3.SQLITE_IOERR_FSYNC, StoreFailed),
        (sqlite3.SQLITE_TOOBIG, StoreFailed),
    ],
)
def test_every_complaint_of_sqlites_has_a_plain_name(
    file: Path, code: int, fault: type[JournalError]
) -> None:
    error = sqlite3.OperationalError("something technical")
    error.sqlite_errorcode = code
    with pytest.raises(fault) as caught, plainly(file):
        raise error
    assert caught.value.place == str(file)
    assert caught.value.__cause__ is error


# What a killed writer leaves behind


def test_a_killed_writers_log_is_synced_before_its_acts_count(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = file.with_name(file.name + "-wal")
    with SqliteJournal(file) as journal:
        journal.append("perhaps never synced", "")
        left = {path: path.read_bytes() for path in (file, log)}
    for path, content in left.items():
        path.write_bytes(content)
    synced: list[Path] = []
    monkeypatch.setattr(file_module, "keep_bytes", synced.append)
    with SqliteJournal(file) as journal:
        assert synced == [log]
        assert journal.append("perhaps never synced", "").seq == 41


def test_a_half_made_exercise_is_no_exercise(tmp_path: Path) -> None:
    file = tmp_path / "drill.tabletop"
    draft = tmp_path / ".drill.tabletop.new"
    connection = connect_writing(draft, 1.0, create=True)
    acts.keep_durable(connection)
    acts.with_log(connection)
    connection.execute("CREATE TABLE half (made)")
    left = {path: path.read_bytes() for path in tmp_path.iterdir()}
    connection.close()
    for path, content in left.items():
        path.write_bytes(content)
    with pytest.raises(StoreMissing):
        SqliteJournal(file)
    with SqliteJournal.create(file) as journal:
        assert journal.append("a", "one").seq == 1
    assert [path.name for path in tmp_path.iterdir()] == [file.name]
