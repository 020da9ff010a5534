"""The screens after many exercises: which steps confuse, the plan, and what is due."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from screen_samples import LARGE, SMALL, press, seen, settle, shows, tabletop, write
from textual.pilot import Pilot
from textual.widgets import Input

from simulator.content.runbook import read_runbook
from simulator.content.versions import book_version, outline
from simulator.journal import Practice, Store, Summary
from simulator.review import plan
from simulator.tui.app import TabletopApp
from simulator.tui.screens.confusion import ConfusionScreen
from simulator.tui.screens.launcher import LauncherScreen
from simulator.tui.screens.plan import PlanScreen

DARK, LIGHT = "tabletop-dark", "tabletop-light"
HOSTILE = "[@click=app.quit]Which[/] \x1b[2J dashboard? [red]" + "x" * 60


@pytest.fixture(autouse=True)
def _dated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulator.tui.screens.plan.today", lambda: date(2026, 6, 1))
    at = "2026-04-01T12:00:00+00:00"
    monkeypatch.setattr("simulator.journal.library.dated", lambda given: given or at)


def exercises(store: Store, kiosk: Path, *, note: str = "Which dashboard?", old: str = "") -> None:
    """Store what twelve teams, and four scripts before them, showed of the kiosk's steps."""
    text = (kiosk / "runbooks/kiosk/outage.md").read_text(encoding="utf-8")
    steps = outline(read_runbook(text, "outage", "outage.md"))
    for number in range(16):
        script = number < 4
        line = Summary(
            id=f"exercise{number:02}", file="", system="kiosk", scenario="kiosk/stuck",
            scenario_hash="", seed=1, mode="run" if script else "team", state="sealed",
            started=f"2026-{2 if script else 3:02}-{number + 1:02}T10:00:00+00:00",
        )  # fmt: skip
        practices = []
        for at, step in enumerate(steps):
            hot = (step.id == "look" and number % 2 == 0) or (at == 2 and number % 8 == 5)
            practices.append(
                Practice(
                    exercise=line.id,
                    system="kiosk",
                    runbook="outage",
                    step=step.id,
                    version=f"{step.version}{'old' if script and step.id == 'look' else ''}",
                    book=f"{book_version(text)}{'old' if script else ''}",
                    scenario="kiosk/stuck",
                    mode=line.mode,
                    who=line.id,
                    started=line.started,
                    confused=hot,
                    flagged=False,
                    points=4 * hot,
                    signals=("slow", "question") if hot else (),
                    lost=150 * hot,
                    well=not hot,
                    notes=(note,) if hot and number > 11 else (),
                )
            )
        store.library().put(line, practices)


def actions(store: Store, what: str = "Say which dashboard, and where it hangs") -> None:
    """Plan three actions: a late one that is bound to a step, one for later, one that is done."""
    library = store.library()
    plan.add(
        library, "a", "kim", what, owner="Ada", due="2026-05-01", element="planning",
        exercise="exercise04", area="outage#look", step="kiosk/outage#look",
        scenario="kiosk/never",
    )  # fmt: skip
    plan.add(library, "b", "kim", "Train two more people", due="2026-09-30", element="training")
    plan.add(library, "c", "kim", "Buy a printer", owner="Elena", element="equipment")
    plan.close(library, "d", "kim", 3, "delivered")
    plan.note(library, "e", "ada", 1, "asked the monitoring team")


def confused(kiosk: Path, store: Store) -> TabletopApp:
    exercises(store, kiosk)
    return tabletop(kiosk, store)


PICTURES = {
    "confusion_small": (SMALL, DARK, ("c",)),
    "confusion_large": (LARGE, LIGHT, ("c",)),
    "confusion_book_small": (SMALL, LIGHT, ("c", "b")),
    "confusion_book_large": (LARGE, DARK, ("c", "b")),
    "plan_small": (SMALL, DARK, ("i",)),
    "plan_large": (LARGE, LIGHT, ("i",)),
    "plan_edit": (SMALL, LIGHT, ("i", "e")),
    "due_large": (LARGE, DARK, ("i", "d")),
}


@pytest.mark.parametrize("name", PICTURES)
def test_picture(name: str, snap_compare: Callable[..., bool], kiosk: Path, store: Store) -> None:
    size, theme, keys = PICTURES[name]
    app = confused(kiosk, store)
    actions(store)
    app.theme = theme

    async def before(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await press(pilot, *keys)
        for typed in app.screen.query(Input):
            typed.cursor_blink = False
        await settle(pilot)

    assert snap_compare(app, terminal_size=size, run_before=before)


async def test_the_ranking_opens_from_the_launcher_and_leads_back(
    kiosk: Path, store: Store
) -> None:
    app = confused(kiosk, store)
    async with app.run_test(size=LARGE) as pilot:
        await press(pilot, "c")
        assert shows(app, ConfusionScreen)
        assert "6 of 12 teams" in seen(app)
        assert "“Which dashboard?”" in seen(app)
        assert "2 of 4 teams" in seen(app)  # before its text was changed
        assert "up to 16 teams, 4 of them scripted" in seen(app)
        await press(pilot, "p")
        assert "up to 12 teams" in seen(app)
        assert "2 of 4 teams" not in seen(app)
        await press(pilot, "enter")
        assert "6/12" in seen(app)
        assert "█ 2. Look at the dashboard" in seen(app)
        assert "step: look" not in seen(app)
        await press(pilot, "escape")
        assert "Worth a look" in seen(app)
        await press(pilot, "i")
        assert shows(app, PlanScreen)
        await press(pilot, "escape")
        assert shows(app, LauncherScreen)


async def test_before_the_first_exercise_both_say_what_to_do(kiosk: Path, store: Store) -> None:
    app = tabletop(kiosk, store)
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "c")
        assert "Nothing to rank yet." in seen(app)
        await press(pilot, "b", "p", "enter")
        assert "No exercise of people yet." in seen(app)
        assert "Press p to" in seen(app)
        await press(pilot, "escape", "i")
        assert "The plan is empty." in seen(app)
        assert "no action yet" in seen(app)
        await press(pilot, "e", "x", "d")
        assert "! never" in seen(app)


async def test_an_action_is_added_changed_and_closed_by_keyboard(kiosk: Path, store: Store) -> None:
    app = tabletop(kiosk, store)
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "i", "a", "ctrl+s")
        await press(pilot, "a")
        await write(pilot, "Buy a printer")
        await press(pilot, "tab", "tab", "tab")
        await write(pilot, "soon")
        await press(pilot, "ctrl+s")
        assert "This is no date" in seen(app)
        await press(pilot, *["backspace"] * 4)
        await write(pilot, "2026-05-01")
        await press(pilot, "ctrl+s")
        assert "! open, late" in seen(app)
        await press(pilot, "e", "tab")
        await write(pilot, "Kim")
        await press(pilot, "ctrl+s")
        assert "Kim, due 2026-05-01" in seen(app)
        await press(pilot, "x", "down", "enter")
        assert "dropped for a reason" in seen(app)
        await press(pilot, "up", "enter")
        assert "✓ done" in seen(app)
        await press(pilot, "x", "enter")
        assert "! open, late" in seen(app)
    (action,) = plan.read_plan(store.library())
    assert (action.what, action.owner, action.due) == ("Buy a printer", "Kim", "2026-05-01")


async def test_an_action_waits_only_for_what_can_come(kiosk: Path, store: Store) -> None:
    app = tabletop(kiosk, store)
    async with app.run_test(size=LARGE) as pilot:
        await press(pilot, "i", "a")
        await write(pilot, "Buy a printer")
        await press(pilot, *["tab"] * 4)
        await write(pilot, "kiosk/outage#loo")
        await press(pilot, "ctrl+s")
        assert "is no step of runbooks/kiosk/outage.md" in seen(app)
        await write(pilot, "k")
        await press(pilot, "tab")
        await write(pilot, "kiosk/stuc")
        await press(pilot, "ctrl+s")
        assert "is no scenario here" in seen(app)
        await write(pilot, "k")
        await press(pilot, "ctrl+s")
        assert "closes by itself" in seen(app)
    # What an action was bound to while it was there does not keep anybody from changing the rest.
    plan.add(store.library(), "gone", "kim", "Mend it", step="kiosk/outage#gone")
    app = tabletop(kiosk, store)
    async with app.run_test(size=LARGE) as pilot:
        await press(pilot, "i", "down", "e", "tab")
        await write(pilot, "Kim")
        await press(pilot, "ctrl+s")
    bound, gone = plan.read_plan(store.library())
    assert (bound.step, bound.scenario) == ("kiosk/outage#look", "kiosk/stuck")
    assert (gone.step, gone.owner) == ("kiosk/outage#gone", "Kim")


async def test_the_plan_is_written_for_spreadsheets_and_calendars(
    kiosk: Path, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    actions(store, "=1+1")
    app = tabletop(kiosk, store)
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "i", "w")
    assert '"\'=1+1"' in (tmp_path / "plan.csv").read_text()
    assert (tmp_path / "plan.ics").read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")


async def test_what_people_wrote_is_shown_as_it_is(
    kiosk: Path, store: Store, tmp_path: Path
) -> None:
    content = Path(shutil.copytree(kiosk, tmp_path / "content"))
    book = content / "runbooks/kiosk/outage.md"
    text = book.read_text(encoding="utf-8")
    book.write_text(text.replace("Look at", "[@click=app.quit]Look[/] at \x1b[2J"), "utf-8")
    exercises(store, content, note=HOSTILE)
    actions(store, HOSTILE)
    app = tabletop(content, store)
    async with app.run_test(size=LARGE) as pilot:
        await press(pilot, "c", "down", "up")
        assert "[@click=app.quit]Which[/]" in seen(app)
        await press(pilot, "b")
        assert "[@click=app.quit]Look[/] at ␛[2J" in seen(app)
        await press(pilot, "escape", "i")
        assert "[@click=app.quit]Which[/]" in seen(app)
        await press(pilot, "e", "escape", "x", "escape", "d")


async def test_a_store_that_cannot_be_read_is_said_so(kiosk: Path, store: Store) -> None:
    exercises(store, kiosk)
    (store.root / "library.db").write_bytes(b"damaged" * 1000)
    app = tabletop(kiosk, store)
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "c")
        assert "This cannot be read." in seen(app)
        await press(pilot, "b", "escape", "i")
        assert "This cannot be read." in seen(app)
        await press(pilot, "a", "ctrl+s", "escape")
