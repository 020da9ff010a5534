"""What happened when: production, what people were told, what each of them did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from simulator.assessment import Assessment
from simulator.exercise import acts as a
from simulator.exercise.wording import in_words
from simulator.review.wording import name_of

Lane = Literal["production", "alerts", "told", "people"]
Kind = Literal["", "look", "do", "say", "mark", "help", "lead"]
"""What an act was: a look, a change of production, a word, a tick, a call for help, or the
exercise being led."""

KINDS: Mapping[type[a.Act], Kind] = MappingProxyType(
    {
        a.Join: "",
        a.View: "look",
        a.Logs: "look",
        a.Search: "look",
        a.Command: "do",
        a.Do: "do",
        a.Acknowledge: "say",
        a.Post: "say",
        a.Declare: "say",
        a.Decide: "say",
        a.Ask: "say",
        a.Approve: "say",
        a.HandOver: "say",
        a.Tick: "mark",
        a.Skip: "help",
        a.Hint: "help",
        a.Reveal: "help",
        a.Confused: "help",
    }
)
"""All other acts lead the exercise; joining is told, and not drawn."""

_UNTOLD = (a.Clock, a.Open, a.Speed, a.Read, a.HotWash, a.Close, a.Ready, a.Revoke)
_LONG = 300


@dataclass(frozen=True)
class Moment:
    """One thing that happened, at seconds since T+0.

    `who` is the seat of a person's act. `key` says that it is told even where all would be too
    much to read.
    """

    at: int
    lane: Lane
    text: str
    who: str = ""
    kind: Kind = ""
    key: bool = True


def timeline(assessment: Assessment) -> list[Moment]:
    """Return everything that happened in play, in order of time."""
    moments = [*_production(assessment), *_told(assessment), *_acts(assessment)]
    return sorted(moments, key=lambda moment: moment.at)


def worth_reading(moments: list[Moment]) -> list[Moment]:
    """Return the moments themselves, or of very many those that tell the story."""
    return moments if len(moments) <= _LONG else [moment for moment in moments if moment.key]


def _production(assessment: Assessment) -> Iterator[Moment]:
    exercise = assessment.exercise
    alerts = {alert.id: alert.title for alert in exercise.system.alerts}
    causes = {cause.id: cause.title for cause in exercise.scenario.causes}
    for event in exercise.state.world.events:
        match event.kind:
            case "cause-began":
                text = f"began: {causes.get(event.subject, event.text)}"
            case "cause-ended":
                text = f"ended: {causes.get(event.subject, event.text)}"
            case "recovered":
                since = int(str(event.data["since"]))
                yield Moment(since, "production", "production recovered, and it held")
                continue
            case "relapsed":
                text = "production failed again"
            case "harm":
                text = f"harm ({event.data['level']}): {event.data['why']}"
            case "rule" if event.text:
                yield Moment(event.t, "production", event.text, key=False)
                continue
            case "alert-fired" | "alert-resolved":
                what = "fired" if event.kind == "alert-fired" else "resolved"
                title = alerts.get(event.subject, event.subject)
                yield Moment(event.t, "alerts", f"{what}: {title}")
                continue
            case _:
                continue
        yield Moment(event.t, "production", text)


def _told(assessment: Assessment) -> Iterator[Moment]:
    people = {person.id: person.name for person in assessment.exercise.system.people}
    titles = {channel.id: channel.title for channel in assessment.exercise.system.channels}
    for message in assessment.exercise.state.messages:
        if not message.from_player:
            sender = people.get(message.sender) or name_of(assessment, message.sender)
            where = titles.get(message.channel, message.channel)
            words = " ".join(message.text.split())
            yield Moment(message.at, "told", f"{sender} in {where}: {words}")


def _acts(assessment: Assessment) -> Iterator[Moment]:
    telling = {one.act for one in assessment.marks.steps if one.act is not None}
    telling |= {number for number, _ in assessment.evidence.harms}
    several = len({act.by for act in assessment.evidence.acts} - {a.HOST}) > 1
    for number, act in enumerate(assessment.evidence.acts):
        if isinstance(act, _UNTOLD) or (isinstance(act, a.Pause | a.Resume) and act.by == a.HOST):
            continue
        kind = KINDS.get(type(act), "lead")
        key = kind in ("say", "help", "lead") or number in telling
        named = several and act.by != a.HOST and not isinstance(act, a.Join)
        who = f"{name_of(assessment, act.by)} " if named else ""
        yield Moment(act.at, "people", who + in_words(act, assessment.exercise), act.by, kind, key)
