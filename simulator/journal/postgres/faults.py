"""What PostgreSQL complains of, in the plain words of the journal's faults."""

from __future__ import annotations

import psycopg

from simulator.journal.faults import (
    JournalError,
    StoreAway,
    StoreCorrupt,
    StoreFailed,
    StoreFull,
    StoreGone,
    StoreLocked,
    StoreReadOnly,
    StoreSealed,
)
from simulator.journal.postgres.form import NO_EXERCISE, SEALED


def from_postgres(error: psycopg.Error, place: str) -> JournalError:
    """Return the plain fault behind an error of PostgreSQL on the database or exercise `place`."""
    match error.sqlstate or "":
        case "" if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
            return StoreAway(place, _with(StoreAway.usual_fault, error))
        case code if code[:2] in ("08", "28", "3D") or code in _AWAY:
            return StoreAway(place, _with(StoreAway.usual_fault, error))
        case "57014":
            return StoreAway(place, "The database does not answer in time")
        # The last one: the same key at the same instant from another host.
        case "55P03" | "40001" | "40P01" | "23505":
            return StoreLocked(place, "Another program holds this exercise in the database")
        case "53100":
            return StoreFull(place, "The database's disk is full")
        case "42501":
            return StoreReadOnly(
                place,
                _with("The database does not let its user do this", error),
                "Ask whoever runs it for the right, or give another user with --store.",
            )
        case "25006":
            return StoreReadOnly(
                place,
                "This database can only be read",
                "Give the address of the one that takes writes with --store.",
            )
        case "42P01" | "42883" | "3F000" | "42P07":
            return StoreGone(
                place,
                _with("Tabletop's tables in this database are gone or not its own", error),
                "Put a good copy back, or give another database with --store.",
            )
        case code if code[:2] == "XX" and code != "XX000":
            return StoreCorrupt(place, _with("The database is damaged", error))
        case code if code == NO_EXERCISE:
            return gone(place)
        case code if code == SEALED:
            return StoreSealed(place)
    return StoreFailed(place, _with("The database reported an error", error))


_AWAY = frozenset({"53300", "57P01", "57P02", "57P03", "57P04", "57P05", "25P02", "25P03"})
"""Shut down, starting up, too many connections, a session that was ended."""


def gone(place: str) -> StoreGone:
    """Return the fault of an exercise that is there no longer."""
    return StoreGone(
        place,
        "This exercise was removed from the database while it was open",
        "Put a good copy of the database back and open the exercise again.",
    )


def _with(fault: str, error: psycopg.Error) -> str:
    said = (error.diag.message_primary or str(error)).strip().splitlines()
    return f"{fault} ({said[0]})" if said and said[0] else fault
