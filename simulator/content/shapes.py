"""The shapes that documents are made of: what a type holds at a key, and a union's branches."""

from __future__ import annotations

import types
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

_KINDS: dict[Any, str] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list",
    tuple: "a list",
    set: "a list",
    frozenset: "a list",
    dict: "a mapping",
}


def bare(type_: Any) -> Any:
    """Return the type without annotations, aliases and `| None`."""
    while True:
        if get_origin(type_) is Annotated:
            type_ = get_args(type_)[0]
        elif hasattr(type_, "__value__"):
            type_ = type_.__value__
        elif _is_plain_union(type_):
            members = [m for m in get_args(type_) if m is not type(None)]
            if len(members) != 1:
                return type_
            type_ = members[0]
        else:
            return type_


def is_union(type_: Any) -> bool:
    """Whether pydantic names a branch of this type in an error's location."""
    return _is_plain_union(bare(type_))


def _is_plain_union(type_: Any) -> bool:
    return get_origin(type_) in (Union, types.UnionType)


def members(type_: Any) -> list[Any]:
    """Return the branches of a union, without None; of another type, itself."""
    plain = bare(type_)
    if not _is_plain_union(plain):
        return [plain]
    return [bare(member) for member in get_args(plain) if member is not type(None)]


def branch(type_: Any, label: str) -> Any:
    """Return the branch of a union that pydantic calls `label`: by its class, or by its tag."""
    found = members(type_)
    for member in found:
        if getattr(member, "__name__", None) == label and get_origin(member) is None:
            return member
    for member in found:
        if _has_tag(member, label):
            return member
    for member in found:
        origin = get_origin(member) or member
        if label.startswith(f"{getattr(origin, '__name__', '')}["):
            return member
    return Any


def _has_tag(member: Any, label: str) -> bool:
    model = model_of(member)
    return model is not None and any(
        get_origin(bare(field.annotation)) is Literal and label in get_args(bare(field.annotation))
        for field in model.model_fields.values()
    )


def model_of(type_: Any) -> type[BaseModel] | None:
    """Return the model that the type is, if it is one."""
    plain = bare(type_)
    return plain if isinstance(plain, type) and issubclass(plain, BaseModel) else None


def inner(type_: Any, key: str | int) -> Any:
    """Return the type of what stands at `key` within a value of this type."""
    plain = bare(type_)
    model = model_of(plain)
    if model is not None:
        for name, field in model.model_fields.items():
            if key in (field.alias, field.validation_alias, name):
                return field.annotation
        return Any
    arguments = get_args(plain)
    origin = get_origin(plain)
    if origin is tuple and isinstance(key, int):
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return arguments[0]
        return arguments[key] if key < len(arguments) else Any
    if origin is Literal or not arguments:
        return Any
    return arguments[-1]


def key_names(model: type[BaseModel] | None) -> set[str]:
    """Return the keys that a file may write for the model."""
    if model is None:
        return set()
    return {_key_of(name, field) for name, field in model.model_fields.items()}


def required_names(model: type[BaseModel]) -> set[str]:
    """Return the keys that a file must write for the model."""
    return {_key_of(n, field) for n, field in model.model_fields.items() if field.is_required()}


def _key_of(name: str, field: Any) -> str:
    alias = field.validation_alias if isinstance(field.validation_alias, str) else field.alias
    return alias or name


def kinds(type_: Any) -> list[str]:
    """Return what the branches of a union are, in plain English, each once."""
    found: dict[str, None] = {}
    for member in members(type_):
        if model_of(member) is not None:
            found["a mapping"] = None
        elif get_origin(member) is Literal:
            found.update(dict.fromkeys(_literal(value) for value in get_args(member)))
        else:
            found[_KINDS.get(get_origin(member) or member, "a value")] = None
    return list(found)


def _literal(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else f'"{value}"'


def variants(type_: Any) -> str | None:
    """Return which keys tell a union's models apart, as a remedy, when it has models."""
    models = [model for model in map(model_of, members(type_)) if model is not None]
    first = [next(iter(sorted(required_names(model))), None) for model in models]
    known = [f'"{name}"' for name in first if name]
    return f"write a mapping with one of {', '.join(known)}" if known else None
