"""The same edits in a scenario's YAML: lines are spliced, never written anew from values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from simulator.content.yaml_source import Source, read_yaml
from simulator.review.revising import edits as e
from simulator.review.revising.layout import lines_of
from simulator.review.revising.lines import Splice, raw_lines, spliced
from simulator.review.revising.writing import CannotWriteError

Path = tuple[str | int, ...]


def write_scenario(place: str, text: str, book: str, edit: e.Edit, required: bool = True) -> str:
    """Return a scenario's text with an edit of the runbook `book` done to its procedure.

    It comes back as it is where its procedure does not have the steps, or not side by side.
    `required` says whether steps that are put in count. Raises CannotWriteError where its lines
    cannot be told apart.
    """
    source = read_yaml(text, place)
    found = dict(_step_nodes(source.value, ("procedure",)))
    name = f"{book}#{{}}".format
    match edit:
        case e.Limit(_, deadline, old, new):
            return _limit(source, text, deadline, old, new)
        case e.Move(step, before):
            return _moved(source, text, found.get(name(step)), found.get(name(before)))
        case e.Free(first, second):
            return _freed(source, text, found.get(name(first)), found.get(name(second)))
        case e.Optional(step) if name(step) in found:
            return _optional(source, text, found[name(step)])
        case e.Remove(step) if name(step) in found:
            return _removed(source, text, name(step), found[name(step)])
        case e.Insert(steps, before) if name(before) in found:
            added = [(name(step.id), step.proof) for step in steps]
            return _inserted(source, text, added, found[name(before)], required)
    return text


def _step_nodes(value: Any, path: Path) -> Iterator[tuple[str, Path]]:
    """Yield the steps of a procedure with where they stand."""
    node: Any = value
    for key in path:
        node = node.get(key) if isinstance(node, dict) else node[int(key)]
    if not isinstance(node, dict):
        return
    if isinstance(node.get("step"), str):
        yield node["step"], path
    for key in ("seq", "any_order", "one_of"):
        for number in range(len(node.get(key) or [])):
            yield from _step_nodes(value, (*path, key, number))
    for key in ("optional", "repeat"):
        if key in node:
            yield from _step_nodes(value, (*path, key))


def _item(source: Source, text: str, path: Path) -> tuple[int, int, int]:
    """Return the first and last line of a list's item, with the notes above it, and its column."""
    lines = lines_of(text)
    line, column = source.position(path)
    dash = lines[line - 1][: column - 1].rstrip()
    if not dash.endswith("-") or dash.strip() != "-":
        raise CannotWriteError("the scenario does not write its steps as a list, one below another")
    if path[-2] == "one_of":
        raise CannotWriteError("in the scenario the step is a branch of a choice")
    at = len(dash) - 1
    end = line
    for number in range(line, len(lines)):
        below = lines[number]
        if not below.strip() or below.lstrip().startswith("#"):
            continue
        if len(below) - len(below.lstrip(" ")) <= at:
            break
        end = number + 1
    first = line
    while first > 1 and lines[first - 2].startswith(" " * at + "#"):
        first -= 1
    return first, end, at


def _chunk(text: str, first: int, last: int) -> tuple[str, ...]:
    return tuple(raw_lines(text.removeprefix("\ufeff"))[first - 1 : last])


def _siblings(one: Path | None, other: Path | None) -> tuple[Path, int, int] | None:
    """Return the list that two steps are in, in a sequence, and their places in it."""
    if one is None or other is None or one[:-1] != other[:-1] or one[-2:-1] != ("seq",):
        return None
    return one[:-1], int(one[-1]), int(other[-1])


def _moved(source: Source, text: str, step: Path | None, before: Path | None) -> str:
    places = _siblings(step, before)
    if places is None or places[1] <= places[2]:
        return text
    row, end, start = places
    items = [_item(source, text, (*row, number)) for number in range(start, end + 1)]
    chunks = [_chunk(text, first, last) for first, last, _ in items]
    order = [chunks[-1], *chunks[:-1]]
    return spliced(
        text,
        [Splice(first, last, new) for (first, last, _), new in zip(items, order, strict=True)],
    )


def _freed(source: Source, text: str, one: Path | None, other: Path | None) -> str:
    places = _siblings(one, other)
    if places is None or places[2] != places[1] + 1:
        return text
    row, start, end = places
    first, _, at = _item(source, text, (*row, start))
    _, last, _ = _item(source, text, (*row, end))
    inside = [f"    {line}" if line.strip() else line for line in _chunk(text, first, last)]
    return spliced(text, [Splice(first, last, (f"{' ' * at}- any_order:", *inside))])


def _optional(source: Source, text: str, path: Path) -> str:
    node = _value(source, path)
    if "weight" in node:
        return _scalar(source, text, (*path, "weight"), str(node["weight"]), "optional")
    line, column = source.position((*path, "step"))
    lines = lines_of(text)
    written = lines[line - 1]
    if _is_flow(lines, source, path):
        found = re.compile(r"[^,}\s]+").match(written, column - 1)
        if found is None:
            raise CannotWriteError("the scenario's step is written in an unusual way")
        changed = f"{written[: found.end()]}, weight: optional{written[found.end() :]}"
        return spliced(text, [Splice(line, line, (_kept_end(text, line, changed),))])
    _, key_column = source.position((*path, "step"), key=True)
    return spliced(text, [Splice(line + 1, line, (" " * (key_column - 1) + "weight: optional",))])


def _is_flow(lines: Sequence[str], source: Source, path: Path) -> bool:
    line, column = source.position(path)
    return lines[line - 1][column - 1 : column] == "{"


def _kept_end(text: str, line: int, written: str) -> str:
    """Return a line as written, with the end that it has in the file."""
    raw = raw_lines(text.removeprefix("\ufeff"))[line - 1]
    return written + raw[len(raw.rstrip("\r\n")) :]


def _value(source: Source, path: Path) -> dict[str, Any]:
    node: Any = source.value
    for key in path:
        node = node[key]
    assert isinstance(node, dict)
    return node


def _scalar(source: Source, text: str, path: Path, old: str, new: str) -> str:
    """Return the text with a plain scalar changed where it stands."""
    line, column = source.position(path)
    written = lines_of(text)[line - 1]
    if not written.startswith(old, column - 1):
        raise CannotWriteError("a value of the scenario is written in an unusual way")
    changed = written[: column - 1] + new + written[column - 1 + len(old) :]
    return spliced(text, [Splice(line, line, (_kept_end(text, line, changed),))])


def _limit(source: Source, text: str, deadline: str, old: int, new: int) -> str:
    value: Any = source.value
    for number, one in enumerate(value.get("deadlines") or []):
        if one.get("id") == deadline and one.get("limit") == old:
            return _scalar(source, text, ("deadlines", number, "limit"), str(old), str(new))
    return text


def _removed(source: Source, text: str, name: str, path: Path) -> str:
    first, last, _ = _item(source, text, path)
    splices = [Splice(first, last, ())]
    value: Any = source.value
    for number, objective in enumerate(value.get("objectives") or []):
        for at, step in enumerate(objective.get("steps") or []):
            if step == name:
                place = _item(source, text, ("objectives", number, "steps", at))
                splices.append(Splice(place[0], place[1], ()))
    return spliced(text, splices)


def _inserted(
    source: Source, text: str, new: Sequence[tuple[str, str]], path: Path, required: bool
) -> str:
    first, _, at = _item(source, text, path)
    lines: list[str] = []
    for name, proof in new:
        lines.append(f"{' ' * at}- step: {name}")
        if not required:
            lines.append(f"{' ' * at}  weight: optional")
        lines.append(f"{' ' * at}  proof: [{proof}]")
    return spliced(text, [Splice(first, first - 1, tuple(lines))])


def quoted(text: str) -> str:
    """Return a text as YAML writes it between quotes, whatever is in it."""
    return json.dumps(text, ensure_ascii=False)


def with_times(place: str, text: str, path: Path, times: Sequence[tuple[int, int, int]]) -> str:
    """Return a scenario's text with acts of a script at other times: (place in it, old, new)."""
    for number, old, new in times:
        source = read_yaml(text, place)
        text = _scalar(source, text, (*path, number, "at"), str(old), str(new))
    return text
