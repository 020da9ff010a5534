"""A line of several commands proves what each of them would have proved alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.content.pack import read_pack
from simulator.journal import Store
from simulator.session.running import run_script

LOOKS = (
    "curl -i https://lms.aigurus.example/api/health/db",
    "vercel ls ai-gurus-lms --prod",
    "neonctl operations list --project-id late-meadow-12345678",
    'psql "$DATABASE_URL" -c "SELECT 1;"',
)
STEPS = ("sd-health", "sd-deployments", "du-neon-operations", "du-test-connection")


@pytest.mark.parametrize("together", [False, True])
def test_every_look_of_a_line_counts(tmp_path: Path, together: bool) -> None:
    pack = read_pack(Path(__file__).parents[2], "ai-gurus-lms/site-down")
    lines = ["; ".join(LOOKS)] if together else list(LOOKS)
    acts = [{"at": 60 + number, "do": "command", "line": line} for number, line in enumerate(lines)]
    stored = run_script(Store(tmp_path), pack, [*acts, {"at": 90, "do": "end"}], 1)
    done = {one.step.partition("#")[2] for one in stored.assessment.marks.steps if one.at}
    assert done == set(STEPS)
