"""`check`: whatever an author got wrong is told with its place and remedy, all in one go."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import yaml
from kiosk_edits import NAME, RUNBOOK, SCENARIO, SYSTEM, Edit, edited, line_of

from simulator.assessment import assess
from simulator.content.pack import Pack
from simulator.content.problems import Problem
from simulator.session.proof import _nothing, check_all, check_scenario
from simulator.session.running import golden_script
from simulator.session.script import play

DECISION = """decisions:
  - id: by-hand
    title: Sell by hand
    deadline: 200
    options:
      - {id: a, text: A, because: B}
      - {id: b, text: B, because: A}
"""
HARM = "      - says: restarted\n        harm: {level: minor, why: It hurts.}\n"
SAME = "proof: [{command: kioskctl status}]"
RUN = """runs:
  - id: slow
    title: Slow
    rating: P
    script:
      - {at: 500, do: view, view: overview}
"""
HINTS = "hints:\n  - {step: outage#look, nudge: A, pointer: B, answer: C}\n"
HERRING = """red_herrings:
  - {id: queue, what: A queue., why: It is loud., disproved: Look., by: [{logs: kiosk-log}]}
"""

BROKEN: dict[str, tuple[list[Edit], str, str, str]] = {
    "unknown key": (
        [(SCENARIO, "briefing:", "breifing:")], "breifing", 'unknown key "breifing"', "briefing",
    ),
    "unknown metric": (
        [(SYSTEM, 'metric("errors") > 10', 'metric("erors") > 10')],
        "erors", 'there is no metric "erors"', 'did you mean "errors"?',
    ),
    "unknown metric of an effect": (
        [(SYSTEM, "{on: errors,", "{on: error,")], "{on: error,", 'there is no metric "error"',
        "errors",
    ),
    "impossible comparison": (
        [(SCENARIO, 'kiosk.mode == "fine" and', 'kiosk.mode == "well" and')],
        '"well"', "kiosk.mode can never be 'well'", "one of: fine, stuck, restarting",
    ),
    "impossible value": (
        [(SCENARIO, "set: {kiosk.mode: stuck}", "set: {kiosk.mode: jammed}")],
        "jammed", '"jammed" is not a value of kiosk.mode', "one of: fine, stuck, restarting",
    ),
    "unreachable inject": (
        [(SCENARIO, "t > 300 and", "t > 9000 and")],
        "still-stuck", 'no run reaches the inject "still-stuck"', "add a run",
    ),
    "unreached hints": (
        [(SCENARIO, "fixes:", HINTS + "fixes:")],
        "nudge", "no run asks for hint 1 of outage#look", "{do: hint, step: ...}",
    ),
    "unreached herring": (
        [(SCENARIO, "fixes:", HERRING + "fixes:")],
        "{id: queue, what", 'no run reaches the herring "queue"', "add a run",
    ),
    "placeholder of no number": (
        [(SCENARIO, "look at it, please?", "look at {number:a:b}, please?")],
        "{number:a:b}", "nothing can fill the number of {a}", "{number:1:9}",
    ),
    "deadline that never begins": (
        [(SCENARIO, 'fired("many-errors")', 't > 9000'), (SCENARIO, "    critical: true\n", "")],
        "{at: 80, do: acknowledge",
        'run idle, seed 1: the moment of the deadline "soon" never comes', "change its acts",
    ),
    "golden that is not 100": (
        [(SCENARIO, "  - {at: 230, do: command, line: kioskctl status}\n", "")],
        "{at: 80, do: acknowledge", "run solution, seed 1: is", "change its acts",
    ),
    "golden that cannot be played": (
        [(SCENARIO, "view: overview}\n  - {at: 120", "view: overveiw}\n  - {at: 120")],
        "view: overveiw", 'act 3 (at 100): There is no dashboard "overveiw"',
        "change the act",
    ),
    "run that is not what it says": (
        [(SCENARIO, "solution:", RUN.replace("at: 500", "at: 100") + "solution:")],
        "id: slow", "run slow, seed 1: is rated U", "change its acts",
    ),
    "run after the end": (
        [(SCENARIO, "solution:", RUN + "solution:")],
        "at: 500, do", "run slow, seed 1: act 1 (at 500): The exercise has ended.", "its time",
    ),
    "proof of two kinds": (
        [(SCENARIO, "{view: overview, if", "{view: overview, logs: kiosk-log, if")],
        "logs: kiosk-log, if", "a proof names one kind of act, this one view and logs", "one of:",
    ),
    "proof of no kind": (
        [(SCENARIO, "{view: overview, if: not recovered}", "{if: not recovered}")],
        "{if: not recovered}", "a proof names one kind of act, this one nothing", "one of:",
    ),
    "same act proving two steps": (
        [(SCENARIO, "proof: [{view: overview, if: not recovered}]", SAME),
         (SCENARIO, "proof: [{command: kioskctl status, if: recovered}]", SAME)],
        "seq:", "the same act proves outage#look and outage#verify", "`if` on the world",
    ),
    "decision without a right option": (
        [(SCENARIO, "  - {id: severity, title: Severity, severity: high, deadline: 200}\n",
          DECISION.partition("\n")[2])],
        "- id: by-hand", "a decision needs right and wrong options", "right: true",
    ),
    "harmful proof": (
        [(SYSTEM, "      - says: restarted\n", HARM)],
        "seq:", 'the action "restart" proves outage#restart and always does harm', "harmless",
    ),
    "duplicate ids": (
        [(SYSTEM, "alerts:\n", "alerts:\n  - {id: many-errors, title: Twice, product: Kiosk, "
          'when: metric("errors") > 50, text: Twice.}\n')],
        "- id: many-errors", 'the id "many-errors" is used twice in this list',
        "another id",
    ),
    "duplicate keys": (
        [(SCENARIO, "minutes: 8\n", "minutes: 8\nminutes: 9\n")],
        "minutes: 9", 'the key "minutes" is here twice', "it is already in line",
    ),
    "unfilled placeholder": (
        [(SCENARIO, "look at it, please?", "look at {kiosk.mood}, please?")],
        "kiosk.mood", "nothing fills {kiosk.mood}", 'did you mean "kiosk.mode"?',
    ),
    "unknown step": (
        [(SCENARIO, "step: outage#look\n", "step: outage#lok\n")],
        "outage#lok", 'there is no step "outage#lok"', 'did you mean "outage#look"?',
    ),
    "no beginning": (
        [(SCENARIO, "{id: queue, at: 90, ", "{id: queue, ")],
        "{id: queue", '"queue" needs either `at` or `when`', "write one of them",
    ),
    "two beginnings": (
        [(SCENARIO, "    at: 20\n", "    at: 20\n    when: t > 20\n")],
        "id: paper", '"paper" needs either `at` or `when`', "write one of them",
    ),
    "deadline that nothing can meet": (
        [(SCENARIO, "      weight: critical\n      proof: [{acknowledge: many-errors}]\n", "")],
        "id: soon", "no act can prove outage#acknowledge", "give the step a proof",
    ),
    "broken yaml": (
        [(SCENARIO, 'title: The kiosk', 'title: "The kiosk')],
        'starts: "2026', "the lines do not fit together here", "the quotes above",
    ),
    "wrong type": (
        [(SCENARIO, "minutes: 8", "minutes: soon")],
        "minutes: soon", '"minutes" must be a whole number, not "soon"', "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_scenario_is_told_with_its_place_and_its_remedy(
    kiosk: Path, tmp_path: Path, what: str
) -> None:
    edits, place, fault, remedy = BROKEN[what]
    root = edited(kiosk, tmp_path, *edits)
    problems = check_scenario(root, NAME, None)
    found = [problem for problem in problems if fault in problem.fault]
    assert found, problems
    told = found[0]
    assert told.level == "error"
    assert (root / told.place).is_file()
    assert told.column is not None
    assert told.column >= 1
    assert remedy in (told.remedy or "")
    assert told.remedy or not remedy
    if place:
        assert told.line == line_of(root, told.place, place)
    assert str(told).startswith(f"{told.place}:{told.line}:{told.column}: ")


def test_an_idle_run_must_be_nothing_and_end(stuck: Pack) -> None:
    golden = play(stuck, golden_script(stuck), 1)
    assert list(_nothing(golden)) == [
        "doing nothing is 100.0 and P, not 0 and U",
        'the contingency inject "still-stuck" is not sent though nobody acts',
    ]
    unfinished = assess(golden.evidence.acts[:2], stuck)
    assert "doing nothing never ends" in list(_nothing(unfinished))
    assert list(_nothing(play(stuck, [], 1))) == []


def test_all_faults_of_a_scenario_are_told_in_one_go(kiosk: Path, tmp_path: Path) -> None:
    names = ("unknown metric", "impossible comparison", "proof of two kinds", "duplicate ids",
             "unfilled placeholder", "two beginnings", "harmful proof")  # fmt: skip
    edits = [edit for name in names for edit in BROKEN[name][0]]
    problems = check_scenario(edited(kiosk, tmp_path, *edits), NAME, None)
    for name in names:
        assert any(BROKEN[name][2] in problem.fault for problem in problems), name


def test_faults_of_form_in_all_three_files_are_told_in_one_go(kiosk: Path, tmp_path: Path) -> None:
    root = edited(
        kiosk,
        tmp_path,
        (SCENARIO, "briefing:", "breifing:"),
        (SCENARIO, "minutes: 8", "minutes: soon"),
        (SYSTEM, "baseline: 0.3", "baseline: low"),
        (RUNBOOK, "<!-- step: look -->", "<!-- step: acknowledge -->"),
    )
    problems = check_scenario(root, NAME, None)
    assert {problem.place for problem in problems} == {SCENARIO, SYSTEM, RUNBOOK}
    assert len(problems) >= 4


def test_the_kiosk_as_documented_has_no_problem(kiosk: Path) -> None:
    said: list[str] = []
    assert check_all(kiosk, [], said.append) == []
    assert said[-1] == "No errors."


@pytest.mark.parametrize("path", [SCENARIO, SYSTEM, RUNBOOK, "scenarios/kiosk", "scenarios", "."])
def test_a_path_checks_the_scenarios_it_belongs_to(kiosk: Path, tmp_path: Path, path: str) -> None:
    root = edited(kiosk, tmp_path, (SCENARIO, "kioskctl restart}", "kioskctl stop}"))
    assert any("solution" in problem.fault for problem in check_all(root, [root / path], None))


def test_a_path_that_belongs_to_nothing_is_told(kiosk: Path) -> None:
    problems = check_all(kiosk, [kiosk / "scenarios/kiosk/stukc.yaml"], None)
    assert [problem.level for problem in problems] == ["error"]


VALUES: list[Any] = [
    "", None, True, 0, -1, 3.5, 10**15, "x", "t", "severity > 3", [], {}, [1], {"a": 1}, "{nope}",
    "{metric:nope}", "any", "stuck", "restart", "outage#look", "not recovered", "kiosk.mode", "+80",
    "1" * 700, "kioskctl {x} {x}", "[", "(?P<", 'rows("x")', "{now|json}", "{hex:0}", "\x1b[2J",
]  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every part of a plain value."""
    inner = list(value.items()) if isinstance(value, dict) else []
    inner = list(enumerate(value)) if isinstance(value, list) else inner
    return [path, *(found for key, part in inner for found in places(part, (*path, key)))]


def spoilt(document: Any, chance: random.Random) -> Any:
    """Change one part of a document: another value, none at all, or twice."""
    *way, last = chance.choice(places(document)[1:])
    holder = document
    for key in way:
        holder = holder[key]
    how = chance.random()
    if how < 0.2:
        del holder[last]
    elif how < 0.3 and isinstance(holder, list):
        holder.append(holder[last])
    else:
        holder[last] = chance.choice(VALUES)
    return document


@pytest.mark.parametrize("seed", range(6))
def test_a_randomly_spoilt_file_gives_problems_or_none_and_never_a_traceback(
    kiosk: Path, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    root = edited(kiosk, tmp_path)
    for _ in range(25):
        name = chance.choice((SYSTEM, SCENARIO))
        document = spoilt(yaml.safe_load((kiosk / name).read_text()), chance)
        (root / name).write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True))
        for problem in check_scenario(root, NAME, None):
            assert isinstance(problem, Problem)
            assert problem.line is not None
            assert problem.column is not None
            assert str(problem).isprintable()
        (root / name).write_text((kiosk / name).read_text())
