"""What an exercise is at one moment: production, and what people did and were told."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field

from simulator.world import WorldState


@dataclass(frozen=True)
class Message:
    """Something said in a channel, by a participant, a simulated person or the system."""

    at: int
    channel: str
    sender: str
    text: str
    from_player: bool
    template: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    inject: str = ""


@dataclass(frozen=True)
class TerminalLine:
    """One thing the terminal shows: a typed line with its output, or what came later."""

    at: int
    seat: str
    line: str
    output: str
    failed: bool = False


@dataclass(frozen=True)
class HintGiven:
    at: int
    step: str
    strength: int
    text: str


@dataclass(frozen=True)
class Flag:
    """Somebody said that a step confused them."""

    at: int
    seat: str
    step: str
    note: str


@dataclass
class ExerciseState:
    """The fold of the journal up to `now` (seconds since T+0)."""

    world: WorldState
    now: int = 0
    paused: bool = False
    speed: int = 1
    opened: bool = False
    ended: int | None = None
    end_reason: str = ""
    closed: bool = False
    seats: dict[str, str] = field(default_factory=dict)
    severity: str = ""
    severities: list[tuple[int, str]] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    delivered: dict[str, int] = field(default_factory=dict)
    due: list[tuple[int, str, str]] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)
    waiting: dict[str, int] = field(default_factory=dict)
    acknowledged: dict[str, int] = field(default_factory=dict)
    views: dict[str, int] = field(default_factory=dict)
    decisions: dict[str, tuple[int, str]] = field(default_factory=dict)
    choices: dict[str, tuple[tuple[int, str], ...]] = field(default_factory=dict)
    open_decisions: dict[str, int] = field(default_factory=dict)
    ticks: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)
    hints: list[HintGiven] = field(default_factory=list)
    revealed: list[tuple[int, str]] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    terminal: list[TerminalLine] = field(default_factory=list)
    contexts: dict[str, dict[str, str]] = field(default_factory=dict)
    hotwash: dict[str, dict[str, str]] = field(default_factory=dict)
    confidence: dict[str, int] = field(default_factory=dict)
    confirmed: list[tuple[str, str, str]] = field(default_factory=list)
    overrules: dict[str, tuple[str, str]] = field(default_factory=dict)
    acts: int = 0
    seen_events: int = 0

    def copy(self) -> ExerciseState:
        """Return a state that later acts on this one do not touch."""
        twin = copy.copy(self)
        twin.world = self.world.copy()
        for name, value in vars(self).items():
            if isinstance(value, dict | list | set):
                setattr(twin, name, value.copy())
        return twin
