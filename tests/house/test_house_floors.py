"""The house: who imports what, how long a module is, and where nothing reads clock or chance."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SIMULATOR = ROOT / "simulator"
PURE = ("content", "world", "exercise", "assessment", "review")
FLOORS = (*PURE, "journal", "session")
LONGEST = 500


def modules(*folders: str) -> list[Path]:
    return sorted(file for folder in folders for file in (SIMULATOR / folder).rglob("*.py"))


def imported_by(code: str) -> set[str]:
    """Return the packages that a fresh process has imported after some code."""
    said = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint('@@', *sys.modules, file=sys.stderr)"],
        capture_output=True, text=True, check=True, cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "TABLETOP_HOME": "/nonexistent"},
    ).stderr  # fmt: skip
    return {name.split(".")[0] for name in said.partition("@@ ")[2].split()}


@pytest.mark.parametrize("name", ["cli", *FLOORS])
def test_nothing_below_the_screens_imports_textual_or_rich(name: str) -> None:
    names = [f"simulator.{name}"]
    names += [
        ".".join(file.relative_to(ROOT).with_suffix("").parts)
        for file in (modules(name) if name != "cli" else [])
        if file.name != "__init__.py"
    ]
    found = imported_by("\n".join(f"import {one}" for one in names))
    assert not found & {"textual", "rich"}


def test_list_imports_no_pydantic_and_none_of_the_heavy_packages() -> None:
    found = imported_by(
        "from simulator.cli import main\nmain(['list', '--json'], standalone_mode=False)"
    )
    assert not found & {"pydantic", "textual", "duckdb", "jinja2", "faker", "rapidfuzz", "asyncio"}
    assert "yaml" in found


def test_a_drill_without_queries_imports_no_database() -> None:
    code = "import simulator.session.playing, simulator.review, simulator.world"
    assert not imported_by(code) & {"duckdb", "faker", "jinja2"}


@pytest.mark.parametrize(
    "file", modules("."), ids=lambda file: file.relative_to(SIMULATOR).as_posix()
)
def test_a_module_says_what_it_is_for_and_stays_short(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST
    assert ast.get_docstring(ast.parse(text)) or not text.strip()


CLOCKS = {"time", "random", "secrets", "uuid", "locale", "getpass", "socket", "threading"}
CALLS = {"now", "today", "utcnow", "time", "monotonic", "perf_counter", "getenv", "urandom", "hash"}
WATCHDOGS = {
    "content/runbook_blocks.py": {"import time", "time.monotonic"},
    "world/shell/database/engine.py": {"import threading"},
    "world/shell/filters.py": {"import time", "time.monotonic"},
    "world/shell/jq.py": {"import threading", "import time", "time.monotonic"},
}
"""Limits on hostile input: they stop what takes seconds, and an act keeps what was shown."""
ROUGH = {"sin", "cos", "tan", "exp", "log", "log2", "log10", "pow"}


def reads_of_clock_or_chance(tree: ast.AST) -> Iterator[str]:
    """Yield what a module imports or calls that could differ between two runs."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (f"import {x.name}" for x in node.names if x.name.split(".")[0] in CLOCKS)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in CLOCKS:
            yield f"from {node.module} import"
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            name = f"{node.value.id}.{node.attr}"
            if node.value.id in ("datetime", "date", "time") and node.attr in CALLS:
                yield name
            if name in ("os.environ", "os.urandom", "os.getenv", "random.Random"):
                yield name
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "hash":
            yield "hash()"


@pytest.mark.parametrize(
    "file", modules(*PURE), ids=lambda file: file.relative_to(SIMULATOR).as_posix()
)
def test_what_must_replay_reads_neither_clock_nor_chance(file: Path) -> None:
    found = set(reads_of_clock_or_chance(ast.parse(file.read_text(encoding="utf-8"))))
    assert found == WATCHDOGS.get(file.relative_to(SIMULATOR).as_posix(), set())


@pytest.mark.parametrize("line", ["import time", "from random import random", "datetime.now()",
                                  "hash(x)", "os.environ['A']", "import secrets as s"])  # fmt: skip
def test_the_check_on_clock_and_chance_bites(line: str) -> None:
    assert list(reads_of_clock_or_chance(ast.parse(line)))


def test_the_world_uses_no_function_whose_last_digit_depends_on_the_machine() -> None:
    for file in modules("world"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                assert node.value.id != "math" or node.attr not in ROUGH, (file, node.lineno)
            if isinstance(node, ast.ImportFrom) and node.module == "math":
                assert not ROUGH & {name.name for name in node.names}, file


def test_continuous_integration_runs_what_the_readme_says() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text().splitlines()[-1] == "make test"
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for page in ("README.md", "CONTRIBUTING.md"):
        for target in re.findall(r"(?:^|`)make ([a-z]+)\b", (ROOT / page).read_text(), re.M):
            assert target in targets, (page, target)


def test_the_commands_in_the_readme_exist() -> None:
    from simulator.cli import main

    page = (ROOT / "README.md").read_text(encoding="utf-8")
    options = {
        name for command in main.commands.values() for p in command.params for name in p.opts
    }
    options |= {name for parameter in main.params for name in parameter.opts}
    lines = re.findall(r"tabletop ((?:--\w+ \S+ )*[a-z]+[^`\n#|]*)", page)
    assert len(lines) >= 8
    for line in lines:
        words = line.split()
        while words[0].startswith("--"):
            assert words[0] in options
            words = words[2:]
        assert words[0] in main.commands, line
        assert {word for word in words[1:] if word.startswith("-")} <= options, line


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/authoring.md"])
def test_what_a_page_links_to_exists(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)", text):
        if "://" not in target and not target.startswith("docs/pictures"):
            assert ((ROOT / page).parent / target).exists(), target


def test_the_guide_names_the_folders_and_the_module_to_begin_at() -> None:
    table = re.findall(
        r"^\| \d \| `([\w/.]+)` \|.*\| `([\w/.]+)` \|$",
        (ROOT / "CONTRIBUTING.md").read_text(),
        re.MULTILINE,
    )
    assert len(table) == 9
    for folder, begin in table:
        assert (SIMULATOR / folder).exists()
        assert (SIMULATOR / begin).is_file()


def test_the_floors_are_checked_for_every_folder() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    for folder in sorted(
        file.name for file in SIMULATOR.iterdir() if (file / "__init__.py").exists()
    ):
        assert f"simulator.{folder}" in text
