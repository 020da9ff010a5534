"""What runs in a seat's process: the application of its role, fed by the host over one socket."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import socket
from collections.abc import Mapping
from itertools import count
from typing import Any

import textual.constants

from simulator.session.following import Following
from simulator.session.seat import SeatDrill
from simulator.tui.seat_app import SeatApp
from simulator.web.seat_driver import Link, SeatDriver

log = logging.getLogger("tabletop.seat")

FROM_THE_TERMINAL = ("TERM", "COLORTERM", "NO_COLOR", "TABLETOP_THEME")
"""What of a viewer's environment reaches its seat."""

SETTLED = 4.0
"""Seconds after which a console has built what it is made of."""

_FAULT = "This console has met a fault of the program. Nothing that was done is lost; come back."


class OrderRefused(Exception):  # noqa: N818
    """The host does not do what a facilitator asked for; the text says why."""


class Seat:
    """The drills of a seat, and its orders, over a link."""

    def __init__(self, seats: Mapping[str, str], followings: Mapping[str, Following]) -> None:
        self._link: Link | None = None
        self._followings = dict(followings)
        self._numbers = count(1)
        self._ordered: dict[int, asyncio.Future[Any]] = {}
        self.app: SeatApp | None = None
        self.drills = {x: self._drill(x, seat) for x, seat in seats.items()}

    def _drill(self, exercise: str, seat: str) -> SeatDrill:
        return SeatDrill(exercise, seat, self._followings[exercise], self._say)

    def _say(self, message: dict[str, Any]) -> None:
        assert self._link is not None
        self._link.say(message)

    def begin(self, link: Link) -> None:
        """Say hello for every exercise: what is not folded yet follows."""
        self._link = link
        for drill in self.drills.values():
            drill.hello()

    def hear(self, message: Mapping[str, Any]) -> None:
        """Take a message of the host's."""
        match message.get("t"):
            case "reply":
                self._reply(message)
            case "team":
                self._another(message)
            case _:
                drill = self.drills.get(str(message.get("x", "")))
                if drill is not None:
                    drill.receive(message)

    def _another(self, message: Mapping[str, Any]) -> None:
        """Take in the exercise of a further team."""
        exercise, seat = str(message["x"]), str(message["seat"])
        if exercise not in self.drills:
            self._followings[exercise] = Following.of(message["bodies"])
            drill = self.drills[exercise] = self._drill(exercise, seat)
            drill.hello()
            if self.app is not None:
                self.app.add(drill)

    def _reply(self, message: Mapping[str, Any]) -> None:
        ordered = self._ordered.pop(int(message["n"]), None)
        if ordered is None or ordered.done():
            return
        if "why" in message:
            ordered.set_exception(OrderRefused(str(message["why"])))
        else:
            ordered.set_result(message.get("value"))

    async def order(self, order: str, fields: Mapping[str, Any]) -> Any:
        """Ask the host for something that is no act; return its reply. Raises OrderRefused."""
        number = next(self._numbers)
        reply: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._ordered[number] = reply
        self._say({**fields, "t": "order", "n": number, "order": order})
        return await reply


def run_seat(
    link: socket.socket, asked: Mapping[str, Any], followings: Mapping[str, Following]
) -> None:
    """Run a seat until it leaves or its host is gone. `asked` is what the service asks for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    terminal = {key: str(value) for key, value in dict(asked["terminal"]).items()}
    for name in FROM_THE_TERMINAL:
        os.environ.pop(name, None)
        if name in terminal:
            os.environ[name] = terminal[name]
    true_colour = terminal.get("COLORTERM", "") in ("truecolor", "24bit")
    # Read when the application is made; no setting of Textual's says it per process.
    vars(textual.constants)["COLOR_SYSTEM"] = "truecolor" if true_colour else "256"
    seats = {x: seat for x, seat in asked["seats"].items() if x in followings}
    try:
        asyncio.run(_run(link, Seat(seats, followings), asked))
    except Exception:
        log.exception("a seat has failed")
        os._exit(1)
    os._exit(0)


def _settle() -> None:
    """Spare the collector of garbage what lives as long as the console: its keys wait for it."""
    gc.collect()
    gc.freeze()
    gc.enable()


async def _run(link: socket.socket, seat: Seat, asked: Mapping[str, Any]) -> None:
    SeatDriver.link = connection = await Link.over(link, seat.hear)
    theme = {"light": "tabletop-light", "dark": "tabletop-dark"}
    words: list[str] = []
    app = SeatApp(
        list(seat.drills.values()),
        seat.order,
        words.append,
        theme.get(os.environ.get("TABLETOP_THEME", ""), ""),
    )
    app.driver_class = SeatDriver
    seat.app = app
    seat.begin(connection)
    gc.disable()  # until there is garbage to speak of: the first frame is waited for
    asyncio.get_running_loop().call_later(SETTLED, _settle)
    await app.run_async(size=(asked["width"], asked["height"]))
    failed = app.return_code not in (None, 0)
    connection.leave(_FAULT if failed else next(iter(words), ""))
    await connection.close()
