"""What each act of a participant, and of the clock, does to an exercise's state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from simulator.content.prose import reflowed
from simulator.content.roles import kind_of
from simulator.exercise import acts as a
from simulator.exercise.facilitating import TEAM
from simulator.exercise.state import Flag, HintGiven, Message, Overruled, Rated, TerminalLine

if TYPE_CHECKING:
    from simulator.exercise.fold import Exercise


def take(exercise: Exercise, act: a.AnyAct) -> None:
    """Change the state of an exercise by an act, whose time has come."""
    _TAKE.get(type(act), _nothing)(exercise, act)


def _nothing(exercise: Exercise, act: a.AnyAct) -> None:
    """An act that says something to the reviewers only."""


def _opened(exercise: Exercise, act: a.Open) -> None:
    exercise.state.opened = True


def _join(exercise: Exercise, act: a.Join) -> None:
    exercise.state.seats[act.by] = act.name
    exercise.state.roles[act.by] = act.role


def _pause(exercise: Exercise, act: a.Pause) -> None:
    exercise.state.paused = True


def _resume(exercise: Exercise, act: a.Resume) -> None:
    exercise.state.paused = False


def _speed(exercise: Exercise, act: a.Speed) -> None:
    exercise.state.speed = act.factor


def _command(exercise: Exercise, act: a.Command) -> None:
    state = exercise.state
    state.terminal.append(TerminalLine(act.at, act.by, act.line, act.output, act.failed))
    state.contexts[act.by] = dict(act.context)
    for view in act.opened:
        state.views[view] = state.views.get(view, 0) + 1
    if act.action:
        exercise.perform(act.action, act.args, act.by)


def _do(exercise: Exercise, act: a.Do) -> None:
    title = next((x.title for x in exercise.world.actions if x.id == act.action), act.action)
    chosen = ", ".join(act.args.values())
    line = f"{title}: {chosen}" if chosen else title
    exercise.state.terminal.append(
        TerminalLine(act.at, act.by, f"[menu] {line}", act.output, act.failed)
    )
    if not act.failed:
        exercise.perform(act.action, act.args, act.by)


def _view(exercise: Exercise, act: a.View) -> None:
    views = exercise.state.views
    views[act.view] = views.get(act.view, 0) + 1


def _logs(exercise: Exercise, act: a.Logs) -> None:
    views = exercise.state.views
    views[f"logs:{act.stream}"] = views.get(f"logs:{act.stream}", 0) + 1


def _acknowledge(exercise: Exercise, act: a.Acknowledge) -> None:
    exercise.state.acknowledged.setdefault(act.alert, act.at)


def _post(exercise: Exercise, act: a.Post) -> None:
    exercise.say(
        Message(act.at, act.channel, act.by, act.text, True, act.template, dict(act.fields))
    )


def _declare(exercise: Exercise, act: a.Declare) -> None:
    exercise.state.severity = act.severity
    exercise.state.severities.append((act.at, act.severity))


def _decide(exercise: Exercise, act: a.Decide) -> None:
    exercise.state.decisions[act.decision] = (act.at, act.option)
    earlier = exercise.state.choices.get(act.decision, ())
    exercise.state.choices[act.decision] = (*earlier, (act.at, act.option))


def _tick(exercise: Exercise, act: a.Tick) -> None:
    if act.done:
        exercise.state.ticks.setdefault(act.step, act.at)
    else:
        exercise.state.ticks.pop(act.step, None)


def _skip(exercise: Exercise, act: a.Skip) -> None:
    exercise.state.skipped.setdefault(act.step, act.at)


def _hint(exercise: Exercise, act: a.Hint) -> None:
    state = exercise.state
    strength = min(3, 1 + sum(hint.step == act.step for hint in state.hints))
    text = exercise.hint(act.step, strength)
    state.hints.append(HintGiven(act.at, act.step, strength, text))
    _tell(exercise, act, f"A hint: {text}" if text else "")


def _reveal(exercise: Exercise, act: a.Reveal) -> None:
    exercise.state.revealed.append((act.at, act.step))
    answer = exercise.hint(act.step, 3)
    _tell(exercise, act, f"The solution of this step: {answer}" if answer else "")


def _tell(exercise: Exercise, act: a.Hint | a.Reveal, text: str) -> None:
    """Let everybody read what a facilitator helps with; nobody answers to it."""
    state = exercise.state
    channel = next((c.id for c in exercise.system.channels if c.kind == "chat"), "")
    if text and channel and kind_of(state.roles.get(act.by, "participant")) == "facilitator":
        state.messages.append(Message(act.at, channel, act.by, reflowed(text), False))


def _confused(exercise: Exercise, act: a.Confused) -> None:
    exercise.state.flags.append(Flag(act.at, act.by, act.step, act.note))


def _end(exercise: Exercise, act: a.End) -> None:
    exercise.state.ended = exercise.state.now
    exercise.state.end_reason = act.reason


def _hotwash(exercise: Exercise, act: a.HotWash) -> None:
    exercise.state.hotwash[act.by] = dict(act.answers)
    if act.confidence is not None:
        exercise.state.confidence[act.by] = act.confidence


def _confirm(exercise: Exercise, act: a.Confirm) -> None:
    exercise.state.confirmed.append(Rated(act.at, act.by, act.objective, act.rating, act.reason))


def _overrule(exercise: Exercise, act: a.Overrule) -> None:
    exercise.state.overrules[act.step] = Overruled(act.at, act.by, str(act.share), act.reason)


def _close(exercise: Exercise, act: a.Close) -> None:
    exercise.state.closed = True


_TAKE: Mapping[type[a.Act], Callable[[Exercise, Any], None]] = {
    **TEAM,
    a.Open: _opened,
    a.Join: _join,
    a.Pause: _pause,
    a.Resume: _resume,
    a.Speed: _speed,
    a.Command: _command,
    a.Do: _do,
    a.View: _view,
    a.Logs: _logs,
    a.Acknowledge: _acknowledge,
    a.Post: _post,
    a.Declare: _declare,
    a.Decide: _decide,
    a.Tick: _tick,
    a.Skip: _skip,
    a.Hint: _hint,
    a.Reveal: _reveal,
    a.Confused: _confused,
    a.End: _end,
    a.HotWash: _hotwash,
    a.Confirm: _confirm,
    a.Overrule: _overrule,
    a.Close: _close,
}
