"""The signals of confusion, one function each, in the order of the contract's table.

A signal looks at what belongs to one step and returns the evidence, or None. It fires once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from simulator.assessment.gaps import ActKind, Gap, TraceAct, TracedStep, missed
from simulator.assessment.judgement import Judgement, Signal
from simulator.assessment.outcomes import StepOutcome
from simulator.assessment.question import asks, names


@dataclass(frozen=True, slots=True)
class Sign:
    """A signal that fired: its points, the journal numbers of the acts, and a sentence."""

    signal: Signal
    points: int
    acts: tuple[int, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Silence:
    """Time in which nobody did anything, ended by the act numbered `seq`. In seconds."""

    seq: int
    since: int
    until: int
    length: int


@dataclass(frozen=True, slots=True)
class Belongings:
    """Everything that belongs to one step. Times are seconds without pauses."""

    step: TracedStep
    outcome: StepOutcome
    gap: Gap | None
    acts: tuple[TraceAct, ...]
    dwell: int
    pace: Fraction
    silences: tuple[Silence, ...]
    """Those that are long for this run."""
    seq: int | None
    """The journal's number of the act that completed the step."""
    overtaken_by: tuple[tuple[str, int], ...]
    """Steps behind this one that were completed before it, with their acts."""
    ticks_are_used: bool
    """Whether anybody ticked a step that an act can prove."""

    def of(self, kind: ActKind) -> list[TraceAct]:
        """Return the acts of one kind."""
        return [act for act in self.acts if act.kind is kind]


Evidence = tuple[tuple[int, ...], str]


def signs(own: Belongings, judgement: Judgement) -> tuple[Sign, ...]:
    """Return the signals that fire for a step, in the order of the table."""
    found = ((signal, look(own, judgement)) for signal, look in SIGNALS.items())
    return tuple(
        Sign(signal, judgement.points[signal], *evidence) for signal, evidence in found if evidence
    )


def flagged(own: Belongings, _: Judgement) -> Evidence | None:
    """Somebody pressed "this confuses me"."""
    acts = own.of(ActKind.CONFUSED)
    notes = "; ".join(f'"{act.text}"' for act in acts if act.text)
    return _if(acts, f"said that this confuses them: {notes}" if notes else "said so")


def hint(own: Belongings, _: Judgement) -> Evidence | None:
    """A hint was asked for."""
    acts = own.of(ActKind.HINT)
    return _if(acts, f"asked for {_times(len(acts), 'hint')}")


def question(own: Belongings, _: Judgement) -> Evidence | None:
    """A message names the step or asks which, how, where, or says "not sure"."""
    acts = [
        act for act in own.of(ActKind.MESSAGE) if names(act.text, own.step.names) or asks(act.text)
    ]
    return _if(acts, f'asked "{acts[0].text}"' if acts else "")


def search_with_nothing(own: Belongings, judgement: Judgement) -> Evidence | None:
    """A search found nothing, or was put in other words twice."""
    searches = own.of(ActKind.SEARCH)
    empty = [act for act in searches if not act.found]
    if empty:
        return _if(empty, f'searched for "{empty[0].text}" and found nothing')
    queries = {" ".join(act.text.casefold().split()) for act in searches}
    if len(queries) <= judgement.reformulations:
        return None
    return _if(searches, f"searched in {len(queries)} different words")


def gave_up(own: Belongings, _: Judgement) -> Evidence | None:
    """The solution was shown, the step skipped by button, or the facilitator did it."""
    acts = own.of(ActKind.GAVE_UP)
    return _if(acts, (acts[0].text or "gave up") if acts else "")


def harm(own: Belongings, _: Judgement) -> Evidence | None:
    """A harmful act."""
    acts = [act for act in own.acts if act.harmful]
    return _if(acts, f"did harm {_times(len(acts), 'time')}")


def slow(own: Belongings, judgement: Judgement) -> Evidence | None:
    """Dwell above twice what this run's pace makes of the expected time, and 30 s beyond that time.

    "Over by 30 s" is measured from expected x pace, else the first condition would say nothing.
    """
    usual = own.step.expected * own.pace
    over = own.dwell - usual
    if own.gap is None or own.dwell <= judgement.slow_factor * usual:
        return None
    if over < judgement.slow_over:
        return None
    acts = () if own.seq is None else (own.seq,)
    return acts, f"took {own.dwell} s where at this pace {float(usual):.0f} s were to be expected"


def wrong_three_times(own: Belongings, judgement: Judgement) -> Evidence | None:
    """Three failed, unknown or near-miss attempts."""
    acts = [act for act in own.of(ActKind.ATTEMPT) if act.failed or act.near_miss]
    if len(acts) < judgement.wrong_attempts:
        return None
    return _if(acts, f"tried {_times(len(acts), 'time')} without success")


def bounce(own: Belongings, judgement: Judgement) -> Evidence | None:
    """The same view opened three times, or lost among five views or more."""
    views = own.of(ActKind.VIEW)
    opened = Counter(act.canonical for act in views)
    often = {view for view, times in opened.items() if times >= judgement.same_view}
    if often:
        acts = [act for act in views if act.canonical in often]
        return _if(acts, f"opened {', '.join(sorted(often))} again and again")
    different, total, needed = len(opened), len(views), own.step.views
    if total < judgement.lostness_views:
        return None
    if _lostness_squared(different, total, needed) <= judgement.lostness_above**2:
        return None
    lost = lostness(different, total, needed)
    return _if(views, f"lost among {total} views, {different} different ({lost:.2f})")


def lostness(different: int, total: int, needed: int) -> float:
    """Return sqrt((N/S - 1)^2 + (R/N - 1)^2): 0 on the straight way, rising when lost.

    N different views, S views in all, R needed views; at least one each. Source: P. A. Smith,
    "Towards a practical measure of hypertext usability", Interacting with Computers 8(4), 1996.
    """
    return sqrt(_lostness_squared(different, total, needed))


def _lostness_squared(different: int, total: int, needed: int) -> Fraction:
    return (Fraction(different, total) - 1) ** 2 + (Fraction(needed, different) - 1) ** 2


def idle(own: Belongings, _: Judgement) -> Evidence | None:
    """One silence that is long for this run."""
    if own.gap is None:
        return None
    gap = own.gap
    inside = [s for s in own.silences if gap.holds(s.seq, s.until) and s.since >= gap.since]
    if not inside:
        return None
    longest = max(inside, key=lambda silence: silence.length)
    return (longest.seq,), f"nobody did anything for {longest.length} s"


def undo(own: Belongings, judgement: Judgement) -> Evidence | None:
    """An act and its inverse within 120 s."""
    for i, act in enumerate(own.acts):
        if not act.inverse:
            continue
        for later in own.acts[i + 1 :]:
            if later.at - act.at > judgement.undo_within:
                break
            if later.canonical == act.inverse:
                return (act.seq, later.seq), f"{act.canonical}, then {later.canonical}"
    return None


def skipped_ahead(own: Belongings, _: Judgement) -> Evidence | None:
    """A later step was done first, or the required step missed."""
    if missed(own.outcome):
        return (), "the step was missed"
    if not own.overtaken_by:
        return None
    steps = ", ".join(step for step, _ in own.overtaken_by)
    return tuple(seq for _, seq in own.overtaken_by), f"did {steps} first"


def tick_mismatch(own: Belongings, _: Judgement) -> Evidence | None:
    """Ticked without the act, or done and never ticked.

    The second fires only where the run has ticks of provable steps at all: a team that ticks
    nothing would otherwise have no calm step, and no wrong estimate could repair itself.
    """
    outcome, acts = own.outcome, () if own.seq is None else (own.seq,)
    if outcome.mismatch:
        return acts, "ticked, but the act that proves it was not seen"
    unticked = outcome.provable and outcome.ticked_at is None and own.seq is not None
    return (acts, "done and never ticked") if unticked and own.ticks_are_used else None


def rerun(own: Belongings, judgement: Judgement) -> Evidence | None:
    """The same command three times, its output unchanged from one to the next."""
    last: dict[str, tuple[str, tuple[int, ...]]] = {}
    for act in own.of(ActKind.ATTEMPT):
        output, seqs = last.get(act.canonical, (act.output, ()))
        seqs = (*seqs, act.seq) if output == act.output else (act.seq,)
        last[act.canonical] = act.output, seqs
        if len(seqs) >= judgement.same_output:
            return seqs, f"ran {act.canonical} {len(seqs)} times and saw the same"
    return None


SIGNALS: Mapping[Signal, Callable[[Belongings, Judgement], Evidence | None]] = {
    Signal.FLAGGED: flagged,
    Signal.HINT: hint,
    Signal.QUESTION: question,
    Signal.SEARCH_WITH_NOTHING: search_with_nothing,
    Signal.GAVE_UP: gave_up,
    Signal.HARM: harm,
    Signal.SLOW: slow,
    Signal.WRONG_THREE_TIMES: wrong_three_times,
    Signal.BOUNCE: bounce,
    Signal.IDLE: idle,
    Signal.UNDO: undo,
    Signal.SKIPPED_AHEAD: skipped_ahead,
    Signal.TICK_MISMATCH: tick_mismatch,
    Signal.RERUN: rerun,
}


def _if(acts: Sequence[TraceAct], sentence: str) -> Evidence | None:
    return (tuple(act.seq for act in acts), sentence) if acts else None


def _times(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
