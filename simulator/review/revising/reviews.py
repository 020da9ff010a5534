"""Peer reviews of runbooks: who read one, when and which text, how good it is, what was changed.

A review is recorded as a decision, or stands in the runbook's own front matter as `reviews:`. It
holds for the text that was read: the runbook without its front matter.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.content.clean import clean
from simulator.content.problems import ContentError, Problem
from simulator.content.runbook import Runbook
from simulator.journal import Decision, Library
from simulator.review.revising.layout import blocks_of
from simulator.review.revising.lines import raw_lines

KIND = "review"
QUALITIES = ("clarity", "actionability", "coverage", "accuracy")
"""What a review speaks of, each from 1 (poor) to 5 (nothing to add)."""
LONGEST = 2000


@dataclass(frozen=True)
class Review:
    """One review. `text` is the SHA-256 of what was read; `current` says it is still that text.

    `scripted` says that no person made it.
    """

    by: str
    on: str
    text: str
    approved: bool
    comments: str
    changes: str
    qualities: Mapping[str, int]
    current: bool
    scripted: bool = False


def text_hash(book: Runbook) -> str:
    """Return the SHA-256 of a runbook's text without its front matter, in hex."""
    first = next(iter(blocks_of(book.text)), None)
    lines = raw_lines(book.text.removeprefix("\ufeff"))
    if first is not None and first.kind == "matter":
        lines = lines[first.end :]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def record(
    library: Library,
    key: str,
    system: str,
    book: Runbook,
    by: str,
    approved: bool,
    comments: str = "",
    changes: str = "",
    **qualities: int,
) -> Review:
    """Record a review of a runbook as it is now, and return it; under one key once.

    Raises ContentError where somebody approves their own runbook or says nothing, JournalError.
    """
    name = " ".join(clean(by, 100, lines=False).split())
    if approved and name.casefold() in authors(book):
        raise _fault(name, "An author does not approve their own runbook", "let somebody else read")
    if not approved and not comments.strip():
        raise _fault(book.file, "What is to be changed?", "say it with --comment")
    for quality, value in qualities.items():
        if quality not in QUALITIES or not 1 <= value <= 5:
            raise _fault(quality, "A quality is rated from 1 to 5", None)
    told = {
        "by": name,
        "approved": approved,
        "comments": clean(comments, LONGEST).strip(),
        "changes": clean(changes, LONGEST).strip(),
        "text": text_hash(book),
        **qualities,
    }
    body = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    made = library.decide(key, KIND, f"{system}/{book.name}", body)
    return _of_decision(made, text_hash(book))


def authors(book: Runbook) -> frozenset[str]:
    """Return the names of who a runbook's front matter says wrote or owns it, in lower case."""
    names: set[str] = set()
    for key in ("author", "authors", "owner", "owners"):
        value = book.front_matter.get(key)
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str):
                names.add(one.partition(",")[0].strip().casefold())
    return frozenset(names)


def reviews(library: Library, system: str, book: Runbook) -> tuple[Review, ...]:
    """Return the reviews of a runbook, the earliest first: its own and the recorded ones."""
    now = text_hash(book)
    recorded = library.decisions(KIND, f"{system}/{book.name}")
    found = [*_of_matter(book, now), *(_of_decision(one, now) for one in recorded)]
    return tuple(sorted(found, key=lambda one: one.on))


def _of_decision(decision: Decision, now: str) -> Review:
    return _review(json.loads(decision.body), decision.at[:10], now)


def _of_matter(book: Runbook, now: str) -> Iterator[Review]:
    written: Any = book.front_matter.get("reviews")
    for one in written if isinstance(written, list) else ():
        if isinstance(one, dict):
            yield _review(one, _line(one.get("on")), now)


def _review(told: Mapping[str, Any], on: str, now: str) -> Review:
    text = _line(told.get("text"))
    rated = {name: told[name] for name in QUALITIES if type(told.get(name)) is int}
    return Review(
        by=_line(told.get("by")),
        on=on,
        text=text,
        approved=told.get("approved") is True,
        comments=clean(str(told.get("comments") or ""), LONGEST),
        changes=clean(str(told.get("changes") or ""), LONGEST),
        qualities=rated,
        current=bool(text) and now.startswith(text),
        scripted=told.get("scripted") is True,
    )


def _line(value: object) -> str:
    return clean(str(value or ""), 200, lines=False)


def reviews_text(book: Runbook, found: Iterable[Review]) -> str:
    """Return the reviews of a runbook in words."""
    known = list(found)
    if not known:
        return f"{book.file} has not been reviewed."
    parts = []
    for one in known:
        what = "approved" if one.approved else "changes asked for"
        state = "this text" if one.current else "an earlier text"
        who = f"{one.by} (scripted: no person read it)" if one.scripted else one.by
        lines = [f"{one.on}  {who}: {what}, {state} ({one.text[:8]})"]
        if one.qualities:
            lines.append(
                "    " + ", ".join(f"{name} {n} of 5" for name, n in one.qualities.items())
            )
        for title, said in (("comments", one.comments), ("changed", one.changes)):
            if said:
                lines.append(f"    {title}: {' '.join(said.split())}")
        parts.append("\n".join(lines))
    standing = any(one.approved and one.current for one in known)
    last = "Its present text is approved." if standing else "Nobody has approved its present text."
    return "\n".join([f"{book.file}:", *parts, last])


def reviews_json(book: Runbook, found: Iterable[Review]) -> str:
    """Return the reviews of a runbook as JSON, with the hash of its present text."""
    told = [{**vars(one), "qualities": dict(one.qualities)} for one in found]
    shown = {"file": book.file, "text": text_hash(book), "reviews": told}
    return json.dumps(shown, indent=2, ensure_ascii=False)


def _fault(place: str, fault: str, remedy: str | None) -> ContentError:
    return ContentError([Problem(place, None, None, fault, remedy)])
