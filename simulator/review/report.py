"""The report of an exercise, in every form, from one set of figures."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import simulator
from simulator.assessment import Assessment
from simulator.assessment.judgement import JUDGEMENT, table
from simulator.exercise.acts import HOST
from simulator.review.drawing import draw
from simulator.review.figures import figures, result_json
from simulator.review.timeline import timeline
from simulator.review.wording import clock, duration

_MARKDOWN = str.maketrans({c: "\\" + c for c in "\\`*_{}[]<>#|!~&"})


def write_report(exercise_id: str, assessment: Assessment, form: str) -> str:
    """Return the report as `md`, `html` or `json`; the same exercise gives the same bytes."""
    if form == "json":
        return result_json(exercise_id, assessment)
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("simulator.review"),
        autoescape=form == "html",
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(duration=duration, clock=clock, md=plain_in_markdown)
    return environment.get_template(f"report.{form}").render(report(exercise_id, assessment))


def plain_in_markdown(text: object) -> str:
    """Return text that a Markdown reader shows as it is, on one line."""
    return " ".join(str(text).split()).translate(_MARKDOWN)


def participants(assessment: Assessment) -> list[str]:
    """Return the names of those who acted, by their seats where they gave none."""
    seats = assessment.exercise.state.seats
    acted = {act.by for act in assessment.evidence.acts if act.by != HOST}
    return [seats.get(seat, seat) for seat in sorted(acted)]


def report(exercise_id: str, assessment: Assessment) -> dict[str, Any]:
    """Return everything that a report's template may use."""
    exercise = assessment.exercise
    scenario, state = exercise.scenario, exercise.state
    moments = timeline(assessment)
    starts = datetime.fromisoformat(scenario.starts.replace("Z", "+00:00")).astimezone(UTC)
    return {
        "figures": figures(exercise_id, assessment),
        "rating_words": assessment.marks.rating.words,
        "scenario": scenario,
        "system": exercise.system,
        "runbooks": [exercise.pack.runbooks[name] for name in scenario.runbooks],
        "starts": f"{starts:%Y-%m-%d %H:%M} UTC",
        "players": participants(assessment),
        "services": {service.id: service.title for service in exercise.system.services},
        "people": {person.id: person for person in exercise.system.people},
        "moments": moments,
        "drawing": draw(assessment, moments),
        "disproved": assessment.evidence.disproved,
        "flags": state.flags,
        "questions": [("went-well", "What went well?"), ("confused", "What confused you?")]
        + [(question.id, question.text) for question in scenario.debrief],
        "hotwash": state.hotwash,
        "confidence": state.confidence,
        "messages": [message for message in state.messages if message.from_player],
        "judgement": table(JUDGEMENT),
        "version": simulator.__version__,
    }
