"""A team's own templates, words and logo: over ours, and every fault with its file and line."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import exercises
import pytest
import yaml
from pypdf import PdfReader

from simulator.content.pack import Pack
from simulator.content.problems import ContentError
from simulator.review import Source, copy_templates, written
from simulator.review.pages import OURS
from simulator.review.wording_file import Wording, read_wording
from simulator.session.script import play

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture(scope="module")
def source(stuck: Pack) -> Source:
    """An exercise to report."""
    return Source("abc", play(stuck, exercises.BAD, 1))


def page(source: Source, folder: Path, form: str = "html") -> str:
    """Return a report by a team's templates, in words."""
    data = written(source, form, folder)
    if form == "pdf":
        return " ".join(one.extract_text() for one in PdfReader(io.BytesIO(data)).pages)
    return data.decode()


def fault(source: Source, folder: Path, form: str = "html") -> str:
    """Return what is said of a team's templates that are at fault."""
    with pytest.raises(ContentError) as said:
        written(source, form, folder)
    return str(said.value)


@pytest.mark.parametrize("form", ["html", "md", "pdf"])
def test_a_copy_of_ours_reports_as_ours(source: Source, tmp_path: Path, form: str) -> None:
    folder = tmp_path / "ours"
    files = copy_templates(folder)
    assert {file.name for file in files} == {file.name for file in OURS.iterdir()}
    ours = written(source, form)
    if form == "pdf":  # ours also carries the mark of the standard for accessible documents
        assert page(source, folder, form) == page(source, tmp_path, form)
    else:
        assert written(source, form, folder) == ours


def test_copying_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("mine")
    with pytest.raises(ContentError, match=r"report\.html: is there already; name an empty folder"):
        copy_templates(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]


def test_a_template_of_its_own_stands_over_ours(source: Source, tmp_path: Path) -> None:
    (tmp_path / "report.md").write_text("{{ overview.name }}: {{ printed }} of 100\n")
    points = source.assessment.marks.points
    assert page(source, tmp_path, "md") == f"The kiosk is stuck: {points} of 100\n"
    assert page(source, tmp_path).startswith("<!doctype html>")


def test_a_template_can_change_one_part_of_ours(source: Source, tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text(
        '{% extends "ours/report.html" %}\n'
        "{% block participants %}<h2>Crew of {{ overview.name }}</h2>{{ chip(rating) }}"
        "{% endblock %}"
    )
    text = page(source, tmp_path)
    assert "<h2>Crew of The kiosk is stuck</h2>" in text
    assert "Improvement plan" in text
    assert ">Participants</h2>" not in text


def test_a_part_of_ours_can_be_replaced_by_its_file(source: Source, tmp_path: Path) -> None:
    (tmp_path / "timeline.svg").write_text("<svg><title>{{ drawing.width }} wide</title></svg>")
    assert "<svg><title>960 wide</title></svg>" in page(source, tmp_path)


def test_what_people_wrote_stays_escaped_in_a_template_of_others(
    stuck: Pack, tmp_path: Path
) -> None:
    note = {"at": 50, "do": "confused", "step": "outage#look", "note": "<b>*x*</b>"}
    source = Source("abc", play(stuck, [note], 1))
    for form in ("html", "md"):
        (tmp_path / f"report.{form}").write_text(
            "{% for flag in flags %}{{ flag.note }}{% endfor %}"
        )
    assert page(source, tmp_path) == "&lt;b&gt;*x*&lt;/b&gt;"
    assert page(source, tmp_path, "md") == r"\<b\>\*x\*\</b\>"


@pytest.mark.parametrize("form", ["html", "md", "pdf"])
def test_words_logo_and_left_out_sections(source: Source, tmp_path: Path, form: str) -> None:
    (tmp_path / "logo.png").write_bytes(PIXEL)
    (tmp_path / "wording.yaml").write_text(
        "title: Nachbericht\norganisation: Example University\nhandling: For internal use\n"
        "draft: ENTWURF\nheadings: {plan: Was wir ändern}\nratings: {U: nicht geschafft}\n"
        "leave_out: [production, marking]\naccent: '#123456'\n"
    )
    text = page(source, tmp_path, form)
    for said in ("Example University", "For internal use", "ENTWURF", "Was wir ändern"):
        assert said in text, said
    assert "nicht geschafft" in " ".join(text.split())
    assert "Nachbericht" in text
    assert "The production" not in text
    assert "scoring version" not in text
    if form == "html":
        assert f'src="data:image/png;base64,{base64.b64encode(PIXEL).decode()}"' in text
        assert "#123456" in text
        assert "img-src data:" in text
    if form == "pdf":
        reader = PdfReader(io.BytesIO(written(source, form, tmp_path)))
        assert len(reader.pages[0].images) == 1


def test_every_word_of_ours_is_offered_with_its_default() -> None:
    text = (OURS / "wording.yaml").read_text()
    offered = "\n".join(
        line.removeprefix("# ") for line in text.splitlines() if line.startswith("# ")
    )
    given = yaml.safe_load(offered.split("logo.jpg.\n", 1)[1])
    ours = Wording().model_dump()
    assert set(given) == set(ours)
    mine = {"organisation", "sponsor", "contact", "handling", "introduction", "leave_out"}
    assert {key: given[key] for key in given if key not in mine} == {
        key: value for key, value in ours.items() if key not in mine
    }
    Wording.model_validate(given)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("titel: x\n", 'wording.yaml:1:1: unknown key "titel"; did you mean "title"?'),
        ("title: x\nleave_out: [plna]\n", "wording.yaml:2:13:"),
        ("accent: red\n", "wording.yaml:1:9:"),
        ("title: [\n", "wording.yaml:1:1: a value is missing here"),
        ("home: javascript:x\n", "wording.yaml:1:7:"),
    ],
)
def test_a_fault_of_the_words_is_told_at_its_place(
    source: Source, tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "wording.yaml").write_text(text)
    for form in ("html", "pdf", "xapi"):
        assert said in fault(source, tmp_path, form)


def test_a_logo_that_is_too_large_is_refused(source: Source, tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(b"x" * 500_001)
    assert "is larger than 500,000 bytes; make it smaller" in fault(source, tmp_path)


PAGE = "report.html"
FAULTS = (
    (PAGE, "a\n{% if %}\n", "report.html:2: "),
    (PAGE, "a\n\n{{ overviw.name }}", "report.html:3: 'overviw' is undefined; did you mean"),
    (PAGE, "a\n{{ overview.nmae }}", "has no attribute 'nmae'; did you mean \"name\"?"),
    (PAGE, "a\n{{ missing }}", "report.html:2: 'missing' is undefined"),
    (PAGE, "\n{% include 'no.html' %}", 'report.html:2: there is no template "no.html"'),
    (PAGE, "{{ 1 / 0 }}", "report.html:1: division by zero"),
    (PAGE, "\n{{ ''.__class__.__mro__ }}", "report.html:2: access to attribute '__class__'"),
    (
        PAGE,
        "{% extends 'ours/report.html' %}\n{% block plan %}\n{{ plam }}{% endblock %}",
        "report.html:3: 'plam' is undefined",
    ),
    ("report.css", "\nbody { color: {{ wrods.accent }} }", "report.css:2: 'wrods' is undefined"),
    ("metric.svg", "<svg>\n{{ chart.titel }}</svg>", "metric.svg:2: "),
)


@pytest.mark.parametrize(("name", "text", "said"), FAULTS)
def test_a_fault_of_a_template_names_file_and_line(
    source: Source, tmp_path: Path, name: str, text: str, said: str
) -> None:
    (tmp_path / name).write_text(text)
    told = fault(source, tmp_path)
    assert told.startswith(str(tmp_path))
    assert said in told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("#let x = \n", "report.typ:"),
        (
            "#let d = json(bytes(sys.inputs.report))\n\n#d.overview.nmae",
            'report.typ:3:13: dictionary does not contain key "nmae"; did you mean "name"?',
        ),
        ("a\n#unheard()", "report.typ:2:2: unknown variable: unheard"),
        ("#read(\"/etc/passwd\")", "report.typ:1:7: "),
    ],
)  # fmt: skip
def test_a_fault_of_the_template_for_paper_too(
    source: Source, tmp_path: Path, text: str, said: str
) -> None:
    (tmp_path / "report.typ").write_text(text)
    assert said in fault(source, tmp_path, "pdf")


def test_a_folder_without_templates_reports_as_ours(source: Source, tmp_path: Path) -> None:
    assert written(source, "html", tmp_path / "nothing") == written(source, "html")
    assert read_wording(None) == Wording()
