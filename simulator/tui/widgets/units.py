"""Values as people say them: 1.2 k, 340 ms, 4.8 s, 99.95 %."""

import math

from simulator.tui.widgets.plain_text import plain

NO_VALUE = "–"

_POWERS = (("", 1.0), ("k", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12), ("P", 1e15))
_DURATIONS = (("µs", 1e-6), ("ms", 1e-3), ("s", 1.0), ("min", 60.0), ("h", 3600.0), ("d", 86400.0))
_LEAVES_AT = {"min": 120.0, "h": 7200.0, "d": 172800.0}  # 90 s reads better than 1.5 min
_LARGEST = 999e15


def format_value(value: float | None, unit: str) -> str:
    """A value with its unit in three significant digits; `–` where there is no value.

    Rates, counts and unknown units take k, M, G ...; durations (`ms`, `s`) the fitting unit of
    time; percentages keep the digits that tell 99.95 % from 100 %.
    """
    if value is None or math.isnan(value):
        return NO_VALUE
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    sign = "-" if value < 0 else ""
    amount = abs(value)
    match unit:
        case "ms":
            text = _duration(amount / 1000, "ms")
        case "s":
            text = _duration(amount, "s")
        case "%":
            text = f"{_percentage(amount)} %"
        case "score":
            text = _number(amount)
        case "bytes":
            number, power = _powered(amount)
            text = f"{number} {power}B"
        case "count" | "":
            text = _number(amount)
        case _:
            number, power = _powered(amount)
            spelled = plain(unit)
            tail = f"{power}{spelled}" if spelled.startswith("/") else f"{power} {spelled}".strip()
            text = f"{number} {tail}"
    return text if text.startswith("0 ") or text == "0" else sign + text


def _digits(amount: float) -> str:
    """Three significant digits without trailing zeros, never in scientific notation."""
    decimals = 2 if amount < 9.995 else 1 if amount < 99.95 else 0
    text = f"{amount:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if decimals else text


def _scaled(amount: float, scale: tuple[tuple[str, float], ...]) -> tuple[str, str]:
    """The amount in the largest unit that it fills."""
    name, size = scale[0]
    for larger, larger_size in scale[1:]:
        # Rounding decides, not the value: 999.7 is already 1 k.
        if round(amount / larger_size, 3) < _LEAVES_AT.get(larger, larger_size) / larger_size:
            break
        name, size = larger, larger_size
    return _digits(amount / size), name


def _powered(amount: float) -> tuple[str, str]:
    return _scaled(min(amount, _LARGEST), _POWERS)


def _duration(seconds: float, unit: str) -> str:
    if seconds < 5e-9:
        return f"0 {unit}"
    number, name = _scaled(min(seconds, 1e17), _DURATIONS)
    return f"{number} {name}"


def _number(amount: float) -> str:
    return " ".join(part for part in _powered(amount) if part)


def _percentage(amount: float) -> str:
    if 99.0 <= amount < 100.0:
        # Cut, not rounded: 99.9996 % is not yet 100 %.
        cut = min(99.999, math.floor(amount * 1000 + 1e-6) / 1000)
        return f"{cut:.3f}".rstrip("0").rstrip(".")
    return _number(amount)
