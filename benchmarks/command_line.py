"""How long `tabletop list` takes against a bare click program, as whole processes."""

from __future__ import annotations

import subprocess
import sys
import time

LIMIT = 3.0
RUNS = 15
BARE = "import click\n@click.command()\ndef main(): click.echo('hello')\nmain()"
LIST = ["-m", "simulator", "list"]


def _median(command: list[str]) -> float:
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        subprocess.run([sys.executable, *command], check=True, capture_output=True)
        times.append(time.perf_counter() - began)
    return sorted(times)[RUNS // 2]


def main() -> int:
    """Print the ratio; return 1 if it is above the limit."""
    subprocess.run([sys.executable, *LIST], check=True, capture_output=True)
    ratio = _median(LIST) / _median(["-c", BARE])
    print(f"tabletop list against a bare click program  {ratio:.2f} x  at most {LIMIT:g} x")
    return ratio > LIMIT


if __name__ == "__main__":
    sys.exit(main())
