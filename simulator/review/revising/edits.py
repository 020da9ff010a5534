"""The small typed edits of a runbook: what each changes, by the steps' ids and in no other way."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias


class Kind(Enum):
    """What an edit is, in the words of the table in the contract."""

    ADD_COMMAND = "add command"
    ADD_EXPECTED = "add expected result"
    CLARIFY = "clarify wording"
    SWAP = "swap"
    ANY_ORDER = "any order"
    MAKE_OPTIONAL = "make optional"
    REMOVE = "remove"
    ADD_STEP = "add step"
    REPEAT = "repeat until"
    WARN = "add warning"
    SPLIT = "split step"
    ALIAS = "add alias"
    RELAX = "relax deadline"
    SAID = "what people said"


@dataclass(frozen=True)
class Command:
    """The step gets a command to type; `typed` has one line for each."""

    step: str
    typed: tuple[str, ...]


@dataclass(frozen=True)
class Expected:
    """The step says what is to be seen after its command."""

    step: str
    shown: tuple[str, ...]


@dataclass(frozen=True)
class Text:
    """The step gets another sentence, after its own words; `warning` before its commands."""

    step: str
    text: str
    warning: bool = False


@dataclass(frozen=True)
class Move:
    """The step goes before another one of its list."""

    step: str
    before: str


@dataclass(frozen=True)
class Free:
    """Two steps, one after the other, may be done in any order."""

    first: str
    second: str


@dataclass(frozen=True)
class Optional:
    """The step may be left out."""

    step: str


@dataclass(frozen=True)
class Remove:
    """The step goes."""

    step: str


@dataclass(frozen=True)
class NewStep:
    """A step that is put in: its id, its words, what is typed and seen, and what proves it.

    `proof` is what stands in a scenario's YAML; `key` is that of the deeds that prove it.
    """

    id: str
    title: str
    typed: tuple[str, ...]
    shown: tuple[str, ...]
    proof: str
    key: str


@dataclass(frozen=True)
class Insert:
    """Steps are put in before another one."""

    steps: tuple[NewStep, ...]
    before: str


@dataclass(frozen=True)
class Limit:
    """A deadline of a step becomes longer: `old` to `new` seconds."""

    step: str
    deadline: str
    old: int
    new: int


Edit: TypeAlias = Command | Expected | Text | Move | Free | Optional | Remove | Insert | Limit


def steps_of_edit(edit: Edit) -> tuple[str, ...]:
    """Return the ids of the steps that an edit speaks of."""
    match edit:
        case Move(step, before):
            return step, before
        case Free(first, second):
            return first, second
        case Insert(steps, before):
            return (*(step.id for step in steps), before)
    return (edit.step,)


def frees_moves_adds_or_removes(edit: Edit) -> bool:
    """Return whether a scenario's procedure changes with the runbook: the edit is a pair."""
    return isinstance(edit, Move | Free | Optional | Remove | Insert | Limit)
