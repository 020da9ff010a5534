"""psql's own commands that look around: \\d, \\dt, \\di, \\l, \\du, \\conninfo."""

from __future__ import annotations

import re

from simulator.world.shell.answer import Printed
from simulator.world.shell.database.aligned import aligned
from simulator.world.shell.database.catalogue import Catalogue
from simulator.world.shell.database.index import Index, name_of

HELP = """General
  \\q                     quit psql
  \\x [on|off]            toggle expanded output
  \\timing [on|off]       toggle timing of commands
  \\g or ; or \\gx         execute query
Informational
  \\d                     list tables
  \\d NAME                describe table
  \\dt[+]                 list tables
  \\di[+]                 list indexes
  \\dn                    list schemas
  \\du                    list roles
  \\l                     list databases
Connection
  \\conninfo              display information about current connection
"""

_SQL_TYPES = {
    "text": "text",
    "int": "integer",
    "bigint": "bigint",
    "timestamp": "timestamp(3) without time zone",
    "boolean": "boolean",
    "float": "double precision",
    "interval": "interval",
}


def describe(catalogue: Catalogue, command: str, argument: str) -> Printed | None:
    """Return what a looking-around command prints, None when it is not one."""
    database = catalogue.database
    plus = command.endswith("+")
    name = argument.strip().rstrip(";").removeprefix("public.").strip('"')
    match command.rstrip("+S"):
        case "\\d" if name:
            return _relation(catalogue, argument.strip().rstrip(";"))
        case "\\d" | "\\dt":
            return _tables(catalogue, plus, name)
        case "\\di":
            return _indexes(catalogue, plus)
        case "\\dn":
            return _listed(["Name", "Owner"], [["public", "pg_database_owner"]], "List of schemas")
        case "\\du" | "\\dg":
            rows = [
                [database.user, ""],
                ["postgres", "Superuser, Create role, Create DB, Replication, Bypass RLS"],
            ]
            return _listed(["Role name", "Attributes"], rows, "List of roles", footer=False)
        case "\\l":
            rows = [
                [name, "postgres", "UTF8", "C.UTF-8", "C.UTF-8"]
                for name in sorted({database.name, "postgres", "template0", "template1"})
            ]
            heads = ["Name", "Owner", "Encoding", "Collate", "Ctype"]
            return _listed(heads, rows, "List of databases")
        case "\\conninfo":
            return Printed(
                f'You are connected to database "{database.name}" as user "{database.user}" '
                'at port "5432".\nSSL connection (protocol: TLSv1.3)\n'
            )
    return None


def _listed(heads: list[str], rows: list[list[str]], title: str, footer: bool = True) -> Printed:
    numeric = [False] * len(heads)
    return Printed(aligned(heads, numeric, rows, title, footer) + "\n")


def _tables(catalogue: Catalogue, plus: bool, name: str) -> Printed:
    tables = [t for t, _ in catalogue.tables if not name or _globbed(name, t.name)]
    if not tables:
        what = (
            f'Did not find any relation named "{name}".' if name else "Did not find any relations."
        )
        return Printed(err=what + "\n", failed=True)
    rows = [
        ["public", t.name, "table", "postgres", *([_size(catalogue.heap_of(t))] if plus else [])]
        for t in sorted(tables, key=lambda t: t.name)
    ]
    heads = ["Schema", "Name", "Type", "Owner", *(["Size"] if plus else [])]
    return _listed(heads, rows, "List of relations")


def _globbed(pattern: str, name: str) -> bool:
    expression = re.escape(pattern.lower()).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, name.lower()) is not None


def _indexes(catalogue: Catalogue, plus: bool) -> Printed:
    rows = [
        ["public", i.name, "index", "postgres", i.table,
         *([_size(catalogue.index_bytes(i))] if plus else [])]
        for i in sorted(catalogue.indexes, key=lambda i: i.name)
    ]  # fmt: skip
    heads = ["Schema", "Name", "Type", "Owner", "Table", *(["Size"] if plus else [])]
    return _listed(heads, rows, "List of relations")


def _relation(catalogue: Catalogue, argument: str) -> Printed:
    given = argument.removeprefix("public.")
    name = given[1:-1] if given.startswith('"') and given.endswith('"') else given.lower()
    table = next((t for t, _ in catalogue.tables if t.name == name), None)
    if table is None:
        if any(mark in name for mark in "*?"):
            return _tables(catalogue, False, name)
        text = f'Did not find any relation named "{given}".'
        if any(t.name.lower() == name.lower() for t, _ in catalogue.tables):
            text += "\nA name with capitals wants double quotes."
        return Printed(err=text + "\n", failed=True, near=True)
    keys = {i.columns[0] for i in catalogue.indexes if i.table == name and i.primary}
    rows = [
        [c.name, _SQL_TYPES[c.type], "", "not null" if c.name in keys else "", ""]
        for c in table.columns
    ]
    heads = ["Column", "Type", "Collation", "Nullable", "Default"]
    text = aligned(heads, [False] * 5, rows, f'Table "public.{name}"', footer=False)
    indexes = [i for i in catalogue.indexes if i.table == name]
    if indexes:
        text += "\nIndexes:\n" + "\n".join(f"    {_index_line(i)}" for i in indexes)
    return Printed(text + "\n")


def _index_line(index: Index) -> str:
    mark = "PRIMARY KEY, " if index.primary else "UNIQUE, " if index.unique else ""
    columns = ", ".join(name_of(column) for column in index.columns)
    return f'"{index.name}" {mark}btree ({columns})'


def _size(count: int) -> str:
    for unit, shift in (("bytes", 0), ("kB", 10), ("MB", 20), ("GB", 30)):
        if count < 10_240 << shift:
            return f"{count >> shift if shift == 0 else ((count >> (shift - 1)) + 1) // 2} {unit}"
    return f"{((count >> 39) + 1) // 2} TB"
