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


def _short(text: str, most: int = 120) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"
