"""Conditions in words: what each form of an expression says, and its opposite."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.content.expression import parse_expression
from simulator.content.finding import scenario_names
from simulator.content.pack import Pack, read_pack
from simulator.exercise.fold import Exercise
from simulator.session.conditions import condition_in_words
from simulator.session.opening import opening_of

ROOT = Path(__file__).parents[2]

SAID = {
    'did("restart") == 0': 'nobody has done "Restart the kiosk"',
    'did("restart") > 0': 'somebody has done "Restart the kiosk"',
    'did("restart") != 0': 'somebody has done "Restart the kiosk"',
    'not did("restart") == 0': 'somebody has done "Restart the kiosk"',
    'did("restart") > 2': 'how often "Restart the kiosk" was done is above 2',
    'posted("ops") == 0': 'nobody has written to "#ops"',
    'posted("responders") == 0': "nobody has written to responders",
    'opened("overview") == 0': 'nobody has opened "Kiosk overview"',
    'not opened("overview")': 'nobody has opened "Kiosk overview"',
    "not recovered": "production has not recovered",
    "recovered": "production has recovered",
    'severity == ""': "no severity is declared",
    'severity != ""': "a severity is declared",
    'severity in ("high", "low")': "the severity is one of high, low",
    'metric("errors") < 1': '"Errors" is below 1',
    'not metric("errors") < 1': '"Errors" is at least 1',
    'metric("errors") > 2 * baseline("errors")': ('"Errors" is above 2 x what "Errors" usually is'),
    'fired("many-errors")': 'the alert "Many errors at the kiosk" has fired',
    'not firing("many-errors")': 'the alert "Many errors at the kiosk" does not fire',
    'acknowledged("many-errors")': '"Many errors at the kiosk" is acknowledged',
    'active("paper")': '"A blocked paper path" is in force',
    'delivered("queue")': "the inject queue has come",
    'ticked("outage#look")': '"Look at the dashboard Kiosk overview." is ticked',
    'running("restart")': '"Restart the kiosk" is under way',
    'decided("severity") == "high"': '"Severity" is high',
    'decided("severity") == ""': '"Severity" is open',
    'kiosk.mode == "stuck"': "kiosk.mode is stuck",
    'kiosk.mode == ""': "kiosk.mode is empty",
    't > 300 and not did("restart")': (
        'the time in seconds is above 300 and nobody has done "Restart the kiosk"'
    ),
    'recovered and (severity == "" or t > 9)': (
        "production has recovered and (no severity is declared or the time in seconds is above 9)"
    ),
    'not (recovered and severity == "")': (
        "production has not recovered or a severity is declared"
    ),
    'began("paper") > 60': 'the seconds since "A blocked paper path" began is above 60',
    "1 < t < 9": "1 < t < 9",
}


@pytest.mark.parametrize("source", SAID)
def test_a_condition_in_words(source: str, stuck: Pack) -> None:
    exercise = Exercise(opening_of(stuck, 1), stuck)
    said = condition_in_words(exercise, parse_expression(source))
    assert said == SAID[source]


def test_every_condition_of_our_scenarios_can_be_said() -> None:
    said = 0
    for name in scenario_names(ROOT):
        pack = read_pack(ROOT, name)
        exercise = Exercise(opening_of(pack, 1), pack)
        for inject in pack.scenario.timeline:
            for condition in (inject.when, inject.if_):
                if condition is not None:
                    said += 1
                    words = condition_in_words(exercise, condition)
                    assert "==" not in words, condition.source
    assert said > 20
