"""Joining over SSH, with OpenSSH's own client in a real terminal."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import asyncssh
import pytest
from hosted import code, serving, sit, until
from terminal import Terminal

from simulator.content.pack import Pack
from simulator.session.room import Room
from simulator.web import ssh as door
from simulator.web.listening import ServingFault
from simulator.web.service import Service
from simulator.web.ssh import SshServer, host_key

KEY = asyncssh.generate_private_key("ssh-ed25519")
LOBBY = "Press r when you are ready"


class Reached:
    """A service that is reached over SSH."""

    def __init__(self, service: Service, server: SshServer) -> None:
        self.service, self.server = service, server
        self.room: Room = next(iter(service.rooms.values()))

    def client(self, who: str, *arguments: str, **options: str) -> Terminal:
        """Return OpenSSH's client, on its way here."""
        command = ["ssh", "-F", "/dev/null", "-p", str(self.server.port)]
        given = {
            "StrictHostKeyChecking": "no", "UserKnownHostsFile": "/dev/null",
            "PreferredAuthentications": "password", "NumberOfPasswordPrompts": "1", **options,
        }  # fmt: skip
        for name, value in given.items():
            command += ["-o", f"{name}={value}"]
        before = [one for one in arguments if one.startswith("-")]
        after = [one for one in arguments if not one.startswith("-")]
        return Terminal(*command, *before, f"{who}@127.0.0.1", *after)

    async def enter(self, terminal: Terminal, role: str = "participant") -> None:
        """Give the code when it is asked for."""
        await terminal.says("assword:")
        terminal.press(code(self.service, role) + "\r")

    async def begin(self) -> None:
        """Begin the exercise, as its facilitator does."""
        fay = await self.service.admit(code(self.service, "facilitator"), "Fay", "127.0.0.1")
        await self.room.drill.take("start", by=fay.seat)


@contextlib.asynccontextmanager
async def reached(folder: Path, pack: Pack) -> AsyncIterator[Reached]:
    """Serve an exercise over SSH."""
    if shutil.which("ssh") is None:
        pytest.skip("there is no OpenSSH client here")
    async with serving(folder, pack) as service:
        server = SshServer(service, "127.0.0.1", 0, KEY)
        await server.start()
        try:
            yield Reached(service, server)
        finally:
            await server.stop()


def test_a_participant_joins_plays_and_leaves_the_terminal_as_it_was(
    tmp_path: Path, stuck: Pack
) -> None:
    async def play() -> None:
        async with reached(tmp_path, stuck) as here, here.client("participant") as kim:
            assert "your role" in await kim.says("assword:")
            kim.press(code(here.service, "participant").lower().replace("-", " ") + "\r")
            await kim.shows("Your name:")
            kim.press("\x1b[AKimz\x7f Ø\r")
            shown = await kim.shows(LOBBY)
            assert "Kim Ø, Participant" in shown
            assert {"1049", "1003", "2004"} <= kim.screen.modes
            assert "25" not in kim.screen.modes
            seat = here.room.seat_named("Kim Ø", "participant")
            await here.begin()
            await kim.shows("Dashboards")
            kim.press("4")
            await kim.shows("~$")
            kim.press("kioskctl status\r")
            await until(lambda: bool(here.room.drill.exercise.state.terminal))
            assert here.room.drill.exercise.state.terminal[0].seat == seat
            kim.resize(80, 24)
            await kim.shows("kioskctl status")
            assert here.service.lines()[0].size == (80, 24)
            kim.press("\x11")
            assert await kim.ended() == 0
            assert kim.restored
            assert "You have left as Kim Ø" in kim.screen.text()

    asyncio.run(play())


def test_role_and_name_are_given_at_once_and_codes_to_a_question_too(
    tmp_path: Path, stuck: Pack
) -> None:
    async def play() -> None:
        async with reached(tmp_path, stuck) as here:
            how = {"PreferredAuthentications": "keyboard-interactive"}
            async with here.client("facilitator+Fay", **how) as fay:
                await here.enter(fay, "facilitator")
                await fay.shows("Join codes")
                # The name of somebody who is here: another one is asked for.
                async with here.client("participant+fay") as kim:
                    await here.enter(kim)
                    await kim.shows("fay is here already", "Your name:")
                    kim.press("Kim\r")
                    await kim.shows(LOBBY)
                async with here.client("facilitator+fay") as again:
                    await here.enter(again, "facilitator")
                    await again.shows("Fay is here already", "Your name:")
                    again.press("Ann\r")
                    await again.shows("Join codes", "Facilitator")

    asyncio.run(play())


def test_wrong_codes_and_codes_of_other_roles_are_refused_and_slowed(
    tmp_path: Path, stuck: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play() -> None:
        async with reached(tmp_path, stuck) as here:
            for who, typed in (
                ("participant", "0000-0000-0000"),
                ("facilitator", code(here.service, "participant")),
                ("root", code(here.service, "participant")),
                ("participant", ""),
            ):
                async with here.client(who) as kim:
                    await kim.says("assword:")
                    known = "The user name is one of: communications-lead, evaluator,"
                    assert (known in " ".join(kim.written().split())) == (who == "root")
                    kim.press(typed + "\r")
                    assert await kim.ended() == 255
                    assert "Permission denied" in kim.written()
            for _ in range(100):
                here.service.attempts.wrong("127.0.0.1")
            async with here.client("participant") as kim:
                await here.enter(kim)
                assert await kim.ended() == 255
            assert not here.service.lines()
            assert not here.room.seats

    asyncio.run(play())


@pytest.mark.parametrize("command", [["-tt", "ls"], ["-s", "sftp"]], ids=["exec", "sftp"])
def test_commands_and_files_are_refused(tmp_path: Path, stuck: Pack, command: list[str]) -> None:
    async def play() -> None:
        async with reached(tmp_path, stuck) as here:
            async with here.client("participant+Kim", *command) as kim:
                await here.enter(kim)
                assert await kim.ended() == 255
                assert "request failed" in kim.written()
            assert not here.room.seats

    asyncio.run(play())


def test_without_a_terminal_it_says_so_and_ends(tmp_path: Path, stuck: Pack) -> None:
    async def play() -> None:
        async with reached(tmp_path, stuck) as here:
            async with here.client("participant+Kim", "-T") as kim:
                await here.enter(kim)
                assert await kim.ended() == 1
                assert "A console needs a terminal" in kim.written()
            assert not here.room.seats

    asyncio.run(play())


def test_nothing_is_forwarded(tmp_path: Path, stuck: Pack) -> None:
    async def play() -> None:
        async with reached(tmp_path, stuck) as here:
            secrets = await asyncio.start_server(lambda _, w: w.write(b"secret"), "127.0.0.1", 0)
            inside = secrets.sockets[0].getsockname()[1]
            with socket.create_server(("127.0.0.1", 0)) as free:
                theirs, back = free.getsockname()[1], free.getsockname()[1] + 1
            forward = {"LocalForward": f"{theirs} 127.0.0.1:{inside}"}
            async with here.client("participant+Kim", "-A", "-X", **forward) as kim:
                await here.enter(kim)
                await kim.shows(LOBBY)
                reader, writer = await asyncio.open_connection("127.0.0.1", theirs)
                assert await reader.read(10) == b""
                writer.close()
            refuse = {"RemoteForward": f"{back} 127.0.0.1:{inside}", "ExitOnForwardFailure": "yes"}
            async with here.client("participant+Ola", "-N", **refuse) as ola:
                await here.enter(ola)
                assert await ola.ended() == 255
                assert "remote port forwarding failed" in ola.written()
            secrets.close()

    asyncio.run(play())


def test_who_loses_the_connection_comes_back_to_the_same_console(
    tmp_path: Path, stuck: Pack
) -> None:
    async def play() -> None:
        async with reached(tmp_path, stuck) as here:
            async with here.client("participant+Kim") as kim:
                await here.enter(kim)
                await here.begin()
                await kim.shows("Dashboards")
                kim.press("4")
                await kim.shows("~$")
                kim.press("half a comm")
                await kim.shows("half a comm")
                line = here.service.lines()[0]
                kim.process.kill()
                await until(lambda: line.viewer is None)
            async with here.client("participant+kim") as kim:
                await here.enter(kim)
                # What the clock draws may come first; the console paints itself anew after it.
                await until(lambda: {"1049", "1003", "2004"} <= kim.screen.modes)
                await kim.shows("half a comm")
                assert here.service.lines() == [line]
            assert sorted(here.room.seats.values()) == ["Fay", "Kim"]

    asyncio.run(play())


def test_a_host_that_stops_gives_the_terminal_back(tmp_path: Path, stuck: Pack) -> None:
    async def play() -> None:
        async with reached(tmp_path, stuck) as here, here.client("participant+Kim") as kim:
            await here.enter(kim)
            await kim.shows(LOBBY)
            await here.service.stop()
            await here.server.stop()
            await kim.ended()
            assert kim.restored
            assert "The host has stopped. Nothing is lost" in kim.written()

    asyncio.run(play())


class Stalled(asyncssh.SSHClientSession[bytes]):
    """A client that reads nothing until it is let go on."""

    def __init__(self) -> None:
        self.output = bytearray()

    def data_received(self, data: bytes, datatype: int | None) -> None:
        self.output += data


def test_a_client_that_reads_nothing_slows_nobody_and_is_painted_anew(
    tmp_path: Path, stuck: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play() -> None:
        async with reached(tmp_path, stuck) as here:
            ola = await sit(here.service, "Ola")
            connection = await asyncssh.connect(
                "127.0.0.1", here.server.port, username="participant+Kim",
                password=code(here.service, "participant"), known_hosts=None, config=None,
            )  # fmt: skip
            async with connection:
                session = Stalled()
                channel, _ = await connection.create_session(
                    lambda: session, term_type="xterm-256color", term_size=(100, 30),
                    encoding=None, window=64 * 1024,
                )  # fmt: skip
                await until(lambda: LOBBY.encode() in session.output)
                line = next(one for one in here.service.lines() if one.ticket.name == "Kim")
                channel.pause_reading()
                while not line._behind:
                    line.repaint()
                    await asyncio.sleep(0.02)
                viewer = line.viewer
                assert viewer is not None
                held = viewer.backlog
                assert held > 256 * 1024
                for _ in range(100):
                    line.repaint()
                await ola.press("r")
                await ola.sees("You are ready.")
                assert viewer.backlog == held
                session.output.clear()
                channel.resume_reading()
                await until(lambda: not line._behind and viewer.backlog == 0)
                session.output.clear()
                line.resize(90, 28)
                await until(lambda: LOBBY.encode() in session.output)

    asyncio.run(play())


def test_too_many_connections_are_not_served(
    tmp_path: Path, stuck: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "MOST_NOT_IN_YET", 2)

    async def play() -> None:
        async with reached(tmp_path, stuck) as here:
            held = [await asyncio.open_connection("127.0.0.1", here.server.port) for _ in range(2)]
            await until(lambda: len(here.server.connections) == 2)
            async with here.client("participant+Kim") as kim:
                assert await kim.ended() == 255
            for _, writer in held:
                writer.close()
            await until(lambda: not here.server.connections)
            async with here.client("participant+Kim") as kim:
                await here.enter(kim)
                await kim.shows(LOBBY)

    asyncio.run(play())


def test_the_hosts_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    first = host_key(folder)
    assert host_key(folder).public_data == first.public_data
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_text("no key")
    with pytest.raises(ServingFault, match=r"is no key\. Delete it"):
        host_key(folder)
    blocked = tmp_path / "file"
    blocked.touch()
    with pytest.raises(ServingFault, match="cannot be had"):
        host_key(blocked)


def test_a_port_in_use_is_said_plainly() -> None:
    async def play() -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            server = SshServer(None, "127.0.0.1", port, KEY)  # type: ignore[arg-type]
            with pytest.raises(ServingFault, match=f"Port {port} on 127.0.0.1 is in use"):
                await server.start()

    asyncio.run(play())
