"""A scenario in which hardly anything happens: what the shell's tests need of one."""

from __future__ import annotations

from typing import Any

SCENARIO: dict[str, Any] = {
    "schema": "scenario/1",
    "title": "Quiet",
    "summary": "Nothing happens.",
    "difficulty": 1,
    "minutes": 20,
    "starts": "2025-03-04T14:00:00Z",
    "briefing": "Nothing happens.",
    "runbooks": ["book"],
    "objectives": [{"id": "look", "text": "Look."}],
    "causes": [{"id": "none", "title": "None", "explanation": "None.", "at": 9000}],
    "timeline": [],
    "procedure": {"step": "book#look"},
    "recovered": {"when": "t > 900"},
    "fixes": [{"id": "wait", "title": "Wait"}],
    "solution": [],
}
