"""Acts in words: one short line each, for timelines and evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.content.roles import kind_of
from simulator.exercise import acts as a
from simulator.exercise.titles import Kind, option_in, title_in

if TYPE_CHECKING:
    from simulator.exercise.fold import Exercise


def deed(act: a.AnyAct, exercise: Exercise) -> str:
    """Return what somebody did, to be read after their name."""
    return "joined" if isinstance(act, a.Join) else in_words(act, exercise)


def in_words(act: a.AnyAct, exercise: Exercise | None = None) -> str:
    """Return what an act was, in a few words without its time.

    With its exercise, everything goes by the name that people use.
    """

    def title(kind: Kind, name: str) -> str:
        return _short(title_in(exercise, kind, name), 80).removesuffix(".")

    match act:
        case a.Open():
            return f"opened {act.scenario}, seed {act.seed}"
        case a.Join():
            return f"{act.name} joined"
        case a.Ready():
            return "is ready" if act.ready else "is not ready after all"
        case a.HandOver():
            giver, to = title("seat", act.giver), title("role", act.to)
            if to != act.to:
                return f"made {giver} {to}"
            return f"let {giver} and {title('seat', act.to)} change roles"
        case a.Start():
            return "began the exercise"
        case a.Pause():
            return "paused"
        case a.Resume():
            return "went on"
        case a.Close():
            return "closed the exercise"
        case a.Jump():
            return f"jumped to T+{act.to // 60}:{act.to % 60:02d}"
        case a.Ask():
            return f"asked for a second person's word: {_short(wanted(act.wants, exercise))}"
        case a.Approve():
            because = f": {_short(act.reason)}" if act.reason else ""
            said = "approved" if act.granted else "refused"
            request = exercise.state.request(act.request) if exercise else None
            if request is None:
                return f"{said} request {act.request}{because}"
            who = title("seat", request.seat)
            return (
                f"{said} what {who} asked for, {_short(wanted(request.wants, exercise))}{because}"
            )
        case a.Fire():
            return f"sent the inject {title('inject', act.inject)} now"
        case a.Postpone():
            also = " and what follows" if act.following else ""
            did = "postponed" if act.seconds > 0 else "brought forward"
            return f"{did} {title('inject', act.inject)}{also} by {abs(act.seconds)} s"
        case a.Withhold():
            what = "left out" if act.withheld else "took back in"
            return f"{what} the inject {title('inject', act.inject)}"
        case a.Edit():
            return f"changed the inject {title('inject', act.inject)}: {_short(act.text)}"
        case a.Write():
            where, sender = title("channel", act.channel), title("person", act.sender)
            return f"wrote an inject to {where}, from {sender}: {_short(act.text)}"
        case a.Speak():
            where = title("channel", act.channel)
            return f"answered as {title('person', act.person)} in {where}: {_short(act.text)}"
        case a.Note():
            about = f" on {title('step', act.about)}" if "#" in act.about else ""
            kinds = {"strength": "a strength", "improvement": "an area for improvement"}
            return f"noted {kinds.get(act.kind, 'something')}{about}: {_short(act.text)}"
        case a.Share():
            return f"{'showed' if act.shown else 'hid'} the {act.what}"
        case a.Revoke():
            return f"revoked the code of {title('role', act.code)}"
        case a.Dismiss():
            return f"showed {title('seat', act.seat)} out"
        case a.Command():
            line = " ".join(act.line.split())
            return f"typed: {line}" + (" (failed)" if act.failed else "")
        case a.Do():
            chosen = ", ".join(act.args.values())
            what = title("action", act.action)
            return f"chose from the menu: {what}" + (f" ({chosen})" if chosen else "")
        case a.View():
            return f"opened the dashboard {title('dashboard', act.view)}"
        case a.Logs():
            stream = title("stream", act.stream)
            return f"opened the logs of {stream}" + (f" ({act.query})" if act.query else "")
        case a.Read():
            book = title("runbook", act.runbook)
            return f"read {book}" + (f", {act.section}" if act.section else "")
        case a.Search():
            return f"searched for “{act.query}”, {act.found} found"
        case a.Acknowledge():
            return f"acknowledged the alert {title('alert', act.alert)}"
        case a.Post():
            kind = f" ({title('template', act.template)})" if act.template else ""
            return f"wrote to {title('channel', act.channel)}{kind}: {_short(act.text)}"
        case a.Declare():
            return f"declared {act.severity}"
        case a.Decide():
            option = option_in(exercise, act.decision, act.option)
            return f"decided {title('decision', act.decision)}: {option}"
        case a.Tick():
            return f"{'ticked' if act.done else 'unticked'} {title('step', act.step)}"
        case a.Skip():
            return f"gave up {title('step', act.step)}"
        case a.Hint():
            asked = "gave a hint" if kind_of(act.role) == "facilitator" else "asked for a hint"
            return f"{asked} on {title('step', act.step) if act.step else 'what to do'}"
        case a.Reveal():
            shown = "showed the" if kind_of(act.role) == "facilitator" else "was shown the"
            return f"{shown} solution" + (f" of {title('step', act.step)}" if act.step else "")
        case a.Confused():
            note = f": {_short(act.note)}" if act.note else ""
            return f"was confused by {title('step', act.step)}{note}"
        case a.Speed():
            return f"set the speed to {act.factor}x"
        case a.End():
            return "time was up" if act.reason == "time" else "ended the exercise"
        case a.HotWash():
            return "answered the hot wash"
        case a.Overrule():
            return f"overruled the mark of {title('step', act.step)}: {_short(act.reason)}"
        case a.Confirm():
            what = f"“{title('objective', act.objective)}”" if act.objective else "the exercise"
            return f"rated {what} {act.rating}"
        case _:
            return act.do


def wanted(wants: str, exercise: Exercise | None = None) -> str:
    """Return in words the act that somebody asks for."""
    try:
        act = a.read_act(wants)
    except a.ActError:
        return "something that is no act"
    match act:
        case a.Command():
            return f"“{_short(act.line)}”"
        case a.Do():
            chosen = ", ".join(act.args.values())
            what = title_in(exercise, "action", act.action)
            return f"“{what}”" + (f" ({chosen})" if chosen else "")
        case a.Post():
            where = title_in(exercise, "channel", act.channel)
            return f"a message to {where}, “{_short(act.text)}”"
        case _:
            return in_words(act, exercise)


def _short(text: str, most: int = 120) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"
