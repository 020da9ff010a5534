"""Texts of people and files are data: every screen shows them, and obeys none."""

from __future__ import annotations

import asyncio
import re
import tempfile
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from rich.console import Console
from screen_samples import SMALL, played, press, seen, settle, shows, tabletop
from textual import events

from simulator.content.heads import Head
from simulator.content.pack import Pack, pack_of
from simulator.journal import Store, Summary
from simulator.session.catalogue import Catalogue, Entry
from simulator.session.running import load
from simulator.tui.screens import launcher_words
from simulator.tui.screens.briefing import briefing, facts
from simulator.tui.screens.drill import DrillScreen
from simulator.tui.screens.hotwash import HotWashScreen
from simulator.tui.screens.inks import Inks
from simulator.tui.screens.launcher import LauncherScreen
from simulator.tui.screens.palette import offer
from simulator.tui.screens.result_sections import sections, tenths

NASTY = st.text(
    st.one_of(
        st.sampled_from("[]/\\@$#\x1b\x00\x07\x9b\u202e\u200b\u2066\ufeff\n\r\t\u2028{}()=!"),
        st.characters(codec="utf-8"),
    ),
    max_size=80,
)
WORST = (
    "[bold red]x[/] [link=http://x]y[/link] [@click=app.quit]z[/] \x1b]0;owned\x07\x1b[2J $error "
    "\u202etxt\u202c e\u0301 \U0001f468\u200d\U0001f469 [/nothing] {name} \\[ [[ ]]"
)
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff]")
FEW = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def summary(**told: Any) -> Summary:
    return Summary(
        **{
            "id": "x", "file": "x.tabletop", "system": "kiosk", "scenario": "kiosk/stuck",
            "scenario_hash": "", "seed": 1, "mode": "solo", "state": "sealed",
            "started": "2026-06-01T09:30:00+00:00", **told,
        }
    )  # fmt: skip


@FEW
@given(NASTY, NASTY, NASTY)
def test_the_launcher_shows_any_words(title: str, about: str, other: str) -> None:
    for fault in ("", other):
        head = Head(f"kiosk/{other}", title, about, 9, 8, fault)
        marks = summary(started=other, score=7, rating=other)
        for entry in (Entry(head), Entry(head, (), (marks,)), Entry(head, (marks,))):
            for shown in (launcher_words.row(entry), launcher_words.about(entry)):
                assert not CONTROL.search(shown.plain)
        assert not CONTROL.search(launcher_words.exercise(marks).plain)
    catalogue = Catalogue(titles={"kiosk": title})
    assert not CONTROL.search(launcher_words.heading(catalogue, "kiosk").plain)
    assert not CONTROL.search(launcher_words.nothing("", other).plain)


@FEW
@given(NASTY)
def test_the_palette_reads_no_markup(text: str) -> None:
    command = offer(text, text, print)
    assert not CONTROL.search(command.title + command.help)
    assert "[" not in command.title + command.help


def with_words(stuck: Pack, words: str) -> Pack:
    """Return the smallest scenario with its prose replaced."""
    quoted = '"' + "".join(f"\\u{ord(c):04x}" if ord(c) < 65536 else "" for c in words) + '"'
    texts = dict(stuck.texts)
    place = "scenarios/kiosk/stuck.yaml"
    for title in (
        "You have the early shift.",
        "The kiosk is stuck",
        "A blocked paper path",
        "The printer waited for ever, and the kiosk with it.",
        "Restart the kiosk",
    ):
        texts[place] = texts[place].replace(title, quoted)
    texts["scenarios/kiosk/system.yaml"] = texts["scenarios/kiosk/system.yaml"].replace(
        "title: Kiosk\n", f"title: {quoted}\n", 1
    )
    texts["runbooks/kiosk/outage.md"] = texts["runbooks/kiosk/outage.md"].replace(
        "Look at the dashboard", words.replace("\n", " ") + " Look at the dashboard"
    )
    return pack_of("kiosk/stuck", MappingProxyType(texts))


def test_briefing_and_result_of_hostile_content(stuck: Pack, store: Store) -> None:
    pack = with_words(stuck, WORST)
    console = Console(width=76, record=True, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    assert not CONTROL.search(briefing(pack).plain)
    console.print(facts(pack))
    script = [
        {"at": 30, "do": "confused", "step": "outage#look", "note": WORST},
        {"at": 60, "do": "command", "line": WORST},
        {"at": 61, "do": "search", "query": WORST},
    ]
    wash = {"answers": {"went-well": WORST, "confused": WORST}, "confidence": 2}
    stored = load(store, played(store, pack, script, wash=wash))
    attempts = [summary(started=WORST, score=3, rating=WORST)]
    for heading, draw in sections(stored, attempts):
        console.print(heading, draw(Inks()), markup=False)
    shown = console.export_text()
    assert "[bold red]x[/]" in shown
    assert not CONTROL.search(shown)


@settings(max_examples=1, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(answer=NASTY)
@example(answer=WORST)
@pytest.mark.usefixtures("_frozen")
def test_any_answer_goes_into_the_result(kiosk: Path, stuck: Pack, answer: str) -> None:
    async def go(folder: str) -> None:
        store = Store(Path(folder))
        name = await asyncio.to_thread(played, store, stuck, [], until=0)
        app = tabletop(kiosk, store, exercise=name)
        async with app.run_test(size=SMALL) as pilot:
            await settle(pilot)
            drill = app.screen
            assert isinstance(drill, DrillScreen)
            await press(pilot, "p")
            await drill.propose("end", {})
            await settle(pilot)
            assert shows(app, HotWashScreen)
            assert app.focused is not None
            app.focused.post_message(events.Paste(answer))
            await settle(pilot)
            assert not CONTROL.search(seen(app))
            await press(pilot, "ctrl+s", "end")
            assert not CONTROL.search(seen(app))
            await press(pilot, "escape")
            assert shows(app, LauncherScreen)

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(go(folder))


@given(st.lists(st.fractions(0, 100, max_denominator=999), max_size=20))
def test_rounded_lines_add_up(amounts: list[Fraction]) -> None:
    shown = tenths(amounts)
    assert round(sum(shown), 1) == tenths([sum(amounts, Fraction(0))])[0]
    assert all(
        abs(Fraction(one) - exact) <= Fraction(11, 100)
        for one, exact in zip(shown, amounts, strict=True)
    )
