"""grep over text, with patterns that run in linear time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import re2

from simulator.world.shell.answer import Printed

_LONG = {
    "--ignore-case": "i",
    "--invert-match": "v",
    "--count": "c",
    "--line-number": "n",
    "--extended-regexp": "E",
    "--fixed-strings": "F",
    "--only-matching": "o",
    "--word-regexp": "w",
    "--line-regexp": "x",
    "--quiet": "q",
    "--silent": "q",
    "--line-buffered": "",
    "--perl-regexp": "P",
    "--text": "a",
    "--after-context": "A",
    "--before-context": "B",
    "--context": "C",
    "--max-count": "m",
    "--regexp": "e",
    "--color": "",
    "--colour": "",
}
_SWITCHES = "ivcnEFowxqPahHsGz"
_VALUES = "ABCme"


@dataclass
class _Call:
    switches: set[str] = field(default_factory=set)
    numbers: dict[str, int] = field(default_factory=dict)
    patterns: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


class _UsageError(ValueError):
    pass


def grep(args: Sequence[str], text: str, _: float = 0.0) -> Printed:
    """Return the lines that match; it fails when none does, as grep does."""
    try:
        call = _read(args)
        if not call.patterns:
            if not call.words:
                raise _UsageError("Usage: grep [OPTION]... PATTERNS [FILE]...")
            call.patterns = [call.words.pop(0)]
        if any(word != "-" for word in call.words):
            raise _UsageError(f"grep: {call.words[0]}: No such file or directory")
        expression = re2.compile(_expression(call), _options())
    except _UsageError as error:
        return Printed(err=f"{error}\n", failed=True, near=True)
    except re2.error:
        return Printed(err="grep: the pattern cannot be read\n", failed=True, near=True)
    return _select(call, expression, text.splitlines())


def _options() -> re2.Options:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 8 << 20
    return options


def _read(args: Sequence[str]) -> _Call:
    call = _Call()
    queue = list(args)
    while queue:
        arg = queue.pop(0)
        if arg == "--":
            call.words += queue
            break
        if re.fullmatch(r"-\d{1,6}", arg):
            call.numbers["C"] = int(arg[1:])
        elif arg.startswith("--"):
            name, equals, value = arg.partition("=")
            if name not in _LONG:
                raise _UsageError(f"grep: unrecognized option '{arg}'")
            letter = _LONG[name]
            if letter and letter in _VALUES:
                _take(call, letter, value if equals else _next(queue, letter))
            else:
                call.switches.add(letter)
        elif len(arg) > 1 and arg[0] == "-":
            letters = arg[1:]
            while letters:
                letter, letters = letters[0], letters[1:]
                if letter in _VALUES:
                    _take(call, letter, letters or _next(queue, letter))
                    break
                if letter not in _SWITCHES:
                    raise _UsageError(f"grep: invalid option -- '{letter}'")
                call.switches.add(letter)
        else:
            call.words.append(arg)
    return call


def _next(queue: list[str], letter: str) -> str:
    if not queue:
        raise _UsageError(f"grep: option requires an argument -- '{letter}'")
    return queue.pop(0)


def _take(call: _Call, letter: str, value: str) -> None:
    if letter == "e":
        call.patterns.append(value)
    elif not re.fullmatch(r"\d{1,6}", value):
        raise _UsageError(f"grep: {value}: invalid context length argument")
    else:
        call.numbers[letter] = int(value)


def _expression(call: _Call) -> str:
    alternatives = [part for pattern in call.patterns for part in pattern.split("\n")]
    if "F" in call.switches:
        alternatives = [re2.escape(part) for part in alternatives]
    elif not call.switches & {"E", "P"}:
        alternatives = [_basic(part) for part in alternatives]
    joined = "|".join(f"(?:{part})" for part in alternatives)
    if "w" in call.switches:
        joined = rf"\b(?:{joined})\b"
    if "x" in call.switches:
        joined = rf"\A(?:{joined})\z"
    return f"(?i){joined}" if "i" in call.switches else joined


def _basic(pattern: str) -> str:
    r"""Turn a basic expression into an extended one: `\|` and `|` trade places, and so on."""
    out: list[str] = []
    at = 0
    in_brackets = False
    while at < len(pattern):
        letter, after = pattern[at], pattern[at + 1 : at + 2]
        if letter == "[" and not in_brackets:
            in_brackets = True
        elif letter == "]" and in_brackets:
            in_brackets = False
        elif letter == "\\" and not in_brackets:
            out.append(after if after and after in "|+?(){}" else letter + after)
            at += 2
            continue
        elif not in_brackets and (letter in "|+?(){}" or (letter == "*" and not out)):
            letter = f"\\{letter}"
        out.append(letter)
        at += 1
    return "".join(out)


def _select(call: _Call, expression: re2._Regexp, rows: Sequence[str]) -> Printed:
    inverted = "v" in call.switches
    hits: list[int] = []
    for number, row in enumerate(rows):
        if (expression.search(row) is not None) != inverted:
            hits.append(number)
            if len(hits) >= call.numbers.get("m", len(rows)):
                break
    failed = not hits
    if "q" in call.switches:
        return Printed(failed=failed)
    if "c" in call.switches:
        return Printed(f"{len(hits)}\n", failed=failed)
    numbered = "n" in call.switches
    if "o" in call.switches:
        found = [] if inverted else _only(expression, rows, hits)
        return Printed(
            "".join(f"{f'{n + 1}:' if numbered else ''}{part}\n" for n, part in found),
            failed=failed,
        )
    return Printed("".join(_with_context(call, rows, hits, numbered)), failed=failed)


def _only(
    expression: re2._Regexp, rows: Sequence[str], hits: Iterable[int]
) -> list[tuple[int, str]]:
    return [
        (number, found.group())
        for number in hits
        for found in expression.finditer(rows[number])
        if found.group()
    ]


def _with_context(
    call: _Call, rows: Sequence[str], hits: Sequence[int], numbered: bool
) -> Iterable[str]:
    around = call.numbers.get("C", 0)
    before, after = call.numbers.get("B", around), call.numbers.get("A", around)
    matching = set(hits)
    shown = -1
    for hit in hits:
        first = max(hit - before, shown + 1)
        if (before or after) and shown >= 0 and first > shown + 1:
            yield "--\n"
        for number in range(first, min(hit + after, len(rows) - 1) + 1):
            if number != hit and number in matching and number > hit:
                break
            mark = ":" if number in matching else "-"
            yield f"{f'{number + 1}{mark}' if numbered else ''}{rows[number]}\n"
            shown = number
