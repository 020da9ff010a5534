"""The first painted frame of the drill screen with its live content, against an empty app's.

Both run in a real pseudo-terminal of 120x40. Timed is what the screen costs: from the open
exercise (nothing of Textual imported yet) to the frame that holds a dashboard's chart, against
the same from an empty process to an empty app's frame. How long `tabletop resume` takes from the
start of its process, content read and journal folded, is printed beside it.
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

LIMIT = 2.5
TRIES = 7
SIZE = (40, 120)
PATIENCE = 20.0

EMPTY = """
import sys
sys.stdout.write("@BEGIN@"); sys.stdout.flush()
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("EMPTY-APP")
Empty().run()
"""

DRILL = """
import sys
from pathlib import Path
from simulator.journal import Store
from simulator.session.playing import resume
drill = resume(Store(Path(sys.argv[2])), "last")
assert "textual" not in sys.modules
sys.stdout.write("@BEGIN@"); sys.stdout.flush()
from simulator.tui.app import TabletopApp
app = TabletopApp(Path(sys.argv[1]), None)
app.launch = lambda: app.play(drill)
app.run()
"""

COLD = """
import sys
from pathlib import Path
from simulator.journal import Store
from simulator.tui import run_app
run_app(Path(sys.argv[1]), Store(Path(sys.argv[2])), exercise="last")
"""

PREPARE = """
import asyncio, sys
from pathlib import Path
from simulator.content.pack import read_pack
from simulator.journal import Store
from simulator.session.playing import begin
content, store = Path(sys.argv[1]), Store(Path(sys.argv[2]))
drill = begin(store, read_pack(content, sys.argv[3]), 1, "Kim")
drill.exercise.advance(240)
asyncio.run(drill.take("view", view=drill.exercise.system.dashboards[1].id))
drill.close()
"""


def first_frame(script: str, arguments: list[str], texts: list[bytes], mark: bytes = b"") -> float:
    """Return the seconds from the mark (else the start) to the frame that holds all texts."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color", "TEXTUAL_ANIMATIONS": "none"}
    began = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True,
    )  # fmt: skip
    os.close(slave)
    seen = b""
    try:
        while time.perf_counter() - began < PATIENCE:
            if select.select([master], [], [], 0.05)[0]:
                try:
                    seen += os.read(master, 65536)
                except OSError:
                    break
                if mark and mark in seen:
                    began, mark = time.perf_counter(), b""
                if not mark and all(text in seen for text in texts):
                    return time.perf_counter() - began
    finally:
        child.kill()
        child.wait()
        os.close(master)
    raise SystemExit(f"never painted {texts}: {seen[-600:]!r}")


def main() -> int:
    """Measure and print `name  ratio  limit`."""
    content = Path(__file__).parent.parent
    with tempfile.TemporaryDirectory() as store:
        where = [str(content), store]
        scenario = "ai-gurus-lms/site-down"
        subprocess.run([sys.executable, "-c", PREPARE, *where, scenario], check=True)
        empty = drill = cold = PATIENCE
        begin = b"@BEGIN@"
        chart = [b"All endpoints", "┤".encode(), b"T+0"]
        for _ in range(TRIES):
            empty = min(empty, first_frame(EMPTY, [], [b"EMPTY-APP"], begin))
            drill = min(drill, first_frame(DRILL, where, chart, begin))
            cold = min(cold, first_frame(COLD, where, chart))
    print(f"empty app                      {empty * 1000:.0f} ms")
    print(f"drill with charts              {drill * 1000:.0f} ms")
    print(f"tabletop resume, all in all    {cold * 1000:.0f} ms")
    print(f"first frame                    {drill / empty:.2f}  {LIMIT}")
    return int(drill / empty > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
