"""What the facilitator's panes share: the teams, which one is at hand, and how to act."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from simulator.content.roles import kind_of
from simulator.exercise.door import Refused
from simulator.journal import JournalError
from simulator.session.facilitation import LiveEvidence
from simulator.session.faults import told

if TYPE_CHECKING:
    from simulator.assessment import Assessment
    from simulator.exercise.fold import Exercise
    from simulator.session.seat import SeatDrill

Order = Callable[[str, Mapping[str, Any]], Awaitable[Any]]


@dataclass
class Desk:
    """A facilitator's view of all teams."""

    drills: Sequence[SeatDrill]
    order: Order
    here: int = 0
    """Which team is at hand."""
    everywhere: bool = False
    """Whether what is done to the clock and the timeline is done to all teams."""
    codes: list[dict[str, str]] = field(default_factory=list)
    checks: list[tuple[str, bool, str]] = field(default_factory=list)
    """What the last dry run found."""
    evidence: dict[str, LiveEvidence] = field(default_factory=dict)
    assessments: dict[str, Assessment] = field(default_factory=dict)

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
        """Take an act for the team at hand, or for all; return why not, or an empty text."""
        return await self._do(self.drills if self.everywhere else [self.drill], do, fields)

    async def do_here(self, do: str, fields: Mapping[str, Any]) -> str:
        """Take an act for the team at hand; return why not, or an empty text."""
        return await self._do([self.drill], do, fields)

    @staticmethod
    async def _do(drills: Sequence[SeatDrill], do: str, fields: Mapping[str, Any]) -> str:
        faults = []
        for drill in drills:
            try:
                await drill.take(do, **fields)
            except (Refused, JournalError) as error:
                team = f"{drill.exercise.team}: " if len(drills) > 1 else ""
                faults.append(f"{team}{error}")
        return " ".join(faults)

    async def ask(self, order: str, fields: Mapping[str, Any]) -> tuple[Any, str]:
        """Ask the host for something that is no act; return its reply, or why not."""
        try:
            return await self.order(order, {"x": self.drill.exercise_id, **fields}), ""
        except Exception as error:
            message = told(error)
            if message is None:
                raise
            return None, message
