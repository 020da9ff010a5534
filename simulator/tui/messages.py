"""What the parts of the drill screen tell each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual.message import Message
from textual.widget import Widget


class ActProposed(Message):
    """Somebody wants to do something; whether it is done is answered to the `origin`."""

    def __init__(self, origin: Widget, do: str, **fields: Any) -> None:
        super().__init__()
        self.origin = origin
        self.do = do
        self.fields: Mapping[str, Any] = fields


class ActTaken(Message):
    """An act that was proposed is done, and kept."""

    bubble = False

    def __init__(self, do: str, fields: Mapping[str, Any]) -> None:
        super().__init__()
        self.do = do
        self.fields = fields


class ActRefused(Message):
    """An act that was proposed could not be done: what was typed must stay."""

    bubble = False

    def __init__(self, do: str, fields: Mapping[str, Any], why: str) -> None:
        super().__init__()
        self.do = do
        self.fields = fields
        self.why = why


class CommandChosen(Message):
    """A step's command should stand at the terminal's prompt."""

    def __init__(self, line: str) -> None:
        super().__init__()
        self.line = line


class RunbookChosen(Message):
    """A runbook should be opened: at a step, at a section's anchor, or at its beginning."""

    def __init__(self, runbook: str, place: str = "") -> None:
        super().__init__()
        self.runbook = runbook
        self.place = place


class DashboardChosen(Message):
    """A dashboard should be opened."""

    def __init__(self, dashboard: str) -> None:
        super().__init__()
        self.dashboard = dashboard


class PaneChosen(Message):
    """Another pane should be shown."""

    def __init__(self, pane: str) -> None:
        super().__init__()
        self.pane = pane


class StepConfused(Message):
    """Somebody wants to say that a step confuses them."""

    def __init__(self, step: str) -> None:
        super().__init__()
        self.step = step


class TemplateAsked(Message):
    """A message should be written by a template, into a channel."""

    def __init__(self, channel: str, template: str = "") -> None:
        super().__init__()
        self.channel = channel
        self.template = template


class MenuAsked(Message):
    """The menu of actions should be shown."""
