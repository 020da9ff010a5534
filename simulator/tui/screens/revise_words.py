"""What the screen of revisions says of proposals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.content import Content

from simulator.review.revising.deciding import Decided
from simulator.review.revising.findings import Form
from simulator.review.revising.proposals import Proposal
from simulator.review.revising.taking_up import Revising
from simulator.tui.panes.runbook_page import unmarked
from simulator.tui.panes.wording import line, text_of

MUTED = "$foreground 60%"
_SIGNS = {Form.EDIT: "●", Form.QUESTION: "?", Form.OBSERVATION: "·"}
_INKS = {Form.EDIT: "$text-primary", Form.QUESTION: "$text-warning", Form.OBSERVATION: MUTED}
_NAMED = 12


def head(found: Revising) -> Content:
    """Return which runbook it is, and how much is behind the proposals."""
    good = sum(run.good for run in found.runs.played)
    told = f"{found.desk.book.file}: {len(found.runs.played)} exercises, {good} rated P or S"
    if found.runs.faults:
        told += f", {len(found.runs.faults)} cannot be read"
    return text_of((line(told), MUTED))


def row(proposal: Proposal) -> Content:
    """Return a proposal in two lines: what it would do, and at which step."""
    finding = proposal.finding
    ink = _INKS[finding.form]
    return text_of(
        (f"{_SIGNS[finding.form]} {finding.kind.value}", ink),
        (f"  {finding.teams} of {finding.of}\n", MUTED),
        f"  {line(unmarked(proposal.title))}",
    )


def about(proposal: Proposal, decided: Sequence[Decided]) -> Content:
    """Return the evidence of a proposal, its lines, and what it would have changed."""
    finding = proposal.finding
    parts = [
        text_of((f"{line(unmarked(proposal.title))}\n", "bold"), (f"{proposal.place}\n\n", MUTED)),
        text_of((finding.kind.value, _INKS[finding.form]), f": {line(finding.sentence)}.\n"),
    ]
    parts += [text_of((f"“{line(note)}”\n", "italic")) for note in finding.notes]
    names = finding.exercises
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    parts.append(text_of((f"exercises {', '.join(names[:_NAMED])}{more}\n", MUTED)))
    if proposal.remarked is not None:
        parts.append(text_of(("\nMarked again: ", "bold"), f"{proposal.remarked}.\n"))
    parts += [text_of((f"Note: {line(note)}.\n", "$text-warning")) for note in proposal.notes]
    parts += _instead(proposal)
    if proposal.ready:
        parts += [text_of("\n"), *_lines(proposal.diff)]
    before = [one for one in decided if one.key == proposal.key]
    parts += [
        text_of((f"\nPut off on {one.at[:10]} by {line(one.by)} {line(one.because)}\n", MUTED))
        for one in before
    ]
    return Content("").join(parts)


def _instead(proposal: Proposal) -> Iterable[Content]:
    """Yield why there are no lines to write."""
    if proposal.why_not:
        yield text_of(("\nTo be written by hand: ", "bold"), f"{line(proposal.why_not)}.\n")
    elif proposal.finding.form is Form.QUESTION:
        yield text_of(("\nA question, without an edit: answer it, and put it away.\n", MUTED))
    elif proposal.finding.form is Form.OBSERVATION:
        yield text_of(("\nFewer than eight good exercises: an observation, no edit.\n", MUTED))


def _lines(diff: str) -> Iterable[Content]:
    for one in diff.split("\n")[:-1]:
        ink = MUTED
        if one.startswith(("+++", "---", "@@")):
            ink = "$text-accent"
        elif one.startswith("+"):
            ink = "$text-success"
        elif one.startswith("-"):
            ink = "$text-error"
        shown = f"{one[:1]}{_kept(one[1:])}"
        yield text_of((f"{shown}\n", ink))


def _kept(text: str) -> str:
    """Return a line of a file as one line, with the room at its beginning."""
    room = len(text) - len(text.lstrip(" "))
    return " " * room + line(text)


def nothing(found: Revising) -> Content:
    """Return what stands where nothing is proposed."""
    if not found.runs.played:
        return text_of(
            ("No exercise that has ended came to a step of this runbook.\n\n", "bold"),
            "Play a scenario that follows it, or choose another one with r.\n",
        )
    parts = [
        text_of(
            ("Nothing is proposed.\n\n", "bold"), "The exercises give no reason to change it.\n"
        )
    ]
    if found.found.decided:
        parts.append(text_of(("\nDecided\n", "bold $text-accent")))
    parts += [_decided(one) for one in found.found.decided]
    return Content("").join(parts)


def _decided(one: Decided) -> Content:
    because = f": {line(one.because)}" if one.because else ""
    return text_of(
        (f"{one.at[:10]} ", MUTED), f"{one.answer} by {line(one.by)}, {one.kind}",
        (f"  {line(unmarked(one.title))}{because}\n", MUTED),
    )  # fmt: skip


def of_books(number: int) -> Content:
    """Return what to do in the list of runbooks."""
    if not number:
        return text_of(("There are no runbooks here.\n", "bold"))
    return text_of(
        ("What do exercises say of a runbook?\n\n", "bold"),
        "Enter reads the exercises in which its steps were reached, and proposes edits.\n",
    )
