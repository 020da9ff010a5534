"""Proposals told on a terminal and as JSON."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator

from simulator.review.revising.deciding import Decided, Sorted
from simulator.review.revising.findings import Form
from simulator.review.revising.proposals import Desk, Proposal
from simulator.review.revising.runs import Runs

_WIDTH = 98
_NAMED = 6
_ASKS = {
    Form.QUESTION: "a question, no edit",
    Form.OBSERVATION: "an observation: too few good exercises for an edit",
}


def proposals_text(desk: Desk, runs: Runs, found: Sorted, *, diffs: bool = True) -> str:
    """Return all proposals, what was put off, and how many were decided; `diffs` adds the lines."""
    parts = [_head(desk, runs, found)]
    for number, proposal in enumerate(found.numbered, 1):
        if number == len(found.open) + 1:
            parts.append("Put off until later:")
        parts.append("\n".join(_lines(number, proposal, diffs)))
    if found.decided:
        parts.append("\n".join(["Decided:", *map(_decided, found.decided)]))
    return "\n\n".join(parts)


def _head(desk: Desk, runs: Runs, found: Sorted) -> str:
    if not runs.played:
        return f"{desk.book.file}: no exercise that has ended reached a step of it."
    good = sum(run.good for run in runs.played)
    ready = sum(one.ready for one in found.open)
    others = len(found.open) - ready
    told = f"{desk.book.file}: {_count(ready, 'proposed edit')}"
    told += f", {_count(others, 'other remark')}" if others else ""
    return f"{told}, from {_count(len(runs.played), 'exercise')}, {good} of them rated P or S."


def _count(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"


def _lines(number: int, proposal: Proposal, diffs: bool) -> Iterator[str]:
    finding = proposal.finding
    yield f"{number:>2}. {finding.kind.value}: {proposal.title}"
    yield f"    {proposal.place}"
    yield from _wrapped(f"{finding.sentence}.")
    for note in finding.notes:
        yield from _wrapped(f"“{note}”")
    named = ", ".join(finding.exercises[:_NAMED])
    more = len(finding.exercises) - _NAMED
    yield from _wrapped(f"exercises {named}" + (f" and {more} more" if more > 0 else ""))
    if proposal.remarked is not None:
        yield from _wrapped(f"marked again: {proposal.remarked}")
    for note in proposal.notes:
        yield from _wrapped(f"note: {note}")
    if proposal.why_not:
        yield from _wrapped(f"to be written by hand: {proposal.why_not}")
    elif not proposal.ready and finding.form in _ASKS:
        yield f"    ({_ASKS[finding.form]})"
    if diffs and proposal.ready:
        yield from (f"    {line}".rstrip() for line in proposal.diff.split("\n")[:-1])


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent="    ", subsequent_indent="    ", break_long_words=False
    )


def _decided(one: Decided) -> str:
    words = " in other words" if one.own else ""
    because = f": {one.because}" if one.because else ""
    what = f"{one.kind}, {one.title.rstrip('.')}"
    return f"  {one.answer}{words} on {one.at[:10]} by {one.by}: {what}{because}"


def proposals_json(desk: Desk, runs: Runs, found: Sorted) -> str:
    """Return everything about the proposals as JSON."""
    told = {
        "runbook": f"{desk.system}/{desk.book.name}",
        "file": desk.book.file,
        "exercises": len(runs.played),
        "good": sum(run.good for run in runs.played),
        "unreadable": dict(runs.faults),
        "proposals": [
            _as_data(number, proposal, number > len(found.open))
            for number, proposal in enumerate(found.numbered, 1)
        ],
        "decided": [vars(one) for one in found.decided],
    }
    return json.dumps(told, indent=2, ensure_ascii=False)


def _as_data(number: int, proposal: Proposal, later: bool) -> dict[str, object]:
    finding, marks = proposal.finding, proposal.remarked
    return {
        "number": number,
        "key": proposal.key,
        "kind": finding.kind.value,
        "form": finding.form.value,
        "step": f"{proposal.runbook}#{finding.step}",
        "title": proposal.title,
        "place": proposal.place,
        "evidence": finding.sentence,
        "teams": finding.teams,
        "of": finding.of,
        "low": round(finding.strength, 4),
        "exercises": list(finding.exercises),
        "notes": list(finding.notes),
        "left": list(proposal.notes),
        "later": later,
        "by_hand": proposal.why_not,
        "marked_again": None
        if marks is None
        else {
            "of": marks.of,
            "better": marks.better,
            "worse": marks.worse,
            "before": round(marks.before, 2),
            "after": round(marks.after, 2),
            "ratings": dict(marks.ratings),
        },
        "diff": proposal.diff,
    }
