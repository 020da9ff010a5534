"""A query made ready for the engine: the clock, the casts and the names that differ."""

from __future__ import annotations

import re
from collections.abc import Mapping

from simulator.content.terminal import Database
from simulator.world.shell.database.errors import SqlError
from simulator.world.shell.database.views import SAME_VIEW
from simulator.world.shell.sql_text import pieces

_CLOCK: Mapping[str, str] = {
    "current_timestamp": "now()",
    "localtimestamp": "CAST(now() AS TIMESTAMP)",
    "current_date": "CAST(now() AS DATE)",
    "current_time": "CAST(CAST(now() AS TIMESTAMP) AS TIME)",
    "localtime": "CAST(CAST(now() AS TIMESTAMP) AS TIME)",
    "current_user": "current_user_name()",
    "session_user": "current_user_name()",
    "current_role": "current_user_name()",
}
_TYPES: Mapping[str, str] = {
    "numeric": "DECIMAL(30,6)",
    "oid": "BIGINT",
    "name": "VARCHAR",
    "inet": "VARCHAR",
    "regproc": "VARCHAR",
    "xid": "BIGINT",
    "timestamptz": "TIMESTAMP WITH TIME ZONE",
    "jsonb": "VARCHAR",
    "money": "DECIMAL(30,2)",
}
_FORMATS: Mapping[str, str] = {
    "YYYY": "%Y",
    "HH24": "%H",
    "HH12": "%I",
    "MI": "%M",
    "SS": "%S",
    "MM": "%m",
    "DD": "%d",
}
_AFTER_A_TABLE = frozenset({"from", "join", "update", "into", "table"})


def rewritten(query: str, database: Database) -> str:
    """Return the query as the engine understands it; raise SqlError for a name wrongly spelled."""
    _check_names(query, database)
    tokens = [(kind, text) for kind, text, _ in pieces(query)]
    out: list[str] = []
    formats = False
    for place, (kind, text) in enumerate(tokens):
        word = text.lower() if kind == "code" else ""
        before = _significant(tokens, place, -1)
        after = _significant(tokens, place, 1)
        if kind == "comment":
            out.append(" " if text.startswith("/*") else "")
        elif (word == "pg_catalog" and after == ".") or (word == "." and before == "pg_catalog"):
            continue
        elif word in _CLOCK and before != ".":
            out.append(_CLOCK[word])
        elif word in SAME_VIEW:
            out.append(SAME_VIEW[word])
        elif word in _TYPES and (before in (":", "as") or word == "timestamptz") and after != "(":
            out.append(_TYPES[word])
        elif word == "user" and before in _AFTER_A_TABLE and after != ".":
            # the reserved word, as in PostgreSQL: not the table of that name
            out.append('(SELECT current_user_name() AS "user") AS "user"')
        elif word == "to_char" and after == "(":
            out.append("strftime")
            formats = True
        elif formats and kind == "text":
            out.append(_format(text))
        else:
            out.append(text)
    return _without_regclass("".join(out)).strip().rstrip(";")


def _format(text: str) -> str:
    """Turn the forms of to_char that people use on times into strftime's."""
    for ours, theirs in _FORMATS.items():
        text = text.replace(ours, theirs)
    return text


def _significant(tokens: list[tuple[str, str]], place: int, step: int) -> str:
    place += step
    while 0 <= place < len(tokens):
        kind, text = tokens[place]
        if kind != "comment" and text.strip():
            return text.lower() if kind == "code" else text
        place += step
    return ""


def _without_regclass(query: str) -> str:
    query = re.sub(
        r"(?i)((?:[A-Za-z_]\w*\.)?(?:[A-Za-z_]\w*|\"[^\"]+\")|'[^']*')\s*::\s*regclass\s*::\s*(?:oid|BIGINT)",
        r"_oid(\1)",
        query,
    )
    return re.sub(
        r"(?i)((?:[A-Za-z_]\w*\.)?(?:[A-Za-z_]\w*|\"[^\"]+\")|'[^']*')\s*::\s*regclass(?:\s*::\s*text)?",
        r"_regclass(\1)",
        query,
    )


def _check_names(query: str, database: Database) -> None:
    """PostgreSQL folds a name without quotes to small letters; refuse what it would not find."""
    tables = {t.name.lower(): t.name for t in database.tables if t.name != t.name.lower()}
    tokens = [(kind, text) for kind, text, _ in pieces(query) if kind != "comment" and text.strip()]
    mentioned = {text.strip('"').lower() for _, text in tokens}
    columns = {
        c.name.lower(): (c.name, t.name)
        for t in database.tables
        for c in t.columns
        if c.name != c.name.lower() and t.name.lower() in mentioned
    }
    for place, (kind, text) in enumerate(tokens):
        word = text.lower()
        before = tokens[place - 1][1].lower() if place else ""
        if kind != "code" or before == "as":
            continue
        if word in tables and before in _AFTER_A_TABLE and word != "user":
            raise SqlError(f'relation "{word}" does not exist', text)
        if word in columns and word not in tables:
            column, table = columns[word]
            raise SqlError(
                f'column "{word}" does not exist',
                text,
                f'Perhaps you meant to reference the column "{table}.{column}".',
            )
