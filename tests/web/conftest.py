"""A Chromium for all browser tests of a process, started when the first one needs it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from chromium import Chromium


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """A running Chromium. Without one installed, CI fails, and elsewhere the test is left out."""
    running = Chromium()
    yield running
    running.remove()
