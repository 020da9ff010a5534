"""Typed documents from YAML: every fault at once, in plain English, each at its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from simulator.content.clean import clean
from simulator.content.problems import ContentError, Problem, did_you_mean, nearest
from simulator.content.shapes import (
    branch,
    inner,
    is_union,
    key_names,
    kinds,
    model_of,
    required_names,
    variants,
)

M = TypeVar("M", bound=BaseModel)
Position = tuple[int, int]


class Placed(Protocol):
    """A plain value whose parts have places: what `read_yaml` returns."""

    @property
    def place(self) -> str: ...
    @property
    def value(self) -> Any: ...
    def position(self, path: tuple[str | int, ...], key: bool = False) -> Position: ...


def validate(model: type[M], source: Placed) -> M:
    """Return the document that `source` writes; raise ContentError with every problem."""
    try:
        return model.model_validate(source.value)
    except ValidationError as error:
        entries = [_Entry(tuple(e["loc"]), e) for e in error.errors(include_url=False)]
    faults = _sift(entries, model, source.value, ())
    problems = {_problem(fault, source): None for fault in faults}
    raise ContentError(sorted(problems, key=lambda p: (p.line or 0, p.column or 0, p.fault)))


@dataclass(frozen=True)
class _Entry:
    """An error of pydantic, and what is left of its location below the place looked at."""

    rest: tuple[str | int, ...]
    error: Mapping[str, Any]


@dataclass(frozen=True)
class _Fault:
    """An error that is to be told: where it is, and the type that was wanted there."""

    path: tuple[str | int, ...]
    error: Mapping[str, Any]
    type_: Any
    remedy: str | None = None
    of_key: bool = False


def _sift(
    entries: list[_Entry], type_: Any, value: Any, path: tuple[str | int, ...]
) -> list[_Fault]:
    """Return the errors worth telling at `path` and below: of a union, its best branch's only."""
    if is_union(type_) and any(entry.rest for entry in entries):
        return _sift_union(entries, type_, value, path)
    here = [entry for entry in entries if not entry.rest]
    below: dict[str | int, list[_Entry]] = {}
    for entry in entries:
        if entry.rest:
            below.setdefault(entry.rest[0], []).append(_Entry(entry.rest[1:], entry.error))
    faults = [_Fault(path, entry.error, type_) for entry in here]
    suggested: set[str] = set()
    for key, inside in below.items():
        faults += _sift_key(key, inside, type_, value, path, suggested)
    return [f for f in faults if not (f.error["type"] == "missing" and f.path[-1] in suggested)]


def _sift_key(
    key: str | int,
    entries: list[_Entry],
    type_: Any,
    value: Any,
    path: tuple[str | int, ...],
    suggested: set[str],
) -> list[_Fault]:
    if entries[0].error["type"] == "extra_forbidden" and not entries[0].rest:
        names = key_names(model_of(type_)) - set(value if isinstance(value, Mapping) else ())
        found = nearest(str(key), names)
        if found is not None:
            suggested.add(found)
            return [_Fault((*path, key), entries[0].error, type_, f'did you mean "{found}"?')]
        remedy = f"known here: {_listed(names)}" if names else None
        return [_Fault((*path, key), entries[0].error, type_, remedy)]
    inside = (*path, key)
    faults = [
        _Fault(inside, e.error, type_, of_key=True) for e in entries if e.rest[:1] == ("[key]",)
    ]
    values = [e for e in entries if e.rest[:1] != ("[key]",)]
    return faults + _sift(values, inner(type_, key), _part(value, key), inside)


def _sift_union(
    entries: list[_Entry], type_: Any, value: Any, path: tuple[str | int, ...]
) -> list[_Fault]:
    branches: dict[str, list[_Entry]] = {}
    for entry in entries:
        label = str(entry.rest[0]) if entry.rest else ""
        branches.setdefault(label, []).append(_Entry(entry.rest[1:], entry.error))
    fitting = {label: found for label, found in branches.items() if not _wrong_kind(found)}
    if not fitting:
        error = {"type": "union", "msg": f"must be {_or(kinds(type_))}", "input": value}
        return [_Fault(path, error, type_)]
    label = min(fitting, key=lambda label: _misfit(branch(type_, label), value, fitting[label]))
    return _sift(fitting[label], branch(type_, label), value, path)


def _wrong_kind(entries: list[_Entry]) -> bool:
    """Whether the value is not even of the branch's kind, such as a text where a list belongs."""
    return any(not e.rest and e.error["type"].endswith(("_type", "_parsing")) for e in entries)


def _misfit(type_: Any, value: Any, entries: list[_Entry]) -> tuple[int, int]:
    model = model_of(type_)
    if model is None or not isinstance(value, Mapping):
        return (0, len(entries))
    given = set(value)
    strange = given - key_names(model)
    return (len(strange) + len(required_names(model) - given), len(entries))


def _part(value: Any, key: str | int) -> Any:
    if isinstance(value, Mapping):
        return value.get(key)
    if isinstance(value, list) and isinstance(key, int) and 0 <= key < len(value):
        return value[key]
    return None


def _problem(fault: _Fault, source: Placed) -> Problem:
    kind = fault.error["type"]
    if kind == "extra_forbidden":
        line, column = source.position(fault.path, key=True)
        text = f'unknown key "{fault.path[-1]}"'
    elif kind == "missing":
        parent = fault.path[:-1]
        line, column = source.position(parent, key=True)
        last = fault.path[-1]
        lacking = f'the key "{last}"' if isinstance(last, str) else f"its item {last + 1}"
        text = f"{_called(parent)} lacks {lacking}"
    else:
        line, column = source.position(fault.path, key=fault.of_key)
        text = f"{_called(fault.path)} {_words(fault)}"
    remedy = fault.remedy or _remedy(fault)
    return Problem(source.place, line, column, clean(text, 400, lines=False), remedy)


def _called(path: tuple[str | int, ...]) -> str:
    """Return what to call the value at `path`: by its key, and its number within a list."""
    if not path:
        return "the file"
    last = path[-1]
    if isinstance(last, str):
        return f'"{last}"'
    owner = next((part for part in reversed(path) if isinstance(part, str)), None)
    return f'item {last + 1} of "{owner}"' if owner else f"item {last + 1}"


_FAULTS: Mapping[str, str] = {
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing_size": "is too large a number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "none_required": "must be empty",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "set_type": "must be a list",
    "frozen_set_type": "must be a list",
    "dict_type": "must be a mapping of keys and values",
    "mapping_type": "must be a mapping of keys and values",
    "model_type": "must be a mapping of keys and values",
    "model_attributes_type": "must be a mapping of keys and values",
    "dataclass_type": "must be a mapping of keys and values",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be {le} or less",
    "multiple_of": "must be a multiple of {multiple_of}",
    "string_too_long": "must be at most {max_length} characters long",
    "too_long": "must have at most {max_length} items",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
    "union_tag_invalid": "must be {expected_tags}",
    "union_tag_not_found": "lacks the key {discriminator}, which says what kind it is",
    "value_error": "cannot be used: {error}",
    "assertion_error": "cannot be used: {error}",
}


def _words(fault: _Fault) -> str:
    error = fault.error
    kind, context = error["type"], error.get("ctx", {})
    given = error.get("input")
    if kind == "union":
        return f"{error['msg']}{_not(given)}"
    if kind in ("too_short", "string_too_short"):
        least = context["min_length"]
        return "must not be empty" if least == 1 else f"must have at least {least}"
    if kind == "string_pattern_mismatch":
        return f"{_form(context['pattern'])}{_not(given)}"
    if kind not in _FAULTS:
        message = str(error["msg"])
        return f"cannot be used: {message[:1].lower()}{message[1:]}"
    words = _FAULTS[kind].format_map({name: _plain(name, value) for name, value in context.items()})
    if kind in ("value_error", "assertion_error", "union_tag_not_found"):
        return words
    return words + _not(given)


def _plain(name: str, value: object) -> str:
    text = str(value)
    if name not in ("expected", "expected_tags"):
        return text
    if name == "expected_tags":
        return _or([f'"{tag}"' for tag in text.split("'")[1::2]])
    return text.replace("'", '"').replace("True", "true").replace("False", "false")


_EXAMPLES = (
    "check-health",
    "database.status",
    "incident-response#check-health",
    "2025-03-01T09:30:00Z",
    "x1.5",
)


def _form(pattern: str) -> str:
    """Say what a pattern of the models asks for: by an example, else by the pattern itself."""
    import re2

    found = next((text for text in _EXAMPLES if re2.search(pattern, text)), None)
    return f'must look like "{found}"' if found else f"must have the form {pattern}"


def _not(given: Any) -> str:
    if isinstance(given, Mapping):
        return ", not a mapping"
    if isinstance(given, list | tuple):
        return ", not a list"
    if given is None:
        return ", not empty"
    if isinstance(given, bool):
        return f", not {str(given).lower()}"
    if isinstance(given, str):
        return f', not "{given if len(given) <= 60 else given[:57] + "..."}"'
    return f", not {given}"


def _remedy(fault: _Fault) -> str | None:
    error = fault.error
    if error["type"] in ("literal_error", "enum", "union_tag_invalid"):
        key = "expected_tags" if error["type"] == "union_tag_invalid" else "expected"
        given = error.get("input")
        if isinstance(given, Mapping):  # of a tagged union: the tag is what is wrong
            given = error["ctx"].get("tag")
        allowed = str(error["ctx"][key]).split("'")[1::2]
        return did_you_mean(str(given), allowed) if allowed else None
    if error["type"] == "union" and isinstance(error.get("input"), Mapping):
        return None
    if error["type"] == "union":
        return variants(fault.type_)
    if error["type"] == "string_type":
        return None if isinstance(error.get("input"), list | Mapping) else "put it in quotes"
    return None


def _listed(names: Iterable[str]) -> str:
    ordered = sorted(names)
    return ", ".join(ordered[:12]) + (", ..." if len(ordered) > 12 else "")


def _or(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
