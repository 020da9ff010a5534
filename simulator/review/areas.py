"""Areas for improvement: what the marks, the confusion and the notes say could go better.

An area names the step of the runbook that it speaks of, so that somebody can mend the runbook.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from simulator.assessment import Assessment, Credit, How, LineKind, Signal, StepConfusion
from simulator.assessment import StepOutcome as Outcome
from simulator.assessment.evidence import places_of_harm
from simulator.assessment.facts import Decision as Choice
from simulator.assessment.proofs import steps_of
from simulator.content import scenario as sc
from simulator.content.pack import Pack
from simulator.exercise.wording import in_words
from simulator.review.wording import (
    clock,
    duration,
    in_report,
    name_of,
    objective_of,
    place_of,
    sentence,
    with_titles,
)


@dataclass(frozen=True)
class Area:
    """An area for improvement.

    `key` is the same for the same fault in any exercise: the step's name, or what else it speaks
    of (`decision:severity`, `duty:updates`, `note:17` for the 17th note). `step` is "" where no
    step is concerned, `place` is the step's file and line. `lost` are the points that it cost.
    """

    key: str
    title: str
    step: str
    place: str
    objective: str
    analysis: tuple[str, ...]
    quotes: tuple[str, ...] = ()
    lost: Fraction = Fraction(0)


def areas(assessment: Assessment) -> tuple[Area, ...]:
    """Return the areas for improvement by objective, in each those that cost most first."""
    found = [
        *_of_steps(assessment),
        *_of_decisions(assessment),
        *_of_cadences(assessment),
        *_of_harm(assessment),
        *_of_notes(assessment),
    ]
    order = [one.id for one in assessment.exercise.scenario.objectives] + [""]
    return tuple(sorted(found, key=lambda area: (order.index(area.objective), -area.lost)))


def _of_steps(assessment: Assessment) -> Iterator[Area]:
    pack, state = assessment.exercise.pack, assessment.exercise.state
    outcomes = {one.step: one for one in assessment.marks.steps}
    confused = {one.step: one for one in assessment.confusion.steps}
    late, lost = _late(assessment), _lost_by_step(assessment)
    notes = [note for note in state.notes if note.kind == "improvement"]
    noted = [note.about for note in notes if pack.step(note.about)]
    for step in dict.fromkeys([*outcomes, *confused, *noted]):
        analysis = [
            *_what_became(assessment, outcomes.get(step)),
            *(sentence(with_titles(pack, credit.reason)) for credit in late.get(step, ())),
            *_what_confused(pack, confused.get(step)),
            *(f"{name_of(assessment, n.seat)} noted: {n.text}" for n in notes if n.about == step),
        ]
        if analysis:
            yield Area(
                key=step,
                title=pack.step_title(step),
                step=step,
                place=place_of(pack, step),
                objective=objective_of(pack.scenario, step),
                analysis=tuple(analysis),
                quotes=tuple(one.note for one in state.flags if one.step == step and one.note),
                lost=lost.get(step, Fraction(0)),
            )


def _what_became(assessment: Assessment, outcome: Outcome | None) -> Iterator[str]:
    if outcome is None:
        return
    at = clock(outcome.at or 0)
    if outcome.overruled is not None:
        if outcome.share:
            yield f"Its mark was overruled: {outcome.overruled}"
    elif outcome.weight * outcome.share:
        yield {
            How.MISSED: "It was missed: no act proves it, and nobody ticked it.",
            How.PROVED_ELSEWHERE: f"It was done out of order, at {at}.",
            How.TICKED: f"It was ticked at {at}, but the act that proves it was not seen.",
            How.TICKED_ELSEWHERE: f"It was only ticked, and out of order, at {at}.",
        }[outcome.how]
    if outcome.step in assessment.evidence.facts.solution_shown:
        yield "Its solution was shown."


def _what_confused(pack: Pack, step: StepConfusion | None) -> Iterator[str]:
    """Yield a confusion point in words; of a step that has only remarks, its harm."""
    if step is None:
        return
    if step.confusion_point:
        told = (one for one in step.signs if one.signal not in (Signal.SLOW, Signal.SKIPPED_AHEAD))
        signs = "; ".join(in_report(pack, sign) for sign in told)
        took = "It took" if step.completed else "It was waited for"
        spent = f"{took} {duration(step.dwell)} where {duration(step.expected)} were expected"
        yield sentence(": ".join(part for part in (spent if step.dwell else "", signs) if part))
    else:
        harm = [sign for sign in step.signs if sign.signal is Signal.HARM]
        yield from (f"In its time somebody {sign.sentence}." for sign in harm)


def _late(assessment: Assessment) -> dict[str, list[Credit]]:
    step_of = {one.id: one.step for one in assessment.evidence.facts.deadlines}
    late: dict[str, list[Credit]] = {}
    for credit in assessment.marks.deadlines:
        step = step_of.get(credit.id)
        if credit.late and step is not None:
            late.setdefault(step, []).append(credit)
    return late


def _lost_by_step(assessment: Assessment) -> dict[str, Fraction]:
    """Return the points that each step lost, with those of its deadlines."""
    step_of = {one.id: one.step for one in assessment.evidence.facts.deadlines}
    points: dict[str, Fraction] = {}
    for line in assessment.marks.lines:
        timed = line.kind is LineKind.DEADLINE
        step = step_of.get(line.subject) if timed else line.subject
        if step is not None and line.kind in (LineKind.STEP, LineKind.DEADLINE):
            points[step] = points.get(step, Fraction(0)) + line.lost
    return points


def _lost(assessment: Assessment, kind: LineKind, subject: str) -> Fraction:
    lines = [one for one in assessment.marks.lines if (one.kind, one.subject) == (kind, subject)]
    return sum((line.lost for line in lines), Fraction(0))


def _beside(
    assessment: Assessment, key: str, title: str, step: str, lost: Fraction, *analysis: str
) -> Area:
    """Return an area that is no step's own, at the step where it is done, if there is one."""
    pack = assessment.exercise.pack
    objective = objective_of(pack.scenario, step)
    return Area(key, title, step, place_of(pack, step), objective, analysis, (), lost)


def _of_decisions(assessment: Assessment) -> Iterator[Area]:
    scenario = assessment.exercise.scenario
    choices = {one.id: one for one in assessment.evidence.facts.decisions}
    earned = {one.id: one for one in assessment.marks.decisions}
    for one in scenario.decisions:
        credit = earned.get(one.id)
        if credit is None or not credit.late:
            continue
        right = [option for option in one.options if option.right]
        answer = one.severity or " / ".join(option.text for option in right)
        because = one.because or " ".join(option.because for option in right)
        yield _beside(
            assessment,
            f"decision:{one.id}",
            one.title,
            _step_proved_by(scenario, _deciding(one)),
            _lost(assessment, LineKind.DECISION, one.id),
            chosen(assessment, one, choices[one.id]),
            f"Right was: {answer.rstrip('.')}. {because}".strip(),
        )


def chosen(assessment: Assessment, decision: sc.Decision, choice: Choice) -> str:
    """Return in a sentence what was chosen, and when."""
    state, due = assessment.exercise.state, choice.due
    levels = [level.id for level in assessment.exercise.system.severities]
    options = {option.id: option.text for option in decision.options}
    in_time = [one for one in choice.choices if due is None or one[0] <= due]
    if not in_time:
        late = min((at for at, _ in choice.choices), default=None)
        return (
            "Nothing was chosen." if late is None else f"It was chosen too late, at {clock(late)}."
        )
    at, value = in_time[-1]
    said = dict(state.choices.get(decision.id, ()))
    name = levels[value] if decision.severity else options.get(said.get(at, ""), "").rstrip(".")
    return f"Chosen at {clock(at)}: {name}." if name else f"It was acted on at {clock(at)}."


def _deciding(decision: sc.Decision) -> Callable[[sc.Proof], bool]:
    if decision.severity:
        return lambda proof: bool(proof.declare)
    return lambda proof: proof.decide == decision.id


def _of_cadences(assessment: Assessment) -> Iterator[Area]:
    scenario = assessment.exercise.scenario
    earned = {one.id: one for one in assessment.marks.cadences}
    for one in scenario.cadences:
        credit = earned.get(one.id)
        if credit is not None and credit.late:
            yield _beside(
                assessment,
                f"duty:{one.id}",
                one.title,
                _step_proved_by(scenario, _posting(one.post)),
                _lost(assessment, LineKind.CADENCE, one.id),
                sentence(with_titles(assessment.exercise.pack, credit.reason)),
            )


def _posting(duty: sc.PostProof) -> Callable[[sc.Proof], bool]:
    """Return what says whether a message that proves a step could be one of this duty."""

    def holds(proof: sc.Proof) -> bool:
        post = proof.post
        return (
            post is not None
            and (post.audience, post.channel) == (duty.audience, duty.channel)
            and (not duty.template or bool({*post.template} & {*duty.template}))
        )

    return holds


def _step_proved_by(scenario: sc.Scenario, holds: Callable[[sc.Proof], bool]) -> str:
    """Return the first step that has a proof of some kind, "" where none has."""
    nodes = steps_of(scenario).values()
    return next((node.step for node in nodes if any(holds(one) for one in node.proof)), "")


def _of_harm(assessment: Assessment) -> Iterator[Area]:
    """Yield the harmful actions, each with the step in whose time it was done first."""
    evidence = assessment.evidence
    steps = {
        seq: step.step
        for step in assessment.confusion.steps
        for sign in step.signs
        if sign.signal is Signal.HARM
        for seq in sign.acts
    }
    done: dict[str, list[tuple[int, int, str]]] = {}
    for (number, event), place in zip(evidence.harms, places_of_harm(evidence), strict=True):
        done.setdefault(event.subject, []).append((number, place, str(event.data["why"])))
    for action, harms in done.items():
        lost = (_lost(assessment, LineKind.HARM, str(place)) for _, place, _ in harms)
        told = []
        for number, _, why in harms:
            act = evidence.acts[number]
            did = in_words(act, assessment.exercise)
            told.append(f"At {clock(act.at)} {name_of(assessment, act.by)} {did}. {why}")
        yield _beside(
            assessment,
            f"harm:{action}",
            f"Harm was done: {assessment.exercise.world.action(action).title}",
            steps.get(harms[0][0] + 1, ""),
            sum(lost, Fraction(0)),
            *told,
        )


def _of_notes(assessment: Assessment) -> Iterator[Area]:
    """Yield what people noted that could go better and that speaks of no step."""
    pack = assessment.exercise.pack
    objectives = {one.id for one in pack.scenario.objectives}
    for number, note in enumerate(assessment.exercise.state.notes, 1):
        if note.kind != "improvement" or pack.step(note.about):
            continue
        objective = note.about if note.about in objectives else ""
        told = f"{name_of(assessment, note.seat)} noted at {clock(note.at)}."
        yield Area(f"note:{number}", note.text, "", "", objective, (told,))
