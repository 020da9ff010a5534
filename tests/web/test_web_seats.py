"""Seats: each a process, forked with the exercise as it stands, outliving whoever shows it."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest
from hosted import Person, Seen, code, look, serving, sit, until
from hypothesis import given
from hypothesis import strategies as st

from simulator.content.pack import Pack
from simulator.web import seat_line
from simulator.web import service as service_module
from simulator.web.frames import FrameError, Frames, frame
from simulator.web.joining import NotAdmitted
from simulator.web.modes import clamped
from simulator.web.service import Service


@given(
    st.lists(st.tuples(st.sampled_from([b"i", b"o", b"j"]), st.binary(max_size=50)), max_size=8),
    st.lists(st.integers(1, 40), min_size=1, max_size=30),
)
def test_frames_come_out_as_they_went_in_however_they_are_cut(
    sent: list[tuple[bytes, bytes]], cuts: list[int]
) -> None:
    data = b"".join(frame(kind, content) for kind, content in sent)
    frames, got, place = Frames(), [], 0
    while place < len(data):
        size = cuts[place % len(cuts)]
        got += list(frames.feed(data[place : place + size]))
        place += size
    assert got == sent


def test_a_frame_of_no_or_of_too_many_bytes_is_refused() -> None:
    for bad in (b"\x00\x00\x00\x00", b"\xff\xff\xff\xff"):
        with pytest.raises(FrameError):
            list(Frames().feed(bad + b"x"))


def test_sizes_are_kept_within_limits() -> None:
    assert clamped(4000, 4000) == (400, 200)
    assert clamped(0, 24) == clamped("9", None) == (80, 24)


def pid_of(service: Service, person: Person) -> int:
    """Return the process of a person's console: the one whose socket is ours."""
    children = Path(f"/proc/{service._nursing.pid}/task/{service._nursing.pid}/children")
    return int(children.read_text().split()[-1])


def test_people_join_look_and_act_at_once(tmp_path: Path, stuck: Pack) -> None:
    async def play() -> None:
        async with serving(tmp_path, stuck) as service:
            room = next(iter(service.rooms.values()))
            kim = await sit(service, "Kim")
            await kim.sees("The exercise has not begun.", "Kim", "Participant")
            await kim.press("r")
            await until(lambda: kim.ticket.seat in room.drill.exercise.state.ready)
            await kim.sees("You are ready.")
            fay = await sit(service, "Fay", "facilitator")
            await fay.sees("Join codes", code(service, "observer"))
            await room.drill.take("start", by=fay.ticket.seat)
            await kim.sees("Dashboards", "Terminal", "1x")
            await kim.press("4")
            await kim.sees("Complete")
            await kim.press("kioskctl status\r")
            await until(lambda: bool(room.drill.exercise.state.terminal))
            assert room.drill.exercise.state.terminal[0].seat == kim.ticket.seat
            await kim.sees("kioskctl status")
            with pytest.raises(NotAdmitted, match="here already"):
                await service.admit(code(service, "participant"), "kim", "127.0.0.1")
            with pytest.raises(NotAdmitted, match="No exercise here"):
                await service.admit("0000-0000-0000", "Max", "127.0.0.1")
            # The host's pause reaches every screen.
            await room.drill.take("pause", by=fay.ticket.seat)
            await kim.sees("stopped the time for everybody")

    asyncio.run(play())


def test_an_exercise_that_is_full_takes_nobody_but_those_who_lead_it(
    tmp_path: Path, stuck: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play() -> None:
        async with serving(tmp_path, stuck) as service:
            monkeypatch.setattr(service_module, "MOST_PEOPLE", 2)
            room = next(iter(service.rooms.values()))

            async def come(name: str, role: str = "participant") -> str:
                return (await service.admit(code(service, role), name, "127.0.0.1")).seat

            kim, ola = await come("Kim"), await come("Ola", "observer")
            for role in ("participant", "observer"):
                with pytest.raises(NotAdmitted, match=r"2 people are in this exercise"):
                    await come("Max", role)
            assert await come("kim") == kim  # back to a seat that is there
            fay = await come("Fay", "facilitator")
            await room.drill.take("dismiss", by=fay, seat=ola)
            await room.drill.take("dismiss", by=fay, seat=kim)
            assert room.may_sit(await come("Max"))

    asyncio.run(play())


def test_a_seat_outlives_its_viewer_and_passes_to_the_next(
    tmp_path: Path, stuck: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def play() -> None:
        async with serving(tmp_path, stuck) as service:
            kim = await sit(service, "Kim")
            await kim.sees("Press r when you are ready")
            process = pid_of(service, kim)
            kim.hold.detach()
            ticket = service.ticket_of(kim.ticket.cookie)
            assert ticket is not None
            assert ticket.seat == kim.ticket.seat
            again = await look(service, ticket)
            await again.sees("Press r when you are ready")
            assert pid_of(service, again) == process
            # A second window takes over, and the first is told so.
            third = await look(service, ticket)
            await third.sees("Press r when you are ready")
            assert again.viewer.words == "This seat is shown in another window now."
            # What the first types from now on is nobody's.
            again.hold.input(b"r")
            await asyncio.sleep(0.3)
            assert not next(iter(service.rooms.values())).drill.exercise.state.ready
            monkeypatch.setattr(seat_line, "OUTLIVES", 0.2)
            third.hold.detach()
            await until(lambda: not service.lines())
            # By name and code the seat is found again, too.
            back = await service.admit(code(service, "participant"), "KIM", "127.0.0.1")
            assert back.seat == kim.ticket.seat

    asyncio.run(play())


def test_a_killed_console_is_back_with_everything_and_a_killed_nursery_too(
    tmp_path: Path, stuck: Pack
) -> None:
    async def play() -> None:
        async with serving(tmp_path, stuck) as service:
            kim = await sit(service, "Kim")
            await kim.sees("Press r when you are ready")
            await kim.press("r")
            await kim.sees("You are ready.")
            shown = len(kim.viewer.output)
            os.kill(pid_of(service, kim), signal.SIGKILL)
            await kim.sees("You are ready.", since=shown)
            await kim.press("r")
            room = next(iter(service.rooms.values()))
            await until(lambda: not room.drill.exercise.state.ready)
            os.kill(service._nursing.pid, signal.SIGKILL)
            await until(lambda: service._nursing.alive)
            await kim.press("r")
            await until(lambda: bool(room.drill.exercise.state.ready))
            ola = await sit(service, "Ola", "observer")
            await ola.sees("You look on.", "Kim")

    asyncio.run(play())


def test_a_slow_viewer_is_spared_and_painted_anew(tmp_path: Path, stuck: Pack) -> None:
    async def play() -> None:
        async with serving(tmp_path, stuck) as service:
            kim = await sit(service, "Kim")
            await kim.sees("Press r when you are ready")
            kim.viewer.backlog = 10_000_000
            await kim.press("r")
            room = next(iter(service.rooms.values()))
            await until(lambda: bool(room.drill.exercise.state.ready))
            await asyncio.sleep(0.3)
            shown = len(kim.viewer.output)
            await kim.press("r")
            await asyncio.sleep(0.3)
            assert len(kim.viewer.output) == shown
            kim.viewer.backlog = 0
            await kim.sees("Press r when you are ready", "Who is here", since=shown)

    asyncio.run(play())


def test_orders_are_the_facilitators(tmp_path: Path, stuck: Pack) -> None:
    async def play() -> None:
        async with serving(tmp_path, stuck) as service:
            room = next(iter(service.rooms.values()))
            kim = await sit(service, "Kim")
            fay = await sit(service, "Fay", "facilitator")
            await fay.sees("Join codes")
            replies: list[dict[str, object]] = []

            async def order(person: Person, order: str, **fields: object) -> dict[str, object]:
                line = person.hold.line
                said = replies.append
                line.send = said  # type: ignore[assignment]
                await service.orders.take(line, {"n": 1, "order": order, **fields})
                return replies[-1]

            assert "facilitator" in str((await order(kim, "codes")).get("why"))
            before = code(service, "participant")
            assert "why" not in await order(fay, "revoke", role="participant")
            assert code(service, "participant") != before
            with pytest.raises(NotAdmitted):
                await service.admit(before, "Max", "127.0.0.1")
            assert [kim.viewer.words] == [None]
            await order(fay, "dismiss", seat=kim.ticket.seat)
            await until(lambda: kim.viewer.words == "The facilitator has closed this seat.")
            assert service.ticket_of(kim.ticket.cookie) is None
            assert (await order(fay, "team", name="Blue"))["value"] in service.rooms
            assert len(service.rooms) == 2
            assert "already" in str((await order(fay, "team", name=" red ")).get("why"))
            checks = (await order(fay, "test"))["value"]
            assert isinstance(checks, list)
            assert ("store", True) in [(what, works) for what, works, _ in checks]
            await order(fay, "stop")
            assert service.stopping.is_set()
            assert room.generation("participant") == 1

    asyncio.run(play())


def test_a_facilitator_sees_every_team_and_acts_in_each(tmp_path: Path, stuck: Pack) -> None:
    async def play() -> None:
        async with serving(tmp_path, stuck, "Red", "Blue") as service:
            red, blue = service.rooms.values()
            fay = await sit(service, "Fay", "facilitator")
            await fay.sees("1 Red", "2 Blue", "Join codes")
            assert list(blue.seats.values()) == ["Fay"]
            await fay.press("T")
            await fay.sees("ALL TEAMS")
            await fay.press("s")
            await fay.sees("No participant has joined yet")
            await fay.press("\r")
            await until(lambda: red.drill.exercise.state.started)
            await until(lambda: blue.drill.exercise.state.started)
            kim = await sit(service, "Kim", team=1)
            await kim.sees("Dashboards")
            assert "Kim" not in red.seats.values()

    asyncio.run(play())


def test_the_host_says_goodbye(tmp_path: Path, stuck: Pack) -> None:
    seen: list[Seen] = []

    async def play() -> None:
        async with serving(tmp_path, stuck) as service:
            kim = await sit(service, "Kim")
            await kim.sees("Press r when you are ready")
            seen.append(kim.viewer)
            ola = await sit(service, "Ola")
            await ola.sees("Press r when you are ready")
            await ola.press("\x11")
            await until(lambda: ola.viewer.words is not None)
            assert ola.viewer.words is not None
            assert "You have left as Ola" in ola.viewer.words
            assert "\x1b[?1049l" in bytes(ola.viewer.output).decode()

    asyncio.run(play())
    assert seen[0].words == "The host has stopped. Nothing is lost; it can be started again."


def test_a_host_among_several_stops_without_goodbye(
    tmp_path: Path, stuck: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Seen] = []

    async def play() -> None:
        async with serving(tmp_path, stuck) as service:
            kim = await sit(service, "Kim")
            await kim.sees("Press r when you are ready")
            seen.append(kim.viewer)
            (room,) = service.rooms.values()
            monkeypatch.setattr(type(room.drill.journal), "shared", True)

    asyncio.run(play())
    assert seen[0].words is None


def test_who_is_shown_out_at_another_host_is_let_go_here(tmp_path: Path, stuck: Pack) -> None:
    async def play() -> None:
        async with serving(tmp_path, stuck) as service:
            kim = await sit(service, "Kim")
            await kim.sees("Press r when you are ready")
            (room,) = service.rooms.values()
            fay = await room.join("Fay", "facilitator")
            # As the journal tells it of an act that was taken elsewhere.
            await room.drill.take("dismiss", by=fay, seat=kim.ticket.seat)
            await until(lambda: kim.viewer.words == "The facilitator has closed this seat.")

    asyncio.run(play())
