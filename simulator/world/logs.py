"""Log lines as pure functions of (seed, stream, second): nothing is written until it is read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from typing import TYPE_CHECKING, Any

from simulator.content.system import LogStream, LogTemplate
from simulator.world.noise import chance, key_of, mixed
from simulator.world.scope import Nobody, scope_of
from simulator.world.state import WorldState

if TYPE_CHECKING:
    from simulator.world.production import World

FANO = 3.0
"""Variance over mean of a template's lines per second; real logs have 2.4 to 3.5."""

_OFTEN = 6.0
"""Lines per second above which counts are drawn around the rate, not burst by burst."""

SAMPLE = 30
PINO = {"debug": 20, "info": 30, "warn": 40, "error": 50, "fatal": 60}


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line, at seconds since T+0; `detail` is what unfolding it shows."""

    t: int
    stream: str
    level: str
    text: str
    detail: str
    template: str


@dataclass(frozen=True, slots=True)
class Issue:
    """A group of errors: how many in the window, and the first and last second with some."""

    title: str
    endpoint: str
    level: str
    events: int
    users: int
    first: int
    last: int


def templates_of(world: World, stream: LogStream) -> tuple[LogTemplate, ...]:
    """Return the templates of a stream, the scenario's included."""
    return (*stream.templates, *world.scenario.logs.get(stream.id, ()))


def count_of(world: World, template: LogTemplate, stream: str, t: int, rate: float) -> int:
    """Return how many lines of a template are written in a second, given its rate then."""
    if rate <= 0.0:
        return 0
    bits = mixed(_key(world.seed, stream, template.id), t)
    return _often(rate, bits) if rate > _OFTEN else _seldom(rate, bits)


@lru_cache(maxsize=4096)
def _key(seed: int, stream: str, template: str) -> int:
    return key_of(seed, "log", stream, template)


def _often(rate: float, bits: int) -> int:
    """Return a count around a rate: a bell of four uniform numbers, as wide as FANO asks."""
    total = sum((bits >> shift) & 0xFFFF for shift in (0, 16, 32, 48))
    bell = (total - 131_070) / 37_837.2
    return max(0, int(rate + sqrt(FANO * rate) * bell + 0.5))


def _seldom(rate: float, bits: int) -> int:
    """Return the lines of some bursts of 1 to 4 lines: Poisson, and their Fano factor is 3."""
    bursts = rate / 2.5
    drawn = (bits >> 11) / 9007199254740992.0
    # exp(-x) is not below 1 - x: most seconds of a seldom template are settled here.
    if drawn < 1.0 - bursts:
        return 0
    term = total = 1.0
    for n in range(1, 16):
        term *= bursts / n
        total += term
    chance_of_n, below, count = 1.0 / total, 1.0 / total, 0
    sizes = mixed(bits, 1)
    for n in range(1, 16):
        if drawn < below:
            break
        count += 1 + (sizes >> 2 * n & 3)
        chance_of_n *= bursts / n
        below += chance_of_n
    return count


def lines(
    world: World,
    state: WorldState,
    stream: str,
    start: int,
    end: int,
    limit: int,
    newest: bool,
) -> list[LogLine]:
    """Return at most `limit` lines between two seconds, in order of time."""
    one = next(one for one in world.system.logs if one.id == stream)
    end = min(end, state.t)
    seconds = range(end, start - 1, -1) if newest else range(start, end + 1)
    found: list[LogLine] = []
    for t in seconds:
        now = list(_second(world, state, one, t))
        found += reversed(now) if newest else now
        if len(found) >= limit:
            break
    found = found[:limit]
    return found[::-1] if newest else found


def _second(world: World, state: WorldState, stream: LogStream, t: int) -> Iterator[LogLine]:
    """Yield the lines of one second; its order is drawn, not the templates'."""
    scope = scope_of(world, state, Nobody(), t)
    drawn: list[tuple[float, LogTemplate, int]] = []
    for template in templates_of(world, stream):
        rate = _rate(template, scope)
        for number in range(min(200, count_of(world, template, stream.id, t, rate))):
            key = key_of(world.seed, "order", stream.id, template.id, t)
            drawn.append((chance(key, number), template, number))
    for place, template, number in sorted(drawn, key=lambda item: (item[0], item[1].id, item[2])):
        yield _line(world, state, stream, template, t, number, int(place * 1000))


def _rate(template: LogTemplate, scope: Mapping[str, Any]) -> float:
    value = template.rate.evaluate(scope)
    return float(value) if isinstance(value, int | float) else 0.0


def _line(
    world: World,
    state: WorldState,
    stream: LogStream,
    template: LogTemplate,
    t: int,
    number: int,
    ms: int,
) -> LogLine:
    place = ("line", stream.id, template.id, t, number)
    text = world.fill(state, template.text, {}, place, t)
    fields = {
        key: world.fill(state, value, {}, (*place, key), t)
        for key, value in template.detail.items()
    }
    if stream.format == "pino":
        record: dict[str, object] = {
            "level": PINO[template.level],
            "time": (world.epoch + t) * 1000 + ms,
            **{key: _typed(value) for key, value in fields.items()},
            "msg": text,
        }
        detail = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    else:
        detail = "\n".join(f"{key}: {value}" for key, value in fields.items())
    return LogLine(t, stream.id, template.level, text, detail, template.id)


def _typed(value: str) -> str | int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else value


def issues(world: World, state: WorldState, window: int) -> list[Issue]:
    """Return the error groups of a window, counted from their rates every 30 seconds."""
    wanted = [
        (stream, template)
        for stream in world.system.logs
        for template in templates_of(world, stream)
        if template.issue
    ]
    counts: dict[str, list[int]] = {}
    kinds: dict[str, LogTemplate] = {}
    for t in range(state.t - window // SAMPLE * SAMPLE + SAMPLE, state.t + 1, SAMPLE):
        scope = scope_of(world, state, Nobody(), t)
        for stream, template in wanted:
            issue = str(template.issue)
            key = key_of(world.seed, "issue", stream.id, template.id)
            number = int(_rate(template, scope) * SAMPLE + chance(key, t // SAMPLE))
            if number:
                kinds.setdefault(issue, template)
                seen = counts.setdefault(issue, [0, t, t])
                seen[0] += number
                seen[2] = t
    found = [
        Issue(
            issue,
            kinds[issue].endpoint or "",
            kinds[issue].level,
            number,
            max(1, number * 3 // 4),
            first,
            last,
        )
        for issue, (number, first, last) in counts.items()
    ]
    return sorted(found, key=lambda one: (-one.events, one.title))
