"""Texts of people and files are data: whatever they hold, they are shown and nothing else."""

from __future__ import annotations

import asyncio
import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from play import DrillApp, press, settle, shop
from rich.cells import cell_len
from textual.content import Content

from simulator.exercise.state import Flag, Message
from simulator.tui.panes.columns import table
from simulator.tui.panes.runbook_page import prose, wrapped
from simulator.tui.panes.side_column import news
from simulator.tui.panes.status_bar import StatusBar, status_of
from simulator.tui.panes.wording import line, paragraphs

NASTY = st.text(
    st.one_of(
        st.sampled_from("[]/\\@$#\x1b\x00\x07\x9b\u202e\u200b\u2066\ufeff\n\r\t\u2028{}()=!"),
        st.characters(codec="utf-8"),
    ),
    max_size=120,
)
WORST = (
    "[bold red]x[/] [link=http://x]y[/link] [@click=app.quit]z[/] \x1b]0;owned\x07\x1b[2J $error "
    "\u202etxt\u202c e\u0301 \U0001f468\u200d\U0001f469 [/nothing] {name} \\[ [[ ]]"
)
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff]")


@given(NASTY)
def test_a_line_is_one_line_without_control_characters(text: str) -> None:
    shown = line(text)
    assert "\n" not in shown
    assert not CONTROL.search(shown)
    assert cell_len(line(text, 20)) <= 20


@given(NASTY)
def test_paragraphs_hold_no_control_characters(text: str) -> None:
    assert not CONTROL.search(paragraphs(text))


@given(NASTY, st.integers(10, 90), st.integers(0, 4))
def test_wrapped_rows_fit(text: str, width: int, indent: int) -> None:
    room = max(8, width - indent) + indent
    assert all(cell_len(row) <= room for row in wrapped(line(text), width, indent))


@given(NASTY)
@settings(deadline=None)
def test_prose_of_any_text_is_drawn(text: str) -> None:
    assert isinstance(prose(text, 60), Content)
    assert not CONTROL.search(prose(text, 60).plain)


@given(st.lists(st.lists(NASTY, max_size=5), max_size=5), st.integers(10, 100))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_tables_fit(rows: list[list[str]], width: int) -> None:
    drawn = table(["One", "Two", "Three"], rows, width)
    assert all(cell_len(row) <= max(width, 5 * 6) for row in drawn.plain.split("\n"))


@given(NASTY)
@settings(deadline=None, max_examples=30)
def test_the_status_bar_draws_any_title(text: str) -> None:
    app = DrillApp()
    exercise = app.drill.exercise
    exercise.scenario = exercise.scenario.model_copy(update={"title": text})
    assert "\n" not in status_of(exercise, 0).title


def test_hostile_texts_are_drawn_as_they_stand_on_every_pane() -> None:
    app = DrillApp(150)
    state = app.drill.exercise.state
    for channel in ("incidents", "sales"):
        for sender in (WORST, "nora"):
            state.messages.append(Message(140, channel, sender, WORST * 3, sender == WORST))
    state.flags.append(Flag(1, WORST, "shop-down#look", WORST))
    state.seats["player"] = WORST
    assert not any(CONTROL.search(what) for _, _, what, _ in news(app.drill.exercise))

    async def go() -> None:
        async with app.run_test(size=(120, 40)) as pilot:
            for key in ("1", "2", "3", "4", "5", "6"):
                await press(pilot, "escape", key)
                await settle(pilot)
                assert app.screen.query_one(StatusBar)
                drawn = "\n".join(
                    strip.text for strip in app.screen._compositor.render_strips(app.screen.size)
                )
                assert not CONTROL.search(drawn)
                if key == "5":
                    assert "[bold red]x[/]" in drawn
        assert app.return_code in (None, 0)

    asyncio.run(go())
    assert shop().scenario.title == "Nobody can pay"
