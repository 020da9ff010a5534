"""The one door through which an act enters: checked, cleaned, and given the output it shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from simulator.content.problems import nearest
from simulator.content.runbook_search import search
from simulator.exercise import acts as a
from simulator.exercise.fold import Exercise
from simulator.world import ShellContext


class Refused(Exception):  # noqa: N818
    """An act that cannot be taken now; its text says why, to the person who tried."""


WHILE_PAUSED = (a.Resume, a.Speed, a.End, a.Confused, a.Read, a.Clock, a.Join)
"""Acts that a pause does not stop."""


def admit(exercise: Exercise, proposed: Mapping[str, Any]) -> a.AnyAct:
    """Return the act that `proposed` becomes now, complete with what it shows.

    Raise Refused with a plain sentence when it cannot be taken.
    """
    try:
        act = a.read_act({"at": exercise.state.now, **proposed})
    except a.ActError as error:
        raise Refused(str(error)) from None
    if exercise.state.closed:
        raise Refused("The exercise is closed.")
    if exercise.over and not isinstance(act, (*a.REVIEW, a.End)):
        raise Refused("The exercise has ended.")
    if exercise.state.ended is not None and isinstance(act, a.End):
        raise Refused("The exercise has ended.")
    if act.at < exercise.state.now:
        raise Refused("That moment has passed.")
    if act.at > exercise.state.now and not exercise.over:
        raise Refused("That moment has not come yet.")
    if isinstance(act, a.Open):
        raise Refused("The exercise is open already.")
    if exercise.state.paused and not (exercise.over or isinstance(act, WHILE_PAUSED)):
        raise Refused("The exercise is paused. Resume it first.")
    if not exercise.over and isinstance(act, a.REVIEW):
        raise Refused("That is for the review, after the exercise has ended.")
    return _ADMIT.get(type(act), _as_it_is)(exercise, act)


def _as_it_is(exercise: Exercise, act: a.AnyAct) -> a.AnyAct:
    return act


def _known(kind: str, name: str, names: Iterable[str]) -> None:
    options = list(names)
    if name not in options:
        near = nearest(name, options)
        raise Refused(
            f'There is no {kind} "{name}".' + (f' Did you mean "{near}"?' if near else "")
        )


def _command(exercise: Exercise, act: a.Command) -> a.Command:
    context = ShellContext.of(exercise.state.contexts.get(act.by, {}))
    answered = exercise.shell.run(exercise.state.world, act.line, context, exercise.outside)
    return a.Command.model_validate(
        act.model_dump()
        | {
            "output": answered.output,
            "failed": answered.failed,
            "near": answered.near,
            "action": answered.action or "",
            "args": dict(answered.args),
            "view": answered.view or "",
            "logs": answered.logs or "",
            "context": answered.context.fields(),
        }
    )


def _do(exercise: Exercise, act: a.Do) -> a.Do:
    _known("action", act.action, (action.id for action in exercise.world.actions))
    begun = exercise.world.preview(
        exercise.state.world, act.action, act.args, act.by, exercise.outside
    )
    return act.model_copy(update={"output": begun.text, "failed": begun.refused})


def _view(exercise: Exercise, act: a.View) -> a.View:
    _known("dashboard", act.view, (board.id for board in exercise.system.dashboards))
    return act


def _logs(exercise: Exercise, act: a.Logs) -> a.Logs:
    _known("log stream", act.stream, (stream.id for stream in exercise.system.logs))
    return act


def _read(exercise: Exercise, act: a.Read) -> a.Read:
    _known("runbook", act.runbook, exercise.pack.runbooks)
    return act


def _search(exercise: Exercise, act: a.Search) -> a.Search:
    found = len(search(list(exercise.pack.runbooks.values()), act.query))
    return act.model_copy(update={"found": found})


def _acknowledge(exercise: Exercise, act: a.Acknowledge) -> a.Acknowledge:
    _known("alert", act.alert, (alert.id for alert in exercise.system.alerts))
    if not exercise.state.world.alerts[act.alert].fired:
        raise Refused("That alert has not fired.")
    return act


def _post(exercise: Exercise, act: a.Post) -> a.Post:
    _known("channel", act.channel, (channel.id for channel in exercise.system.channels))
    if not act.template:
        if not act.text.strip():
            raise Refused("There is nothing to send yet.")
        return act
    _known("template", act.template, (template.id for template in exercise.system.templates))
    template = next(x for x in exercise.system.templates if x.id == act.template)
    names = [field.id for field in template.fields]
    for name in act.fields:
        _known("field", name, names)
    missing = [f.title for f in template.fields if not act.fields.get(f.id, "").strip()]
    if missing:
        raise Refused("Still to fill in: " + ", ".join(missing) + ".")
    places = "|".join(re.escape("{" + name + "}") for name in names) or "(?!)"
    text = re.sub(places, lambda found: act.fields[found[0][1:-1]], template.text)
    return a.Post.model_validate(act.model_dump() | {"text": text.strip()})


def _declare(exercise: Exercise, act: a.Declare) -> a.Declare:
    _known("severity", act.severity, (level.id for level in exercise.system.severities))
    return act


def _decide(exercise: Exercise, act: a.Decide) -> a.Decide:
    open_now = [d for d in exercise.scenario.decisions if d.id in exercise.state.open_decisions]
    _known("decision", act.decision, (decision.id for decision in open_now))
    decision = next(d for d in open_now if d.id == act.decision)
    _known("option", act.option, (option.id for option in decision.options))
    return act


def _step(exercise: Exercise, act: a.Tick | a.Skip | a.Confused | a.Overrule) -> a.AnyAct:
    if exercise.pack.step(act.step) is None:
        raise Refused(f'No runbook has a step "{act.step}".')
    return act


def _any_step(exercise: Exercise, act: a.Hint | a.Reveal) -> a.AnyAct:
    """Help may be asked for without naming a step."""
    if act.step and exercise.pack.step(act.step) is None:
        raise Refused(f'No runbook has a step "{act.step}".')
    return act


def _confirm(exercise: Exercise, act: a.Confirm) -> a.Confirm:
    if act.objective:
        _known("objective", act.objective, (one.id for one in exercise.scenario.objectives))
    return act


_ADMIT: Mapping[type[a.Act], Callable[[Exercise, Any], a.AnyAct]] = {
    a.Command: _command,
    a.Do: _do,
    a.View: _view,
    a.Logs: _logs,
    a.Read: _read,
    a.Search: _search,
    a.Acknowledge: _acknowledge,
    a.Post: _post,
    a.Declare: _declare,
    a.Decide: _decide,
    a.Tick: _step,
    a.Skip: _step,
    a.Confused: _step,
    a.Overrule: _step,
    a.Hint: _any_step,
    a.Reveal: _any_step,
    a.Confirm: _confirm,
}
