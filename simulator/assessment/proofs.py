"""Which acts prove which steps: the scenario's proofs, held against one act at its moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from simulator.content.references import step_nodes
from simulator.content.scenario import PostProof, Proof, Scenario, StepNode
from simulator.exercise import acts as a
from simulator.exercise.fold import Exercise


def steps_of(scenario: Scenario) -> dict[str, StepNode]:
    """Return the steps of the procedure by name, in the order in which they are written."""
    return {node.step: node for node in step_nodes(scenario.procedure)}


class Witnessed:
    """An act at its moment of the exercise; what proofs need to know of it is worked out once."""

    def __init__(self, exercise: Exercise, act: a.AnyAct) -> None:
        self.exercise, self.act = exercise, act

    @cached_property
    def like(self) -> Callable[[Proof], bool]:
        """What says whether the act is of the kind that a proof asks for."""
        return _likeness(self.exercise, self.act)

    @cached_property
    def scope(self) -> Mapping[str, Any]:
        """What conditions are evaluated in."""
        return self.exercise.scope()


class Proofs:
    """Proofs by what they prove, sorted by the type of act that can meet them."""

    def __init__(self, proofs: Iterable[tuple[str, Proof]]) -> None:
        self._by_type: dict[type[a.Act], list[tuple[str, Proof]]] = {}
        for name, proof in proofs:
            for kind in _types(proof):
                self._by_type.setdefault(kind, []).append((name, proof))

    def met_by(self, seen: Witnessed) -> frozenset[str]:
        """Return what an act proves."""
        met: set[str] = set()
        for name, proof in self._by_type.get(type(seen.act), ()):
            if name in met or not seen.like(proof):
                continue
            if proof.if_ is None or proof.if_.evaluate(seen.scope):
                met.add(name)
        return frozenset(met)


def proofs_of_steps(scenario: Scenario) -> Proofs:
    """Return the proofs of a scenario's steps."""
    nodes = step_nodes(scenario.procedure)
    return Proofs((node.step, proof) for node in nodes for proof in node.proof)


def _types(proof: Proof) -> Iterator[type[a.Act]]:
    if proof.view or proof.logs or proof.command or proof.sql or proof.action:
        yield a.Command
    by_type: dict[type[a.Act], object] = {
        a.View: proof.view,
        a.Logs: proof.logs,
        a.Do: proof.action,
        a.Acknowledge: proof.acknowledge,
        a.Declare: proof.declare,
        a.Decide: proof.decide,
        a.Read: proof.read,
        a.Post: proof.post,
    }
    yield from (kind for kind, wanted in by_type.items() if wanted)


def _likeness(exercise: Exercise, act: a.AnyAct) -> Callable[[Proof], bool]:
    """Return what says whether an act is of the kind that a proof asks for."""
    match act:
        case a.View(view=view):
            return lambda proof: proof.view == view
        case a.Logs(stream=stream):
            return lambda proof: proof.logs == stream
        case a.Command():
            return _command(exercise, act)
        case a.Do():
            return lambda proof: not act.failed and _action(proof, act.action, act.args)
        case a.Acknowledge(alert=alert):
            return lambda proof: proof.acknowledge in (alert, "any")
        case a.Declare(severity=severity):
            return lambda proof: proof.declare in (severity, "any")
        case a.Decide(decision=decision):
            return lambda proof: proof.decide == decision
        case a.Read(runbook=runbook, section=section):
            return lambda proof: proof.read == f"{runbook}#{section}"
        case a.Post():
            return lambda proof: proof.post is not None and meets(exercise, proof.post, act)
    return lambda proof: False


def _command(exercise: Exercise, act: a.Command) -> Callable[[Proof], bool]:
    line = _whole(exercise, act)
    unfinished = bool(act.context.get("buffer"))
    answered = not act.near and not unfinished and (not act.failed or not _reads_a_file(act.line))
    # A statement without its semicolon was only collected, and an act is no look.
    looked = not act.failed and not act.action and not unfinished

    def like(proof: Proof) -> bool:
        return (
            (bool(proof.view) and proof.view in act.opened)
            or (bool(proof.logs) and proof.logs in act.read_logs)
            or (bool(proof.action) and not act.failed and _action(proof, act.action, act.args))
            or (
                bool(proof.command)
                and answered
                and exercise.shell.matches(str(proof.command), line)
            )
            or (bool(proof.sql) and looked and exercise.shell.reads(proof.sql, line))
        )

    return like


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
