"""SQL as text: its statements, with comments and quotes respected, and one folded spelling."""

from __future__ import annotations

import re
from collections.abc import Iterator

Kind = str
"""`code`, `comment`, `text` (in quotes), `name` (in double quotes) or `end` (a semicolon)."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_STARTS = _words(
    "select with values table show explain create alter drop insert update delete truncate "
    "vacuum analyze reindex grant revoke set reset begin start commit rollback end cluster "
    "checkpoint comment lock refresh copy do call listen notify discard prepare execute "
    "deallocate abort savepoint release"
)
_FROM_SHELL = _words(
    "select with explain create alter drop insert update delete truncate vacuum analyze reindex "
    "grant revoke values show"
)
_TOKEN = re.compile(
    r"(?P<comment>--[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/)?)"
    r"|(?P<text>[eE]'(?:[^'\\]|\\.|'')*(?:'|\Z)|'(?:[^']|'')*(?:'|\Z)"
    r"|\$(?P<tag>[A-Za-z_]*)\$)"
    r'|(?P<name>"(?:[^"]|"")*(?:"|\Z))'
    r"|(?P<end>;)"
    r"|(?P<code>[A-Za-z_][A-Za-z0-9_]*|[0-9.]+|\s+|.)",
    re.DOTALL,
)


def pieces(sql: str) -> Iterator[tuple[Kind, str, int]]:
    """Yield the parts of `sql` in order: what each is, its text, where it starts."""
    at = 0
    while at < len(sql):
        found = _TOKEN.match(sql, at)
        if found is None:  # a lone backslash at the end of an E'' text
            yield "code", sql[at:], at
            return
        end = found.end()
        if found["tag"] is not None:
            close = sql.find(f"${found['tag']}$", end)
            end = len(sql) if close < 0 else close + len(found["tag"]) + 2
        kind = "text" if found["tag"] is not None else str(found.lastgroup)
        yield kind, sql[at:end], at
        at = end


def statements(sql: str) -> tuple[list[str], str]:
    """Return the finished statements of `sql`, without their `;`, and what is left to finish."""
    done: list[str] = []
    current: list[str] = []
    depth = 0
    for kind, text, _ in pieces(sql):
        if kind == "code" and text in "()":
            depth = max(0, depth + (1 if text == "(" else -1))
        if kind == "end" and depth == 0:
            if not blank("".join(current)):
                done.append("".join(current).strip())
            current = []
        else:
            current.append(text)
    rest = "".join(current)
    return done, rest.strip() if not blank(rest) else ""


def blank(sql: str) -> bool:
    """Whether `sql` holds nothing but spaces and comments."""
    return all(
        kind in ("comment", "end") or not text.strip()
        for kind, text, _ in pieces(sql)
        if not text.startswith("/*") or text.endswith("*/")
    )


def uncommented(sql: str) -> str:
    """Return `sql` without its comments, lines and columns otherwise as they stand."""
    return "".join(text for kind, text, _ in pieces(sql) if kind != "comment").strip()


def fold(sql: str) -> str:
    """Return `sql` on one line: no comments, single spaces, no `;` at its end."""
    parts = [
        text
        if kind in ("text", "name")
        else " "
        if kind == "comment"
        else re.sub(r"\s+", " ", text)
        for kind, text, _ in pieces(sql)
    ]
    joined = re.sub(r" {2,}", " ", "".join(parts)) if '"' not in sql and "'" not in sql else ""
    if not joined:
        joined = ""
        for part in parts:
            joined += part.lstrip(" ") if joined.endswith(" ") and not part.strip() else part
    return joined.strip().rstrip(";").rstrip()


def first_word(sql: str) -> str:
    """Return the first keyword of `sql` in small letters, "" when it starts otherwise."""
    for kind, text, _ in pieces(sql):
        if kind == "comment" or text.isspace() or text == "(":
            continue
        return text.lower() if kind == "code" and text[0].isalpha() else ""
    return ""


def is_statement(sql: str) -> bool:
    """Whether `sql` begins as a statement of SQL does."""
    return first_word(sql) in _STARTS


def is_sql(line: str) -> bool:
    """Whether a line typed at a shell is SQL: it starts as SQL does and ends with `;`."""
    if re.match(r"\s*--(\s|\Z)", line):
        return blank(line) or is_statement(line)
    return first_word(line) in _FROM_SHELL and uncommented(line).endswith(";")


def looks_like_sql(name: str) -> bool:
    """Whether a command's name is really the beginning of SQL."""
    return name.startswith("--") or name.lower() in _FROM_SHELL


def unfinished(sql: str) -> str:
    """Return the letter psql's prompt shows for what is still open: `-`, `(`, `'`, `"`, `*`."""
    depth = 0
    last: tuple[str, str] = ("code", "")
    for kind, text, _ in pieces(sql):
        if kind == "code" and text in "()":
            depth += 1 if text == "(" else -1
        last = (kind, text)
    kind, text = last
    if kind == "text" and not (len(text.lstrip("eE")) > 1 and text[-1] in "'$"):
        return "'"
    if kind == "name" and not (len(text) > 1 and text.endswith('"')):
        return '"'
    if kind == "comment" and text.startswith("/*") and not text.endswith("*/"):
        return "*"
    return "(" if depth > 0 else "-"


def replaced(sql: str, names: dict[str, str]) -> str:
    """Return `sql` with identifiers outside quotes and comments replaced, whatever their case."""
    return "".join(
        names.get(text.lower(), text) if kind == "code" else text for kind, text, _ in pieces(sql)
    )


def mentions(sql: str) -> frozenset[str]:
    """Return every identifier of `sql` in small letters, quoted ones without their quotes."""
    return frozenset(
        text.strip('"').lower() for kind, text, _ in pieces(sql) if kind in ("code", "name")
    )
