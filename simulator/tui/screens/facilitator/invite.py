"""How to join, in large: the address, the code, and a QR code to hold a telephone to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from textual.app import ComposeResult

from simulator.tui.dialogs.dialog import Dialog
from simulator.tui.panes.wording import line, paragraphs, text_of
from simulator.tui.panes.words import Words
from simulator.tui.screens.facilitator.page import MUTED

_HERE = Path(__file__).parent


class InviteDialog(Dialog):
    """The invitation of participants to a team, as the host words it."""

    # Textual looks for a stylesheet beside the class that inherits it.
    CSS_PATH = [  # type: ignore[assignment]
        _HERE.parents[1] / "dialogs/dialog.tcss",
        _HERE / "invite.tcss",
    ]
    FOOT = "Escape closes this. Other roles have codes of their own."

    def __init__(self, team: str, invitation: Mapping[str, Any], code: str) -> None:
        """Show an invitation: its address, the port for SSH if there is one, a QR code."""
        super().__init__()
        self._team, self._invitation, self._code = team, invitation, code

    def heading(self) -> str:
        """Return the title."""
        return f"Join the team {line(self._team, 40)} as participant"

    def body(self) -> ComposeResult:
        """Show the ways in."""
        url, ssh = line(str(self._invitation.get("url", ""))), self._invitation.get("ssh")
        host = urlsplit(url).hostname or "127.0.0.1"
        yield Words(text_of((f"{url}   ", "bold"), (self._code, "bold $text-accent")))
        if ssh:
            yield Words(text_of((f"ssh participant@{host} -p {ssh}, with this code", MUTED)))
        yield Words(paragraphs(str(self._invitation.get("qr", ""))), id="qr")
