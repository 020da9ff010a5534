"""Conditions of a scenario in words, for those who run it: what an inject waits for.

What has no words of its own stays as the scenario writes it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from simulator.content.expression import Expression
from simulator.exercise.fold import Exercise

_COMPARED: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "is",
    ast.NotEq: "is not",
    ast.Lt: "is below",
    ast.LtE: "is at most",
    ast.Gt: "is above",
    ast.GtE: "is at least",
    ast.In: "is one of",
    ast.NotIn: "is none of",
}
_OPPOSITE: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_SIGNS: Mapping[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "x"}
_SAID = {  # of something that is so or is not
    "firing": ("the alert {} fires", "the alert {} does not fire"),
    "fired": ("the alert {} has fired", "the alert {} has not fired"),
    "acknowledged": ("{} is acknowledged", "{} is not acknowledged"),
    "active": ("{} is in force", "{} is not in force"),
    "running": ("{} is under way", "{} is not under way"),
    "delivered": ("the inject {} has come", "the inject {} has not come"),
    "ticked": ("{} is ticked", "{} is not ticked"),
}
_COUNTED = {  # of something that is counted: at least once, never, how often
    "posted": (
        "somebody has written to {}",
        "nobody has written to {}",
        "how much was written to {}",
    ),
    "opened": ("somebody has opened {}", "nobody has opened {}", "how often {} was opened"),
    "did": ("somebody has done {}", "nobody has done {}", "how often {} was done"),
}


def condition_in_words(exercise: Exercise, condition: Expression) -> str:
    """Return a condition as a sentence without its full stop."""
    return _Words(exercise).so(ast.parse(condition.source, mode="eval").body, True)


class _Words:
    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise

    def so(self, node: ast.expr, holds: bool) -> str:
        """Return in words that something is so, or that it is not."""
        match node:
            case ast.BoolOp(op=op, values=values):
                both = isinstance(op, ast.And) is holds
                parts = [self._within(value, holds, both) for value in values]
                return (" and " if both else " or ").join(parts)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self.so(operand, not holds)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                compared = type(op) if holds else _OPPOSITE[type(op)]
                return self._compared(left, compared, right)
            case ast.Name(id="recovered"):
                return "production has recovered" if holds else "production has not recovered"
            case ast.Attribute(value=ast.Name(id=what), attr=how):
                return f"{what} is {how}" if holds else f"{what} is not {how}"
            case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(about))]):
                if name in _SAID:
                    return _SAID[name][0 if holds else 1].format(self._title(name, about))
                if name in _COUNTED:
                    return _COUNTED[name][0 if holds else 1].format(self._title(name, about))
        said = self._value(node)
        return said if holds else f"not {said}"

    def _within(self, node: ast.expr, holds: bool, both: bool) -> str:
        said = self.so(node, holds)
        other = isinstance(node, ast.BoolOp) and (isinstance(node.op, ast.And) is holds) is not both
        return f"({said})" if other else said

    def _compared(self, left: ast.expr, op: type[ast.cmpop], right: ast.expr) -> str:
        match left, right:
            case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(about))]), \
                 ast.Constant(value=0) if name in _COUNTED:  # fmt: skip
                once, never, _ = _COUNTED[name]
                if op in (ast.Eq, ast.LtE):
                    return never.format(self._title(name, about))
                if op in (ast.Gt, ast.NotEq):
                    return once.format(self._title(name, about))
            case ast.Name(id="severity"), ast.Constant(value=""):
                return "no severity is declared" if op is ast.Eq else "a severity is declared"
            case ast.Call(func=ast.Name(id="decided"), args=[ast.Constant(value=str(about))]), \
                 ast.Constant(value=str(option)):  # fmt: skip
                decision, chosen = self._title("decided", about), self._option(about, option)
                return f"{decision} {_COMPARED[op]} {chosen}"
        return f"{self._value(left)} {_COMPARED[op]} {self._value(right)}"

    def _value(self, node: ast.expr) -> str:
        match node:
            case ast.Constant(value=""):
                return "empty"
            case ast.Constant(value=bool(value)):
                return "true" if value else "false"
            case ast.Constant(value=value):
                return str(value)
            case ast.Tuple(elts=items) | ast.List(elts=items):
                return ", ".join(self._value(item) for item in items)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _SIGNS:
                return f"{self._value(left)} {_SIGNS[type(op)]} {self._value(right)}"
            case ast.Name(id="severity"):
                return "the severity"
            case ast.Name(id="t"):
                return "the time in seconds"
            case ast.Call(func=ast.Name(id="row"), args=[table, key, column]):
                named = (self._value(one) for one in (column, key, table))
                return "{} of {} in {}".format(*named)
            case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(about))]):
                return self._called(name, about)
        return ast.unparse(node)

    def _called(self, name: str, about: str) -> str:
        title = self._title(name, about)
        if name in _COUNTED:
            return _COUNTED[name][2].format(title)
        if name in _SAID:
            return _SAID[name][0].format(title)
        match name:
            case "metric" | "decided":
                return title
            case "baseline":
                return f"what {title} usually is"
            case "began":
                return f"the seconds since {title} began"
            case "rows":
                return f"the number of rows in {title}"
        return f"{name}({about})"

    def _title(self, name: str, about: str) -> str:
        """Return under which title people know what a function speaks of."""
        exercise = self._exercise
        system, scenario = exercise.system, exercise.scenario
        known: Mapping[str, Callable[[], Iterable[Any]]] = {
            "firing": lambda: system.alerts,
            "fired": lambda: system.alerts,
            "acknowledged": lambda: system.alerts,
            "active": lambda: scenario.causes,
            "began": lambda: scenario.causes,
            "running": lambda: exercise.world.actions,
            "did": lambda: exercise.world.actions,
            "opened": lambda: system.dashboards,
            "posted": lambda: system.channels,
            "decided": lambda: scenario.decisions,
            "metric": lambda: system.metrics,
            "baseline": lambda: system.metrics,
        }
        if name == "ticked":
            return f'"{exercise.pack.step_title(about)}"'
        titles = (one.title for one in known.get(name, tuple)() if one.id == about)
        found = next(titles, "")
        return f'"{found}"' if found else about

    def _option(self, decision: str, option: str) -> str:
        if not option:
            return "open"
        return next(
            (
                f'"{one.text}"'
                for put in self._exercise.scenario.decisions
                for one in put.options
                if put.id == decision and one.id == option
            ),
            option,
        )
