"""Which lines of a log are kept and shown, without a screen."""

from hypothesis import given
from hypothesis import strategies as st
from widget_samples import HOSTILE, log_lines

from simulator.tui.widgets import LogFilter, LogLine
from simulator.tui.widgets.log_view import LogView, Row


def line(number: int, level: str = "INFO", stream: str = "a", detail: str = "") -> LogLine:
    return LogLine(float(number), stream, level, f"line {number}", detail)


def test_the_empty_filter_shows_all() -> None:
    assert LogFilter().shows_all
    assert all(map(LogFilter().accepts, log_lines()))


def test_levels_are_a_minimum_whatever_their_spelling() -> None:
    shown = LogFilter(level="warn")
    assert not shown.accepts(line(1, "info"))
    assert all(shown.accepts(line(1, level)) for level in ("WARN", "warning", "Error", "fatal"))


def test_streams_and_text_must_both_hold() -> None:
    shown = LogFilter(streams=frozenset({"a"}), query="LINE 7")
    assert shown.accepts(line(7))
    assert not shown.accepts(line(7, stream="b"))
    assert not shown.accepts(line(8))


def test_detail_is_searched_too() -> None:
    assert LogFilter(query="7f3a").accepts(line(1, detail='{"trace": "7f3a"}'))


def test_text_is_not_a_pattern_until_it_is_said_to_be_one() -> None:
    assert not LogFilter(query="l.ne").accepts(line(1))
    assert LogFilter(query="l.ne", is_pattern=True).accepts(line(1))


def test_a_broken_pattern_is_a_sentence() -> None:
    broken = LogFilter(query="(", is_pattern=True)
    assert broken.problem == "Not a valid pattern: missing ): ("
    assert not broken.accepts(line(1))
    assert broken.spans("(") == []
    assert LogFilter(query="(").problem == ""


@given(st.text(), st.booleans(), st.one_of(st.text(), st.sampled_from(HOSTILE)))
def test_any_query_and_text_are_survived(query: str, is_pattern: bool, text: str) -> None:
    shown = LogFilter(query=query, is_pattern=is_pattern)
    assert shown.accepts(LogLine(0.0, text, text, text, text)) in (True, False)
    for start, end in shown.spans(text):
        assert 0 <= start < end <= len(text)


def test_only_the_newest_lines_are_kept() -> None:
    view = LogView(100)
    for at in range(0, 1000, 7):
        view.extend([line(number) for number in range(at, at + 7)])
        assert view.kept <= 100
    assert view.rows == 100
    row = view.row_at(99)
    assert row is not None
    assert view.line(row.serial).text == "line 1000"
    assert view.row_at(100) is None


@given(
    st.lists(st.sampled_from(["INFO", "WARN"]), max_size=120),
    st.sets(st.integers(0, 119), max_size=6),
    st.sampled_from(["", "warn"]),
    st.integers(5, 150),
)
def test_rows_and_places_are_inverse(
    levels: list[str], unfolded: set[int], level: str, limit: int
) -> None:
    view = LogView(limit)
    view.set_filter(LogFilter(level=level))
    view.extend([line(i, name, detail="x\n" * (i % 3)) for i, name in enumerate(levels)])
    for serial in unfolded:
        if view.is_shown(serial):
            view.toggle(serial, 40)
    rows = [view.row_at(y) for y in range(view.rows)]
    assert None not in rows
    assert [view.y_of(row) for row in rows if row] == list(range(view.rows))
    assert view.row_at(view.rows) is None
    heads = [view.line(row.serial) for row in rows if row and row.part == 0]
    kept = levels[-limit:]
    assert len(heads) == sum(1 for name in kept if not level or name == "WARN")


def test_a_long_text_is_shown_whole_when_unfolded() -> None:
    view = LogView(10)
    view.extend([LogLine(0.0, "a", "INFO", "x" * 95)])
    view.toggle(0, 40)
    assert [view.detail(Row(0, part)) for part in (1, 2, 3)] == ["x" * 40, "x" * 40, "x" * 15]
