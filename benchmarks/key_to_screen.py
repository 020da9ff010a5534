"""From a key press to its letter on the screen while metrics and logs stream, at 120x40.

A letter that no content holds is typed into a field of the drill screen, at ten times the speed
of the clock: beside live charts, and into the filter of a live log. The same letters are typed
into an idle app with one field. Both run in a real pseudo-terminal.
"""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

RATIO, WORST = 3.0, 0.1
SIZE = (40, 120)
LETTERS = [chr(code) for code in range(0x10D0, 0x10F6)]  # Georgian: one cell, in no content
PAUSE = 0.07

IDLE = """
from textual.app import App
from textual.widgets import Input, Static
class Idle(App):
    def compose(self):
        yield Static("READY")
        yield Input()
Idle().run()
"""

DRILL = """
import asyncio, sys, tempfile
from pathlib import Path
from simulator.content.pack import read_pack
from simulator.journal import Store
from simulator.session.playing import begin
from simulator.tui.app import TabletopApp
store = Store(Path(tempfile.mkdtemp(dir=sys.argv[2])))
drill = begin(store, read_pack(Path(sys.argv[1]), "ai-gurus-lms/site-down"), 1, "Kim")
drill.exercise.advance(240)
asyncio.run(drill.take("view", view=drill.exercise.system.dashboards[1].id))
asyncio.run(drill.take("speed", factor=10))
app = TabletopApp(Path(sys.argv[1]), store)
app.launch = lambda: app.play(drill)
app.run()
"""


class Terminal:
    """A program in a pseudo-terminal."""

    def __init__(self, script: str, *arguments: str) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))
        environment = {**os.environ, "TERM": "xterm-256color", "TEXTUAL_ANIMATIONS": "none"}
        self._child = subprocess.Popen(
            [sys.executable, "-c", script, *arguments],
            stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True,
        )  # fmt: skip
        os.close(slave)

    def send(self, keys: str) -> None:
        """Press keys."""
        os.write(self._master, keys.encode())

    def wait_for(self, text: str, patience: float = 15.0) -> float:
        """Return the seconds until a text is painted."""
        began, seen, wanted = time.perf_counter(), b"", text.encode()
        while time.perf_counter() - began < patience:
            if select.select([self._master], [], [], 0.01)[0]:
                seen += os.read(self._master, 65536)
                if wanted in seen:
                    return time.perf_counter() - began
        raise SystemExit(f"never painted {text!r}: {seen[-400:]!r}")

    def drain(self, seconds: float) -> None:
        """Read what is painted for a while."""
        until = time.perf_counter() + seconds
        while (left := until - time.perf_counter()) > 0:
            if select.select([self._master], [], [], left)[0]:
                os.read(self._master, 65536)

    def typed(self) -> list[float]:
        """Type all letters and return how long each took to be painted."""
        times = []
        for letter in LETTERS:
            self.send(letter)
            times.append(self.wait_for(letter))
            self.drain(PAUSE)
        return times

    def close(self) -> None:
        """End the program."""
        self._child.kill()
        self._child.wait()
        os.close(self._master)


def p95(times: list[float]) -> float:
    """Return the 95th percentile."""
    return sorted(times)[int(len(times) * 0.95)]


def main() -> int:
    """Measure and print `name  ratio  limit`."""
    idle = Terminal(IDLE)
    idle.wait_for("READY")
    idle.drain(1.0)
    quiet = idle.typed()
    idle.close()
    failed = False
    with tempfile.TemporaryDirectory() as store:
        for name, keys in (("charts", "/"), ("logs", "3]/")):
            drill = Terminal(DRILL, str(Path(__file__).parent.parent), store)
            drill.wait_for("┤")
            drill.drain(1.0)
            for key in keys:
                drill.send(key)
                drill.drain(0.8)
            times = drill.typed()
            drill.close()
            ratio = p95(times) / p95(quiet)
            failed = failed or ratio > RATIO or max(times) > WORST
            print(f"idle field                     p95 {p95(quiet) * 1000:.0f} ms")
            print(f"field beside live {name:<12} p95 {p95(times) * 1000:.0f} ms, "
                  f"worst {max(times) * 1000:.0f} ms")  # fmt: skip
            print(f"key to screen, {name:<15} {ratio:.2f}  {RATIO}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
