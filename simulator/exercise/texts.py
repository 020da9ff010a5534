"""The kinds of text in acts, each cleaned and cut to its length where it enters."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from simulator.content.clean import clean

MAX_LINE = 2_000
MAX_MESSAGE = 4_000
MAX_OUTPUT = 200_000


def _line(text: str) -> str:
    return clean(text, limit=400, lines=False)


def _seat(text: str) -> str:
    name = _line(text)
    if not name:
        raise ValueError("nobody sits there")
    return name


def _command(text: str) -> str:
    return clean(text, limit=MAX_LINE)


def _message(text: str) -> str:
    return clean(text, limit=MAX_MESSAGE)


def _output(text: str) -> str:
    return clean(text, limit=MAX_OUTPUT)


Line = Annotated[str, AfterValidator(_line)]
CommandLine = Annotated[str, AfterValidator(_command)]
Message = Annotated[str, AfterValidator(_message)]
Output = Annotated[str, AfterValidator(_output)]
Ref = Annotated[str, StringConstraints(max_length=200), AfterValidator(_line)]
Seat = Annotated[str, StringConstraints(max_length=64), AfterValidator(_seat)]
