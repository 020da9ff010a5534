"""Every form of a report, of every kind of exercise: complete, and the same each time."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import exercises
import pytest
from markdown_it import MarkdownIt
from pypdf import PdfReader
from team_play import play_team

from simulator.assessment import Assessment
from simulator.content.pack import Pack, read_pack
from simulator.review import FORMS, Planned, Source, written
from simulator.review.model import model
from simulator.session.running import golden_script

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def played(stuck: Pack) -> dict[str, Assessment]:
    """Exercises of every kind."""
    return exercises.every(stuck) | {"team": play_team(stuck, exercises.BAD)}


def read(data: bytes, form: str) -> str:
    """Return what a form says in words, once a reader of that form has read it."""
    match form:
        case "pdf":
            pages = PdfReader(io.BytesIO(data)).pages
            return " ".join("\n".join(page.extract_text() for page in pages).split())
        case "json" | "xapi":
            json.loads(data)
        case "csv":
            rows = list(csv.reader(io.StringIO(data.decode(), newline="")))
            assert len({len(row) for row in rows}) == 1
        case "md":
            assert MarkdownIt("commonmark").enable("table").render(data.decode())
    return data.decode()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", ["golden", "idle", "bad", "half", "opened", "old", "team"])
def test_every_exercise_is_reported_in_every_form_and_always_the_same(
    played: dict[str, Assessment], kind: str, form: str
) -> None:
    source = Source("abc", played[kind])
    data = written(source, form)
    assert data == written(source, form)
    assert read(data, form)


def test_an_unknown_form_is_refused(played: dict[str, Assessment]) -> None:
    with pytest.raises(ValueError, match="no form 'docx'"):
        written(Source("abc", played["idle"]), "docx")


@pytest.mark.parametrize("form", ["html", "md", "pdf"])
def test_the_forms_that_people_read_say_the_same(played: dict[str, Assessment], form: str) -> None:
    days = ("2026-06-01", "2026-06-15")
    plan = [Planned("outage#look", "Name the dashboard", "Ada Moreau", *days, element="training")]
    source = Source("abc", played["bad"], plan, "5e" * 32)
    text = read(written(source, form), form).replace("\\", "")
    words = "".join(text.replace("\u200b", "").split())  # paper breaks lines where it has to
    told = model(source)
    for said in (
        "DRAFT: ratings proposed, not yet confirmed",
        "The kiosk is stuck",
        "The kiosk sells tickets again.",
        "judged by the whole exercise",
        "Which of the two dashboards?",
        "runbooks/kiosk/outage.md:4",
        "Name the dashboard",
        "(training)",
        "seed 1, engine",
        told["overview"]["hash"][:12],
        "2026-06-15",
        "It was missed: no act proves it, and nobody ticked it.",
        "Right was: high.",
        "A blocked paper path",
        "Restart the kiosk",
        "There is a queue of twenty people.",
        "It is restarting.",
        "not delivered",
        "T+1:40",
        "✗",
        "5e" * 32,
        *told["scenario"]["hashes"],
        *(f"{line['points']:.2f}" for line in told["lines"]),
    ):  # fmt: skip
        assert said.replace(" ", "") in words, said


def test_on_paper_a_heading_has_below_it_what_it_stands_above(
    played: dict[str, Assessment], tmp_path: Path
) -> None:
    """Wherever the pages break: each report begins some lines further down than the one before."""
    for lines in range(20, 40, 4):
        told = "introduction: |\n" + "".join(f"  Line {n}.\n\n" for n in range(lines))
        (tmp_path / "wording.yaml").write_text(told)
        data = written(Source("abc", played["bad"]), "pdf", tmp_path)
        pages = [
            " ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(data)).pages
        ]
        for first, next_ in (("it confused somebody", "kiosk"), ("Component", "together")):
            (page,) = [page for page in pages if first in page]
            assert next_ in page.split(first, 1)[1], (lines, first)


def test_the_model_is_plain_data_and_holds_what_the_issue_asks(
    played: dict[str, Assessment],
) -> None:
    source = Source("abc", played["team"], digest="f" * 64)
    told: dict[str, Any] = json.loads(written(source, "json"))
    assert told == json.loads(json.dumps(model(source)))
    wanted = {
        "overview", "objectives", "strengths", "areas", "plan", "participants", "timeline",
        "steps", "communications", "injects", "confusion", "journal", "scenario", "metrics",
    }  # fmt: skip
    assert wanted <= set(told)
    assert told["journal"] == {"acts": len(played["team"].evidence.acts), "digest": "f" * 64}
    assert told["overview"]["played"] == "2026-05-28T20:26:40+00:00"
    assert {one["file"]: one["hash"] for one in told["overview"]["runbooks"]} == {
        "runbooks/kiosk/outage.md": told["scenario"]["hashes"]["runbooks/kiosk/outage.md"]
    }


@pytest.mark.parametrize("form", ["html", "md", "pdf"])
@pytest.mark.parametrize("kind", ["half", "opened", "golden", "idle"])
def test_an_exercise_that_has_not_ended_is_not_told_as_if_it_had(
    played: dict[str, Assessment], kind: str, form: str
) -> None:
    assessment = played[kind]
    text = read(written(Source("abc", assessment), form), form)
    assert ("Not finished." in text) == (kind in ("half", "opened"))
    if kind == "half":
        now = assessment.exercise.state.now
        assert f"stands at T+{now // 60}:{now % 60:02}" in text.replace("\\", "")


def test_an_idle_report_says_what_never_came(played: dict[str, Assessment]) -> None:
    text = written(Source("abc", played["idle"]), "md").decode()
    assert "**0 of 100, U**" in text
    assert "| - | - | - | - | - |" in text
    assert "Nothing was said." in text


def test_a_golden_report_has_no_area_for_improvement(played: dict[str, Assessment]) -> None:
    text = written(Source("abc", played["golden"]), "md").decode()
    assert "No area for improvement was found." in text
    assert "Nothing was lost." in text


def test_paper_is_tagged_titled_and_has_bookmarks(played: dict[str, Assessment]) -> None:
    data = written(Source("abc", played["bad"]), "pdf")
    reader = PdfReader(io.BytesIO(data))
    assert reader.metadata is not None
    assert reader.metadata.title == "The kiosk is stuck: After-action report"
    assert b"/Marked true" in data
    titles = {one.title for one in reader.outline if not isinstance(one, list)}
    assert {"Overview", "Ratings", "What happened", "Improvement plan"} <= titles


def test_only_paper_imports_typst() -> None:
    code = (
        "import sys, simulator.review.report, simulator.review.paper\n"
        "assert 'typst' not in sys.modules and 'jinja2' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_without_typst_it_is_said_how_to_get_it(
    played: dict[str, Assessment], monkeypatch: pytest.MonkeyPatch
) -> None:
    from simulator.content.problems import ContentError

    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(ContentError, match=r"pip install 'tabletop-drill\[pdf\]'"):
        written(Source("abc", played["idle"]), "pdf")


@pytest.mark.parametrize("name", ["database-degradation", "rollback-required"])
def test_our_own_scenarios_are_reported_in_every_form(name: str) -> None:
    pack = read_pack(ROOT, f"ai-gurus-lms/{name}")
    script = [act for act in golden_script(pack) if act["do"] != "declare"]
    source = Source("abc", play_team(pack, script))
    for form in FORMS:
        assert read(written(source, form), form)


@pytest.mark.parametrize("name", ["site-down", "rollback-required"])
def test_runbooks_are_called_by_their_titles(name: str) -> None:
    pack = read_pack(ROOT, f"ai-gurus-lms/{name}")
    told = model(Source("abc", play_team(pack, [])))
    for one in told["overview"]["runbooks"]:
        assert one["title"] == pack.runbooks[one["name"]].title
        assert one["file"] == pack.runbooks[one["name"]].file
