"""What is drawn after a change: as Textual would draw it, and no more than can be seen."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from play import DrillApp, press
from test_drill_acts import played
from textual._compositor import Compositor
from textual.geometry import Region
from textual.pilot import Pilot

from simulator.tui.panes.status_bar import StatusBar
from simulator.tui.screens.drill import DrillScreen
from simulator.tui.widgets.front_compositor import FrontCompositor

WIDTH, HEIGHT = 120, 30
EMPTY_WRITE = re.compile(r"\x1b\[\d+;\d+H(?=\x1b\[\d+;\d+H|\n|$)")

regions = st.builds(
    lambda x, y, width, height: Region(x, y, min(width, WIDTH - x), min(height, HEIGHT - y)),
    st.integers(0, WIDTH - 1), st.integers(0, HEIGHT - 1),
    st.integers(1, WIDTH), st.integers(1, HEIGHT),
)  # fmt: skip


def written(app: DrillApp, compositor: Compositor, *, by: type[Compositor]) -> str:
    """What a compositor writes of its dirty regions, without moves after which nothing comes."""
    update = by.render_partial_update(compositor)
    assert update is not None
    return EMPTY_WRITE.sub("", update.render_segments(app.console))


@pytest.mark.parametrize("keys", ["1", "2", "3", "4", "5", "6", "7", "ctrl+p", "question_mark"])
def test_what_has_changed_is_drawn_as_textual_draws_it(keys: str) -> None:
    async def story(app: DrillApp, pilot: Pilot[None]) -> None:
        await press(pilot, keys)
        screen = next(one for one in app.screen_stack if isinstance(one, DrillScreen))
        compositor = screen._compositor
        assert isinstance(compositor, FrontCompositor)
        whole = {Region(0, 0, WIDTH, HEIGHT)}

        @settings(max_examples=40, deadline=None)
        @given(st.sets(regions, min_size=1, max_size=4))
        def change(changed: set[Region]) -> None:
            compositor._dirty_regions = changed - whole or {Region(1, 1, 3, 3)}
            again = compositor._dirty_regions.copy()
            ours = written(app, compositor, by=FrontCompositor)
            compositor._dirty_regions = again
            assert ours == written(app, compositor, by=Compositor)

        change()

    played(story, size=(WIDTH, HEIGHT))


def test_what_cannot_be_seen_is_not_drawn() -> None:
    async def story(app: DrillApp, pilot: Pilot[None]) -> None:
        compositor = app.screen._compositor
        assert isinstance(compositor, FrontCompositor)
        status = app.screen.query_one(StatusBar)
        assert compositor._seen_in([status.region]) == {status}

    played(story)
