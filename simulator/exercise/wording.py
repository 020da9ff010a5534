"""Acts in words: one short line each, for timelines and evidence."""

from __future__ import annotations

from simulator.exercise import acts as a


def in_words(act: a.AnyAct) -> str:
    """Return what an act was, in a few words without its time."""
    match act:
        case a.Open():
            return f"opened {act.scenario}, seed {act.seed}"
        case a.Join():
            return f"{act.name} joined"
        case a.Ready():
            return "is ready" if act.ready else "is not ready after all"
        case a.HandOver():
            return f"handed over between {act.giver} and {act.to}"
        case a.Start():
            return "began the exercise"
        case a.Jump():
            return f"jumped to T+{act.to // 60}:{act.to % 60:02d}"
        case a.Ask():
            return f"asked for a second person's word: {_short(wanted(act.wants))}"
        case a.Approve():
            because = f": {_short(act.reason)}" if act.reason else ""
            return f"{'approved' if act.granted else 'refused'} request {act.request}{because}"
        case a.Fire():
            return f"sent the inject {act.inject} now"
        case a.Postpone():
            which = f"{act.inject} and what follows" if act.following else act.inject
            return f"postponed {which} by {act.seconds} s"
        case a.Withhold():
            return f"{'left out' if act.withheld else 'took back in'} the inject {act.inject}"
        case a.Edit():
            return f"changed the inject {act.inject}: {_short(act.text)}"
        case a.Write():
            return f"wrote an inject to {act.channel}, from {act.sender}: {_short(act.text)}"
        case a.Speak():
            return f"answered as {act.person} in {act.channel}: {_short(act.text)}"
        case a.Note():
            about = f" on {act.about}" if act.about else ""
            kinds = {"strength": "a strength", "improvement": "an area for improvement"}
            return f"noted {kinds.get(act.kind, 'something')}{about}: {_short(act.text)}"
        case a.Share():
            return f"{'showed' if act.shown else 'hid'} the {act.what}"
        case a.Revoke():
            return f"revoked the code of {act.code}"
        case a.Dismiss():
            return f"showed {act.seat} out"
        case a.Command():
            line = " ".join(act.line.split())
            return f"typed: {line}" + (" (failed)" if act.failed else "")
        case a.Do():
            chosen = ", ".join(act.args.values())
            return f"chose from the menu: {act.action}" + (f" ({chosen})" if chosen else "")
        case a.View():
            return f"opened the dashboard {act.view}"
        case a.Logs():
            return f"opened the logs of {act.stream}" + (f" ({act.query})" if act.query else "")
        case a.Read():
            return f"read {act.runbook}" + (f", {act.section}" if act.section else "")
        case a.Search():
            return f"searched for “{act.query}”, {act.found} found"
        case a.Acknowledge():
            return f"acknowledged the alert {act.alert}"
        case a.Post():
            kind = f" ({act.template})" if act.template else ""
            return f"wrote to {act.channel}{kind}: {_short(act.text)}"
        case a.Declare():
            return f"declared {act.severity}"
        case a.Decide():
            return f"decided {act.decision}: {act.option}"
        case a.Tick():
            return f"{'ticked' if act.done else 'unticked'} {act.step}"
        case a.Skip():
            return f"gave up {act.step}"
        case a.Hint():
            return f"asked for a hint on {act.step or 'what to do'}"
        case a.Reveal():
            return f"had the solution shown{' of ' + act.step if act.step else ''}"
        case a.Confused():
            note = f": {_short(act.note)}" if act.note else ""
            return f"was confused by {act.step}{note}"
        case a.Speed():
            return f"set the speed to {act.factor}x"
        case a.End():
            return "time was up" if act.reason == "time" else "ended the exercise"
        case a.HotWash():
            return "answered the hot wash"
        case a.Overrule():
            return f"overruled the mark of {act.step}: {_short(act.reason)}"
        case a.Confirm():
            return f"rated {act.objective or 'the exercise'} {act.rating}"
        case _:
            return act.do


def wanted(wants: str) -> str:
    """Return in words the act that somebody asks for."""
    try:
        return in_words(a.read_act(wants))
    except a.ActError:
        return "something that is no act"


def _short(text: str, most: int = 120) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"
