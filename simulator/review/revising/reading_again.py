"""A runbook read again after an edit: exactly the intended steps may have changed."""

from __future__ import annotations

from simulator.content.runbook import Runbook, read_runbook
from simulator.review.revising import edits as e
from simulator.review.revising.numbers import number_of, numbered
from simulator.review.revising.writing import CannotWriteError


def body_of(text: str) -> str:
    """Return a step's text without its number and the room that it takes: it may change freely."""
    lines = text.split("\n")
    if number_of(lines[0]) is None:
        return text
    return "\n".join(numbered(lines, 1))


def read_again(book: Runbook, text: str, edit: e.Edit) -> Runbook:
    """Return the edited runbook; raise CannotWriteError where anything else came of the edit."""
    after = read_runbook(text, book.name, book.file)
    old = {step.id: body_of(step.body) for step in book.steps}
    new = {step.id: body_of(step.body) for step in after.steps}
    order = [step.id for step in book.steps]
    added: list[str] = []
    removed: list[str] = []
    changed: set[str] = set()
    match edit:
        case e.Move(step, before):
            order.remove(step)
            order.insert(order.index(before), step)
        case e.Insert(steps, before):
            added = [step.id for step in steps]
            order[order.index(before) : order.index(before)] = added
        case e.Remove(step):
            removed = [step]
            order.remove(step)
        case e.Free(first, _):
            changed = {first}
        case e.Limit(step):
            changed = {step} if text != book.text else set()
        case _:
            changed = {edit.step}
    differing = {id_ for id_ in old.keys() & new.keys() if old[id_] != new[id_]}
    sound = (
        list(new) == order
        and new.keys() - old.keys() == set(added)
        and old.keys() - new.keys() == set(removed)
        and differing == changed
        and not _worse(book, after)
    )
    if not sound:
        raise CannotWriteError("read again, the runbook would have changed in other places, too")
    return after


def _worse(before: Runbook, after: Runbook) -> bool:
    """Return whether something is wrong that was not before."""

    def faults(book: Runbook) -> set[str]:
        return {problem.fault for problem in book.problems}

    return not faults(after) <= faults(before)
