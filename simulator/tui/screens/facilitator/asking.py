"""The dialogs of the facilitator's console, each one act."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from textual.content import Content

from simulator.content.prose import reflowed
from simulator.content.roles import STAFF, kind_of, title_of
from simulator.exercise.powers import role_title
from simulator.review.wording import with_titles
from simulator.session.facilitation import judged, players
from simulator.tui.dialogs.help_asked import STRENGTHS
from simulator.tui.panes.wording import at_clock, line, name_of, paragraphs, text_of
from simulator.tui.screens.facilitator.form import Field, Form
from simulator.tui.screens.facilitator.page import MUTED

if TYPE_CHECKING:
    from simulator.session.facilitation import Judged, TimelineRow
    from simulator.tui.screens.facilitator.desk import Desk

RATINGS = [
    ("P  performed without challenges", "P"),
    ("S  performed with some challenges", "S"),
    ("M  performed with major challenges", "M"),
    ("U  unable to be performed", "U"),
    ("not observed", "not observed"),
]
SHARES = [
    ("done: nothing is lost", 0.0),
    ("a quarter is lost", 0.25),
    ("half is lost", 0.5),
    ("three quarters are lost", 0.75),
    ("missed: all is lost", 1.0),
]


def _channels(desk: Desk) -> list[tuple[str, Any]]:
    return [(channel.title, channel.id) for channel in desk.exercise.system.channels]


def _people(desk: Desk) -> list[tuple[str, Any]]:
    return [(f"{one.name}, {one.title}", one.id) for one in desk.exercise.system.people]


def _for_all(desk: Desk, about: str = "") -> str:
    whom = "This goes to all teams." if desk.everywhere and len(desk.drills) > 1 else ""
    return " ".join(part for part in (about, whom) if part)


def postpone(desk: Desk, row: TimelineRow) -> Form:
    """Ask by how long an inject is postponed."""
    fields = [
        Field("seconds", "seconds (-: sooner)", "number", value=300),
        Field("following", "all after it, too", "yes", value=True),
    ]
    when = f", due at {at_clock(desk.exercise, row.at)}" if row.at is not None else ""
    about = f"{name_of(desk.exercise, row.sender)}{when}. With all after it, intervals are kept."
    return Form(desk.do, "Postpone an inject", "postpone", fields, _for_all(desk, about),
                "Postpone", inject=row.inject)  # fmt: skip


def edit(desk: Desk, row: TimelineRow) -> Form:
    """Ask what an inject is to say."""
    fields = [Field("text", "It says", "text", value=row.text)]
    about = f"From {name_of(desk.exercise, row.sender)}."
    return Form(desk.do, "Edit an inject", "edit", fields, _for_all(desk, about), "Save it",
                inject=row.inject)  # fmt: skip


def write(desk: Desk) -> Form:
    """Ask for an inject of the facilitator's own."""
    fields = [
        Field("text", "It says", "text"),
        Field("sender", "from", "choice", [("the system", "system"), *_people(desk)]),
        Field("channel", "in", "choice", _channels(desk)),
        Field("after", "seconds from now", "number", value=0),
    ]
    return Form(desk.do, "Write an inject", "write", fields, _for_all(desk), "Write it")


def speak(desk: Desk, channel: str = "") -> Form:
    """Ask what a simulated person says: where people wrote last, whoever spoke there."""
    exercise = desk.exercise
    people = {one.id for one in exercise.system.people}
    said = [one for one in exercise.state.messages if channel in ("", one.channel)]
    public = {one.id for one in exercise.system.channels if one.kind == "status-page"}
    asked = next((m for m in reversed(said) if m.from_player and m.channel not in public), None)
    chat = next((one.id for one in exercise.system.channels if one.kind == "chat"), "")
    place = channel or (asked.channel if asked is not None else chat)
    who = next((one.sender for one in reversed(exercise.state.messages)
                if one.channel == place and one.sender in people), "")  # fmt: skip
    fields = [
        Field("person", "who", "choice", _people(desk), value=who),
        Field("channel", "in", "choice", _channels(desk), value=place),
        Field("text", "says", "text"),
    ]
    about = ""
    if asked is not None:
        about = f"{name_of(exercise, asked.sender)}: {line(asked.text, 120)}"
    return Form(desk.do_here, "Answer as somebody", "speak", fields, about, "Say it")


def note(desk: Desk, about: str = "") -> Form:
    """Ask for an observation at this moment, about a step or an objective if it is one's."""
    exercise = desk.exercise
    known: list[tuple[str, Any]] = [("nothing in particular", "")]
    known += [(reflowed(one.text), one.id) for one in exercise.scenario.objectives]
    if desk.assessment is not None:
        known += [
            (exercise.pack.step_title(one.step), one.step) for one in desk.assessment.marks.steps
        ]
    kinds = [("a note", "note"), ("a strength", "strength"),
             ("an area for improvement", "improvement")]  # fmt: skip
    fields = [
        Field("text", "What you saw. Participants do not see it during play.", "text"),
        Field("kind", "it is", "choice", kinds),
        Field("about", "about", "choice", known, value=about),
    ]
    return Form(desk.do_here, "Note what you see", "note", fields, verb="Note it")


def overrule(desk: Desk, step: str) -> Form:
    """Ask for another mark of a step."""
    given = desk.exercise.state.overrules.get(step)
    fields = [
        Field("share", "mark", "choice", SHARES, value=float(given.share) if given else 0.0),
        Field("reason", "because", "text", value=given.reason if given else ""),
    ]
    title = line(desk.exercise.pack.step_title(step), 200)
    return Form(desk.do_here, "Overrule a mark", "overrule", fields, title, "Overrule", step=step)


def confirm(desk: Desk, one: Judged) -> Form:
    """Ask for a rating of an objective, or of the whole; what is proposed is chosen."""
    exercise = desk.exercise
    titles = {each.id: each.text for each in exercise.scenario.objectives}
    mine = next((given for given in one.given if given.seat == desk.drill.seat), None)
    reason = line(with_titles(exercise.pack, one.reason), 200)
    pieces = [
        text_of((line(reflowed(titles.get(one.objective, "The whole exercise")), 300), "bold")),
        text_of(("proposed ", MUTED), f"{one.proposed}: {reason}"),
    ]
    pieces += [
        text_of((f"{line(exercise.state.seats.get(given.seat, given.seat), 30)} gave ", MUTED),
                f"{given.rating} {line(given.reason, 120)}")
        for given in one.given
    ]  # fmt: skip
    fields = [
        Field("rating", "rating", "choice", RATINGS, value=mine.rating if mine else one.proposed),
        Field("reason", "because (where it differs)", "text", value=mine.reason if mine else ""),
    ]

    def why(given: Mapping[str, Any]) -> str:
        differs = given["rating"] != one.proposed
        return (
            "Say why it differs from what is proposed." if differs and not given["reason"] else ""
        )

    return Form(desk.do_here, "Confirm or change a rating", "confirm", fields,
                Content("\n").join(pieces), "Confirm", check=why,
                objective=one.objective)  # fmt: skip


def hand_over(desk: Desk, giver: str) -> Form:
    """Ask with whom somebody changes roles, or which role they take."""
    state = desk.exercise.state
    others: list[tuple[str, Any]] = [
        (f"{name}, {role_title(desk.exercise, seat)}", seat)
        for seat, name in state.seats.items()
        if seat != giver and seat not in state.dismissed
    ]
    mine = state.roles.get(giver, "")
    held = {role for seat, role in state.roles.items() if seat not in state.dismissed}
    if kind_of(mine) != "facilitator":
        others += [
            (f"nobody: take {role.title}", name)
            for name, role in desk.exercise.roles.items()
            if name != mine and (name not in held or name == "participant")
        ]
    who = f"{state.seats.get(giver, giver)}, {role_title(desk.exercise, giver)}, changes roles."
    about = line(who)
    if giver == desk.drill.seat:
        about += " You lose this console" + (" for this team." if len(desk.drills) > 1 else ".")
    fields = [Field("to", "with", "choice", others or [("nobody else is here", giver)])]
    return Form(desk.do_here, "Change roles", "hand-over", fields, about, "Change",
                giver=giver)  # fmt: skip


def new_code(desk: Desk, role: str) -> Form:
    """Ask of which role the code is to count no more."""
    declared = desk.exercise.system.roles
    roles = [(title_of(one, declared), one) for one in (*STAFF, *desk.exercise.roles)]
    fields = [Field("role", "of", "choice", roles, value=role)]
    about = "The old code counts no more. Whoever is here already stays."
    return Form(desk.revoke, "A new code", "revoke", fields, about, "Make it")


def show_out(desk: Desk, seat: str) -> Form:
    """Ask whether somebody's seat is to be closed."""
    who = line(desk.exercise.state.seats.get(seat, seat))
    role = role_title(desk.exercise, seat)
    about = (
        f"{who} is let go and cannot come back to this seat. What they did stays. With the code "
        f"of {line(role)} they can join anew: make a new one with b if they must not."
    )
    return Form(desk.bid, "Show somebody out", "dismiss", about=about, verb="Show out", seat=seat)


def _of_team(desk: Desk) -> str:
    return f"team {line(desk.exercise.team, 30)}" if len(desk.drills) > 1 else "the team"


def hint(desk: Desk, step: str) -> Form:
    """Show the next hint of the step at hand, and ask whether to give it."""
    exercise = desk.exercise
    strength = min(3, 1 + sum(one.step == step for one in exercise.state.hints))
    text = exercise.hint(step, strength) or "There is no hint for this step; it is noted only."
    about = text_of(
        (f"{line(exercise.pack.step_title(step), 200)}\n", "bold"),
        (f"{STRENGTHS[strength - 1].capitalize()}: ", "$text-accent"), paragraphs(text),
    )  # fmt: skip
    return Form(desk.do_here, f"Give {_of_team(desk)} a hint", "hint", about=about, verb="Give it",
                step=step)  # fmt: skip


def solution(desk: Desk, step: str) -> Form:
    """Show the solution of the step at hand, and ask whether to give it."""
    exercise = desk.exercise
    text = exercise.hint(step, 3) or "It has no written answer; that it was shown is noted."
    about = text_of(
        (f"{line(exercise.pack.step_title(step), 200)}\n", "bold"), f"{paragraphs(text)}\n",
        ("It is noted that the solution was shown, and it limits the rating.", MUTED),
    )  # fmt: skip
    return Form(desk.do_here, f"Show {_of_team(desk)} the solution", "reveal", about=about,
                verb="Show it", step=step)  # fmt: skip


def start(desk: Desk, waiting: tuple[str, ...]) -> Form:
    """Ask whether to begin although some are not ready, or nobody has come."""
    about = f"Not ready: {', '.join(line(name, 30) for name in waiting)}."
    if not waiting:
        about = "No participant has joined yet. Time begins to run, and cannot be turned back."
    return Form(desk.do, "Begin all the same?", "start", about=_for_all(desk, about), verb="Begin")


def end(desk: Desk) -> Form:
    """Ask whether to end play."""
    about = "Play ends for everybody, and the hot wash begins. It cannot be taken back."
    return Form(desk.do, "End play?", "end", about=_for_all(desk, about), verb="End play")


def close(desk: Desk) -> Form:
    """Ask whether to close the exercise; what is still open is named first."""
    about = "Nobody can add anything then: ratings, notes and answers are final."
    rated, all_ratings = ratings_given(desk)
    if rated < all_ratings:
        about = (
            f"{all_ratings - rated} of {all_ratings} ratings are not confirmed: the report stays "
            f"a draft for ever. 3 confirms them. {about}"
        )
    waits = len(players(desk.exercise)) - len(desk.exercise.state.hotwash)
    if waits > 0:
        about = f"{about} Of those who took part, {waits} have not answered the hot wash."
    return Form(desk.do, "Close the exercise?", "close", about=_for_all(desk, about), verb="Close")


def ratings_given(desk: Desk) -> tuple[int, int]:
    """Return how many ratings somebody has confirmed, and how many there are."""
    if desk.assessment is None:
        return 0, 0
    ratings = judged(desk.exercise, desk.assessment)
    return sum(bool(one.given) for one in ratings), len(ratings)


def another_team(desk: Desk) -> Form:
    """Ask for the name of a further team."""
    about = "It plays the same scenario, beside the others. Its codes are on its overview."
    fields = [Field("name", "its name")]
    return Form(desk.bid, "Another team", "team", fields, about, "Open it")


def stop_host(desk: Desk) -> Form:
    """Ask whether the host is to stop."""
    about = "Everybody is let go. Nothing is lost: tabletop host goes on with it later."
    return Form(desk.bid, "Stop the host?", "stop", about=about, verb="Stop it")
