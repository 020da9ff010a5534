"""The line of keys at the foot of a screen."""

from __future__ import annotations

import asyncio
from typing import ClassVar

import pytest
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from simulator.tui.base_app import BaseApp
from simulator.tui.widgets.key_row import KeyRow


class _App(BaseApp):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a,b", "ring", "Ring", key_display="a", tooltip="Ring the bell"),
        Binding("x", "never", "Never"),
        Binding("z", "hidden", "Hidden", show=False),
    ]
    AUTO_FOCUS = None
    CSS_PATH = None
    rung = 0
    may_never = False

    def compose(self) -> ComposeResult:
        yield Input()
        yield KeyRow()

    def action_ring(self) -> None:
        self.rung += 1

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return (True if self.may_never else None) if action == "never" else True


def said(app: _App) -> str:
    return app.query_one(KeyRow).render().plain


def test_it_names_what_can_be_pressed_now_each_act_once() -> None:
    async def play() -> None:
        app = _App()
        async with app.run_test(size=(60, 5)) as pilot:
            await pilot.pause()
            assert said(app) == " ? Help  a Ring  x Never" + " " * 24 + "▏^p palette"
            row = app.query_one(KeyRow)
            dim = [part.style for part in row.render().spans if "dim" in str(part.style)]
            assert len(dim) == 2  # the key that is not for now, and its word
            app.may_never = True
            app.refresh_bindings()
            await pilot.pause()
            assert not [part for part in row.render().spans if "dim" in str(part.style)]

    asyncio.run(play())


def test_a_click_presses_the_key_it_points_at() -> None:
    async def play() -> None:
        app = _App()
        async with app.run_test(size=(60, 5)) as pilot:
            await pilot.pause()
            app.set_focus(None)
            await pilot.hover(KeyRow, offset=(10, 0))
            assert app.query_one(KeyRow).tooltip == "Ring the bell"
            await pilot.mouse_down(KeyRow, offset=(10, 0))
            await pilot.pause()
            assert app.rung == 1
            await pilot.mouse_down(KeyRow, offset=(30, 0))
            await pilot.pause()
            assert app.rung == 1

    asyncio.run(play())


@pytest.mark.parametrize(
    ("width", "shown"),
    [(36, " ? Help  a Ring  x Never▏^p palette"), (35, " ? Help a Ring x Never ▏^p palette"),
     (30, " ? Help a Ring    ▏^p palette"), (12, "▏^p palette"), (5, "")],
)  # fmt: skip
def test_what_there_is_no_room_for_is_left_out_from_the_end(width: int, shown: str) -> None:
    async def play() -> None:
        app = _App()
        async with app.run_test(size=(width, 5)) as pilot:
            await pilot.pause()
            assert said(app) == shown

    asyncio.run(play())
