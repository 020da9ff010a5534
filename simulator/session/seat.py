"""What a console holds: an exercise to show, and the way to propose acts.

`Console` is what screens know. A `Drill` is one, for somebody who plays alone. A `SeatDrill` is
one in a seat's own process: it folds what the host tells, and writes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from simulator.content.roles import kind_of
from simulator.exercise import acts as a
from simulator.exercise.digest import digest
from simulator.exercise.door import Refused
from simulator.exercise.fold import Exercise
from simulator.journal import StoreAway
from simulator.session.drill import new_key
from simulator.session.following import Following

LOOKING = frozenset({"view", "logs", "read", "search"})
"""Acts of looking: those who do not take part look without leaving a trace in the exercise."""

UNSEEN = LOOKING | {"clock", "join"}
"""Acts that change nothing on the screens of those who play: no need to draw them at once."""


class Console(Protocol):
    """What a screen holds of an exercise, and by which seat it acts."""

    exercise_id: str
    seat: str

    @property
    def exercise(self) -> Exercise:
        """The exercise, folded up to now."""
        ...

    @property
    def running(self) -> bool:
        """Whether simulated time is passing."""
        ...

    async def elapse(self, wall: float) -> bool:
        """Let wall time pass; return whether what is shown may have changed."""
        ...

    async def take(self, do: str, key: str | None = None, **fields: Any) -> a.AnyAct:
        """Take an act. Raises Refused, JournalError."""
        ...

    def acts(self) -> list[a.AnyAct]:
        """Return all acts so far."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class SeatDrill:
    """An exercise as one seat has it, in a process of its own that the host feeds."""

    def __init__(
        self,
        exercise_id: str,
        seat: str,
        following: Following,
        send: Callable[[dict[str, Any]], None],
    ) -> None:
        self.exercise_id = exercise_id
        self.seat = seat
        self.fault = ""
        """Why acts cannot be stored at the moment; empty while they can."""
        self.people: list[dict[str, Any]] = []
        self._following = following
        self._send = send
        self._proposed: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._number = 0
        self._moved = True
        self._looking = ""
        self.listeners: list[Callable[[], None]] = []
        """Told when something other than time has changed."""

    def hello(self) -> None:
        """Ask for the records that are not folded yet."""
        self._send({"t": "hello", "x": self.exercise_id, "seq": self._following.seq})

    @property
    def exercise(self) -> Exercise:
        """The exercise, folded up to now."""
        return self._following.exercise

    @property
    def role(self) -> str:
        """The role that this seat has now."""
        return self.exercise.state.roles.get(self.seat, "")

    @property
    def seq(self) -> int:
        """The number of the last record that is folded."""
        return self._following.seq

    @property
    def bodies(self) -> list[str]:
        """The bodies of all records that are folded, in order."""
        return self._following.bodies

    @property
    def running(self) -> bool:
        """Whether simulated time is passing."""
        return not (self.exercise.state.paused or self.exercise.over)

    async def elapse(self, wall: float) -> bool:
        """Return whether anything has changed since the last call; the host tells the time."""
        moved, self._moved = self._moved, False
        return moved

    async def take(self, do: str, key: str | None = None, **fields: Any) -> a.AnyAct:
        """Propose an act and return it as it was taken, once it is durable and folded.

        Raises Refused when it cannot be taken, StoreAway when it could not be stored: then it may
        have been, and the same key can be tried again.
        """
        if do in LOOKING and kind_of(self.role) != "participant":
            return a.read_act({"at": self.exercise.state.now, "by": self.seat, "do": do, **fields})
        self._number += 1
        number = self._number
        answered: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._proposed[number] = answered
        self._send(
            {
                "t": "propose", "x": self.exercise_id, "n": number, "key": key or new_key(),
                "do": do, "fields": fields,
            }
        )  # fmt: skip
        try:
            answer = await answered
        finally:
            self._proposed.pop(number, None)
        if "body" in answer:
            return a.read_act(answer["body"])
        if answer.get("again"):
            raise StoreAway("the exercise's store", str(answer["why"]).rstrip("."))
        raise Refused(str(answer.get("why", "That could not be done.")))

    def receive(self, message: Mapping[str, Any]) -> None:
        """Take what the host tells of this exercise."""
        match message.get("t"):
            case "records":
                self._records(int(message["after"]), message["bodies"])
            case "now":
                self._moved = self._following.until(int(message["now"])) or self._moved
            case "answer":
                answered = self._proposed.get(message["n"])
                if answered is not None and not answered.done():
                    answered.set_result(dict(message))
            case "people":
                self.people = list(message["people"])
                if kind_of(self.role) != "participant":
                    self._changed()
            case "ping":
                self._send({"t": "pong", "x": self.exercise_id})
            case "store":
                self.fault = str(message["fault"])
                self._changed()

    def _records(self, after: int, bodies: list[str]) -> None:
        if after > self.seq:
            self.hello()  # some were missed
            return
        acts = [a.read_act(body) for body in bodies]
        for seq, (act, body) in enumerate(zip(acts, bodies, strict=True), after + 1):
            self._following.take(seq, act, body)
        self._moved = self._moved or bool(acts)
        if any(self._shows(act) for act in acts):
            self._changed()
        if acts and (self.exercise.state.paused or self.exercise.over):
            self._stand()

    def _shows(self, act: a.AnyAct) -> bool:
        gathering = not self.exercise.state.started
        return act.do not in UNSEEN or (act.do == "join" and gathering)

    def _changed(self) -> None:
        self._moved = True
        for listener in self.listeners:
            listener()

    def looks_at(self, what: str) -> None:
        """Say what this seat looks at, for the facilitator."""
        if what != self._looking:
            self._looking = what
            self._stand()

    def _stand(self) -> None:
        """Say where this console stands, so that the host sees whether it is in step."""
        quiet = self.exercise.state.paused or self.exercise.over
        self._send(
            {
                "t": "looking", "x": self.exercise_id, "at": self._looking, "seq": self.seq,
                "now": self.exercise.state.now,
                "digest": digest(self.exercise) if quiet else "",
            }
        )  # fmt: skip

    def acts(self) -> list[a.AnyAct]:
        """Return all acts so far."""
        return [a.read_act(body) for body in self.bodies]

    def close(self) -> None:
        """There is nothing to let go of: the host has the journal."""


def moment_in_second(process: int) -> float:
    """Return when in each second a seat's process draws: seats that follow each other lie apart.

    A host tells all its seats the time at once; if all drew then, every key would wait for them.
    By the golden ratio any number of neighbours share a second evenly.
    """
    return process * 0.618033988749895 % 1.0
