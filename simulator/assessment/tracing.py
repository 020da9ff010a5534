"""From the evidence of an exercise to the trace that confusion is read from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from simulator.assessment.evidence import Evidence
from simulator.assessment.gaps import ActKind, Trace, TraceAct, TracedStep
from simulator.assessment.marks import Marks
from simulator.assessment.proofs import meets, steps_of
from simulator.content.scenario import PostProof, StepNode
from simulator.exercise import acts as a
from simulator.exercise.fold import Exercise

_SILENT = (a.Open, a.Join, a.Clock, a.Pause, a.Resume, a.Speed, a.End, *a.REVIEW)
"""Acts of the program and of the review, which say nothing of a step."""


def trace_of(evidence: Evidence, marks: Marks) -> Trace:
    """Return the trace of an exercise; acts are numbered as in its journal, from 1."""
    exercise = evidence.exercise
    harmful = {number for number, _ in evidence.harms}
    return Trace(
        procedure=evidence.procedure,
        outcomes=marks.steps,
        seqs=tuple(range(1, len(evidence.acts) + 1)),
        acts=tuple(_acts(evidence, harmful)),
        steps=tuple(_step(exercise, node) for node in steps_of(exercise.scenario).values()),
        end=exercise.state.now,
        pauses=(*_waits(exercise), *_jumps(evidence)),
    )


def _step(exercise: Exercise, node: StepNode) -> TracedStep:
    """A step may be called by its name, and takes as many views as its proofs name together."""
    views = {proof.view or proof.logs for proof in node.proof if proof.view or proof.logs}
    expected = exercise.opening.calibrated.get(node.step, node.expect)
    name = node.step.partition("#")[2]
    return TracedStep(
        node.step, expected, (node.step, name, name.replace("-", " ")), max(1, len(views))
    )


def _acts(evidence: Evidence, harmful: set[int]) -> Iterator[TraceAct]:
    exercise = evidence.exercise
    inverses = {action.id: action.inverse or "" for action in exercise.world.actions}
    duties = _duties(exercise)
    marked = steps_of(exercise.scenario)
    for number, act in enumerate(evidence.acts):
        if isinstance(act, _SILENT):
            continue
        seq, hurt = number + 1, number in harmful
        match act:
            case a.Confused() if act.step not in marked:
                yield TraceAct(seq, act.at)
            case a.Confused():
                yield TraceAct(seq, act.at, ActKind.CONFUSED, act.step, act.note)
            case a.Hint():
                yield TraceAct(seq, act.at, ActKind.HINT, act.step or None)
            case a.Reveal():
                step = act.step or None
                yield TraceAct(seq, act.at, ActKind.GAVE_UP, step, "had the solution shown")
            case a.Skip():
                yield TraceAct(seq, act.at, ActKind.GAVE_UP, act.step, "skipped the step")
            case a.Search():
                found = act.found
                yield TraceAct(seq, act.at, ActKind.SEARCH, text=act.query, found=found)
            case a.Post():
                duty = any(meets(exercise, wanted, act) for wanted in duties) and act.template
                kind = ActKind.OTHER if duty else ActKind.MESSAGE
                yield TraceAct(seq, act.at, kind, text=act.text)
            case a.View():
                yield TraceAct(seq, act.at, ActKind.VIEW, canonical=act.view)
            case a.Logs():
                yield TraceAct(seq, act.at, ActKind.VIEW, canonical=f"logs:{act.stream}")
            case a.Command():
                yield TraceAct(
                    seq,
                    act.at,
                    ActKind.ATTEMPT,
                    canonical=act.action or exercise.shell.canonical(act.line),
                    inverse=inverses.get(act.action, ""),
                    failed=act.failed,
                    near_miss=act.near,
                    output=hashlib.sha256(act.output.encode()).hexdigest(),
                    harmful=hurt,
                )
            case a.Do():
                yield TraceAct(
                    seq,
                    act.at,
                    ActKind.ATTEMPT,
                    canonical=act.action,
                    inverse=inverses.get(act.action, ""),
                    failed=act.failed,
                    output=hashlib.sha256(act.output.encode()).hexdigest(),
                    harmful=hurt,
                )
            case _:
                yield TraceAct(seq, act.at)


def _duties(exercise: Exercise) -> list[PostProof]:
    scenario = exercise.scenario
    wanted = [proof.post for node in steps_of(scenario).values() for proof in node.proof]
    return [post for post in (*wanted, *(c.post for c in scenario.cadences)) if post is not None]


def _jumps(evidence: Evidence) -> Iterator[tuple[int, int]]:
    """What a facilitator let pass at once: nobody could do anything meanwhile."""
    for act in evidence.acts:
        if isinstance(act, a.Jump):
            yield act.at, act.to


def _waits(exercise: Exercise) -> Iterator[tuple[int, int]]:
    """Declared waits: while an action that takes time is under way, nobody is slow.

    A pause stops simulated time, so that it takes none.
    """
    began: dict[tuple[str, str], list[int]] = {}
    for event in exercise.state.world.events:
        key = (str(event.data.get("action", "")), str(event.data.get("by", "")))
        if event.kind == "action-started":
            began.setdefault(key, []).append(event.t)
        elif event.kind == "action-done" and began.get(key):
            since = began[key].pop(0)
            if event.t > since:
                yield since, event.t
