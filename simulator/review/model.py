"""The report as plain data: the one model that every form is written from.

What stands here is what `--format json` prints and what a team's own templates may use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import simulator
from simulator.assessment import Assessment, LineKind
from simulator.assessment.judgement import JUDGEMENT, table
from simulator.content.pack import Pack
from simulator.content.roles import kind_of
from simulator.exercise import acts as a
from simulator.exercise.powers import ANONYMOUS, role_title
from simulator.review.areas import Area, areas
from simulator.review.axis import Axis
from simulator.review.compared import Compared
from simulator.review.drawing import axis_of, moments_of
from simulator.review.figures import figures, number
from simulator.review.judged import overruled, unconfirmed
from simulator.review.metrics import key_metrics
from simulator.review.stepmap import step_map
from simulator.review.strengths import strengths
from simulator.review.timeline import Moment, timeline
from simulator.review.wording import name_of, with_titles

MODEL_VERSION = 1
"""Goes up when a key of the model changes its meaning or goes."""

QUESTIONS = (("went-well", "What went well?"), ("confused", "What confused you?"))


@dataclass(frozen=True)
class Planned:
    """A corrective action of the improvement plan. Dates are in ISO form, "" where not yet set.

    `area` is the key of the area for improvement that it belongs to.
    """

    area: str
    action: str
    owner: str = ""
    start: str = ""
    due: str = ""
    status: str = ""
    element: str = ""


@dataclass(frozen=True)
class Source:
    """What a report is made from; `digest` is the journal's.

    All of it is in the exercise's file, but for the plan and what other exercises showed of steps
    that were revised, so the file reports the same anywhere.
    """

    exercise_id: str
    assessment: Assessment
    plan: Sequence[Planned] = ()
    digest: str = ""
    revised: Sequence[Compared] = ()


def model(source: Source, moments: Sequence[Moment] | None = None) -> dict[str, Any]:
    """Return the report as plain data. Times are seconds of simulated time since T+0.

    `moments` is the exercise's timeline, where it is known already.
    """
    assessment = source.assessment
    moments = timeline(assessment) if moments is None else moments
    found = areas(assessment)
    numbers = figures(source.exercise_id, assessment)
    strong = [asdict(one) for one in strengths(assessment)]
    weak = [_area(count, area) for count, area in enumerate(found, 1)]
    return {
        "model": MODEL_VERSION,
        "written_by": f"Tabletop {simulator.__version__}",
        **numbers,
        "rating_words": assessment.marks.rating.words,
        "rating_why": with_titles(assessment.exercise.pack, assessment.marks.reason),
        "harm_lost": number(_lost_by_harm(assessment)),
        "unconfirmed": unconfirmed(assessment),
        "unconfirmed_words": _in_words(unconfirmed(assessment)),
        "overruled": list(overruled(assessment)),
        "overview": overview(source),
        "participants": list(participants(assessment)),
        "strengths": strong,
        "areas": weak,
        "analysis": list(_analysis(numbers["objectives"], strong, weak)),
        "map": step_map(assessment),
        "plan": list(_plan(found, source.plan)),
        "revised": [asdict(one) for one in source.revised],
        "notes": list(_notes(assessment)),
        "moments": [{"name": name, "at": at} for name, at in moments_of(assessment)],
        "metrics": list(_metrics(assessment, axis_of(assessment, moments))),
        "timeline": [dict(vars(moment)) for moment in moments],
        "communications": list(communications(assessment)),
        "flags": [asdict(flag) for flag in assessment.exercise.state.flags],
        "hotwash": list(_hotwash(assessment)),
        "causes": list(_causes(assessment)),
        "fixes": [fix.title for fix in assessment.exercise.scenario.fixes],
        "red_herrings": list(_herrings(assessment)),
        "production": production(assessment),
        "judgement": [[name, value] for name, value in table(JUDGEMENT)],
        "journal": {"acts": len(assessment.evidence.acts), "digest": source.digest},
    }


def _in_words(missing: Sequence[str]) -> str:
    """Return what nobody has rated yet in words: the whole, and so many objectives."""
    count = sum(1 for one in missing if one)
    objectives = f"{count} objective{'s' * (count > 1)}" if count else ""
    whole = "the exercise as a whole" if "" in missing else ""
    return " and ".join(part for part in (whole, objectives) if part)


def _lost_by_harm(assessment: Assessment) -> Fraction:
    """Return the points that harm took, and those of a run in which no required step was done."""
    kinds = (LineKind.HARM, LineKind.NOTHING_DONE)
    lost = (line.lost for line in assessment.marks.lines if line.kind in kinds)
    return sum(lost, Fraction(0))


def overview(source: Source) -> dict[str, Any]:
    """Return what the first table of a report says."""
    exercise = source.assessment.exercise
    scenario, opening = exercise.scenario, exercise.opening
    return {
        "name": scenario.title,
        "hash": opening.hashes.get(f"scenarios/{opening.scenario}.yaml", ""),
        "team": opening.team,
        "played": played(source.assessment),
        "starts": f"{_instant(scenario.starts):%Y-%m-%d %H:%M} UTC",
        "system": exercise.system.title,
        "summary": " ".join(scenario.summary.split()),
        "role": scenario.role,
        "continued_from": opening.fork,
        "runbooks": [
            {
                "name": name,
                "title": _title_of(exercise.pack, name, file),
                "file": file,
                "hash": opening.hashes.get(file, ""),
            }
            for name in scenario.runbooks
            for file in [f"runbooks/{exercise.pack.system_name}/{name}.md"]
        ],
    }


_PLAIN_TITLE = re.compile(r"\A(?:---\n.*?\n---\n)?\s*# ([\w ,.:-]+)\n", re.DOTALL)


def _title_of(pack: Pack, name: str, file: str) -> str:
    """Return a runbook's title; a plain one at its beginning without reading the whole."""
    plain = _PLAIN_TITLE.match(pack.texts.get(file, ""))
    return plain[1].strip() if plain else pack.runbooks[name].title


def played(assessment: Assessment) -> str:
    """Return when the exercise was played, in ISO form, UTC; "" where no clock was written down."""
    walls = (one.wall for one in assessment.evidence.acts if isinstance(one, a.Paced))
    wall = next((wall for wall in walls if wall), 0)
    if wall:
        return datetime.fromtimestamp(wall // 1000, UTC).isoformat(timespec="seconds")
    return ""


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)


def utc(assessment: Assessment, at: int) -> datetime:
    """Return a simulated moment as a time of the scenario's day."""
    starts = _instant(assessment.exercise.scenario.starts)
    return datetime.fromtimestamp(starts.timestamp() + at, UTC)


def participants(assessment: Assessment) -> Iterator[dict[str, Any]]:
    """Yield everybody who joined or acted, with role and kind, in the order in which they came."""
    exercise = assessment.exercise
    state = exercise.state
    acted = [act.by for act in assessment.evidence.acts]
    for seat in dict.fromkeys([*state.seats, *acted]):
        if seat == a.HOST or seat.startswith(ANONYMOUS):
            continue
        role = state.roles.get(seat, "")
        yield {
            "seat": seat,
            "name": name_of(assessment, seat),
            "role": role_title(exercise, seat) if exercise.team else exercise.scenario.role,
            "kind": kind_of(role) if exercise.team else "participant",
        }


def _area(count: int, area: Area) -> dict[str, Any]:
    return {
        **asdict(area),
        "number": count,
        "lost": number(area.lost),
        "lost_exact": str(area.lost),
    }


def _analysis(
    objectives: Sequence[dict[str, Any]],
    strong: Sequence[dict[str, Any]],
    weak: Sequence[dict[str, Any]],
) -> Iterator[dict[str, Any]]:
    """Yield strengths and areas by objective, and last those that belong to none."""
    known = [{"objective": "", "text": "Beside the objectives", "proposed": ""}]
    for one in [*objectives, *known]:
        name = one["objective"]
        group = {
            "objective": name,
            "text": one["text"],
            "proposed": one["proposed"],
            "strengths": [strength for strength in strong if strength["objective"] == name],
            "areas": [area for area in weak if area["objective"] == name],
        }
        if name or group["strengths"] or group["areas"]:
            yield group


def _plan(found: Sequence[Area], actions: Sequence[Planned]) -> Iterator[dict[str, Any]]:
    """Yield the improvement plan: each area's actions, an empty one where there is none yet."""
    numbers = {area.key: count for count, area in enumerate(found, 1)}
    titles = {area.key: area.title for area in found}
    empty = [Planned(area.key, "") for area in found]
    given = {one.area for one in actions}
    wanted = [*actions, *(one for one in empty if one.area not in given)]
    for one in sorted(wanted, key=lambda one: numbers.get(one.area, len(numbers) + 1)):
        yield {
            **asdict(one),
            "number": numbers.get(one.area),
            "title": titles.get(one.area, one.area),
        }


def _notes(assessment: Assessment) -> Iterator[dict[str, Any]]:
    for note in assessment.exercise.state.notes:
        yield {
            "at": note.at,
            "by": name_of(assessment, note.seat),
            "kind": note.kind,
            "about": with_titles(assessment.exercise.pack, note.about),
            "text": note.text,
        }


def _metrics(assessment: Assessment, axis: Axis) -> Iterator[dict[str, Any]]:
    """Yield the key metrics with their values, about sixty of each."""
    exercise = assessment.exercise
    world, state = exercise.world, exercise.state.world
    step = max(1, (axis.end - axis.begin) // 60)
    seconds = range(axis.begin, axis.end + 1, step)
    known = {metric.id: metric for metric in exercise.system.metrics}
    for name in key_metrics(assessment):
        metric = known[name]
        yield {
            "metric": name,
            "title": metric.title,
            "unit": metric.unit,
            "since": axis.begin,
            "step": step,
            "values": [round(world.value(state, name, at), metric.decimals) for at in seconds],
            "healthy": [round(world.healthy(name, at), metric.decimals) for at in seconds],
        }


def communications(assessment: Assessment) -> Iterator[dict[str, Any]]:
    """Yield every message that people wrote, and those of simulated people that were no injects."""
    exercise = assessment.exercise
    people = {person.id: person.name for person in exercise.system.people}
    channels = {channel.id: channel for channel in exercise.system.channels}
    templates = {template.id: template.title for template in exercise.system.templates}
    for message in exercise.state.messages:
        if message.inject:
            continue
        channel = channels.get(message.channel)
        sender = message.sender
        yield {
            "at": message.at,
            "channel": channel.title if channel else message.channel,
            "audience": exercise.audience(message.channel),
            "from": name_of(assessment, sender)
            if message.from_player
            else people.get(sender, sender),
            "simulated": not message.from_player,
            "template": templates.get(message.template, message.template),
            "text": message.text,
        }


def _hotwash(assessment: Assessment) -> Iterator[dict[str, Any]]:
    state = assessment.exercise.state
    asked = dict(QUESTIONS) | {one.id: one.text for one in assessment.exercise.scenario.debrief}
    for seat in dict.fromkeys([*state.hotwash, *state.confidence]):
        answers = state.hotwash.get(seat, {})
        yield {
            "by": name_of(assessment, seat),
            "answers": [
                {"question": asked.get(key, key), "answer": answers[key]}
                for key in [
                    *(one for one in asked if one in answers),
                    *sorted(answers.keys() - asked),
                ]
            ],
            "confidence": state.confidence.get(seat),
        }


def _causes(assessment: Assessment) -> Iterator[dict[str, Any]]:
    for cause in assessment.exercise.scenario.causes:
        if not cause.aside:
            explanation = " ".join(cause.explanation.split())
            yield {"cause": cause.id, "title": cause.title, "explanation": explanation}


def _herrings(assessment: Assessment) -> Iterator[dict[str, Any]]:
    for one in assessment.exercise.scenario.red_herrings:
        yield {
            "red_herring": one.id,
            "what": " ".join(one.what.split()),
            "why": " ".join(one.why.split()),
            "disproved": " ".join(one.disproved.split()),
            "at": assessment.evidence.disproved.get(one.id),
        }


def production(assessment: Assessment) -> dict[str, Any]:
    """Return what the simulated production consists of, and who belongs to it."""
    system = assessment.exercise.system
    titles = {service.id: service.title for service in system.services}
    names = {person.id: person.name for person in system.people}
    return {
        "title": system.title,
        "services": [
            {
                "title": service.title,
                "provider": service.provider or "",
                "about": service.about or "",
                "depends": [
                    titles[link.on] + (f" ({link.about})" if link.about else "")
                    for link in service.depends
                ],
            }
            for service in system.services
        ],
        "people": [
            {"name": one.name, "title": one.title, "about": one.about or ""}
            for one in system.people
        ],
        "ladder": [{"name": names[one.person], "after": one.after} for one in system.ladder],
        "checks": [
            {"title": one.title, "every": one.every, "step": one.step or ""}
            for one in system.checks
        ],
    }


__all__ = [
    "MODEL_VERSION", "Moment", "Planned", "Source", "communications", "model", "overview",
    "participants", "played", "production", "utc",
]  # fmt: skip
