"""The examples of the documentation, as files and scripts that can be played."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"<!-- (?P<what>[^>]+?) -->\n```yaml\n(?P<text>.*?)^```$", re.DOTALL | re.M)


def blocks(page: str) -> dict[str, str]:
    """Return the marked YAML blocks of a page, by their marks."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return {found["what"]: found["text"] for found in _BLOCK.finditer(text)}


def script(page: str, name: str) -> list[dict[str, Any]]:
    """Return a script that a page writes out."""
    acts: list[dict[str, Any]] = yaml.safe_load(blocks(page)[f"script: {name}"])
    return acts


def rows(page: str, heading: str) -> list[list[str]]:
    """Return the cells of the first table under a heading."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    after = text.split(f"## {heading}\n", 1)[1]
    table = re.search(r"(^\|.*\|\n)+", after, re.M)
    assert table is not None
    lines = table[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
