"""Faults that a person can do something about, in the words to show them."""

from __future__ import annotations


class Told(Exception):  # noqa: N818
    """A fault whose text is for people: what is wrong, and what to do."""


def told(error: BaseException) -> str | None:
    """Return the plain words of a known fault, or None for one that is a bug of ours."""
    from simulator.content.problems import ContentError
    from simulator.exercise.door import Refused
    from simulator.journal import AmbiguousError, JournalError
    from simulator.session.opening import NotAnExercise
    from simulator.session.script import ScriptError

    if isinstance(error, ContentError):
        return "\n".join(str(problem) for problem in error.problems)
    if isinstance(
        error, Told | JournalError | NotAnExercise | ScriptError | Refused | AmbiguousError
    ):
        return str(error)
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror or error}"
    return None
