"""The improvement plan and what is due: as text, as data, for spreadsheets and calendars."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from simulator.review.calendar import Event, write_calendar
from simulator.review.due import Due, Rehearsal, Unexercised
from simulator.review.plan import Action

if TYPE_CHECKING:
    from simulator.review.areas import Area
    from simulator.review.model import Planned

SHOWN = 5
"""Steps of a runbook that are named where nobody asked for all."""

_COLUMNS = (
    "number", "what", "owner", "start", "due", "status", "element", "exercise", "area", "step",
    "scenario", "reason", "evidence", "created", "by", "remarks",
)  # fmt: skip


def plan_text(actions: Sequence[Action], today: date) -> str:
    """Return the plan as text, what is open first."""
    if not actions:
        return "The plan is empty. Add to it: tabletop plan add EXERCISE --area 1 --what ..."
    ordered = sorted(actions, key=lambda one: (one.closed, one.due or "9", one.number))
    return "\n".join(line for one in ordered for line in _action(one, today))


def _action(action: Action, today: date) -> Iterator[str]:
    late = "LATE, " if action.late(today) else ""
    yield f"{action.number:>3}. {action.what}"
    when = f"due {action.due}" if action.due else "no due date"
    told = [action.owner or "nobody yet", when, action.element]
    yield f"     {late}{action.status}: {', '.join(part for part in told if part)}"
    if action.reason:
        yield f"     {action.reason}"
    if action.step:
        closes = f", closes by evidence from {action.scenario}" if action.scenario else ""
        yield f"     step {action.step}{'' if action.closed else closes}"
    if action.exercise:
        yield f"     from {action.exercise}{f', {action.area}' if action.area else ''}"
    yield from (f"     {one.at[:10]} {one.by}: {one.text}" for one in action.remarks)


def areas_text(exercise: str, areas: Sequence[Area], actions: Sequence[Action]) -> str:
    """Return the areas for improvement of an exercise, each with what is planned for it."""
    lines = [f"Areas for improvement of {exercise}:"]
    for number, area in enumerate(areas, 1):
        lines.append(f"{number:>3}. {area.title}{f' ({area.place})' if area.place else ''}")
        planned = [one for one in actions if one.area == area.key]
        lines += [f"       action {one.number}, {one.status}: {one.what}" for one in planned]
        if not planned:
            lines.append("       nothing is planned yet")
    return "\n".join(lines) if areas else f"{exercise} shows nothing that could go better."


def plan_json(actions: Iterable[Action], today: date) -> str:
    """Return the plan as JSON."""
    shown = [{**asdict(one), "late": one.late(today)} for one in actions]
    return json.dumps(shown, indent=2, ensure_ascii=False)


def plan_csv(actions: Iterable[Action]) -> str:
    """Return the plan as CSV; no cell can be a formula."""
    from simulator.review.spreadsheet import table

    def row(action: Action) -> Iterator[Any]:
        told = asdict(action) | {
            "remarks": "\n".join(f"{one.at[:10]} {one.by}: {one.text}" for one in action.remarks)
        }
        yield from (told[name] for name in _COLUMNS)

    return table(_COLUMNS, (list(row(one)) for one in actions))


def planned(actions: Iterable[Action]) -> list[Planned]:
    """Return the actions as a report has them."""
    from simulator.review.model import Planned

    return [
        Planned(one.area, one.what, one.owner, one.start, one.due, one.status, one.element)
        for one in actions
    ]


def plan_events(actions: Iterable[Action]) -> Iterator[Event]:
    """Yield the days on which open actions are due."""
    for one in actions:
        if one.due and not one.closed:
            about = [f"Owner: {one.owner or 'nobody yet'}", f"Status: {one.status}"]
            about += [f"Step: {one.step}"] if one.step else []
            about += [f"From exercise: {one.exercise}"] if one.exercise else []
            yield Event(
                uid=f"action-{one.id}@tabletop",
                day=date.fromisoformat(one.due),
                title=f"Due: {one.what}",
                about="\n".join(about),
                stamp=datetime.fromisoformat(one.created).astimezone(UTC),
            )


def plan_ics(actions: Iterable[Action]) -> str:
    """Return the days on which open actions are due as an iCalendar file."""
    return write_calendar("Improvement plan", plan_events(actions))


def due_text(due: Due, *, every_step: bool = False) -> str:
    """Return what is due as text, what is late first."""
    lines = [f"{to_practise(due)}:"]
    lines += [f"  {_rehearsal(one, due.today)}" for one in due.rehearsals] or ["  nothing"]
    lines += ["", "Actions that are late:"]
    lines += [line for one in due.late_actions for line in _action(one, due.today)] or ["  none"]
    lines += ["", "Steps that nobody has exercised:"]
    lines += [line for one in due.unexercised for line in _steps(one, every_step)] or ["  none"]
    return "\n".join(lines)


def to_practise(due: Due) -> str:
    """Return what stands above the rehearsals."""
    return "To practise (what scripts played does not count)" if due.left_out else "To practise"


def _rehearsal(one: Rehearsal, today: date) -> str:
    if one.last is None:
        return f"NEVER     {one.subject} {one.name}"
    days = (today - one.due).days
    when = f"{days} d late" if days > 0 else f"in {-days} d"
    return f"{when:<9} {one.subject} {one.name}, last on {one.last}, every {one.every} days"


def _steps(one: Unexercised, every_step: bool) -> Iterator[str]:
    yield f"  {one.runbook}: {len(one.steps)} of {one.of}"
    shown = one.steps if every_step else one.steps[:SHOWN]
    yield from (f"    {one.file}:{step.line}  {step.title}" for step in shown)
    if len(shown) < len(one.steps):
        yield f"    and {len(one.steps) - len(shown)} more; --all names them"


def due_json(due: Due) -> str:
    """Return what is due as JSON."""
    shown = {
        "today": due.today.isoformat(),
        "rehearsals": [
            {
                **asdict(one),
                "last": one.last.isoformat() if one.last else None,
                "due": one.due.isoformat(),
            }
            for one in due.rehearsals
        ],
        "late_actions": [asdict(one) for one in due.late_actions],
        "unexercised": [
            {
                "runbook": one.runbook,
                "file": one.file,
                "of": one.of,
                "steps": [{"step": s.id, "title": s.title, "line": s.line} for s in one.steps],
            }
            for one in due.unexercised
        ],
    }
    return json.dumps(shown, indent=2, ensure_ascii=False)


def due_ics(due: Due) -> str:
    """Return rehearsals and open actions as an iCalendar file; what is late stands on its day."""
    midnight = datetime.combine(due.today, time(), UTC)
    rehearsals = (
        Event(
            uid=f"rehearsal-{one.subject}-{one.name.replace('/', '-')}@tabletop",
            day=one.due,
            title=f"Practise {one.name}",
            about=(
                f"The {one.subject} {one.name} is practised every {one.every} days. "
                + (f"Last on {one.last}." if one.last else "Nobody has practised it yet.")
            ),
            stamp=midnight,
        )
        for one in due.rehearsals
    )
    return write_calendar("Tabletop", [*rehearsals, *plan_events(due.actions)])
