"""An exercise with thousands of acts: a scenario's own solution, and busy people around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simulator.content.pack import Pack
from simulator.exercise import acts as a
from simulator.exercise.door import Refused, admit
from simulator.exercise.fold import Exercise
from simulator.session.opening import opening_of

LINES = (
    "date",
    "whoami",
    "vercel ls ai-gurus-lms",
    "curl -i https://lms.aigurus.example/api/health",
)


def long_exercise(pack: Pack, many: int, seed: int = 1) -> list[a.AnyAct]:
    """Return `many` acts of one exercise, in order, the last of them its end."""
    opening = opening_of(pack, seed)
    exercise = Exercise(opening, pack)
    acts: list[a.AnyAct] = [opening]
    exercise.apply(opening)
    solution = (line for line in pack.scenario.solution if line["do"] != "end")
    script = sorted(solution, key=lambda line: int(line["at"]))
    busy = _busy(exercise)
    rate = (many - len(script) - 2) / exercise.length
    owed = 0.0
    for now in range(exercise.length):
        exercise.advance(now)
        for line in [line for line in script if line["at"] == now]:
            _take(exercise, acts, line)
        owed += rate
        while owed >= 1.0:
            owed -= 1.0
            _take(exercise, acts, next(busy))
    while len(acts) < many - 1:
        _take(exercise, acts, next(busy))
    exercise.advance(exercise.length)
    acts.append(a.End(at=exercise.state.now, by=a.HOST, reason="time"))
    exercise.apply(acts[-1])
    return acts


def _take(exercise: Exercise, acts: list[a.AnyAct], line: Mapping[str, Any]) -> None:
    try:
        act = admit(exercise, line)
    except Refused:
        act = a.Clock(at=exercise.state.now, by=a.HOST)
    acts.append(act)
    exercise.apply(act)


def _busy(exercise: Exercise) -> Iterator[dict[str, Any]]:
    """Yield what people do who look everywhere and write to everybody."""
    system, books = exercise.system, exercise.pack.runbooks
    steps = [f"{name}#{step.id}" for name, book in books.items() for step in book.steps]
    number = 0
    while True:
        number += 1
        for board in system.dashboards[:: max(1, len(system.dashboards) // 4)]:
            yield {"do": "view", "view": board.id}
        for stream in system.logs[:2]:
            yield {"do": "logs", "stream": stream.id, "query": f"word {number}"}
        yield {"do": "command", "line": LINES[number % len(LINES)]}
        for channel in system.channels[:2]:
            yield {"do": "post", "channel": channel.id, "text": f"This is message {number}."}
        step = steps[number % len(steps)]
        yield {"do": "tick", "step": step, "done": number % 3 != 0}
        yield {"do": "read", "runbook": step.partition("#")[0], "section": step.partition("#")[2]}
        if number % 20 == 0:
            yield {"do": "confused", "step": step, "note": f"unclear {number}"}
            yield {"do": "hint", "step": step}
