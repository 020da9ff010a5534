"""An act of a script that cannot be taken is told where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from kiosk_edits import NAME, SCENARIO, Edit, edited, line_of

from simulator.session.proof import check_scenario

LOOK = "  - {at: 100, do: view, view: overview}\n"
RUN = """runs:
  - id: slow
    title: Slow
    based_on: solution
    cut: 95
    script:
      - {at: 100, do: view, view: overview}
      - {at: 130, do: view, view: overveiw}
"""
CONTINGENT = 't > 300 and did("restart") == 0'

CASES: dict[str, tuple[list[Edit], str, str]] = {
    "no act": (
        [(SCENARIO, LOOK, "  - {at: 100, do: veiw, view: overview}\n")],
        "do: veiw",
        'There is no act "veiw". Did you mean "view"?',
    ),
    "no time": (
        [(SCENARIO, LOOK, "  - {do: view, view: overview}\n")],
        "- {do: view",
        '"at" is missing',
    ),
    "a field too many": (
        [(SCENARIO, LOOK, "  - {at: 100, do: view, view: overview, loud: true}\n")],
        "loud",
        '"loud" is not known here',
    ),
    "a name of nothing in the solution": (
        [(SCENARIO, LOOK, "  - {at: 100, do: view, view: overveiw}\n")],
        "view: overveiw",
        'There is no dashboard "overveiw"',
    ),
    "a name of nothing in a run that begins as the solution": (
        [(SCENARIO, "solution:\n", RUN + "solution:\n")],
        "view: overveiw",
        'There is no dashboard "overveiw"',
    ),
    "a contingency that never arises": (
        [(SCENARIO, CONTINGENT, 't > 9000 and did("restart") == 0')],
        "solution:",
        'the contingency inject "still-stuck" is not sent though nobody acts',
    ),
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.replace(" ", "-"))
def test_an_act_that_cannot_be_taken_is_told_at_its_line(
    kiosk: Path, tmp_path: Path, case: str
) -> None:
    edits, place, said = CASES[case]
    root = edited(kiosk, tmp_path, *edits)
    found = [problem for problem in check_scenario(root, NAME, None) if said in problem.fault]
    assert found, [str(problem) for problem in check_scenario(root, NAME, None)]
    wanted = line_of(root, SCENARIO, place)
    assert found[0].line in (wanted, wanted + 1)  # the line itself, or the key's first item
