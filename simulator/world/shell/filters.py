"""The commands that pipes run on text: they do what they say, within limits."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from simulator.world.shell.answer import Printed
from simulator.world.shell.grep import grep
from simulator.world.shell.jq import jq

LARGEST = 1_000_000
"""Characters a filter reads at most."""

SECONDS = 2.0
"""Wall time that a pipe may take."""

_NAMES = "awk gawk sed perl python python3 ruby node xargs tee less more vi nano"
NOT_HERE = frozenset(_NAMES.split())


class FilterError(ValueError):
    """What a filter says about a call it does not understand."""


def run_filter(words: Sequence[str], text: str) -> Printed:
    """Return what a filter prints of `text`."""
    name = words[0]
    if name in ("less", "more"):
        return Printed(text)
    if name in NOT_HERE:
        return Printed(
            err=f"{name}: not available here; grep, head, tail, sort, uniq, cut, wc and jq are\n",
            failed=True,
        )
    if len(text) > LARGEST:
        text = text[:LARGEST]
    try:
        return FILTERS[name](list(words[1:]), text, time.monotonic() + SECONDS)
    except FilterError as error:
        return Printed(err=f"{name}: {error}\n", failed=True, near=True)


@dataclass(frozen=True)
class Options:
    """Short flags of a call, and its other words."""

    flags: dict[str, str]
    words: list[str]

    def number(self, flag: str, default: int) -> int:
        text = self.flags.get(flag, str(default)).lstrip("+")
        if not re.fullmatch(r"-?\d{1,9}", text):
            raise FilterError(f"invalid number of lines: '{text}'")
        return int(text)


def options(args: Sequence[str], takes_value: str, switches: str, long: dict[str, str]) -> Options:
    """Read flags as getopt does: `-nr`, `-n5`, `-n 5`, `--lines=5`."""
    flags: dict[str, str] = {}
    words: list[str] = []
    queue = list(args)
    while queue:
        arg = queue.pop(0)
        if arg == "--":
            words += queue
            break
        if arg.startswith("--"):
            name, equals, value = arg.partition("=")
            if name not in long:
                raise FilterError(f"unrecognized option '{arg}'")
            short = long[name]
            if short in takes_value and not equals:
                if not queue:
                    raise FilterError(f"option '{arg}' requires an argument")
                value = queue.pop(0)
            flags[short] = value
        elif len(arg) > 1 and arg[0] == "-":
            place = 1
            while place < len(arg):
                letter = arg[place]
                place += 1
                if letter in takes_value:
                    value = arg[place:]
                    if not value:
                        if not queue:
                            raise FilterError(f"option requires an argument -- '{letter}'")
                        value = queue.pop(0)
                    flags[letter] = value
                    break
                if letter not in switches:
                    raise FilterError(f"invalid option -- '{letter}'")
                flags[letter] = ""
        else:
            words.append(arg)
    return Options(flags, words)


def _no_files(found: Options) -> None:
    for word in found.words:
        if word != "-":
            raise FilterError(f"{word}: No such file or directory")


def _head(args: list[str], text: str, _: float) -> Printed:
    args = [f"-n{arg[1:]}" if re.fullmatch(r"-\d+", arg) else arg for arg in args]
    found = options(args, "nc", "q", {"--lines": "n", "--bytes": "c"})
    _no_files(found)
    if "c" in found.flags:
        return Printed(text[: max(0, found.number("c", 0))])
    kept = text.splitlines(keepends=True)
    return Printed("".join(kept[: found.number("n", 10)]))


def _tail(args: list[str], text: str, _: float) -> Printed:
    args = [f"-n{arg[1:]}" if re.fullmatch(r"-\d+", arg) else arg for arg in args]
    found = options(args, "nc", "qf", {"--lines": "n", "--bytes": "c", "--follow": "f"})
    _no_files(found)
    kept = text.splitlines(keepends=True)
    number = found.number("n", 10)
    if found.flags.get("n", "").startswith("+"):
        return Printed("".join(kept[max(0, number - 1) :]))
    if "c" in found.flags:
        size = abs(found.number("c", 0))
        return Printed(text[-size:] if size else "")
    return Printed("".join(kept[-abs(number) :] if number else []))


def _wc(args: list[str], text: str, _: float) -> Printed:
    found = options(
        args, "", "lwcm", {"--lines": "l", "--words": "w", "--bytes": "c", "--chars": "m"}
    )
    _no_files(found)
    counts = {
        "l": text.count("\n"),
        "w": len(text.split()),
        "m": len(text),
        "c": len(text.encode()),
    }
    wanted = [counts[flag] for flag in "lwmc" if flag in found.flags]
    if len(wanted) == 1:
        return Printed(f"{wanted[0]}\n")
    wanted = wanted or [counts["l"], counts["w"], counts["c"]]
    return Printed("".join(f"{count:>8}" for count in wanted).strip().rjust(8) + "\n")


def _sort(args: list[str], text: str, _: float) -> Printed:
    found = options(
        args,
        "kt",
        "nrufbhV",
        {"--numeric-sort": "n", "--reverse": "r", "--unique": "u", "--key": "k"},
    )
    _no_files(found)
    field = _field(found.flags["k"]) if "k" in found.flags else None
    flags = set(found.flags) | set(re.sub(r"[^nrfbhV]", "", found.flags.get("k", "")))
    separator = found.flags.get("t") or None

    def key(line: str) -> tuple[float, str]:
        part = line
        if field is not None:
            parts = line.split(separator)
            part = (separator or " ").join(parts[field - 1 :]) if field <= len(parts) else ""
        if flags & {"n", "h"}:
            return _number(part), line if "u" not in flags else ""
        return 0.0, part.lower() if "f" in flags else part

    kept = sorted(text.splitlines(), key=key, reverse="r" in flags)
    if "u" in flags:
        seen: dict[tuple[float, str], str] = {}
        for line in kept:
            seen.setdefault(key(line), line)
        kept = list(seen.values())
    return Printed("".join(f"{line}\n" for line in kept))


def _field(text: str) -> int:
    found = re.match(r"(\d{1,4})", text)
    if not found or found[1] == "0":
        raise FilterError(f"invalid number at field start: invalid count at start of '{text}'")
    return int(found[1])


def _number(text: str) -> float:
    found = re.match(r"\s*(-?\d{1,30}(?:\.\d{1,30})?)([KMGT])?", text)
    if not found:
        return 0.0
    return float(found[1]) * {"K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}.get(found[2] or "", 1.0)


def _uniq(args: list[str], text: str, _: float) -> Printed:
    found = options(args, "", "cdui", {"--count": "c", "--repeated": "d", "--unique": "u"})
    _no_files(found)
    groups: list[tuple[str, int]] = []
    for line in text.splitlines():
        same = groups and (
            groups[-1][0] == line or ("i" in found.flags and groups[-1][0].lower() == line.lower())
        )
        if same:
            groups[-1] = (groups[-1][0], groups[-1][1] + 1)
        else:
            groups.append((line, 1))
    if "d" in found.flags:
        groups = [(line, count) for line, count in groups if count > 1]
    if "u" in found.flags:
        groups = [(line, count) for line, count in groups if count == 1]
    counted = "c" in found.flags
    return Printed(
        "".join(f"{count:>7} {line}\n" if counted else f"{line}\n" for line, count in groups)
    )


def _cut(args: list[str], text: str, _: float) -> Printed:
    found = options(args, "dfc", "s", {"--delimiter": "d", "--fields": "f", "--characters": "c"})
    _no_files(found)
    given = found.flags.get("f", found.flags.get("c"))
    if given is None:
        raise FilterError("you must specify a list of bytes, characters, or fields")
    ranges = [_range(part) for part in given.split(",")]
    delimiter = found.flags.get("d", "\t")
    out = []
    for line in text.splitlines():
        if "c" in found.flags:
            out.append("".join(c for n, c in enumerate(line, 1) if _within(n, ranges)))
        elif delimiter not in line:
            # tabs were spaced out on the screen; a line without the delimiter stands as it is
            if "s" not in found.flags:
                out.append(line)
        else:
            parts = line.split(delimiter)
            out.append(delimiter.join(p for n, p in enumerate(parts, 1) if _within(n, ranges)))
    return Printed("".join(f"{line}\n" for line in out))


def _range(part: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{0,6})(-?)(\d{0,6})", part)
    if not found or not (found[1] or found[3]):
        raise FilterError(f"invalid field value '{part}'")
    first = int(found[1] or 1)
    if not found[2]:
        return first, first
    return first, int(found[3]) if found[3] else 1_000_000


def _within(number: int, ranges: Sequence[tuple[int, int]]) -> bool:
    return any(first <= number <= last for first, last in ranges)


def _tr(args: list[str], text: str, _: float) -> Printed:
    found = options(args, "", "ds", {"--delete": "d", "--squeeze-repeats": "s"})
    sets = [_letters(word) for word in found.words]
    if not sets or len(sets) > 2:
        raise FilterError("missing operand")
    if "d" in found.flags:
        return Printed("".join(c for c in text if c not in sets[0]))
    if len(sets) == 2 and sets[1]:
        table = {c: sets[1][min(n, len(sets[1]) - 1)] for n, c in enumerate(sets[0])}
        return Printed("".join(table.get(c, c) for c in text))
    if "s" in found.flags:
        return Printed(
            "".join(c for n, c in enumerate(text) if c not in sets[0] or text[n - 1 : n] != c)
        )
    raise FilterError("missing operand")


def _letters(text: str) -> str:
    text = text.replace("\\n", "\n").replace("\\t", "\t")
    for name, letters in _CLASSES.items():
        text = text.replace(f"[:{name}:]", letters)
    return re.sub(
        r"(\w)-(\w)",
        lambda found: "".join(map(chr, range(ord(found[1]), ord(found[2]) + 1))),
        text,
    )[:300]


_CLASSES = {
    "space": " \n",
    "digit": "0123456789",
    "lower": "abcdefghijklmnopqrstuvwxyz",
    "upper": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
}


def _tac(args: list[str], text: str, _: float) -> Printed:
    return Printed("".join(f"{line}\n" for line in reversed(text.splitlines())))


def _cat(args: list[str], text: str, _: float) -> Printed:
    found = options(args, "", "nA", {"--number": "n"})
    _no_files(found)
    if "n" not in found.flags:
        return Printed(text)
    return Printed("".join(f"{n:>6}  {line}\n" for n, line in enumerate(text.splitlines(), 1)))


Filter = Callable[[list[str], str, float], Printed]

FILTERS: dict[str, Filter] = {
    "grep": grep,
    "egrep": lambda args, text, end: grep(["-E", *args], text, end),
    "fgrep": lambda args, text, end: grep(["-F", *args], text, end),
    "rg": lambda args, text, end: grep(["-E", *args], text, end),
    "head": _head,
    "tail": _tail,
    "wc": _wc,
    "sort": _sort,
    "uniq": _uniq,
    "cut": _cut,
    "tac": _tac,
    "tr": _tr,
    "cat": _cat,
    "jq": jq,
}
"""Every filter by name: its arguments, its input, and when it must stop."""
