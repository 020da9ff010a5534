"""The one door for text from people and files: what may be shown, and nothing else."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

ZWJ = "\u200d"
"""Joins emoji and some scripts' letters: the one invisible character that is kept."""

MARKS_IN_A_ROW = 4

_FORBIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_WITH_LINES: dict[int, str | None] = {
    **dict.fromkeys((*range(32), 127)),
    ord("\t"): " ",
    ord("\n"): "\n",
}
_WITHOUT_LINES: dict[int, str | None] = {**_WITH_LINES, ord("\n"): " "}


def clean(text: str, limit: int = 4000, lines: bool = True) -> str:
    """Return `text` without what could harm a screen, in NFC, cut to `limit` characters.

    Tabs become spaces. Line breaks of every kind become newlines, or spaces when not `lines`.
    Cleaning twice is the same as cleaning once.
    """
    if text.isascii():
        if text.isprintable():
            return text[:limit]
        table = _WITH_LINES if lines else _WITHOUT_LINES
        return _unify_breaks(text).translate(table)[:limit]
    return _clean_unicode(text, lines)[:limit]


def _unify_breaks(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _clean_unicode(text: str, lines: bool) -> str:
    text = _unify_breaks(text)
    letters = set(text)
    table = {ord(letter): _replacement(letter, lines) for letter in letters}
    text = unicodedata.normalize("NFC", text.translate(table))
    if any(map(_is_mark, set(text))):
        # Dropping a mark can let its neighbours compose, so that the text shrinks once more.
        text = unicodedata.normalize("NFC", _limit_marks(text))
    return text


@lru_cache(maxsize=4096)
def _replacement(letter: str, lines: bool) -> str | None:
    if letter in "\n\u2028\u2029":
        return "\n" if lines else " "
    if letter == "\t":
        return " "
    if letter == ZWJ:
        return letter
    return None if unicodedata.category(letter) in _FORBIDDEN else letter


@lru_cache(maxsize=4096)
def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter)[0] == "M"


def _limit_marks(text: str) -> str:
    kept: list[str] = []
    run = 0
    for letter in text:
        if _is_mark(letter):
            run += 1
        elif letter != ZWJ:  # a joiner between marks does not start a new letter
            run = 0
        if run <= MARKS_IN_A_ROW or letter == ZWJ:
            kept.append(letter)
    return "".join(kept)
