"""The tile and the transcript."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.geometry import Offset
from textual.selection import SELECT_ALL, Selection
from widget_samples import HOSTILE, One, assert_drawable

from simulator.tui.widgets import Tile, TileData, Transcript
from simulator.tui.widgets.tile import sparkline
from simulator.tui.widgets.transcript_lines import TranscriptLines

TEXTS = st.one_of(st.text(), st.sampled_from(HOSTILE))


@pytest.mark.parametrize("height", [1, 2, 3])
async def test_a_tile_says_name_value_and_state_at_any_height(height: int) -> None:
    tile = Tile(TileData("Latency", 2470, "ms", (1.0, 2.0, 4.0), "alarm", "critical"))
    tile.styles.height = height
    async with One(tile).run_test(size=(40, 10)):
        text = " ".join(tile.render_line(y).text for y in range(height))
        assert "▲ Latency" in text
        assert "2.47 s" in text
        assert ("critical" in text) == (height > 1)


def test_a_sparkline_keeps_peaks_and_gaps() -> None:
    assert sparkline((0.0, 1.0, None, 4.0), 4) == "▁▃ █"
    assert sparkline((0.0,) * 50 + (9.0,) + (0.0,) * 49, 10).count("█") == 1
    assert sparkline((), 3) == "   "


async def test_hostile_tiles_are_drawn_to_size() -> None:
    tile = Tile()
    async with One(tile).run_test(size=(30, 5)):

        @settings(max_examples=60, deadline=None)
        @given(TEXTS, TEXTS, st.floats(allow_nan=True), st.lists(st.floats(), max_size=50))
        def throw(name: str, unit: str, value: float, values: list[float]) -> None:
            tile.set_data(TileData(name, value, unit, tuple(values), "warning", name))
            assert_drawable([tile.render_line(y) for y in range(3)], tile.content_size.width)

        throw()


def rows(shell: Transcript) -> list[str]:
    return [shell.render_line(y).text.rstrip() for y in range(shell.size.height)]


async def test_progress_is_replaced_in_place_and_gone_after_the_output() -> None:
    shell = Transcript()
    async with One(shell).run_test(size=(40, 10)) as pilot:
        shell.write_command("$ ", "restore")
        shell.progress("41 %")
        shell.progress("43 %")
        await pilot.pause()
        assert rows(shell)[:3] == ["$ restore", "43 %", ""]
        shell.write_output("done\n")
        await pilot.pause()
        assert rows(shell)[:3] == ["$ restore", "done", ""]
        shell.clear()
        await pilot.pause()
        assert not any(rows(shell))


async def test_it_stays_at_its_end_unless_scrolled_back() -> None:
    shell = Transcript()
    async with One(shell).run_test(size=(40, 10)) as pilot:
        shell.write_output("\n".join(str(n) for n in range(50)))
        await pilot.pause()
        assert rows(shell)[-1] == "49"
        shell.scroll_to(y=0, animate=False)
        await pilot.pause()
        shell.write_output("more")
        await pilot.pause()
        assert rows(shell)[0] == "0"
        shell.write_command("$ ", "ls")
        await pilot.pause()
        assert rows(shell)[-1] == "$ ls"


def test_only_the_newest_lines_are_kept() -> None:
    lines = TranscriptLines(5_000)
    for number in range(200):
        lines.add_output("\n".join(f"{number}.{i}" for i in range(40)))
    assert len(lines) == lines.rows == 5_000
    piece = lines.piece(4_999)
    assert piece is not None
    assert piece.text == "199.39"


def test_a_selection_gives_back_long_lines_whole() -> None:
    lines = TranscriptLines(100)
    lines.set_width(10)
    lines.add_command("$ ", "echo " + "x" * 30)
    lines.add_output("one\ntwo")
    assert lines.rows == 6
    assert lines.selected(SELECT_ALL) == "$ echo " + "x" * 30 + "\none\ntwo"
    assert lines.selected(Selection(Offset(2, 0), Offset(2, 1))) == "echo " + "x" * 30 + "\non"


async def test_text_dragged_over_is_selected() -> None:
    shell = Transcript()
    app = One(shell)
    async with app.run_test(size=(40, 10)) as pilot:
        shell.write_output("first line\nsecond line")
        await pilot.pause()
        await pilot.mouse_down(shell, offset=(6, 0))
        await pilot.hover(shell, offset=(5, 1))
        await pilot.mouse_up(shell, offset=(5, 1))
        await pilot.pause()
        assert app.screen.get_selected_text() == "line\nsecond"


async def test_hostile_transcripts_are_drawn_to_size() -> None:
    shell = Transcript()
    async with One(shell).run_test(size=(24, 12)):

        @settings(max_examples=60, deadline=None)
        @given(TEXTS, TEXTS)
        def throw(prompt: str, text: str) -> None:
            shell.clear()
            shell.lines.set_width(shell.scrollable_content_region.width)
            shell.write_command(prompt, text)
            shell.write_output(text)
            shell.progress(text)
            strips = [shell.render_line(y) for y in range(12)]
            assert_drawable(strips, shell.scrollable_content_region.width)

        throw()
