"""Whatever people write, a page has the shape it has, and a spreadsheet runs nothing."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Any

import exercises
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from team_play import play_team

from simulator.assessment import Assessment
from simulator.content.clean import clean
from simulator.content.pack import Pack
from simulator.review import Source, exercises_csv
from simulator.review.pages import plain_in_markdown, render
from simulator.review.report import context
from simulator.review.spreadsheet import EXERCISES, safe, steps_csv, table

NASTY = (
    "<script>alert(1)</script>", "</style><b>", "\"><img src=x onerror=y>", "' onclick='x",
    "{{ 7*7 }}", "{% raw %}", "](javascript:x)", "| a | b |", "```", "# Heading", "- item", "1. x",
    "<!-- ", "-->", "&lt;", "\\", "~~x~~", "**", "http://x.example", "=1+1", "﷽", "\u202e",
    "a\n\n> b",
)  # fmt: skip
texts = st.lists(
    st.one_of(st.sampled_from(NASTY), st.text(max_size=12)), min_size=1, max_size=6
).map(" ".join)
hostile = settings(max_examples=60, deadline=None, derandomize=True, database=None)

OF_PEOPLE = {
    "text", "name", "note", "reason", "quotes", "answer", "action", "owner", "by", "from", "seat",
    "team", "who", "title", "evidence", "sentence", "summary", "explanation", "what", "why",
    "analysis", "rating_why", "question", "about", "status", "start", "due", "label", "words_of",
}  # fmt: skip
"""The keys under which stands what people or authors wrote."""


class Shape(HTMLParser):
    """The tags of a page with the names of their attributes, in order, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def said_anew(value: Any, said: str, people: bool = False) -> Any:
    """Return plain data in which everything that people wrote says something else."""
    if isinstance(value, dict):
        return {key: said_anew(one, said, key in OF_PEOPLE) for key, one in value.items()}
    if isinstance(value, list):
        return [said_anew(one, said, people) for one in value]
    return said if people and isinstance(value, str) and value else value


@pytest.fixture(scope="module")
def told(stuck: Pack) -> dict[str, Any]:
    """Everything that the templates of a team's report may use."""
    return context(Source("abc", _of_a_team(stuck)))


def _of_a_team(stuck: Pack) -> Assessment:
    more = [
        {"at": 210, "do": "note", "kind": "improvement", "text": "x", "about": "outage#look"},
        {"at": 480, "do": "hotwash", "by": "ida", "answers": {"confused": "x"}, "confidence": 3},
        {"at": 480, "do": "confirm", "by": "eva", "rating": "M", "reason": "x"},
        {"at": 480, "do": "overrule", "by": "eva", "step": "outage#look", "share": 0.5,
         "reason": "x"},
    ]  # fmt: skip
    return play_team(stuck, [*exercises.BAD, *more])


@pytest.fixture(scope="module")
def plain(told: dict[str, Any]) -> dict[str, Shape]:
    """The shapes of the pages in which people said nothing remarkable."""
    return {form: shape(told, "plain", form) for form in ("html", "md")}


def shape(told: dict[str, Any], said: str, form: str) -> Shape:
    """Return the shape of a page in which people said something."""
    text = render(f"report.{form}", said_anew(told, said))
    if form == "md":
        reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
        text = reader.render(text)
    return Shape(text)


@hostile
@given(said=texts.map(clean).filter(lambda text: bool(text.strip())))
@example(said="".join(NASTY))
def test_whatever_people_write_the_page_keeps_its_shape(
    told: dict[str, Any], plain: dict[str, Shape], said: str
) -> None:
    page = shape(told, said, "html")
    assert page.tags == plain["html"].tags
    assert said in "".join(page.words)


@hostile
@given(said=texts.map(lambda text: clean(text, lines=False)).filter(lambda t: bool(t.strip())))
@example(said=clean("".join(NASTY), lines=False))
def test_whatever_people_write_the_markdown_keeps_its_shape(
    told: dict[str, Any], plain: dict[str, Shape], said: str
) -> None:
    page = shape(told, said, "md")
    assert page.tags == plain["md"].tags
    words = " ".join("".join(page.words).split())
    assert " ".join(said.split()) in words


@pytest.mark.parametrize("said", NASTY)
def test_several_lines_stay_a_quotation(
    told: dict[str, Any], plain: dict[str, Shape], said: str
) -> None:
    lines = clean(f"{said}\n\n{said}\n    {said}\n")
    page = shape(told, lines, "md")
    assert {tag for tag, _ in page.tags} <= {tag for tag, _ in plain["md"].tags}


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(st.text(max_size=30))
def test_one_line_of_markdown_is_the_words_it_is(text: str) -> None:
    said = clean(text, lines=False)
    html = MarkdownIt("commonmark", {"html": True}).render(f"- {plain_in_markdown(said)}\n")
    page = Shape(html)
    assert {tag for tag, _ in page.tags} <= {"ul", "li"}
    assert "".join(page.words).split() == said.split()


# Spreadsheets

STARTS = "=+-@\t\r\n＝＋－＠|%"
formulas = st.builds(
    lambda blanks, start, rest: blanks + start + rest,
    st.sampled_from(["", " ", "  ", "\u00a0", "\u3000", "\ufeff", "\u200b"]),
    st.sampled_from(STARTS),
    st.text(max_size=10),
)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(st.one_of(formulas, st.text(max_size=12)))
@example('=HYPERLINK("http://x")')
@example("＝1+1")
@example("@SUM(A1)")
@example("\t=1")
@example("")
def test_no_cell_of_text_begins_as_a_formula_does(text: str) -> None:
    cell = safe(text)
    assert isinstance(cell, str)
    assert not cell.lstrip(" \u00a0\u3000\u200b\ufeff").startswith(tuple(STARTS))
    assert cell in (text, f"'{text}")


def test_numbers_stay_numbers() -> None:
    assert [safe(one) for one in (-5, -0.25, 0, None, True)] == [-5, -0.25, 0, None, True]
    assert table(["a", "b"], [[-5, None], [True, "x"]]) == '"a","b"\r\n-5,""\r\n"yes","x"\r\n'


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(st.lists(st.lists(formulas, min_size=2, max_size=2), max_size=4))
def test_a_table_reads_back_cell_by_cell(rows: list[list[str]]) -> None:
    text = table(["a", "b"], rows)
    found = list(csv.reader(io.StringIO(text, newline="")))
    assert found == [["a", "b"], *[[str(safe(cell)) for cell in row] for row in rows]]


def cells(text: str) -> Iterable[str]:
    """Return every cell of a table."""
    return (cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row)


@pytest.mark.parametrize("start", STARTS)
def test_what_people_wrote_runs_nowhere_in_the_marks(told: dict[str, Any], start: str) -> None:
    text = steps_csv(said_anew(told, f"{start}cmd|' /C calc'!A0"))
    for cell in cells(text):
        assert not cell.startswith(tuple(STARTS)) or re.fullmatch(r"-?\d+(\.\d+)?", cell), cell


def test_the_library_s_lines_are_one_row_each() -> None:
    line = dict.fromkeys(EXERCISES, "=1+1") | {"seed": 7, "score": None}
    text = exercises_csv([line, line])
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[0] == list(EXERCISES)
    assert rows[1] == rows[2]
    assert set(rows[1]) == {"'=1+1", "7", ""}
    assert exercises_csv([]).count("\n") == 1
