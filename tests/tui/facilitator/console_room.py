"""Facilitators and evaluators at their consoles, in rooms with others, without sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from linked import Linked
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from simulator.content.pack import Pack
from simulator.content.roles import STAFF, title_of
from simulator.exercise.door import Refused
from simulator.journal import Store
from simulator.session.room import Room
from simulator.session.seat import SeatDrill
from simulator.tui.screens.facilitator import FacilitatorScreen
from simulator.tui.seat_app import SeatApp

QR = "\n".join("█▀▄ " * 8 + "█" for _ in range(17))
SMALL, LARGE = (80, 24), (120, 40)


class Host:
    """Takes the orders of a console as a host does, for these rooms; `orders` is what it heard."""

    def __init__(self, links: Sequence[Linked]) -> None:
        self.links = links
        self.orders: list[tuple[str, dict[str, Any]]] = []
        self.generation = 0

    async def __call__(self, order: str, fields: Mapping[str, Any]) -> Any:
        self.orders.append((order, dict(fields)))
        match order:
            case "codes":
                return self._codes()
            case "revoke":
                self.generation += 1
                return self._codes()
            case "test":
                return [("store", True, "12 acts"), ("console of Kim", False, "no answer in 3 s")]
            case "invite":
                return {"url": "http://127.0.0.1:8000/", "ssh": 8022, "qr": QR}
            case "team":
                raise Refused("There is a team Red already. Give another name.")
        return None

    def _codes(self) -> list[dict[str, str]]:
        roles = [*STAFF, *self.links[0].room.drill.exercise.roles]
        return [
            {
                "x": link.room.exercise_id, "team": link.room.team, "role": role,
                "title": title_of(role), "code": f"K7QM-2R9T-{self.generation}{team}{number:02}",
            }
            for team, link in enumerate(self.links)
            for number, role in enumerate(roles)
        ]  # fmt: skip


def opened(folder: Path, pack: Pack, team: str) -> Linked:
    """Open an exercise for a team."""
    return Linked(Room.begin(Store(folder / team), pack, 1, team, b"secret"))


@asynccontextmanager
async def rooms(folder: Path, pack: Pack, *teams: str) -> AsyncIterator[list[Linked]]:
    """A room for each of these teams."""
    async with AsyncExitStack() as stack:
        links: list[Linked] = []
        for team in teams:
            link = opened(folder, pack, team)
            stack.push_async_callback(link.room.close)
            links.append(link)
        yield links


def console(app: SeatApp) -> FacilitatorScreen:
    """The console, whatever dialog lies over it."""
    return next(one for one in app.screen_stack if isinstance(one, FacilitatorScreen))


def app_of(drills: Sequence[SeatDrill], host: Host, theme: str = "tabletop-dark") -> SeatApp:
    """The application of somebody who facilitates or evaluates these teams."""
    return SeatApp(drills, host, lambda _: None, theme)


async def settle(pilot: Pilot[None]) -> None:
    """Wait until all that was asked for is done."""
    for _ in range(3):
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()


async def fresh(pilot: Pilot[None]) -> None:
    """Mark what was done by now, and draw the present state."""
    app = pilot.app
    assert isinstance(app, SeatApp)
    await settle(pilot)
    screen = console(app)
    screen._mark()
    await settle(pilot)
    screen._moved = True
    await screen._redraw()
    await settle(pilot)


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, and wait for what they do."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)
    await fresh(pilot)


def typed(app: SeatApp, name: str, text: str) -> None:
    """Put a text into a field of the dialog at hand."""
    field = app.screen.query_one(f"#field-{name}")
    if isinstance(field, TextArea):
        field.text = text
    else:
        assert isinstance(field, Input)
        field.value = text


def seen(app: SeatApp) -> str:
    """Return what is on the screen, as text."""
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


def flowing(app: SeatApp) -> str:
    """Return what is on the screen as running text, without frames."""
    return " ".join(seen(app).replace("│", " ").split())


def told(app: SeatApp) -> list[str]:
    """Return what was notified."""
    return [str(one.message) for one in app._notifications]


def forget(app: SeatApp) -> None:
    """Let go of what was notified."""
    app.clear_notifications()


def dos(link: Linked) -> list[str]:
    """Return what was done in a room, without the clock."""
    return [act.do for act in link.room.drill.acts() if act.do != "clock"]
