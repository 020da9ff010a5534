"""What a typed line comes to, and what the shell remembers between two of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from simulator.content.clean import clean

_MOST_NAMES = 24
_LONGEST_VALUE = 400

Mode = Literal["shell", "psql"]


@dataclass(frozen=True)
class ShellContext:
    """What a seat's shell remembers: whether psql is open, and a statement not yet finished."""

    mode: Mode = "shell"
    buffer: str = ""
    expanded: bool = False
    timing: bool = False
    tuples_only: bool = False
    aligned: bool = True
    variables: tuple[tuple[str, str], ...] = ()
    """What was given a name with `export NAME=value`."""

    def fields(self) -> dict[str, str]:
        """Return it as a journal keeps it: only what differs from a fresh shell."""
        kept = {"mode": self.mode, "buffer": self.buffer} if self.mode == "psql" else {}
        flags = {
            name: "yes"
            for name in ("expanded", "timing", "tuples_only")
            if getattr(self, name) and self.mode == "psql"
        }
        if not self.aligned and self.mode == "psql":
            flags["unaligned"] = "yes"
        named = {f"${name}": value for name, value in self.variables}
        return {name: value for name, value in (kept | flags | named).items() if value}

    @classmethod
    def of(cls, kept: Mapping[str, str]) -> ShellContext:
        """Return the context that `fields` kept."""
        return cls(
            mode="psql" if kept.get("mode") == "psql" else "shell",
            buffer=kept.get("buffer", ""),
            expanded="expanded" in kept,
            timing="timing" in kept,
            tuples_only="tuples_only" in kept,
            aligned="unaligned" not in kept,
            variables=tuple(
                (name[1:], value) for name, value in sorted(kept.items()) if name[:1] == "$"
            ),
        )

    def naming(self, name: str, value: str) -> ShellContext:
        """Return a context in which a name stands for a value; "" forgets it."""
        others = {known: kept for known, kept in self.variables if known != name}
        if value:
            others[name] = value[:_LONGEST_VALUE]
        return replace(self, variables=tuple(sorted(others.items())[:_MOST_NAMES]))

    def shell(self) -> ShellContext:
        """Return the context after psql is left."""
        return ShellContext(variables=self.variables)


@dataclass(frozen=True)
class Printed:
    """What one command printed, apart from its errors, and what it does to the world."""

    out: str = ""
    err: str = ""
    failed: bool = False
    near: bool = False
    action: str | None = None
    args: Mapping[str, str] = field(default_factory=dict)
    takes: int = 0
    view: str | None = None
    logs: str | None = None
    views: tuple[str, ...] = ()
    streams: tuple[str, ...] = ()
    context: ShellContext | None = None
    said: str = ""
    """Its canonical spelling, where that is not the words' own."""

    def but(self, **changes: object) -> Printed:
        """Return a copy with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Answered:
    """The shell's answer to a line.

    `action` with `args` is what the line does: the caller performs it with `World.perform`.
    `views` and `streams` are what it opened after `view` and `logs`. `near`
    marks a known tool wrongly used, or a name close to a known one. `takes` is how many seconds
    pass before the prompt returns.
    """

    output: str
    failed: bool
    near: bool
    canonical: str
    action: str | None
    args: Mapping[str, str]
    takes: int
    view: str | None
    logs: str | None
    views: tuple[str, ...]
    streams: tuple[str, ...]
    context: ShellContext


def lines(text: str) -> str:
    """Return `text` ending in one line feed, or nothing at all."""
    text = text.rstrip("\n")
    return f"{text}\n" if text else ""


def plain(text: str) -> str:
    """Return `text` fit for a screen: no control characters but line feeds."""
    return clean(text, limit=len(text), lines=True)
