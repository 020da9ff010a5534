"""Pane 3: what was done of each expected action so far, by which act, and the ratings."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from simulator.assessment import How
from simulator.assessment.judgement import Signal
from simulator.content.prose import reflowed
from simulator.exercise.wording import deed
from simulator.review.wording import with_titles
from simulator.session.facilitation import Judged, judged
from simulator.tui.panes.wording import at_clock, line, text_of
from simulator.tui.screens.facilitator import asking
from simulator.tui.screens.facilitator.page import (
    MUTED,
    TITLE,
    FormAsked,
    ListPage,
    Row,
    column,
    joined,
    shown,
)

if TYPE_CHECKING:
    from simulator.assessment import Assessment
    from simulator.assessment.outcomes import StepOutcome
    from simulator.exercise.fold import Exercise

_SIGNS = {
    How.PROVED: ("[x]", "$text-success"),
    How.TICKED: ("[t]", "$text-warning"),
    How.PROVED_ELSEWHERE: ("[~]", "$text-warning"),
    How.TICKED_ELSEWHERE: ("[~]", "$text-warning"),
    How.MISSED: ("[ ]", ""),
    How.NOT_ASKED: (" - ", MUTED),
}
_SAID = {
    How.PROVED: "done",
    How.TICKED: "ticked, without the act that proves it",
    How.PROVED_ELSEWHERE: "done, out of its order",
    How.TICKED_ELSEWHERE: "ticked, out of its order",
    How.MISSED: "nothing shows it so far",
    How.NOT_ASKED: "belongs to a way that was not taken",
}
RATING = "rating:"
"""How the name of a row begins that stands for a rating; after it, the objective."""


class EvidencePage(ListPage):
    """The expected actions and the ratings; after play the ratings come first."""

    NAME, TITLE = "evidence", "Evidence"
    NOTHING = "What was done so far is being marked."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "overrule", "Overrule", tooltip="Give the chosen step another mark"),
        Binding("c", "confirm", "Rate", tooltip="Confirm or change the rating of an objective"),
        *shown(("n", "note", "Note")),
    ]

    def rows(self) -> list[Row]:
        """Return the expected actions and the ratings."""
        exercise, assessment = self.desk.exercise, self.desk.assessment
        if assessment is None:
            return []
        steps: list[Row] = [("", text_of(("Expected actions", TITLE)))]
        steps += [(one.step, step_row(exercise, one)) for one in assessment.marks.steps]
        ratings: list[Row] = [("", text_of(("Ratings", TITLE), ("  proposed, given", MUTED)))]
        ratings += [
            (RATING + one.objective, rating_row(exercise, one))
            for one in judged(exercise, assessment)
        ]
        return [*ratings, *steps] if exercise.over else [*steps, *ratings]

    def detail(self, name: str) -> Content:
        """Return the evidence of a step, or what was said of a rating."""
        exercise, assessment = self.desk.exercise, self.desk.assessment
        if assessment is None:
            return Content("")
        if name.startswith(RATING):
            found = judged(exercise, assessment)
            return rating_detail(exercise, next(x for x in found if RATING + x.objective == name))
        outcome = next((one for one in assessment.marks.steps if one.step == name), None)
        return step_detail(exercise, assessment, outcome) if outcome is not None else Content("")

    @property
    def subject(self) -> str:
        """The step or the objective that is chosen, for a note about it."""
        return self.chosen.removeprefix(RATING)

    def action_overrule(self) -> None:
        """Give the chosen step another mark."""
        if self.chosen.startswith(RATING):
            self.notify("Choose the expected action whose mark you overrule.")
        elif self.chosen:
            self.post_message(FormAsked(asking.overrule(self.desk, self.chosen)))

    def action_confirm(self) -> None:
        """Rate the chosen objective, or the one that the chosen step belongs to."""
        assessment, exercise = self.desk.assessment, self.desk.exercise
        if assessment is None or not self.chosen:
            return
        of_step = (x.id for x in exercise.scenario.objectives if self.chosen in x.steps)
        whole = next(of_step, "")
        objective = self.subject if self.chosen.startswith(RATING) else whole
        one = next(x for x in judged(exercise, assessment) if x.objective == objective)
        self.post_message(FormAsked(asking.confirm(self.desk, one)))


def step_row(exercise: Exercise, outcome: StepOutcome) -> Content:
    """Return an expected action in a line: whether it was done, when, whether it is critical."""
    sign, style = _SIGNS[outcome.how]
    if outcome.step in exercise.state.overrules:
        sign, style = "[!]", TITLE
    when = at_clock(exercise, outcome.at) if outcome.at is not None else "--:--:--"
    faint = MUTED if outcome.how is How.NOT_ASKED else ""
    return text_of(
        (f"{sign} ", style), (f"{when} ", MUTED),
        ("! " if outcome.weight >= 3 else "  ", "bold $text-error"),
        (line(exercise.pack.step_title(outcome.step), 300), faint),
    )  # fmt: skip


def step_detail(exercise: Exercise, assessment: Assessment, outcome: StepOutcome) -> Content:
    """Return the evidence of an expected action: the act, an overrule, signs of confusion."""
    rows = [text_of((line(exercise.pack.step_title(outcome.step), 300), "bold"))]
    rows.append(text_of((f"{line(outcome.step)}   ", MUTED), _SAID[outcome.how]))
    acts = assessment.evidence.acts
    if outcome.act is not None and outcome.act < len(acts):
        act = acts[outcome.act]
        who = line(exercise.state.seats.get(act.by, act.by))
        rows.append(text_of((f"{who} ", "bold"), line(deed(act, exercise), 300)))
    given = exercise.state.overrules.get(outcome.step)
    if given is not None:
        who = line(exercise.state.seats.get(given.seat, given.seat))
        lost = f"{float(given.share):.0%} of its weight is lost. "
        rows.append(text_of((f"overruled by {who}: ", TITLE), lost, line(given.reason)))
    is_open = outcome.how is How.MISSED and not exercise.over  # it may be done yet
    for one in assessment.confusion.steps if exercise.state.started else ():
        if one.step == outcome.step:
            signs = (s for s in one.signs if not is_open or s.signal is not Signal.SKIPPED_AHEAD)
            rows += [text_of(("confusion ", "$text-warning"), line(s.sentence)) for s in signs]
    for note in exercise.state.notes:
        if note.about == outcome.step:
            rows.append(text_of((f"{note.kind} ", "$text-accent"), line(note.text)))
    return joined(rows)


def rating_row(exercise: Exercise, one: Judged) -> Content:
    """Return a rating in a line: proposed, given by whom, of what."""
    titles = {each.id: each.text for each in exercise.scenario.objectives}
    names = [
        f"{line(exercise.state.seats.get(given.seat, given.seat), 10)} {_short(given.rating)}"
        for given in one.given
    ]
    said = ", ".join(names) or "nobody yet"
    style = "$text-success" if names else MUTED
    if len({given.rating for given in one.given}) > 1:
        said, style = f"{said} differ", "bold $text-warning"
    return text_of(
        (f"{_short(one.proposed):<3}", "bold"), (column(said, 24), style),
        line(reflowed(titles.get(one.objective, "The whole exercise")), 300),
    )  # fmt: skip


def rating_detail(exercise: Exercise, one: Judged) -> Content:
    """Return a rating with the reasons of everybody, and how far apart they are."""
    titles = {each.id: each.text for each in exercise.scenario.objectives}
    title = line(reflowed(titles.get(one.objective, "The whole exercise")))
    reason = line(with_titles(exercise.pack, one.reason), 200)
    rows = [text_of((title, "bold")), text_of(("proposed ", MUTED), f"{one.proposed}: ", reason)]
    for given in one.given:
        who = line(exercise.state.seats.get(given.seat, given.seat), 30)
        rows.append(text_of((f"{who} ", "bold"), f"{given.rating} {line(given.reason, 300)}"))
    if one.apart:
        steps = "one step" if one.apart == 1 else f"{one.apart} steps"
        rows.append(text_of((f"They are {steps} apart.", "bold $text-warning")))
    return joined(rows)


def _short(rating: str) -> str:
    return "-" if rating == "not observed" else rating
