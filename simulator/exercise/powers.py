"""Who may do what in a team: a role's powers, and what needs a second person's word.

Somebody who plays alone has every power of a participant, and the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from simulator.content.roles import PANES, Power, Role, kind_of, title_of
from simulator.exercise import acts as a

if TYPE_CHECKING:
    from simulator.exercise.fold import Exercise

_POWERS: Mapping[type[a.Act], Power] = {
    a.Command: "command",
    a.Do: "act",
    a.Acknowledge: "acknowledge",
    a.Declare: "declare",
    a.Decide: "decide",
    a.Tick: "tick",
    a.Skip: "tick",
    a.Hint: "hint",
    a.Reveal: "hint",
}
_CLOCK = (a.Start, a.Pause, a.Resume, a.Speed, a.Jump, a.End)
_FACILITATORS = (
    *(a.Fire, a.Postpone, a.Withhold, a.Edit, a.Write, a.Speak, a.Share, a.Revoke, a.Dismiss),
    a.Close,
    *_CLOCK,
)
_EVALUATORS = (a.Note, a.Overrule, a.Confirm)
_HOSTS = (a.Clock, a.Pause, a.Resume, a.End, a.Close, a.Revoke)
_ANYBODY = (a.Join, a.HotWash)
_TEAM_ONLY = (
    *(a.Start, a.Jump, a.Fire, a.Postpone, a.Withhold, a.Edit, a.Write, a.Speak, a.Note),
    *(a.Ready, a.HandOver, a.Ask, a.Approve, a.Share, a.Revoke, a.Dismiss),
)
ANONYMOUS = "anonymous-"
"""How the seat of somebody begins who answers the hot wash without a name."""


def refusal(exercise: Exercise, act: a.AnyAct) -> str:
    """Return why the seat of an act may not do it, in a sentence; "" where it may."""
    if not exercise.team:
        return "That is for exercises in a team." if isinstance(act, _TEAM_ONLY) else ""
    if act.by == a.HOST:
        return "" if isinstance(act, _HOSTS) else "The host does not do that."
    if isinstance(act, a.HotWash) and act.by.startswith(ANONYMOUS):
        return ""
    if isinstance(act, _ANYBODY):
        return ""
    role = exercise.state.roles.get(act.by)
    if act.by in exercise.state.dismissed:
        return "The facilitator has closed this seat."
    if role is None:
        return "Nobody has joined from this seat."
    match kind_of(role):
        case "facilitator":
            allowed = isinstance(act, (*_FACILITATORS, *_EVALUATORS, a.Hint, a.Reveal, a.HandOver))
            return "" if allowed else "Facilitators do not play: that is for participants."
        case "evaluator":
            return "" if isinstance(act, _EVALUATORS) else "Evaluators note and mark, and no more."
        case "observer":
            return "Observers look on."
    return _participants(exercise, act, role)


def _participants(exercise: Exercise, act: a.AnyAct, role: str) -> str:
    if isinstance(act, (*_FACILITATORS, *_EVALUATORS)):
        return "That is for the facilitator."
    if isinstance(act, a.HandOver):
        if act.giver != act.by:
            return "Hand over your own role."
        if act.to not in exercise.state.seats:
            return "The facilitator gives roles."
        if kind_of(exercise.state.roles.get(act.to, "")) != "participant":
            return "Hand over to somebody who takes part."
    known = exercise.roles.get(role)
    done = act.action if isinstance(act, a.Do | a.Command) else ""
    told = exercise.told_by(done)
    power = None if told and isinstance(act, a.Do) else _POWERS.get(type(act))
    if power is not None and not has_power(exercise, act.by, power):
        return not_for_you(exercise, power)
    if known is None:
        return ""
    if told:
        return _telling(exercise, told, known)
    if done and known.actions and done not in known.actions:
        return f"{known.title} does not do that."
    if isinstance(act, a.Post):
        return _posting(exercise, act, known)
    return ""


def has_power(exercise: Exercise, seat: str, power: Power) -> bool:
    """Return whether a seat holds a power; one that nobody holds is everybody's."""
    if not exercise.team:
        return True
    role = exercise.roles.get(exercise.state.roles.get(seat, ""))
    if role is None:
        return kind_of(exercise.state.roles.get(seat, "observer")) == "participant"
    return power in role.may or not _who(exercise, lambda one: power in one.may)


def not_for_you(exercise: Exercise, power: Power) -> str:
    """Return whose a power is, for somebody who does not have it."""
    return f"That is not for you: {_holders(exercise, power)}."


def may_do(exercise: Exercise, seat: str, action: str) -> bool:
    """Return whether a seat may do an action on production, by a menu."""
    return not refusal(exercise, a.Do(at=0, by=seat, action=action))


def may_post(exercise: Exercise, seat: str, channel: str) -> bool:
    """Return whether a seat may write to a channel."""
    if not exercise.team:
        return True
    role = exercise.roles.get(exercise.state.roles.get(seat, ""))
    return role is not None and not _posting(exercise, a.Post(at=0, by=seat, channel=channel), role)


def panes_of(exercise: Exercise, seat: str) -> tuple[str, ...]:
    """Return the panes that a seat sees; the terminal is for those who may type there."""
    role = exercise.roles.get(exercise.state.roles.get(seat, ""))
    if not exercise.team or role is None:
        return tuple(exercise.roles["participant"].sees)
    types = has_power(exercise, seat, "command")
    return tuple(p for p in PANES if (types if p == "terminal" else p in role.sees))


def _posting(exercise: Exercise, act: a.Post, role: Role) -> str:
    channel = next((c for c in exercise.system.channels if c.id == act.channel), None)
    if channel is None:
        return ""

    def writes(one: Role) -> bool:
        heard = not one.audiences or channel.audience in one.audiences
        return channel.kind in one.posts and heard

    if writes(role) or not _who(exercise, writes):
        return ""
    titles = sorted({exercise.roles[one].title for one in _who(exercise, writes)})
    return f"{' or '.join(titles)} writes to {channel.title}."


def _telling(exercise: Exercise, audience: str, role: Role) -> str:
    kinds = {channel.kind for channel in exercise.system.channels if channel.audience == audience}

    def tells(one: Role) -> bool:
        return bool(kinds & set(one.posts)) and (not one.audiences or audience in one.audiences)

    tellers = _who(exercise, tells)
    if tells(role) or not tellers:
        return ""
    titles = sorted(exercise.roles[one].title for one in tellers)
    return f"{' or '.join(titles)} tells {audience}."


def _who(exercise: Exercise, does: Callable[[Role], bool]) -> set[str]:
    """Return the roles that people hold in this exercise and of which `does` is true."""
    state = exercise.state
    held = {role for seat, role in state.roles.items() if seat not in state.dismissed}
    return {role for role in held if role in exercise.roles and does(exercise.roles[role])}


def _holders(exercise: Exercise, power: Power) -> str:
    titles = sorted(
        exercise.roles[role].title for role in _who(exercise, lambda one: power in one.may)
    )
    return " or ".join(titles) + (" does it" if len(titles) == 1 else " do it")


def approvers(exercise: Exercise, act: a.AnyAct) -> tuple[str, ...]:
    """Return the roles one of which must approve an act first; none where nobody needs to.

    Somebody who holds such a role needs nobody, and where nobody else holds one it is left out.
    """
    if not exercise.team or act.approved:
        return ()
    mine = exercise.state.roles.get(act.by, "")
    for rule in exercise.system.approvals:
        if mine in rule.by or not _needs(exercise, act, rule.action, rule.audience):
            continue
        away = {act.by, *exercise.state.dismissed}
        held = {role for seat, role in exercise.state.roles.items() if seat not in away}
        present = tuple(role for role in rule.by if role in held)
        if present:
            return present
    return ()


def _needs(exercise: Exercise, act: a.AnyAct, action: str | None, audience: str | None) -> bool:
    if isinstance(act, a.Command | a.Do):
        return action is not None and act.action == action and not act.failed
    if isinstance(act, a.Post):
        return audience is not None and exercise.audience(act.channel) == audience
    return False


def role_title(exercise: Exercise, seat: str) -> str:
    """Return the title of the role that a seat has, for people; "" where it has none."""
    role = exercise.state.roles.get(seat, "")
    return title_of(role, exercise.system.roles) if role else ""
