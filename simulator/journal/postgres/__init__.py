"""Exercises in a PostgreSQL database, which several hosts may write at once.

Nothing else in the program imports this: it needs psycopg, an extra of the package. A store
with the address of a database does, by `Store.locate` or `store_at`.
"""

from simulator.journal.postgres.journal import PostgresJournal
from simulator.journal.postgres.library import PostgresLibrary
from simulator.journal.postgres.store import PostgresStore

__all__ = ["PostgresJournal", "PostgresLibrary", "PostgresStore"]
