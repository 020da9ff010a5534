"""Which acts prove which steps: the scenario's proofs, held against one act at its moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simulator.content.references import step_nodes
from simulator.content.scenario import PostProof, Proof, Scenario, StepNode
from simulator.exercise import acts as a
from simulator.exercise.fold import Exercise


def steps_of(scenario: Scenario) -> dict[str, StepNode]:
    """Return the steps of the procedure by name, in the order in which they are written."""
    return {node.step: node for node in step_nodes(scenario.procedure)}


def proved_by(exercise: Exercise, act: a.AnyAct) -> frozenset[str]:
    """Return the steps that an act proves, taken at this moment of the exercise."""
    if isinstance(act, a.Clock | a.Open | a.Join | a.Tick):
        return frozenset()
    scope = exercise.scope()
    return frozenset(
        node.step
        for node in step_nodes(exercise.scenario.procedure)
        if any(_proves(exercise, proof, act, scope) for proof in node.proof)
    )


def proves(exercise: Exercise, proof: Proof, act: a.AnyAct) -> bool:
    """Return whether one act meets one proof, taken at this moment of the exercise."""
    return _proves(exercise, proof, act, exercise.scope())


def _proves(exercise: Exercise, proof: Proof, act: a.AnyAct, scope: Mapping[str, Any]) -> bool:
    return any(_kinds(exercise, proof, act)) and (
        proof.if_ is None or bool(proof.if_.evaluate(scope))
    )


def _kinds(exercise: Exercise, proof: Proof, act: a.AnyAct) -> Iterator[bool]:
    match act:
        case a.View(view=view):
            yield proof.view == view
        case a.Logs(stream=stream):
            yield proof.logs == stream
        case a.Command():
            line = _whole(exercise, act)
            yield bool(proof.view) and proof.view == act.view
            yield bool(proof.logs) and proof.logs == act.logs
            yield bool(proof.action) and not act.failed and _action(proof, act.action, act.args)
            answered = (
                not act.near
                and not act.context.get("buffer")
                and (not act.failed or not _reads_a_file(act.line))
            )
            yield (
                bool(proof.command)
                and answered
                and exercise.shell.matches(str(proof.command), line)
            )
            # A statement without its semicolon was only collected, and an act is no look.
            looked = not act.failed and not act.action and not act.context.get("buffer")
            yield bool(proof.sql) and looked and exercise.shell.reads(proof.sql, line)
        case a.Do():
            yield not act.failed and _action(proof, act.action, act.args)
        case a.Acknowledge(alert=alert):
            yield proof.acknowledge in (alert, "any")
        case a.Declare(severity=severity):
            yield proof.declare in (severity, "any")
        case a.Decide(decision=decision):
            yield proof.decide == decision
        case a.Read(runbook=runbook, section=section):
            yield proof.read == f"{runbook}#{section}"
        case a.Post():
            yield proof.post is not None and meets(exercise, proof.post, act)


def _whole(exercise: Exercise, act: a.Command) -> str:
    """Return what was typed, with the lines of an unfinished statement before it."""
    begun = exercise.state.contexts.get(act.by, {}).get("buffer", "")
    return f"{begun}\n{act.line}" if begun else act.line


_READERS = frozenset({"cat", "cut", "grep", "head", "jq", "ls", "sort", "tail", "uniq", "wc"})


def _reads_a_file(line: str) -> bool:
    """Whether a line reads a file here: failing shows nothing, while a tool's failure does."""
    return bool(_READERS.intersection(line.split()[:1]))


def _action(proof: Proof, action: str, args: Mapping[str, str]) -> bool:
    return proof.action == action and all(args.get(k) == v for k, v in proof.args.items())


def meets(exercise: Exercise, wanted: PostProof, act: a.Post) -> bool:
    """Return whether a message meets a duty, by its template's typed fields.

    The audience that counts is the one that reads the channel; a message whose audience field
    says another one was sent to the wrong place.
    """
    audience = exercise.audience(act.channel)
    said = {
        field.kind: act.fields.get(field.id, "")
        for template in exercise.system.templates
        if template.id == act.template
        for field in template.fields
    }
    return (
        (wanted.channel is None or wanted.channel == act.channel)
        and (wanted.audience is None or wanted.audience == audience)
        and (not wanted.template or act.template in wanted.template)
        and said.get("audience", audience) in (audience, "")
        and (wanted.severity is None or said.get("severity") == wanted.severity)
    )
