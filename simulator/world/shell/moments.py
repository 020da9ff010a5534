"""Moments as tools write them, from seconds since 1970."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_START = datetime(1970, 1, 1, tzinfo=UTC)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def strftime(form: str, epoch: int) -> str:
    """Return a moment in the form that `date +FORM` would give it, in UTC."""
    # added, not converted: a clock's range differs between machines
    now = _START + timedelta(seconds=epoch)
    date, clock = now.isoformat()[:10], now.isoformat()[11:19]
    year, month, day = date.split("-")
    hour, minute, second = clock.split(":")
    parts = {
        "Y": year,
        "m": month,
        "d": day,
        "e": f"{int(day):2}",
        "H": hour,
        "M": minute,
        "S": second,
        "F": date,
        "T": clock,
        "R": clock[:5],
        "a": _DAYS[now.weekday()],
        "b": _MONTHS[int(month) - 1],
        "s": str(epoch),
        "Z": "UTC",
        "z": "+0000",
        "N": "000000000",
        "n": "\n",
        "%": "%",
    }
    return re.sub(r"%([A-Za-z%])", lambda found: parts.get(found[1], found[0]), form)


def http_date(epoch: int) -> str:
    """Return a moment as HTTP headers write it."""
    return strftime("%a, %d %b %Y %H:%M:%S GMT", epoch)


def stamp(micros: int) -> str:
    """Return a moment, in microseconds since 1970, as PostgreSQL writes it."""
    return f"{strftime('%F %T', micros // 1_000_000)}.{micros % 1_000_000:06}+00"
