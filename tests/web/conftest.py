"""A Chromium for all browser tests of a process, started when the first one needs it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import Chromium

BROWSERS = ("browser", "leak", "team")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what runs a browser to one worker, and other hosts to another: they mostly wait."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            browses = item.path.stem.removeprefix("test_web_").startswith(BROWSERS)
            item.add_marker(pytest.mark.xdist_group("browsers" if browses else "hosts"))


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A folder with a short path, as sockets need one; pytest's own is too long beside workers."""
    with tempfile.TemporaryDirectory(prefix="tt-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """A running Chromium. Without one installed, CI fails, and elsewhere the test is left out."""
    running = Chromium()
    yield running
    running.remove()
