"""A program in a real terminal: what it shows there now, in which modes, and how it leaves it."""

from __future__ import annotations

import asyncio
import codecs
import fcntl
import os
import re
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any

_PIECES = re.compile(
    r"\x1b\[(?P<private>[?<>=]?)(?P<numbers>[0-9;]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][A-B0]|\x1b[=>78]|(?P<text>[^\x1b])"
)
_BREAKS = re.compile(r"\x1b\[|\x18")
"""What ends a piece that was cut off: the next one, and CAN."""

_CONTROLLED = (
    "import fcntl,os,signal,sys,termios;fcntl.ioctl(0,termios.TIOCSCTTY,0);"
    "signal.signal(signal.SIGINT,signal.SIG_DFL);"  # pytest may run where it is ignored
    "os.execvp(sys.argv[1],sys.argv[1:])"
)
OURS = {"1049", "1000", "1003", "1006", "2004", "25"}
"""The modes that a console changes."""


class Screen:
    """What a terminal shows, of the little language that consoles speak to it."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.modes: set[str] = {"25"}
        self.lines: list[list[str]] = []
        self._row = self._column = 0
        self._held = ""
        self._clear()

    def _clear(self) -> None:
        self.lines = [[" "] * self.width for _ in range(self.height)]

    def feed(self, text: str) -> None:
        """Show what was written."""
        text = self._held + text
        place = 0
        while place < len(text):
            piece = _PIECES.match(text, place)
            if piece is None:
                broken = _BREAKS.search(text, place + 1)
                if broken is None:
                    break
                place = broken.start()
                continue
            place = piece.end()
            if piece["text"]:
                self._put(piece["text"])
            elif piece["final"]:
                self._obey(piece["private"] + piece["final"], piece["numbers"].split(";"))
        self._held = text[place:]

    def _put(self, letter: str) -> None:
        if letter == "\r":
            self._column = 0
        elif letter == "\n":
            if self._row == self.height - 1:
                self.lines = [*self.lines[1:], [" "] * self.width]
            self._row = min(self._row + 1, self.height - 1)
        elif letter == "\b":
            self._column = max(self._column - 1, 0)
        elif letter.isprintable():
            if self._column < self.width:
                self.lines[self._row][self._column] = letter
            self._column += 1

    def _obey(self, order: str, numbers: list[str]) -> None:
        match order:
            case "H":
                row, column = [*(int(number or 1) for number in numbers), 1][:2]
                self._row = min(row, self.height) - 1
                self._column = min(column, self.width) - 1
            case "J" | "K" if numbers == ["2"] or order == "J":
                self._clear()
            case "?h":
                self.modes |= set(numbers)
            case "?l":
                self.modes -= set(numbers)
                if "1049" in numbers:
                    self._clear()

    def text(self) -> str:
        """Return what is shown, a line each."""
        return "\n".join("".join(line).rstrip() for line in self.lines)


class Terminal:
    """A program with a terminal of its own, which is also its controlling one."""

    def __init__(
        self,
        *command: str,
        environment: Mapping[str, str] | None = None,
        size: tuple[int, int] = (100, 30),
    ) -> None:
        self._master, self._slave = os.openpty()
        self.before = termios.tcgetattr(self._slave)
        self.output = bytearray()
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._resize(*size)
        self.process = subprocess.Popen(
            [sys.executable, "-SEc", _CONTROLLED, *command],
            stdin=self._slave, stdout=self._slave, stderr=self._slave, start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color", **(environment or {})},
        )  # fmt: skip
        os.set_blocking(self._master, False)

    async def __aenter__(self) -> Terminal:
        """Read along."""
        asyncio.get_running_loop().add_reader(self._master, self._read)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """End the program."""
        self.stop_reading()
        self.process.kill()
        self.process.wait()
        os.close(self._master)
        os.close(self._slave)

    def hang_up(self) -> None:
        """Be a terminal whose window was closed, to a program that is not told."""
        self.stop_reading()
        for descriptor in (self._master, self._slave):
            os.close(descriptor)
        self._master, self._slave = os.openpty()

    def stop_reading(self) -> None:
        """Be a terminal that takes no output."""
        asyncio.get_running_loop().remove_reader(self._master)

    def go_on_reading(self) -> None:
        """Take output again."""
        asyncio.get_running_loop().add_reader(self._master, self._read)

    def _read(self) -> None:
        try:
            data = os.read(self._master, 65536)
        except OSError:
            return
        self.output += data
        self.screen.feed(self._decode(data))

    def _resize(self, width: int, height: int) -> None:
        self.screen = Screen(width, height)
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def resize(self, width: int, height: int) -> None:
        """Change the size; what was shown is forgotten."""
        modes = self.screen.modes
        self._resize(width, height)
        self.screen.modes = modes

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._master, keys.encode())

    @property
    def attributes(self) -> list[Any]:
        """How the terminal treats what is typed."""
        return termios.tcgetattr(self._slave)

    @property
    def restored(self) -> bool:
        """Whether the terminal is as a shell wants it."""
        return self.attributes == self.before and self.screen.modes & OURS == {"25"}

    def written(self) -> str:
        """Return all that was ever written, with the terminal's own language."""
        return self.output.decode("utf-8", "replace")

    async def shows(self, *texts: str) -> str:
        """Wait until these texts are all on the screen; return the screen."""
        deadline = time.monotonic() + 30
        while not all(text in self.screen.text() for text in texts):
            assert time.monotonic() < deadline, f"{texts} not in\n{self.screen.text()}"
            await asyncio.sleep(0.02)
        return self.screen.text()

    async def says(self, *texts: str) -> str:
        """Wait until these texts were written; return all that was."""
        deadline = time.monotonic() + 30
        while not all(text in self.written() for text in texts):
            assert time.monotonic() < deadline, f"{texts} not in {self.written()[-3000:]}"
            await asyncio.sleep(0.02)
        return self.written()

    async def ended(self) -> int:
        """Wait for the program's end, and all its output; return its exit status."""
        deadline = time.monotonic() + 30
        while self.process.poll() is None:
            assert time.monotonic() < deadline, f"it goes on: {self.screen.text()}"
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.1)
        self._read()
        return self.process.returncode
