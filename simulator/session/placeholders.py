"""Placeholders in authored texts must name something that can fill them."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.content.pack import Pack
from simulator.content.problems import Problem, did_you_mean
from simulator.content.references import problem_at, walk
from simulator.world import placeholders
from simulator.world.template import Placeholder

_NOT_FILLED = {("MessageTemplate", "text"), ("Command", "pattern"), ("Command", "also"),
               ("Statement", "match"), ("Proof", "command")}  # fmt: skip
"""Texts in which braces mean something else."""


def unfilled(pack: Pack) -> Iterator[Problem]:
    """Yield a problem for each placeholder that nothing fills."""
    names = _names(pack)
    metrics = {metric.id for metric in pack.system.metrics}
    for source, document in (
        (pack.system_source, pack.system),
        (pack.scenario_source, pack.scenario),
    ):
        for part in walk(document, ()):
            if (part.owner.__name__, part.field) in _NOT_FILLED:
                continue
            for path, text in _texts(part.value, part.path):
                for mark in placeholders(text):
                    if not _whole(mark):
                        numbers = "{number:1:9}, {hex:8} or {ago:90}"
                        fault = f"nothing can fill the {mark.prefix} of {{{mark.name}}}"
                        yield problem_at(source, path, fault, f"write whole numbers: {numbers}")
                    known = metrics if mark.prefix == "metric" else names
                    if mark.prefix in ("", "metric", "pool") and mark.name not in known:
                        fault = f"nothing fills {{{mark.name}}}"
                        yield problem_at(source, path, fault, did_you_mean(mark.name, known))
    yield from _templates(pack)


def _templates(pack: Pack) -> Iterator[Problem]:
    """Fields that a message's text lacks, and the reverse; two of a kind that is typed."""
    for index, template in enumerate(pack.system.templates):
        names = [field.id for field in template.fields]
        kinds = [field.kind for field in template.fields]
        path = ("templates", index)
        marks = [mark.name for mark in placeholders(template.text)]
        for name in marks:
            if name not in names:
                fault, remedy = f"no field fills {{{name}}}", did_you_mean(name, names)
                yield problem_at(pack.system_source, (*path, "text"), fault, remedy)
        for number, field in enumerate(template.fields):
            if field.kind != "audience" and field.id not in marks:  # its channel shows for whom
                fault = f"the text lacks {{{field.id}}}, so what is filled in is lost"
                place = (*path, "fields", number)
                yield problem_at(pack.system_source, place, fault, "put it into the text")
            if field.kind in ("audience", "severity") and field.kind in kinds[:number]:
                fault = f"a second field of the kind {field.kind}: which one counts is not told"
                place = (*path, "fields", number)
                yield problem_at(pack.system_source, place, fault, "make it a text")


def _whole(mark: Placeholder) -> bool:
    """Whether a placeholder drawn or counted by numbers names whole ones that go together."""
    wanted = {"number": 2, "hex": 1, "ago": 1}.get(mark.prefix)
    numbers = [mark.name, *mark.parts]
    if wanted is None:
        return mark.prefix != "metric" or all(part.isdigit() for part in mark.parts[:1])
    if len(numbers) < wanted or not all(part.isdigit() for part in numbers[:wanted]):
        return False
    return mark.prefix != "number" or int(numbers[0]) <= int(numbers[1])


def _texts(
    value: object, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, str):
                yield (*path, key), item


def _names(pack: Pack) -> set[str]:
    """Return every name that some placeholder may have: state, columns, arguments, pools."""
    system, scenario = pack.system, pack.scenario
    names = {*system.state, *system.derived, *system.pools, "now", "t", "by", "word", "count"}
    names |= {f"pool.{pool}" for pool in system.pools}
    names |= {column for table in system.tables.values() for column in table.columns}
    for action in (*system.actions, *scenario.actions):
        names |= set(action.args)
    for tool in system.tools:
        for command in tool.commands:
            for pattern in (command.pattern, *command.also):
                names |= {mark.name for mark in placeholders(pattern)}
    names |= {"pid", "group", "n", "url", "method", "line", "person"}
    names |= {"time", "level", "text", "detail"}  # of a log line
    return names
