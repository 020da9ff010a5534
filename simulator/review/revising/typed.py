"""What many people typed and saw, as one text: what differs between them is left open."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from simulator.content.clean import clean
from simulator.review.revising.deeds import Deed
from simulator.review.revising.thresholds import THRESHOLDS

_DIGITS = re.compile(r"\d+(?:[.,:]\d+)*")
_MOST_LINES = 3
_LONGEST = 200


def generalised(deeds: Sequence[Deed]) -> str:
    """Return the command that most of these typed; where they gave it other arguments, their names.

    Every deed is of the same command. "" where nobody typed it.
    """
    lines = Counter(_one_line(deed.typed) for deed in deeds if deed.typed)
    if not lines:
        return ""
    line, count = max(lines.items(), key=lambda entry: (entry[1], -len(entry[0]), entry[0]))
    if count * 2 >= sum(lines.values()):
        return line
    example = next(deed for deed in deeds if _one_line(deed.typed) == line)
    for name, value in sorted(example.args.items()):
        others = {deed.args.get(name) for deed in deeds}
        if len(others) > 1 and value:
            line = line.replace(value, f"<{name.replace('_', '-')}>")
    return line


def _one_line(text: str) -> str:
    return clean(" ".join(text.split()), 400, lines=False)


def seen_by_most(outputs: Iterable[str]) -> tuple[str, ...]:
    """Return the lines that most of these outputs have, in their order, at most three.

    Of lines that differ only in their numbers the numbers are left open.
    """
    known = [[_shown(line) for line in output.splitlines() if line.strip()] for output in outputs]
    known = [lines for lines in known if lines]
    if not known:
        return ()
    least = THRESHOLDS.shown * len(known)
    exact = Counter(line for lines in known for line in set(lines))
    rough = Counter(shape for lines in known for shape in {_shape(line) for line in lines})
    found: dict[str, None] = {}
    for lines in known:
        for line in lines:
            shape = _shape(line)
            if exact[line] > least:
                found[line] = None
            elif rough[shape] > least and any(letter.isalpha() for letter in shape):
                told = next((one for one in found if _shape(one) == shape), shape)
                found[told] = None
    return tuple(found)[:_MOST_LINES]


def _shown(line: str) -> str:
    return clean(line.strip(), _LONGEST, lines=False)


def _shape(line: str) -> str:
    return _DIGITS.sub("…", line)
