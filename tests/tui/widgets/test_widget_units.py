"""Values as people say them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from widget_samples import obeyed

from simulator.tui.widgets import format_value

UNITS = ["ms", "s", "%", "/s", "count", "bytes", "score", "req/min", "°C", ""]
FACTORS = {"µs": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0} | {
    "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15,
}  # fmt: skip


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (340, "ms", "340 ms"),
        (4800, "ms", "4.8 s"),
        (0.25, "ms", "250 µs"),
        (90, "s", "90 s"),
        (150, "s", "2.5 min"),
        (99.95, "%", "99.95 %"),
        (99.99996, "%", "99.999 %"),
        (100, "%", "100 %"),
        (0.2, "%", "0.2 %"),
        (1234, "/s", "1.23 k/s"),
        (12, "/s", "12 /s"),
        (1200, "count", "1.2 k"),
        (999.7, "count", "1 k"),
        (1.2e9, "bytes", "1.2 GB"),
        (512, "bytes", "512 B"),
        (0.875, "score", "0.88"),
        (1500, "req/min", "1.5 k req/min"),
        (21.5, "°C", "21.5 °C"),
        (-1200, "count", "-1.2 k"),
        (-0.0001, "count", "0"),
        (0, "ms", "0 ms"),
        (None, "ms", "–"),
        (float("nan"), "%", "–"),
        (float("inf"), "s", "∞"),
    ],
)
def test_values_read_as_people_say_them(value: float | None, unit: str, text: str) -> None:
    assert format_value(value, unit) == text


@given(st.floats(-1e15, 1e15), st.sampled_from(UNITS))
def test_the_number_is_short_and_close(value: float, unit: str) -> None:
    text = format_value(value, unit)
    found = re.fullmatch(r"(-?)(\d+(?:\.\d{1,3})?) ?(.*)", text)
    assert found is not None, text
    sign, number, tail = found.groups()
    assert not (sign and float(number) == 0)
    assert "e" not in number
    if unit not in ("ms", "s"):
        prefix = tail[:1] if tail[:1] in "kMGTP" else ""
        shown = float(number) * (FACTORS[prefix] if prefix else 1.0)
    else:
        shown = float(number) * FACTORS[tail] / (1e-3 if unit == "ms" else 1.0)
    assert shown == pytest.approx(abs(value), rel=0.006, abs=0.006)


@given(st.floats(allow_nan=True, allow_infinity=True), st.text(max_size=8))
def test_any_value_and_unit_is_one_printable_line(value: float, unit: str) -> None:
    text = format_value(value, unit)
    assert len(text) < 40
    assert not obeyed(text)
