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


@dataclass(frozen=True)
class Request:
    """An act that waits for a second person; `granted` is None until somebody has answered."""

    number: int
    at: int
    seat: str
    wants: str
    of: tuple[str, ...]
    granted: bool | None = None
    answered_by: str = ""
    reason: str = ""
    done: bool = False


@dataclass(frozen=True)
class Written:
    """An inject that the facilitator wrote; `due` is when it comes."""

    id: str
    due: int
    channel: str
    sender: str
    text: str


@dataclass(frozen=True)
class Observed:
    """What a facilitator or an evaluator noted at a moment."""

    at: int
    seat: str
    kind: str
    about: str
    text: str


@dataclass(frozen=True)
class Rated:
    """An evaluator's rating of an objective; of the whole exercise where that is empty."""

    at: int
    seat: str
    objective: str
    rating: str
    reason: str


@dataclass(frozen=True)
class Overruled:
    """An evaluator's mark for a step: the share of its weight that is lost, as text."""

    at: int
    seat: str
    share: str
    reason: str


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
    started: bool = False
    seats: dict[str, str] = field(default_factory=dict)
    """Names by seat, in the order in which people joined."""
    roles: dict[str, str] = field(default_factory=dict)
    ready: set[str] = field(default_factory=set)
    requests: list[Request] = field(default_factory=list)
    shifts: dict[str, int] = field(default_factory=dict)
    """By how many seconds an inject was postponed."""
    withheld: dict[str, int] = field(default_factory=dict)
    edited: dict[str, str] = field(default_factory=dict)
    written: list[Written] = field(default_factory=list)
    notes: list[Observed] = field(default_factory=list)
    shared: set[str] = field(default_factory=set)
    dismissed: set[str] = field(default_factory=set)
    revoked: dict[str, int] = field(default_factory=dict)
    """How often the code of a role was revoked."""
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
    confirmed: list[Rated] = field(default_factory=list)
    overrules: dict[str, Overruled] = field(default_factory=dict)
    acts: int = 0
    seen_events: int = 0

    def request(self, number: int) -> Request | None:
        """Return a request by its number."""
        return self.requests[number - 1] if 0 < number <= len(self.requests) else None

    def copy(self) -> ExerciseState:
        """Return a state that later acts on this one do not touch."""
        twin = copy.copy(self)
        twin.world = self.world.copy()
        for name, value in vars(self).items():
            if isinstance(value, dict | list | set):
                setattr(twin, name, value.copy())
        return twin
