"""The dialogs of the facilitator's console, each one act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.content.prose import reflowed
from simulator.exercise.powers import role_title
from simulator.session.facilitation import timeline
from simulator.tui.panes.wording import line
from simulator.tui.screens.facilitator.form import Field, Form

if TYPE_CHECKING:
    from simulator.tui.screens.facilitator.desk import Desk

RATINGS = [
    ("P  performed without challenges", "P"),
    ("S  performed with some challenges", "S"),
    ("M  performed with major challenges", "M"),
    ("U  unable to be performed", "U"),
    ("not observed", "not observed"),
]


def _channels(desk: Desk) -> list[tuple[str, str]]:
    return [(channel.title, channel.id) for channel in desk.exercise.system.channels]


def _people(desk: Desk) -> list[tuple[str, str]]:
    return [(f"{one.name}, {one.title}", one.id) for one in desk.exercise.system.people]


def postpone(desk: Desk, inject: str) -> Form:
    """Ask by how long an inject is postponed."""
    fields = [
        Field("seconds", "by seconds", "number", value="300"),
        Field("following", "all after it, too", "yes", value="yes"),
    ]
    about = "With all after it, the intervals are kept."
    return Form(desk.do, f"Postpone {inject}", "postpone", fields, about, inject=inject)


def edit(desk: Desk, inject: str) -> Form:
    """Ask what an inject is to say."""
    row = next((one for one in timeline(desk.exercise) if one.inject == inject), None)
    text = reflowed(row.text) if row is not None else ""
    fields = [Field("text", "It says", "text", value=text)]
    return Form(desk.do, f"Edit {inject}", "edit", fields, inject=inject)


def write(desk: Desk) -> Form:
    """Ask for an inject of the facilitator's own."""
    fields = [
        Field("text", "It says", "text"),
        Field("sender", "from", "choice", [("the system", "system"), *_people(desk)]),
        Field("channel", "in", "choice", _channels(desk)),
        Field("after", "seconds from now", "number", value="0"),
    ]
    return Form(desk.do, "Write an inject", "write", fields)


def speak(desk: Desk) -> Form:
    """Ask what a simulated person says."""
    fields = [
        Field("text", "says", "text"),
        Field("person", "who", "choice", _people(desk)),
        Field("channel", "in", "choice", _channels(desk)),
    ]
    return Form(desk.do_here, "Answer as somebody", "speak", fields)


def note(desk: Desk, about: str = "") -> Form:
    """Ask for an observation at this moment."""
    exercise = desk.exercise
    known = [("nothing in particular", "")]
    known += [(reflowed(one.text), one.id) for one in exercise.scenario.objectives]
    if desk.assessment is not None:
        known += [
            (exercise.pack.step_title(one.step), one.step) for one in desk.assessment.marks.steps
        ]
    kinds = [("a note, for yourself", "note"), ("a strength", "strength"),
             ("an area for improvement", "improvement")]  # fmt: skip
    fields = [
        Field("text", "What you saw", "text"),
        Field("kind", "it is", "choice", kinds),
        Field("about", "about", "choice", known, value=about),
    ]
    return Form(desk.do_here, "Note what you see", "note", fields)


def overrule(desk: Desk, step: str) -> Form:
    """Ask for another mark of a step."""
    shares = [("done: nothing is lost", "0.0"), ("a quarter is lost", "0.25"),
              ("half is lost", "0.5"), ("missed: all is lost", "1.0")]  # fmt: skip
    fields = [
        Field("share", "mark", "choice", shares),
        Field("reason", "Because", "text"),
    ]
    title = line(desk.exercise.pack.step_title(step), 200)
    return Form(desk.do_here, "Overrule a mark", "overrule", fields, title, step=step)


def confirm(desk: Desk) -> Form:
    """Ask for a rating."""
    objectives = [("the whole exercise", "")]
    objectives += [(reflowed(one.text), one.id) for one in desk.exercise.scenario.objectives]
    assessment = desk.assessment
    proposed = assessment.marks.rating.name if assessment is not None else "P"
    fields = [
        Field("objective", "of", "choice", objectives),
        Field("rating", "rating", "choice", RATINGS, value=proposed),
        Field("reason", "Because (where it differs)", "text"),
    ]
    return Form(desk.do_here, "Confirm or change a rating", "confirm", fields)


def hand_over(desk: Desk, giver: str) -> Form:
    """Ask with whom somebody changes roles."""
    state = desk.exercise.state
    others = [
        (f"{name}, {role_title(desk.exercise, seat)}", seat)
        for seat, name in state.seats.items()
        if seat != giver and seat not in state.dismissed
    ]
    who = f"{state.seats.get(giver, giver)}, {role_title(desk.exercise, giver)}"
    fields = [Field("to", "changes with", "choice", others or [("nobody else is here", giver)])]
    return Form(desk.do_here, "Change roles", "hand-over", fields, line(who), giver=giver)
