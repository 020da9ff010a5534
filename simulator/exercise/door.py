"""The one door through which an act enters: checked, cleaned, and given the output it shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from simulator.content.problems import nearest
from simulator.content.roles import STAFF, kind_of
from simulator.content.runbook_search import search
from simulator.exercise import acts as a
from simulator.exercise.fold import Exercise
from simulator.exercise.powers import approvers, refusal
from simulator.world import ShellContext


class Refused(Exception):  # noqa: N818
    """An act that cannot be taken now; its text says why, to the person who tried."""


WHILE_PAUSED = (
    *(a.Resume, a.Start, a.Speed, a.Jump, a.End, a.Confused, a.Read, a.Clock, a.Join, a.Ready),
    *(a.HandOver, a.Approve, a.Fire, a.Postpone, a.Withhold, a.Edit, a.Write, a.Speak, a.Note),
    *(a.Share, a.Revoke, a.Dismiss, a.Overrule, a.Confirm),
)
"""Acts that a pause does not stop."""

AFTERWARDS = (*a.REVIEW, a.Note, a.Share, a.HandOver, a.Join, a.Revoke, a.Dismiss, a.End)
"""Acts that may follow the end of play in a team."""


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
    refused = refusal(exercise, act)
    if refused:
        raise Refused(refused)
    late = AFTERWARDS if exercise.team else (*a.REVIEW, a.End)
    if exercise.over and not isinstance(act, late):
        raise Refused("The exercise has ended.")
    if exercise.state.ended is not None and isinstance(act, a.End):
        raise Refused("The exercise has ended.")
    if act.at < exercise.state.now:
        raise Refused("That moment has passed.")
    if act.at > exercise.state.now and not exercise.over:
        raise Refused("That moment has not come yet.")
    if isinstance(act, a.Open):
        raise Refused("The exercise is open already.")
    if isinstance(act, a.Ask):
        raise Refused("Do it, and whoever must approve it is asked.")
    helps = isinstance(act, a.Hint | a.Reveal) and _leads(exercise, act)
    if exercise.state.paused and not (exercise.over or helps or isinstance(act, WHILE_PAUSED)):
        raise Refused(_paused(exercise))
    live = (a.Overrule, a.Confirm) if exercise.team else ()
    if not exercise.over and isinstance(act, a.REVIEW) and not isinstance(act, live):
        raise Refused("That is for the review, after the exercise has ended.")
    admitted = _ADMIT.get(type(act), _as_it_is)(exercise, act)
    refused = refusal(exercise, admitted)
    if refused:
        raise Refused(refused)
    of = approvers(exercise, admitted)
    if of:
        return a.Ask(at=act.at, by=act.by, role=act.role, wants=a.write_act(act), of=list(of))
    return admitted


def _leads(exercise: Exercise, act: a.AnyAct) -> bool:
    return kind_of(exercise.state.roles.get(act.by, "")) == "facilitator"


def _paused(exercise: Exercise) -> str:
    if not exercise.team:
        return "The exercise is paused. Resume it first."
    if not exercise.state.started:
        return "The exercise has not begun."
    return "The exercise is paused. The facilitator lets it go on."


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
            "views": answered.views,
            "streams": answered.streams,
            "context": answered.context.fields(),
        }
    )


def _do(exercise: Exercise, act: a.Do) -> a.Do:
    _known("action", act.action, (action.id for action in exercise.world.actions))
    begun = exercise.world.preview(
        exercise.state.world, act.action, act.args, act.by, exercise.outside
    )
    return act.model_copy(update={"output": begun.text, "failed": begun.refused})


def _join(exercise: Exercise, act: a.Join) -> a.Join:
    if not exercise.team:
        return act
    state = exercise.state
    _known("role", act.role, (*STAFF, *exercise.roles))
    if act.by in state.seats:
        raise Refused("Somebody sits there already.")
    same = act.name.casefold()
    here = (name for seat, name in state.seats.items() if seat not in state.dismissed)
    if any(name.casefold() == same for name in here):
        raise Refused(f"{act.name} is here already. Give another name.")
    return act


def _ready(exercise: Exercise, act: a.Ready) -> a.Ready:
    if exercise.state.started:
        raise Refused("The exercise has begun already.")
    return act


def _start(exercise: Exercise, act: a.Start) -> a.Start:
    if exercise.state.started:
        raise Refused("The exercise has begun already.")
    return act


def _resume(exercise: Exercise, act: a.Resume) -> a.Resume:
    if not exercise.state.started:
        raise Refused("The exercise has not begun. Begin it first.")
    return act


def _jump(exercise: Exercise, act: a.Jump) -> a.Jump:
    if not exercise.state.started:
        raise Refused("The exercise has not begun. Begin it first.")
    if act.to <= exercise.state.now:
        raise Refused("That moment has passed.")
    if act.to > exercise.length:
        raise Refused("The exercise ends before that.")
    return act


def _hand_over(exercise: Exercise, act: a.HandOver) -> a.HandOver:
    state = exercise.state
    is_role = act.to not in state.seats and act.to in exercise.roles
    for seat in (act.giver,) if is_role else (act.giver, act.to):
        if seat not in state.seats:
            raise Refused(f'Nobody sits at "{seat}".')
        if seat in state.dismissed:
            raise Refused(f"{state.seats[seat]} has been shown out.")
    if act.giver == act.to:
        raise Refused("Hand over to somebody else.")
    if is_role and kind_of(state.roles[act.giver]) == "facilitator":
        raise Refused("Change roles with somebody, so that there is a facilitator still.")
    return act


def _dismiss(exercise: Exercise, act: a.Dismiss) -> a.Dismiss:
    if act.seat not in exercise.state.seats:
        raise Refused(f'Nobody sits at "{act.seat}".')
    if act.seat == act.by:
        raise Refused("Nobody shows themselves out. Hand over first.")
    return act


def _revoke(exercise: Exercise, act: a.Revoke) -> a.Revoke:
    _known("role", act.code, (*STAFF, *exercise.roles))
    return act


def _approve(exercise: Exercise, act: a.Approve) -> a.Approve:
    request = exercise.state.request(act.request)
    if request is None:
        raise Refused(f"There is no request {act.request}.")
    if request.granted is not None:
        raise Refused("That request was answered already.")
    if exercise.state.roles.get(act.by, "") not in request.of or act.by == request.seat:
        raise Refused("That word is for somebody else to give.")
    return act


def _inject(exercise: Exercise, act: a.Fire | a.Postpone | a.Withhold | a.Edit) -> a.AnyAct:
    state = exercise.state
    written = [one.id for one in state.written]
    _known("inject", act.inject, [*(one.id for one in exercise.scenario.timeline), *written])
    if act.inject in state.delivered:
        raise Refused("That inject has been delivered already.")
    if isinstance(act, a.Postpone):
        _postponed(exercise, act)
    if isinstance(act, a.Withhold) and not act.withheld:
        inject = next((x for x in exercise.scenario.timeline if x.id == act.inject), None)
        due = exercise.comes_at(inject) if inject else None
        if due is not None and due <= state.now:
            raise Refused("Its time has passed. Send it now instead.")
    if isinstance(act, a.Edit) and not act.text.strip():
        raise Refused("There is nothing to say yet.")
    return act


def _postponed(exercise: Exercise, act: a.Postpone) -> None:
    """Refuse a time for an inject at which it cannot come; in seconds of the exercise."""
    written = {one.id: one.due for one in exercise.state.written}
    timed = (one for one in exercise.scenario.timeline if one.id == act.inject)
    due = written.get(act.inject) or next((exercise.comes_at(one) for one in timed), None)
    if act.seconds == 0:
        raise Refused("Say by how many seconds.")
    if due is None:
        return
    if due + act.seconds > exercise.length:
        after = (due + act.seconds - exercise.length + 59) // 60
        raise Refused(
            f"It would come {after} min after the end. Leave it out instead, or say less."
        )
    if due + act.seconds <= exercise.state.now:
        raise Refused("That moment has passed. Send it now instead.")


def _write(exercise: Exercise, act: a.Write | a.Speak) -> a.AnyAct:
    _known("channel", act.channel, (channel.id for channel in exercise.system.channels))
    people = [person.id for person in exercise.system.people]
    if isinstance(act, a.Speak):
        _known("person", act.person, people)
    else:
        _known("sender", act.sender, ["system", *people])
    if not act.text.strip():
        raise Refused("There is nothing to say yet.")
    return act


def _note(exercise: Exercise, act: a.Note) -> a.Note:
    objectives = {one.id for one in exercise.scenario.objectives}
    if act.about and act.about not in objectives and exercise.pack.step(act.about) is None:
        raise Refused(f'There is no step and no objective "{act.about}".')
    if not act.text.strip():
        raise Refused("There is nothing to note yet.")
    return act


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


def _overrule(exercise: Exercise, act: a.Overrule) -> a.AnyAct:
    if not act.reason.strip():
        raise Refused("Say why.")
    return _step(exercise, act)


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
    a.Join: _join,
    a.Ready: _ready,
    a.Start: _start,
    a.Resume: _resume,
    a.Jump: _jump,
    a.HandOver: _hand_over,
    a.Approve: _approve,
    a.Dismiss: _dismiss,
    a.Revoke: _revoke,
    a.Fire: _inject,
    a.Postpone: _inject,
    a.Withhold: _inject,
    a.Edit: _inject,
    a.Write: _write,
    a.Speak: _write,
    a.Note: _note,
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
    a.Overrule: _overrule,
    a.Hint: _any_step,
    a.Reveal: _any_step,
    a.Confirm: _confirm,
}
