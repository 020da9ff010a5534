"""PostgreSQL's functions over the simulated database, as macros of the engine."""

from __future__ import annotations

import re

from simulator.world.shell.database.catalogue import Catalogue
from simulator.world.shell.database.sessions import own_pid
from simulator.world.shell.database.views import settings
from simulator.world.shell.moments import stamp
from simulator.world.shell.sql_text import mentions


def macros(catalogue: Catalogue, query: str) -> list[str]:
    """Return the functions that a query calls, and those that these call in turn."""
    known = {_name(macro): macro for macro in _definitions(catalogue)}
    wanted: list[str] = []
    waiting = sorted(mentions(query) & known.keys())
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.append(name)
            waiting += sorted(mentions(known[name]) & known.keys() - {name})
    # what calls comes after what is called
    return [known[name] for name in reversed(wanted)]


def _name(macro: str) -> str:
    return re.split(r"\(", macro, maxsplit=1)[0]


def _definitions(catalogue: Catalogue) -> list[str]:
    """Return PostgreSQL's functions that the engine lacks, and those that must not be its own."""
    database = catalogue.database
    now = f"TIMESTAMPTZ '{stamp(catalogue.now_micros)}'"
    size = max(_LEAST_SIZE, int(catalogue.scene.number(database.bytes)))
    limits = " ".join(
        f"WHEN name = '{name}' THEN '{value}'" for name, value in _shown_settings(catalogue)
    )
    drawn = catalogue.scene.chance("random", catalogue.scene.state.t) % 1_000_000 / 1_000_000
    return [
        f"now() AS {now}",
        f"clock_timestamp() AS {now}",
        f"statement_timestamp() AS {now}",
        f"transaction_timestamp() AS {now}",
        f"pg_postmaster_start_time() AS {now} - INTERVAL '41 days 3 hours'",
        f"gen_random_uuid() AS '{_uuid(catalogue)}'",
        f"random() AS CAST({drawn:.6f} AS DOUBLE)",
        "age(x) AS date_trunc('day', now()) - x, (x, y) AS x - y",
        f"version() AS {_text(database.version)}",
        f"current_database() AS {_text(database.name)}",
        f"current_catalog() AS {_text(database.name)}",
        f"current_user_name() AS {_text(database.user)}",
        "current_schema() AS 'public'",
        "pg_sleep(n) AS ''",
        "pg_is_in_recovery() AS false",
        "inet_server_addr() AS '10.20.0.2'",
        "inet_server_port() AS 5432",
        f"pg_backend_pid() AS {own_pid(catalogue.scene)}",
        f"current_setting(name) AS CASE {limits} END",
        "repeat(s, n) AS system.main.repeat(s, least(n, 100000 / greatest(1, length(s))))",
        "lpad(s, n) AS system.main.lpad(s, least(n, 1000), ' '),"
        " (s, n, f) AS system.main.lpad(s, least(n, 1000), f)",
        "rpad(s, n) AS system.main.rpad(s, least(n, 1000), ' '),"
        " (s, n, f) AS system.main.rpad(s, least(n, 1000), f)",
        "replace(s, a, b) AS system.main.replace(left(s, 100000), a, left(b, 100))",
        _SIZE_PRETTY,
        "_find(x) AS regexp_replace(regexp_replace(CAST(x AS VARCHAR), '^public\\.', ''),"
        " '\"', '', 'g')",
        "_regclass(x) AS coalesce((SELECT min(_shown) FROM _relations WHERE"
        " CAST(_oid AS VARCHAR) = CAST(x AS VARCHAR) OR lower(_name) = lower(_find(x))),"
        " CAST(x AS VARCHAR))",
        "_oid(x) AS (SELECT min(_oid) FROM _relations WHERE lower(_name) = lower(_find(x)))",
        _sized("pg_total_relation_size", "_total"),
        _sized("pg_table_size", "_heap"),
        _sized("pg_relation_size", "_heap"),
        _sized("pg_indexes_size", "_total - _heap"),
        f"pg_database_size(x) AS CAST(CASE WHEN CAST(x AS VARCHAR) IN ({_text(database.name)},"
        f" '16384') THEN {size} END AS BIGINT)",
        "pg_blocking_pids(p) AS (SELECT coalesce(list(_blocker), CAST([] AS INTEGER[]))"
        " FROM _blocks WHERE _pid = p)",
        "pg_get_userbyid(x) AS 'postgres'",
        "obj_description(x) AS NULL, (x, y) AS NULL",
        "to_regclass(x) AS _regclass(x)",
    ]


_LEAST_SIZE = 8_192

# pg_size_pretty halves until below 10240 of a unit, rounding half up, as PostgreSQL does.
_SIZE_PRETTY = (
    "pg_size_pretty(n) AS CASE"
    " WHEN abs(n) < 10240 THEN CAST(CAST(n AS BIGINT) AS VARCHAR) || ' bytes'"
    " WHEN abs(n) < 10485248 THEN CAST((CAST(n AS BIGINT) / 512 + 1) / 2 AS VARCHAR) || ' kB'"
    " WHEN abs(n) < 10736893952 THEN CAST((CAST(n AS BIGINT) / 524288 + 1) / 2 AS VARCHAR) || ' MB'"
    " WHEN abs(n) < 10994579406848 THEN"
    " CAST((CAST(n AS BIGINT) / 536870912 + 1) / 2 AS VARCHAR) || ' GB'"
    " ELSE CAST((CAST(n AS BIGINT) / 549755813888 + 1) / 2 AS VARCHAR) || ' TB' END"
)


def _uuid(catalogue: Catalogue) -> str:
    scene = catalogue.scene
    drawn = f"{scene.chance('uuid', scene.state.t):016x}{scene.chance('uuid2', scene.state.t):016x}"
    return f"{drawn[:8]}-{drawn[8:12]}-4{drawn[13:16]}-a{drawn[17:20]}-{drawn[20:32]}"


def _sized(name: str, what: str) -> str:
    return (
        f"{name}(x) AS (SELECT min({what}) FROM _relations WHERE"
        " CAST(_oid AS VARCHAR) = CAST(x AS VARCHAR) OR lower(_name) = lower(_find(x)))"
    )


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _shown_settings(catalogue: Catalogue) -> list[tuple[str, str]]:
    return [(str(row[0]), str(row[1]).replace("'", "''")) for row in settings(catalogue)]
