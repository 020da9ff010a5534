"""The log pane: following, freezing, unfolding, filtering."""

from hypothesis import given, settings
from hypothesis import strategies as st
from textual import on
from textual.strip import Strip
from widget_samples import HOSTILE, One, assert_drawable, log_lines

from simulator.tui.widgets import LogFilter, LogLine, LogPane

SIZE = (80, 20)


class Listener(One):
    """Remembers what the pane said."""

    def __init__(self, pane: LogPane) -> None:
        super().__init__(pane)
        self.frozen: list[bool] = []
        self.unfolded: list[LogLine] = []

    @on(LogPane.Frozen)
    def note_frozen(self, event: LogPane.Frozen) -> None:
        """Note it."""
        self.frozen.append(event.frozen)

    @on(LogPane.EntryUnfolded)
    def note_unfolded(self, event: LogPane.EntryUnfolded) -> None:
        """Note it."""
        self.unfolded.append(event.line)


def screen(pane: LogPane) -> list[str]:
    return [pane.render_line(y).text.rstrip() for y in range(pane.size.height)]


def numbered(first: int, last: int) -> list[LogLine]:
    return [LogLine(float(n), "s", "INFO", f"line {n}") for n in range(first, last)]


async def test_it_follows_its_end() -> None:
    app = Listener(pane := LogPane())
    async with app.run_test(size=SIZE) as pilot:
        for at in range(0, 300, 50):
            pane.extend(numbered(at, at + 50))
            await pilot.pause()
            assert screen(pane)[-1].endswith(f"line {at + 49}")
        assert app.frozen == []


async def test_frozen_it_stands_still_and_counts_even_as_old_lines_go() -> None:
    app = Listener(pane := LogPane(limit=200))
    async with app.run_test(size=SIZE) as pilot:
        pane.extend(numbered(0, 200))
        await pilot.pause()
        pane.focus()
        await pilot.press("space")
        seen = screen(pane)
        for at in range(200, 320, 10):
            pane.extend(numbered(at, at + 10))
            await pilot.pause()
            assert screen(pane)[:-1] == seen[:-1]
        assert "120 new below" in screen(pane)[-1]
        await pilot.press("space")
        await pilot.pause()
        assert screen(pane)[-1].endswith("line 319")
        assert app.frozen == [True, False]


async def test_scrolling_back_freezes_and_end_follows() -> None:
    app = Listener(pane := LogPane())
    async with app.run_test(size=SIZE) as pilot:
        pane.extend(numbered(0, 200))
        await pilot.pause()
        pane.focus()
        await pilot.press("pageup")
        assert pane.frozen
        await pilot.press("end")
        await pilot.pause()
        assert screen(pane)[-1].endswith("line 199")
        await pilot.press("home")
        await pilot.pause()
        assert screen(pane)[0].endswith("line 0")
        assert app.frozen == [True, False, True]


async def test_enter_unfolds_the_entry_and_folds_it_again() -> None:
    app = Listener(pane := LogPane())
    entry = LogLine(0.0, "pay", "ERROR", "declined", '{\n  "trace": "7f3a"\n}')
    async with app.run_test(size=SIZE) as pilot:
        pane.extend([*numbered(0, 5), entry])
        pane.focus()
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert [row for row in screen(pane) if "7f3a" in row]
        assert app.unfolded == [entry]
        await pilot.press("enter")
        await pilot.pause()
        assert not [row for row in screen(pane) if "7f3a" in row]


async def test_unfolded_detail_is_wrapped_again_when_the_width_changes() -> None:
    app = Listener(pane := LogPane())
    async with app.run_test(size=SIZE) as pilot:
        pane.extend([LogLine(0.0, "pay", "ERROR", "declined", "word " * 30)])
        pane.focus()
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        wide = pane.view.rows
        await pilot.resize_terminal(50, 20)
        await pilot.pause()
        assert pane.view.rows > wide
        assert_drawable([pane.render_line(y) for y in range(20)], pane.rows_width)


async def test_a_click_unfolds_the_entry_under_it() -> None:
    app = Listener(pane := LogPane())
    async with app.run_test(size=SIZE) as pilot:
        pane.extend([LogLine(0.0, "a", "INFO", f"e{n}", f"detail {n}") for n in range(4)])
        await pilot.pause()
        await pilot.click(pane, offset=(30, 2))
        await pilot.pause()
        assert screen(pane)[3].endswith("detail 2")


async def test_a_filter_hides_lines_and_marks_what_it_found() -> None:
    app = Listener(pane := LogPane())
    async with app.run_test(size=SIZE) as pilot:
        pane.extend(log_lines())
        assert pane.set_filter(LogFilter(level="error", query="timeout")) == ""
        pane.extend(log_lines())
        await pilot.pause()
        rows = [row for row in screen(pane) if row]
        assert len(rows) == pane.view.entries == 8
        match = pane.get_component_rich_style("log-pane--match")
        marked = [segment.text for segment in pane.render_line(0) if segment.style == match]
        assert marked[:1] == ["timeout"]


async def test_a_broken_pattern_is_told_and_changes_nothing() -> None:
    app = Listener(pane := LogPane())
    async with app.run_test(size=SIZE) as pilot:
        pane.extend(numbered(0, 3))
        assert pane.set_filter(LogFilter(query="[", is_pattern=True)).startswith("Not a valid")
        await pilot.pause()
        assert pane.view.entries == 3


async def test_an_empty_pane_says_why() -> None:
    app = Listener(pane := LogPane())
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert screen(pane)[0] == "No lines yet."
        pane.extend(numbered(0, 3))
        pane.set_filter(LogFilter(query="nowhere"))
        await pilot.pause()
        assert screen(pane)[0] == "No line passes the filter."


async def test_long_lines_scroll_sideways_under_a_fixed_clock() -> None:
    app = Listener(pane := LogPane())
    async with app.run_test(size=SIZE) as pilot:
        pane.extend([LogLine(0.0, "a", "INFO", "0123456789" * 20)])
        pane.focus()
        await pilot.press("right")
        await pilot.pause()
        row = screen(pane)[0]
        assert row.split()[0] == "00:00:00"
        assert row.split()[-1].startswith("89012")
        await pilot.press("left", "left")
        await pilot.pause()
        assert screen(pane)[0].split()[-1].startswith("01234")


async def test_hostile_text_is_drawn_to_size() -> None:
    app = Listener(pane := LogPane(limit=50))
    async with app.run_test(size=(60, 12)) as pilot:

        @settings(max_examples=60, deadline=None)
        @given(
            st.one_of(st.text(), st.sampled_from(HOSTILE)),
            st.floats(allow_nan=True),
            st.booleans(),
            st.integers(0, 9),
        )
        def throw(text: str, time: float, search: bool, shift: int) -> None:
            pane.clear()
            pane._shift = shift
            pane.extend([LogLine(time, text, text, text, text)] * 3)
            pane.set_filter(LogFilter(query=text[:2] if search else ""))
            pane.view.toggle(pane.view.serial_at(0) or 0, 40)
            strips: list[Strip] = [pane.render_line(y) for y in range(12)]
            assert_drawable(strips, pane.scrollable_content_region.width)

        throw()
        await pilot.pause()
