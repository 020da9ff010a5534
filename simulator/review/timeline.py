"""What happened when: production, what people were told, what they did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from simulator.assessment import Assessment
from simulator.exercise import acts as a
from simulator.exercise.wording import in_words

LANES = ("production", "alerts", "told", "acts", "said")
"""Production; alerts; injects and answers; what people did; what people said."""

_UNTOLD = (a.Clock, a.Open, a.Speed, a.Read, a.HotWash, a.Close)


@dataclass(frozen=True)
class Moment:
    """One thing that happened, at seconds since T+0, in one lane."""

    at: int
    lane: str
    text: str


def timeline(assessment: Assessment) -> list[Moment]:
    """Return everything that happened in play, in order of time."""
    moments = [*_production(assessment), *_told(assessment), *_acts(assessment)]
    return sorted(moments, key=lambda moment: moment.at)


def _production(assessment: Assessment) -> Iterator[Moment]:
    exercise = assessment.exercise
    alerts = {alert.id: alert.title for alert in exercise.system.alerts}
    causes = {cause.id: cause.title for cause in exercise.scenario.causes}
    for event in exercise.state.world.events:
        if event.kind == "cause-began":
            yield Moment(event.t, "production", f"began: {causes.get(event.subject, event.text)}")
        elif event.kind == "cause-ended":
            yield Moment(event.t, "production", f"ended: {causes.get(event.subject, event.text)}")
        elif event.kind == "recovered":
            since = int(str(event.data["since"]))
            yield Moment(since, "production", "production recovered, and it held")
        elif event.kind == "relapsed":
            yield Moment(event.t, "production", "production failed again")
        elif event.kind == "harm":
            yield Moment(
                event.t, "production", f"harm ({event.data['level']}): {event.data['why']}"
            )
        elif event.kind == "alert-fired":
            yield Moment(event.t, "alerts", f"fired: {alerts.get(event.subject, event.subject)}")
        elif event.kind == "alert-resolved":
            yield Moment(event.t, "alerts", f"resolved: {alerts.get(event.subject, event.subject)}")


def _told(assessment: Assessment) -> Iterator[Moment]:
    people = {person.id: person.name for person in assessment.exercise.system.people}
    for message in assessment.exercise.state.messages:
        if not message.from_player:
            sender = people.get(message.sender, message.sender)
            words = " ".join(message.text.split())
            yield Moment(message.at, "told", f"{sender} in {message.channel}: {words}")


def _acts(assessment: Assessment) -> Iterator[Moment]:
    for act in assessment.evidence.acts:
        if isinstance(act, _UNTOLD):
            continue
        lane = "said" if isinstance(act, a.Post | a.Declare | a.Decide | a.Confused) else "acts"
        yield Moment(act.at, lane, in_words(act))
