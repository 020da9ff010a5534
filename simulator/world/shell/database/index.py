"""Indexes, from the lines that a system declares them with."""

from __future__ import annotations

import re
from dataclasses import dataclass

from simulator.content.terminal import DatabaseTable

_CREATE = re.compile(
    r'(?i)create\s+(unique\s+)?index\s+(?:concurrently\s+)?"?([\w.-]+)"?\s+on\s+.*?'
    r"(?:using\s+(\w+)\s*)?\((.*)\)\s*(?:where\s.*)?\Z"
)
_SHORT = re.compile(r'(?i)"?([\w.-]+)"?\s*(primary key|unique)?[^()]*?(?:\((.*)\))?\s*\Z')


@dataclass(frozen=True)
class Index:
    """One index of one table."""

    name: str
    table: str
    columns: tuple[str, ...]
    unique: bool
    primary: bool
    oid: int
    table_oid: int

    @property
    def definition(self) -> str:
        """The statement that would create it, as pg_indexes shows it."""
        unique = "UNIQUE " if self.unique else ""
        return (
            f"CREATE {unique}INDEX {name_of(self.name)} ON public.{name_of(self.table)} "
            f"USING btree ({', '.join(name_of(column) for column in self.columns)})"
        )


def index_of(line: str, table: DatabaseTable, oid: int) -> Index:
    """Read `CREATE INDEX ...`, `name (a, b)`, `name UNIQUE (a)`, `name PRIMARY KEY (id)` or a name.

    A name alone stands for an index on the column it ends with, or on the first one.
    """
    found = _CREATE.match(line.strip().rstrip(";"))
    if found:
        name, inner, unique = found[2], found[4], found[1] is not None
        primary = name.lower().endswith("_pkey")
    else:
        short = _SHORT.match(line.strip())
        name, mark, inner = (
            (short[1], (short[2] or "").lower(), short[3] or "") if short else (line, "", "")
        )
        primary = mark == "primary key" or name.lower().endswith("_pkey")
        unique = primary or mark == "unique" or name.lower().endswith("_key")
    columns = tuple(part.strip().strip('"') for part in inner.split(",") if part.strip())
    if not columns:
        ends = [c.name for c in table.columns if c.name in name.split("_")]
        columns = tuple(ends) or tuple(c.name for c in table.columns[:1])
    return Index(name, table.name, columns, unique, primary, oid, oid // 40 * 40)


def name_of(name: str) -> str:
    """Return a name as SQL writes it, in quotes where it must be."""
    return name if re.fullmatch(r"[a-z_][a-z0-9_]*", name) else f'"{name}"'
