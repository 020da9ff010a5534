"""Which messages a participant has not seen yet. A matter of this screen, not of the journal."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from simulator.exercise.acts import SOLO

if TYPE_CHECKING:
    from simulator.exercise.fold import Exercise


class Unread:
    """Counts per channel; what was there when the screen opened counts as seen."""

    def __init__(self, exercise: Exercise, seat: str = SOLO) -> None:
        self.seat = seat
        self._seen = self._all(exercise) if exercise.state.now else Counter[str]()

    def _all(self, exercise: Exercise) -> Counter[str]:
        """Count what others said: simulated people, and in a team the other participants."""
        return Counter(
            m.channel
            for m in exercise.state.messages
            if (m.sender != self.seat if exercise.team else not m.from_player)
        )

    def see(self, exercise: Exercise, channel: str) -> None:
        """Count a channel's messages as seen."""
        self._seen[channel] = self._all(exercise)[channel]

    def counts(self, exercise: Exercise) -> dict[str, int]:
        """Return how many messages of each channel have not been seen."""
        everything = self._all(exercise)
        return {name: everything[name] - self._seen[name] for name in sorted(everything)}

    def total(self, exercise: Exercise) -> int:
        """Return how many messages have not been seen."""
        return sum(self.counts(exercise).values())
