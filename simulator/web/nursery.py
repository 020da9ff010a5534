"""The nursery: a process that has everything imported and folded, and forks seats on demand.

A seat that is forked here has the exercise as it is at that moment, and paints at once. The
nursery has no event loop and no threads, so that a fork is safe.
"""

from __future__ import annotations

import contextlib
import gc
import json
import logging
import math
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Mapping
from typing import Any

from simulator.exercise import acts as a
from simulator.session.following import Following
from simulator.web.frames import MESSAGE, Frames, message
from simulator.web.warming import rehearse

LARGEST_ORDER = 64 * 1024

GARBAGE = (20_000, 10, 10)
"""When garbage is collected, in a seat too: a frame makes many small things, and few cycles."""

QUIET = 3.0
"""Seconds after the beginning from which a quiet moment is used for the rehearsal."""

log = logging.getLogger("tabletop.nursery")


class Nursery:
    """The exercises that are followed, and the seats that were forked."""

    def __init__(self, stream: socket.socket, orders: socket.socket) -> None:
        """`stream` brings the records and the time, `orders` asks for seats."""
        self._stream, self._orders = stream, orders
        self._frames, self._order_frames = Frames(), Frames()
        self._given: list[int] = []
        self._followings: dict[str, Following] = {}
        self._asked: list[tuple[socket.socket, dict[str, Any]]] = []
        self._rehearse_at = math.inf

    def run(self) -> None:
        """Follow and fork until the service is gone."""
        _import_everything()
        gc.set_threshold(*GARBAGE)
        while True:
            ready, _, _ = select.select([self._stream, self._orders], [], [], 1.0)
            self._reap()
            if time.monotonic() > self._rehearse_at and self._orders not in ready:
                self._rehearse()
            # The records first: a seat then has what was stored before it was asked for.
            if self._stream in ready and not self._follow():
                return
            if self._orders in ready and not self._fork():
                return

    def _follow(self) -> bool:
        data = self._stream.recv(1 << 20)
        for kind, content in self._frames.feed(data):
            if kind == MESSAGE:
                self._hear(json.loads(content))
        self._serve()
        return bool(data)

    def _hear(self, said: Mapping[str, Any]) -> None:
        exercise = str(said.get("x", ""))
        following = self._followings.get(exercise)
        match said.get("t"):
            case "records" if following is None:
                if said["after"] == 0:
                    if not self._followings:
                        self._rehearse_at = time.monotonic() + QUIET
                    self._followings[exercise] = Following.of(said["bodies"])
                    gc.collect()
                    gc.freeze()
            case "records":
                assert following is not None
                for seq, body in enumerate(said["bodies"], said["after"] + 1):
                    following.take(seq, a.read_act(body), body)
            case "now" if following is not None:
                following.until(int(said["now"]))
            case "forget":
                self._followings.pop(exercise, None)

    def _rehearse(self) -> None:
        """Show a console to nobody, while people gather and nobody waits for one."""
        self._rehearse_at = math.inf
        following = next(iter(self._followings.values()), None)
        if following is not None:
            rehearse(following.bodies)
            gc.collect()
            gc.freeze()

    def _fork(self) -> bool:
        data, descriptors, _, _ = socket.recv_fds(self._orders, LARGEST_ORDER, 8)
        self._given += descriptors
        for _, asked in self._order_frames.feed(data):
            self._asked.append((socket.socket(fileno=self._given.pop(0)), json.loads(asked)))
        self._serve()
        return bool(data)

    def _serve(self) -> None:
        """Fork the seats that were asked for, once their exercises have been heard of."""
        for link, asked in list(self._asked):
            if not asked["seats"].keys() <= self._followings.keys():
                continue
            self._asked.remove((link, asked))
            process = os.fork()
            if process == 0:
                self._become_a_seat(link, asked)
            link.close()
            self._orders.sendall(message({"n": asked["n"], "process": process}))

    def _become_a_seat(self, link: socket.socket, asked: Mapping[str, Any]) -> None:
        try:
            self._stream.close()
            self._orders.close()
            from simulator.web.seat_process import run_seat

            run_seat(link, asked, self._followings)
        except BaseException:
            log.exception("a seat could not begin")
        finally:
            os._exit(1)

    @staticmethod
    def _reap() -> None:
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG) != (0, 0):
                pass


def _import_everything() -> None:
    """Import what a seat needs, once for all of them."""
    import simulator.assessment
    import simulator.tui.dialogs.choice
    import simulator.tui.dialogs.help_asked
    import simulator.tui.dialogs.menu
    import simulator.tui.dialogs.team
    import simulator.tui.dialogs.template
    import simulator.tui.panes.alerts
    import simulator.tui.panes.comms
    import simulator.tui.panes.logs
    import simulator.tui.panes.runbook
    import simulator.tui.panes.terminal
    import simulator.tui.screens.drill
    import simulator.tui.screens.facilitator
    import simulator.tui.screens.lobby
    import simulator.tui.screens.team_hotwash
    import simulator.tui.screens.team_result
    import simulator.web.seat_process  # noqa: F401


def main() -> None:
    """Run as a child of a service, which gives two sockets by their numbers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s")
    stream, orders = (socket.socket(fileno=int(number)) for number in sys.argv[1:3])
    with contextlib.suppress(ConnectionError):
        Nursery(stream, orders).run()


if __name__ == "__main__":
    main()
