"""Conditions and quantities as people write them in content: a small, closed expression language.

An expression is a Python expression cut down to names, numbers, texts, lists, comparisons,
`and` / `or` / `not`, `+ - *`, a choice `a if c else b`, and calls of a fixed list of functions.
A dotted name (`database.status`) is a state variable. Nothing else can be written, so that
evaluating one can neither loop, nor read, nor divide by zero.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import CodeType
from typing import Any

Value = str | int | float | bool
"""What an expression can be."""

FUNCTIONS: Mapping[str, tuple[int, int]] = {
    "metric": (1, 1),  # value of a metric now
    "baseline": (1, 1),  # what that metric would be with nothing wrong
    "firing": (1, 1),  # an alert is firing
    "fired": (1, 1),  # an alert has fired at least once in the exercise
    "acknowledged": (1, 1),  # someone acknowledged an alert
    "active": (1, 1),  # a cause or situation is in force
    "began": (1, 1),  # seconds since a cause or situation came into force, -1 if it is not
    "row": (3, 3),  # row(table, key, column): a cell of a table
    "rows": (1, 1),  # how many rows a table has
    "running": (1, 1),  # an action is under way
    "did": (1, 1),  # how often an action was completed
    "delivered": (1, 1),  # an inject was delivered
    "opened": (1, 1),  # how often a dashboard, page or runbook section was opened
    "posted": (1, 1),  # how many messages reached a channel or an audience
    "decided": (1, 1),  # the option chosen for a decision, "" while there is none
    "ticked": (1, 1),  # a runbook step is ticked
    "min": (2, 8),
    "max": (2, 8),
    "abs": (1, 1),
}
"""Functions of the language, with the least and the greatest number of arguments."""

NAMES = frozenset({"t", "severity", "recovered"})
"""Plain names: seconds since T+0, the declared severity ("" while none), production recovered."""

MOST_NUMBER = 1e15
"""Numbers stay below this, so that each can be counted, printed and compared exactly."""

MAX_LENGTH = 600
MAX_NODES = 120

_COMPARISONS = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn)
_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult)


class ExpressionError(ValueError):
    """An expression that cannot be read; `column` is 1-based within its text."""

    def __init__(self, fault: str, column: int = 1) -> None:
        super().__init__(fault)
        self.fault = fault
        self.column = column


@dataclass(frozen=True)
class Expression:
    """A parsed expression, ready to be evaluated.

    `variables` are the state variables it reads and `calls` its (function, first argument)
    pairs, for checking that each refers to something.
    """

    source: str
    variables: frozenset[str]
    calls: frozenset[tuple[str, str]]
    names: frozenset[str]
    code: CodeType = field(repr=False, compare=False)

    def evaluate(self, scope: Mapping[str, Any]) -> Value:
        """Return the value in `scope`, which holds FUNCTIONS, NAMES and `_state` (a mapping).

        It is False where a text stands in the place of a number, and for a number past counting.
        """
        try:
            result: Value = eval(self.code, {"__builtins__": {}}, scope)
        except (TypeError, OverflowError):  # such as a text from a cell that is not there
            return False
        if type(result) in (int, float) and not -MOST_NUMBER < result < MOST_NUMBER:  # type: ignore[operator]
            return False
        return result

    @cached_property
    def of_state_only(self) -> bool:
        """Whether its value can change only when the state does."""
        return not self.names and all(
            f in ("row", "rows", "min", "max", "abs") for f, _ in self.calls
        )


def parse_expression(source: str) -> Expression:
    """Return the expression that `source` writes; raise ExpressionError where it is not one."""
    if len(source) > MAX_LENGTH:
        raise ExpressionError(f"longer than {MAX_LENGTH} characters")
    text = " ".join(source.split())
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        column = getattr(error, "offset", None) or 1
        raise ExpressionError("not an expression", column) from None
    reader = _Reader()
    body = reader.read(tree.body)
    code = compile(ast.fix_missing_locations(ast.Expression(body)), "<expression>", "eval")
    return Expression(
        text, frozenset(reader.variables), frozenset(reader.calls), frozenset(reader.names), code
    )


class _Reader:
    """Copies an allowed syntax tree, turning dotted names into look-ups, and refuses the rest."""

    def __init__(self) -> None:
        self.variables: set[str] = set()
        self.calls: set[tuple[str, str]] = set()
        self.names: set[str] = set()
        self.count = 0

    def read(self, node: ast.expr) -> ast.expr:
        self.count += 1
        if self.count > MAX_NODES:
            raise ExpressionError(f"more than {MAX_NODES} parts", _column(node))
        match node:
            case ast.Constant(value=bool() | str()):
                return node
            case ast.Constant(value=int() | float() as number):
                if not -MOST_NUMBER < number < MOST_NUMBER:
                    raise ExpressionError("too large a number", _column(node))
                return node
            case ast.Name(id=name):
                return self._name(node, name)
            case ast.Attribute():
                return self._variable(node)
            case ast.List(elts=items) | ast.Tuple(elts=items):
                return ast.Tuple([self.read(item) for item in items], ast.Load())
            case ast.BoolOp(op=op, values=values):
                return ast.BoolOp(op, [self.read(value) for value in values])
            case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
                return ast.UnaryOp(node.op, self.read(operand))
            case ast.BinOp(left=left, op=op, right=right) if isinstance(op, _ARITHMETIC):
                if any(
                    isinstance(side, ast.Constant | ast.List | ast.Tuple)
                    and not isinstance(getattr(side, "value", ""), int | float)
                    for side in (left, right)
                ):
                    raise ExpressionError("only numbers can be added or multiplied", _column(node))
                return ast.BinOp(self.read(left), op, self.read(right))
            case ast.Compare(left=left, ops=ops, comparators=others):
                if not all(isinstance(op, _COMPARISONS) for op in ops):
                    raise ExpressionError("unknown comparison", _column(node))
                return ast.Compare(self.read(left), ops, [self.read(other) for other in others])
            case ast.IfExp(test=test, body=body, orelse=other):
                return ast.IfExp(self.read(test), self.read(body), self.read(other))
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
                return self._call(node, name, args)
        raise ExpressionError("this cannot be written in an expression", _column(node))

    def _name(self, node: ast.Name, name: str) -> ast.expr:
        if name not in NAMES:
            raise ExpressionError(f'unknown name "{name}"', _column(node))
        self.names.add(name)
        return node

    def _variable(self, node: ast.Attribute) -> ast.expr:
        parts: list[str] = []
        inner: ast.expr = node
        while isinstance(inner, ast.Attribute):
            parts.append(inner.attr)
            inner = inner.value
        if not isinstance(inner, ast.Name):
            raise ExpressionError("this cannot be written in an expression", _column(node))
        name = ".".join([inner.id, *reversed(parts)])
        self.variables.add(name)
        return ast.Subscript(ast.Name("_state", ast.Load()), ast.Constant(name), ast.Load())

    def _call(self, node: ast.Call, name: str, args: list[ast.expr]) -> ast.expr:
        if name not in FUNCTIONS:
            raise ExpressionError(f'unknown function "{name}"', _column(node))
        least, most = FUNCTIONS[name]
        if not least <= len(args) <= most:
            raise ExpressionError(f"{name}() takes {least} to {most} arguments", _column(node))
        if name not in ("min", "max", "abs"):
            first = args[0]
            if not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
                raise ExpressionError(f"{name}() takes a name in quotes", _column(node))
            self.calls.add((name, first.value))
        return ast.Call(ast.Name(name, ast.Load()), [self.read(arg) for arg in args], [])


def _column(node: ast.expr) -> int:
    return node.col_offset + 1
