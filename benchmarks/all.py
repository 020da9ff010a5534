"""Run every benchmark in this folder, one process each, and say which miss their figure."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def main() -> int:
    """Return 1 if a benchmark failed, 0 otherwise."""
    here = Path(__file__)
    failed = [
        script.name
        for script in sorted(here.parent.glob("*.py"))
        if script != here and subprocess.run([sys.executable, str(script)], check=False).returncode
    ]
    if failed:
        print("failed: " + ", ".join(failed))
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
