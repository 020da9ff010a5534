"""Seats and keys of pictures can be foretold, and nothing moves on its own."""

from __future__ import annotations

from itertools import count

import pytest


@pytest.fixture
def foretold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what is drawn by chance be counted instead."""
    numbers = count(1)
    monkeypatch.setattr("secrets.token_hex", lambda size: f"{next(numbers):0{2 * size}x}")
