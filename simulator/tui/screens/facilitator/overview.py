"""Pane 1: the teams, and for the one at hand what to do next; before, during and after play."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from simulator.exercise.wording import deed
from simulator.session.facilitation import (
    newest,
    next_inject,
    not_ready,
    players,
    step_at_hand,
)
from simulator.tui.panes.status_bar import open_decisions
from simulator.tui.panes.wording import at_clock, line, minutes, name_of, text_of
from simulator.tui.panes.words import Words
from simulator.tui.screens.answers import answer_words, who_answered
from simulator.tui.screens.facilitator.asking import ratings_given
from simulator.tui.screens.facilitator.codes import code_rows
from simulator.tui.screens.facilitator.page import (
    MUTED,
    TITLE,
    TextPage,
    column,
    joined,
    shown,
)

if TYPE_CHECKING:
    from simulator.exercise.acts import AnyAct
    from simulator.exercise.fold import Exercise
    from simulator.session.seat import SeatDrill
    from simulator.tui.screens.facilitator.desk import Desk


class OverviewPage(TextPage):
    """The teams in a line each, and below the phase of the one at hand."""

    NAME, TITLE = "overview", "Overview"
    BINDINGS: ClassVar[list[BindingType]] = [
        *shown(
            ("s", "start", "Begin"), ("i", "invite", "Invite"), ("d", "dry_run", "Dry run"),
            ("o", "objectives", "Objectives"),
            ("h", "hint", "Hint"), ("x", "solution", "Solution"), ("j", "jump", "Jump"),
            ("n", "note", "Note"), ("k", "answers", "Answers"), ("y", "result", "Result"),
            ("t", "team", "Team"), ("e", "end", "End"), ("e", "close_exercise", "Close"),
        )
    ]  # fmt: skip

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="text"):
            yield Words(classes="rows-of-text")
            yield Words(id="answers")

    def show(self) -> None:
        """Show the overview, and after the end what was answered in the hot wash."""
        super().show()
        exercise = self.desk.exercise
        answers = self.query_one("#answers", Words)
        answers.display = exercise.over
        if exercise.over:
            answers.say(joined([text_of(("Hot wash", TITLE)), answer_words(exercise)]))

    def foots(self, action: str) -> bool:
        """Only what belongs to the phase."""
        state = self.desk.exercise.state
        if not state.started:
            return action in ("start", "invite", "dry_run", "objectives", "team")
        return action not in ("invite", "dry_run", "objectives")

    def text(self) -> Content:
        """Return the overview."""
        desk = self.desk
        rows = [teams_head()]
        for number, drill in enumerate(desk.drills, 1):
            rows.append(team_row(desk, drill, number))
            if len(desk.drills) > 1:
                rows.append(last_row(drill))
        rows.append(Content(""))
        state = desk.exercise.state
        if not state.started:
            rows += before(desk)
        elif desk.exercise.over:
            rows += after(desk)
        else:
            rows += during(desk)
        return joined(rows)


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


def teams_head() -> Content:
    """Return what stands above the teams."""
    columns = f"{'T+':<9}{'':<11}{'Sev.':<6}{'Score':<9}{'Production':<12}Here"
    return text_of((f"    {'Team':<16}", TITLE), (columns, MUTED))


def team_row(desk: Desk, drill: SeatDrill, number: int) -> Content:
    """Return one team in a line: time, pace, severity, score so far, production, people."""
    exercise, state = drill.exercise, drill.exercise.state
    assessment = desk.assessments.get(drill.exercise_id) if state.started else None
    score = f"{assessment.printed_score:>3} {assessment.marks.rating.name}" if assessment else "  -"
    here = sum(bool(one.get("here")) for one in drill.people)
    word, style = phase(exercise)
    if not state.started or state.world.first_deviation is None:
        healed = ("calm", MUTED)
    elif state.world.recovered_since is not None:
        healed = ("recovered", "$text-success")
    else:
        healed = ("broken", "$text-error")
    return text_of(
        (f"{'>' if drill is desk.drill else ' '} {number} ", TITLE),
        (column(exercise.team, 16), "bold"),
        f"{minutes(state.now):<9}", (f"{word:<11}", style), column(state.severity or "-", 6),
        f"{score:<9}", (f"{healed[0]:<12}", healed[1]), (f"{here}/{len(drill.people)}", MUTED),
    )  # fmt: skip


def last_row(drill: SeatDrill) -> Content:
    """Return what a team did last."""
    acts = newest(drill.bodies, 1)
    if not acts:
        return text_of(("    nothing yet", MUTED))
    who = who_answered(drill.exercise, acts[0].by)
    when = at_clock(drill.exercise, acts[0].at)
    return text_of(
        (f"    {when}  {line(who, 20)} {line(deed(acts[0], drill.exercise), 160)}", MUTED)
    )


def before(desk: Desk) -> list[Content]:
    """Return what matters before the beginning: codes, who is ready, the dry run."""
    exercise = desk.exercise
    rows = code_rows(desk)
    waiting, here = not_ready(exercise), players(exercise)
    ready = [exercise.state.seats[seat] for seat in here if seat in exercise.state.ready]
    rows += [Content(""), text_of(("Ready?", TITLE))]
    if ready:
        rows.append(text_of(("ready      ", "$text-success"), _names(ready)))
    if waiting:
        rows.append(text_of(("not ready  ", "$text-warning"), _names(waiting)))
    if not here:
        rows.append(text_of(("No participant has joined yet.", MUTED)))
    elif not waiting and desk.leads:
        rows.append(text_of("Everybody is ready: ", ("s begins.", "bold")))
    hidden = "shown to" if "objectives" in exercise.state.shared else "hidden from"
    rows.append(text_of((f"The objectives are {hidden} participants.", MUTED)))
    if desk.checks:
        rows += [Content(""), text_of(("Dry run", TITLE))]
        rows += dry_run(desk)
    return rows


def dry_run(desk: Desk) -> list[Content]:
    """Return what the last dry run found; what fails first."""
    return [
        text_of(
            ("works  ", "$text-success") if works else ("FAILS  ", "bold $text-error"),
            column(what, 34), (line(said), MUTED),
        )
        for what, works, said in sorted(desk.checks, key=lambda check: check[1])
    ]  # fmt: skip


def during(desk: Desk) -> list[Content]:
    """Return where the team is, what comes next, and what people did last."""
    exercise, state = desk.exercise, desk.exercise.state
    rows = [text_of(("Now", TITLE))]
    if desk.assessment is not None:
        step = step_at_hand(exercise, desk.assessment)
        at = line(exercise.pack.step_title(step)) if step else "every step is done or ticked"
        rows.append(text_of(("team is at  ", MUTED), at))
    due = next_inject(exercise)
    if due is not None and due.at is not None:
        comes = f"in {minutes(due.at - state.now)}, {name_of(exercise, due.sender)}: "
        rows.append(text_of(("next inject ", MUTED), (comes, "bold"), line(due.text, 300)))
    open_now = [request for request in state.requests if request.granted is None]
    waits = [f"{state.seats.get(one.seat, one.seat)} for a second word" for one in open_now]
    titles = {one.id: one.title for one in exercise.scenario.decisions}
    waits += [f"decision: {titles.get(name, name)}" for name in open_decisions(exercise)]
    if waits:
        rows.append(text_of(("waits       ", MUTED), line("; ".join(waits))))
    asked = (
        f"hints {len(state.hints)}   solutions {len(state.revealed)}   confused {len(state.flags)}"
    )
    rows.append(text_of(("so far      ", MUTED), asked))
    rows += [Content(""), text_of(("Newest acts", TITLE))]
    rows += [act_row(exercise, act) for act in newest(desk.drill.bodies, 40)]
    return rows


def act_row(exercise: Exercise, act: AnyAct) -> Content:
    """Return an act in a line: when, who, what."""
    who = who_answered(exercise, act.by)
    return text_of(
        (f"{at_clock(exercise, act.at)}  ", MUTED), (column(who, 14), "bold"),
        line(deed(act, exercise), 300),
    )  # fmt: skip


def after(desk: Desk) -> list[Content]:
    """Return what there is to do after the end, and the answers as they come."""
    exercise, state = desk.exercise, desk.exercise.state
    people = len(players(exercise))
    rated, ratings = ratings_given(desk)
    steps = [
        (people > 0 and len(state.hotwash) >= people,
         f"Hot wash: {len(state.hotwash)} of {people} have answered"),
        ("answers" in state.shared, "k shows the answers to everybody"),
        (0 < ratings == rated,
         f"3 is the evidence: confirm the ratings there ({rated} of {ratings} are)"),
        ("result" in state.shared, "y shows the result to everybody"),
        (state.closed, "e closes the exercise: then its report is final"),
    ]  # fmt: skip
    if not desk.leads:
        steps = steps[:1] + steps[2:3]
    rows = [text_of(("After the end", TITLE))]
    for done, what in steps:
        rows.append(text_of(("[x] ", "$text-success") if done else ("[ ] ", MUTED), what))
    if state.closed:
        rows.append(text_of(f"    tabletop report {desk.drill.exercise_id}"))
    return [*rows, Content("")]


def _names(names: Iterable[str]) -> str:
    return ", ".join(line(name, 30) for name in names)
