"""What a deadline, a cadence and a decision earn: credits from 0 to 1, exact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from simulator.assessment.facts import Cadence, Deadline, Decision
from simulator.assessment.procedure import Procedure, met_at


@dataclass(frozen=True, slots=True)
class Credit:
    """What one deadline, cadence or decision earned, in words too.

    `took` is the seconds from the scenario moment to the deed, where there is one of each.
    """

    id: str
    share: Fraction
    weight: int
    critical: bool
    reason: str
    took: int | None = None

    @property
    def late(self) -> bool:
        """Whether anything was lost."""
        return self.share < 1

    @property
    def failed(self) -> bool:
        """Whether nothing was earned: never done, or not before twice the limit."""
        return self.share == 0


def deadline_credit(deadline: Deadline, procedure: Procedure, first: Mapping[str, int]) -> Credit:
    """Return 1 up to the limit, then 2 - t / limit, 0 from twice the limit on and when never done.

    `first` has the first time of each step that was done. Done before the scenario moment is
    done in time.
    """
    if not deadline.applies or deadline.since is None:
        return _deadline(deadline, Fraction(1), f"{deadline.title}: its condition never came true")
    step, explicit = deadline.step, deadline.met_at
    met = explicit if step is None else met_at(procedure, step, first)
    if met is None:
        return _deadline(deadline, Fraction(0), f"{deadline.title}: never done")
    took = met - deadline.since
    share = min(Fraction(1), max(Fraction(0), 2 - Fraction(took, deadline.limit)))
    reason = f"{deadline.title}: done after {took} s, limit {deadline.limit} s"
    return _deadline(deadline, share, reason, took)


def _deadline(deadline: Deadline, share: Fraction, reason: str, took: int | None = None) -> Credit:
    return Credit(deadline.id, share, deadline.weight, deadline.critical, reason, took)


def cadence_credit(cadence: Cadence) -> Credit:
    """Return 1 - overruns / (window - limit), the overruns being all seconds above the limit.

    A window no longer than the limit leaves nothing to overrun: it earns 1.
    """
    since, until, limit = cadence.since, cadence.until, cadence.limit
    window = 0 if since is None else until - since
    if since is None or window <= limit:
        reason = f"{cadence.title}: no time in which it was due"
        return Credit(cadence.id, Fraction(1), cadence.weight, cadence.critical, reason)
    inside = sorted(time for time in cadence.times if since < time < until)
    overruns = sum(
        max(0, later - earlier - limit) for earlier, later in pairwise([since, *inside, until])
    )
    share = 1 - Fraction(overruns, window - limit)
    reason = f"{cadence.title}: {overruns} s over the {limit} s between two of them"
    return Credit(cadence.id, share, cadence.weight, cadence.critical, reason)


def decision_credit(decision: Decision) -> Credit:
    """Return 1 - |chosen - right| / (levels - 1) of the value standing at its deadline.

    Nothing chosen earns 0. Yes or no are two levels, so they earn all or nothing.
    """
    due = decision.due
    in_time = [choice for choice in decision.choices if due is None or choice[0] <= due]
    if not in_time:
        late = min((at for at, _ in decision.choices), default=None)
        reason = f"{decision.title}: nothing chosen"
        if late is not None and due is not None:
            reason = f"{decision.title}: chosen {late - due} s after it was due"
        return Credit(decision.id, Fraction(0), decision.weight, False, reason)
    # Of two choices in one second the later of the two stands.
    _, (_, chosen) = max(enumerate(in_time), key=lambda entry: (entry[1][0], entry[0]))
    off = abs(chosen - decision.right)
    reason = f"{decision.title}: chose {chosen}, right was {decision.right}"
    share = 1 - Fraction(off, decision.levels - 1)
    return Credit(decision.id, share, decision.weight, False, reason)
