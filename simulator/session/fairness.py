"""What makes a scenario unfair or unmarkable, found without playing it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from simulator.content import scenario as sc
from simulator.content.pack import Pack
from simulator.content.problems import Problem
from simulator.content.references import problem_at, step_nodes, walk

_KINDS = (
    "view",
    "logs",
    "command",
    "sql",
    "action",
    "acknowledge",
    "declare",
    "post",
    "decide",
    "read",
)


def fairness(pack: Pack) -> Iterator[Problem]:
    """Yield what is unfair or cannot be marked in a scenario."""
    yield from _kinds(pack)
    yield from _same_proof(pack)
    yield from _harmful_proof(pack)
    yield from _limits(pack)
    yield from _decisions(pack)


def _kinds(pack: Pack) -> Iterator[Problem]:
    """Proofs of exactly one kind; causes and injects with exactly one beginning."""
    source = pack.scenario_source
    for part in walk(pack.scenario, ()):
        items = part.value if isinstance(part.value, list) else [part.value]
        for index, item in enumerate(items):
            path = (*part.path, index) if isinstance(part.value, list) else part.path
            if isinstance(item, sc.Proof):
                kinds = [kind for kind in _KINDS if getattr(item, kind)]
                if len(kinds) != 1:
                    said = " and ".join(kinds) or "nothing"
                    yield problem_at(
                        source, path, f"a proof names one kind of act, this one {said}",
                        "one of: " + ", ".join(_KINDS),
                    )  # fmt: skip
            elif isinstance(item, sc.Cause | sc.Inject) and (item.at is None) == (
                item.when is None
            ):
                yield problem_at(
                    source, path, f'"{item.id}" needs either `at` or `when`', "write one of them"
                )


def _same_proof(pack: Pack) -> Iterator[Problem]:
    """Required steps proved by the same act must differ by a condition on the world."""
    nodes = list(step_nodes(pack.scenario.procedure))
    for one, other in combinations(nodes, 2):
        if "optional" in (one.weight, other.weight) or _exclusive(pack, one.step, other.step):
            continue
        for left in one.proof:
            for right in other.proof:
                if _signature(left) == _signature(right) and _condition(left) == _condition(right):
                    yield problem_at(
                        pack.scenario_source,
                        ("procedure",),
                        f"the same act proves {one.step} and {other.step}",
                        "give one of the proofs an `if` on the world, such as `recovered`",
                    )


def _signature(proof: sc.Proof) -> tuple[str, ...]:
    return tuple(
        repr(getattr(proof, kind)) for kind in (*_KINDS, "args") if getattr(proof, kind, None)
    )


def _condition(proof: sc.Proof) -> str:
    return proof.if_.source if proof.if_ else ""


def _exclusive(pack: Pack, one: str, other: str) -> bool:
    """Whether two steps stand in different branches of a choice."""

    def apart(node: sc.Node) -> bool:
        match node:
            case sc.OneOfNode(one_of=branches):
                homes = [{step.step for step in step_nodes(branch)} for branch in branches]
                inside = [{one, other} & home for home in homes]
                if any(one in home and other in home for home in homes):
                    return any(apart(branch) for branch in branches)
                return sum(bool(found) for found in inside) > 1
            case sc.SeqNode(seq=children) | sc.AnyOrderNode(any_order=children):
                return any(apart(child) for child in children)
            case sc.OptionalNode(optional=child) | sc.RepeatNode(repeat=child):
                return apart(child)
        return False

    return apart(pack.scenario.procedure)


def _harmful_proof(pack: Pack) -> Iterator[Problem]:
    """An act that proves a step and is harmful in every state."""
    always = {
        action.id
        for action in (*pack.system.actions, *pack.scenario.actions)
        if action.outcomes and all(outcome.harm is not None for outcome in action.outcomes)
    }
    always -= {r.on for r in pack.scenario.reactions if r.harm is None}
    for node in step_nodes(pack.scenario.procedure):
        for proof in node.proof:
            if proof.action in always:
                yield problem_at(
                    pack.scenario_source,
                    ("procedure",),
                    f'the action "{proof.action}" proves {node.step} and always does harm',
                    "prove the step by another act, or let the action be harmless in some state",
                )


def _limits(pack: Pack) -> Iterator[Problem]:
    """Deadlines on steps that an act can prove; cadences with room for more than one update."""
    nodes = {node.step: node for node in step_nodes(pack.scenario.procedure)}
    for index, deadline in enumerate(pack.scenario.deadlines):
        node = nodes.get(deadline.step)
        if node is not None and not node.proof:
            yield problem_at(
                pack.scenario_source,
                ("deadlines", index),
                f"no act can prove {deadline.step}, so nothing can meet its deadline",
                "give the step a proof",
            )
    for index, cadence in enumerate(pack.scenario.cadences):
        since = cadence.since.at or 0
        if pack.scenario.minutes * 60 - since <= cadence.every:
            yield problem_at(
                pack.scenario_source,
                ("cadences", index),
                "its window is no longer than its limit",
                "let it begin earlier, or be due more often",
            )


def _decisions(pack: Pack) -> Iterator[Problem]:
    for index, decision in enumerate(pack.scenario.decisions):
        rights = sum(option.right for option in decision.options)
        if decision.severity is None and (rights == 0 or rights == len(decision.options)):
            yield problem_at(
                pack.scenario_source,
                ("decisions", index),
                "a decision needs right and wrong options, or a severity",
                "mark the right option with `right: true`",
            )
