"""Text from people and files, made safe to draw: one line, no control characters, known width.

A terminal obeys control characters, reorders text after bidirectional marks and disagrees with
every library about joined emoji, so none of them may reach a strip.
"""

import re
from functools import lru_cache

from rich.cells import cell_len, get_character_cell_size

_TAB = 4
_DROPPED = re.compile(
    "[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_LINE_END = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


def plain(text: str) -> str:
    """One line of text as it is drawn: control characters visible, invisible marks gone."""
    if text.isascii() and text.isprintable():
        return text
    return _CONTROL.sub(_picture, _DROPPED.sub("", text.expandtabs(_TAB)))


def plain_lines(text: str) -> list[str]:
    """The lines of a text, each as it is drawn. A line end at the end opens no further line."""
    lines = _LINE_END.split(text)
    if len(lines) > 1 and not lines[-1]:
        lines.pop()
    return [plain(line) for line in lines]


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"


def crop(text: str, start: int, width: int) -> str:
    """The cells from `start` on, exactly `width` of them; halved wide characters become spaces."""
    if width <= 0:
        return ""
    if text.isascii():
        return text[start : start + width].ljust(width)
    cells: list[str] = []
    position = 0
    taken = 0
    for character in text:
        size = get_character_cell_size(character)
        end = position + size
        if end > start + width:
            break
        if position >= start and (size or end > start):
            cells.append(character)
            taken += size
        elif end > start:
            cells.append(" " * (end - start))
            taken += end - start
        position = end
    return "".join(cells) + " " * (width - taken)


def fit(text: str, width: int) -> str:
    """The text in at most `width` cells, its end replaced by an ellipsis where it is too long."""
    if cell_len(text) <= width:
        return text
    return f"{crop(text, 0, width - 1).rstrip()}…" if width > 0 else ""


@lru_cache(maxsize=256)
def wrap(text: str, width: int) -> tuple[tuple[int, str], ...]:
    """The text in pieces of at most `width` cells, each with the index of its first character.

    Cut where a terminal cuts, at the edge: what is copied from the screen is what was printed.
    """
    width = max(2, width)
    if cell_len(text) <= width:
        return ((0, text),)
    if text.isascii():
        return tuple((at, text[at : at + width]) for at in range(0, len(text), width))
    pieces: list[tuple[int, str]] = []
    first = 0
    used = 0
    for index, character in enumerate(text):
        size = get_character_cell_size(character)
        if used + size > width:
            pieces.append((first, text[first:index]))
            first, used = index, 0
        used += size
    pieces.append((first, text[first:]))
    return tuple(pieces)


@lru_cache(maxsize=256)
def wrap_words(text: str, width: int) -> tuple[tuple[int, str], ...]:
    """The text in pieces as `wrap` gives them, cut after a blank where there is one.

    Blanks at an edge may stand out over it: the pieces together are the text.
    """
    width = max(2, width)
    pieces: list[tuple[int, str]] = []
    start = 0
    while cell_len(rest := text[start:]) > width:
        piece = wrap(rest, width)[0][1]
        end = len(piece)
        if not rest[end:].startswith(" "):
            blank = piece.rfind(" ") + 1
            word = rest[blank:].split(" ", 1)[0]
            end = blank if piece[:blank].strip() or (blank and cell_len(word) <= width) else end
        while rest[end : end + 1] == " ":
            end += 1
        pieces.append((start, rest[:end]))
        start += end
    if start < len(text) or not pieces:
        pieces.append((start, text[start:]))
    return tuple(pieces)
