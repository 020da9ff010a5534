"""Finding words in runbooks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from simulator.content.clean import clean
from simulator.content.runbook import Runbook, RunbookStep, Section

_IN_TITLE, _IN_SECTION, _IN_STEP, _IN_BODY = 8, 4, 3, 1


@dataclass(frozen=True)
class Hit:
    """A step, a section or a whole runbook in which every word of a query was found."""

    runbook: Runbook
    section: Section | None
    step: RunbookStep | None
    line: int
    text: str
    score: int


def search(runbooks: Iterable[Runbook], query: str) -> list[Hit]:
    """Return where all the words of `query` stand, the best first; letter case does not matter."""
    words = sorted(set(clean(query, 400, lines=False).casefold().split()))
    if not words:
        return []
    hits = [hit for runbook in runbooks for hit in _hits(runbook, words)]
    return sorted(hits, key=lambda hit: (-hit.score, hit.runbook.name, hit.line, hit.text))


def _hits(runbook: Runbook, words: list[str]) -> Iterable[Hit]:
    title = runbook.title.casefold()
    score = _score(words, [(title, _IN_TITLE)])
    if score:
        yield Hit(runbook, None, None, 1, runbook.title, score)
    for section in runbook.sections:
        name = section.title.casefold()
        score = _score(words, [(name, _IN_SECTION), (title, 1)])
        if score and any(word in name for word in words) and section.title != runbook.title:
            yield Hit(runbook, section, None, section.line, section.title, score)
    for step in runbook.steps:
        own, body = step.text.casefold(), step.body.casefold()
        around = " ".join(step.section).casefold()
        score = _score(words, [(own, _IN_STEP), (body, _IN_BODY), (around, 1), (title, 1)])
        if score and any(word in own or word in body for word in words):
            yield Hit(runbook, runbook.section_of(step), step, step.line, step.text, score)


def _score(words: list[str], texts: list[tuple[str, int]]) -> int:
    """Return the sum of each word's best place, or 0 when a word is nowhere."""
    total = 0
    for word in words:
        best = max((weight for text, weight in texts if word in text), default=0)
        if not best:
            return 0
        total += best
    return total
