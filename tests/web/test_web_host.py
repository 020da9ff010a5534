"""`tabletop host`: real processes, from the command line to the end."""

from __future__ import annotations

import asyncio
import json
import os
import re
import select
import shlex
import signal
import socket
import subprocess
import sys
import termios
import threading
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from hosted import serving, sit, until
from terminal import Terminal

from simulator.cli import main
from simulator.content.pack import Pack
from simulator.journal import Store
from simulator.session.playing import begin
from simulator.web.host_command import wait_for_key
from simulator.web.hosting import Hosting, exposure, program, welcome

CODE = re.compile(r"Facilitator +(\w{4}-\w{4}-\w{4})")
PROCESS = re.compile(r"process (\d+)")


class Machine:
    """A user's folders, and the program in them."""

    def __init__(self, folder: Path, content: Path) -> None:
        self.home, self.runtime = folder / "home", folder / "run"
        self.runtime.mkdir()
        self.command = [sys.executable, "-m", "simulator", "--content", str(content)]
        self.environment = {
            "TABLETOP_HOME": str(self.home), "XDG_RUNTIME_DIR": str(self.runtime),
            "XDG_DATA_HOME": str(folder / "data"), "XDG_STATE_HOME": str(folder / "state"),
        }  # fmt: skip

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run it where there is no terminal, until it ends."""
        return subprocess.run(
            [*self.command, *arguments], env={**os.environ, **self.environment, **environment},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    def say(self, *arguments: str, **environment: str) -> Result:
        """Run it in this process, for what it says alone."""
        return CliRunner().invoke(
            main, [*self.command[3:], *arguments], env={**self.environment, **environment}
        )

    def terminal(self, *arguments: str) -> Terminal:
        """Run it in a terminal."""
        return Terminal(*self.command, *arguments, environment=self.environment)

    def exercises(self) -> list[str]:
        """Return the ids of the exercises that are stored."""
        said = self.run("exercises", "--json")
        return [one["id"] for one in json.loads(said.stdout)]


@pytest.fixture
def machine(tmp_path: Path, kiosk: Path) -> Machine:
    """A user's machine, with the smallest scenario."""
    return Machine(tmp_path, kiosk)


def test_a_key_pressed_the_moment_it_is_asked_for_is_an_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keyboard, terminal = os.openpty()
    before = termios.tcgetattr(terminal)
    asked: list[str] = []

    def answered_at_once(asking: str = "", *, nl: bool = True) -> None:
        if asking:
            asked.append(asking)
            typed(b"x")

    def typed(keys: bytes) -> None:
        os.write(keyboard, keys)
        select.select([terminal], [], [], 1)

    with os.fdopen(terminal) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        monkeypatch.setattr(click, "echo", answered_at_once)
        typed(b"typed earlier\n")
        waiting = threading.Thread(target=wait_for_key, args=["Any key?"], daemon=True)
        waiting.start()
        waiting.join(10)
        assert not waiting.is_alive()
        assert asked == ["Any key?"]
        assert termios.tcgetattr(terminal) == before
        os.set_blocking(terminal, False)
        with pytest.raises(BlockingIOError):
            os.read(terminal, 32)
    os.close(keyboard)


def is_running(process: int) -> bool:
    """Return whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_facilitator_hosts_leaves_comes_back_and_ends(machine: Machine) -> None:
    async def play() -> None:
        async with machine.terminal("host", "kiosk/stuck", "--port", "0", "--name", "Fay") as fay:
            said = await fay.says("Press any key")
            assert "Only this machine can reach it." in said
            assert "█" in said
            found = CODE.search(said)
            assert found is not None
            fay.press(" ")
            await fay.shows("Join codes", found[1])
            fay.press("\x11")
            assert await fay.ended() == 0
            assert fay.restored
            process = PROCESS.search(fay.written())
            assert process is not None
            host = int(process[1])
            assert f"tabletop host --exercise {machine.exercises()[0]}" in fay.written()
        assert is_running(host)
        async with machine.terminal("join", found[1], "--name", "Fay") as fay:
            await fay.shows("Join codes")
            os.kill(host, signal.SIGTERM)
            assert await fay.ended() == 0
            assert fay.restored
            assert "The host has stopped." in fay.written()
        await until(lambda: not is_running(host))
        assert not list((machine.runtime / "tabletop").iterdir())

    asyncio.run(play())


def test_without_a_console_it_serves_until_it_is_told_and_opens_all_its_exercises_again(
    machine: Machine,
) -> None:
    async def play() -> None:
        teams = ("--team", "Red", "--team", "Blue")
        async with machine.terminal("host", "kiosk/stuck", "--no-console", "--port", "0",
                                    "--ssh", "0", *teams) as host:  # fmt: skip
            said = await host.says("Only this machine")
            assert "Team Red, exercise" in said
            assert "ssh ROLE@127.0.0.1 -p" in said
            host.press("\x03")
            assert await host.ended() == 0
            assert "Traceback" not in host.written()
        both = machine.exercises()
        again = [word for one in both for word in ("--exercise", one)]
        async with machine.terminal("host", *again, "--no-console", "--port", "0") as host:
            await host.says("Only this machine", *both)
            await until(lambda: len(CODE.findall(host.written())) == 2)
            said = host.written()
            # The seats end with their host, however it ends.
            async with machine.terminal("join", CODE.findall(said)[0], "--name", "Fay") as fay:
                await fay.shows("1 ", "2 ", "Join codes")
                nursery, *_ = children(host.process.pid)
                seats = children(nursery)
                assert len(seats) == 1
                host.process.kill()
                await until(lambda: not any(map(is_running, [nursery, *seats])))
                fay.press("q")
                await fay.ended()

    asyncio.run(play())


def children(process: int) -> list[int]:
    """Return the children of a process."""
    return [int(p) for p in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def test_what_hosting_cannot_do_is_said_plainly_and_begins_no_exercise(
    machine: Machine, tmp_path: Path, stuck: Pack
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for which in (["--port", port], ["--port", "0", "--ssh", port]):
            said = machine.run("host", "kiosk/stuck", *which)
            assert (said.returncode, said.stdout) == (1, "")
            assert said.stderr.endswith(f"Port {port} on 127.0.0.1 is in use by another program. "
                                        f"Choose another with {which[-2]}\n")  # fmt: skip
    assert machine.exercises() == []
    alone = begin(Store(machine.home), stuck, 1, "Kim")
    alone.close()
    file = tmp_path / "file"
    file.touch()
    for arguments, environment, words in (
        (["--exercise", alone.exercise_id], {}, "played alone: tabletop resume goes on with it"),
        (["--exercise", "nothing"], {}, "nothing"),
        (["kiosk/stuck"], {"TABLETOP_HOME": str(file)}, "file"),
        (["kiosk/stuck"], {"TABLETOP_HOME": "postgresql://127.0.0.1:1/x"}, "database"),
        (["kiosk/stuck"], {"TABLETOP_SECRET": "short"}, "TABLETOP_SECRET is too short"),
        (["kiosk/stuck", "--certificate", "/nowhere"], {}, "/nowhere cannot be read"),
    ):
        answer = machine.say("host", *arguments, "--port", "0", **environment)
        assert (answer.exit_code, answer.stdout) == (1, ""), answer
        assert isinstance(answer.exception, SystemExit), answer
        assert words in answer.stderr
        assert "Traceback" not in answer.stderr
    assert machine.say("host", "kiosk/stuck", "--exercise", "x").exit_code == 2
    assert len(machine.exercises()) == 1


def test_in_a_terminal_a_fault_of_the_service_is_said_there(machine: Machine) -> None:
    async def play() -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            async with machine.terminal("host", "kiosk/stuck", "--port", port) as fay:
                assert await fay.ended() == 1
                assert f"Port {port} on 127.0.0.1 is in use" in fay.written()
                assert "Traceback" not in fay.written()

    asyncio.run(play())


def test_no_secret_and_no_file_of_the_host_reaches_a_seat(
    tmp_path: Path, stuck: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TABLETOP_SECRET", "a secret that is long enough")
    monkeypatch.setenv("TABLETOP_HOME", "postgresql://user:password@example.org/x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "xyz")

    async def play() -> None:
        async with serving(tmp_path, stuck) as service:
            for name in ("Kim", "Ola"):
                person = await sit(service, name)
                await person.sees("Press r when you are ready")
            nursery = service._nursing.pid
            for process in [nursery, *children(nursery)]:
                environment = Path(f"/proc/{process}/environ").read_text()
                assert "PATH=" in environment
                assert not re.search("secret|password|TABLETOP", environment, re.IGNORECASE)
                command = Path(f"/proc/{process}/cmdline").read_text()
                assert not re.search("secret|password", command, re.IGNORECASE)
            for process in children(nursery):
                links = [str(one.readlink()) for one in Path(f"/proc/{process}/fd").iterdir()]
                files = [one for one in links if one.startswith("/") and one != "/dev/null"]
                assert not [one for one in files if str(tmp_path) in one]
                # Its link, and the two ends with which its event loop wakes itself.
                assert sum(one.startswith("socket:") for one in links) == 3

    asyncio.run(play())


def ready(url: str, ssh: int | None = None) -> dict[str, object]:
    """Return what a service says when it is up."""
    codes = [{"x": "e1", "role": "participant", "title": "Participant", "code": "0000-1111-2222"}]
    return {"url": url, "ssh": ssh, "codes": codes, "exercises": {"e1": "Red"}, "scenario": "S",
            "process": 1}  # fmt: skip


def test_it_says_how_to_join_and_what_is_exposed() -> None:
    local = Hosting()
    said = welcome(ready("http://127.0.0.1:8000/"), local, b"secret")
    assert "Join at http://127.0.0.1:8000/\n" in said
    assert "ssh" not in said
    assert "Only this machine can reach it." in said
    proxied = Hosting(public_url="https://drill.example.org/x")
    said = welcome(ready("https://drill.example.org/x/", 8022), proxied, b"secret")
    assert "ssh ROLE@drill.example.org -p 8022" in said
    assert "Participant            0000-1111-2222   participant@" in said
    # What is read last stands last: a small terminal has no room for all of it.
    assert said.index("Participants may scan this") < said.index("Join at")
    assert "https://drill.example.org/x must lead here" in said.replace("/x/ must", "/x must")
    everybody = Hosting(bind="0.0.0.0")
    (first, second) = exposure(everybody, "http://192.0.2.7:8000/")
    assert "Everybody who can reach this machine can reach http://192.0.2.7:8000/" in first
    assert "in the clear" in second
    assert len(exposure(everybody, "https://192.0.2.7:8000/")) == 1


def test_teams_have_names_of_their_own() -> None:
    for names in (("Red", "red "), ("",)):
        teams = [word for name in names for word in ("--team", name)]
        said = CliRunner().invoke(main, ["host", "kiosk/stuck", *teams])
        assert said.exit_code == 2
        assert "Give each --team a name of its own." in said.stderr


def test_the_program_is_called_as_it_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    called = shlex.split(program())
    said = subprocess.run([*called, "--version"], capture_output=True, text=True, check=True)
    assert said.stdout.startswith("tabletop")


def test_listing_scenarios_knows_nothing_of_hosting(kiosk: Path) -> None:
    code = (
        "import sys; from simulator.cli import main;"
        f"main(['--content', {str(kiosk)!r}, 'list'], standalone_mode=False);"
        "print(*(one for one in ('aiohttp', 'asyncssh', 'segno', 'textual', 'asyncio')"
        " if one in sys.modules))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert said.stdout.splitlines()[-1] == ""
