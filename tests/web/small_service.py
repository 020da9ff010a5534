"""A service in memory: seats whose console shows what was typed, without processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulator.web.codes import Candidate, code_of, cookie_of, matching, seat_of_cookie
from simulator.web.joining import NotAdmitted, Ticket, Viewer
from simulator.web.limits import Attempts

SECRET = b"the secret of all small services"
EXERCISE = "e1"


@dataclass
class Console:
    """A seat's console: the text that was typed into it, and how it is shown."""

    name: str
    typed: str = ""
    size: tuple[int, int] = (0, 0)
    sizes: list[tuple[int, int]] = field(default_factory=list)
    terminal: Mapping[str, str] = field(default_factory=dict)
    viewer: Viewer | None = None
    attached: int = 0

    def paint(self) -> None:
        """Show everything anew."""
        if self.viewer is not None:
            lines = f"Seat of {self.name}\r\n> {self.typed}"
            self.viewer.write(f"\x1b[?1049h\x1b[H\x1b[2J{lines}".encode())


class Hold:
    """A viewer's hold on a console."""

    def __init__(self, console: Console, viewer: Viewer) -> None:
        self._console, self._viewer = console, viewer

    def input(self, data: bytes) -> None:
        """Type."""
        self._console.typed += data.decode()
        self._console.paint()

    def resize(self, width: int, height: int) -> None:
        """Change the size."""
        self._console.size = (width, height)
        self._console.sizes.append((width, height))

    def detach(self) -> None:
        """Let go."""
        if self._console.viewer is self._viewer:
            self._console.viewer = None


class SmallService:
    """One exercise with a code for participants and one for observers."""

    def __init__(self, attempts: Attempts | None = None) -> None:
        self.consoles: dict[str, Console] = {}
        self.generations = {"participant": 0, "observer": 0}
        self.attempts = attempts or Attempts(lambda: 0.0)
        self.addresses: list[str] = []
        self._roles: dict[str, str] = {}

    def code(self, role: str = "participant") -> str:
        """Return a role's code as it is now."""
        return code_of(SECRET, EXERCISE, role, self.generations[role])

    async def admit(self, code: str, name: str, address: str) -> Ticket:
        """Give a seat to who has a code."""
        self.addresses.append(address)
        wait = self.attempts.wait(address)
        if wait:
            raise NotAdmitted("Too many wrong codes from here. Wait a little.", wait)
        candidates = [Candidate(EXERCISE, *role) for role in self.generations.items()]
        found = matching(SECRET, code, candidates)
        if found is None:
            self.attempts.wrong(address)
            raise NotAdmitted("No exercise has this code. Look at it again.")
        seat = f"{found.role}-{len(self._roles) + 1}"
        self._roles[seat] = found.role
        self.consoles[seat] = Console(name)
        return self._ticket(seat)

    def _ticket(self, seat: str) -> Ticket:
        role = self._roles[seat]
        cookie = cookie_of(SECRET, EXERCISE, seat)
        name = self.consoles[seat].name
        return Ticket(EXERCISE, seat, role, name, cookie, role.title(), "The <slow> database")

    def ticket_of(self, cookie: str) -> Ticket | None:
        """Return the seat a cookie holds."""
        exercise, seat = seat_of_cookie(SECRET, cookie) or ("", "")
        return self._ticket(seat) if exercise == EXERCISE and seat in self._roles else None

    async def attach(
        self, ticket: Ticket, viewer: Viewer, width: int, height: int, terminal: Mapping[str, str]
    ) -> Hold:
        """Show a console."""
        console = self.consoles[ticket.seat]
        if console.viewer is not None:
            console.viewer.closed("Another window has taken this seat.")
        console.viewer, console.terminal = viewer, terminal
        console.attached += 1
        hold = Hold(console, viewer)
        hold.resize(width, height)
        console.paint()
        return hold

    def revoke(self, role: str) -> None:
        """Take a code back, and the seats that it opened."""
        self.generations[role] += 1
        for seat in [seat for seat, held in self._roles.items() if held == role]:
            viewer = self.consoles[seat].viewer
            del self._roles[seat]
            if viewer is not None:
                viewer.closed("The facilitator has taken this code back.")
