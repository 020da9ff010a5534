"""Tests that need a real browser say so where there is none, and fail where one must be."""

from __future__ import annotations

import chromium
import pytest


def test_without_chromium_ci_fails_and_elsewhere_what_is_left_out_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(chromium, "chromium_program", lambda: None)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="apt-get install chromium"):
        chromium.require_chromium()
    monkeypatch.delenv("CI")
    with pytest.raises(pytest.skip.Exception, match="left out what needs a real browser"):
        chromium.require_chromium()


def test_a_chromium_may_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABLETOP_CHROMIUM", "/opt/chromium")
    assert chromium.require_chromium() == "/opt/chromium"
