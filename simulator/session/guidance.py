"""Which step of the procedure comes next, as far as ticks and acts tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simulator.content.scenario import (
    AnyOrderNode,
    Node,
    OneOfNode,
    OptionalNode,
    RepeatNode,
    SeqNode,
    StepNode,
)
from simulator.exercise.acts import AnyAct
from simulator.exercise.fold import Exercise


def current_step(exercise: Exercise) -> str:
    """Return the first step of the procedure that is neither ticked nor given up, or ""."""
    state = exercise.state
    return next_step(exercise.scenario.procedure, {*state.ticks, *state.skipped})


def step_to_do(acts: Sequence[AnyAct], exercise: Exercise) -> str:
    """Return the first step of the procedure that nothing shows to be done yet, or "".

    An act that proves a step counts as a tick does. It folds the acts anew: call it in a thread.
    """
    from simulator.assessment import gather

    state = exercise.state
    proved = {step for act in gather(acts, exercise.pack).marked for step in act.proves}
    return next_step(exercise.scenario.procedure, {*state.ticks, *state.skipped, *proved})


def next_step(procedure: Node, done: set[str]) -> str:
    """Return the first step still to do; of alternatives, in the one that was begun."""
    return next(_open(procedure, done), "")


def steps_in_order(procedure: Node) -> list[str]:
    """Return all steps of a procedure, as written."""
    return list(_all(procedure))


def _open(node: Node, done: set[str]) -> Iterator[str]:
    match node:
        case StepNode():
            if node.step not in done and node.weight != "optional":
                yield node.step
        case SeqNode(seq=nodes) | AnyOrderNode(any_order=nodes):
            for inner in nodes:
                yield from _open(inner, done)
        case OneOfNode(one_of=nodes):
            yield from _open(max(nodes, key=lambda inner: _begun(inner, done)), done)
        case RepeatNode(repeat=inner):
            yield from _open(inner, done)
        case OptionalNode():
            return


def _begun(node: Node, done: set[str]) -> tuple[bool, int]:
    """Return whether a branch is finished, and how many of its steps are done."""
    return next(_open(node, done), None) is None, sum(step in done for step in _all(node))


def _all(node: Node) -> Iterator[str]:
    match node:
        case StepNode():
            yield node.step
        case SeqNode(seq=nodes) | AnyOrderNode(any_order=nodes) | OneOfNode(one_of=nodes):
            for inner in nodes:
                yield from _all(inner)
        case RepeatNode(repeat=inner) | OptionalNode(optional=inner):
            yield from _all(inner)
