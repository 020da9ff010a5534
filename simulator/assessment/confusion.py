"""Confusion points: the steps where a run was slow, wrong, split or unsure, with the evidence.

A confusion point is a flag, or at least two different signals worth 3 points together. One
signal alone is a remark.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from statistics import median

from simulator.assessment.gaps import (
    ActKind,
    Gap,
    Trace,
    TraceAct,
    TracedStep,
    after_all,
    completions,
    gaps,
    time_between,
)
from simulator.assessment.judgement import JUDGEMENT, Judgement, Signal
from simulator.assessment.procedure import behind
from simulator.assessment.question import names
from simulator.assessment.signals import Belongings, Sign, Silence, signs


@dataclass(frozen=True, slots=True)
class StepConfusion:
    """What one step showed. Times are seconds; `since` and `until` are its gap, if it has one."""

    step: str
    since: int | None
    until: int | None
    dwell: int
    expected: int
    completed: bool
    signs: tuple[Sign, ...]
    points: int
    confusion_point: bool


@dataclass(frozen=True, slots=True)
class Confusions:
    """All steps of one run, in the procedure's order. `pace` 2 is half as fast as expected."""

    pace: Fraction
    steps: tuple[StepConfusion, ...]

    @property
    def confusion_points(self) -> tuple[StepConfusion, ...]:
        """The steps that confused somebody."""
        return tuple(step for step in self.steps if step.confusion_point)

    @property
    def remarks(self) -> tuple[StepConfusion, ...]:
        """The steps that showed something, but not enough."""
        return tuple(step for step in self.steps if step.signs and not step.confusion_point)


def confusion(trace: Trace, judgement: Judgement = JUDGEMENT) -> Confusions:
    """Return what every step of a run showed, each signal with its evidence."""
    found = gaps(trace)
    dwells = {step: time_between(gap.since, gap.until, trace.pauses) for step, gap in found.items()}
    speed = pace(trace.steps, {step: dwells[step] for step, gap in found.items() if gap.completed})
    quiet = _long_silences(trace, judgement)
    known = {step.id: step for step in trace.steps}
    done = completions(trace)
    order = behind(trace.procedure)
    used = any(outcome.provable and outcome.ticked_at is not None for outcome in trace.outcomes)
    owned = _owned(trace, found)
    steps = []
    for outcome in trace.outcomes:
        name = outcome.step
        at = done.get(name, (None, None))[0]
        own = Belongings(
            step=known[name],
            outcome=outcome,
            gap=found.get(name),
            acts=tuple(owned[name]),
            dwell=dwells.get(name, 0),
            pace=speed,
            silences=quiet,
            seq=at,
            overtaken_by=tuple(
                (later, done[later][0])
                for later in done
                if at is not None and later in order[name] and done[later][0] < at
            ),
            ticks_are_used=used,
        )
        steps.append(_judged(own, signs(own, judgement), judgement))
    return Confusions(speed, tuple(steps))


def pace(steps: Iterable[TracedStep], dwells: Mapping[str, int]) -> Fraction:
    """Return the median over completed steps of dwell / expected, both in seconds.

    A step completed by the act that completed another took no time and says nothing; with no
    other steps the pace is 1.
    """
    ratios = [
        Fraction(dwells[step.id], step.expected)
        for step in steps
        if dwells.get(step.id, 0) > 0 and step.expected > 0
    ]
    return median(ratios) if ratios else Fraction(1)


def _judged(own: Belongings, fired: tuple[Sign, ...], judgement: Judgement) -> StepConfusion:
    points = sum(sign.points for sign in fired)
    flag = any(sign.signal is Signal.FLAGGED for sign in fired)
    return StepConfusion(
        step=own.step.id,
        since=own.gap.since if own.gap else None,
        until=own.gap.until if own.gap else None,
        dwell=own.dwell,
        expected=own.step.expected,
        completed=own.seq is not None,
        signs=fired,
        points=points,
        confusion_point=flag or (len(fired) > 1 and points >= judgement.confusion_from),
    )


def _owned(trace: Trace, found: Mapping[str, Gap]) -> dict[str, list[TraceAct]]:
    """Return the acts of each step: those that name it, and those in its gap that name none."""
    owned: dict[str, list[TraceAct]] = {outcome.step: [] for outcome in trace.outcomes}
    windows = [(gap.after, gap.upto, gap.since, gap.step) for gap in found.values()]
    for act in trace.acts:
        seq, at = act.seq, act.at
        named = [name for name in _named(act, trace.steps) if name in owned]
        inside = [
            step for after, upto, since, step in windows if after < seq <= upto and at >= since
        ]
        if act.kind is ActKind.CONFUSED and found and not inside:
            # A flag is never lost: after the last step it speaks of the last step.
            inside = [max(found.values(), key=lambda gap: gap.upto).step]
        for step in named or inside:
            owned[step].append(act)
    return owned


def _named(act: TraceAct, steps: Sequence[TracedStep]) -> list[str]:
    if act.kind is ActKind.MESSAGE:
        return [step.id for step in steps if names(act.text, step.names)]
    return [act.step] if act.step is not None else []


def _long_silences(trace: Trace, judgement: Judgement) -> tuple[Silence, ...]:
    """Return the silences of at least max(60 s, 3 x the run's own 75th percentile).

    They lie between the start, the acts and the end. The percentile is the nearest rank.
    """
    moments = [
        (0, trace.start),
        *((act.seq, act.at) for act in trace.acts),
        (after_all(trace), trace.end),
    ]
    silences = [
        Silence(seq, since, until, time_between(since, until, trace.pauses))
        for (_, since), (seq, until) in pairwise(moments)
    ]
    lengths = sorted(silence.length for silence in silences)
    rank = -(-judgement.silence_percentile * len(lengths) // 100)
    least = max(judgement.silence_least, judgement.silence_factor * lengths[rank - 1])
    return tuple(silence for silence in silences if silence.length >= least)
