"""PostgreSQL's catalogue of the simulated database: the views that a query names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from simulator.content.terminal import Database, DatabaseTable
from simulator.world.shell.database.engine import TableOf
from simulator.world.shell.database.index import Index, index_of
from simulator.world.shell.database.sessions import Session, sessions
from simulator.world.shell.moments import stamp
from simulator.world.shell.scene import Scene

TYPES: Mapping[str, str] = {
    "text": "VARCHAR",
    "int": "INTEGER",
    "bigint": "BIGINT",
    "timestamp": "TIMESTAMP",
    "boolean": "BOOLEAN",
    "float": "DOUBLE",
    "interval": "INTERVAL",
}

PAGE = 8_192


@dataclass
class Catalogue:
    """The simulated database at one instant, as its own catalogue tells it."""

    scene: Scene
    database: Database
    query: str

    @cached_property
    def sessions(self) -> list[Session]:
        """Every session, the player's own last."""
        return sessions(self.scene, self.database, self.query)

    @cached_property
    def indexes(self) -> list[Index]:
        """Every index of every table."""
        return [
            index_of(line, table, oid)
            for table, oid in self.tables
            for oid, line in enumerate(table.indexes, oid + 1)
        ]

    @property
    def tables(self) -> list[tuple[DatabaseTable, int]]:
        """The business tables with their object ids."""
        return [(table, 16_400 + 40 * n) for n, table in enumerate(self.database.tables)]

    def bytes_of(self, table: DatabaseTable) -> int:
        """Return a table's total size, indexes and all."""
        return max(PAGE, int(self.scene.number(table.bytes)))

    def heap_of(self, table: DatabaseTable) -> int:
        """Return the size of a table's rows alone; each index takes a share of the total."""
        share = min(60, 8 * len(table.indexes))
        return max(PAGE, self.bytes_of(table) * (100 - share) // 100 // PAGE * PAGE)

    def index_bytes(self, index: Index) -> int:
        """Return the size of one index: an equal part of what the rows leave of the total."""
        table = next(table for table, _ in self.tables if table.name == index.table)
        rest = self.bytes_of(table) - self.heap_of(table)
        return max(2 * PAGE, rest // len(table.indexes))

    def ago(self, micros: int | None) -> str | None:
        """Return the moment so many microseconds before now."""
        return None if micros is None else stamp(self.now_micros - micros)

    @property
    def now_micros(self) -> int:
        """Now, in microseconds since 1970; the part of a second is drawn."""
        return self.scene.now * 1_000_000 + self.scene.chance("now", self.scene.state.t) % 1_000_000

    def business(self, table: DatabaseTable) -> TableOf:
        """Return a business table with its rows."""
        columns = [(column.name, TYPES[column.type]) for column in table.columns]
        rows = [
            [
                self._cell(table, n, column.name, column.type, column.value)
                for column in table.columns
            ]
            for n in range(1, table.rows + 1)
        ]
        return TableOf(table.name, columns, rows, "public")

    def _cell(self, table: DatabaseTable, n: int, name: str, kind: str, value: str) -> str | None:
        text = self.scene.cell(value, n, (table.name, n, name), timed=kind == "timestamp")
        return None if text in ("", "null", "NULL") and kind != "text" else text
