"""What the screen of the improvement plan says of actions, and of what is due."""

from __future__ import annotations

from datetime import date

from textual.content import Content

from simulator.review.due import Due, Rehearsal
from simulator.review.plan import DROPPED, Action
from simulator.review.plan_text import SHOWN, to_practise
from simulator.tui.panes.wording import line, text_of

MUTED = "$foreground 60%"


def head(due: Due, every: int) -> Content:
    """Return how much there is to do, of so many actions in all."""
    late = len(due.late_actions)
    told = f"{len(due.actions)} of {every} actions are open" if every else "no action yet"
    pieces = [text_of((told, MUTED))]
    if late:
        pieces.append(text_of((f", {late} late", "bold $text-error")))
    if due.late_rehearsals:
        pieces.append(text_of((f", {len(due.late_rehearsals)} rehearsals due", "$text-warning")))
    return Content("").join(pieces)


def row(action: Action, today: date) -> Content:
    """Return an action in two lines: what, and by whom and when."""
    state, ink = status(action, today)
    told = [action.owner, f"due {action.due}" if action.due else ""]
    if not action.closed:
        told = [told[0] or "nobody yet", told[1] or "no due date"]
    return text_of(
        (f"{action.number:>3} ", MUTED), f"{line(action.what)}\n",
        "    ", (state, ink), (f"  {line(', '.join(filter(None, told)))}", MUTED),
    )  # fmt: skip


def status(action: Action, today: date) -> tuple[str, str]:
    """Return an action's state in a word, and its ink."""
    if action.late(today):
        return f"! {action.status}, late", "bold $text-error"
    if action.evidence:
        return "✓ done by evidence", "$text-success"
    if action.closed:
        return ("✗ dropped", MUTED) if action.status == DROPPED else ("✓ done", "$text-success")
    return f"○ {action.status}", "$text-primary"


def about(action: Action, today: date) -> Content:
    """Return everything that is known of an action."""
    state, ink = status(action, today)
    facts = [
        ("Owner", action.owner or "nobody yet"),
        ("From", action.start),
        ("Due", action.due),
        ("Element", action.element),
        ("Follows from", action.exercise),
        ("Area", "" if action.step else action.area),
        ("Step", action.step),
        ("In scenario", action.scenario),
        ("Added", f"{action.created[:10]} by {action.by}"),
        ("Reason", action.reason),
    ]
    pieces = [text_of((f"{line(action.what)}\n\n", "bold"), (f"{state}\n\n", ink))]
    pieces += [
        text_of((f"{name:<13}", MUTED), f"{line(value)}\n") for name, value in facts if value
    ]
    if action.step and action.scenario and not action.closed:
        told = "\nIt closes by itself when a later exercise of the scenario does the step well.\n"
        pieces.append(text_of((told, MUTED)))
    if action.remarks:
        pieces.append(text_of(("\nNotes\n", "bold $text-accent")))
    pieces += [
        text_of((f"{one.at[:10]} {line(one.by)}  ", MUTED), f"{line(one.text)}\n")
        for one in action.remarks
    ]
    return Content("").join(pieces)


def due_about(due: Due) -> Content:
    """Return what is to be practised, and which steps nobody has exercised."""
    pieces = [text_of((f"{to_practise(due)}\n", "bold $text-accent"))]
    pieces += [_rehearsal(one, due.today) for one in due.rehearsals]
    if not due.rehearsals:
        pieces.append(text_of(("Nothing.\n", MUTED)))
    pieces.append(text_of(("\nSteps that nobody has exercised\n", "bold $text-accent")))
    for book in due.unexercised:
        pieces.append(text_of(f"{line(book.runbook)}: {len(book.steps)} of {book.of}\n"))
        for step in book.steps[:SHOWN]:
            pieces.append(text_of((f"  {step.line:>5}  {line(step.title)}\n", MUTED)))
        if len(book.steps) > SHOWN:
            more = f"         and {len(book.steps) - SHOWN} more: tabletop due --all\n"
            pieces.append(text_of((more, MUTED)))
    if not due.unexercised:
        pieces.append(text_of(("None: every step was exercised.\n", MUTED)))
    return Content("").join(pieces)


def _rehearsal(one: Rehearsal, today: date) -> Content:
    days = (today - one.due).days
    if one.last is None:
        when, ink = "! never", "bold $text-error"
    elif days > 0:
        when, ink = f"! {days} d late", "$text-warning"
    else:
        when, ink = f"✓ in {-days} d", "$text-success"
    last = f", last on {one.last}" if one.last else ""
    return text_of((f"{when:<12}", ink), f"{one.subject} {line(one.name)}", (f"{last}\n", MUTED))


def nothing() -> Content:
    """Return what stands where the plan is empty."""
    return text_of(
        ("The plan is empty.\n\n", "bold"),
        "Press a to add an action. From an area for improvement of an exercise, and bound to its "
        "step:\n\n",
        ("tabletop plan add last --area 1 --what ...", "$text-accent"),
    )
