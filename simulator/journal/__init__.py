"""Where acts live: append-only, durable, hash-chained."""

from simulator.journal.decisions import Decision
from simulator.journal.engine import Journal
from simulator.journal.faults import (
    JournalError,
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
    StoreRemote,
    StoreSealed,
)
from simulator.journal.library import Library, SqliteLibrary, rebuild
from simulator.journal.place import on_network_filesystem
from simulator.journal.practice import Heat, Practice
from simulator.journal.record import GENESIS, BrokenChainError, Head, Record, chain, verify
from simulator.journal.sqlite import SqliteJournal, salvage
from simulator.journal.store import Store, store_at
from simulator.journal.summary import AmbiguousError, Mode, State, Summary

__all__ = [
    "GENESIS",
    "AmbiguousError",
    "BrokenChainError",
    "Decision",
    "Head",
    "Heat",
    "Journal",
    "JournalError",
    "Library",
    "Mode",
    "Practice",
    "Record",
    "SqliteJournal",
    "SqliteLibrary",
    "State",
    "Store",
    "StoreAway",
    "StoreCorrupt",
    "StoreExists",
    "StoreFailed",
    "StoreFull",
    "StoreGone",
    "StoreLocked",
    "StoreMissing",
    "StoreMoved",
    "StoreNewer",
    "StoreReadOnly",
    "StoreRemote",
    "StoreSealed",
    "Summary",
    "chain",
    "on_network_filesystem",
    "rebuild",
    "salvage",
    "store_at",
    "verify",
]
