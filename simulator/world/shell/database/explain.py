"""EXPLAIN for queries of one table, in PostgreSQL's shape, from the declared indexes and sizes."""

from __future__ import annotations

import re

from simulator.world.shell.database.catalogue import Catalogue
from simulator.world.shell.database.errors import SqlError
from simulator.world.shell.database.index import Index, name_of
from simulator.world.shell.sql_text import fold

_QUERY = re.compile(
    r'(?is)select\s+(?P<what>.+?)\s+from\s+(?:public\.)?(?P<table>"[^"]+"|[a-z_]\w*)'
    r"(?:\s+(?:as\s+)?(?!where|order|limit|group|join|inner|left|right|cross|full|natural)[a-z_]\w*)?"
    r"(?:\s+where\s+(?P<where>.+?))?"
    r"(?:\s+order\s+by\s+(?P<order>.+?))?(?:\s+limit\s+(?P<limit>\d+))?\Z"
)
_EQUAL = re.compile(r"(?i)\A(?:\w+\.)?(\"[^\"]+\"|[a-z_]\w*)\s*=\s*('[^']*'::text|\d+|\$\d+)\Z")


def plan_of(catalogue: Catalogue, statement: str) -> list[str]:
    """Return the lines of the plan; raise SqlError where none could be told honestly."""
    folded = fold(statement)
    found = re.match(r"(?is)explain\s*(\(.*?\)|(?:analy[sz]e|verbose)\b)?\s*(.*)\Z", folded)
    if found is None:
        raise SqlError("syntax error at end of input")
    if found[1] and "analy" in found[1].lower():
        raise SqlError(
            "EXPLAIN ANALYZE is not available on this database", "",
            "Plain EXPLAIN shows the plan of a query of one table.",
        )  # fmt: skip
    query = _QUERY.match(found[2])
    if query is None:
        raise SqlError(
            "this plan cannot be shown here", "", "EXPLAIN answers for queries of one table."
        )
    given = query["table"]
    name = given[1:-1] if given.startswith('"') else given.lower()
    if name not in {table.name for table, _ in catalogue.tables}:
        raise SqlError(f'relation "{name}" does not exist', given)
    return _lines(catalogue, name, query)


def _lines(catalogue: Catalogue, name: str, query: re.Match[str]) -> list[str]:
    table = next(table for table, _ in catalogue.tables if table.name == name)
    rows = max(1, table.live_rows)
    pages = catalogue.heap_of(table) // 8_192
    where = re.sub(r"('[^']*')(?!'|\s*::)", r"\1::text", query["where"] or "")
    conditions = re.split(r"(?i)\s+and\s+", where) if where else []
    index, keyed = _usable(catalogue.indexes, name, conditions)
    width = 8 * max(1, len(table.columns))
    shown = [f"({condition})" for condition in conditions if condition != keyed]
    if index is not None and keyed is not None:
        matched = 1 if index.unique else max(1, rows // 200)
        cost = 8.30 + matched * 0.06
        scan = [
            f"Index Scan using {name_of(index.name)} on {name_of(name)}  "
            f"(cost=0.42..{cost:.2f} rows={matched} width={width})",
            f"  Index Cond: ({keyed})",
        ]
    else:
        matched = rows if not conditions else max(1, rows // 200)
        cost = pages + rows * 0.01 + rows * 0.0025 * len(conditions)
        scan = [
            f"Seq Scan on {name_of(name)}  (cost=0.00..{cost:.2f} rows={matched} width={width})"
        ]
    if shown:
        joined = " AND ".join(shown)
        scan.append(f"  Filter: {joined if len(shown) == 1 else f'({joined})'}")
    if query["order"]:
        extra = cost + matched * 0.02 + 0.05
        top = (
            f"Sort  (cost={extra:.2f}..{extra + matched * 0.0025:.2f} rows={matched} width={width})"
        )
        scan = _under([top, f"  Sort Key: {query['order']}"], scan)
        cost = extra
    if re.fullmatch(r"(?i)count\(.*\)", query["what"]):
        top = f"Aggregate  (cost={cost + 0.01:.2f}..{cost + 0.02:.2f} rows=1 width=8)"
        scan = _under([top], scan)
    if query["limit"]:
        kept = min(int(query["limit"]), matched)
        top = f"Limit  (cost=0.00..{cost * kept / matched:.2f} rows={kept} width={width})"
        scan = _under([top], scan)
    return scan


def _under(top: list[str], plan: list[str]) -> list[str]:
    first, *rest = plan
    return [*top, f"  ->  {first}", *(f"      {line}" for line in rest)]


def _usable(
    indexes: list[Index], table: str, conditions: list[str]
) -> tuple[Index | None, str | None]:
    for condition in conditions:
        found = _EQUAL.match(condition.strip().strip("()"))
        if found is None:
            continue
        column = found[1][1:-1] if found[1].startswith('"') else found[1].lower()
        for index in indexes:
            if index.table == table and index.columns[:1] == (column,):
                return index, condition
    return None, None
