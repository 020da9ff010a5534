"""What a door (browser, SSH, local socket) and the service behind it know of each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

WRONG = "No exercise here has this code. Look at it again, or ask your facilitator."


class NotAdmitted(Exception):  # noqa: N818
    """Somebody may not come in: `text` says why, `retry_after` in how many seconds to try again."""

    def __init__(self, text: str, retry_after: float = 0.0) -> None:
        self.text = text
        self.retry_after = retry_after
        super().__init__(text)


@dataclass(frozen=True)
class Ticket:
    """A seat of an exercise, for the one who holds the cookie."""

    exercise: str
    seat: str
    role: str
    name: str
    cookie: str
    title: str = ""
    """The role's title."""
    scenario: str = ""
    """The scenario's title."""


class Viewer(Protocol):
    """Whatever shows a seat: a browser's window, an SSH channel, a terminal."""

    def write(self, data: bytes) -> None:
        """Show terminal output."""

    def closed(self, why: str) -> None:
        """Say that the seat is shown here no longer, and why."""

    @property
    def backlog(self) -> int:
        """Bytes that were written and have not left yet."""


class Attachment(Protocol):
    """A viewer's hold on a seat."""

    def input(self, data: bytes) -> None:
        """Give the console what was typed."""

    def resize(self, width: int, height: int) -> None:
        """Give the console another size."""

    def detach(self) -> None:
        """Let go; the seat lives on for a while."""


class Service(Protocol):
    """What hosts exercises."""

    async def admit(self, code: str, name: str, address: str) -> Ticket:
        """Return the seat of somebody who gives a code and a name. Raises NotAdmitted."""

    def ticket_of(self, cookie: str) -> Ticket | None:
        """Return the seat that a cookie holds, None where it holds none (any more)."""

    async def attach(
        self, ticket: Ticket, viewer: Viewer, width: int, height: int, terminal: Mapping[str, str]
    ) -> Attachment:
        """Show a seat to a viewer, in place of the one that showed it before."""
