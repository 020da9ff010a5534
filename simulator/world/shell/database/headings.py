"""The names that PostgreSQL gives to the columns of a result."""

from __future__ import annotations

import re

from simulator.world.shell.sql_text import pieces


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ENDS = _words(
    "from where group having order limit offset union intersect except window fetch into"
)
_NOT_AN_ALIAS = _words("end null true false and or not is desc asc")
_INSIDE = _words(
    "and or not is like ilike in between as then else when case interval timestamp date zone "
    "distinct"
)

Token = tuple[str, str]


def headings(query: str, names: list[str]) -> list[str]:
    """Return the headings of a result whose columns the engine calls `names`."""
    items = _items(query)
    if items is None:
        return [_plain(name) for name in names]
    stars = [
        place for place, item in enumerate(items) if item and item[-1][1] == "*" and _is_star(item)
    ]
    if len(stars) > 1 or (not stars and len(items) != len(names)):
        return [_plain(name) for name in names]
    found: list[str] = []
    for item in items:
        if _is_star(item):
            width = len(names) - (len(items) - 1)
            found += names[len(found) : len(found) + width]
        else:
            found.append(_heading(item))
    return found if len(found) == len(names) else [_plain(name) for name in names]


def _plain(name: str) -> str:
    called = re.match(r'"?(\w+)"?\(', name)
    if called:
        return "count" if called[1] == "count_star" else called[1].lower()
    return name if re.fullmatch(r"[\w$ ]+", name) and not name[0].isdigit() else "?column?"


def _is_star(item: list[Token]) -> bool:
    return bool(item) and item[-1][1] == "*" and (len(item) == 1 or item[-2][1] == ".")


def _items(query: str) -> list[list[Token]] | None:
    """Return the select list of the outermost SELECT, token by token."""
    items: list[list[Token]] = []
    depth = 0
    inside = False
    for kind, text, _ in pieces(query):
        if kind == "comment" or text.isspace():
            continue
        word = text.lower() if kind == "code" else ""
        if depth == 0 and not inside and word == "select":
            inside = True
            items.append([])
            continue
        if inside and depth == 0 and word in _ENDS:
            break
        if word in "([" and word:
            depth += 1
        elif word in ")]" and word:
            depth -= 1
        if not inside:
            continue
        if depth == 0 and word == ",":
            items.append([])
        else:
            items[-1].append((kind, text))
    if not inside:
        return None
    if items and items[0] and items[0][0][1].lower() in ("distinct", "all"):
        items[0] = items[0][1:]
        if items[0] and items[0][0][1].lower() == "on":
            items[0] = items[0][_closing(items[0], 1) + 1 :]
    return items


def _closing(item: list[Token], start: int) -> int:
    depth = 0
    for place in range(start, len(item)):
        if item[place] == ("code", "("):
            depth += 1
        elif item[place] == ("code", ")"):
            depth -= 1
            if depth == 0:
                return place
    return len(item) - 1


def _heading(item: list[Token]) -> str:
    if not item:
        return "?column?"
    last_kind, last = item[-1]
    before = item[-2] if len(item) > 1 else ("", "")
    aliased = len(item) > 1 and (before[1].lower() == "as" or _could_end(before))
    reserved = last_kind == "code" and last.lower() in _NOT_AN_ALIAS
    if aliased and _names(item[-1]) and not reserved:
        return _unquoted(item[-1])
    return _figured(item) or "?column?"


def _names(token: Token) -> bool:
    kind, text = token
    return kind == "name" or (kind == "code" and re.fullmatch(r"[A-Za-z_]\w*", text) is not None)


def _could_end(token: Token) -> bool:
    """Whether an expression could end with this token, so that a name after it is an alias."""
    kind, text = token
    if kind in ("name", "text"):
        return True
    word = text.lower()
    return text in (")", "]") or (
        re.fullmatch(r"[a-z_]\w*|[0-9.]*[0-9]", word) is not None and word not in _INSIDE
    )


def _figured(item: list[Token]) -> str | None:
    """Return the name that an expression has by itself, None when it has none."""
    cast = [place for place in range(len(item) - 1) if item[place][1] == item[place + 1][1] == ":"]
    if cast and _depth(item[: cast[-1]]) == 0 and _only_type(item[cast[-1] + 2 :]):
        inner = item[: cast[-1]]
        return _figured(inner) or _type_name(item[cast[-1] + 2 :])
    kind, text = item[0]
    word = text.lower()
    if word == "case":
        return "case" if item[-1][1].lower() == "end" else None
    if word == "interval" and len(item) == 2:
        return "interval"
    if item[0] == ("code", "(") and _closing(item, 0) == len(item) - 1:
        return _figured(item[1:-1]) if item[1:-1] else None
    if word == "select":
        inside = _items(" ".join(token for _, token in item))
        return _heading(inside[0]) if inside and len(inside) == 1 else None
    if word == "cast" and item[-1] == ("code", ")"):
        places = [p for p, token in enumerate(item) if token[1].lower() == "as"]
        return (
            _figured(item[2 : places[-1]]) or _type_name(item[places[-1] + 1 : -1])
            if places
            else None
        )
    place = 0
    while place + 2 < len(item) and _names(item[place]) and item[place + 1][1] == ".":
        place += 2
    if not _names(item[place]):
        return None
    rest = item[place + 1 :]
    if not rest:
        return "bool" if word in ("true", "false") and kind == "code" else _unquoted(item[place])
    if rest[0] == ("code", "("):
        after = item[_closing(item, place + 1) + 1 :]
        if not after or after[0][1].lower() in ("filter", "over", "within"):
            return _unquoted(item[place])
    if rest[0] == ("code", "[") and word == "array":
        return "array"
    return None


def _depth(item: list[Token]) -> int:
    return sum((text == "(") - (text == ")") for kind, text in item if kind == "code")


def _only_type(item: list[Token]) -> bool:
    return (
        bool(item)
        and all(re.fullmatch(r"[\w\s().,\[\]]+", text) is not None for _, text in item)
        and (len(item) == 1 or item[1][1] in ("(", "[", "precision", "varying", "with", "without"))
    )


def _type_name(item: list[Token]) -> str:
    name = item[0][1].lower()
    return {"int": "int4", "integer": "int4", "bigint": "int8", "boolean": "bool",
            "float": "float8", "double": "float8", "decimal": "numeric", "character": "varchar",
            "smallint": "int2"}.get(name, name)  # fmt: skip


def _unquoted(token: Token) -> str:
    kind, text = token
    return text[1:-1].replace('""', '"') if kind == "name" else text.lower()
