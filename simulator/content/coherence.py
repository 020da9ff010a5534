"""What a system or a scenario says that cannot be done, or that another part of it rules out.

Every name in it may be the name of something, and still a row may lack a cell, a circle of
metrics wait for itself, or a key stand where nothing reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from simulator.content import base
from simulator.content import scenario as sc
from simulator.content import system as sy
from simulator.content import terminal as term
from simulator.content.base import Cell
from simulator.content.expression_kinds import circle, kind_of
from simulator.content.pack import Pack
from simulator.content.problems import Problem, did_you_mean
from simulator.content.references import Part, Path, problem_at, walk
from simulator.content.yaml_source import Source

_WORDS: Mapping[str | None, str] = {
    "text": "a text",
    "number": "a number",
    "truth": "true or false",
    None: "nothing",
}

_ONLY_WITH: Mapping[type[BaseModel], Mapping[str, tuple[str, ...]]] = {
    term.Says: {"table": ("where", "newest_first", "limit", "empty")},
    sy.LogTemplate: {"issue": ("endpoint",)},
    sc.Inject: {"when": ("hold",)},
    sc.Proof: {"action": ("args",)},
    sc.Run: {"based_on": ("cut",)},
    sc.Decision: {"options": ("opens", "question")},
}
"""Model -> a key -> keys that nothing reads where that key is not given."""

_NOT_WITH: Mapping[type[BaseModel], Mapping[str, tuple[str, ...]]] = {
    sy.Metric: {"uptime": ("baseline", "cycle", "noise", "least", "most", "depends")},
    sc.Decision: {"severity": ("options",)},
}
"""Model -> a key -> keys that nothing reads where that key is given."""

_CASES = (base.Case, term.Says, term.EndpointCase, sy.Outcome)
"""Of a list of these the first that holds is the one."""


def incoherent(pack: Pack) -> Iterator[Problem]:
    """Yield what does not hold together in a pack's system and scenario."""
    both = ((pack.system_source, pack.system), (pack.scenario_source, pack.scenario))
    for source, document in both:
        for part in walk(document, ()):
            for item, path in _items(part):
                yield from _unread(item, source, path)
                yield from _alone(pack, item, source, path)
            yield from _unreached(part, source)
    yield from _state(pack)
    yield from _circles(pack)
    yield from _twice(pack)
    yield from _scenario(pack)


def _items(part: Part) -> Iterator[tuple[BaseModel, Path]]:
    if isinstance(part.value, BaseModel):
        yield part.value, part.path
    elif isinstance(part.value, list):
        for index, item in enumerate(part.value):
            if isinstance(item, BaseModel):
                yield item, (*part.path, index)


def _unread(item: BaseModel, source: Source, path: Path) -> Iterator[Problem]:
    """Keys that nothing reads beside the others."""
    for table, when_given in ((_ONLY_WITH, False), (_NOT_WITH, True)):
        for key, keys in table.get(type(item), {}).items():
            if bool(getattr(item, key)) is not when_given:
                continue
            for other in keys:
                if other in item.model_fields_set:
                    word = "beside" if when_given else "without"
                    fault = f'"{other}" does nothing {word} "{key}"'
                    yield problem_at(source, (*path, other), fault, "take it out")


def _alone(pack: Pack, item: BaseModel, source: Source, path: Path) -> Iterator[Problem]:
    """What is wrong with one part by itself."""
    match item:
        case sy.Pool():
            yield from _pool(item, source, path)
        case sy.Effect():
            yield from _effect(pack, item, source, path)
        case sy.Metric(uptime=None):
            most = item.baseline if item.most is None else item.most
            if not item.least <= item.baseline <= most:
                fault = "the baseline lies outside least and most"
                yield problem_at(source, (*path, "baseline"), fault, "change one of them")
        case sy.Changes():
            yield from _changes(pack, item, source, path)
        case sy.TextPanel() if not item.says:
            yield problem_at(source, path, "a panel that says nothing", "write a case in `says`")
        case sc.Moment() if item.at is None and item.when is None:
            yield problem_at(source, path, "this names no moment", "write `at`, `when`, or both")
        case sc.Cause():
            for name, value in item.set.items():
                yield from _kind(pack, name, value, source, (*path, "set", name))
        case sc.AlertOfThePast() if item.at + item.lasted > 0:
            fault = "it would still fire at T+0"
            yield problem_at(source, (*path, "lasted"), fault, "let it end before")
        case sc.Inject(contingent=True) if item.if_ is None and item.when is None:
            fault = "a contingency inject is sent because something did not occur"
            yield problem_at(source, path, fault, "write what did not, in `if` or `when`")
        case sc.PostProof(severity=str()) if not _tells_severity(pack, item):
            fault = "none of its templates has a severity field"
            yield problem_at(source, path, fault, "name such a template, or take out the severity")


def _pool(pool: sy.Pool, source: Source, path: Path) -> Iterator[Problem]:
    listed = pool.kind == "values"
    if listed and not pool.values:
        yield problem_at(source, path, "a pool of values without any", "write `values`")
    for key in ("size",) if listed else ("values",):
        if key in pool.model_fields_set:
            fault = f'"{key}" does nothing in a pool of the kind "{pool.kind}"'
            yield problem_at(source, (*path, key), fault, "take it out")


def _effect(pack: Pack, effect: sy.Effect, source: Source, path: Path) -> Iterator[Problem]:
    repeating = effect.shape in ("pulse", "saw", "flap")
    if repeating and effect.period < 2:
        fault = f'a "{effect.shape}" needs a period of 2 seconds or more'
        yield problem_at(source, path, fault, "write `period`, in seconds")
    if effect.shape == "pulse" and not 0 < effect.rise < effect.period:
        fault = "a pulse lasts `rise` seconds of each period"
        yield problem_at(source, path, fault, "write a `rise` shorter than the period")
    unread = ["period"] if not repeating else []
    unread += ["rise"] if effect.shape in ("step", "saw", "flap") else []
    for key in unread:
        if getattr(effect, key):
            fault = f'"{key}" does nothing for the shape "{effect.shape}"'
            yield problem_at(source, (*path, key), fault, "take it out, or change the shape")
    if effect.by[0] != "=" and float(effect.by[1:]) == (effect.by[0] == "x"):
        yield problem_at(source, (*path, "by"), f'"{effect.by}" changes nothing', "take it out")
    if any(metric.id == effect.on and metric.uptime for metric in pack.system.metrics):
        fault = f"{effect.on} counts when its `up` holds: no effect reaches it"
        yield problem_at(source, (*path, "on"), fault, "change what it is up by")


def _changes(pack: Pack, changes: sy.Changes, source: Source, path: Path) -> Iterator[Problem]:
    for name, value in changes.set.items():
        yield from _kind(pack, name, value, source, (*path, "set", name))
        if name in changes.add:
            fault = f"{name} is set and added to at once"
            yield problem_at(source, (*path, "add", name), fault, "do one of them")
    for name in changes.add:
        variable = pack.system.state.get(name)
        if variable is not None and kind_of(variable.start) != "number":
            fault = f"{name} is no number, so nothing can be added"
            yield problem_at(source, (*path, "add", name), fault, "use `set`")
    for number, insert in enumerate(changes.insert):
        place = (*path, "insert", number)
        yield from _columns(pack, insert.table, list(insert.row), source, (*place, "row"))
        key = _key(pack, insert.table)
        if key is not None and insert.row.get(key) is None:
            fault = f'the row has no "{key}", by which {insert.table} knows its rows'
            yield problem_at(source, place, fault, f'write "{key}"')
    for number, update in enumerate(changes.update):
        columns = list(update.set)
        place = (*path, "update", number, "set")
        yield from _columns(pack, update.table, columns, source, place)


def _key(pack: Pack, table: str) -> str | None:
    known = pack.system.tables.get(table)
    return known.columns[0] if known else None


def _columns(
    pack: Pack, table: str, names: Sequence[str], source: Source, path: Path
) -> Iterator[Problem]:
    known = pack.system.tables.get(table)
    for name in names:
        if known is not None and name not in known.columns:
            fault = f'table "{table}" has no column "{name}"'
            yield problem_at(source, (*path, name), fault, did_you_mean(name, known.columns))


def _kind(pack: Pack, name: str, value: object, source: Source, path: Path) -> Iterator[Problem]:
    variable = pack.system.state.get(name)
    if variable is None or (isinstance(value, str) and "{" in value):
        return
    wanted, given = kind_of(variable.start), kind_of(value)
    if wanted != given:
        fault = f"{name} is {_WORDS[wanted]}, this is {_WORDS[given]}"
        yield problem_at(source, path, fault, f"it starts as {variable.start!r}")


def _tells_severity(pack: Pack, post: sc.PostProof) -> bool:
    kinds = [
        {field.kind for field in template.fields}
        for template in pack.system.templates
        if template.id in post.template
    ]
    return bool(kinds) and all("severity" in found for found in kinds)


def _unreached(part: Part, source: Source) -> Iterator[Problem]:
    """Cases behind one that always holds."""
    cases = part.value if isinstance(part.value, list) else []
    if not cases or not all(isinstance(case, _CASES) for case in cases):
        return
    for index, case in enumerate(cases[:-1]):
        if case.if_ is None and getattr(case, "share", None) is None:
            fault = "the one before it always holds, so this is never reached"
            yield problem_at(source, (*part.path, index + 1), fault, "give that one an `if`")
            return


def _state(pack: Pack) -> Iterator[Problem]:
    """Variables and tables: what they start with fits what they are."""
    system, scenario = pack.system, pack.scenario
    for name, variable in system.state.items():
        path: Path = ("state", name)
        kinds = {kind_of(choice) for choice in variable.choices}
        if variable.choices and variable.start not in variable.choices:
            fault = f"{variable.start!r} is not among its choices"
            yield problem_at(pack.system_source, (*path, "start"), fault, "add it to them")
        elif kinds - {kind_of(variable.start)}:
            fault = "its choices are of several kinds"
            yield problem_at(pack.system_source, (*path, "choices"), fault, "put texts in quotes")
        if name in system.derived:
            fault = f"{name} is a variable and a derived value"
            yield problem_at(pack.system_source, path, fault, "rename one of them")
    for name, value in scenario.state.items():
        yield from _kind(pack, name, value, pack.scenario_source, ("state", name))
    for name, table in system.tables.items():
        for rows, source, place in (
            (table.rows, pack.system_source, ("tables", name, "rows")),
            (scenario.rows.get(name, []), pack.scenario_source, ("rows", name)),
        ):
            yield from _rows(table, rows, source, place)


def _rows(
    table: sy.Table, rows: Sequence[list[Cell]], source: Source, path: Path
) -> Iterator[Problem]:
    for number, row in enumerate(rows):
        if len(row) != len(table.columns):
            fault = f"a row of {len(row)} cells in a table of {len(table.columns)} columns"
            remedy = "its columns are " + ", ".join(table.columns)
            yield problem_at(source, (*path, number), fault, remedy)


def _circles(pack: Pack) -> Iterator[Problem]:
    """Metrics, services, derived values and sessions that depend on themselves."""
    system, source = pack.system, pack.system_source
    sessions = system.database.sessions if system.database else []
    metrics = {one.id: tuple(link.on for link in one.depends) for one in system.metrics}
    services = {one.id: tuple(link.on for link in one.depends) for one in system.services}
    derived = {name: tuple(rule.variables) for name, rule in system.derived.items()}
    blocked = {one.id: tuple(filter(None, (one.blocked_by,))) for one in sessions}
    links: list[tuple[str, Path, dict[str, tuple[str, ...]]]] = [
        ("metrics", ("metrics",), metrics),
        ("services", ("services",), services),
        ("derived values", ("derived",), derived),
        ("sessions", ("database", "sessions"), blocked),
    ]
    for what, path, known in links:
        found = circle({name: tuple(sorted(others)) for name, others in known.items()})
        if found:
            at = (*path, found[0] if what == "derived values" else list(known).index(found[0]))
            fault = f"these {what} depend on each other: {' -> '.join(found)}"
            yield problem_at(source, at, fault, "take one of the links out")


def _twice(pack: Pack) -> Iterator[Problem]:
    """Names that are taken in the system and in the scenario, or in two lists of one kind."""
    system, scenario = pack.system, pack.scenario
    named: list[tuple[str, Sequence[Any], Sequence[tuple[str, Sequence[Any]]]]] = [
        ("situation", system.situations,
         [("situations", scenario.situations), ("causes", scenario.causes)]),
        ("rule", system.rules, [("rules", scenario.rules)]),
        ("action", system.actions, [("actions", scenario.actions)]),
    ]  # fmt: skip
    for kind, first, others in named:
        taken = {one.id for one in first}
        for key, more in others:
            for index, one in enumerate(more):
                if one.id in taken:
                    fault = f'the {kind} "{one.id}" is there already'
                    path = (key, index)
                    yield problem_at(pack.scenario_source, path, fault, "give it another id")
            taken |= {one.id for one in more}
    for stream in system.logs:
        known = {template.id for template in stream.templates}
        for index, template in enumerate(scenario.logs.get(stream.id, ())):
            if template.id in known:
                fault = f'the log line "{template.id}" is there already'
                at = ("logs", stream.id, index)
                yield problem_at(pack.scenario_source, at, fault, "give it another id")
    seen: set[tuple[str, str]] = set()
    for index, endpoint in enumerate(system.endpoints):
        if (endpoint.method, endpoint.url) in seen:
            fault = "an endpoint with the same method and url stands before it"
            yield problem_at(pack.system_source, ("endpoints", index), fault, "make them one")
        seen.add((endpoint.method, endpoint.url))


def _scenario(pack: Pack) -> Iterator[Problem]:
    scenario, source = pack.scenario, pack.scenario_source
    uptimes = {metric.id for metric in pack.system.metrics if metric.uptime}
    for name, outages in scenario.down.items():
        if name not in uptimes:
            fault = f"{name} is no uptime, so it has no outages"
            yield problem_at(source, ("down", name), fault, did_you_mean(name, uptimes))
        for index, (start, seconds) in enumerate(outages):
            if seconds <= 0 or start + seconds > 0:
                fault = "an earlier outage lasts some seconds, and ends before T+0"
                yield problem_at(source, ("down", name, index), fault, "write [start, seconds]")
    used = [fix.run for fix in scenario.fixes]
    for index, fix in enumerate(scenario.fixes):
        if fix.run in used[:index]:
            said = f'the run "{fix.run}"' if fix.run else "the solution"
            fault = f"{said} proves another fix already"
            yield problem_at(source, ("fixes", index), fault, "give each fix its own run")
