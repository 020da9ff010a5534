"""Every name that a system or a scenario uses must be the name of something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from pydantic import BaseModel

from simulator.content import scenario as sc
from simulator.content import system as sy
from simulator.content import terminal as term
from simulator.content.expression import Expression
from simulator.content.expression_kinds import impossible, values_of
from simulator.content.pack import Pack
from simulator.content.problems import Problem, nearest
from simulator.content.roles import Approval, Role, roles_of
from simulator.content.yaml_source import Source

Path = tuple[str | int, ...]


class Part(NamedTuple):
    """A value somewhere in a document: the model and field that hold it, and the way there."""

    owner: type[BaseModel]
    field: str
    value: Any
    path: Path


@dataclass(frozen=True)
class Names:
    """What there is to refer to, by kind."""

    kinds: Mapping[str, frozenset[str]]
    choices: Mapping[str, tuple[Any, ...]]


_REFERENCES: Mapping[tuple[type[BaseModel], str], str] = {
    (sy.ServiceLink, "on"): "service",
    (sy.Metric, "service"): "service",
    (sy.MetricLink, "on"): "metric",
    (sy.ChartPanel, "chart"): "metric",
    (sy.TilesPanel, "tiles"): "metric",
    (sy.TablePanel, "table"): "table",
    (sy.AlertRule, "dashboard"): "dashboard",
    (sy.AlertRule, "metric"): "metric",
    (sy.AlertRule, "severity"): "severity",
    (sy.AlertRule, "runbook"): "runbook or step",
    (sy.MessageTemplate, "runbook"): "runbook or step",
    (sy.LogStream, "service"): "service",
    (sy.Effect, "on"): "metric",
    (sy.RowInsert, "table"): "table",
    (sy.RowUpdate, "table"): "table",
    (term.Command, "action"): "action",
    (term.Command, "view"): "dashboard",
    (term.Command, "logs"): "log stream",
    (term.Says, "table"): "table",
    (sy.Action, "inverse"): "action",
    (sy.Action, "audience"): "audience",
    (term.EndpointCase, "share"): "metric",
    (term.Endpoint, "action"): "action",
    (term.SessionGroup, "terminate"): "action",
    (term.SessionGroup, "cancel"): "action",
    (term.SessionGroup, "blocked_by"): "session group",
    (term.Statement, "action"): "action",
    (sy.Rung, "person"): "person",
    (Role, "audiences"): "audience",
    (Role, "actions"): "action",
    (Approval, "action"): "action",
    (Approval, "audience"): "audience",
    (Approval, "by"): "role",
    (sy.RoutineCheck, "dashboard"): "dashboard",
    (sy.RoutineCheck, "step"): "step",
    (sy.Changes, "set"): "state variable",
    (sy.Changes, "add"): "state variable",
    (sc.Cause, "set"): "state variable",
    (sc.Objective, "steps"): "step of the procedure",
    (sc.Inject, "channel"): "channel",
    (sc.Inject, "from_"): "sender",
    (sc.Inject, "expects"): "step of the procedure",
    (sc.Answer, "person"): "person",
    (sc.Answer, "channel"): "channel",
    (sc.Reaction, "on"): "action",
    (sc.Proof, "view"): "dashboard",
    (sc.Proof, "logs"): "log stream",
    (sc.Proof, "action"): "action",
    (sc.Proof, "acknowledge"): "alert or any",
    (sc.Proof, "declare"): "severity or any",
    (sc.Proof, "decide"): "decision",
    (sc.Proof, "read"): "step",
    (sc.PostProof, "audience"): "audience",
    (sc.PostProof, "channel"): "channel",
    (sc.PostProof, "template"): "message template",
    (sc.PostProof, "severity"): "severity",
    (sc.StepNode, "step"): "step",
    (sc.Deadline, "step"): "step of the procedure",
    (sc.Decision, "severity"): "severity",
    (sc.StepHints, "step"): "step of the procedure",
    (sc.AlertOfThePast, "alert"): "alert",
    (sc.Fix, "run"): "run",
    (sc.Scenario, "runbooks"): "runbook",
    (sc.Scenario, "state"): "state variable",
    (sc.Scenario, "rows"): "table",
    (sc.Scenario, "down"): "metric",
    (sc.Scenario, "logs"): "log stream",
}

_CALLS: Mapping[str, str] = {
    "metric": "metric",
    "baseline": "metric",
    "firing": "alert",
    "fired": "alert",
    "acknowledged": "alert",
    "active": "cause or situation",
    "began": "cause or situation",
    "row": "table",
    "rows": "table",
    "running": "action",
    "did": "action",
    "delivered": "inject",
    "opened": "view",
    "posted": "channel or audience",
    "decided": "decision",
    "ticked": "step",
}


def references(pack: Pack) -> list[Problem]:
    """Return a problem for each name that refers to nothing, or twice to something."""
    names, values = names_of(pack), values_of(pack)
    problems: list[Problem] = []
    for source, document in (
        (pack.system_source, pack.system),
        (pack.scenario_source, pack.scenario),
    ):
        in_system = document is pack.system
        for part in walk(document, ()):
            problems += _names(part, names, source, in_system)
            if isinstance(part.value, Expression):
                problems += _expression(part.value, names, source, part.path, in_system)
                for fault, remedy in impossible(part.value, values, part.field):
                    problems.append(problem_at(source, part.path, fault, remedy))
        problems += _doubles(document, source)
    return problems


def walk(model: BaseModel, path: Path) -> Iterator[Part]:
    """Yield every value below a model, with where it stands in the file."""
    for field, info in type(model).model_fields.items():
        value = getattr(model, field)
        yield from _below(type(model), field, value, (*path, info.alias or field))


def _below(owner: type[BaseModel], field: str, value: Any, path: Path) -> Iterator[Part]:
    yield Part(owner, field, value, path)
    if isinstance(value, BaseModel):
        yield from walk(value, path)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            if isinstance(item, BaseModel):
                yield from walk(item, (*path, index))
            elif isinstance(item, Expression):
                yield Part(owner, field, item, (*path, index))
    elif isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, BaseModel | Expression | list):
                yield from _below(owner, f"{field}.*", item, (*path, key))


def names_of(pack: Pack) -> Names:
    """Return everything that a pack's documents may refer to."""
    system, scenario = pack.system, pack.scenario
    steps = {f"{book.name}#{step.id}" for book in pack.runbooks.values() for step in book.steps}
    alerts = {alert.id for alert in system.alerts}
    severities = {level.id for level in system.severities}
    channels = {channel.id for channel in system.channels}
    audiences = {channel.audience for channel in system.channels}
    boards = {board.id for board in system.dashboards}
    people = {person.id for person in system.people}
    situations = {s.id for s in (*system.situations, *scenario.situations)}
    kinds = {
        "service": {service.id for service in system.services},
        "metric": {metric.id for metric in system.metrics},
        "table": set(system.tables),
        "dashboard": boards,
        "view": boards | {f"logs:{stream.id}" for stream in system.logs},
        "log stream": {stream.id for stream in system.logs},
        "action": {action.id for action in (*system.actions, *scenario.actions)},
        "session group": {s.id for s in system.database.sessions} if system.database else set(),
        "role": set(roles_of(system.roles)),
        "person": people,
        "sender": people | {"system"},
        "channel": channels,
        "audience": audiences,
        "channel or audience": channels | audiences,
        "severity": severities,
        "severity or any": severities | {"any"},
        "alert": alerts,
        "alert or any": alerts | {"any"},
        "message template": {template.id for template in system.templates},
        "state variable": set(system.state),
        "any state variable": set(system.state) | set(system.derived),
        "argument": {
            f"args.{name}"
            for action in (*system.actions, *scenario.actions)
            for name in action.args
        }
        | {"args.user", "args.password"},
        "cause or situation": situations | {cause.id for cause in scenario.causes},
        "inject": {inject.id for inject in scenario.timeline},
        "decision": {decision.id for decision in scenario.decisions},
        "run": {run.id for run in scenario.runs},
        "runbook": set(pack.runbooks),
        "step": steps,
        "runbook or step": set(pack.runbooks) | steps,
        "step of the procedure": {node.step for node in step_nodes(scenario.procedure)},
    }
    choices = {name: tuple(variable.choices) for name, variable in system.state.items()}
    return Names({kind: frozenset(known) for kind, known in kinds.items()}, choices)


def step_nodes(node: sc.Node) -> Iterator[sc.StepNode]:
    """Yield the steps of a procedure in the order in which they are written."""
    match node:
        case sc.StepNode():
            yield node
        case (
            sc.SeqNode(seq=children)
            | sc.AnyOrderNode(any_order=children)
            | sc.OneOfNode(one_of=children)
        ):
            for child in children:
                yield from step_nodes(child)
        case sc.OptionalNode(optional=child) | sc.RepeatNode(repeat=child):
            yield from step_nodes(child)


def problem_at(source: Source, path: Path, fault: str, remedy: str | None = None) -> Problem:
    """Return an error at the place of a value in a file."""
    line, column = source.position(path)
    return Problem(source.place, line, column, fault, remedy)


@cache
def _kind(owner: type[BaseModel], field: str) -> str | None:
    """Return what the names in a field refer to, if it holds any."""
    return next(
        (
            kind
            for (above, own), kind in _REFERENCES.items()
            if own == field and issubclass(owner, above)
        ),
        None,
    )


def _names(part: Part, names: Names, source: Source, in_system: bool) -> Iterator[Problem]:
    kind = _kind(part.owner, part.field)
    if kind is None or part.value is None or isinstance(part.value, BaseModel):
        return
    values = part.value if isinstance(part.value, list | dict) else [part.value]
    for index, name in enumerate(values):
        if not isinstance(name, str):
            continue
        tail: Path = (index,) if isinstance(part.value, list) else ()
        tail = (name,) if isinstance(part.value, dict) else tail
        if name not in names.kinds[kind]:
            yield problem_at(source, (*part.path, *tail), *_unknown(kind, name, names))
        elif kind == "state variable" and isinstance(part.value, dict):
            yield from _choice(name, part.value[name], names, source, (*part.path, name))


def _choice(
    name: str, value: object, names: Names, source: Source, path: Path
) -> Iterator[Problem]:
    choices = names.choices.get(name, ())
    if choices and value not in choices and not (isinstance(value, str) and "{" in value):
        options = ", ".join(str(choice) for choice in choices)
        yield problem_at(source, path, f'"{value}" is not a value of {name}', f"one of: {options}")


def _unknown(kind: str, name: str, names: Names) -> tuple[str, str | None]:
    near = nearest(name, sorted(names.kinds[kind]))
    return f'there is no {kind} "{name}"', f'did you mean "{near}"?' if near else None


def _expression(
    expression: Expression, names: Names, source: Source, path: Path, in_system: bool
) -> Iterator[Problem]:
    for variable in sorted(expression.variables):
        if variable not in names.kinds["any state variable"] | names.kinds["argument"]:
            yield problem_at(source, path, *_unknown("any state variable", variable, names))
    for function, name in sorted(expression.calls):
        kind = _CALLS.get(function)
        scenario_only = kind in ("inject", "decision")
        if kind and name not in names.kinds[kind] and not (in_system and scenario_only):
            yield problem_at(source, path, *_unknown(kind, name, names))


def _doubles(document: BaseModel, source: Source) -> Iterator[Problem]:
    """Two things of one list with the same id."""
    for part in walk(document, ()):
        if not isinstance(part.value, list):
            continue
        seen: set[str] = set()
        for index, item in enumerate(part.value):
            name = getattr(item, "id", None)
            if isinstance(name, str):
                if name in seen:
                    fault = f'the id "{name}" is used twice in this list'
                    yield problem_at(source, (*part.path, index), fault, "give it another id")
                seen.add(name)
