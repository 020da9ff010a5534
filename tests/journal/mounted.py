"""Run a test's function in a place of its own: a tiny disk, or a disk that cannot be written.

It runs in a process with its own table of mounts, so nothing is mounted for anybody else.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]


def run_mounted(mount: str, test: str, folder: Path) -> str:
    """Mount (`mount` is shell, `$1` the folder), then call `module:function` with the folder.

    Returns what it printed. Skips the test where mounting is not allowed.
    """
    module, function = test.split(":")
    code = f"import sys, pathlib, {module}; {module}.{function}(pathlib.Path(sys.argv[1]))"
    script = f'{{ {mount}; }} || exit 77; exec "$2" -c "$3" "$1"'
    for unshare in (["unshare", "-m"], ["unshare", "-rm"]):
        if shutil.which("unshare") is None:
            break
        done = subprocess.run(
            [*unshare, "sh", "-c", script, "sh", str(folder), sys.executable, code],
            env={**os.environ, "PYTHONPATH": f"{HOUSE}:{Path(__file__).parent}"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == 0:
            return done.stdout
        if done.returncode != 77 and "unshare" not in done.stderr:
            pytest.fail(done.stderr)
    pytest.skip("this system lets nobody mount a disk of their own")
