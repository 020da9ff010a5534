"""Run tests that are coroutines, each in its own loop, without a further plugin."""

import asyncio
import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet


@pytest.fixture(autouse=True)
def _still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing moves on its own in a test."""
    monkeypatch.setattr("textual.constants.TEXTUAL_ANIMATIONS", "none")


@pytest.fixture(autouse=True, scope="session")
def _parsed_once() -> Iterator[None]:
    """Keep what style sheets were parsed to for all apps of a process, as one app keeps it."""
    parse = Stylesheet._parse_rules
    known: dict[Any, list[RuleSet]] = {}

    def parse_rules(sheet: Stylesheet, *asked: Any, **named: Any) -> list[RuleSet]:
        key = (tuple(sheet._variables.items()), asked, tuple(named.items()))
        if key not in known:
            known[key] = parse(sheet, *asked, **named)
        return known[key]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Stylesheet, "_parse_rules", parse_rules)
        yield


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Await an asynchronous test."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = inspect.signature(pyfuncitem.obj).parameters
    asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
    return True
