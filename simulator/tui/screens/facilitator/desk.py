"""What the facilitator's panes share: the teams, which one is at hand, and how to act."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from simulator.content.roles import kind_of
from simulator.exercise.door import Refused
from simulator.journal import JournalError
from simulator.session.drill import new_key
from simulator.session.facilitation import LiveEvidence
from simulator.session.faults import told

if TYPE_CHECKING:
    from simulator.assessment import Assessment
    from simulator.exercise.fold import Exercise
    from simulator.session.seat import SeatDrill

Order = Callable[[str, Mapping[str, Any]], Awaitable[Any]]
"""Asks the host for something that is no act. What it raises has its reason as its text."""


@dataclass
class Desk:
    """A facilitator's view of all teams. `tell` says something that needs no answer."""

    drills: Sequence[SeatDrill]
    order: Order
    tell: Callable[[str], None]
    here: int = 0
    """Which team is at hand."""
    everywhere: bool = False
    """Whether what is done to the clock and the timeline is done to all teams."""
    codes: list[dict[str, str]] = field(default_factory=list)
    checks: list[tuple[str, bool, str]] = field(default_factory=list)
    """What the last dry run found: what was tried, whether it works, a few words."""
    evidence: dict[str, LiveEvidence] = field(default_factory=dict)
    assessments: dict[str, Assessment] = field(default_factory=dict)
    _unsure: tuple[tuple[str, Any], str] | None = None
    """An act that may have been stored although nobody said so, and its key."""

    @property
    def drill(self) -> SeatDrill:
        """The team at hand."""
        return self.drills[min(self.here, len(self.drills) - 1)]

    @property
    def exercise(self) -> Exercise:
        """The exercise of the team at hand."""
        return self.drill.exercise

    @property
    def assessment(self) -> Assessment | None:
        """What the team at hand is worth so far; None before it was first computed."""
        return self.assessments.get(self.drill.exercise_id)

    @property
    def leads(self) -> bool:
        """Whether this seat facilitates; an evaluator notes and marks only."""
        return kind_of(self.drill.role) == "facilitator"

    async def do(self, do: str, fields: Mapping[str, Any]) -> str:
        """Take an act for the team at hand, or for all; return why not, or an empty text.

        Where some teams could take it and others not, that is told, and it counts as done.
        """
        return await self._do(self.drills if self.everywhere else [self.drill], do, fields)

    async def do_here(self, do: str, fields: Mapping[str, Any]) -> str:
        """Take an act for the team at hand; return why not, or an empty text."""
        return await self._do([self.drill], do, fields)

    async def _do(self, drills: Sequence[SeatDrill], do: str, fields: Mapping[str, Any]) -> str:
        """Take an act; one that may have been stored goes by the same key when tried again."""
        same = (do, dict(fields))
        key = self._unsure[1] if self._unsure and self._unsure[0] == same else new_key()
        refused, away = [], []
        for drill in list(drills):
            team = f"{drill.exercise.team}: " if len(drills) > 1 else ""
            try:
                await drill.take(do, key=key, **fields)
            except Refused as error:
                refused.append(f"{team}{error}")
            except JournalError as error:
                away.append(f"{team}{error}")
        self._unsure = (same, key) if away else None
        if away or len(refused) == len(drills):
            return " ".join([*refused, *away])
        if refused:
            self.tell(" ".join(refused))
        return ""

    async def ask(self, order: str, fields: Mapping[str, Any]) -> tuple[Any, str]:
        """Ask the host for something that is no act; return its reply, or why not."""
        try:
            return await self.order(order, {"x": self.drill.exercise_id, **fields}), ""
        except Exception as error:
            return None, told(error) or str(error) or "The host could not do that."

    async def bid(self, order: str, fields: Mapping[str, Any]) -> str:
        """Ask the host for something whose reply says nothing; return why not, or ""."""
        return (await self.ask(order, fields))[1]

    async def refresh_codes(self) -> str:
        """Fetch the codes; return why not, or an empty text."""
        codes, why = await self.ask("codes", {})
        self.codes = list(codes or []) if not why else self.codes
        return why

    async def revoke(self, order: str, fields: Mapping[str, Any]) -> str:
        """Make a new code in place of one; return why not, or an empty text."""
        codes, why = await self.ask(order, fields)
        self.codes = list(codes or []) if not why else self.codes
        return why

    async def dry_run(self) -> str:
        """Let the host try everything; return why not, or an empty text."""
        found, why = await self.ask("test", {})
        if not why:
            self.checks = [(str(what), bool(works), str(said)) for what, works, said in found]
        return why
