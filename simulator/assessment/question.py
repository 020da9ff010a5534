"""Whether a message asks about a step. Plain scanning: time is linear in the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

ASKING = frozenset({"which", "how", "where"})
UNSURE = ("not sure", "unsure")


def names(text: str, known: Iterable[str]) -> bool:
    """Return whether a message has one of the known names in it, word for word."""
    said = f" {_words(text)} "
    return any(f" {words} " in said for words in map(_words, known) if words)


def asks(text: str) -> bool:
    """Return whether a message says "not sure", or asks which, how or where.

    A sentence asks with one of these words if it begins with it or ends in a question mark.
    """
    said = f" {_words(text)} "
    if any(f" {words} " in said for words in UNSURE):
        return True
    for sentence, questioning in _sentences(text):
        words = _words(sentence).split()
        if words and (words[0] in ASKING or (questioning and not ASKING.isdisjoint(words))):
            return True
    return False


@lru_cache(maxsize=512)  # the names of steps, asked for with every message
def _words(text: str) -> str:
    plain = text.casefold().replace("'", "").replace("’", "")
    return " ".join("".join(c if c.isalnum() else " " for c in plain).split())


def _sentences(text: str) -> Iterator[tuple[str, bool]]:
    begin = 0
    for i, character in enumerate(text):
        if character in ".!?\n":
            yield text[begin:i], character == "?"
            begin = i + 1
    yield text[begin:], False
