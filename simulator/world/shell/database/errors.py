"""The engine's complaints, in PostgreSQL's words."""

from __future__ import annotations

import re
from collections.abc import Callable

from simulator.world.shell.sql_text import pieces

_NO_FUNCTION = (
    "No function matches the given name and argument types. "
    "You might need to add explicit type casts."
)
_TYPES = {
    "INT32": "integer",
    "INT64": "bigint",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "DOUBLE": "double precision",
    "BOOLEAN": "boolean",
    "BOOL": "boolean",
    "TIMESTAMP": "timestamp",
    "INTERVAL": "interval",
}


class SqlError(ValueError):
    """An error of the database: its text, the word it is about, a hint."""

    def __init__(self, text: str, word: str = "", hint: str = "", detail: str = "") -> None:
        super().__init__(text)
        self.text = text
        self.word = word
        self.hint = hint
        self.detail = detail

    def shown(self, statement: str) -> str:
        """Return it as psql prints it, with the line and a caret where the word stands."""
        rows = [f"ERROR:  {self.text}"]
        place = _place(statement, self.word)
        if place is not None:
            number = statement.count("\n", 0, place) + 1
            start = statement.rfind("\n", 0, place) + 1
            end = statement.find("\n", place)
            line = statement[start : len(statement) if end < 0 else end].expandtabs(8)
            column = len(statement[start:place].expandtabs(8))
            cut = max(0, column - 50)
            mark = f"LINE {number}: " + ("..." if cut else "")
            rows.append(f"{mark}{line[cut:]}")
            rows.append(" " * (len(mark) + column - cut) + "^")
        if self.detail:
            rows.append(f"DETAIL:  {self.detail}")
        if self.hint:
            rows.append(f"HINT:  {self.hint}")
        return "\n".join(rows)


def _place(statement: str, word: str) -> int | None:
    if not word:
        return None
    wanted = word.lower()
    for _, text, at in pieces(statement):
        if text.lower() == wanted or text.strip('"').lower() == wanted:
            return at
    found = statement.lower().find(wanted)
    return found if found >= 0 else None


Rule = Callable[[re.Match[str]], SqlError]


def translated(message: str, query: str) -> SqlError:
    """Return PostgreSQL's error for one of the engine's."""
    first = message.split("\n", 1)[0]
    for expression, make in _RULES:
        found = re.search(expression, first)
        if found:
            return _folded(make(found), query)
    text = first.partition("Error: ")[2] or first
    return SqlError(re.split(r"[.!](?:\s|$)", text)[0][:200] or "internal error")


def _folded(error: SqlError, query: str) -> SqlError:
    """Write a name that stood without quotes in small letters, as the server has it by then."""
    if error.word.isidentifier() and f'"{error.word}"' not in query:
        error.text = error.text.replace(f'"{error.word}"', f'"{error.word.lower()}"')
    return error


def _of(text: str, hint: str = "", word: int = 1) -> Rule:
    """Return a rule's answer: `text` with the groups of the match put in."""

    def make(found: re.Match[str]) -> SqlError:
        groups = [group or "" for group in (found[0], *found.groups())]
        return SqlError(text.format(*groups), groups[word] if word < len(groups) else "", hint)

    return make


def _conversion(found: re.Match[str]) -> SqlError:
    kind = _TYPES.get(found[2].upper(), found[2].lower())
    return SqlError(f'invalid input syntax for type {kind}: "{found[1]}"', f"'{found[1]}'")


_RULES: list[tuple[str, Rule]] = [
    (r"Table with name \"?([^\s\"!]+)\"? does not exist", _of('relation "{1}" does not exist')),
    (
        r"Function with name \"?([^\s\"]+)\"? does not exist",
        _of("function {1}(unknown) does not exist", _NO_FUNCTION),
    ),
    (
        r"unrecognized configuration parameter \"(.*?)\"",
        _of('unrecognized configuration parameter "{1}"'),
    ),
    (r"Referenced table \"(.*?)\" not found", _of('missing FROM-clause entry for table "{1}"')),
    (r"Referenced column \"(.*?)\" (?:was )?not found", _of('column "{1}" does not exist')),
    (
        r"[Tt]able \"(.*?)\" does not have a column named \"(.*?)\"",
        _of("column {1}.{2} does not exist", word=2),
    ),
    (r"does not have a column named \"(.*?)\"", _of('column "{1}" does not exist')),
    (r"Type with name \"?([^\s\"]+)\"? does not exist", _of('type "{1}" does not exist')),
    (r"Schema with name \"?([^\s\"]+)\"? does not exist", _of('schema "{1}" does not exist')),
    (r"Ambiguous reference to column name \"(.*?)\"", _of('column reference "{1}" is ambiguous')),
    (r"syntax error at or near \"(.*)\"", _of('syntax error at or near "{1}"')),
    (r"syntax error at end of input", _of("syntax error at end of input")),
    (r"unterminated (quoted string|string literal)", _of("unterminated quoted string")),
    (
        r"column \"(.*?)\" must appear in the GROUP BY clause",
        _of('column "{1}" must appear in the GROUP BY clause or be used in an aggregate function'),
    ),
    (r"Could not convert string '(.*?)' to (\w+)", _conversion),
    (
        r"invalid timestamp field format: \"(.*?)\"",
        _of('invalid input syntax for type timestamp: "{1}"'),
    ),
    (r"Division by zero", _of("division by zero")),
    (r"INTERRUPT", _of("canceling statement due to statement timeout")),
    (r"Out of Memory|OutOfMemory|failed to (pin|allocate)", _of("out of memory")),
    (r"(?:Permission|IO) Error|file system operations are disabled", _of("permission denied")),
    (
        r"WHERE clause cannot contain aggregates",
        _of("aggregate functions are not allowed in WHERE"),
    ),
    (
        r"No function matches the given name and argument types '(\w+)\(",
        _of("function {1}(unknown) does not exist", _NO_FUNCTION),
    ),
    (
        r"Could not choose a best candidate function for the function call \"([^\"]+)\"",
        _of("operator is not unique: {1}"),
    ),
    (
        r"Cannot compare values of type (\w+).* and type (\w+)",
        _of("operator does not exist: {1} = {2}", word=9),
    ),
    (r"LIMIT/OFFSET cannot be negative", _of("LIMIT must not be negative")),
]
