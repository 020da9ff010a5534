"""The marks of an exercise: score, the lines that explain it, and the rating.

Score = (procedure + time + decisions) x product of (1 - harm), from 0 to 100. All arithmetic is
exact; round only for print.

Where the contract leaves a choice, the reading under which its sixteen properties hold is taken:
a required step caps the rating at S when any of its weight is lost; a run in which no required
step earned anything scores 0; a deadline is late when it lost anything and failed when it earned
nothing; a guard broken without a degree of harm costs what a major harm does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from math import floor

from simulator.assessment.credits import Credit, cadence_credit, deadline_credit, decision_credit
from simulator.assessment.facts import Facts, MarkedAct
from simulator.assessment.judgement import JUDGEMENT, Harm, Judgement
from simulator.assessment.outcomes import How, StepOutcome, acted, outcomes
from simulator.assessment.procedure import Procedure, undone_critical, weight
from simulator.assessment.rating import Cap, Rating, band, rate


class LineKind(Enum):
    """What a line of the report speaks of."""

    STEP = "step"
    DEADLINE = "deadline"
    CADENCE = "cadence"
    DECISION = "decision"
    HARM = "harm"
    NOTHING_DONE = "nothing done"


@dataclass(frozen=True, slots=True)
class Line:
    """Points lost, and why. `subject` is an id; for a harm it is the number of the act."""

    kind: LineKind
    subject: str
    lost: Fraction
    reason: str


@dataclass(frozen=True, slots=True)
class Component:
    """A part of the score: the points it can give and those that it gave, before harm."""

    name: str
    share: Fraction
    earned: Fraction


@dataclass(frozen=True, slots=True)
class Marks:
    """Everything that is marked, computed in this one place."""

    scoring_version: int
    score: Fraction
    components: tuple[Component, ...]
    kept: Fraction
    """The product of (1 - harm) over all harmful acts."""
    lines: tuple[Line, ...]
    """What was lost; adds up to exactly 100 - score."""
    rating: Rating
    reason: str
    band: Rating
    """The rating that the score alone gives."""
    caps: tuple[Cap, ...]
    steps: tuple[StepOutcome, ...]
    deadlines: tuple[Credit, ...]
    cadences: tuple[Credit, ...]
    decisions: tuple[Credit, ...]

    @property
    def points(self) -> int:
        """The score for print: rounded down, so that it never claims a band it did not reach."""
        return floor(self.score)

    @property
    def mismatches(self) -> tuple[str, ...]:
        """The steps that were ticked without the act that proves them."""
        return tuple(step.step for step in self.steps if step.mismatch)


def mark(
    procedure: Procedure,
    acts: Sequence[MarkedAct],
    facts: Facts,
    judgement: Judgement = JUDGEMENT,
) -> Marks:
    """Return the marks of one exercise. `acts` are in the order of the journal.

    Raises ValueError when the procedure requires nothing.
    """
    total = weight(procedure, judgement)
    if not total:
        raise ValueError("nothing in this procedure is required")
    results = outcomes(procedure, acts, facts.overrules, judgement)
    first = {result.step: result.proved_at for result in results if result.proved_at is not None}
    deadlines = tuple(deadline_credit(deadline, procedure, first) for deadline in facts.deadlines)
    cadences = tuple(cadence_credit(cadence) for cadence in facts.cadences)
    decisions = tuple(decision_credit(decision) for decision in facts.decisions)

    of_steps, of_time, of_decisions = _shares(judgement, bool(deadlines + cadences), decisions)
    lines = list(_step_lines(results, of_steps / total))
    lines += _credit_lines(deadlines, of_time, deadlines + cadences, LineKind.DEADLINE)
    lines += _credit_lines(cadences, of_time, deadlines + cadences, LineKind.CADENCE)
    lines += _credit_lines(decisions, of_decisions, decisions, LineKind.DECISION)
    components = _components(lines, of_steps, of_time, of_decisions)
    harms = harms_of(acts, judgement)
    lines += _harm_lines(acts, harms, 100 - _lost(lines), judgement)
    if components[0].earned == 0:
        reason = "no required step was done, so nothing else counts"
        lines.append(Line(LineKind.NOTHING_DONE, "", 100 - _lost(lines), reason))

    score = 100 - _lost(lines)
    undone = undone_critical(procedure, acted(results))
    limits = caps(undone, results, deadlines + cadences, acts, harms, facts)
    rating, reason = rate(score, limits, judgement)
    return Marks(
        scoring_version=judgement.scoring_version,
        score=score,
        components=components,
        kept=kept(harms, judgement),
        lines=tuple(line for line in lines if line.lost),
        rating=rating,
        reason=reason,
        band=band(score, judgement),
        caps=limits,
        steps=results,
        deadlines=deadlines,
        cadences=cadences,
        decisions=decisions,
    )


def _shares(
    judgement: Judgement, timed: bool, decisions: Sequence[Credit]
) -> tuple[Fraction, Fraction, Fraction]:
    """Return the points of each component; one that is lacking gives its own to the others."""
    time = judgement.time_share if timed else Fraction(0)
    choice = judgement.decisions_share if decisions else Fraction(0)
    scale = 100 / (judgement.procedure_share + time + choice)
    return judgement.procedure_share * scale, time * scale, choice * scale


def _components(
    lines: Sequence[Line], of_steps: Fraction, of_time: Fraction, of_decisions: Fraction
) -> tuple[Component, ...]:
    lost = {kind: _lost([line for line in lines if line.kind is kind]) for kind in LineKind}
    in_time = lost[LineKind.DEADLINE] + lost[LineKind.CADENCE]
    return (
        Component("procedure", of_steps, of_steps - lost[LineKind.STEP]),
        Component("time", of_time, of_time - in_time),
        Component("decisions", of_decisions, of_decisions - lost[LineKind.DECISION]),
    )


def _lost(lines: Sequence[Line]) -> Fraction:
    return sum((line.lost for line in lines), Fraction(0))


_STEP_REASONS: Mapping[How, str] = {
    How.PROVED: "done",
    How.TICKED: "ticked, but the act that proves it was not seen in its place",
    How.PROVED_ELSEWHERE: "done out of order",
    How.TICKED_ELSEWHERE: "ticked out of order, and no act of its own proves it",
    How.MISSED: "missed: no act of its own proves it, and nobody ticked it",
    How.NOT_ASKED: "another branch was taken",
}


def _step_lines(results: Sequence[StepOutcome], points: Fraction) -> Iterator[Line]:
    for result in results:
        reason = _STEP_REASONS[result.how]
        if result.overruled is not None:
            reason = f"overruled: {result.overruled}"
        yield Line(LineKind.STEP, result.step, points * result.weight * result.share, reason)


def _credit_lines(
    earned: Sequence[Credit], points: Fraction, among: Sequence[Credit], kind: LineKind
) -> Iterator[Line]:
    total = sum(credit.weight for credit in among)
    for credit in earned:
        lost = points * Fraction(credit.weight, total) * (1 - credit.share)
        yield Line(kind, credit.id, lost, credit.reason)


def harms_of(acts: Sequence[MarkedAct], judgement: Judgement) -> tuple[tuple[int, Harm], ...]:
    """Return every harmful act with its degree; a broken guard is a harm of its own."""
    return tuple(
        (number, act.harm or judgement.guard)
        for number, act in enumerate(acts)
        if act.harm is not None or act.guard_broken
    )


def kept(harms: Sequence[tuple[int, Harm]], judgement: Judgement) -> Fraction:
    """Return the share of the score that these harms leave: the product of (1 - harm)."""
    share = Fraction(1)
    for _, harm in harms:
        share *= 1 - judgement.harms[harm]
    return share


def _harm_lines(
    acts: Sequence[MarkedAct],
    harms: Sequence[tuple[int, Harm]],
    score: Fraction,
    judgement: Judgement,
) -> Iterator[Line]:
    for number, harm in harms:
        lost = score * judgement.harms[harm]
        score -= lost
        yield Line(LineKind.HARM, str(number), lost, _harm_reason(acts[number], harm))


def _harm_reason(act: MarkedAct, harm: Harm) -> str:
    what = "a broken guard" if act.guard_broken else f"a {harm.value} harmful act"
    return f"{what}: {act.harm_reason}" if act.harm_reason else what


def caps(
    undone: Sequence[str],
    results: Sequence[StepOutcome],
    timed: Sequence[Credit],
    acts: Sequence[MarkedAct],
    harms: Sequence[tuple[int, Harm]],
    facts: Facts,
) -> tuple[Cap, ...]:
    """Return what limits a rating. `undone` are the critical steps that were not done."""
    found: list[Cap] = []
    if undone:
        what = "a critical step was" if len(undone) == 1 else f"{len(undone)} critical steps were"
        found.append(Cap(Rating.U, f"{what} not done: {', '.join(undone)}"))
    if not facts.recovered:
        found.append(Cap(Rating.U, "production had not recovered"))
    for number, harm in harms:
        mild = harm is Harm.MINOR and not acts[number].guard_broken
        found.append(Cap(Rating.S if mild else Rating.M, _harm_reason(acts[number], harm)))
    for credit in timed:
        if credit.late:
            worst = Rating.M if credit.critical and credit.failed else Rating.S
            found.append(Cap(worst, credit.reason))
    for result in results:
        if result.weight * result.share:
            what = "missed" if result.how is How.MISSED else "not done in its place"
            what = what if result.overruled is None else f"overruled: {result.overruled}"
            found.append(Cap(Rating.S, f"{result.step} was {what}"))
    shown = sorted(facts.solution_shown)
    found += [Cap(Rating.S, f"the solution of {step} was shown") for step in shown]
    return tuple(found)
