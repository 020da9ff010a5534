"""How a report calls times, people and steps."""

from __future__ import annotations

import re

from simulator.assessment import Assessment, Sign, Signal
from simulator.content.pack import Pack
from simulator.content.scenario import Scenario
from simulator.exercise import acts as a
from simulator.exercise.powers import ANONYMOUS

_SECONDS = re.compile(r"(?<![\w.])(\d{3,6}) s\b")
_STEP = re.compile(r"(?<![\w#./-])[\w./-]+#[\w-]+")


def clock(at: int) -> str:
    """Return a time as T+m:ss."""
    sign = "-" if at < 0 else "+"
    return f"T{sign}{abs(at) // 60}:{abs(at) % 60:02d}"


def duration(seconds: int | None) -> str:
    """Return seconds as m:ss, or a dash for what never came."""
    if seconds is None:
        return "-"
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 60}:{seconds % 60:02d}"


def name_of(assessment: Assessment, seat: str) -> str:
    """Return the name of who sits in a seat, the seat where they gave none."""
    if seat.startswith(ANONYMOUS):
        return "somebody"
    if seat == a.HOST:
        return "the program"
    return assessment.exercise.state.seats.get(seat) or seat


def with_titles(pack: Pack, text: str) -> str:
    """Return a sentence with the titles of steps in place of their names, and long times as m:ss.

    It is for sentences of the program; what people wrote stays as it is.
    """

    def titled(found: re.Match[str]) -> str:
        step = pack.step(found[0])
        return f"“{step.text.rstrip('.')}”" if step else found[0]

    text = _SECONDS.sub(lambda found: duration(int(found[1])), text)
    return _STEP.sub(titled, text)


def in_report(pack: Pack, sign: Sign) -> str:
    """Return what a signal says; what people wrote in it stays as they wrote it."""
    quoting = (Signal.FLAGGED, Signal.QUESTION, Signal.SEARCH_WITH_NOTHING, Signal.RERUN)
    return sign.sentence if sign.signal in quoting else with_titles(pack, sign.sentence)


def sentence(text: str) -> str:
    """Return a reason as a sentence: with a capital letter, and a full stop at its end."""
    text = text.strip().rstrip(".")
    return text[:1].upper() + text[1:] + ("" if text.endswith(("!", "?", "…")) else ".")


def place_of(pack: Pack, step: str) -> str:
    """Return the file and the line of a step, such as `runbooks/lms/outage.md:12`; "" of none."""
    found = pack.step(step)
    return f"{pack.runbooks[step.partition('#')[0]].file}:{found.line}" if found else ""


def objective_of(scenario: Scenario, step: str) -> str:
    """Return the first objective that a step belongs to, "" where it belongs to none."""
    return next((one.id for one in scenario.objectives if step in one.steps), "")
