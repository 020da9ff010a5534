"""jq in a pipe: it reads its input and nothing else, within limits of time and size."""

from __future__ import annotations

import json
import re
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from functools import lru_cache
from types import FrameType, ModuleType
from typing import Any

from simulator.world.shell.answer import Printed

_SWITCHES = "rcsnSMCjae"
_LONG = {
    "--raw-output": "r",
    "--compact-output": "c",
    "--slurp": "s",
    "--null-input": "n",
    "--sort-keys": "S",
    "--monochrome-output": "M",
    "--color-output": "C",
    "--join-output": "j",
    "--exit-status": "e",
}
# What would let the machine it runs on show through, or write past the pipe.
_BLOCKED = re.compile(
    r"(?<![.\w])\$?(env|ENV|now|localtime|strflocaltime|input_filename|debug|stderr|halt_error)\b"
)
_LARGEST = 1_000_000
_OUTPUTS = 20_000


class _StoppedError(Exception):
    """The program used up its time or its space."""


def jq(args: Sequence[str], text: str, end: float) -> Printed:
    """Return what a jq program makes of `text`."""
    flags: set[str] = set()
    words: list[str] = []
    for arg in args:
        if arg in _LONG:
            flags.add(_LONG[arg])
        elif len(arg) > 1 and arg[0] == "-":
            if arg.startswith("--") or not set(arg[1:]) <= set(_SWITCHES):
                return _failed(f"jq: Unknown arguments: {arg}\nUse jq --help for help", near=True)
            flags |= set(arg[1:])
        else:
            words.append(arg)
    if len(words) > 1:
        return _failed(f"jq: error: Could not open {words[1]}: No such file or directory")
    return _within_limits(flags, words[0] if words else ".", text, end)


def _within_limits(flags: set[str], program: str, text: str, end: float) -> Printed:
    """Run in a thread of its own, so that watching it slows nothing else down."""
    _load()
    found: list[Printed] = []

    def work() -> None:
        sys.setprofile(_watch(end))
        try:
            found.append(_run(flags, program, text))
        except _StoppedError:
            found.append(_failed("jq: error: stopped, it takes too much time or space here"))
        except (MemoryError, RecursionError):
            found.append(_failed("jq: error: too deep or too large"))
        finally:
            sys.setprofile(None)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(max(0.1, end - time.monotonic()) + 1.0)
    return found[0] if found else _failed("jq: error: stopped, it takes too much time here")


@lru_cache(maxsize=1)
def _load() -> ModuleType:
    """Import jq and its prelude, which would take too many calls to be watched."""
    import purejq

    purejq.compile('. | test("a")').first("a")  # type: ignore[no-untyped-call]
    return purejq


def _watch(end: float) -> Any:
    calls = 0

    def look(frame: FrameType, event: str, _: object) -> None:
        nonlocal calls
        calls += 1
        if calls % 64 == 0 and time.monotonic() > end:
            raise _StoppedError
        if event != "call":
            return
        name = frame.f_code.co_name
        if name in ("add_values", "mul_values", "_repeat_string"):
            values = list(frame.f_locals.values())
            sizes = [len(value) for value in values if isinstance(value, str | list)]
            times = [value for value in values if isinstance(value, int | float)]
            if sum(sizes) > _LARGEST or (
                sizes and times and name != "add_values" and sizes[0] * times[0] > _LARGEST
            ):
                raise _StoppedError
        elif name == "compile" and _asked_by_program(frame):
            pattern = frame.f_locals.get("pattern")
            if isinstance(pattern, str) and _heavy(pattern):
                raise _StoppedError

    return look


def _asked_by_program(frame: FrameType) -> bool:
    caller = frame.f_back
    return caller is not None and caller.f_code.co_filename.endswith("purejq/builtins.py")


def _heavy(pattern: str) -> bool:
    """Whether a pattern of Python's engine could take more than linear time many times over."""
    repeated = any(f"){mark}" in pattern for mark in "*+{")
    return repeated or sum(pattern.count(mark) for mark in "*+{") > 3


def _run(flags: set[str], source: str, text: str) -> Printed:
    purejq = _load()
    blocked = _BLOCKED.search(source)
    if blocked:
        return _failed(f"jq: error: {blocked[1]} is not available here")
    try:
        program = purejq.compile(source)
    except (purejq.JqParseError, purejq.JqError) as error:
        return _failed(f"jq: error: {error}\njq: 1 compile error", near=True)
    out: list[str] = []
    try:
        for value in _inputs(flags, text):
            for result in program.run(value):
                out.append(_shown(result, flags))
                if len(out) > _OUTPUTS:
                    raise _StoppedError
    except purejq.Halt:
        return Printed("".join(out))
    except ValueError as error:
        place = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        return Printed("".join(out), f"jq: parse error: {place}\n", failed=True)
    except purejq.JqError as error:
        return Printed("".join(out), f"jq: error (at <stdin>): {error}\n", failed=True)
    return Printed("".join(out))


def _inputs(flags: set[str], text: str) -> Iterator[Any]:
    if "n" in flags:
        yield None
        return
    values = list(_values(text)) if "s" in flags else _values(text)
    if "s" in flags:
        yield values
    else:
        yield from values


def _values(text: str) -> Iterator[Any]:
    decoder = json.JSONDecoder()
    at = 0
    while True:
        while at < len(text) and text[at].isspace():
            at += 1
        if at >= len(text):
            return
        try:
            value, at = decoder.raw_decode(text, at)
        except json.JSONDecodeError as error:
            message = f"Invalid literal at line {error.lineno}, column {error.colno}"
            raise json.JSONDecodeError(message, error.doc, error.pos) from None
        except RecursionError:
            raise ValueError("nested too deeply") from None
        yield value


def _shown(value: Any, flags: set[str]) -> str:
    purejq = _load()
    end = "" if "j" in flags else "\n"
    if flags & {"r", "j"} and isinstance(value, str):
        return value + end
    if "c" in flags:
        return str(purejq.encode(value, sort_keys="S" in flags)) + end
    return str(purejq.encode_pretty(value, sort_keys="S" in flags)) + end


def _failed(text: str, near: bool = False) -> Printed:
    return Printed(err=f"{text}\n", failed=True, near=near)
