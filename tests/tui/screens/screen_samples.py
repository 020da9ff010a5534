"""Tabletop on a small content and a small store, played by keyboard, on days that stand still."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.worker import WorkerCancelled

from simulator.content.pack import Pack
from simulator.journal import Store
from simulator.session.playing import begin, finish
from simulator.tui.app import TabletopApp

SMALL, LARGE = (80, 24), (120, 40)

Script = Sequence[Mapping[str, Any]]


def freeze(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every exercise begin on a day of its own, with a name that can be foretold."""
    days = iter(range(1, 29))
    names = (f"exercise{number}" for number in range(1, 100))

    def now() -> str:
        return f"2026-06-{next(days):02}T09:30:00+00:00"

    monkeypatch.setattr("simulator.session.running.now", now)
    monkeypatch.setattr("simulator.session.playing.now", lambda: "2026-06-30T12:00:00+00:00")
    monkeypatch.setattr(Store, "new_id", staticmethod(lambda: next(names)))
    monkeypatch.setenv("LOGNAME", "kim")


def played(
    store: Store,
    pack: Pack,
    script: Script,
    *,
    until: int | None = None,
    wash: Mapping[str, Any] | None = None,
) -> str:
    """Play a script as a person would, to its end or `until` a second; return the exercise."""
    return asyncio.run(_played(store, pack, script, until, wash))


async def _played(
    store: Store, pack: Pack, script: Script, until: int | None, wash: Mapping[str, Any] | None
) -> str:
    drill = begin(store, pack, 1, "Kim")
    for act in script:
        if until is None or act["at"] < until:
            drill.exercise.advance(act["at"])
            await drill.take(**{name: value for name, value in act.items() if name != "at"})
    if until is None:
        if not drill.exercise.over:
            drill.exercise.advance(drill.exercise.length)
            await drill.take("end", reason="time")
        if wash is not None:
            await drill.take("hotwash", **wash)
        finish(store, drill)
    drill.close()
    return drill.exercise_id


async def settle(pilot: Pilot[None]) -> None:
    """Wait until all that was asked for is done and drawn."""
    before = None
    while before is not pilot.app.screen or len(pilot.app.workers):
        before = pilot.app.screen
        with suppress(WorkerCancelled):  # its screen was left
            await pilot.app.workers.wait_for_complete()
        await pilot.pause()


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, and wait for what they do."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


async def write(pilot: Pilot[None], text: str) -> None:
    """Type a text."""
    await pilot.press(*("space" if letter == " " else letter for letter in text))
    await settle(pilot)


def seen(app: TabletopApp) -> str:
    """Return what is on the screen, as text."""
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


def tabletop(content: Path, store: Store, **opening: Any) -> TabletopApp:
    """Return the program on this content and this store."""
    return TabletopApp(content, store, **opening)


def shows(app: TabletopApp, kind: type[Screen[None]]) -> bool:
    """Return whether this kind of screen is at the top."""
    return isinstance(app.screen, kind)
