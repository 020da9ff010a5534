"""Queries run by a real engine over the simulated catalogue, closed off from everything else."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from simulator.world.shell.database.errors import SqlError, translated

if TYPE_CHECKING:
    import duckdb

SECONDS = 2.0
MOST_ROWS = 3_000

_NUMBERS = re.compile(r"(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE|DECIMAL.*)\Z")

# Functions of the engine that would let the machine it runs on show through.
_FORBIDDEN = re.compile(
    r"(duckdb_\w+|read_\w+|pragma_\w+|parquet_\w+|sniff_\w+|icu_\w+|json_execute\w*|getenv|"
    r"getvariable|glob|query|query_table|today|get_current_\w+|current_local\w+|uuid\w*|setseed|which_secret|write_log|"
    r"which|format|printf|bar|sql_auto_complete|from_substrait\w*|test_\w+|"
    r"array_fill|list_resize|array_resize|range|list_transform|list_apply|apply|list_reduce|"
    r"regexp_split_to_array|translate|load_aws_credentials|checkpoint|force_checkpoint|"
    r"storage_info|summary|repeat_row|seq_scan|arrow_scan\w*|pandas_scan|python_map_function|"
    r"add_parquet_key|open_table_files|enable_\w+|disable_\w+|parse_\w+_log\w*)\Z"
)


@dataclass(frozen=True)
class TableOf:
    """A table to build: its columns with their types, and its rows."""

    name: str
    columns: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[Any]] = ()
    schema: str = "main"


@dataclass(frozen=True)
class Result:
    """What a query returned, as texts in PostgreSQL's spelling."""

    names: list[str]
    numeric: list[bool]
    rows: list[list[str | None]]
    cut: bool = False


@dataclass
class Engine:
    """A database that lives for one query."""

    tables: Sequence[TableOf]
    macros: Sequence[str]
    database: str = "postgres"
    settings: list[str] = field(default_factory=list)

    def run(self, query: str) -> Result:
        """Return the result of a query; raise SqlError where it has none."""
        import duckdb

        for name in re.findall(r"\"?\b([A-Za-z_]\w*)\"?\s*\(", query):
            if _FORBIDDEN.match(name.lower()):
                raise SqlError(
                    f"function {name.lower()}(unknown) does not exist", name, _NO_FUNCTION
                )
        connection = duckdb.connect(
            ":memory:",
            config={
                "threads": 1,
                "memory_limit": "192MB",
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )
        timer = threading.Timer(SECONDS, connection.interrupt)
        try:
            self._prepare(connection)
            timer.start()
            return self._result(connection, query)
        except duckdb.Error as error:
            raise translated(str(error), query) from None
        except (RuntimeError, ValueError, OverflowError, MemoryError):
            raise SqlError("out of memory") from None
        finally:
            timer.cancel()
            connection.close()

    def _prepare(self, connection: duckdb.DuckDBPyConnection) -> None:
        name = self.database.replace('"', "")
        connection.execute(
            f'ATTACH \':memory:\' AS "{name}"; USE "{name}"; CREATE SCHEMA public;'
            f'SET search_path=\'"{name}".public,"{name}".main\';'
            "SET enable_external_access=false; SET integer_division=true; SET TimeZone='UTC';"
        )
        for table in self.tables:
            columns = ", ".join(f'"{column}" {kind}' for column, kind in table.columns)
            connection.execute(f'CREATE TABLE {table.schema}."{table.name}" ({columns})')
            if table.rows:
                lists = [list(column) for column in zip(*table.rows, strict=True)]
                picked = ", ".join(
                    f"CAST(unnest(CAST(? AS {'VARCHAR' if _timed(kind) else kind}[])) AS {kind})"
                    for _, kind in table.columns
                )
                connection.execute(
                    f'INSERT INTO {table.schema}."{table.name}" SELECT {picked}', lists
                )
        for macro in self.macros:
            connection.execute(f"CREATE MACRO {macro}")
        connection.execute("SET lock_configuration=true")

    def _result(self, connection: duckdb.DuckDBPyConnection, query: str) -> Result:
        described = connection.execute(f"DESCRIBE {query}").fetchall()
        names = [str(row[0]) for row in described]
        kinds = [str(row[1]) for row in described]
        columns = [f"c{place}" for place in range(len(names))]
        picked = ", ".join(
            column if kind.endswith("]") or kind == "BOOLEAN" else f"CAST({column} AS VARCHAR)"
            for column, kind in zip(columns, kinds, strict=True)
        )
        found = connection.execute(
            f"SELECT {picked} FROM (\n{query}\n) AS q({', '.join(columns)}) LIMIT {MOST_ROWS + 1}"
        ).fetchall()
        rows = [
            [_spelled(value, kind) for value, kind in zip(row, kinds, strict=True)]
            for row in found[:MOST_ROWS]
        ]
        numeric = [_NUMBERS.match(kind) is not None for kind in kinds]
        return Result(names, numeric, rows, len(found) > MOST_ROWS)


_NO_FUNCTION = (
    "No function matches the given name and argument types. "
    "You might need to add explicit type casts."
)


def _timed(kind: str) -> bool:
    return kind.startswith(("TIMESTAMP", "INTERVAL"))


def _spelled(value: Any, kind: str) -> str | None:
    """Spell a value as PostgreSQL does."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, list | tuple):
        inner = (_spelled(item, "") for item in value)
        return "{" + ",".join("NULL" if item is None else _element(item) for item in inner) + "}"
    text = str(value)
    if kind in ("DOUBLE", "FLOAT"):
        return text.removesuffix(".0")
    if kind == "DECIMAL(30,6)" and "." in text:
        return text.rstrip("0").rstrip(".")
    if kind == "INTERVAL":
        return re.sub(r"\bmonth", "mon", text)
    return text


def _element(text: str) -> str:
    return text if re.fullmatch(r"[\w.:+-]+", text) else '"' + text.replace('"', '\\"') + '"'
