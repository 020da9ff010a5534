"""Statements that are not queries: those the system answers, and what a limited role is told."""

from __future__ import annotations

import re

import re2

from simulator.content.terminal import Database
from simulator.world.shell.action_call import start_action
from simulator.world.shell.answer import Printed
from simulator.world.shell.database.errors import SqlError
from simulator.world.shell.scene import Scene
from simulator.world.shell.sql_text import first_word, fold, is_statement, uncommented

_TAGS = {
    "begin": "BEGIN",
    "start": "START TRANSACTION",
    "commit": "COMMIT",
    "end": "COMMIT",
    "rollback": "ROLLBACK",
    "abort": "ROLLBACK",
    "set": "SET",
    "reset": "RESET",
    "discard": "DISCARD ALL",
    "listen": "LISTEN",
    "savepoint": "SAVEPOINT",
    "release": "RELEASE",
}
_TABLE = re.compile(
    r"(?is)^(?:insert\s+into|delete\s+from|update|truncate(?:\s+table)?|lock(?:\s+table)?|copy)"
    r'\s+(?:only\s+)?(?:public\.)?("[^"]+"|\w+)'
)
_OWNED = re.compile(
    r"(?is)^(?:alter|drop)\s+table\s+(?:if\s+exists\s+)?(?:public\.)?(\"[^\"]+\"|\w+)"
    r"|^create\s+(?:unique\s+)?index\s+.*?\bon\s+(?:public\.)?(\"[^\"]+\"|\w+)"
    r"|^(?:reindex|cluster)\s+(?:table\s+)?(?:public\.)?(\"[^\"]+\"|\w+)"
)


def declared(scene: Scene, database: Database, statement: str) -> Printed | None:
    """Return what the system makes of a statement, None when it declares nothing of the kind."""
    folded = fold(statement)
    for known in database.statements:
        found = re2.match(f"(?is){known.match}", folded)
        if found is None:
            continue
        groups = found.groupdict()
        args = {}
        for name, group in known.args.items():
            if group.isdigit() and int(group) <= len(found.groups()):
                value = found.group(int(group))
            else:
                value = groups.get(group, group)
            if value is not None:
                args[name] = value.strip('"')
        # its tag, such as CREATE INDEX, is what the action's outcome says
        started = start_action(scene, known.action, args)
        return started if started.out.strip() else started.but(out="")
    return None


def refused(database: Database, statement: str) -> str:
    """Return a plain tag for what changes nothing; raise what a limited role is told otherwise."""
    word = first_word(statement)
    text = uncommented(statement)
    if word in _TAGS:
        return _TAGS[word]
    if not is_statement(statement):
        first = re.match(r'\w+|"[^"]*"|\S', text)
        shown = first[0] if first else ""
        raise SqlError(f'syntax error at or near "{shown}"', shown)
    table = _TABLE.match(text)
    if table:
        name = _known(database, table[1])
        raise SqlError(f"permission denied for table {_bare(name)}")
    owned = _OWNED.match(text)
    if owned:
        name = _known(database, next(filter(None, owned.groups())))
        raise SqlError(f"must be owner of table {_bare(name)}")
    if word in ("vacuum", "analyze"):
        return f"WARNING:  permission denied to {word} the tables, skipping them\n{word.upper()}"
    kind = text.split()[1].lower() if len(text.split()) > 1 else ""
    if word in ("create", "alter", "drop", "grant", "revoke"):
        if kind in ("role", "user"):
            raise SqlError(f"permission denied to {word} role")
        if kind in ("database", "system", "extension", "tablespace"):
            raise SqlError(f"permission denied to {word} {kind}")
        raise SqlError("permission denied for schema public")
    raise SqlError("permission denied")


def _known(database: Database, name: str) -> str:
    folded = name[1:-1] if name.startswith('"') else name.lower()
    if folded not in {table.name for table in database.tables}:
        raise SqlError(f'relation "{folded}" does not exist', name)
    return folded


def _bare(name: str) -> str:
    return name if re.fullmatch(r"\w+", name) else f'"{name}"'
