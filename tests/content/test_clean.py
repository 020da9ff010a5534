"""Text at the door: nothing that could harm a screen comes through."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.content.clean import clean

HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\u0301\u0327\u093c\u200d\u202e\u2028\r\n\t\x1b\x85\ue000\u1100\u1161e"),
    )
)


@given(HOSTILE, st.integers(0, 40), st.booleans())
def test_cleaning_twice_is_cleaning_once(text: str, limit: int, lines: bool) -> None:
    once = clean(text, limit, lines)
    assert clean(once, limit, lines) == once


@given(HOSTILE, st.booleans())
def test_nothing_invisible_is_left(text: str, lines: bool) -> None:
    kept = {"\u200d", "\n"} if lines else {"\u200d"}
    for letter in set(clean(text, lines=lines)) - kept:
        assert unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


@given(HOSTILE, st.integers(0, 40))
def test_the_result_is_nfc_and_within_the_limit(text: str, limit: int) -> None:
    result = clean(text, limit)
    assert len(result) <= limit
    assert unicodedata.is_normalized("NFC", result)


@given(HOSTILE)
def test_marks_do_not_pile_up(text: str) -> None:
    run = 0
    for letter in clean(text).replace("\u200d", ""):
        run = run + 1 if unicodedata.category(letter)[0] == "M" else 0
        assert run <= 4


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("plain", "plain"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("\x1b]52;c;aGk=\x07", "]52;c;aGk="),
        ("a\tb", "a b"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("\u202eevil", "evil"),
        ("e" + "\u0301" * 40, "é" + "\u0301" * 4),
        ("e" + "\u0323\u200d" * 40, "ẹ" + "\u200d\u0323" * 4 + "\u200d" * 36),
        ("👩\u200d🚒", "👩\u200d🚒"),
        ("\ud800x", "x"),
    ],
)
def test_what_is_left(raw: str, expected: str) -> None:
    assert clean(raw) == expected


def test_without_lines_a_break_parts_the_words() -> None:
    assert clean("a\nb\r\nc", lines=False) == "a b c"
    assert clean("é\nb", lines=False) == "é b"
