"""What an exercise showed of the runbooks' steps, for the library; written when it has ended."""

from __future__ import annotations

import hashlib

from simulator.assessment import Assessment
from simulator.assessment.practised import practised
from simulator.content.runbook import Runbook
from simulator.content.versions import book_version, outline, step_versions, write_outline
from simulator.exercise import acts as a
from simulator.journal import Mode, Practice, Summary

_SIGNATURE = 16


def practices_of(summary: Summary, assessment: Assessment) -> list[Practice]:
    """Return what an exercise showed of each step that it reached.

    One that was continued from another shows nothing: whoever plays it knows what comes.
    """
    if assessment.opening.fork:
        return []
    books = assessment.exercise.pack.runbooks
    known = {name: step_versions(book) for name, book in _books(assessment).items()}
    who = signature(assessment, summary.mode)
    found = []
    for one in practised(assessment):
        name, _, step = one.step.partition("#")
        if name not in known:
            continue
        found.append(
            Practice(
                exercise=summary.id,
                system=summary.system,
                runbook=name,
                step=step,
                version=known[name].get(step, ""),
                book=book_version(books[name].text),
                scenario=summary.scenario,
                mode=summary.mode,
                who=who,
                started=summary.started,
                confused=one.confused,
                flagged=one.flagged,
                points=one.points,
                signals=one.signals,
                lost=one.lost,
                well=one.well,
                notes=one.notes,
            )
        )
    return found


def outlines_of(assessment: Assessment) -> dict[str, str]:
    """Return the outlines of the runbooks whose steps an exercise reached, by their versions."""
    books = _books(assessment).values()
    return {book_version(book.text): write_outline(outline(book)) for book in books}


def _books(assessment: Assessment) -> dict[str, Runbook]:
    books = assessment.exercise.pack.runbooks
    names = dict.fromkeys(step.step.partition("#")[0] for step in assessment.confusion.steps)
    return {name: books[name] for name in names if name in books}


def signature(assessment: Assessment, mode: Mode) -> str:
    """Return by what a team is known again: its name; of somebody alone, that one's.

    A script is known by its acts: played twice with one seed it is one team. It is a digest, for
    the library need not hold who played.
    """
    opening, state = assessment.opening, assessment.exercise.state
    match mode:
        case "team":
            name = opening.team
        case "solo" | "fork":
            name = state.seats.get(a.SOLO, "")
        case "run":
            acts = (a.write_act(act) for act in assessment.evidence.acts[1:])
            name = "\n".join((opening.scenario, str(opening.seed), *acts))
    known = " ".join(name.split()).casefold()
    return hashlib.sha256(f"{mode}\n{known}".encode()).hexdigest()[:_SIGNATURE]
