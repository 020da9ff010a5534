"""Browser sessions that one host carries: from a key to its letter, with live dashboards.

A host in a process of its own, and clients that speak to it as its page does, each with a console
of 120x40 that shows four live charts. All come in at once, to a host that has stood for six
seconds; then each types a letter a second into a field beside the charts. Both run on the same
cores, clients included.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import aiohttp

SESSIONS = tuple(map(int, sys.argv[1:])) or (25, 30, 40, 50)
SECONDS = 20
PATIENCE = 60
MUST_CARRY, WITHIN = 40, 0.1
JOIN_TOGETHER, JOINED_WITHIN = 25, 3.0
SIZE = {"width": 120, "height": 40}
LETTERS = [chr(code) for code in range(0x10D0, 0x10F6)]  # Georgian: one cell, in no content
TICKS = os.sysconf("SC_CLK_TCK")

HOST = """
import asyncio, json, sys, tempfile
from pathlib import Path
from simulator.content.pack import read_pack
from simulator.journal import Store
from simulator.session.room import Room
from simulator.web.browser import BrowserServer
from simulator.web.codes import code_of
from simulator.web.service import Service

async def host():
    pack = read_pack(Path(sys.argv[1]), "ai-gurus-lms/site-down")
    secret = b"a secret of this benchmark"
    room = Room.begin(Store(Path(sys.argv[2])), pack, 1, "Red", secret)
    service = Service([room], secret)
    await service.start()
    server = BrowserServer(service, port=0)
    await server.start()
    code = code_of(secret, room.exercise_id, "facilitator")
    fay = await service.admit(code, "Fay", "127.0.0.1")
    await room.drill.take("start", by=fay.seat)
    code = code_of(secret, room.exercise_id, "participant")
    await asyncio.sleep(6)
    print(json.dumps({"url": server.url, "code": code}), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await service.stop()
    await server.stop()

asyncio.run(host())
"""


class Client:
    """A browser's page, without the browser."""

    def __init__(self, session: aiohttp.ClientSession, url: str, number: int) -> None:
        self._session, self._url, self._number = session, url, number
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._sent = 0
        self._seen = b""
        self._wanted = b""
        self._come = asyncio.Event()
        self.bytes = 0
        self.times: list[float] = []

    async def join(self, code: str) -> float:
        """Come in, and return the seconds until the first screen is there."""
        began = time.perf_counter()
        origin = {"Origin": self._url.rstrip("/")}
        form = {"name": f"Kim {self._number}", "code": code}
        async with self._session.post(
            f"{self._url}enter", data=form, headers=origin, allow_redirects=False
        ) as answer:
            seat = answer.headers["Location"].partition("=")[2]
            cookie = answer.headers["Set-Cookie"].partition(";")[0]
        self._socket = await self._session.ws_connect(
            f"{self._url}ws?seat={seat}", headers={**origin, "Cookie": cookie}, max_msg_size=0
        )
        hello = {"window": f"window-{self._number:04}", "sent": 0, "known": False, "light": False}
        await self._socket.send_str(json.dumps(["hello", {**hello, **SIZE}]))
        self._reading = asyncio.create_task(self._read())
        await self.wait_for("Dashboards")
        return time.perf_counter() - began

    async def _read(self) -> None:
        assert self._socket is not None
        async for message in self._socket:
            if message.type is aiohttp.WSMsgType.BINARY:
                self.bytes += len(message.data)
                self._seen = (self._seen + message.data)[-65536:]
                if self._wanted and self._wanted in self._seen:
                    self._come.set()

    async def press(self, keys: str) -> None:
        """Type."""
        assert self._socket is not None
        self._sent += 1
        await self._socket.send_str(json.dumps(["stdin", keys, self._sent]))

    async def wait_for(self, text: str) -> None:
        """Wait until a text is painted."""
        self._wanted = text.encode()
        if self._wanted not in self._seen:
            self._come.clear()
            try:
                async with asyncio.timeout(PATIENCE):
                    await self._come.wait()
            except TimeoutError:
                raise SystemExit(f"never painted {text!r}: {self._seen[-400:]!r}") from None
        self._seen, self._wanted = b"", b""

    async def open_charts(self) -> None:
        """Show a dashboard with four live charts, and go to the field beside them."""
        for _ in range(4):
            await self.press("\x1b[B")
        await self.press("\r")
        await self.wait_for("┤")
        await self.press("/")
        await self.wait_for("earch")  # its first letter is the cursor's

    async def type(self, until: float) -> None:
        """Type a letter a second, and note how long each took to be painted."""
        await asyncio.sleep(random.Random(self._number).random())
        for letter in itertools.cycle(LETTERS):
            if time.perf_counter() >= until:
                return
            began = time.perf_counter()
            self._seen = b""
            await self.press(letter)
            await self.wait_for(letter)
            self.times.append(time.perf_counter() - began)
            await asyncio.sleep(max(0.0, 1 - self.times[-1]))

    async def leave(self) -> None:
        """Close the page."""
        assert self._socket is not None
        await self._socket.close()
        await self._reading


def below(process: int) -> list[int]:
    """Return a process and all that stem from it."""
    found = [process]
    for one in found:
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            found += map(int, task.read_text().split())
    return found


def used(process: int) -> float:
    """Return the seconds of a core that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def busy() -> float:
    """Return the seconds of a core that this machine has used."""
    fields = list(map(int, Path("/proc/stat").read_text().splitlines()[0].split()[1:9]))
    return (sum(fields) - fields[3] - fields[4]) / TICKS


def memory(process: int) -> float:
    """Return the megabytes that a process has, its part of what it shares with others included."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def p95(times: list[float]) -> float:
    """Return the 95th percentile."""
    return sorted(times)[int(len(times) * 0.95)]


async def measure(count: int) -> tuple[float, float]:
    """Print the figures of so many sessions; return the slowest joining and the p95 of keys."""
    with (
        tempfile.TemporaryDirectory() as store,
        subprocess.Popen(
            [sys.executable, "-c", HOST, str(Path(__file__).parent.parent), store],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as host,
    ):
        assert host.stdout is not None
        said = json.loads(host.stdout.readline())
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(), connector=connector
        ) as session:
            clients = [Client(session, said["url"], number) for number in range(count)]
            joined = await asyncio.gather(*(client.join(said["code"]) for client in clients))
            await asyncio.gather(*(client.open_charts() for client in clients))
            await asyncio.sleep(3)
            processes = below(host.pid)
            before = {process: used(process) for process in processes}
            all_before, ours_before, began = busy(), time.process_time(), time.perf_counter()
            sent = sum(client.bytes for client in clients)
            await asyncio.gather(*(client.type(began + SECONDS) for client in clients))
            passed = time.perf_counter() - began
            each = [used(process) - before[process] for process in processes]
            spent = sum(each)
            ours = time.process_time() - ours_before
            others = busy() - all_before - spent - ours
            sent = sum(client.bytes for client in clients) - sent
            held = list(map(memory, processes))
            await asyncio.gather(*(client.leave() for client in clients))
        host.communicate()
    times = [one for client in clients for one in client.times]
    print(
        f"{count:>3} sessions   joined at once within {max(joined):5.2f} s   "
        f"key to letter median {sorted(times)[len(times) // 2] * 1000:4.0f} ms, "
        f"p95 {p95(times) * 1000:4.0f} ms, worst {max(times) * 1000:4.0f} ms\n"
        f"               a session {sum(each[2:]) / passed / count:.1%} of a core, "
        f"{sum(held[2:]) / count:4.1f} MB, {sent / passed / count / 1024:4.1f} kB/s; "
        f"the host beside them {sum(each[:2]) / passed:.1%}, {sum(held[:2]):4.0f} MB   "
        f"(clients {ours / passed:.0%}, other programs {others / passed:.0%})",
        flush=True,
    )
    return max(joined), p95(times)


def main() -> int:
    """Return 1 if a host carries less than it must."""
    failed = False
    for count in SESSIONS:
        joined, slow = asyncio.run(measure(count))
        failed |= count <= JOIN_TOGETHER and joined > JOINED_WITHIN
        failed |= count <= MUST_CARRY and slow > WITHIN
    print(f"{MUST_CARRY} sessions within {WITHIN * 1000:.0f} ms, {JOIN_TOGETHER} joined within "
          f"{JOINED_WITHIN:.0f} s: {'no' if failed else 'yes'}")  # fmt: skip
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
