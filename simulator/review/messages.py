"""Drafts filled from an exercise: the messages to stakeholders, after the system's own templates.

A field says what somebody wrote in it during the exercise; else what the exercise itself knows;
else it is left open, in square brackets, for somebody to fill in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from simulator.assessment import Assessment
from simulator.content.system import MessageTemplate, TemplateField
from simulator.exercise.state import Message
from simulator.review.model import Source, utc
from simulator.review.pages import plain_in_markdown
from simulator.review.wording import clock, name_of


def draft_messages(source: Source) -> str:
    """Return every message template of the system, filled from the exercise, as Markdown."""
    return "\n".join(_written(source)).rstrip() + "\n"


def _written(source: Source) -> Iterator[str]:
    assessment = source.assessment
    exercise = assessment.exercise
    yield f"# Messages: {plain_in_markdown(exercise.scenario.title)}"
    yield ""
    yield (
        f"> Drafted by Tabletop from exercise {plain_in_markdown(source.exercise_id)}. "
        "What stands in square brackets is still open."
    )
    yield ""
    if not exercise.system.templates:
        yield "The system has no message templates."
    for template in exercise.system.templates:
        yield f"## {plain_in_markdown(template.title)}"
        yield ""
        sent = [one for one in exercise.state.messages if one.template == template.id]
        for message in sent:
            who = name_of(assessment, message.sender)
            told = f"Sent at {clock(message.at)} to {_channel(assessment, message)} by {who}:"
            yield plain_in_markdown(told)
            yield ""
            yield from _fenced(message.text)
        if not sent:
            yield "Nobody sent it. It could have said:"
            yield ""
            yield from _fenced(_filled(assessment, template))


def _fenced(text: str) -> Iterator[str]:
    """Yield a text in a block of its own, to be copied as it is."""
    longest = max([2, *(len(run) for run in re.findall("`+", text))])
    fence = "`" * (longest + 1)
    yield from (f"{fence}text", text, fence, "")


def _channel(assessment: Assessment, message: Message) -> str:
    channels = {channel.id: channel.title for channel in assessment.exercise.system.channels}
    return channels.get(message.channel, message.channel)


def _filled(assessment: Assessment, template: MessageTemplate) -> str:
    values = {field.id: _value(assessment, field) for field in template.fields}
    places = "|".join(re.escape("{" + name + "}") for name in values) or "(?!)"
    return re.sub(places, lambda found: values[found[0][1:-1]], template.text).strip()


def _value(assessment: Assessment, field: TemplateField) -> str:
    exercise = assessment.exercise
    said = [
        message.fields[field.id]
        for message in exercise.state.messages
        if message.fields.get(field.id, "").strip()
    ]
    if field.kind == "severity":
        return exercise.state.severity or _asked(field)
    if said and field.kind != "time":
        return said[-1]
    if field.kind == "text" and re.search(r"impact|affected", field.title, re.I):
        return _impact(assessment)
    return _asked(field)


def _asked(field: TemplateField) -> str:
    example = f", such as: {field.example}" if field.example else ""
    return f"[{field.title}{example}]"


def _impact(assessment: Assessment) -> str:
    times = assessment.evidence.times
    if times.began is None:
        return "[Impact: production never left its baseline]"
    began = f"{utc(assessment, times.began):%H:%M}"
    if times.resolve is None:
        return f"Since {began} UTC [what users notice]"
    until = f"{utc(assessment, times.began + times.resolve):%H:%M}"
    return f"From {began} to {until} UTC [what users noticed]"
