"""The chain: any change to the records breaks it, and no change to the keys doubles an act."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.journal import BrokenChainError, Head, Record, SqliteJournal, verify
from simulator.journal.record import follow

ITEMS = st.lists(st.tuples(st.text(max_size=5), st.text(max_size=30)), max_size=12)


def linked(items: list[tuple[str, str]]) -> list[Record]:
    head, records = Head(), []
    for key, body in items:
        records.append(follow(head, key, body))
        head = Head(records[-1].seq, records[-1].digest)
    return records


@given(ITEMS)
def test_a_chain_holds_in_whole_and_in_parts(items: list[tuple[str, str]]) -> None:
    records = linked(items)
    whole = verify(records)
    assert whole.seq == len(items)
    for cut in range(len(records)):
        assert verify(records[cut:], verify(records[:cut])) == whole


@given(ITEMS.filter(bool), st.data())
def test_a_chain_breaks_at_the_first_change(
    items: list[tuple[str, str]], data: st.DataObject
) -> None:
    records = linked(items)
    at = data.draw(st.integers(0, len(records) - 1))
    changed = data.draw(
        st.sampled_from(
            [
                replace(records[at], body=records[at].body + "!"),
                replace(records[at], key=records[at].key + "!"),
                replace(records[at], key="", body=records[at].key + "\n" + records[at].body),
                replace(records[at], seq=records[at].seq + 1),
                replace(records[at], digest="0" * 64),
            ]
        )
    )
    with pytest.raises(BrokenChainError) as broken:
        verify([*records[:at], changed, *records[at + 1 :]])
    assert broken.value.seq == at + 1


@given(ITEMS.filter(lambda items: len(items) > 1), st.data())
def test_a_missing_record_breaks_the_chain(
    items: list[tuple[str, str]], data: st.DataObject
) -> None:
    records = linked(items)
    at = data.draw(st.integers(0, len(records) - 2))
    with pytest.raises(BrokenChainError, match="missing"):
        verify(records[:at] + records[at + 1 :])


@settings(max_examples=30, deadline=None)
@given(st.lists(ITEMS, max_size=4))
def test_however_often_keys_are_retried_each_counts_once(
    batches: list[list[tuple[str, str]]],
) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "drill.tabletop"
        SqliteJournal.create(file).close()
        first: dict[str, str] = {}
        for batch in batches:
            with SqliteJournal(file) as journal:
                for key, body in batch:
                    first.setdefault(key, body)
                records = journal.append_all(batch)
                assert [record.body for record in records] == [first[key] for key, _ in batch]
                for key, body in batch:
                    assert journal.append(key, body + "?").body == first[key]
        with SqliteJournal(file, write=False) as journal:
            assert [(record.key, record.body) for record in journal.read()] == list(first.items())
