"""`check` finds what does not hold together, at its place: no key is silently ignored."""

from __future__ import annotations

from pathlib import Path

import pytest
from kiosk_edits import NAME, SCENARIO, SYSTEM, Edit, edited, line_of

from simulator.content.pack import read_pack
from simulator.session.proof import still_problems

METRICS = '  - {id: errors, title: Errors, unit: "%", service: kiosk, baseline: 0.3, most: 100}\n'
SLOW = (
    "  - {id: slow, title: Slow, unit: s, service: kiosk, baseline: 1,"
    " depends: [{on: %s, share: 1}]}\n"
)
EFFECT = '{on: errors, by: "+80", rise: 60, fall: 40}'
SAYS = '          - text: "mode {kiosk.mode}, errors {metric:errors} %"\n'
STATE = "  kiosk.mode: {start: fine, choices: [fine, stuck, restarting]}\n"
TABLES = "tables:\n  jobs: {columns: [id, state], rows: [[a, done]]}\nservices:"
SERVICES = "services:"
STATUS = "      - pattern: kioskctl status\n"
ROW = '            table: jobs\n            row: "{%s}"\n'
WHERE = "            table: jobs\n            where: {stat: done}\n            row: x\n"
TAKES = "    takes: 20\n"
ARGS = "    args: {job: {title: Job, choices: %s}}\n    takes: 20\n"
RESTART = "    outcomes:\n      - says: restarted\n        set: {kiosk.mode: fine}\n"
DATABASE = """database:
  name: kiosk
  user: ops
  version: "16"
  bytes: 100
  max_connections: 10
  sessions: []
  tables: []
  statements:
    - {id: fix, match: "%s", action: restart%s}
actions:
"""
TEMPLATE = """templates:
  - {id: update, title: Update, text: "Now {%s}", fields: [{id: what, title: What, kind: text}]}
state:
"""

CASES: dict[str, tuple[list[Edit], str, str]] = {
    "metrics in a circle": (
        [(SYSTEM, METRICS, SLOW % "late" + SLOW.replace("slow", "late") % "slow" + METRICS)],
        "id: slow",
        "these metrics depend on each other: slow -> late -> slow",
    ),
    "services in a circle": (
        [
            (
                SYSTEM,
                "{id: kiosk, title: Kiosk}",
                "{id: kiosk, title: Kiosk, depends: [{on: kiosk}]}",
            )
        ],
        "depends: [{on: kiosk}]",
        "these services depend on each other: kiosk -> kiosk",
    ),
    "derived values in a circle": (
        [(SYSTEM, SERVICES, "derived:\n  a.b: a.c\n  a.c: a.b\nservices:")],
        "a.b: a.c",
        "these derived values depend on each other: a.b -> a.c -> a.b",
    ),
    "flap without a period": (
        [(SYSTEM, EFFECT, '{on: errors, by: "+80", shape: flap}')],
        "shape: flap",
        'a "flap" needs a period',
    ),
    "pulse without its length": (
        [(SYSTEM, EFFECT, '{on: errors, by: "+80", shape: pulse, period: 60}')],
        "shape: pulse",
        "a pulse lasts `rise` seconds",
    ),
    "period that nothing reads": (
        [(SYSTEM, EFFECT, '{on: errors, by: "+80", period: 60}')],
        "period: 60",
        '"period" does nothing for the shape "ramp"',
    ),
    "effect that changes nothing": (
        [(SYSTEM, EFFECT, '{on: errors, by: "x1"}')],
        "by: ",
        '"x1" changes nothing',
    ),
    "baseline out of range": (
        [(SYSTEM, "baseline: 0.3", "baseline: 300")],
        "baseline: 300",
        "the baseline lies outside least and most",
    ),
    "uptime with a baseline": (
        [(SYSTEM, "baseline: 0.3, most: 100", "baseline: 1, uptime: {up: kiosk.mode == 'fine'}")],
        "baseline: 1",
        '"baseline" does nothing beside "uptime"',
    ),
    "row of another length": (
        [(SYSTEM, SERVICES, TABLES.replace("[a, done]", "[a]"))],
        "tables:",
        "a row of 1 cells in a table of 2 columns",
    ),
    "column that does not exist": (
        [(SYSTEM, SERVICES, TABLES), (SYSTEM, SAYS, SAYS + WHERE)],
        "where: {stat",
        'table "jobs" has no column "stat"',
    ),
    "cell that nothing fills": (
        [(SYSTEM, SERVICES, TABLES), (SYSTEM, SAYS, SAYS + ROW % "idd")],
        'row: "{idd}"',
        "nothing fills {idd}",
    ),
    "rows without a table": (
        [(SYSTEM, SAYS, SAYS + "            limit: 3\n")],
        "limit: 3",
        '"limit" does nothing without "table"',
    ),
    "row without its key": (
        [
            (SYSTEM, SERVICES, TABLES),
            (SYSTEM, RESTART, RESTART + "        insert: [{table: jobs, row: {state: done}}]\n"),
        ],
        "insert:",
        'the row has no "id"',
    ),
    "unknown column inserted": (
        [
            (SYSTEM, SERVICES, TABLES),
            (SYSTEM, RESTART, RESTART + "        insert: [{table: jobs, row: {id: b, stat: x}}]\n"),
        ],
        "insert:",
        'table "jobs" has no column "stat"',
    ),
    "number in a text": (
        [
            (SYSTEM, STATE, "  kiosk.mode: {start: fine}\n"),
            (SYSTEM, "set: {kiosk.mode: fine}", "set: {kiosk.mode: 3}"),
        ],
        "set: {kiosk.mode: 3}",
        "kiosk.mode is a text, this is a number",
    ),
    "adding to a text": (
        [(SYSTEM, "set: {kiosk.mode: fine}", "add: {kiosk.mode: 3}")],
        "add:",
        "kiosk.mode is no number",
    ),
    "start that is no choice": (
        [(SYSTEM, "start: fine,", "start: well,")],
        "start: well",
        "'well' is not among its choices",
    ),
    "case that is never reached": (
        [(SYSTEM, SAYS, SAYS + "          - text: never\n")],
        "- text: never",
        "this is never reached",
    ),
    "pattern with an open bracket": (
        [(SYSTEM, STATUS, '      - pattern: "kioskctl status [now"\n')],
        "status [now",
        "the pattern cannot be read: a bracket is not closed",
    ),
    "pattern behind a wider one": (
        [(SYSTEM, STATUS, '      - {pattern: "kioskctl {what}", says: [{text: No}]}\n' + STATUS)],
        "- pattern: kioskctl status",
        'the pattern "kioskctl {what}" takes every such line',
    ),
    "the same pattern twice": (
        [(SYSTEM, STATUS, "      - {pattern: kioskctl status, says: [{text: No}]}\n" + STATUS)],
        "- pattern: kioskctl status",
        'the pattern "kioskctl status" takes every such line',
    ),
    "pattern of another tool": (
        [(SYSTEM, STATUS, "      - pattern: kiosk status\n")],
        "pattern: kiosk status",
        'the pattern is of "kiosk"',
    ),
    "argument that the action has not": (
        [
            (
                SYSTEM,
                "        action: restart\n",
                "        action: restart\n        args: {how: hard}\n",
            )
        ],
        "args: {how",
        'the action "restart" has no argument "how"',
    ),
    "choices of a table that is not there": (
        [(SYSTEM, TAKES, ARGS % "jobs.id")],
        "choices: jobs.id",
        'there is no table "jobs"',
    ),
    "choices of a column that is not there": (
        [(SYSTEM, SERVICES, TABLES), (SYSTEM, TAKES, ARGS % "jobs.ids")],
        "choices: jobs.ids",
        'table "jobs" has no column "ids"',
    ),
    "statement that cannot be read": (
        [(SYSTEM, "actions:\n", DATABASE % ("fix (now", ""))],
        "match:",
        "the pattern cannot be read",
    ),
    "statement's group that is not there": (
        [
            (SYSTEM, "actions:\n", DATABASE % ("fix (now)", ", args: {how: '2'}")),
            (SYSTEM, "    takes: 20\n", "    args: {how: {title: How}}\n    takes: 20\n"),
        ],
        "match:",
        "the pattern has 1 groups, not 2",
    ),
    "template without its field": (
        [(SYSTEM, "state:\n", TEMPLATE % "all")],
        "id: update",
        "the text lacks {what}",
    ),
    "template with another field": (
        [(SYSTEM, "state:\n", TEMPLATE % "all")],
        "id: update",
        "no field fills {all}",
    ),
    "pool of values without any": (
        [(SYSTEM, "state:\n", "pools: {a: {kind: values}}\nstate:\n")],
        "pools:",
        "a pool of values without any",
    ),
    "values that nothing reads": (
        [(SYSTEM, "state:\n", "pools: {a: {kind: name, values: [b]}}\nstate:\n")],
        "pools:",
        '"values" does nothing in a pool of the kind "name"',
    ),
    "moment that never is": (
        [(SCENARIO, 'since: {when: fired("many-errors")}', "since: {}")],
        "since: {}",
        "this names no moment",
    ),
    "contingency on nothing": (
        [(SCENARIO, '    when: t > 300 and did("restart") == 0\n', "    at: 300\n")],
        "id: still-stuck",
        "because something did not occur",
    ),
    "hold of an inject at a time": (
        [(SCENARIO, "{id: queue, at: 90,", "{id: queue, at: 90, hold: 5,")],
        "hold: 5",
        '"hold" does nothing without "when"',
    ),
    "severity that is chosen among options": (
        [
            (
                SCENARIO,
                "severity: high, deadline: 200}",
                "severity: high, deadline: 200, options: [{id: a, text: A, because: B}]}",
            )
        ],
        "options:",
        '"options" does nothing beside "severity"',
    ),
    "arguments of no action": (
        [(SCENARIO, "{view: overview, if: not recovered}", "{view: overview, args: {a: b}}")],
        "args:",
        '"args" does nothing without "action"',
    ),
    "alert of the past that lasts": (
        [(SCENARIO, "causes:", "past: [{alert: many-errors, at: -60, lasted: 90}]\ncauses:")],
        "past:",
        "it would still fire at T+0",
    ),
    "situation with the id of a cause": (
        [(SYSTEM, "id: kiosk-stuck", "id: paper")],
        "id: paper",
        'the situation "paper" is there',
    ),
    "the solution for two fixes": (
        [
            (
                SCENARIO,
                "  - {id: restart, title: Restart the kiosk}\n",
                "  - {id: restart, title: Restart the kiosk}\n  - {id: again, title: Again}\n",
            )
        ],
        "id: again",
        "the solution proves another fix already",
    ),
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.replace(" ", "-"))
def test_what_does_not_hold_together_is_told(kiosk: Path, tmp_path: Path, case: str) -> None:
    edits, place, said = CASES[case]
    root = edited(kiosk, tmp_path, *edits)
    found = [problem for problem in still_problems(read_pack(root, NAME)) if said in problem.fault]
    assert found, [str(problem) for problem in still_problems(read_pack(root, NAME))]
    file = SCENARIO if SCENARIO in found[0].place else SYSTEM
    begins = line_of(root, file, place)
    assert found[0].line is not None
    assert begins <= found[0].line <= begins + 12
    assert found[0].column is not None


def test_what_holds_together_has_no_problems(kiosk: Path) -> None:
    assert still_problems(read_pack(kiosk, NAME)) == []
