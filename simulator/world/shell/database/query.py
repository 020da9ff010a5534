"""One query, from its text to what psql prints of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from simulator.world.shell.answer import Printed, ShellContext
from simulator.world.shell.database import kill
from simulator.world.shell.database.aligned import aligned, bare, expanded
from simulator.world.shell.database.catalogue import Catalogue
from simulator.world.shell.database.engine import Engine, Result
from simulator.world.shell.database.errors import SqlError
from simulator.world.shell.database.explain import plan_of
from simulator.world.shell.database.functions import macros
from simulator.world.shell.database.headings import headings
from simulator.world.shell.database.rewrite import rewritten
from simulator.world.shell.database.statement import declared, refused
from simulator.world.shell.database.views import settings, tables_for
from simulator.world.shell.scene import Scene
from simulator.world.shell.sql_text import first_word, fold, mentions

_COUNT = re.compile(r'(?i)select count\(\*\)(?: as \w+)? from (?:public\.)?("[^"]+"|[a-z_]\w*)\Z')


@dataclass(frozen=True)
class Shape:
    """How results are shown."""

    expanded: bool = False
    tuples_only: bool = False
    aligned: bool = True

    @classmethod
    def of(cls, context: ShellContext) -> Shape:
        """Return the shape that a context asks for."""
        return cls(context.expanded, context.tuples_only, context.aligned)


def run_statement(scene: Scene, statement: str, shape: Shape) -> Printed:
    """Return what one finished statement prints, and what it does."""
    database = scene.world.system.database
    assert database is not None
    catalogue = Catalogue(scene, database, statement)
    try:
        answered = declared(scene, database, statement)
        if answered is not None:
            return answered
        word = first_word(statement)
        if word == "explain":
            return Printed(_shown(_plan(catalogue, statement), shape))
        if word == "show":
            return Printed(_shown(_setting(catalogue, statement), shape))
        if word not in ("select", "with", "values", "table"):
            return Printed(f"{refused(database, statement)}\n")
        return _query(catalogue, statement, shape)
    except SqlError as error:
        return Printed(err=error.shown(statement) + "\n", failed=True, near=True)


def _query(catalogue: Catalogue, statement: str, shape: Shape) -> Printed:
    query = rewritten(statement, catalogue.database)
    tables = tables_for(catalogue, mentions(query))
    own = macros(catalogue, query)
    name = catalogue.database.name
    if not kill.calls(query):
        result = Engine(tables, own, name).run(query)
        return Printed(_shown(_named(catalogue, statement, result), shape))
    result = Engine(tables, own + kill.macros(catalogue, False), name).run(query)
    try:
        marked = Engine(tables, own + kill.macros(catalogue, True), name).run(query)
    except SqlError:
        # called where only true or false fits, as in WHERE: nothing tells whom it reached
        return Printed(_shown(_named(catalogue, statement, result), shape))
    done = kill.carried_out(catalogue, kill.reached(catalogue, marked))
    if done.failed:
        return done
    return done.but(out=_shown(_named(catalogue, statement, result), shape))


def _named(catalogue: Catalogue, statement: str, result: Result) -> Result:
    names = headings(statement, result.names)
    counted = _COUNT.match(fold(statement))
    rows = result.rows
    if counted:
        # a sample of each business table stands in the engine; its count is the declared one
        name = counted[1].strip('"')
        sizes = {table.name: table.live_rows for table, _ in catalogue.tables}
        rows = [[str(sizes[name])]] if name in sizes else rows
    return Result(names, result.numeric, rows, result.cut)


def _plan(catalogue: Catalogue, statement: str) -> Result:
    return Result(["QUERY PLAN"], [False], [[line] for line in plan_of(catalogue, statement)])


def _setting(catalogue: Catalogue, statement: str) -> Result:
    wanted = fold(statement)[4:].strip().strip('"')
    values = {str(row[0]): str(row[1]) for row in settings(catalogue)}
    if wanted.lower() == "all":
        return Result(["name", "setting"], [False, False], [[k, v] for k, v in values.items()])
    names = {name.lower(): name for name in values}
    if wanted.lower() not in names:
        raise SqlError(f'unrecognized configuration parameter "{wanted}"')
    name = names[wanted.lower()]
    return Result([name], [False], [[values[name]]])


def _shown(result: Result, shape: Shape) -> str:
    cut = f"(only the first {len(result.rows)} rows are shown here)\n" if result.cut else ""
    if shape.expanded:
        text = expanded(result.names, result.rows)
    elif shape.tuples_only or not shape.aligned:
        text = bare(result.names, result.rows, not shape.tuples_only, shape.aligned)
    elif not result.names:
        text = f"--\n({len(result.rows)} row{'' if len(result.rows) == 1 else 's'})"
    else:
        text = aligned(result.names, result.numeric, result.rows)
    return f"{text}\n{cut}" if text else cut
