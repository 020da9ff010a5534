"""What kind of value each part of an expression is, and what can therefore never be so."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from simulator.content.expression import Expression
from simulator.content.pack import Pack
from simulator.content.problems import did_you_mean

Kind = Literal["text", "number", "truth"] | None
"""None: it cannot be told, as of a table's cell."""

CONDITIONS = frozenset({"if_", "when", "until", "while_", "up"})
"""Fields that hold an expression which is so, or is not."""

QUANTITIES = frozenset(
    {"rate", "seconds", "bytes", "seq_scans", "index_scans", "count", "calls", "mean_ms"}
)
"""Fields that hold an expression which is a number."""

Found = tuple[str, str | None]
"""What is wrong, and what would put it right."""

_WORDS: Mapping[str, str] = {"text": "a text", "number": "a number", "truth": "true or false"}

_FUNCTIONS: Mapping[str, Kind] = {
    "metric": "number",
    "baseline": "number",
    "firing": "truth",
    "fired": "truth",
    "acknowledged": "truth",
    "active": "truth",
    "began": "number",
    "row": None,
    "rows": "number",
    "running": "truth",
    "did": "number",
    "delivered": "truth",
    "opened": "number",
    "posted": "number",
    "decided": "text",
    "ticked": "truth",
    "min": "number",
    "max": "number",
    "abs": "number",
}

_NAMES: Mapping[str, Kind] = {"t": "number", "severity": "text", "recovered": "truth"}

_LEAST: Mapping[str, float] = {"rows": 0, "did": 0, "opened": 0, "posted": 0, "began": -1}


@dataclass(frozen=True)
class Values:
    """What a pack's variables, choices, tables and metrics can be."""

    kinds: Mapping[str, Kind]
    choices: Mapping[str, tuple[object, ...]]
    columns: Mapping[str, tuple[str, ...]]
    ranges: Mapping[str, tuple[float, float | None]]
    derived: Mapping[str, Expression]


def values_of(pack: Pack) -> Values:
    """Return what the values of a pack can be."""
    system = pack.system
    choices: dict[str, tuple[object, ...]] = {
        name: tuple(variable.choices) for name, variable in system.state.items() if variable.choices
    }
    choices["severity"] = ("", *(level.id for level in system.severities))
    for decision in pack.scenario.decisions:
        options = ("", *(option.id for option in decision.options))
        choices[f"decided({decision.id!r})"] = options
    return Values(
        {name: kind_of(variable.start) for name, variable in system.state.items()},
        choices,
        {name: tuple(table.columns) for name, table in system.tables.items()},
        {
            metric.id: (0.0, 100.0) if metric.uptime else (metric.least, metric.most)
            for metric in system.metrics
        },
        system.derived,
    )


def kind_of(value: object) -> Kind:
    """Return the kind of a plain value."""
    if isinstance(value, bool):
        return "truth"
    if isinstance(value, int | float):
        return "number"
    return "text" if isinstance(value, str) else None


def impossible(expression: Expression, values: Values, field: str = "") -> list[Found]:
    """Return what in an expression makes no sense, or can never be so.

    `field` is the field that holds it, which says whether it is a condition or a quantity.
    """
    reader = _Reader(values)
    tree = ast.parse(expression.source, mode="eval").body
    kind = reader.kind(tree)
    if field in CONDITIONS:
        if kind in ("text", "number"):
            reader.found.append(
                (f"{_WORDS[kind]} is no condition", "compare it with something, such as: ... > 0")
            )
        if isinstance(tree, ast.Constant) and tree.value is False:
            reader.found.append(("this can never be true", "take out what depends on it"))
    if field in QUANTITIES and kind in ("text", "truth"):
        reader.found.append(
            (f"a number belongs here, not {_WORDS[kind]}", "write: 1 if ... else 0")
        )
    return list(dict.fromkeys(reader.found))


def circle(links: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return the names of one circle of links, the first named again at its end; [] without one."""
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> list[str]:
        if name in above:
            return [*above[above.index(name) :], name]
        if name in done:
            return []
        for other in links.get(name, ()):
            found = visit(other, (*above, name))
            if found:
                return found
        done.add(name)
        return []

    return next(filter(None, (visit(name, ()) for name in links)), [])


class _Reader:
    """Reads an expression from its leaves up, noting what cannot be."""

    def __init__(self, values: Values, above: tuple[str, ...] = ()) -> None:
        self.values = values
        self.above = above
        self.found: list[Found] = []

    def kind(self, node: ast.expr) -> Kind:
        match node:
            case ast.Constant(value=value):
                return kind_of(value)
            case ast.Name(id=name):
                return _NAMES.get(name)
            case ast.Attribute():
                return self._variable(ast.unparse(node))
            case ast.BoolOp(values=parts):
                for part in parts:
                    self._truth(part)
                return "truth"
            case ast.UnaryOp(op=ast.Not(), operand=part):
                self._truth(part)
                return "truth"
            case ast.UnaryOp(operand=part):
                self._number(part)
                return "number"
            case ast.BinOp(left=left, right=right):
                self._number(left)
                self._number(right)
                return "number"
            case ast.IfExp(test=test, body=body, orelse=other):
                self._truth(test)
                kinds = self.kind(body), self.kind(other)
                return kinds[0] if kinds[0] == kinds[1] else None
            case ast.Compare(left=left, ops=ops, comparators=others):
                sides = [left, *others]
                for one, op, other in zip(sides, ops, others, strict=False):
                    self._compare(one, op, other)
                return "truth"
            case ast.Call(func=ast.Name(id=name), args=args):
                return self._call(name, args)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                for part in parts:
                    self.kind(part)
        return None

    def _variable(self, name: str) -> Kind:
        if name.startswith("args."):
            return "text"
        rule = self.values.derived.get(name)
        if rule is None or name in self.above:
            return self.values.kinds.get(name)
        inner = _Reader(self.values, (*self.above, name))
        return inner.kind(ast.parse(rule.source, mode="eval").body)

    def _call(self, name: str, args: list[ast.expr]) -> Kind:
        if name in ("min", "max", "abs"):
            for arg in args:
                self._number(arg)
        elif name == "row":
            self.found += self._column(args[0], args[2])
            self.kind(args[1])
        return _FUNCTIONS[name]

    def _column(self, table: ast.expr, column: ast.expr) -> Iterator[Found]:
        name = ast.unparse(table)
        if not (isinstance(column, ast.Constant) and isinstance(column.value, str)):
            yield f"the column of row({name}, ...) is no name", "write the column's name in quotes"
            return
        known = self.values.columns.get(str(getattr(table, "value", "")))
        if known is not None and column.value not in known:
            fault = f"table {name} has no column {ast.unparse(column)}"
            yield fault, did_you_mean(column.value, known)

    def _truth(self, node: ast.expr) -> None:
        kind = self.kind(node)
        if kind in ("text", "number"):
            fault = f"{ast.unparse(node)} is {_WORDS[kind]}, not true or false"
            self.found.append((fault, "compare it with something"))

    def _number(self, node: ast.expr) -> None:
        kind = self.kind(node)
        if kind in ("text", "truth") or isinstance(node, ast.Tuple | ast.List):
            said = _WORDS[kind] if kind else "a list"
            self.found.append((f"{ast.unparse(node)} is {said}, not a number", None))

    def _compare(self, one: ast.expr, op: ast.cmpop, other: ast.expr) -> None:
        if isinstance(op, ast.In | ast.NotIn):
            self._among(one, other)
            return
        if isinstance(other, ast.Tuple | ast.List) or isinstance(one, ast.Tuple | ast.List):
            self.found.append(("a list is compared", "write: ... in [...]"))
            return
        left, right = self.kind(one), self.kind(other)
        if left is None or right is None:
            pass
        elif left != right:
            said = (
                f"{_WORDS[left]} ({ast.unparse(one)}) with {_WORDS[right]} ({ast.unparse(other)})"
            )
            self.found.append((f"this compares {said}", None))
            return
        elif left != "number" and not isinstance(op, ast.Eq | ast.NotEq):
            self.found.append(("only numbers can be more or less", "write == or !="))
        if isinstance(one, ast.Constant) and isinstance(other, ast.Constant):
            self.found.append((f"{ast.unparse(one)} and {ast.unparse(other)} never change", None))
        self._choice(one, other)
        self._choice(other, one)
        self._range(one, op, other)
        turned = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE}
        self._range(other, turned.get(type(op), type(op))(), one)

    def _among(self, one: ast.expr, other: ast.expr) -> None:
        kind = self.kind(one)
        if not isinstance(other, ast.Tuple | ast.List):
            if {kind, self.kind(other)} - {"text", None}:
                self.found.append(("`in` needs a list, or texts on both sides", None))
            return
        if not other.elts:
            self.found.append(("nothing is in an empty list", None))
        for part in other.elts:
            of_part = self.kind(part)
            if kind is not None and of_part is not None and kind != of_part:
                said = f"{ast.unparse(one)} is {_WORDS[kind]}, {ast.unparse(part)} is not"
                self.found.append((said, None))
            else:
                self._choice(one, part)

    def _choice(self, one: ast.expr, other: ast.expr) -> None:
        choices = self.values.choices.get(ast.unparse(one))
        if choices and isinstance(other, ast.Constant) and other.value not in choices:
            options = ", ".join(str(choice) for choice in choices if choice != "")
            fault = f"{ast.unparse(one)} can never be {ast.unparse(other)}"
            self.found.append((fault, f"one of: {options}"))

    def _range(self, one: ast.expr, op: ast.cmpop, other: ast.expr) -> None:
        limit = _constant(other)
        if limit is None or not isinstance(one, ast.Call) or not isinstance(one.func, ast.Name):
            return
        least, most = _LEAST.get(one.func.id), None
        if one.func.id in ("metric", "baseline"):
            name = getattr(one.args[0], "value", "")
            least, most = self.values.ranges.get(name, (None, None))
        match op:
            case ast.Gt():
                below, above = False, most is not None and limit >= most
            case ast.GtE():
                below, above = False, most is not None and limit > most
            case ast.Lt():
                below, above = least is not None and limit <= least, False
            case ast.LtE():
                below, above = least is not None and limit < least, False
            case ast.Eq():
                below = least is not None and limit < least
                above = most is not None and limit > most
            case _:
                return
        if below or above:
            known = f"it is at least {least:g}" if below else f"it is at most {most:g}"
            fault = f"{ast.unparse(one)} can never be so: {known}"
            self.found.append((fault, "change the limit"))


def _constant(node: ast.expr) -> float | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _constant(node.operand)
        return None if inner is None else -inner
    if isinstance(node, ast.Constant) and kind_of(node.value) == "number":
        return float(node.value)  # type: ignore[arg-type]
    return None
