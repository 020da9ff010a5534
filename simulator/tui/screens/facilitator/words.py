"""What the facilitator's panes say, as text from the state; no widget in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from simulator.content.prose import reflowed
from simulator.content.roles import kind_of, title_of
from simulator.exercise.powers import ANONYMOUS, role_title
from simulator.exercise.wording import in_words
from simulator.session.facilitation import TimelineRow, changed, not_ready, truths
from simulator.tui.panes.wording import at_clock, line, minutes, name_of, paragraphs, text_of

if TYPE_CHECKING:
    from simulator.assessment import Assessment
    from simulator.assessment.outcomes import StepOutcome
    from simulator.exercise.fold import Exercise
    from simulator.session.seat import SeatDrill
    from simulator.tui.screens.facilitator.desk import Desk

MUTED = "$foreground 60%"
_SIGNS = {
    "proved": ("[x]", "$text-success"),
    "ticked": ("[t]", "$text-warning"),
    "proved elsewhere": ("[~]", "$text-warning"),
    "ticked elsewhere": ("[~]", "$text-warning"),
    "missed": ("[ ]", ""),
    "not asked": (" - ", MUTED),
}
_STATUS = {
    "delivered": ("came", "$text-success"),
    "passed": ("passed", MUTED),
    "due": ("due", "bold"),
    "waiting": ("waits", "$text-accent"),
    "left out": ("left out", "$text-warning"),
}


def join(rows: list[Content]) -> Content:
    """Return rows as lines."""
    return Content("\n").join(rows)


def phase(exercise: Exercise) -> tuple[str, str]:
    """Return where an exercise stands in a word, and its style."""
    state = exercise.state
    if state.closed:
        return "closed", MUTED
    if exercise.over:
        return "ended", "$text-accent"
    if not state.started:
        return "not begun", "$text-accent"
    return ("PAUSED", "bold $text-warning") if state.paused else (f"{state.speed}x", "")


def team_row(desk: Desk, drill: SeatDrill, number: int) -> Content:
    """Return one team in a line: time, pace, severity, score so far, recovery, people."""
    exercise, state = drill.exercise, drill.exercise.state
    assessment = desk.assessments.get(drill.exercise_id)
    score = f"{assessment.printed_score:>3} {assessment.marks.rating.name}" if assessment else "  -"
    here = sum(one.get("here", False) for one in drill.people)
    recovered = state.world.recovered_since is not None
    word, style = phase(exercise)
    healed = ("recovered", "$text-success") if recovered else ("broken", "$text-error")
    if state.world.first_deviation is None:
        healed = ("calm", MUTED)
    sign = "> " if drill is desk.drill else "  "
    return text_of(
        (sign, "bold $text-accent"), (f"{number} {line(exercise.team, 14):<14} ", "bold"),
        f"T+{minutes(state.now):<6}", (f"{word:<10}", style), f"{state.severity or '-':<4}",
        f"{score}  ", healed, (f"  {here} of {len(drill.people)} here", MUTED),
    )  # fmt: skip


def overview(desk: Desk) -> Content:
    """Return the first pane: the teams, what to do next, the lobby or the newest acts."""
    rows = [text_of(("Teams", "bold $text-accent"))]
    rows += [team_row(desk, drill, number) for number, drill in enumerate(desk.drills, 1)]
    exercise = desk.exercise
    rows.append(Content(""))
    if not exercise.state.started:
        rows += lobby(desk)
    elif exercise.over:
        rows += afterwards(desk)
    else:
        rows += newest(exercise, desk.drill)
    if desk.checks:
        rows += [Content(""), text_of(("Dry run", "bold $text-accent"))]
        for what, works, words in desk.checks:
            sign = ("works ", "$text-success") if works else ("FAILS ", "bold $text-error")
            rows.append(text_of(sign, line(what, 40), (f"  {line(words)}", MUTED)))
    return join(rows)


def lobby(desk: Desk) -> list[Content]:
    """Return what matters before the beginning: codes, who is here, who is ready."""
    exercise = desk.exercise
    rows = [text_of(("Join codes", "bold $text-accent"), (f"  team {line(exercise.team)}", MUTED))]
    mine = [one for one in desk.codes if one.get("x") == desk.drill.exercise_id]
    for one in mine:
        rows.append(text_of(f"  {line(one['title'], 22):<22} ", (one["code"], "bold")))
    if not mine:
        rows.append(text_of(("  Only facilitators see them.", MUTED)))
    shown = "shown" if "objectives" in exercise.state.shared else "hidden"
    waiting = not_ready(exercise)
    rows.append(Content(""))
    rows.append(text_of(("Objectives ", "bold"), f"are {shown} to participants (o changes it)."))
    if waiting:
        names = ", ".join(line(name) for name in waiting)
        rows.append(text_of(("Not ready: ", "bold $text-warning"), names))
    elif any(kind_of(role) == "participant" for role in exercise.state.roles.values()):
        rows.append(text_of(("Everybody is ready. ", "bold $text-success"), "s begins."))
    else:
        rows.append(text_of(("No participant has joined yet.", MUTED)))
    return rows


def newest(exercise: Exercise, drill: SeatDrill, most: int = 14) -> list[Content]:
    """Return what people did last, the newest first."""
    rows = [text_of(("Newest acts", "bold $text-accent"))]
    acts = [act for act in drill.acts()[-60:] if act.do not in ("clock", "open")]
    for act in reversed(acts[-most:]):
        who = line(exercise.state.seats.get(act.by, act.by), 14)
        rows.append(
            text_of(
                (f"{at_clock(exercise, act.at)} ", MUTED), (f"{who:<14} ", "bold"),
                line(in_words(act), 200),
            )
        )  # fmt: skip
    return rows


def afterwards(desk: Desk) -> list[Content]:
    """Return what there is to do after the end, with what was answered so far."""
    state = desk.exercise.state
    people = [seat for seat, role in state.roles.items() if kind_of(role) == "participant"]
    rows = [text_of(("After the end", "bold $text-accent"))]
    steps = (
        (len(state.hotwash) >= len(people) > 0, f"hot wash: {len(state.hotwash)} of "
         f"{len(people)} have answered (pane 7)"),
        ("answers" in state.shared, "answers shown to everybody (k)"),
        (any(not one.objective for one in state.confirmed), "rating confirmed (pane 3, c)"),
        ("result" in state.shared, "result shown to everybody (y)"),
        (state.closed, "exercise closed (e): the report is final"),
    )  # fmt: skip
    for done, what in steps:
        rows.append(text_of(("[x] " if done else "[ ] ", "bold"), what))
    return rows


def timeline_row(exercise: Exercise, row: TimelineRow) -> Content:
    """Return an inject in a line."""
    word, style = _STATUS[row.status]
    when = at_clock(exercise, row.at) if row.at is not None else "--:--:--"
    marks = "".join(
        mark
        for mark, so in (("c", row.contingent), ("+", row.postponed > 0), ("e", row.edited),
                         ("w", row.written))
        if so
    )  # fmt: skip
    return text_of(
        (f"{when} ", MUTED), (f"{word:<9}", style), (f"{marks:<3}", "$text-accent"),
        (f"{name_of(exercise, row.sender)}: ", "bold"), line(row.text, 400),
    )  # fmt: skip


def timeline_detail(exercise: Exercise, row: TimelineRow) -> Content:
    """Return an inject whole."""
    notes = [f"to {line(row.channel)}", f"id {line(row.inject)}"]
    if row.contingent:
        notes.append("contingent: comes because something was not done")
    if row.postponed:
        notes.append(f"postponed by {row.postponed} s")
    if row.edited:
        notes.append("in your words")
    if row.written:
        notes.append("written on the spot")
    pieces = [text_of((", ".join(notes), MUTED))]
    if row.condition:
        pieces.append(text_of(("when ", "bold"), line(row.condition)))
    if row.expects:
        titles = [line(exercise.pack.step_title(step), 70) for step in row.expects]
        pieces.append(text_of(("expects ", "bold"), "; ".join(titles)))
    pieces.append(text_of(paragraphs(reflowed(row.text))))
    return join(pieces)


def step_row(assessment: Assessment, outcome: StepOutcome) -> Content:
    """Return an expected action in a line: whether it was done, when, what it cost."""
    exercise = assessment.exercise
    sign, style = _SIGNS[outcome.how.value]
    if outcome.overruled is not None:
        sign, style = "[!]", "bold $text-accent"
    when = at_clock(exercise, outcome.at) if outcome.at is not None else "--:--:--"
    weight = "!" if outcome.weight >= 3 else " "
    return text_of(
        (f"{sign} ", style), (f"{when} ", MUTED), (weight, "bold $text-error"), " ",
        line(exercise.pack.step_title(outcome.step), 300),
    )  # fmt: skip


def step_detail(assessment: Assessment, outcome: StepOutcome) -> Content:
    """Return the evidence of an expected action."""
    exercise = assessment.exercise
    rows = [text_of((line(outcome.step), "bold"), (f"   {outcome.how.value}", MUTED))]
    if outcome.act is not None and outcome.act < len(assessment.evidence.acts):
        act = assessment.evidence.acts[outcome.act]
        who = line(exercise.state.seats.get(act.by, act.by))
        rows.append(text_of((f"{who} ", "bold"), line(in_words(act), 300)))
    if outcome.mismatch:
        rows.append(text_of(("ticked without the act that proves it", "$text-warning")))
    given = exercise.state.overrules.get(outcome.step)
    if given is not None:
        who = line(exercise.state.seats.get(given.seat, given.seat))
        rows.append(
            text_of((f"overruled by {who}: ", "bold $text-accent"), f"{given.share} of its weight "
                    f"is lost. {line(given.reason)}")
        )  # fmt: skip
    for one in assessment.confusion.steps:
        if one.step == outcome.step:
            rows += [text_of(("confusion ", "$text-warning"), line(s.sentence)) for s in one.signs]
    return join(rows)


def objective_rows(assessment: Assessment) -> list[Content]:
    """Return each objective with its proposed rating and what each evaluator gave."""
    exercise = assessment.exercise
    titles = {one.id: one.text for one in exercise.scenario.objectives}
    rows = [text_of(("Ratings", "bold $text-accent"))]
    whole = ("", assessment.marks.rating.name, assessment.marks.reason)
    proposals = [whole] + [
        (one.objective, one.rating.name if one.rating is not None else "-", one.reason)
        for one in assessment.objectives
    ]
    for objective, letter, reason in proposals:
        given = [one for one in exercise.state.confirmed if one.objective == objective]
        last = {one.seat: one for one in given}
        said = ", ".join(
            f"{line(exercise.state.seats.get(seat, seat), 12)} {one.rating}"
            for seat, one in last.items()
        )
        differ = len({one.rating for one in last.values()}) > 1
        title = line(reflowed(titles.get(objective, "the whole exercise")), 60)
        style = "bold $text-warning" if differ else "$text-success"
        signed = (f"{said}{', they differ' if differ else ''}   ", style) if said else ""
        rows.append(
            text_of((f"{letter} ", "bold"), signed, f"{title}  ", (line(reason, 80), MUTED))
        )
    return rows


def people_rows(drill: SeatDrill) -> list[tuple[str, Content]]:
    """Return (seat, line) of everybody: ready, here, role, what they look at and did last."""
    exercise = drill.exercise
    found = []
    for one in drill.people:
        seat = str(one["seat"])
        here = ("here ", "$text-success") if one.get("here") else ("away ", "$text-error")
        ready = "ready" if seat in exercise.state.ready else "     "
        if exercise.state.started:
            ready = "     "
        step = "" if one.get("in_step", True) else "  OUT OF STEP"
        at, _, last = str(one.get("last", "")).partition(" ")
        did = f"  last: {line(last)} at {at_clock(exercise, int(at))}" if at.isdigit() else ""
        found.append(
            (
                seat,
                text_of(
                    here, (f"{ready} ", "$text-success"),
                    (f"{line(str(one['name']), 18):<18} ", "bold"),
                    f"{line(title_of(str(one['role']), exercise.system.roles), 20):<20} ",
                    (f"{line(str(one.get('looking', '')), 20)}{did}", MUTED),
                    (step, "bold $text-error"),
                ),
            )
        )  # fmt: skip
    return found


def truth(exercise: Exercise) -> Content:
    """Return what is really going on, and what would heal it."""
    rows = [text_of(("Hidden causes", "bold $text-accent"))]
    for one in truths(exercise):
        if one.since is None:
            when = "not yet"
        elif one.until is not None:
            when = f"over since {at_clock(exercise, one.until)}"
        else:
            when = f"since {at_clock(exercise, one.since)}"
        aside = ", beside the incident" if one.aside else ""
        rows.append(text_of((line(one.title), "bold"), (f"   {when}{aside}", MUTED)))
        rows.append(text_of(f"{paragraphs(reflowed(one.explanation))}\n"))
    world = exercise.state.world
    rows.append(text_of(("Recovered when", "bold $text-accent")))
    holds = bool(exercise.scenario.recovered.when.evaluate(exercise.scope()))
    since = world.recovered_since
    now = "holds now" if holds else "does not hold now"
    stands = f"   recovered since {at_clock(exercise, since)}" if since is not None else ""
    rows.append(
        text_of(line(exercise.scenario.recovered.when.source), (f"   {now}{stands}", MUTED))
    )
    rows += [Content(""), text_of(("What heals it", "bold $text-accent"))]
    rows += [text_of(f"- {line(fix.title)}") for fix in exercise.scenario.fixes]
    rows += [Content(""), text_of(("Changed since T+0", "bold $text-accent"))]
    differs = changed(exercise)
    rows += [text_of((line(n), "bold"), f"  {line(v)}", (f"  was {line(w)}", MUTED))
             for n, v, w in differs]  # fmt: skip
    if not differs:
        rows.append(text_of(("Nothing.", MUTED)))
    rows += [Content(""), text_of(("Red herrings", "bold $text-accent"))]
    for herring in exercise.scenario.red_herrings:
        rows.append(text_of((line(reflowed(herring.what)), "bold")))
        rows.append(text_of(f"  {line(reflowed(herring.disproved))}"))
    return join(rows)


def comms(exercise: Exercise, most: int = 60) -> Content:
    """Return what was said in all channels, the newest last."""
    titles = {channel.id: channel.title for channel in exercise.system.channels}
    rows = []
    for message in exercise.state.messages[-most:]:
        style = "bold $text-accent" if message.from_player else "bold $text-primary"
        role = role_title(exercise, message.sender)
        rows.append(
            text_of(
                (f"{at_clock(exercise, message.at)}  ", MUTED),
                (name_of(exercise, message.sender), style),
                (f"{f', {line(role)}' if role else ''} in "
                 f"{line(titles.get(message.channel, message.channel))}\n", MUTED),
                f"{paragraphs(message.text)}\n",
            )
        )  # fmt: skip
    return join(rows) if rows else text_of(("Nothing has been said yet.", MUTED))


def notes(desk: Desk) -> Content:
    """Return what was observed, what confused people, the hints, and the hot wash."""
    exercise, state = desk.exercise, desk.exercise.state
    kinds = {
        "strength": ("+ strength ", "$text-success"),
        "improvement": ("- improve  ", "$text-warning"),
        "note": ("  note     ", MUTED),
    }
    rows = [text_of(("Observations", "bold $text-accent"))]
    for note in state.notes:
        who = line(state.seats.get(note.seat, note.seat))
        about = f"   on {line(exercise.pack.step_title(note.about), 60)}" if note.about else ""
        rows.append(
            text_of(
                (f"{at_clock(exercise, note.at)} ", MUTED), kinds[note.kind],
                paragraphs(note.text), (f"{about}   {who}", MUTED),
            )
        )  # fmt: skip
    if not state.notes:
        rows.append(text_of(("None yet: n writes one.", MUTED)))
    rows += [Content(""), text_of(("Confused", "bold $text-accent"))]
    for flag in state.flags:
        who = line(state.seats.get(flag.seat, flag.seat))
        title = line(exercise.pack.step_title(flag.step), 60)
        rows.append(
            text_of(
                (f"{at_clock(exercise, flag.at)} ", MUTED), (f"{who}: ", "bold"), title,
                f"   {line(flag.note)}" if flag.note else "",
            )
        )  # fmt: skip
    if not state.flags:
        rows.append(text_of(("Nobody has said so.", MUTED)))
    rows += [Content(""), text_of(("Hints and solutions", "bold $text-accent"))]
    for hint in state.hints:
        title = line(exercise.pack.step_title(hint.step), 60)
        when = (f"{at_clock(exercise, hint.at)} ", MUTED)
        rows.append(text_of(when, f"hint {hint.strength}: {title}"))
    for at, step in state.revealed:
        title = line(exercise.pack.step_title(step), 60) if step else "everything"
        rows.append(text_of((f"{at_clock(exercise, at)} ", MUTED), f"solution: {title}"))
    if exercise.over:
        rows += [Content(""), text_of(("Hot wash", "bold $text-accent"))]
        for seat, answers in state.hotwash.items():
            named = "without a name" if seat.startswith(ANONYMOUS) else state.seats.get(seat, seat)
            rows.append(text_of((line(named), "bold")))
            rows += [text_of((f"  {line(q)}: ", MUTED), line(said)) for q, said in answers.items()]
    return join(rows)
