"""What confusion is read from: everything people did, and the gap that belongs to each step.

Attribution: sort the completed steps by time; the gap before a completion, less pauses and
declared waits, belongs to the step completed at its end. A required step never done owns the
time from when it became possible to the next completion behind it, or to the end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from simulator.assessment.outcomes import How, StepOutcome
from simulator.assessment.procedure import Procedure, behind


class ActKind(Enum):
    """What sort of act somebody did, as far as it can show confusion."""

    CONFUSED = "confused"
    """Pressed "this confuses me"; `text` is the note."""
    HINT = "hint"
    MESSAGE = "message"
    """Posted `text`. One that proves a duty, such as a status update, comes as OTHER."""
    SEARCH = "search"
    """Searched a runbook or the help for `text`, with `found` results."""
    GAVE_UP = "gave up"
    """Saw the solution, skipped by button, or had the facilitator do it; `text` says which."""
    ATTEMPT = "attempt"
    """Tried the command `canonical`, which showed what `output` is the digest of."""
    VIEW = "view"
    """Opened the view `canonical`."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class TraceAct:
    """One act of a person. `seq` is its number in the journal, `at` its exercise second.

    An attempt is wrong when it `failed` (which an unknown command does) or was a `near_miss`.
    `inverse` is the canonical act that takes this one back.
    """

    seq: int
    at: int
    kind: ActKind = ActKind.OTHER
    step: str | None = None
    text: str = ""
    found: int = 0
    canonical: str = ""
    inverse: str = ""
    failed: bool = False
    near_miss: bool = False
    output: str = ""
    harmful: bool = False


@dataclass(frozen=True, slots=True)
class TracedStep:
    """What is known of a step beforehand: expected seconds, names people may call it, views.

    `views` is how many views it needs; `possible_at` is when the world first allowed it.
    """

    id: str
    expected: int
    names: tuple[str, ...] = ()
    views: int = 1
    possible_at: int | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """One run. `seqs` are the journal's numbers of the acts that were marked, in their order.

    `acts` ascend by `seq`; `pauses` are (from, to), pauses of the clock and declared waits.
    """

    procedure: Procedure
    outcomes: tuple[StepOutcome, ...]
    seqs: tuple[int, ...]
    acts: tuple[TraceAct, ...]
    steps: tuple[TracedStep, ...]
    end: int
    start: int = 0
    pauses: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """The time that belongs to a step: acts numbered above `after` up to `upto`, in seconds."""

    step: str
    since: int
    until: int
    after: int
    upto: int
    completed: bool

    def holds(self, seq: int, at: int) -> bool:
        """Return whether an act lies in this gap."""
        return self.after < seq <= self.upto and at >= self.since


def completions(trace: Trace) -> dict[str, tuple[int, int]]:
    """Return (journal number, second) of each completed step, the first completed first."""
    found = {
        outcome.step: (trace.seqs[outcome.act], outcome.at)
        for outcome in trace.outcomes
        if outcome.act is not None and outcome.at is not None
    }
    return dict(sorted(found.items(), key=lambda entry: entry[1][0]))


def missed(outcome: StepOutcome) -> bool:
    """Return whether a required step was never done."""
    return outcome.how is How.MISSED and outcome.weight > 0 and not outcome.done


def gaps(trace: Trace) -> dict[str, Gap]:
    """Return the gap of each step that was completed, or required and never done."""
    found: dict[str, Gap] = {}
    at, after = trace.start, before_all(trace)
    done = completions(trace)
    for step, (seq, second) in done.items():
        found[step] = Gap(step, at, second, after, seq, completed=True)
        at, after = second, seq
    order = behind(trace.procedure)
    possible = {step.id: step.possible_at for step in trace.steps}
    for outcome in trace.outcomes:
        if missed(outcome):
            step = outcome.step
            found[step] = _gap_of_missed(trace, step, order, done, possible.get(step))
    return found


def _gap_of_missed(
    trace: Trace,
    step: str,
    order: Mapping[str, frozenset[str]],
    done: Mapping[str, tuple[int, int]],
    possible_at: int | None,
) -> Gap:
    before = [moment for other, moment in done.items() if step in order[other]]
    after, since = max(before, default=(before_all(trace), trace.start))
    since = max(since, possible_at or since)
    behind_it = [
        (seq, at) for other, (seq, at) in done.items() if other in order[step] and seq > after
    ]
    reachable = [moment for moment in behind_it if moment[1] >= since]
    upto, until = min(reachable, default=(after_all(trace), max(since, trace.end)))
    return Gap(step, since, until, after, upto, completed=False)


def before_all(trace: Trace) -> int:
    """Return a number below every act's."""
    return min([act.seq for act in trace.acts] + list(trace.seqs), default=1) - 1


def after_all(trace: Trace) -> int:
    """Return a number above every act's: that of the end."""
    return max([act.seq for act in trace.acts] + list(trace.seqs), default=0) + 1


def time_between(since: int, until: int, pauses: Sequence[tuple[int, int]]) -> int:
    """Return the seconds from `since` to `until` less the pauses, which may overlap."""
    length, reached = until - since, since
    for pause in sorted(pauses):
        begin, end = max(pause[0], reached), min(pause[1], until)
        if begin < end:
            length -= end - begin
            reached = end
    return length
