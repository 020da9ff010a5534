"""docs/reports.md: its commands run, its files do what the page says."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from documented import ROOT

from simulator.cli import main

PAGE = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"<!-- file: (\S+) -->\n```\w+\n(.*?)^```$", PAGE, re.DOTALL | re.M))


def commands() -> Iterator[list[str]]:
    """Yield the words of every command on the page, without `tabletop`."""
    for block in re.findall(r"^```sh\n(.*?)^```$", PAGE, re.DOTALL | re.M):
        for line in block.splitlines():
            words = shlex.split(line, comments=True)
            assert words[0] == "tabletop"
            yield words[1:]


@pytest.fixture
def folder(kiosk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder in which one exercise has been played."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TABLETOP_HOME", str(tmp_path / "store"))
    assert tabletop(kiosk, "run", "kiosk/stuck", "--golden").exit_code == 0
    return tmp_path


def tabletop(content: Path, *words: str) -> Result:
    """Run a command on the kiosk's content."""
    return CliRunner().invoke(main, ["--content", str(content), *words])


def write(folder: Path, name: str, text: str) -> None:
    """Write a file that the page writes out."""
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")


def test_every_command_runs_in_the_order_of_the_page(folder: Path, kiosk: Path) -> None:
    said = list(commands())
    assert len(said) == 11
    for words in said:
        shown = tabletop(kiosk, *words)
        assert shown.exit_code == 0, (words, shown.output)
    assert (folder / "report.html").read_text().startswith("<!doctype html>")
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF-")
    assert json.loads((folder / "report.json").read_text())["printed"] == 100
    assert json.loads((folder / "statements.json").read_text())
    assert (folder / "steps.csv").read_text().startswith('"exercise","scenario"')
    assert (folder / "review.md").read_text().startswith("# Review")
    assert (folder / "messages.md").read_text().startswith("# Messages")
    assert (folder / "house" / "report.typ").exists()


def test_the_words_and_the_template_of_the_page_are_used(folder: Path, kiosk: Path) -> None:
    for name, text in FILES.items():
        write(folder, name, text)
    shown = tabletop(kiosk, "report", "--format", "html", "--template", "house").stdout
    for said in (
        "Example University",
        "For internal use",
        "What we are going to change",
        "#1d4f7a",
        "Who was there",
        "player (On-call engineer)",
    ):
        assert said in shown, said
    assert "How this was marked" not in shown
    pdf = tabletop(kiosk, "report", "--format", "pdf", "--template", "house", "-o", "house.pdf")
    assert pdf.exit_code == 0, pdf.output


def test_the_fault_of_the_page_is_told_in_these_words(folder: Path, kiosk: Path) -> None:
    fault = re.search(r"<!-- fault -->\n```text\n(.*?)\n```", PAGE, re.DOTALL)
    assert fault is not None
    text = FILES["house/report.html"]
    spoiled = text.replace("<h2>Who was there</h2>", "{{ participant }}")
    write(folder, "house/report.html", spoiled)
    shown = tabletop(kiosk, "report", "--format", "html", "--template", "house")
    assert shown.exit_code == 1
    assert shown.stderr.strip() == fault[1]


def test_every_option_of_the_command_is_on_the_page() -> None:
    options = {name for option in main.commands["report"].params for name in option.opts}
    assert {one for one in options if one.startswith("--")} - {"--output"} <= set(
        re.findall(r"--[a-z-]+", PAGE)
    )


def test_the_page_names_every_form() -> None:
    (form,) = (one for one in main.commands["report"].params if one.name == "form")
    for name in getattr(form.type, "choices", ()):
        assert name == "md" or f"--format {name}" in PAGE
