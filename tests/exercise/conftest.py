"""The busy kiosk."""

from __future__ import annotations

import pytest
from busy_kiosk import busy

from simulator.content.pack import Pack


@pytest.fixture(scope="session")
def pack(stuck: Pack) -> Pack:
    """The kiosk with everything that people can meet."""
    return busy(stuck)
