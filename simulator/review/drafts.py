"""Drafts filled from an exercise, after the runbooks' own templates: the post-incident review."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from simulator.assessment import Assessment
from simulator.review.areas import areas
from simulator.review.axis import shortened
from simulator.review.drawing import moments_of
from simulator.review.metrics import worst_of
from simulator.review.model import Source, participants, played, utc
from simulator.review.outline import Outline, Part, outline_of
from simulator.review.pages import plain_in_markdown
from simulator.review.stepmap import step_map
from simulator.review.strengths import strengths
from simulator.review.timeline import timeline
from simulator.review.wording import clock, duration

Row = Mapping[str, str]


@dataclass(frozen=True)
class Filling:
    """What a part is filled with: sentences, and rows whose cells are named by what they are."""

    lines: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()


def draft_review(source: Source) -> str:
    """Return a draft of the post-incident review as Markdown, after the runbooks' own template."""
    outline = outline_of(source.assessment.exercise.pack)
    return "\n".join(_written(source, outline)).rstrip() + "\n"


def _written(source: Source, outline: Outline) -> Iterator[str]:
    title, *parts = outline.parts
    yield f"# {_title(source, title)}"
    yield ""
    after = f", after the template at {outline.place}" if outline.place else ""
    draft = f"Drafted by Tabletop from exercise {source.exercise_id}{after}."
    yield f"> {plain_in_markdown(draft)} It was an exercise: nothing of this happened."
    if not source.assessment.exercise.over:
        now = clock(source.assessment.exercise.state.now)
        yield f"> It has not ended, and is told as it stands at {now}."
    yield ""
    yield from _part(title, Filling(tuple(_facts(source))))
    for part in parts:
        yield f"{'#' * part.level} {part.title}"
        yield ""
        yield from _part(part, _filling(source, part))


def _title(source: Source, part: Part) -> str:
    state = source.assessment.exercise.state
    kind, colon, _ = part.title.partition(":")
    facts = [
        source.assessment.exercise.scenario.title,
        f"{utc(source.assessment, 0):%Y-%m-%d}",
        state.severity or "no severity declared",
    ]
    said = ", ".join(plain_in_markdown(fact) for fact in facts)
    return f"{kind if colon else part.title}: {said}"


def _part(part: Part, filling: Filling) -> Iterator[str]:
    for prompt in part.prompts:
        yield f"> {prompt}"
    if part.prompts:
        yield ""
    for line in filling.lines:
        yield f"- {plain_in_markdown(line)}"
    if filling.lines:
        yield ""
    if part.columns:
        yield "| " + " | ".join(part.columns) + " |"
        yield "|" + " --- |" * len(part.columns)
        meanings = list(_meanings(part.columns))
        for row in filling.rows or ({},):
            cells = [plain_in_markdown(row.get(meaning, "")) for meaning in meanings]
            yield "| " + " | ".join(cells) + " |"
        yield ""
    elif filling.rows:
        for row in filling.rows:
            yield "- " + plain_in_markdown(", ".join(cell for cell in row.values() if cell))
        yield ""
    if not (part.columns or filling.lines or filling.rows):
        yield "(to be written)"
        yield ""


_COLUMNS: tuple[tuple[str, str], ...] = (
    (r"\bwho\b|person|role", "who"),
    (r"\btime\b|when|utc", "time"),
    (r"\bhow\b|source|evidence", "how"),
    (r"owner", "owner"),
    (r"\bdue\b|date|deadline", "due"),
    (r"new text|proposal|change", "new"),
    (r"missing|wrong|confus|problem", "wrong"),
    (r"helped|effect|worse", "effect"),
    (r"result|outcome", "result"),
    (r"file|step", "step"),
    (r"measure|action|what|\bevent|description", "what"),
)
"""What a column of a table holds, by the words in its heading; the first that fits."""


def _meanings(columns: Iterable[str]) -> Iterator[str]:
    """Yield what each column holds, "" where that is not known or another one holds it already."""
    taken: set[str] = set()
    for column in columns:
        found = (name for words, name in _COLUMNS if re.search(words, column, re.I))
        meaning = next((name for name in found if name not in taken), "")
        taken.add(meaning)
        yield meaning


def _filling(source: Source, part: Part) -> Filling:
    for words, fill in _PARTS:
        if re.search(words, part.title, re.I):
            return fill(source)
    return Filling()


def _facts(source: Source) -> Iterator[str]:
    """Yield who took part and when the incident took its turns."""
    assessment = source.assessment
    people = [f"{one['name']} ({one['role']})" for one in participants(assessment)]
    yield f"People: {', '.join(people) or 'nobody'}."
    began = assessment.evidence.times.began
    turns = [("start", began), *moments_of(assessment)]
    told = (f"{name} {_time(assessment, at)}" for name, at in turns)
    yield f"Times (UTC): {', '.join(told)}."
    when = played(assessment)
    if when:
        yield f"Played on {when[:10]}."


def _time(assessment: Assessment, at: int | None) -> str:
    return "never" if at is None else f"{utc(assessment, at):%H:%M}"


def _impact(source: Source) -> Filling:
    assessment = source.assessment
    times = assessment.evidence.times
    if times.began is None:
        return Filling(("Production never left its baseline: a false alarm.",))
    end = times.resolve
    until = (
        "and had not recovered at the end"
        if end is None
        else f"until it held {duration(end)} later"
    )
    lines = [f"Production was not healthy from {_time(assessment, times.began)} UTC {until}."]
    return Filling((*lines, *worst_of(assessment)))


def _summary(source: Source) -> Filling:
    scenario = source.assessment.exercise.scenario
    causes = [f"{cause.title}." for cause in scenario.causes if not cause.aside]
    return Filling((*causes, *_impact(source).lines[:1]))


def _timeline(source: Source) -> Filling:
    assessment = source.assessment
    rows = []
    for moment in timeline(assessment):
        if not moment.key:
            continue
        person = moment.lane == "people"
        rows.append(
            {
                "time": f"{utc(assessment, moment.at):%H:%M:%S}",
                "what": "" if person else shortened(moment.text, 200),
                "who": shortened(moment.text, 200) if person else "",
                "how": "" if person else {"told": "a message"}.get(moment.lane, moment.lane),
            }
        )
    return Filling(rows=tuple(rows))


def _cause(source: Source) -> Filling:
    assessment = source.assessment
    scenario = assessment.exercise.scenario
    lines = [
        f"{cause.title}. {' '.join(cause.explanation.split())}"
        for cause in scenario.causes
        if not cause.aside
    ]
    lines += _detection(source).lines
    for _, event in assessment.evidence.harms:
        lines.append(f"Made it worse: {event.data['why']}")
    for one in scenario.red_herrings:
        lines.append(f"Misled: {' '.join(one.what.split())} {' '.join(one.why.split())}")
    return Filling(tuple(lines))


def _detection(source: Source) -> Filling:
    after = source.assessment.evidence.times.detect
    told = "Nobody noticed it." if after is None else f"It was noticed after {duration(after)}."
    return Filling((told,))


def _resolution(source: Source) -> Filling:
    effects = {"✓": "helped", "✗": "was missed"}
    rows = []
    for group in step_map(source.assessment):
        for place in group["sections"]:
            for one in place["steps"]:
                if one["sign"] == "–":
                    continue
                at = "" if one["at"] is None else f" at {_time(source.assessment, one['at'])} UTC"
                rows.append(
                    {
                        "step": f"{one['title']} ({one['step'].partition('#')[2]})",
                        "result": f"{one['words']}{at}",
                        "effect": effects.get(one["sign"], ""),
                    }
                )
    return Filling(rows=tuple(rows))


def _well(source: Source) -> Filling:
    return Filling(tuple(one.text for one in strengths(source.assessment)))


def _better(source: Source) -> Filling:
    found = areas(source.assessment)
    return Filling(tuple(f"{area.title.rstrip('.')}: {' '.join(area.analysis)}" for area in found))


def _measures(source: Source) -> Filling:
    planned = [{"what": one.action, "owner": one.owner, "due": one.due} for one in source.plan]
    given = {one.area for one in source.plan}
    open_ = [
        {"what": f"to be agreed, for: {area.title}"}
        for area in areas(source.assessment)
        if area.key not in given
    ]
    return Filling(rows=(*planned, *open_))


def _runbooks(source: Source) -> Filling:
    rows = [
        {"step": f"{area.place}, {area.step.partition('#')[2]}", "wrong": " ".join(area.analysis)}
        for area in areas(source.assessment)
        if area.step
    ]
    return Filling(rows=tuple(rows))


def _said(source: Source) -> Filling:
    assessment = source.assessment
    rows = []
    for message in assessment.exercise.state.messages:
        if message.from_player:
            words = shortened(" ".join(message.text.split()), 200)
            time = f"{utc(assessment, message.at):%H:%M}"
            rows.append({"time": time, "what": f"{message.channel}: {words}"})
    return Filling(rows=tuple(rows))


_PARTS: tuple[tuple[str, Callable[[Source], Filling]], ...] = (
    (r"runbook|playbook|documentation", _runbooks),
    (r"timeline|chronolog|sequence of events|what happened", _timeline),
    (r"cause|contributing|what went wrong", _cause),
    (r"prevent|measure|action|follow|next step|remediation", _measures),
    (r"went well|strength", _well),
    (r"better|lesson|badly|improve|difficult", _better),
    (r"impact|affected", _impact),
    (r"detect|notic", _detection),
    (r"communicat|messages", _said),
    (r"resol|recover|mitigat|respon", _resolution),
    (r"summary|overview|abstract", _summary),
)
"""What a part is filled with, by the words in its heading; the first that fits."""
