"""How many consoles with live dashboards one host of two cores carries, over SSH and in browsers.

A host serves one exercise of a team from a process of its own. So many people join at once, look
at a dashboard that moves every second, and type letters into a field beside it, each when they
like, about one every two seconds. Timed is the first painted screen of the last of 25 who join at
once, and from each letter to its own appearing on the screen of whoever typed it. The clients'
work is done on the same two cores; what the host's processes take is what is said per session.

`python benchmarks/seats.py ssh 20 40` measures so many sessions of one kind.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import asyncssh

SSH, BROWSERS = (25, 60), (25, 40)
"""Sessions that are measured. The larger of each is how many a host must carry."""

WORST, FIRST_PAINT = 0.1, 3.0
"""Seconds: the 95th percentile of letters, and the last first paint of 25."""

TYPING = 20.0
"""Seconds for which everybody types."""

SIZE = (120, 40)
LETTERS = [chr(code) for code in range(0x10D0, 0x10F6)]  # Georgian: one cell, in no content
DASHBOARDS = (1, 4, 10)
"""How far down the list they are: each has up to six live charts and tiles."""

FIRST, CHART = b"Choose a dashboard", "┤".encode()

HOST = """
import asyncio, json, logging, sys
from pathlib import Path
from simulator.content.pack import read_pack
from simulator.journal import Store
from simulator.session.room import Room
from simulator.web.browser import BrowserServer
from simulator.web.service import Service
from simulator.web.ssh import SshServer, host_key
logging.disable(logging.WARNING)
async def main():
    content, folder = Path(sys.argv[1]), Path(sys.argv[2])
    pack = read_pack(content, "ai-gurus-lms/site-down")
    room = Room.begin(Store(folder), pack, 1, "Team", b"a secret of this benchmark")
    service = Service([room], b"a secret of this benchmark")
    await service.start()
    ssh = SshServer(service, "127.0.0.1", 0, host_key(folder))
    await ssh.start()
    browser = BrowserServer(service, port=0)
    await browser.start()
    codes = {one["role"]: one["code"] for one in service.codes()}
    fay = await service.admit(codes["facilitator"], "Fay", "127.0.0.1")
    await room.drill.take("start", by=fay.seat)
    print(json.dumps({"ssh": ssh.port, "url": browser.url, "code": codes["participant"],
                      "nursery": service._nursing.pid}), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await service.stop()
asyncio.run(main())
"""


class Session:
    """Somebody at a console: what they are shown, and when."""

    def __init__(self, send: Callable[[str], Awaitable[None]]) -> None:
        self._send = send
        self._output = bytearray()
        self._came = asyncio.Event()

    def shown(self, data: bytes) -> None:
        """Take output."""
        self._output += data
        self._came.set()

    async def sees(self, wanted: bytes, patience: float = 60.0) -> None:
        """Wait until something is painted; what came before is forgotten."""
        async with asyncio.timeout(patience):
            while wanted not in self._output:
                self._came.clear()
                await self._came.wait()
        self._output.clear()

    async def type(self, keys: str) -> None:
        """Type."""
        await self._send(keys)

    async def answers(self, until: float, chance: random.Random) -> list[float]:
        """Type letters until then; return the seconds until each was on the screen."""
        times = []
        for letter in LETTERS:  # each once, so that what is painted is this one
            await asyncio.sleep(chance.uniform(1.0, 3.0))
            if time.perf_counter() > until:
                break
            self._output.clear()
            began = time.perf_counter()
            await self.type(letter)
            await self.sees(letter.encode())
            times.append(time.perf_counter() - began)
        return times


class SshClient(asyncssh.SSHClientSession[bytes]):
    """A client over SSH."""

    def __init__(self) -> None:
        self.session = Session(self._type)
        self._channel: asyncssh.SSHClientChannel[bytes] | None = None

    def connection_made(self, chan: asyncssh.SSHClientChannel[bytes]) -> None:
        """Keep the channel."""
        self._channel = chan

    def data_received(self, data: bytes, datatype: int | None) -> None:
        """Show."""
        self.session.shown(data)

    async def _type(self, keys: str) -> None:
        assert self._channel is not None
        self._channel.write(keys.encode())


async def join_by_ssh(host: dict[str, Any], name: str, stack: contextlib.AsyncExitStack) -> Session:
    """Return a session over SSH."""
    connection = await asyncssh.connect(
        "127.0.0.1", host["ssh"], username=f"participant+{name}", password=host["code"],
        known_hosts=None, config=None, client_keys=None, agent_path=None,
    )  # fmt: skip
    await stack.enter_async_context(connection)
    _, client = await connection.create_session(
        SshClient, term_type="xterm-256color", term_size=SIZE, encoding=None
    )
    assert isinstance(client, SshClient)
    return client.session


async def join_by_browser(
    host: dict[str, Any], name: str, stack: contextlib.AsyncExitStack
) -> Session:
    """Return a session as a browser has it, without the browser."""
    client = await stack.enter_async_context(
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
    )
    origin = {"Origin": host["url"].rstrip("/")}
    form = {"name": name, "code": host["code"]}
    async with client.post(f"{host['url']}enter", data=form, headers=origin) as answer:
        seat = answer.url.query["seat"]
    socket = await stack.enter_async_context(
        client.ws_connect(f"{host['url']}ws?seat={seat}", headers=origin, max_msg_size=0)
    )
    numbers = iter(range(1, 1_000_000))

    async def send(keys: str) -> None:
        await socket.send_json(["stdin", keys, next(numbers)])

    async def read() -> None:
        async for message in socket:
            if message.type is aiohttp.WSMsgType.BINARY:
                session.shown(message.data)

    session = Session(send)
    width, height = SIZE
    hello = {"window": f"window-of-{name}", "sent": 0, "known": False, "width": width,
             "height": height, "light": False}  # fmt: skip
    await socket.send_json(["hello", hello])
    reading = asyncio.create_task(read())
    stack.callback(reading.cancel)
    return session


KINDS = {"ssh": join_by_ssh, "browser": join_by_browser}


@contextlib.contextmanager
def hosting() -> Iterator[dict[str, Any]]:
    """A host, as a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [sys.executable, "-c", HOST, str(Path(__file__).parent.parent), folder],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdout is not None
        try:
            yield {**json.loads(process.stdout.readline()), "service": process.pid}
        finally:
            process.communicate()


def seats_of(host: dict[str, Any]) -> list[int]:
    """Return the processes of the consoles."""
    children = Path(f"/proc/{host['nursery']}/task/{host['nursery']}/children")
    return [int(process) for process in children.read_text().split()]


def cpu(processes: list[int]) -> float:
    """Return the seconds of CPU that processes have had."""
    ticks = 0
    for process in processes:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def memory(process: int) -> float:
    """Return the megabytes that a process has for itself, shared pages divided."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


async def measure(kind: str, count: int, host: dict[str, Any]) -> tuple[float, float]:
    """Return the last first paint and the 95th percentile of letters, of so many at once."""
    chance = random.Random(count)

    async def join(number: int) -> Session:
        session = await KINDS[kind](host, f"p{number}", stack)
        await session.sees(FIRST)
        return session

    async with contextlib.AsyncExitStack() as stack:
        await join(count)  # the host is up, and has shown a console
        began = time.perf_counter()
        sessions = await asyncio.gather(*map(join, range(count)))
        painted = time.perf_counter() - began
        for session in sessions:
            await session.type("\x1b[B" * chance.choice(DASHBOARDS) + "\r")
            await session.sees(CHART)
            await session.type("/")
        await asyncio.sleep(2)
        processes = [host["service"], *seats_of(host)]
        before, mine, began = cpu(processes), time.process_time(), time.perf_counter()
        answers = await asyncio.gather(
            *(session.answers(began + TYPING, chance) for session in sessions)
        )
        took = time.perf_counter() - began
        busy, mine = (cpu(processes) - before) / took, (time.process_time() - mine) / took
        service = cpu([host["service"]])
        times = sorted(one for some in answers for one in some)
        p95 = times[int(len(times) * 0.95)]
        print(f"{kind:<8}{count:>4} sessions  first paint of the last {painted:.2f} s   "
              f"letter p50 {statistics.median(times) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms, "
              f"worst {times[-1] * 1000:.0f} ms   each {busy / count * 100:.1f} % of a core, "
              f"{statistics.mean(map(memory, seats_of(host))):.1f} MB "
              f"(service {memory(host['service']):.0f} MB, {service:.0f} s of CPU; clients "
              f"{mine * 100:.0f} %)", flush=True)  # fmt: skip
    return painted, p95


def main(arguments: list[str]) -> int:
    """Measure and print each figure beside its limit."""
    plan: dict[str, tuple[int, ...]] = {"ssh": SSH, "browser": BROWSERS}
    if arguments:
        plan = {arguments[0]: tuple(map(int, arguments[1:]))}
    failed = False
    for kind, counts in plan.items():
        for count in counts:
            with hosting() as host:
                painted, p95 = asyncio.run(measure(kind, count, host))
            if count == 25:
                print(f"{kind}, all of 25 painted  {painted:.2f}  {FIRST_PAINT}")
                failed = failed or painted > FIRST_PAINT
            if count in (SSH[-1], BROWSERS[-1]):
                print(f"{kind}, letter p95 of {count}  {p95:.3f}  {WORST}")
                failed = failed or p95 > WORST
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
