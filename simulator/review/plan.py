"""The improvement plan: corrective actions, as the decisions on them and later exercises say.

An action that is bound to a step of a scenario closes by evidence: by the first exercise of that
scenario, begun after the action was decided on, in which the step was done well. That is never
stored; it is found again each time.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from simulator.content.clean import clean
from simulator.content.problems import ContentError, Problem, did_you_mean
from simulator.journal import Decision, Library

KIND = "action"
ELEMENTS = ("planning", "organization", "equipment", "training", "exercise")
"""What of a capability an action mends, as HSEEP has it."""
OPEN, STARTED, DONE, DROPPED = "open", "started", "done", "dropped"
STATUSES = (OPEN, STARTED, DONE, DROPPED)
LONGEST = 400

_FIELDS = ("what", "owner", "start", "due", "status", "element", "step", "scenario")
_STEP = re.compile(r"[a-z0-9][a-z0-9_-]*/[a-z0-9][a-z0-9_-]*#[\w.-]+")


@dataclass(frozen=True)
class Remark:
    """What somebody noted of an action, in ISO time."""

    at: str
    by: str
    text: str


@dataclass(frozen=True)
class Action:
    """A corrective action. `number` is its own in the store's plan, from 1.

    `exercise` and `area` say what it follows from. `step` is `system/runbook#step`, "" where it is
    bound to none; with `scenario` it closes by evidence, in exercises begun after `since`. Dates
    are in ISO form, "" where none is set. `evidence` is the exercise that closed it.
    """

    number: int
    id: str
    what: str
    by: str
    created: str
    since: str
    exercise: str = ""
    area: str = ""
    owner: str = ""
    start: str = ""
    due: str = ""
    status: str = OPEN
    element: str = ""
    step: str = ""
    scenario: str = ""
    reason: str = ""
    evidence: str = ""
    remarks: tuple[Remark, ...] = ()

    @property
    def closed(self) -> bool:
        """Whether nothing is left to do."""
        return self.status in (DONE, DROPPED)

    def late(self, today: date) -> bool:
        """Return whether it is open past its day."""
        return not self.closed and bool(self.due) and self.due < today.isoformat()


def read_plan(library: Library, exercise: str = "") -> list[Action]:
    """Return the actions of a store, or those that follow from one exercise, in their order.

    Raises JournalError.
    """
    actions = fold(library.decisions(KIND))
    return [_seen(library, one) for one in actions if exercise in ("", one.exercise)]


def fold(decisions: Iterable[Decision]) -> list[Action]:
    """Return the actions that these decisions make, without evidence from exercises."""
    actions: dict[str, Action] = {}
    for decision in decisions:
        told: Mapping[str, Any] = json.loads(decision.body)
        known = actions.get(decision.subject)
        if known is None and told["do"] == "add":
            actions[decision.subject] = _added(len(actions) + 1, decision, told)
        elif known is not None:
            actions[decision.subject] = _changed(known, decision, told)
    return list(actions.values())


def _added(number: int, decision: Decision, told: Mapping[str, Any]) -> Action:
    named = {name: told[name] for name in (*_FIELDS, "exercise", "area") if name in told}
    return Action(
        number=number, id=decision.subject, by=told["by"], created=decision.at, since=decision.at,
        **named,
    )  # fmt: skip


def _changed(action: Action, decision: Decision, told: Mapping[str, Any]) -> Action:
    match told["do"]:
        case "change":
            bound = "step" in told or "scenario" in told
            fields = {name: told[name] for name in _FIELDS if name in told}
            return replace(action, **fields, since=decision.at if bound else action.since)
        case "note":
            remark = Remark(decision.at, told["by"], told["text"])
            return replace(action, remarks=(*action.remarks, remark))
        case "close":
            return replace(action, status=told["status"], reason=told["reason"])
        case "reopen":
            return replace(action, status=OPEN, reason=told["reason"], since=decision.at)
    return action


def _seen(library: Library, action: Action) -> Action:
    """Return an action with the exercise that shows it done, if there is one."""
    if action.closed or not action.step or not action.scenario:
        return action
    place, _, step = action.step.partition("#")
    system, _, runbook = place.partition("/")
    found = library.done_well((system, runbook, step), action.scenario, action.since)
    if found is None:
        return action
    reason = f"done well in {found.exercise} on {found.started[:10]}"
    return replace(action, status=DONE, evidence=found.exercise, reason=reason)


def add(library: Library, key: str, by: str, what: str, **fields: str) -> Action:
    """Decide on an action, and return it; under one key it is decided on once.

    `fields` are those of Action: exercise, area, owner, start, due, status, element, step,
    scenario. Raises ContentError where one cannot be so, JournalError.
    """
    subject = hashlib.sha256(key.encode()).hexdigest()[:16]
    told = {"do": "add", "by": _line(by), **_checked({"what": what, **fields})}
    if not told["what"]:
        raise _fault("what", "An action says what is to be done", "write it in a few words")
    _in_order(told.get("start", ""), told.get("due", ""))
    _decide(library, key, subject, told)
    return _again(library, subject)


def change(library: Library, key: str, by: str, number: int, **fields: str) -> Action:
    """Change fields of an action, and return it. Raises as `add` does, and where there is none."""
    action = numbered(library, number)
    checked = _checked(fields)
    if "what" in checked and not checked["what"]:
        raise _fault("what", "An action says what is to be done", "write it in a few words")
    _in_order(checked.get("start", action.start), checked.get("due", action.due))
    _decide(library, key, action.id, {"do": "change", "by": _line(by), **checked})
    return _again(library, action.id)


def note(library: Library, key: str, by: str, number: int, text: str) -> Action:
    """Note something of an action, and return it. Raises ContentError, JournalError."""
    action = numbered(library, number)
    _decide(library, key, action.id, {"do": "note", "by": _line(by), "text": _line(text)})
    return _again(library, action.id)


def close(
    library: Library, key: str, by: str, number: int, reason: str = "", *, dropped: bool = False
) -> Action:
    """Close an action as done, or dropped, and return it. Raises ContentError, JournalError."""
    action = numbered(library, number)
    if dropped and not reason.strip():
        raise _fault(str(number), "An action is dropped for a reason", "say it with --reason")
    status = DROPPED if dropped else DONE
    told = {"do": "close", "by": _line(by), "status": status, "reason": _line(reason)}
    _decide(library, key, action.id, told)
    return _again(library, action.id)


def reopen(library: Library, key: str, by: str, number: int, reason: str = "") -> Action:
    """Open an action again; only exercises from now on can close it. Raises as `close` does."""
    action = numbered(library, number)
    _decide(library, key, action.id, {"do": "reopen", "by": _line(by), "reason": _line(reason)})
    return _again(library, action.id)


def numbered(library: Library, number: int) -> Action:
    """Return the action with this number; raise ContentError where there is none."""
    actions = fold(library.decisions(KIND))
    if not 0 < number <= len(actions):
        known = f"there are 1 to {len(actions)}" if actions else "the plan is empty"
        raise _fault(str(number), "There is no action with this number", known)
    return actions[number - 1]


def _again(library: Library, subject: str) -> Action:
    (action,) = [one for one in fold(library.decisions(KIND)) if one.id == subject]
    return _seen(library, action)


def _decide(library: Library, key: str, subject: str, told: Mapping[str, str]) -> None:
    body = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    library.decide(key, KIND, subject, body)


def _checked(fields: Mapping[str, str]) -> dict[str, str]:
    """Return fields as they are stored; raise ContentError for one that cannot be so."""
    checked = {name: _line(value) for name, value in fields.items()}
    for name in ("start", "due"):
        if checked.get(name):
            checked[name] = _date(name, checked[name])
    _one_of(checked, "element", ELEMENTS)
    _one_of(checked, "status", (OPEN, STARTED))
    step = checked.get("step", "")
    if step and not _STEP.fullmatch(step):
        raise _fault(step, "This names no step", "write it as system/runbook#step")
    return checked


def _date(name: str, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise _fault(text, f"This is no date ({name})", "write it as 2026-08-31") from None


def _in_order(start: str, due: str) -> None:
    if start and due and due < start:
        raise _fault(due, f"This is due before it starts on {start}", "change one of the two days")


def _one_of(fields: Mapping[str, str], name: str, known: tuple[str, ...]) -> None:
    value = fields.get(name, "")
    if value and value not in known:
        remedy = did_you_mean(value, known) or f"choose one of {', '.join(known)}"
        raise _fault(value, f"This is no {name}", remedy)


def _line(text: str) -> str:
    return " ".join(clean(text, LONGEST, lines=False).split())


def _fault(place: str, fault: str, remedy: str) -> ContentError:
    return ContentError([Problem(place, None, None, fault, remedy)])
