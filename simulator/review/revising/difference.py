"""Unified diffs that `git apply` accepts: the bytes as they are, cut only after line feeds."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """A file's text before and after; `file` is its place with slashes."""

    file: str
    old: str
    new: str


def changes_between(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[Change, ...]:
    """Return the files of `new` that differ, in the order of their names."""
    return tuple(
        Change(file, old[file], text) for file, text in sorted(new.items()) if text != old[file]
    )


def diff(changes: Iterable[Change], prefix: str = "") -> str:
    """Return the unified diff of some files; `prefix` goes before their places."""
    return "".join(part for change in changes for part in _file(change, prefix))


def _file(change: Change, prefix: str) -> Iterator[str]:
    if change.old == change.new:
        return
    name = f"{prefix}{change.file}"
    made = difflib.unified_diff(
        _lines(change.old), _lines(change.new), _name(f"a/{name}"), _name(f"b/{name}")
    )
    for line in made:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    ended = [f"{line}\n" for line in lines[:-1]]
    return ended + ([lines[-1]] if lines[-1] else [])


def _name(name: str) -> str:
    """Return a file's name as git writes it: one with a blank is followed by a tab."""
    return f"{name}\t" if " " in name else name


def added_lines(change: Change) -> tuple[str, ...]:
    """Return the lines that a change adds, without their ends."""
    made = list(difflib.unified_diff(_lines(change.old), _lines(change.new), n=0))
    return tuple(line[1:].rstrip("\r\n") for line in made[2:] if line.startswith("+"))
