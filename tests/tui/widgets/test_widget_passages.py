import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.content import Content
from textual.geometry import Offset, Region
from textual.selection import Selection
from widget_samples import HOSTILE, One, assert_drawable

from simulator.tui.widgets.passages import Passages
from simulator.tui.widgets.plain_text import plain_lines


def rows(said: Passages) -> list[str]:
    return [said.render_line(y).text.rstrip() for y in range(said.size.height)]


def numbered(*numbers: int) -> list[Content]:
    return [Content(f"No. {number}\nsaid") for number in numbers]


async def test_passages_are_wrapped_with_an_empty_row_between_them_and_again_when_resized() -> None:
    said = Passages()
    async with One(said).run_test(size=(21, 10)) as pilot:
        said.show([Content("one two three four five"), Content("six\nseven")])
        await pilot.pause()
        assert rows(said)[:6] == ["one two three four", "five", "", "six", "seven", ""]
        await pilot.resize_terminal(41, 10)
        await pilot.pause()
        assert rows(said)[:4] == ["one two three four five", "", "six", "seven"]


async def test_a_new_passage_is_seen_unless_scrolled_back() -> None:
    said = Passages()
    async with One(said).run_test(size=(40, 10)) as pilot:
        said.show(numbered(*range(20)))
        await pilot.pause()
        assert rows(said)[-2:] == ["No. 19", "said"]
        said.add(numbered(20))
        await pilot.pause()
        assert rows(said)[-5:] == ["No. 19", "said", "", "No. 20", "said"]
        said.scroll_to(y=0, animate=False)
        await pilot.pause()
        said.add(numbered(21))
        await pilot.pause()
        assert rows(said)[:2] == ["No. 0", "said"]
        said.add(numbered(22), to_end=True)
        await pilot.pause()
        assert rows(said)[-2:] == ["No. 22", "said"]
        said.show(numbered(1))
        await pilot.pause()
        assert rows(said)[:3] == ["No. 1", "said", ""]


async def test_a_new_passage_lays_nothing_out(monkeypatch: pytest.MonkeyPatch) -> None:
    said = Passages()
    app = One(said)
    async with app.run_test(size=(40, 10)) as pilot:
        said.show(numbered(1))
        await pilot.pause()
        laid_out: list[object] = []
        monkeypatch.setattr(app.screen, "_refresh_layout", laid_out.append)
        said.add(numbered(2, 3, 4, 5))
        await pilot.pause()
        assert rows(said)[-1] == "said"
        assert not laid_out


async def test_a_selection_gives_back_long_lines_whole() -> None:
    said = Passages()
    app = One(said)
    async with app.run_test(size=(21, 10)) as pilot:
        said.show([Content("one two three four five"), Content("six\nseven")])
        await pilot.pause()
        await pilot.mouse_down(said, offset=(4, 0))
        await pilot.hover(said, offset=(1, 3))
        await pilot.mouse_up(said, offset=(1, 3))
        await pilot.pause()
        assert app.screen.get_selected_text() == "two three four five\n\nsi"
        assert said.get_selection(Selection(Offset(0, 2), None)) == ("six\nseven", "\n")
        shaded = [[s for s in said.render_line(y) if s.style and s.style.bgcolor] for y in (0, 1)]
        assert shaded[0][0].style != shaded[0][-1].style
        assert "".join(segment.text for segment in shaded[1]).strip() == "five"


async def test_hostile_passages_are_drawn_to_size() -> None:
    said = Passages()
    async with One(said).run_test(size=(24, 12)):

        @settings(max_examples=60, deadline=None)
        @given(st.lists(st.one_of(st.text(), st.sampled_from(HOSTILE)), min_size=1, max_size=4))
        def throw(texts: list[str]) -> None:
            said.show(Content("\n".join(plain_lines(text))) for text in texts)
            strips = [said.render_line(y) for y in range(12)]
            assert_drawable(strips, said.size.width)

        throw()


async def test_rows_drawn_together_look_as_each_drawn_alone() -> None:
    said = Passages()
    async with One(said).run_test(size=(24, 12)):
        page = Region(0, 0, *said.size)

        @settings(max_examples=60, deadline=None)
        @given(st.lists(st.one_of(st.text(), st.sampled_from(HOSTILE)), min_size=1, max_size=4))
        def draw(texts: list[str]) -> None:
            said.show(Content("\n".join(plain_lines(text))).stylize("bold", 2, 9) for text in texts)
            together = said.render_lines(page)
            alone = []
            for y in page.line_range:
                said.notify_style_update()
                alone += said.render_lines(Region(0, y, page.width, 1))
            assert [list(strip) for strip in together] == [list(strip) for strip in alone]

        draw()
