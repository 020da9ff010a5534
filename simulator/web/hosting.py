"""`tabletop host`: the service of an exercise, as a process of its own, and the way into it."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import logging
import os
import select
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import platformdirs
import segno

from simulator.content.clean import clean
from simulator.content.pack import Pack
from simulator.exercise.door import Refused
from simulator.journal import Store
from simulator.session.room import Room
from simulator.web.browser import BrowserServer
from simulator.web.codes import code_of, secret_of
from simulator.web.listening import ServingFault
from simulator.web.local import LocalDoor
from simulator.web.nursing import NurseryFault
from simulator.web.orders import Checked
from simulator.web.origins import is_loopback
from simulator.web.service import Service

if TYPE_CHECKING:
    from simulator.web.ssh import SshServer

log = logging.getLogger("tabletop.service")

BEGINS_WITHIN = 60.0
"""Seconds in which a service is up, on a loaded machine, too."""

LINGERS = 120.0
"""Seconds that a service stays when all its exercises are closed and nobody looks any more."""

FIRST_ROLES = ("facilitator", "participant", "evaluator", "observer")


@dataclass(frozen=True)
class Hosting:
    """What to host, and where it can be reached."""

    exercises: tuple[str, ...] = ()
    teams: tuple[str, ...] = ("Team",)
    seed: int = 1
    bind: str = "127.0.0.1"
    port: int = 0
    ssh: int | None = None
    public_url: str | None = None
    certificate: Path | None = None
    key: Path | None = None


def rooms_of(hosting: Hosting, store: Store, pack: Pack | None, secret: bytes) -> list[Room]:
    """Return the exercises: stored ones opened, or one begun for each team.

    Raises JournalError, NotAnExercise, Refused.
    """
    rooms: list[Room] = []
    try:
        if hosting.exercises:
            from simulator.session.running import resolve

            for name in hosting.exercises:
                rooms.append(_opened(store, resolve(store, name), secret))
            return rooms
        assert pack is not None
        for team in hosting.teams:
            rooms.append(Room.begin(store, pack, hosting.seed, team, secret))
    except BaseException:
        for room in rooms:
            room.drill.journal.close()
        raise
    return rooms


def _opened(store: Store, exercise: str, secret: bytes) -> Room:
    room = Room.open(store, exercise, secret)
    if room.drill.exercise.state.closed:
        room.drill.journal.close()
        raise Refused(f"{exercise} is closed: nobody joins it any more. tabletop report shows it.")
    return room


async def serve(
    hosting: Hosting,
    rooms: Callable[[], list[Room]],
    secret: bytes,
    ready: Callable[[dict[str, Any]], None],
) -> None:
    """Serve exercises until somebody says stop; `ready` is told how to reach them.

    `rooms` is asked for them once there is an address: no exercise is begun in vain.
    Raises ServingFault, NurseryFault, OSError, and what `rooms` raises.
    """
    service = Service([], secret)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, service.stopping.set)
    browser = BrowserServer(
        service, hosting.bind, hosting.port, public_url=hosting.public_url,
        certificate=hosting.certificate, key=hosting.key,
    )  # fmt: skip
    door = LocalDoor(service)
    ssh: SshServer | None = None
    await service.start()
    try:
        await browser.start()
        service.orders.checks.append(lambda: _answers("browsers", hosting.bind, browser.port))
        if hosting.ssh is not None:
            from simulator.web.ssh import SshServer

            ssh = SshServer(service, hosting.bind, hosting.ssh)
            await ssh.start()
            port = ssh.port
            service.orders.checks.append(lambda: _answers("SSH", hosting.bind, port))
        await door.start()
        port_for_ssh = ssh.port if ssh is not None else None
        service.orders.invite = partial(invitation, service, browser.url, port_for_ssh)
        for room in rooms():
            await service.add(room)
        ready(
            {
                "url": browser.url,
                "ssh": port_for_ssh,
                "codes": service.codes(),
                "exercises": {room.exercise_id: room.team for room in service.rooms.values()},
                "scenario": next(iter(service.rooms.values())).drill.exercise.scenario.title,
                "process": os.getpid(),
            }
        )
        await _until_stopped(service)
    finally:
        await service.stop()
        await door.stop()
        if ssh is not None:
            await ssh.stop()
        with contextlib.suppress(TimeoutError):
            await browser.stop()


async def _until_stopped(service: Service) -> None:
    """Wait for the word, or until there is nothing left to serve."""
    idle_since: float | None = None
    while not service.stopping.is_set():
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                await service.stopping.wait()
        over = all(room.drill.exercise.state.closed for room in service.rooms.values())
        if not over or service.lines():
            idle_since = None
        elif idle_since is None:
            idle_since = time.monotonic()
        elif time.monotonic() - idle_since > LINGERS:
            return


async def _answers(what: str, host: str, port: int) -> Checked:
    """Try a port as somebody who joins would."""
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    try:
        async with asyncio.timeout(3):
            _, writer = await asyncio.open_connection(near, port)
    except (OSError, TimeoutError) as error:
        return what, False, f"port {port}: {error}"
    writer.close()
    return what, True, f"port {port} answers"


def welcome(ready: Mapping[str, Any], hosting: Hosting, secret: bytes, colour: bool = False) -> str:
    """Return how to join: the address, a code per role, a QR code, and what is exposed."""
    url = str(ready["url"])
    codes, several = list(ready["codes"]), len(ready["exercises"]) > 1
    lines = []
    for exercise, team in dict(ready["exercises"]).items():
        known = {one["role"]: one["code"] for one in codes if one["x"] == exercise}
        current = known.get("participant") or code_of(secret, exercise, "participant", 0)
        whose = f" ({team})" if several else ""
        lines += [f"Participants may scan this{whose}:", qr(f"{url}?code={current}"), ""]
    lines += [f"{clean(str(ready['scenario']), limit=80, lines=False)}", "", f"Join at {url}"]
    if ready["ssh"]:
        host = urlsplit(url).hostname or hosting.bind
        lines.append(f"or with: ssh ROLE@{host} -p {ready['ssh']}   (password: the role's code)")
    lines += [f"or on this machine: {program()} join CODE", ""]
    for exercise, team in dict(ready["exercises"]).items():
        lines.append(f"Team {team}, exercise {exercise}" if several else f"Exercise {exercise}")
        mine = [one for one in codes if one["x"] == exercise]
        mine.sort(key=lambda one: (one["role"] not in FIRST_ROLES, one["role"] != "facilitator"))
        for one in mine:
            user = f"   {one['role']}@" if ready["ssh"] else ""
            lines.append(f"  {one['title']:<22} {one['code']}{user}")
        lines.append("")
    return "\n".join([*lines, *exposure(hosting, url)])


def program() -> str:
    """Return how this program is called from here: by its name, or by its path if need be."""
    if shutil.which("tabletop"):
        return "tabletop"
    installed = Path(sys.executable).with_name("tabletop")
    if not installed.exists():
        return f"{shlex.quote(sys.executable)} -m simulator"
    near = os.path.relpath(installed)
    return shlex.quote(str(installed) if near.startswith("..") else near)


def invitation(service: Service, url: str, ssh: int | None, room: Room) -> dict[str, Any]:
    """Return how to join a room: the address, the port for SSH, a QR code for participants."""
    generation = room.generation("participant")
    code = code_of(service.secret, room.exercise_id, "participant", generation)
    return {"url": url, "ssh": ssh, "qr": qr(f"{url}?code={code}")}


def qr(text: str) -> str:
    """Return a QR code in characters that any terminal shows, light on dark or dark on light."""
    out = io.StringIO()
    segno.make(text, error="l").terminal(out, compact=True, border=2)
    return out.getvalue().rstrip("\n")


def exposure(hosting: Hosting, url: str) -> list[str]:
    """Return what an address other than this machine's own exposes, in words."""
    if is_loopback(hosting.bind):
        if hosting.public_url:
            return [f"Only this machine is served; {hosting.public_url} must lead here."]
        return ["Only this machine can reach it. --bind 0.0.0.0 lets others in."]
    told = [f"Everybody who can reach this machine can reach {url}; the codes keep them out."]
    if not url.startswith("https:"):
        told.append(
            "What is typed crosses the network in the clear: give --certificate, or put a "
            "reverse proxy before it (docs/hosting.md)."
        )
    return told


def run_service(
    hosting: Hosting, store: Store, pack: Pack | None, said: Callable[[dict[str, Any]], None]
) -> None:
    """Serve in this process until it is told to stop. Raises what `serve` raises."""
    secret = secret_of(os.environ)
    asyncio.run(serve(hosting, lambda: rooms_of(hosting, store, pack, secret), secret, said))


def start_service(arguments: list[str], environment: Mapping[str, str]) -> dict[str, Any]:
    """Start the service as a process of its own, and return how to reach it.

    It lives on when this terminal is gone. Raises ServingFault with what it could not do.
    """
    logs = Path(platformdirs.user_log_path("tabletop", False))
    logs.mkdir(parents=True, exist_ok=True)
    file = logs / "host.log"
    ours, theirs = os.pipe()
    with file.open("ab") as written:
        process = subprocess.Popen(
            [
                sys.executable,
                "-P",
                "-m",
                "simulator",
                *arguments,
                "--no-console",
                "--tell",
                str(theirs),
            ],
            pass_fds=(theirs,),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=written,
            start_new_session=True,
            env=dict(environment),
        )
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        ready, _, _ = select.select([pipe], [], [], BEGINS_WITHIN)
        line = pipe.readline() if ready else b""
    if not line:
        process.poll()
        raise ServingFault(f"The host did not begin. What it said is in {file}")
    said: dict[str, Any] = json.loads(line)
    if "fault" in said:
        raise ServingFault(str(said["fault"]))
    return said


__all__ = ["Hosting", "NurseryFault", "ServingFault", "run_service", "start_service", "welcome"]
