"""The report: complete in every form, adding up, self-contained, and showing text as text."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from simulator.assessment import Assessment, assess
from simulator.content.finding import scenario_names
from simulator.content.pack import Pack, read_pack
from simulator.review import result_json, write_report
from simulator.session.running import golden_script
from simulator.session.script import play

ROOT = Path(__file__).parents[2]
EVIL = (
    "<script>alert(1)</script> [x](javascript:x) **b** `c` | & &lt; <img src=x onerror=y> {{7*7}}"
)
HOSTILE: list[dict[str, Any]] = [
    {"at": 0, "do": "join", "name": EVIL},
    {"at": 30, "do": "view", "view": "overview"},
    {"at": 60, "do": "command", "line": EVIL},
    {"at": 62, "do": "search", "query": EVIL},
    {"at": 80, "do": "post", "channel": "ops", "text": EVIL + "\n\n# Heading\n\n- item"},
    {"at": 90, "do": "confused", "step": "outage#look", "note": EVIL},
    {"at": 100, "do": "hint", "step": "outage#look"},
    {"at": 105, "do": "acknowledge", "alert": "many-errors"},
    {"at": 300, "do": "command", "line": "kioskctl restart"},
    {"at": 420, "do": "end"},
    {"at": 420, "do": "hotwash", "answers": {"confused": EVIL}, "confidence": 2},
    {"at": 420, "do": "overrule", "step": "outage#verify", "share": 0.3, "reason": EVIL},
    {"at": 420, "do": "confirm", "rating": "M", "reason": EVIL},
]


@pytest.fixture(scope="module")
def hostile(stuck: Pack) -> Assessment:
    """An exercise in which somebody wrote what a browser would run."""
    return play(stuck, HOSTILE, 1)


class Page(HTMLParser):
    """The tags, attributes and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def adds_up(assessment: Assessment) -> None:
    """Assert that the lines explain every point that is missing, exactly."""
    figures = json.loads(result_json("x", assessment))
    lost = sum((Fraction(line["points_exact"]) for line in figures["lines"]), Fraction(0))
    assert lost == 100 - Fraction(figures["score_exact"])
    earned = [Fraction(part["earned_exact"]) for part in figures["components"]]
    assert all(part >= 0 for part in earned)
    assert sum(Fraction(part["share_exact"]) for part in figures["components"]) == 100
    for holder, name in ((figures, "score"), *((line, "points") for line in figures["lines"])):
        assert isinstance(holder[name], int | float)
        assert abs(holder[name] - Fraction(holder[name + "_exact"])) < Fraction(1, 10_000)


def test_the_lines_add_up_to_what_is_missing(stuck: Pack, hostile: Assessment) -> None:
    adds_up(hostile)
    adds_up(play(stuck, [], 1))
    golden = play(stuck, golden_script(stuck), 1)
    adds_up(golden)
    assert json.loads(result_json("x", golden))["lines"] == []
    for number in range(1, 6):
        adds_up(play(stuck, golden_script(stuck)[number:], 1))


@pytest.mark.parametrize("name", scenario_names(ROOT))
def test_each_real_scenario_adds_up_and_draws_its_key_metrics(name: str) -> None:
    pack = read_pack(ROOT, name)
    assessment = play(pack, golden_script(pack)[::2][:-1], 1)
    adds_up(assessment)
    page = Page(write_report("x", assessment, "html"))
    assert [tag for tag, _ in page.tags].count("svg") >= 3
    for cause in pack.scenario.causes:
        assert cause.title in page.words
    for herring in pack.scenario.red_herrings:
        assert " ".join(herring.why.split())[:40] in " ".join(page.words.split())


def test_the_figures_have_the_keys_of_the_issue_and_times_in_seconds(stuck: Pack) -> None:
    figures = json.loads(result_json("abc", play(stuck, golden_script(stuck), 1)))
    wanted = {"exercise", "scenario", "score", "rating", "lines", "steps", "times", "confusion"}
    assert wanted <= set(figures)
    assert (figures["exercise"], figures["scenario"]["name"]) == ("abc", "kiosk/stuck")
    assert (figures["score"], figures["score_exact"], figures["rating"]) == (100, "100", "P")
    times = figures["times"]
    assert times["began"] == 20
    assert (times["acknowledge"], times["escalate"]) == (60, None)
    assert 0 < times["mitigate"] == times["resolve"] < 200
    assert [step["step"] for step in figures["steps"]] == [
        "outage#acknowledge", "outage#look", "outage#restart", "outage#verify",
    ]  # fmt: skip
    assert [step["at"] for step in figures["steps"]] == [80, 100, 120, 230]
    assert all(step["evidence"] for step in figures["steps"])


def test_the_page_is_one_file_that_asks_nobody_for_anything(hostile: Assessment) -> None:
    text = write_report("x", hostile, "html")
    page = Page(text)
    outward = {"src", "href", "action", "data", "srcset", "poster", "xlink:href", "background"}
    for tag, attributes in page.tags:
        assert tag not in {"script", "iframe", "object", "embed", "link", "img", "form", "base"}
        assert not outward & set(attributes), (tag, attributes)
        assert not [name for name in attributes if name.startswith("on")]
    policies = [a["content"] for t, a in page.tags if a.get("http-equiv") is not None]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]
    assert not re.search(r"url\(|@import|expression\(", text)
    assert ("meta", {"charset": "utf-8"}) in page.tags
    assert text.startswith("<!doctype html>")
    assert text.rstrip().endswith("</html>")


def test_hostile_words_are_shown_as_the_words_they_are(hostile: Assessment) -> None:
    page = Page(write_report("<b>x</b>", hostile, "html"))
    assert page.words.count(EVIL) >= 5
    assert "<b>x</b>" in page.words
    text = write_report("<b>x</b>", hostile, "md")
    rendered = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    shown = Page(rendered.render(text))
    tags = {tag for tag, _ in shown.tags}
    assert not tags & {"script", "img", "a", "code", "b"}
    words = " ".join(shown.words.split())
    assert words.count(" ".join(EVIL.split())) >= 5
    assert "\n# Heading" not in text
    assert "\n- item" not in text
    assert "\n\\# Heading" not in text
    assert sum(tag == "h1" for tag, _ in shown.tags) == 1


def test_every_line_of_a_table_has_as_many_cells_as_its_head(hostile: Assessment) -> None:
    bars: list[int] = []
    for line in write_report("x", hostile, "md").splitlines():
        if line.startswith("|"):
            bars.append(len(re.findall(r"(?<!\\)\|", line)))
            assert bars[-1] == bars[0], line
        else:
            bars = []


def test_the_words_tell_everything_that_happened(hostile: Assessment) -> None:
    for form in ("md", "html"):
        text = write_report("x", hostile, form)
        words = Page(text).words if form == "html" else text.replace("\\", "")
        for said in (
            "The kiosk is stuck", "The kiosk sells tickets again", "A blocked paper path",
            "Restart the kiosk", "The printer waited for ever", "fired: Many errors at the kiosk",
            "T+1:30", "production recovered", "queue of twenty people", "kioskctl restart",
            "Acknowledge the alert", "flagged", "Engine", "runbooks/kiosk/outage.md",
        ):  # fmt: skip
            assert said in words, (form, said)


def test_timeline_and_key_metrics_are_drawn(hostile: Assessment) -> None:
    text = write_report("x", hostile, "html")
    assert len(re.findall(r'<svg class="ch" viewBox="0 0 960', text)) == 2
    line = re.search(r'class="value" d="(M[^"]+)"', text)
    assert line is not None
    points = [tuple(map(float, pair.split(","))) for pair in line[1][1:].split(" L")]
    assert len(points) > 100
    assert [x for x, _ in points] == sorted(x for x, _ in points)
    low, high = min(y for _, y in points), max(y for _, y in points)
    assert low < high / 2
    dots = re.findall(r'<path class="(\w+)" transform="[^"]+" d="M[^"]+"><title>', text)
    assert {"look", "do", "say", "help", "told"} <= set(dots)
    assert 'role="img"' in text


def test_an_unfinished_exercise_is_reported_as_far_as_it_went(
    stuck: Pack, hostile: Assessment
) -> None:
    for length in range(1, len(hostile.evidence.acts)):
        part = assess(hostile.evidence.acts[:length], stuck)
        adds_up(part)
        for form in ("md", "html", "json"):
            assert "kiosk/stuck" in write_report("x", part, form).replace("\\", "")


def test_an_idle_exercise_says_what_never_came(stuck: Pack) -> None:
    text = write_report("x", play(stuck, [], 1), "md")
    assert "**0 of 100, U**" in text
    assert "| Production recovered | no |" in text
    assert re.search(r"\| - \| - \| - \| - \| - \|", text)
