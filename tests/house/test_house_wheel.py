"""The wheel: everything that play needs travels inside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(name="wheel", scope="module")
def _wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, as hatchling builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    build = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    subprocess.run(
        [sys.executable, "-c", build, str(folder)], check=True, cwd=ROOT, capture_output=True
    )
    (file,) = folder.glob("tabletop_drill-*.whl")
    return file


def test_the_wheel_carries_scenarios_runbooks_styles_and_templates(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("scenarios", "runbooks"):
        for file in (ROOT / folder).rglob("*.*"):
            assert f"simulator/library/{file.relative_to(ROOT).as_posix()}" in names
    for pattern in ("*.py", "*.tcss", "*.html", "*.md"):
        for file in (ROOT / "simulator").rglob(pattern):
            assert file.relative_to(ROOT).as_posix() in names
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/"))]
    assert not [name for name in names if "__pycache__" in name]
    (entry,) = [name for name in names if name.endswith("entry_points.txt")]
    assert "tabletop = simulator.cli:main" in zipfile.ZipFile(wheel).read(entry).decode()


def test_the_wheel_plays_from_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    installed, empty = tmp_path / "installed", tmp_path / "empty"
    zipfile.ZipFile(wheel).extractall(installed)
    empty.mkdir()
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(installed),
           "TABLETOP_HOME": str(tmp_path / "home")}  # fmt: skip

    def python(*words: str) -> str:
        return subprocess.run(
            [sys.executable, *words], env=env, cwd=empty, check=True, capture_output=True, text=True
        ).stdout

    where = python("-c", "import simulator; print(simulator.__file__)").strip()
    assert Path(where) == installed / "simulator" / "__init__.py"
    heads = json.loads(python("-m", "simulator", "list", "--json"))
    here = {f.relative_to(ROOT / "scenarios").with_suffix("").as_posix()
            for f in (ROOT / "scenarios").rglob("*.yaml") if f.name != "system.yaml"}  # fmt: skip
    assert {head["name"] for head in heads} == here
    name = sorted(here)[-1]
    played = json.loads(python("-m", "simulator", "run", name, "--golden", "--json"))
    assert (played["score"], played["rating"]) == (100, "P")
    assert "<svg" in python("-m", "simulator", "report", "last", "--format", "html")
    assert list(empty.iterdir()) == []
