"""What is broken is shown as such, in plain words, and never in the way of what works."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path

import pytest
from screen_samples import SMALL, played, press, seen, settle, shows, tabletop

from simulator.content.pack import Pack
from simulator.journal import Store
from simulator.tui.screens.briefing import BriefingScreen
from simulator.tui.screens.launcher import LauncherScreen
from simulator.tui.screens.opening import OpeningScreen


@pytest.fixture
def content(kiosk: Path, tmp_path: Path) -> Path:
    """The smallest scenario, with room for broken ones beside it."""
    return shutil.copytree(kiosk, tmp_path / "content")


async def test_the_launcher_opens_with_the_good_ones(content: Path, store: Store) -> None:
    folder = content / "scenarios" / "kiosk"
    (folder / "a-broken.yaml").write_text("schema: scenario/1\ntitle: [unclosed\n")
    (folder / "b-empty.yaml").write_bytes(b"")
    (folder / "c-binary.yaml").write_bytes(b"\x00\xff\xfe\x1b[2J")
    app = tabletop(content, store)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        shown = seen(app)
        assert shown.count("cannot be read") >= 3
        assert "This scenario cannot be read." in shown
        assert "expected" in shown
        assert "The kiosk is stuck" in shown
        assert "\x1b" not in shown
        await press(pilot, "end", "enter")
        assert shows(app, BriefingScreen)
        assert "You have the early shift." in seen(app)


async def test_a_briefing_names_every_fault(content: Path, store: Store) -> None:
    file = content / "scenarios" / "kiosk" / "stuck.yaml"
    text = file.read_text().replace("difficulty: 1", "difficulty: 1\nnonsense: 1")
    file.write_text(text.replace("runbooks: [outage]", "runbooks: [outage]\nsense: 2"))
    app = tabletop(content, store, scenario="kiosk/stuck")
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert "This scenario cannot be played." in seen(app)
        assert "nonsense" in seen(app)
        assert "sense" in seen(app)
        await press(pilot, "enter")
        assert shows(app, BriefingScreen)
        await press(pilot, "escape")
        assert shows(app, LauncherScreen)


async def test_no_scenario_at_all(tmp_path: Path, store: Store) -> None:
    (tmp_path / "scenarios").mkdir()
    app = tabletop(tmp_path, store)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert "There is no scenario here." in seen(app)
        await press(pilot, "enter", "r", "o", "tab", "enter")
        assert shows(app, LauncherScreen)


async def test_a_store_that_cannot_be_read_hides_no_scenario(kiosk: Path, store: Store) -> None:
    store.root.mkdir(parents=True)
    (store.root / "library.db").write_text("this is no library")
    app = tabletop(kiosk, store)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert "Results cannot be shown." in seen(app)
        assert "The kiosk is stuck" in seen(app)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
async def test_a_store_that_cannot_be_written(kiosk: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    app = tabletop(kiosk, Store(tmp_path / "store"), scenario="kiosk/stuck")
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        assert "The exercise cannot be stored." in seen(app)


async def test_a_store_in_the_place_of_a_file(kiosk: Path, tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file")
    app = tabletop(kiosk, Store(tmp_path / "store"), scenario="kiosk/stuck")
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "enter")
        assert "The exercise cannot be stored." in seen(app)
        await press(pilot, "escape")
        assert "The kiosk is stuck" in seen(app)


async def test_an_exercise_that_cannot_be_opened(kiosk: Path, stuck: Pack, store: Store) -> None:
    gone = tabletop(kiosk, store, exercise="nowhere")
    async with gone.run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert shows(gone, OpeningScreen)
        assert "This exercise cannot be opened." in seen(gone)
        await press(pilot, "escape")
        assert shows(gone, LauncherScreen)
    exercise = await asyncio.to_thread(played, store, stuck, [])
    store.path_of(exercise).write_bytes(b"\x00" * 4096)
    app = tabletop(kiosk, store)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "o")
        assert "This exercise cannot be opened." in seen(app)


@pytest.mark.parametrize("size", [(79, 24), (80, 23), (20, 5)])
async def test_a_terminal_that_is_too_small_says_what_it_needs(
    kiosk: Path, stuck: Pack, store: Store, size: tuple[int, int]
) -> None:
    exercise = await asyncio.to_thread(played, store, stuck, [])
    app = tabletop(kiosk, store)
    async with app.run_test(size=size) as pilot:
        for show in (app.launch, lambda: app.brief("kiosk/stuck"), lambda: app.result(exercise)):
            show()
            await settle(pilot)
            words = " ".join(seen(app).split())
            assert "Tabletop needs 80 columns" in words
            assert f"has {size[0]}" in words.replace("This terminal ", "")
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        assert "Tabletop needs" not in seen(app)
