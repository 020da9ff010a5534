"""Moments as tools write them, from seconds since 1970."""

from __future__ import annotations

import re

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def strftime(form: str, epoch: int) -> str:
    """Return a moment in the form that `date +FORM` would give it, in UTC."""
    year, month, day = civil(epoch // 86_400)
    second = epoch % 86_400
    parts = {
        "Y": f"{year:04}",
        "m": f"{month:02}",
        "d": f"{day:02}",
        "e": f"{day:2}",
        "H": f"{second // 3600:02}",
        "M": f"{second // 60 % 60:02}",
        "S": f"{second % 60:02}",
        "a": _DAYS[(epoch // 86_400 + 3) % 7],
        "b": _MONTHS[month - 1],
        "s": str(epoch),
        "Z": "UTC",
        "z": "+0000",
        "N": "000000000",
        "n": "\n",
        "%": "%",
    }
    parts["F"] = f"{parts['Y']}-{parts['m']}-{parts['d']}"
    parts["T"] = f"{parts['H']}:{parts['M']}:{parts['S']}"
    parts["R"] = f"{parts['H']}:{parts['M']}"
    return re.sub(r"%([A-Za-z%])", lambda found: parts.get(found[1], found[0]), form)


def http_date(epoch: int) -> str:
    """Return a moment as HTTP headers write it."""
    return strftime("%a, %d %b %Y %H:%M:%S GMT", epoch)


def stamp(micros: int) -> str:
    """Return a moment, in microseconds since 1970, as PostgreSQL writes it."""
    return f"{strftime('%F %T', micros // 1_000_000)}.{micros % 1_000_000:06}+00"


def civil(days: int) -> tuple[int, int, int]:
    """Return year, month and day of a count of days since 1970-01-01."""
    # Howard Hinnant's algorithm: integers only, so the same everywhere.
    z = days + 719_468
    era = z // 146_097
    doe = z - era * 146_097
    yoe = (doe - doe // 1460 + doe // 36_524 - doe // 146_096) // 365
    doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
    mp = (5 * doy + 2) // 153
    month = mp + 3 if mp < 10 else mp - 9
    return yoe + era * 400 + (month <= 2), month, doy - (153 * mp + 2) // 5 + 1
