"""PostgreSQL's views over the simulated database: their columns, and how their rows are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from simulator.world.shell.database.catalogue import PAGE, Catalogue
from simulator.world.shell.database.engine import TableOf
from simulator.world.shell.database.index import name_of
from simulator.world.shell.database.sessions import Session, relation_of

Columns = Sequence[tuple[str, str]]


def tables_for(catalogue: Catalogue, names: frozenset[str]) -> list[TableOf]:
    """Return the tables that a query naming `names` needs."""
    found = [
        TableOf(name, columns, rows(catalogue))
        for name, (columns, rows) in VIEWS.items()
        if name in names or name.startswith("_")
    ]
    everything = "information_schema" in names
    found += [
        catalogue.business(table)
        for table, _ in catalogue.tables
        if everything or table.name.lower() in names
    ]
    return found


def _activity(c: Catalogue) -> list[list[Any]]:
    return [
        [
            16_384, c.database.name, s.pid, None, 16_385 + len(s.user), s.user, s.application,
            s.address, None, 40_000 + s.pid % 20_000, c.ago(s.backend_age),
            c.ago(s.transaction_age), c.ago(s.query_age),
            c.ago(s.query_age if s.state == "active" else max(0, s.query_age - 3_000)),
            s.wait_type or ("Client" if s.state != "active" else None),
            s.wait_event or ("ClientRead" if s.state != "active" else None),
            s.state, None, None, None, s.query, s.kind,
        ]
        for s in c.sessions
    ]  # fmt: skip


def _locks(c: Catalogue) -> list[list[Any]]:
    oids = {table.name.lower(): oid for table, oid in c.tables}
    rows: list[list[Any]] = []
    blockers = {s.blocked_by for s in c.sessions if s.blocked_by}

    def add(kind: str, s: Session, mode: str, granted: bool, relation: int | None = None,
            transaction: int | None = None) -> None:  # fmt: skip
        rows.append([
            kind, 16_384 if kind == "relation" else None, relation, None, None,
            f"{s.pid % 90}/{s.pid}" if kind == "virtualxid" else None, transaction, None, None,
            None, f"{s.pid % 90}/{s.pid}", s.pid, mode, granted, kind != "transactionid",
            None if granted else c.ago(s.query_age),
        ])  # fmt: skip

    for s in c.sessions:
        if s.state == "idle" or s.pid == c.sessions[-1].pid:
            continue
        relation = oids.get((relation_of(s.query) or "").lower())
        add("virtualxid", s, "ExclusiveLock", True)
        waits_for_table = s.blocked_by is not None and s.wait_event == "relation"
        if relation is not None:
            add("relation", s, _lock_mode(s.query), not waits_for_table, relation)
        if s.pid in blockers:
            add("transactionid", s, "ExclusiveLock", True, transaction=700_000 + s.pid)
        if s.blocked_by is not None and not waits_for_table:
            add("transactionid", s, "ShareLock", False, transaction=700_000 + s.blocked_by)
    return rows


def _lock_mode(query: str) -> str:
    words = query.upper().split()
    if words[:1] == ["CREATE"]:
        return "ShareUpdateExclusiveLock" if "CONCURRENTLY" in words else "ShareLock"
    if words[:1] in (["ALTER"], ["DROP"], ["TRUNCATE"], ["LOCK"]):
        return "AccessExclusiveLock"
    if words[:1] in (["SELECT"], ["WITH"], ["COPY"]):
        return "AccessShareLock"
    return "RowExclusiveLock"


def _table_statistics(c: Catalogue) -> list[list[Any]]:
    rows = []
    for table, oid in c.tables:
        seq = int(c.scene.number(table.seq_scans)) if table.seq_scans is not None else 120
        index = int(c.scene.number(table.index_scans)) if table.index_scans is not None else 0
        live = table.live_rows
        vacuumed = c.ago((3_600 + c.scene.chance("vacuum", table.name) % 80_000) * 1_000_000)
        rows.append([
            oid, "public", table.name, seq, seq * live, index, index * 3, live, live * 2,
            live // 5, 0, live, live // 50, live // 60, None, vacuumed, None, vacuumed,
            0, 12, 0, 14,
        ])  # fmt: skip
    return rows


def _index_statistics(c: Catalogue) -> list[list[Any]]:
    scans = {table.name: table.index_scans for table, _ in c.tables}
    rows: list[list[Any]] = []
    for index in c.indexes:
        wanted = scans[index.table]
        mine = [other for other in c.indexes if other.table == index.table]
        total = int(c.scene.number(wanted)) if wanted is not None else 0
        count = total // len(mine)
        rows.append(
            [
                index.table_oid,
                index.oid,
                "public",
                index.table,
                index.name,
                count,
                count * 3,
                count * 3,
            ]
        )
    return rows


def _statements(c: Catalogue) -> list[list[Any]]:
    rows = []
    for n, one in enumerate(c.database.statistics):
        calls = max(0, int(c.scene.number(one.calls)))
        mean = float(round(c.scene.number(one.mean_ms) * 10_000)) / 10_000
        query_id = c.scene.chance("query", n) % 9_000_000_000_000_000_000
        rows.append([
            16_385, 16_384, True, query_id, one.query, calls, mean * calls, mean, mean / 10,
            mean * 9, mean / 2, calls, calls * 40, calls, 0, 0.0, 0.0,
        ])  # fmt: skip
    return rows


def _database_statistics(c: Catalogue) -> list[list[Any]]:
    commits = sum(max(0, int(c.scene.number(one.calls))) for one in c.database.statistics)
    return [[
        16_384, c.database.name, len(c.sessions), commits + 1_000, commits // 800, commits // 90,
        commits * 40, commits * 12, commits * 3, commits // 9, commits // 12, commits // 90, 0, 0,
        0, 0, 0.0, 0.0, c.ago(86_400 * 30 * 1_000_000),
    ]]  # fmt: skip


def settings(c: Catalogue) -> list[list[Any]]:
    """Return the rows of pg_settings."""
    return [
        ["max_connections", str(c.database.max_connections), None, "Connections and Authentication",
         "Sets the maximum number of concurrent connections."],
        ["superuser_reserved_connections", "3", None, "Connections and Authentication",
         "Sets the number of connection slots reserved for superusers."],
        ["statement_timeout", "0", "ms", "Client Connection Defaults",
         "Sets the maximum allowed duration of any statement."],
        ["idle_in_transaction_session_timeout", "0", "ms", "Client Connection Defaults",
         "Sets the maximum allowed idle time between queries, when in a transaction."],
        ["lock_timeout", "0", "ms", "Client Connection Defaults",
         "Sets the maximum allowed duration of any wait for a lock."],
        ["shared_buffers", "16384", "8kB", "Resource Usage / Memory",
         "Sets the number of shared memory buffers used by the server."],
        ["work_mem", "4096", "kB", "Resource Usage / Memory",
         "Sets the maximum memory to be used for query workspaces."],
        ["server_version", c.database.version.removeprefix("PostgreSQL ").split(" ")[0], None,
         "Preset Options", "Shows the server version."],
        ["TimeZone", "UTC", None, "Client Connection Defaults",
         "Sets the time zone for displaying and interpreting time stamps."],
        ["autovacuum", "on", None, "Autovacuum", "Starts the autovacuum subprocess."],
    ]  # fmt: skip


def _blocks(c: Catalogue) -> list[list[Any]]:
    return [[s.pid, s.blocked_by] for s in c.sessions if s.blocked_by is not None]


def _relations(c: Catalogue) -> list[list[Any]]:
    rows = [[oid, t.name, name_of(t.name), c.heap_of(t), c.bytes_of(t)] for t, oid in c.tables]
    return rows + [
        [i.oid, i.name, name_of(i.name), c.index_bytes(i), c.index_bytes(i)] for i in c.indexes
    ]


def _classes(c: Catalogue) -> list[list[Any]]:
    rows: list[list[Any]] = [
        [oid, t.name, 2_200, 10, "r", float(t.live_rows), c.heap_of(t) // PAGE, bool(t.indexes)]
        for t, oid in c.tables
    ]
    return rows + [
        [i.oid, i.name, 2_200, 10, "i", 0.0, c.index_bytes(i) // PAGE, False] for i in c.indexes
    ]


Rows = Callable[[Catalogue], list[list[Any]]]


def _columns(text: str) -> Columns:
    pairs = (word.split(":") for word in text.split())
    return [(name, _KINDS[kind]) for name, kind in pairs]


_KINDS = {
    "o": "BIGINT",
    "i": "INTEGER",
    "t": "VARCHAR",
    "b": "BIGINT",
    "z": "TIMESTAMP WITH TIME ZONE",
    "f": "DOUBLE",
    "?": "BOOLEAN",
}

VIEWS: Mapping[str, tuple[Columns, Rows]] = {
    "pg_stat_activity": (
        _columns(
            "datid:o datname:t pid:i leader_pid:i usesysid:o usename:t application_name:t "
            "client_addr:t client_hostname:t client_port:i backend_start:z xact_start:z "
            "query_start:z state_change:z wait_event_type:t wait_event:t state:t backend_xid:t "
            "backend_xmin:t query_id:b query:t backend_type:t"
        ),
        _activity,
    ),
    "pg_locks": (
        _columns(
            "locktype:t database:o relation:o page:i tuple:i virtualxid:t transactionid:b "
            "classid:o objid:o objsubid:i virtualtransaction:t pid:i mode:t granted:? fastpath:? "
            "waitstart:z"
        ),
        _locks,
    ),
    "pg_stat_user_tables": (
        _columns(
            "relid:o schemaname:t relname:t seq_scan:b seq_tup_read:b idx_scan:b idx_tup_fetch:b "
            "n_tup_ins:b n_tup_upd:b n_tup_del:b n_tup_hot_upd:b n_live_tup:b n_dead_tup:b "
            "n_mod_since_analyze:b last_vacuum:z last_autovacuum:z last_analyze:z "
            "last_autoanalyze:z vacuum_count:b autovacuum_count:b analyze_count:b "
            "autoanalyze_count:b"
        ),
        _table_statistics,
    ),
    "pg_stat_user_indexes": (
        _columns(
            "relid:o indexrelid:o schemaname:t relname:t indexrelname:t idx_scan:b "
            "idx_tup_read:b idx_tup_fetch:b"
        ),
        _index_statistics,
    ),
    "pg_stat_statements": (
        _columns(
            "userid:o dbid:o toplevel:? queryid:b query:t calls:b total_exec_time:f "
            "mean_exec_time:f min_exec_time:f max_exec_time:f stddev_exec_time:f rows:b "
            "shared_blks_hit:b shared_blks_read:b temp_blks_written:b blk_read_time:f "
            "blk_write_time:f"
        ),
        _statements,
    ),
    "pg_stat_database": (
        _columns(
            "datid:o datname:t numbackends:i xact_commit:b xact_rollback:b blks_read:b blks_hit:b "
            "tup_returned:b tup_fetched:b tup_inserted:b tup_updated:b tup_deleted:b conflicts:b "
            "temp_files:b temp_bytes:b deadlocks:b blk_read_time:f blk_write_time:f stats_reset:z"
        ),
        _database_statistics,
    ),
    "pg_tables": (
        _columns(
            "schemaname:t tablename:t tableowner:t tablespace:t hasindexes:? hasrules:? "
            "hastriggers:? rowsecurity:?"
        ),
        lambda c: [
            ["public", t.name, "postgres", None, bool(t.indexes), False, False, False]
            for t, _ in c.tables
        ],
    ),
    "pg_indexes": (
        _columns("schemaname:t tablename:t indexname:t tablespace:t indexdef:t"),
        lambda c: [["public", i.table, i.name, None, i.definition] for i in c.indexes],
    ),
    "pg_settings": (
        _columns("name:t setting:t unit:t category:t short_desc:t"),
        settings,
    ),
    "pg_database": (
        _columns("oid:o datname:t datdba:o datistemplate:? datallowconn:? datconnlimit:i"),
        lambda c: [[16_384, c.database.name, 10, False, True, -1]],
    ),
    "pg_class": (
        _columns(
            "oid:o relname:t relnamespace:o relowner:o relkind:t reltuples:f relpages:i "
            "relhasindex:?"
        ),
        _classes,
    ),
    "pg_namespace": (
        _columns("oid:o nspname:t nspowner:o"),
        lambda _: [[2_200, "public", 10], [11, "pg_catalog", 10]],
    ),
    "pg_index": (
        _columns("indexrelid:o indrelid:o indisunique:? indisprimary:? indisvalid:?"),
        lambda c: [[i.oid, i.table_oid, i.unique, i.primary, True] for i in c.indexes],
    ),
    "pg_user": (
        _columns("usename:t usesysid:o usecreatedb:? usesuper:?"),
        lambda c: [[c.database.user, 16_385, False, False], ["postgres", 10, True, True]],
    ),
    "pg_roles": (
        _columns("rolname:t oid:o rolsuper:? rolcreatedb:? rolcanlogin:? rolconnlimit:i"),
        lambda c: [
            [c.database.user, 16_385, False, False, True, -1],
            ["postgres", 10, True, True, True, -1],
        ],
    ),
    "pg_extension": (
        _columns("oid:o extname:t extversion:t"),
        lambda _: [[13_500, "plpgsql", "1.0"], [16_390, "pg_stat_statements", "1.10"]],
    ),
    "pg_stat_replication": (
        _columns("pid:i usename:t application_name:t state:t sync_state:t replay_lag:t"),
        lambda _: [],
    ),
    "pg_replication_slots": (
        _columns("slot_name:t plugin:t slot_type:t active:? restart_lsn:t"),
        lambda _: [],
    ),
    "pg_prepared_xacts": (
        _columns("transaction:b gid:t prepared:z owner:t database:t"),
        lambda _: [],
    ),
    "_blocks": (_columns("_pid:i _blocker:i"), _blocks),
    "_relations": (_columns("_oid:o _name:t _shown:t _heap:b _total:b"), _relations),
}
"""Every view: its columns and how its rows are made. The last two are our own."""

SAME_VIEW: Mapping[str, str] = {
    "pg_stat_all_tables": "pg_stat_user_tables",
    "pg_stat_all_indexes": "pg_stat_user_indexes",
}
