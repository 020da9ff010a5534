"""Roles: what people in an exercise see and may do, ours and those that a system declares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Literal

from pydantic import Field, model_validator

from simulator.content.base import Document, Line, Name, Text

Power = Literal["command", "act", "acknowledge", "declare", "decide", "tick", "hint"]
"""Type into the shell, do actions from menus, acknowledge alerts, declare the severity, take
decisions, tick steps and give them up, ask for hints and solutions."""

Kind = Literal["participant", "facilitator", "evaluator", "observer"]
PaneName = Literal["dashboards", "alerts", "logs", "terminal", "comms", "runbook"]
ChannelKind = Literal["chat", "email", "status-page", "pager"]

POWERS: tuple[Power, ...] = (
    "command", "act", "acknowledge", "declare", "decide", "tick", "hint",
)  # fmt: skip
PANES: tuple[PaneName, ...] = ("dashboards", "alerts", "logs", "terminal", "comms", "runbook")
CHANNEL_KINDS: tuple[ChannelKind, ...] = ("chat", "email", "status-page", "pager")


class Role(Document):
    """A role of participants: what it sees, and what it may do.

    A power that nobody in the exercise holds falls to every participant, so that a small team
    is never stuck.
    """

    id: Name
    title: Line
    about: Text | None = None
    sees: list[PaneName] = Field(default=list(PANES), min_length=1)
    may: list[Power] = list(POWERS)
    posts: list[ChannelKind] = Field(
        default=list(CHANNEL_KINDS), description="Kinds of channels it may write to."
    )
    audiences: list[Name] = Field(default=[], description="Audiences it may write to; none: all.")
    actions: list[Name] = Field(default=[], description="Actions it may do; none: all.")


class Approval(Document):
    """What needs a second person's word. Exactly one of the kinds."""

    action: Name | None = Field(default=None, description="An action, by a command or a menu.")
    audience: Name | None = Field(default=None, description="A message to an audience.")
    by: list[Name] = Field(min_length=1, description="The roles that may give it.")

    @model_validator(mode="after")
    def _one_kind(self) -> Approval:
        if (self.action is None) == (self.audience is None):
            raise ValueError("give one of `action` and `audience`")
        return self


def _ours() -> Iterable[Role]:
    yield Role(id="participant", title="Participant", about="Sees everything, may do everything.")
    yield Role(
        id="incident-commander",
        title="Incident commander",
        about="Leads: declares the severity, takes the decisions, gives out the work.",
        sees=["dashboards", "alerts", "logs", "comms", "runbook"],
        may=["acknowledge", "declare", "decide", "tick", "hint"],
    )
    yield Role(
        id="operations-lead",
        title="Operations lead",
        about="Hands on production: looks, types, mends.",
        may=["command", "act", "acknowledge", "tick", "hint"],
        posts=["chat", "pager"],
    )
    yield Role(
        id="communications-lead",
        title="Communications lead",
        about="Speaks to those outside: customers, management, the status page.",
        sees=["dashboards", "alerts", "comms", "runbook"],
        may=["tick", "hint"],
    )
    yield Role(
        id="scribe",
        title="Scribe",
        about="Writes down what is done, and ticks it in the runbook.",
        sees=["dashboards", "alerts", "logs", "comms", "runbook"],
        may=["tick", "hint"],
        posts=["chat"],
    )


OURS: Mapping[str, Role] = MappingProxyType({role.id: role for role in _ours()})

STAFF: Mapping[str, tuple[Kind, str]] = MappingProxyType(
    {
        "facilitator": ("facilitator", "Facilitator"),
        "evaluator": ("evaluator", "Evaluator"),
        "observer": ("observer", "Observer"),
    }
)
"""Seats of those who do not take part: their kind and title."""


def roles_of(declared: Iterable[Role]) -> dict[str, Role]:
    """Return the roles of participants by id: ours, and a system's own over them."""
    return {**OURS, **{role.id: role for role in declared}}


def kind_of(role: str) -> Kind:
    """Return what kind of seat a role is; a role of participants where it is none of ours."""
    return STAFF[role][0] if role in STAFF else "participant"


def title_of(role: str, declared: Iterable[Role] = ()) -> str:
    """Return a role's title, for people."""
    if role in STAFF:
        return STAFF[role][1]
    known = roles_of(declared).get(role)
    return known.title if known else role
