"""What a terminal reaches in a system: tools, endpoints, the database behind psql."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from simulator.content.base import Case, Document, Expr, Line, Name, Seconds, Text


class Command(Document):
    """A command line, as a pattern: `vercel rollback [{deployment}] [--yes]`.

    Words must match; {name} takes one word, {name:a|b} one of those, [..] may be left out,
    {name...} takes the rest. It shows `says` (first case that holds) or does an action.
    """

    id: Name | None = None
    pattern: Line
    also: list[Line] = []
    says: list[Says] = []
    action: Name | None = None
    args: dict[Name, Line] = {}
    takes: Seconds = 0
    view: Name | None = Field(default=None, description="Counts as opening this dashboard.")
    logs: Name | None = Field(default=None, description="Prints the newest lines of a log stream.")


class Says(Document):
    """An output: text, or a header and a line for each row of a table."""

    if_: Expr | None = Field(default=None, alias="if")
    text: str = ""
    table: Name | None = None
    where: dict[Name, Line] = {}
    row: str = ""
    newest_first: bool = False
    limit: int = Field(default=20, ge=1, le=200)
    after: str = ""
    empty: str = Field(default="", description="Instead, and failed, where no row matches.")
    fails: bool = False


class Tool(Document):
    """A command line tool: what `--help` prints, its flags, and the commands it answers."""

    id: Name
    title: Line
    help: Text
    aliases: list[Line] = []
    value_flags: list[Line] = Field(default=[], description="Flags that take a value.")
    same_flags: dict[Line, Line] = Field(default={}, description="Short flag -> long flag.")
    ignored_flags: list[Line] = []
    same_words: dict[Line, Line] = Field(default={}, description="Other words for a word.")
    unknown: Line = Field(description="Its own error; {word} is what it did not understand.")
    commands: list[Command] = []


class EndpointCase(Document):
    """An answer; with `share`, given to that percentage of requests (a metric's value)."""

    if_: Expr | None = Field(default=None, alias="if")
    share: Name | None = None
    status: int = Field(ge=0, le=599, description="0: no answer, curl times out.")
    seconds: Expr | None = None
    headers: dict[Line, Line] = {}
    body: str = ""


class Endpoint(Document):
    """A URL that curl can ask."""

    url: Line
    method: Literal["GET", "POST", "PATCH", "DELETE"] = "GET"
    title: Line
    cases: list[EndpointCase] = []
    action: Name | None = None


class Column(Document):
    name: Line
    type: Literal["text", "int", "bigint", "timestamp", "boolean", "float", "interval"]
    value: Line = Field(description="{n}, {pool}, {number:1:9}, {ago:60:86400}, or a plain value.")


class DatabaseTable(Document):
    """A business table: real small rows, and the size production's would have."""

    name: Line
    bytes: Expr
    live_rows: int = Field(ge=0)
    seq_scans: Expr | None = None
    index_scans: Expr | None = None
    rows: int = Field(ge=0, le=500)
    columns: list[Column]
    indexes: list[Line] = []


class SessionGroup(Document):
    """Sessions of pg_stat_activity: how many, doing what. Killing one does `terminate`."""

    id: Name
    count: Expr
    user: Line
    application: Line
    state: Literal["active", "idle", "idle in transaction"]
    query: Line
    wait_type: Line | None = None
    wait_event: Line | None = None
    seconds: tuple[Expr, Expr] = Field(description="Age of the query: least and greatest.")
    blocked_by: Name | None = None
    terminate: Name | None = None
    cancel: Name | None = None


class Statement(Document):
    """SQL that changes something: recognised by pattern (google-re2, case does not matter)."""

    id: Name
    match: Line
    action: Name
    args: dict[Name, Line] = Field(default={}, description="Action's argument -> group of match.")


class StatementStats(Document):
    query: Line
    calls: Expr
    mean_ms: Expr


class Database(Document):
    """The database that psql speaks to."""

    name: Line
    user: Line
    version: Line
    connect: list[Case] = Field(
        default=[], description="Errors on connecting: the first case that holds."
    )
    bytes: Expr
    max_connections: int
    sessions: list[SessionGroup]
    tables: list[DatabaseTable]
    statistics: list[StatementStats] = []
    statements: list[Statement] = []


Command.model_rebuild()
