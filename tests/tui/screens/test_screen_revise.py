"""The screen of revisions: proposals with evidence and lines, and what is decided on them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from screen_samples import LARGE, SMALL, press, seen, settle, shows, tabletop, write
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from simulator.content.pack import read_pack
from simulator.journal import Store
from simulator.session.running import run_script
from simulator.tui.app import TabletopApp
from simulator.tui.screens.confusion import ConfusionScreen
from simulator.tui.screens.launcher import LauncherScreen
from simulator.tui.screens.revise import ReviseScreen

REVIEW = Path(__file__).parents[2] / "review"
DARK, LIGHT = "tabletop-dark", "tabletop-light"
SCENARIO, BOOK = "shop/hung-worker", "runbooks/shop/stuck-orders.md"


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return the faulty shop, and a store in which twelve teams have played it."""
    sys.path.insert(0, str(REVIEW))
    try:
        from followers import team_script
    finally:
        sys.path.remove(str(REVIEW))
    folder = tmp_path_factory.mktemp("shop")
    content = Path(shutil.copytree(REVIEW / "content" / "faulty", folder / "content"))
    names = (f"exercise{number:02}" for number in range(1, 100))
    store = Store(folder / "store")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Store, "new_id", staticmethod(lambda: next(names)))
        patched.setattr("simulator.session.running.now", lambda: "2026-06-01T09:30:00+00:00")
        pack = read_pack(content, SCENARIO)
        for seed in range(1, 13):
            run_script(store, pack, team_script(pack, "stuck-orders", seed), seed)
    return content, store.root


@pytest.fixture
def app(played: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TabletopApp:
    """Tabletop on a copy of both, which may be changed."""
    monkeypatch.setattr("simulator.journal.library.dated", lambda at: at or "2026-06-02T10:00")
    content = Path(shutil.copytree(played[0], tmp_path / "content"))
    store = Store(Path(shutil.copytree(played[1], tmp_path / "home")))
    monkeypatch.chdir(tmp_path)
    return tabletop(content, store)


PICTURES = {
    "revise_books": (SMALL, DARK, ("v",)),
    "revise_small": (SMALL, DARK, ("v", "enter")),
    "revise_large": (LARGE, LIGHT, ("v", "enter")),
    "revise_order": (LARGE, DARK, ("v", "enter", "down", "down")),
    "revise_decide": (SMALL, LIGHT, ("v", "enter", "enter")),
    "revise_own": (LARGE, DARK, ("v", "enter", "down", "e")),
}


@pytest.mark.parametrize("name", PICTURES)
def test_picture(name: str, snap_compare: Callable[..., bool], app: TabletopApp) -> None:
    size, theme, keys = PICTURES[name]
    app.theme = theme

    async def before(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await press(pilot, *keys)
        for typed in app.screen.query(Input):
            typed.cursor_blink = False
        for area in app.screen.query(TextArea):
            area.cursor_blink = False
        await settle(pilot)

    assert snap_compare(app, terminal_size=size, run_before=before)


async def test_a_proposal_is_accepted_and_its_lines_written(app: TabletopApp) -> None:
    book = app.content / BOOK
    before = book.read_bytes()
    async with app.run_test(size=LARGE) as pilot:
        await press(pilot, "c", "v")
        assert shows(app, ReviseScreen)
        assert "12 exercises" in seen(app)
        assert "● add command" in seen(app)
        assert "+   shopctl cache flush prices" in seen(app)
        assert "Marked again: no marks change" in seen(app)
        await press(pilot, "enter", "enter")
        assert "shopctl cache flush prices" in book.read_text(encoding="utf-8")
        assert "● add command" not in seen(app)
        await press(pilot, "c")
        assert shows(app, ConfusionScreen)
    assert book.read_bytes() != before


async def test_one_is_rejected_for_a_reason_and_one_put_off(app: TabletopApp) -> None:
    async with app.run_test(size=LARGE) as pilot:
        await press(pilot, "v", "enter", "enter", "down", "down", "down", "down", "enter")
        assert "A proposal is rejected for a reason" in seen(app)
        await press(pilot, "shift+tab")
        await write(pilot, "it is in the wiki")
        await press(pilot, "tab", "enter")
        assert "add command" not in seen(app)
        assert "● add step" in seen(app)
        await press(pilot, "enter", "down", "down", "down", "enter")
        assert "Put off" in seen(app)
        await press(pilot, "escape")
        assert shows(app, LauncherScreen)
    (rejected, later) = app.store.library().decisions("revision")
    assert "it is in the wiki" in rejected.body
    assert '"answer":"later"' in later.body


async def test_one_is_written_in_other_words(app: TabletopApp) -> None:
    async with app.run_test(size=LARGE) as pilot:
        await press(pilot, "v", "enter", "e")
        area = app.screen.query_one(TextArea)
        assert area.text == "```sh\nshopctl cache flush prices\n```"
        area.text = ""
        await press(pilot, "ctrl+s")
        assert "There is nothing to write." in seen(app)
        area.text = "1. x <!-- step: tell -->"
        await press(pilot, "ctrl+s")
        assert "read again" in seen(app)
        area.text = "Do it with `shopctl cache flush prices`, in the shell."
        await press(pilot, "ctrl+s")
    text = (app.content / BOOK).read_text(encoding="utf-8")
    assert "\n   Do it with `shopctl cache flush prices`, in the shell.\n" in text


async def test_a_patch_or_a_branch_is_left(app: TabletopApp, tmp_path: Path) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "v", "enter", "enter", "down", "enter")
        assert "Subject: [PATCH] " in (tmp_path / "stuck-orders.patch").read_text()
        await press(pilot, "enter", "down", "down", "enter")
        assert "is not in a git checkout" in seen(app)
        await press(pilot, "escape")
        for words in (
            ["init", "-q"], ["add", "."],
            ["-c", "user.name=A", "-c", "user.email=a@b", "commit", "-q", "-m", "x"],
            ["config", "user.name", "A"], ["config", "user.email", "a@b"],
        ):  # fmt: skip
            subprocess.run(["git", *words], cwd=app.content, check=True)
        await press(pilot, "enter", "down", "down", "enter")
    branches = subprocess.run(
        ["git", "branch", "--list", "revise-*"], cwd=app.content, check=True, capture_output=True
    ).stdout
    assert b"revise-stuck-orders-" in branches


async def test_before_the_first_exercise_it_says_what_to_do(kiosk: Path, store: Store) -> None:
    app = tabletop(kiosk, store)
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "v")
        assert "kiosk/outage" in seen(app)
        await press(pilot, "e", "enter")
        assert "No exercise that has ended" in seen(app)
        await press(pilot, "enter", "e", "r")
        assert "What do exercises say of a runbook?" in seen(app)


async def test_a_store_that_cannot_be_read_is_said_so(app: TabletopApp) -> None:
    (app.store.root / "library.db").write_bytes(b"damaged" * 1000)
    async with app.run_test(size=SMALL) as pilot:
        await press(pilot, "v", "enter")
        assert "This cannot be read." in seen(app)
        await press(pilot, "e", "enter", "escape")
