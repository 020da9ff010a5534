from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.world_shell.conftest import Typist


SEED = """-- Connection health check
SELECT 1;

-- Active connections count
SELECT count(*) FROM pg_stat_activity;

-- Long-running queries (> 5 seconds)
SELECT pid, now() - pg_stat_activity.query_start AS duration, query
FROM pg_stat_activity
WHERE (now() - pg_stat_activity.query_start) > interval '5 seconds';

-- Database size
SELECT pg_size_pretty(pg_database_size(current_database()));

-- Table sizes
SELECT schemaname, tablename, pg_size_pretty(pg_total_relation_size(schemaname||'.'||tablename))
FROM pg_tables
ORDER BY pg_total_relation_size(schemaname||'.'||tablename) DESC;
"""
"""The five diagnostic queries of a real runbook, verbatim."""

SHAPES = [
    " ?column? \n----------\n        1\n(1 row)\n",
    " count \n-------\n    18\n(1 row)\n",
    None,
    " pg_size_pretty \n----------------\n 8192 MB\n(1 row)\n",
    " schemaname | tablename | pg_size_pretty \n"
    "------------+-----------+----------------\n"
    " public     | Order     | 2048 MB\n"
    " public     | item      | 320 kB\n"
    "(2 rows)\n",
]


@pytest.mark.parametrize("in_psql", [False, True])
def test_the_seeds_queries_work_all_at_once(typist: Typist, in_psql: bool) -> None:
    if in_psql:
        typist.type("psql")
    answered = typist.type(SEED)
    assert not answered.failed
    for shape in SHAPES:
        assert shape is None or shape in answered.output
    assert "  pid  |    duration     |                  query" in answered.output
    assert answered.canonical.startswith("SELECT 1; SELECT count(*) FROM pg_stat_activity;")


def test_the_seeds_queries_work_one_by_one_with_their_remarks(psql: Typist) -> None:
    for part, shape in zip(SEED.split("\n\n"), SHAPES, strict=True):
        output = psql.output(part)
        assert shape is None or output == shape


def test_long_queries_are_those_that_are_old(psql: Typist) -> None:
    rows = psql.output(
        "SELECT (now() - query_start) > interval '5 seconds', state, count(*) "
        "FROM pg_stat_activity GROUP BY 1, 2 ORDER BY 3;"
    )
    assert " t        | idle in transaction |     3" in rows


def test_statements_go_over_several_lines(psql: Typist) -> None:
    assert psql.prompt == "shop=> "
    assert psql.output("select (1") == ""
    assert psql.prompt == "shop(> "
    assert psql.output("+ 2) as") == ""
    assert psql.prompt == "shop-> "
    answered = psql.type('"sum";')
    assert answered.output == " sum \n-----\n   3\n(1 row)\n"
    assert answered.canonical == 'select (1 + 2) as "sum";'
    psql.type("select 'open")
    assert psql.prompt == "shop'> "
    psql.type("'")
    assert psql.output("\\r") == "Query buffer reset (cleared).\n"
    assert psql.prompt == "shop=> "


def test_a_prompt_takes_the_next_line_and_a_statement_names_it(psql: Typist) -> None:
    assert psql.output("\\prompt 'Which word: ' word") == ""
    assert psql.prompt == "Which word: "
    assert psql.output("it's; select 2;") == ""
    assert psql.prompt == "shop=> "
    assert (
        psql.output("select :'word' as w, 'a'::text as t;").splitlines()[2]
        == " it's; select 2; | a"
    )
    assert psql.output("\\set n 3") == ""
    assert psql.output("select :n as n;").splitlines()[2] == " 3"
    assert psql.type("\\prompt").failed


def test_leaving_and_looking_around(psql: Typist) -> None:
    assert psql.output("\\dt").splitlines()[:2] == [
        "         List of relations",
        " Schema | Name  | Type  |  Owner   ",
    ]
    assert '"Order_pkey" PRIMARY KEY, btree (id)' in psql.output('\\d "Order"')
    assert "Did not find any relation" in psql.output("\\d Order")
    assert " shop      | postgres" in psql.output("\\l")
    assert psql.output("\\conninfo").startswith('You are connected to database "shop"')
    assert psql.output("\\timing") == "Timing is on.\n"
    assert "Time: " in psql.output("select 1;")
    assert psql.output("\\frob") == "invalid command \\frob\nTry \\? for help.\n"
    assert psql.type("\\q").context.mode == "shell"
    assert psql.prompt == "ops@laptop:~$ "


def test_expanded_output(psql: Typist) -> None:
    psql.type("\\x")
    assert psql.output("select pid, 1 as a_longer_name from pg_stat_activity limit 1;") == (
        f"-[ RECORD 1 ]-+------\npid           | {_first_pid(psql)}\na_longer_name | 1\n"
    )
    psql.type("\\x off")
    assert psql.output("select 1 as a \\gx") == "-[ RECORD 1 ]\na | 1\n"


def _first_pid(psql: Typist) -> str:
    psql.type("\\x off")
    output = psql.output("select pid from pg_stat_activity limit 1;")
    psql.type("\\x on")
    return output.splitlines()[2].strip()


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("selec 1;", 'ERROR:  syntax error at or near "selec"\nLINE 1: selec 1\n        ^\n'),
        (
            "select nosuch\nfrom item;",
            'ERROR:  column "nosuch" does not exist\nLINE 1: select nosuch\n               ^\n',
        ),
        (
            "select *\nfrom orders;",
            'ERROR:  relation "orders" does not exist\nLINE 2: from orders\n             ^\n',
        ),
        (
            "select * from Order;",
            'ERROR:  relation "order" does not exist\nLINE 1: select * from Order\n'
            "                      ^\n",
        ),
        (
            'select createdAt from "Order";',
            'ERROR:  column "createdat" does not exist\nLINE 1: select createdAt from "Order"\n'
            "               ^\nHINT:  Perhaps you meant to reference the column "
            '"Order.createdAt".\n',
        ),
        ("select 1/0;", "ERROR:  division by zero\n"),
        ("select * from item where;", "ERROR:  syntax error at"),
        ("select frob(1);", "ERROR:  function frob(unknown) does not exist\n"),
        ("select a.id from item b;", 'ERROR:  missing FROM-clause entry for table "a"\n'),
        ("select 'x'::int;", 'ERROR:  invalid input syntax for type integer: "x"\n'),
        ("update item set id = 1;", "ERROR:  permission denied for table item\n"),
        ('drop table "Order";', "ERROR:  must be owner of table Order\n"),
        ("truncate nosuch;", 'ERROR:  relation "nosuch" does not exist\n'),
        ("alter role x superuser;", "ERROR:  permission denied to alter role\n"),
        ("create table t (a int);", "ERROR:  permission denied for schema public\n"),
        ("show nosuch;", 'ERROR:  unrecognized configuration parameter "nosuch"\n'),
        ("explain analyze select 1;", "ERROR:  EXPLAIN ANALYZE is not available"),
        ("select read_csv('/etc/passwd');", "ERROR:  function read_csv(unknown) does not exist\n"),
        ("select * from '/etc/passwd';", "ERROR:  "),
        ("select * from duckdb_settings();", "ERROR:  function duckdb_settings(unknown)"),
        ("copy item to '/tmp/x';", "ERROR:  permission denied for table item\n"),
        ("attach 'x';", 'ERROR:  syntax error at or near "attach"\n'),
        ("pragma version;", 'ERROR:  syntax error at or near "pragma"\n'),
    ],
)
def test_errors_speak_as_postgres_does(psql: Typist, query: str, error: str) -> None:
    answered = psql.type(query)
    assert answered.failed
    assert answered.output.startswith(error)


@pytest.mark.parametrize(
    ("query", "cells"),
    [
        ("show max_connections;", ["100"]),
        ("select setting::int from pg_settings where name = 'max_connections';", ["100"]),
        ("select current_database(), current_user;", ["shop", "shop_app"]),
        ("select to_char(now(), 'HH24:MI'), now()::date;", ["14:01", "2025-03-04"]),
        ("select date_trunc('hour', current_timestamp);", ["2025-03-04 14:00:00+00"]),
        ("select current_date, localtimestamp::date;", ["2025-03-04", "2025-03-04"]),
        ("select 7/2, 7 % 2, true, null::int, array[1,2];", ["3", "1", "t", "", "{1,2}"]),
        ('select count(*) from "Order";', ["812345"]),
        ('select count(*) from "Order" where id < 5;', ["4"]),
        ("select * from user;", ["shop_app"]),
        (
            "select pg_size_pretty(10239::bigint), pg_size_pretty(10240::bigint);",
            ["10239 bytes", "10 kB"],
        ),
        ("select relname from pg_stat_user_tables where seq_scan > 1000;", ["Order"]),
        ("select deadlocks, numbackends from pg_stat_database;", ["0", "18"]),
        ("select count(*) from pg_indexes;", ["2"]),
        (
            "select round(mean_exec_time::numeric, 2) from pg_stat_statements where calls > 9000;",
            ["412.50"],
        ),
        ("select count(*) from pg_locks where not granted;", ["2"]),
        (
            "select count(*) from pg_stat_activity where cardinality(pg_blocking_pids(pid)) > 0;",
            ["2"],
        ),
        (
            "select distinct relation::regclass from pg_locks where locktype = 'relation';",
            ['"Order"'],
        ),
        ("select count(*) from information_schema.tables where table_schema = 'public';", ["2"]),
        ("select age(now(), now() - interval '40 days');", ["40 days"]),
        ("select length(repeat('x', 2000000000));", ["100000"]),
        (
            "select c.relname from pg_catalog.pg_class c where c.relkind = 'r' order by 1;",
            ["Order", "item"],
        ),
    ],
)
def test_queries_that_people_use(psql: Typist, query: str, cells: list[str]) -> None:
    answered = psql.type(query)
    assert not answered.failed, answered.output
    rows = [row for row in answered.output.splitlines()[2:] if not row.startswith("(")]
    assert [cell.strip() for row in rows for cell in row.split("|")] == cells


def test_the_clock_is_the_simulations(psql: Typist) -> None:
    for call in ("now()", "current_timestamp", "clock_timestamp()", "statement_timestamp()"):
        assert " 2025-03-04 14:01:00." in psql.output(f"select {call};")
    for query in ("select random();", "select gen_random_uuid();"):
        assert psql.output(query) == psql.output(query)
    for query in ("select today();", 'select "today"();', "select get_current_timestamp();"):
        assert psql.output(query).startswith("ERROR:  function ")


def test_ending_sessions_becomes_the_groups_action(psql: Typist) -> None:
    answered = psql.type(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE state = 'idle in transaction' AND pid <> pg_backend_pid();"
    )
    assert answered.action == "end-leaks"
    assert answered.args["count"] == "3"
    assert answered.args["group"] == "leak"
    assert answered.output == " pg_terminate_backend \n" + "-" * 22 + "\n t\n t\n t\n(3 rows)\n"

    pid = answered.args["pid"]
    one = psql.type(f"select pg_cancel_backend({pid});")
    assert (one.action, one.args["count"], one.args["pid"]) == ("end-leaks", "1", pid)

    nobody = psql.type("select pg_terminate_backend(1);")
    assert nobody.action is None
    assert " f\n" in nobody.output
    idle = psql.type("select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle';")
    assert idle.action is None
    counted = psql.type("select count(*) from pg_stat_activity where pg_terminate_backend(pid);")
    assert counted.action is None


def test_a_declared_statement_is_an_action(psql: Typist) -> None:
    answered = psql.type('CREATE INDEX\n CONCURRENTLY ON "Order" ("customer"); -- quick')
    assert (answered.action, dict(answered.args)) == ("add-index", {"table": "Order"})
    assert answered.takes == 40
    assert answered.output == ""


def test_only_one_change_at_a_time(psql: Typist) -> None:
    answered = psql.type('create index on "Order" (id); create index on item (id);')
    assert answered.args["table"] == "Order"
    assert "(the rest was not run: one change at a time)" in answered.output


def test_explain_reads_the_declared_indexes(psql: Typist) -> None:
    assert 'Index Scan using "Order_pkey" on "Order"' in psql.output(
        'explain select * from "Order" where id = 4;'
    )
    output = psql.output("explain select * from \"Order\" where customer = 'Ada';")
    assert ' Seq Scan on "Order"  (cost=0.00..' in output
    assert "   Filter: (customer = 'Ada'::text)\n" in output


def test_a_database_that_cannot_be_reached(typist: Typist) -> None:
    typist.type("psql")
    typist.state.variables["db.up"] = "full"
    assert not typist.type("select 1;").failed, "an open session goes on"
    typist.type("\\q")
    assert "too many clients" in typist.output('psql "$DATABASE_URL"')
    assert typist.context.mode == "shell"
    assert "too many clients" in typist.output("SELECT 1;")
    typist.state.variables["db.up"] = "no"
    assert typist.output("psql -c 'select 1'").startswith("psql: error: connection to server")


def test_calls_from_the_shell(typist: Typist) -> None:
    assert typist.output("psql $DATABASE_URL -Atc 'select 1, 2'") == "1|2\n"
    assert typist.output("psql -xc 'select 1 as a'") == "-[ RECORD 1 ]\na | 1\n"
    assert typist.output("echo 'select 1 as a;' | psql") == " a \n---\n 1\n(1 row)\n"
    assert typist.output("psql -c 'select 1 as a' | grep -c row") == "1\n"
    assert typist.output("psql -c '\\dt' | grep -c table") == "2\n"
    assert typist.output("psql --frob").startswith("psql: unrecognized option")
    assert "not available" in typist.output("psql -f fix.sql")


def test_a_query_that_never_ends_is_cancelled(psql: Typist) -> None:
    start = time.monotonic()
    answered = psql.type("select sum(1) from generate_series(1, 100000000000);")
    assert time.monotonic() - start < 4
    assert answered.output == "ERROR:  canceling statement due to statement timeout\n"


def test_blocked_and_blocking(psql: Typist) -> None:
    output = psql.output(
        "SELECT a.pid, unnest(pg_blocking_pids(a.pid)) AS blocker FROM pg_stat_activity a "
        "WHERE wait_event_type = 'Lock';"
    )
    blockers = {row.split("|")[1].strip() for row in output.splitlines()[2:4]}
    leak = psql.output("select min(pid) from pg_stat_activity where state like 'idle in%';")
    assert len(blockers) == 1
    assert "transactionid" in psql.output("select distinct locktype from pg_locks;")
    assert leak


def test_pids_stay_and_ages_grow(psql: Typist) -> None:
    query = "select pid from pg_stat_activity where application_name = 'report' order by pid;"
    before = psql.output(query)
    psql.state.t += 5
    assert psql.output(query) == before
