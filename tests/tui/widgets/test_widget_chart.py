"""The chart: what it draws, what it says, how it is read."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from textual import on
from widget_samples import HOSTILE, NOON, One, availability, latency, obeyed, silence, throughput

from simulator.tui.widgets import Chart, ChartData, Threshold
from simulator.tui.widgets.braille import resample
from simulator.tui.widgets.chart_picture import Picture, draw

VALUES = st.one_of(st.none(), st.floats(-1e4, 1e4), st.floats(allow_nan=True))


class Reader(One):
    """Remembers where the cursor went."""

    moves: list[tuple[float | None, float | None]]

    @on(Chart.CursorMoved)
    def note(self, event: Chart.CursorMoved) -> None:
        """Note a move."""
        self.moves = [*getattr(self, "moves", []), (event.at, event.value)]


def texts(picture: Picture) -> list[str]:
    return ["".join(text for _, text in row) for row in picture.rows]


def test_a_value_beyond_a_threshold_is_said_in_a_word() -> None:
    title = texts(draw(latency(), 60, 12))[0]
    assert title.startswith("Checkout p99 latency")
    assert title.endswith("▲ critical  2.47 s")


def test_a_calm_chart_says_only_its_value() -> None:
    assert texts(draw(throughput(), 40, 10))[0].split() == ["Orders", "1.31", "k/s"]


def test_a_series_that_stopped_says_since_when() -> None:
    assert "no data since 12:36:20" in texts(draw(silence(), 60, 10))[0]


def test_axes_are_labelled_with_units_and_clock_times() -> None:
    rows = texts(draw(latency(), 80, 14))
    assert any(row.startswith(" 2.5 s ┤") for row in rows)
    assert {"12:00", "12:30", "13:00"} <= set(rows[-1].split())
    assert "UTC" in rows[-1]


def test_more_than_a_day_shows_dates() -> None:
    assert "Mar 11" in texts(draw(availability(), 80, 12))[-1]


def test_a_gap_in_the_data_is_a_gap_in_the_line() -> None:
    data = ChartData("t", "", 0.0, 1.0, (1.0,) * 40 + (None,) * 20 + (1.0,) * 40, now=99.0)
    row = texts(draw(data, 50, 4))[1]
    assert row[:20].strip()
    assert not row[21:29].strip()
    assert row[31:].strip()


def test_a_window_that_slides_leaves_old_columns_alone() -> None:
    values = [float(i * 7919 % 101) for i in range(500)]
    one = resample(values[:400], 1_700_000_000.0, 15.0, 1_700_000_000.0 + 399 * 15, 100)
    start = 1_700_000_000.0 + 40 * 15
    two = resample(values[40:440], start, 15.0, start + 399 * 15, 100)
    shared = sum(a == b for a, b in zip(one[10:99], two[:89], strict=True))
    assert shared >= 85


def test_data_without_a_grid_is_refused() -> None:
    with pytest.raises(ValueError, match="no grid"):
        ChartData("t", "", 0.0, 0.0, ())


@settings(max_examples=150, deadline=None)
@given(
    st.lists(VALUES, max_size=80).map(tuple),
    st.lists(VALUES, max_size=80).map(tuple),
    st.floats(-1e5, 1e5),
    st.sampled_from(HOSTILE),
    st.sampled_from(["ms", "%", "/s", "\x1b[0m"]),
    st.integers(1, 90),
    st.integers(1, 24),
    st.one_of(st.none(), st.floats(NOON - 100, NOON + 5000)),
)
def test_anything_is_drawn_to_size(
    values: tuple[float | None, ...],
    baseline: tuple[float | None, ...],
    limit: float,
    text: str,
    unit: str,
    width: int,
    height: int,
    cursor: float | None,
) -> None:
    data = ChartData(
        text, unit, NOON, 30.0, values, baseline,
        (Threshold(limit, text, limit > 0, text),), ((NOON + 300, text),), NOON + 2000,
    )  # fmt: skip
    rows = texts(draw(data, width, height, cursor))
    assert len(rows) == height
    for row in rows:
        assert cell_len(row) == width
        assert not obeyed(row)


async def test_keys_move_the_cursor_and_escape_leaves() -> None:
    data = latency()
    app = Reader(chart := Chart(data))
    async with app.run_test(size=(80, 24)) as pilot:
        chart.focus()
        await pilot.press("left", "home", "right", "end", "escape")
        first, home, right, end, left = app.moves
        assert first == end == (data.time_at(180), data.values[180])
        assert home == (NOON, data.values[0])
        assert right[0] is not None
        assert right[0] > NOON
        assert left == (None, None)


async def test_a_click_reads_the_chart_there_and_stays_when_the_data_moves_on() -> None:
    app = Reader(chart := Chart(latency()))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.click(chart, offset=(40, 10))
        assert chart.cursor is not None
        read = chart.cursor
        chart.set_data(dataclasses.replace(latency(), title="Other"))
        await pilot.pause()
        assert chart.cursor == read
        assert "last week" in chart.render_line(0).text


async def test_the_same_data_is_not_drawn_again() -> None:
    app = One(chart := Chart(latency()))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        before = chart.plot
        chart.set_data(latency())
        await pilot.pause()
        assert chart.plot is before


async def test_a_hidden_chart_shows_the_newest_data_when_it_is_shown() -> None:
    app = One(chart := Chart(latency()))
    async with app.run_test(size=(80, 24)) as pilot:
        chart.display = False
        await pilot.pause()
        chart.set_data(throughput())
        await pilot.pause()
        chart.display = True
        await pilot.pause()
        assert "Orders" in app.export_screenshot()
        assert "Checkout" not in app.export_screenshot()


async def test_colours_follow_the_theme() -> None:
    app = One(chart := Chart(latency()))
    async with app.run_test(size=(80, 24)) as pilot:
        dark = [segment.style for segment in chart.render_line(0)]
        app.theme = "textual-light"
        await pilot.pause()
        assert [segment.style for segment in chart.render_line(0)] != dark


async def test_without_colour_everything_is_still_told_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = One(chart := Chart(latency()))
    async with app.run_test(size=(80, 24)):
        assert app.no_color
        axis, baseline = (
            chart.get_component_rich_style(f"chart--{n}") for n in ("axis", "baseline")
        )
        assert axis.dim
        assert baseline.dim
        assert "▲ critical" in chart.render_line(0).text
