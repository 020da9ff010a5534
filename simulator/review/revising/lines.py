"""The lines of a file as they stand in it: cut and joined again byte for byte."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_END = re.compile(r"(?:\r\n|\n|\r)\Z")
_MARK = "\ufeff"


@dataclass(frozen=True)
class Splice:
    """Lines `first` to `last`, from 1 and inclusive, become `lines`.

    With `last` one below `first` they are put in before it. A line that does not say how it ends
    ends as the others of its file do.
    """

    first: int
    last: int
    lines: tuple[str, ...]


def raw_lines(text: str) -> list[str]:
    """Return the lines with their ends, counted as the Markdown parser counts them."""
    return _LINE.findall(text)


def without_end(line: str) -> str:
    """Return a line without its end."""
    return _END.sub("", line)


def newline_of(text: str) -> str:
    """Return how most lines of a text end; a newline where it has none."""
    ends = Counter(found[0] for line in raw_lines(text) if (found := _END.search(line)))
    return ends.most_common(1)[0][0] if ends else "\n"


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """Return a text with some of its lines replaced, and every other byte as it was.

    Splices do not overlap; of two that begin at one line the first one's lines come first.
    """
    mark = _MARK if text.startswith(_MARK) else ""
    lines = raw_lines(text.removeprefix(_MARK))
    newline, ended = newline_of(text), not lines or bool(_END.search(lines[-1]))
    ordered = sorted(enumerate(splices), key=lambda one: (one[1].first, one[0]), reverse=True)
    for _, splice in ordered:
        lines[splice.first - 1 : splice.last] = [
            line if _END.search(line) else line + newline for line in splice.lines
        ]
    whole = [line if _END.search(line) else line + newline for line in lines[:-1]] + lines[-1:]
    if whole and bool(_END.search(whole[-1])) != ended:
        whole[-1] = without_end(whole[-1]) if not ended else whole[-1] + newline
    return mark + "".join(whole)
