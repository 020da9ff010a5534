"""What an exercise showed of the runbooks' steps, for the library; written when it has ended."""

from __future__ import annotations

import hashlib

from simulator.assessment import Assessment
from simulator.assessment.practised import practised
from simulator.content.versions import book_version, step_versions
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
    versions: dict[str, dict[str, str]] = {}
    who = signature(assessment, summary.mode)
    found = []
    for one in practised(assessment):
        name, _, step = one.step.partition("#")
        book = books.get(name)
        if book is None:
            continue
        found.append(
            Practice(
                exercise=summary.id,
                system=summary.system,
                runbook=name,
                step=step,
                version=versions.setdefault(name, step_versions(book)).get(step, ""),
                book=book_version(book),
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


def signature(assessment: Assessment, mode: Mode) -> str:
    """Return by what a team is known again: its name; of somebody alone, that one's.

    A script is known by its acts: played twice with one seed it is one team. It is a digest, for
    the library need not hold who played.
    """
    opening, state = assessment.opening, assessment.exercise.state
    match mode:
        case "team":
            name = opening.team
        case "solo":
            name = state.seats.get(a.SOLO, "")
        case "run":
            acts = (a.write_act(act) for act in assessment.evidence.acts[1:])
            name = "\n".join((opening.scenario, str(opening.seed), *acts))
    known = " ".join(name.split()).casefold()
    return hashlib.sha256(f"{mode}\n{known}".encode()).hexdigest()[:_SIGNATURE]
