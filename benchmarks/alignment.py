"""How long the marks take: a long runbook with many acts, and wide parallel branches."""

import sys
from collections.abc import Sequence
from random import Random
from time import perf_counter

from simulator.assessment.facts import Facts, MarkedAct
from simulator.assessment.marks import mark
from simulator.assessment.procedure import AnyOrder, Procedure, Seq, Step, steps

ROUNDS = 5


def sequence(length: int) -> Seq:
    """That many steps, one after the other."""
    return Seq(tuple(Step(f"s{number}") for number in range(length)))


def parallel(branches: int, length: int) -> AnyOrder:
    """That many branches of so many steps, in any order."""
    return AnyOrder(
        tuple(
            Seq(tuple(Step(f"b{branch}s{number}") for number in range(length)))
            for branch in range(branches)
        )
    )


def nested(groups: int, branches: int, length: int) -> Seq:
    """Groups in any order, one group after the other."""
    return Seq(
        tuple(
            AnyOrder(
                tuple(
                    Seq(tuple(Step(f"g{g}b{b}s{number}") for number in range(length)))
                    for b in range(branches)
                )
            )
            for g in range(groups)
        )
    )


def restless(procedure: Procedure, acts: int) -> list[MarkedAct]:
    """Acts that each prove some step, in a muddled order."""
    names, random = [step.id for step in steps(procedure)], Random(1)
    return [MarkedAct(at, frozenset({random.choice(names)})) for at in range(acts)]


def seconds(procedure: Procedure, acts: Sequence[MarkedAct]) -> float:
    """Return the best time of a few rounds."""
    times = []
    for _ in range(ROUNDS):
        began = perf_counter()
        mark(procedure, acts, Facts(recovered=True))
        times.append(perf_counter() - began)
    return min(times)


def main() -> int:
    """Print a line per figure, and return 1 if one is above its limit."""
    slow = False
    for name, procedure, acts, limit in (
        ("mark 100 steps, 255 acts", sequence(100), 255, 1.0),
        ("mark 5 x 8 parallel steps, 255 acts", parallel(5, 8), 255, 0.05),
        ("mark 5 x 4 x 5 nested steps, 255 acts", nested(5, 4, 5), 255, 1.0),
    ):
        value = seconds(procedure, restless(procedure, acts))
        print(f"{name}  {value * 1000:.1f} ms  {limit * 1000:.0f} ms")
        slow = slow or value > limit
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
