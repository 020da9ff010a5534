"""What every test of a screen is given."""

from __future__ import annotations

from pathlib import Path

import pytest
from screen_samples import freeze

from simulator.journal import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / "store")


@pytest.fixture(autouse=True)
def _frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    freeze(monkeypatch)
