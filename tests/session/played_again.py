"""Play a script in a fresh process and print everything that comes of it, byte for byte."""

from __future__ import annotations

import sys
from pathlib import Path

from simulator.content.pack import read_pack
from simulator.exercise import acts as a
from simulator.review import write_report
from simulator.session.running import golden_script, read_script
from simulator.session.script import play


def main(content: str, scenario: str, seed: str, script: str) -> None:
    pack = read_pack(Path(content), scenario)
    acts = golden_script(pack) if script == "golden" else read_script(Path(script))
    assessment = play(pack, acts, int(seed))
    for act in assessment.evidence.acts:
        sys.stdout.write(a.write_act(act) + "\n")
    for form in ("md", "html", "json"):
        sys.stdout.write(write_report("the-exercise", assessment, form))


if __name__ == "__main__":
    main(*sys.argv[1:])
