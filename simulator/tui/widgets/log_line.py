"""A line of a log, and the order of its levels."""

from dataclasses import dataclass

LEVELS = ("debug", "info", "notice", "warn", "error", "critical")
"""The levels by weight."""

_WEIGHTS = {level: weight for weight, level in enumerate(LEVELS)} | {
    "": 1,
    "trace": 0,
    "information": 1,
    "warning": 3,
    "err": 4,
    "crit": 5,
    "alert": 5,
    "emergency": 5,
    "emerg": 5,
    "fatal": 5,
    "panic": 5,
}


@dataclass(frozen=True, slots=True)
class LogLine:
    """One entry of a log stream."""

    time: float
    """Seconds since the epoch, UTC."""
    stream: str
    level: str
    """As the stream spells it: `WARN`, `warning`."""
    text: str
    detail: str = ""
    """What is shown below the entry when it is unfolded: fields, JSON, a trace."""


def weight(level: str) -> int:
    """How grave a level is, from 0 for debug; an unknown one weighs as much as info."""
    return _WEIGHTS.get(level.lower(), 1)
