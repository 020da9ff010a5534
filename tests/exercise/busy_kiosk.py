"""The kiosk with everything that people can meet: answers, hints, decisions, templates, injects."""

from __future__ import annotations

from typing import Any

from simulator.content.pack import Pack, pack_of
from simulator.exercise.door import admit
from simulator.exercise.fold import Exercise
from simulator.session.opening import opening_of

SYSTEM = """
templates:
  - id: update
    title: Update
    text: "{what} until {when}"
    fields:
      - {id: what, title: What, kind: text}
      - {id: when, title: When, kind: text}
"""

SCENARIO = """
answers:
  - id: slip
    person: ada
    channel: ops
    asks: [paper, jam]
    if: kiosk.mode == "stuck"
    after: 15
    text: "There is a slip in the printer, mode {kiosk.mode}."
  - {id: thanks, person: ada, channel: ops, asks: [thanks], after: 5, once: false, text: Welcome.}
hints:
  - {step: outage#look, nudge: Look up., pointer: Look at errors., answer: Open the overview.}
"""

DECISIONS = """
  - id: sell
    title: Sell by hand
    opens: {at: 60}
    deadline: 100
    options:
      - {id: "by-hand", text: By hand, right: true, because: People wait.}
      - {id: wait, text: Wait, because: Nothing moves.}
"""

INJECTS = """
  - {id: late, at: 100, after: 30, channel: ops, from: ada, text: "Said at 130, errors {metric:errors}."}
  - {id: only-if, at: 110, if: kiosk.mode == "fine", channel: ops, from: ada, text: All is well.}
  - {id: held, when: metric("errors") > 10, hold: 25, channel: ops, from: system, text: It lasts.}
  - {id: brief, when: opened("overview") == 1, hold: 10, channel: ops, from: system, text: One look.}
"""  # noqa: E501


def busy(pack: Pack) -> Pack:
    """Return the kiosk's scenario with all of that added."""
    texts = dict(pack.texts)
    texts["scenarios/kiosk/system.yaml"] += SYSTEM
    scenario = texts["scenarios/kiosk/stuck.yaml"]
    scenario = scenario.replace("procedure:\n", INJECTS.strip("\n") + "\nprocedure:\n", 1)
    scenario = scenario.replace("recovered: {", DECISIONS.strip("\n") + "\nrecovered: {", 1)
    texts["scenarios/kiosk/stuck.yaml"] = scenario + SCENARIO
    return pack_of(pack.name, texts)


def begun(pack: Pack, seed: int = 1) -> Exercise:
    """Return an exercise of a pack at T+0, with somebody in it."""
    exercise = Exercise(opening_of(pack, seed), pack)
    exercise.apply(exercise.opening)
    took(exercise, 0, do="join", name="Kim")
    return exercise


def took(exercise: Exercise, at: int, **act: Any) -> None:
    """Let time pass, and take an act through the door."""
    exercise.advance(at)
    exercise.apply(admit(exercise, act))


def said(exercise: Exercise) -> list[tuple[int, str, str]]:
    """Return what people were told: when, by whom, what."""
    return [(m.at, m.sender, m.text) for m in exercise.state.messages if not m.from_player]
