"""The improvement plan and what is due: decisions, evidence, and the days in a calendar."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from practised import Practising, lost

from simulator.content.problems import ContentError
from simulator.journal import Decision, Library, Store, store_at
from simulator.review import plan as p
from simulator.review.calendar import Event, write_calendar
from simulator.review.due import read_due, set_rhythm
from simulator.review.plan_text import (
    due_ics,
    due_json,
    due_text,
    plan_csv,
    plan_ics,
    plan_json,
    plan_text,
    planned,
)

TODAY = date(2026, 6, 1)
LOOK = {"step": "kiosk/outage#look", "scenario": "kiosk/stuck"}
keys = (f"key {number}" for number in count())


@pytest.fixture(name="content")
def _content(kiosk: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(kiosk, tmp_path / "content"))


@pytest.fixture(name="library", params=["sqlite", "postgres"])
def _library(request: pytest.FixtureRequest, tmp_path: Path) -> Library:
    if request.param == "sqlite":
        return Store(tmp_path / "store").library()
    return store_at(request.getfixturevalue("url")).library()


@pytest.fixture(autouse=True)
def _dated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every decision is made on 1 April 2026."""
    at = "2026-04-01T12:00:00+00:00"
    for place in ("simulator.journal.library.dated", "simulator.journal.postgres.library.dated"):
        monkeypatch.setattr(place, lambda given: given or at)


def add(library: Library, what: str = "Say which dashboard", **fields: str) -> p.Action:
    return p.add(library, next(keys), "kim", what, **fields)


def test_an_action_is_added_changed_noted_and_closed(library: Library) -> None:
    first = add(library, owner="Ada", due="2026-05-01", element="planning", exercise="k3", area="x")
    assert (first.number, first.status, first.owner, first.by) == (1, "open", "Ada", "kim")
    second = add(library, "Buy a printer", element="equipment")
    assert second.number == 2
    changed = p.change(library, next(keys), "ada", 1, status="started", due="2026-07-01")
    assert (changed.status, changed.due, changed.owner) == ("started", "2026-07-01", "Ada")
    noted = p.note(library, next(keys), "ada", 1, "half of it\nis done")
    assert [(one.by, one.text) for one in noted.remarks] == [("ada", "half of it is done")]
    closed = p.close(library, next(keys), "ada", 1, "merged")
    assert (closed.status, closed.closed, closed.reason) == ("done", True, "merged")
    assert p.reopen(library, next(keys), "ada", 1).status == "open"
    dropped = p.close(library, next(keys), "ada", 2, "too dear", dropped=True)
    assert dropped.status == "dropped"
    assert [one.number for one in p.read_plan(library)] == [1, 2]
    assert [one.number for one in p.read_plan(library, "k3")] == [1]
    assert len(library.decisions("action")) == 7


def test_under_one_key_an_action_is_added_once(library: Library) -> None:
    for _ in range(2):
        p.add(library, "the same", "kim", "Say which dashboard")
    assert len(p.read_plan(library)) == 1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda library: add(library, " \x1b "), "An action says what is to be done"),
        (lambda library: add(library, due="31.8.2026"), "This is no date .due.; write it as 2026-"),
        (lambda library: add(library, element="trainig"), 'did you mean "training"'),
        (lambda library: add(library, status="done"), "This is no status; choose one of open, sta"),
        (lambda library: add(library, step="look"), "This names no step"),
        (lambda library: p.close(library, "k", "kim", 4), "no action with this number; the plan i"),
        (lambda library: (add(library), p.change(library, "k", "kim", 1, what=" ")), "is to be do"),
        (lambda library: (add(library), p.close(library, "k", "kim", 1, dropped=True)), "a reason"),
        (lambda library: (add(library), p.note(library, "k", "kim", 0, "x")), "there are 1 to 1"),
    ],
)
def test_what_cannot_be_so_is_refused_plainly(
    tmp_path: Path, call: Callable[[Library], object], words: str
) -> None:
    with pytest.raises(ContentError, match=words):
        call(Store(tmp_path).library())


def test_an_action_closes_by_a_later_exercise_that_did_the_step_well(
    library: Library, content: Path
) -> None:
    practising = Practising(library, content)
    practising.teams(2, "2026-03-01")
    bound = add(library, **LOOK)
    assert not bound.closed
    practising.teams(2, "2026-04-02", look=lost())
    assert not p.read_plan(library)[0].closed
    first, _ = practising.teams(2, "2026-04-03")
    (closed,) = p.read_plan(library)
    assert (closed.status, closed.evidence) == ("done", first)
    assert closed.reason == f"done well in {first} on 2026-04-03"
    # Nothing of this is stored: what is computed again says the same.
    assert not p.fold(library.decisions("action"))[0].closed


def test_evidence_is_of_the_named_scenario_and_after_what_was_decided_last(
    library: Library, content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    practising = Practising(library, content)
    add(library, step=LOOK["step"], scenario="kiosk/other")
    add(library, step=LOOK["step"])
    add(library, **LOOK)
    practising.teams(1, "2026-04-03")
    assert [one.closed for one in p.read_plan(library)] == [False, False, True]
    for place in ("simulator.journal.library.dated", "simulator.journal.postgres.library.dated"):
        monkeypatch.setattr(place, lambda given: given or "2026-05-01T12:00:00+00:00")
    assert not p.reopen(library, next(keys), "kim", 3, "it was luck").closed
    assert not p.change(library, next(keys), "kim", 1, scenario="kiosk/stuck").closed
    assert p.change(library, next(keys), "kim", 2, owner="Ada").closed is False
    practising.teams(1, "2026-05-02")
    assert [one.closed for one in p.read_plan(library)] == [True, False, True]


def test_what_was_decided_by_a_later_version_is_passed_over() -> None:
    told = [
        Decision(1, "a", "action", "x", '{"do":"add","by":"kim","what":"this"}', "2026"),
        Decision(2, "b", "action", "x", '{"do":"sing","by":"kim"}', "2026"),
        Decision(3, "c", "action", "y", '{"do":"close","by":"kim"}', "2026"),
    ]
    (action,) = p.fold(told)
    assert action.what == "this"


def test_the_plan_is_told_in_every_form(library: Library) -> None:
    add(library, '=HYPERLINK("http://x")', owner="@ada", due="2026-05-01", exercise="k3", area="a")
    add(library, "Later; and, well\\so", due="2026-07-01")
    add(library, "Done")
    p.close(library, next(keys), "kim", 3, "merged")
    actions = p.read_plan(library)
    text = plan_text(actions, TODAY)
    assert text.index("HYPERLINK") < text.index("Later") < text.index("Done")
    assert "LATE, open: @ada, due 2026-05-01" in text
    assert [one["late"] for one in json.loads(plan_json(actions, TODAY))] == [True, False, False]
    rows = list(csv.DictReader(io.StringIO(plan_csv(actions))))
    assert rows[0]["what"] == '\'=HYPERLINK("http://x")'
    assert rows[0]["owner"] == "'@ada"
    assert rows[2]["status"] == "done"
    events = Calendar.from_ical(plan_ics(actions)).walk("VEVENT")
    assert [(str(one["SUMMARY"]), one.decoded("DTSTART")) for one in events] == [
        ('Due: =HYPERLINK("http://x")', date(2026, 5, 1)),
        ("Due: Later; and, well\\so", date(2026, 7, 1)),
    ]
    assert [one.status for one in planned(actions)] == ["open", "open", "done"]


@given(
    st.lists(
        st.tuples(st.text(max_size=200), st.text(max_size=200), st.dates(date(1970, 1, 1))),
        max_size=4,
    )
)
def test_any_text_survives_a_calendar(told: list[tuple[str, str, date]]) -> None:
    from simulator.content.clean import clean

    stamp = datetime(2026, 1, 1, tzinfo=UTC)
    events = [
        Event(f"{n}@x", day, clean(title, lines=False), clean(about), stamp)
        for n, (title, about, day) in enumerate(told)
        if day < date(9999, 1, 1)
    ]
    text = write_calendar("Plan", events)
    lines = text.encode().split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert lines[-1] == b""
    read = Calendar.from_ical(text).walk("VEVENT")
    assert [(str(one["SUMMARY"]), one.decoded("DTSTART")) for one in read] == [
        (one.title, one.day) for one in events
    ]
    assert [str(one["DESCRIPTION"]) for one in read] == [one.about for one in events]


def test_what_nobody_has_practised_is_due(library: Library, content: Path) -> None:
    due = read_due(library, content, TODAY)
    assert [(one.subject, one.name, one.last) for one in due.late_rehearsals] == [
        ("scenario", "kiosk/stuck", None),
        ("runbook", "kiosk/outage", None),
    ]
    (book,) = due.unexercised
    assert (len(book.steps), book.of) == (4, 4)
    assert "NEVER     scenario kiosk/stuck" in due_text(due)


def test_a_rehearsal_falls_due_ninety_days_after_the_last(library: Library, content: Path) -> None:
    practising = Practising(library, content)
    practising.teams(1, "2026-03-03")
    assert not read_due(library, content, date(2026, 6, 1)).late_rehearsals
    late = read_due(library, content, date(2026, 6, 2))
    assert [one.name for one in late.late_rehearsals] == ["kiosk/stuck", "kiosk/outage"]
    assert "1 d late  scenario kiosk/stuck, last on 2026-03-03, every 90 days" in due_text(late)
    set_rhythm(library, next(keys), content, "kim", 365)
    set_rhythm(library, next(keys), content, "kim", 30, "kiosk/outage")
    settled = read_due(library, content, date(2026, 6, 2))
    assert [(one.name, one.every) for one in settled.late_rehearsals] == [("kiosk/outage", 30)]
    with pytest.raises(ContentError, match="is no scenario and no runbook here"):
        set_rhythm(library, next(keys), content, "kim", 30, "kiosk/outgae")


def test_scripts_are_no_rehearsals(library: Library, content: Path) -> None:
    Practising(library, content).teams(3, "2026-05-30", mode="run")
    due = read_due(library, content, TODAY)
    assert len(due.late_rehearsals) == 2
    assert len(due.unexercised[0].steps) == 4
    counted = read_due(library, content, TODAY, scripts=True)
    assert len(counted.late_rehearsals) == 2
    assert counted.unexercised == ()


def test_what_is_due_is_told_in_every_form(library: Library, content: Path) -> None:
    practising = Practising(library, content)
    practising.teams(1, "2026-05-30")
    practising.edit("4. Check", "4. Sing. <!-- step: sing -->\n5. Check")
    add(library, due="2026-05-01")
    due = read_due(library, content, TODAY)
    text = due_text(due)
    assert "LATE, open: nobody yet, due 2026-05-01" in text
    assert "runbooks/kiosk/outage.md:11  Sing." in text
    told = json.loads(due_json(due))
    assert [one["step"] for one in told["unexercised"][0]["steps"]] == ["sing"]
    assert [one["number"] for one in told["late_actions"]] == [1]
    events = Calendar.from_ical(due_ics(due)).walk("VEVENT")
    assert sorted((str(one["SUMMARY"]), one.decoded("DTSTART")) for one in events) == [
        ("Due: Say which dashboard", date(2026, 5, 1)),
        ("Practise kiosk/outage", date(2026, 8, 28)),
        ("Practise kiosk/stuck", date(2026, 8, 28)),
    ]
    assert due_ics(due) == due_ics(read_due(library, content, TODAY))
