"""What every document's models share: strictness, names, expressions, durations."""

from __future__ import annotations

from typing import Annotated

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    InstanceOf,
    StringConstraints,
    WithJsonSchema,
)

from simulator.content.expression import Expression, ExpressionError, parse_expression


class Document(BaseModel):
    """A part of a content file: frozen, and refusing keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


def _expression(value: object) -> object:
    if isinstance(value, Expression):
        return value
    if isinstance(value, bool | int | float):
        value = str(value)
    if not isinstance(value, str):
        raise ValueError("write an expression, such as: database.status == 'up'")
    try:
        return parse_expression(value)
    except ExpressionError as error:
        raise ValueError(f"{error.fault} (at character {error.column} of the expression)") from None


Expr = Annotated[
    InstanceOf[Expression],
    BeforeValidator(_expression),
    WithJsonSchema({"type": ["string", "number", "boolean"]}),
]
"""An expression, written as text."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=64)]
"""An id: lower case letters, digits, dots, hyphens and underscores."""

Variable = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$", max_length=64)
]
"""A state variable: a dotted name such as `database.status`."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=20_000)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=400)]
Seconds = Annotated[int, Field(ge=0, le=31_536_000)]
"""A duration in whole seconds of simulated time."""

Scalar = str | int | float | bool
Cell = str | int | float | bool | None

StepRef = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*#[a-z0-9][a-z0-9-]*$", max_length=140)
]
"""A runbook's step: `runbook#step`, as in `incident-response#check-better-stack`."""


class Case(Document):
    """A text, and when it is the one that holds."""

    if_: Expr | None = Field(default=None, alias="if")
    text: str
