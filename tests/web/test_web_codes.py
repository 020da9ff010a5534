"""Codes and cookies: typed sloppily, guessed by nobody, stored nowhere."""

from __future__ import annotations

import hmac
import os
import re
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.web.codes import (
    ALPHABET,
    Candidate,
    SecretFault,
    code_of,
    cookie_of,
    matching,
    plain,
    seat_of_cookie,
    secret_of,
)

SECRET = b"a secret of at least sixteen letters"
ROLES = ("participant", "facilitator", "observer", "incident-commander")
CANDIDATES = [Candidate(f"team{number}", role) for number in range(5) for role in ROLES]
GAPS = [" ", "-", "  ", " - ", "\u2013", "\u2014", "\u00a0", "_", ".", "\t", "\u200b"]
TYPED_AS = {"0": "0oO\uff10", "1": "1iIlL\uff11"}


def test_a_code_is_sixty_bits_shown_in_three_groups() -> None:
    code = code_of(SECRET, "abc", "observer")
    assert re.fullmatch(rf"[{ALPHABET}]{{4}}(-[{ALPHABET}]{{4}}){{2}}", code)
    assert len(ALPHABET) == len(set(ALPHABET)) == 32
    assert not set("ILOU") & set(ALPHABET)


def test_the_letters_of_codes_use_all_of_the_alphabet_in_every_place() -> None:
    shown = [code_of(SECRET, "abc", "observer", number).replace("-", "") for number in range(800)]
    assert len(set(shown)) == 800
    assert all({code[place] for code in shown} == set(ALPHABET) for place in range(12))


def test_a_code_is_the_same_on_every_host_with_the_secret_and_on_no_other() -> None:
    assert code_of(SECRET, "abc", "observer") == "5D12-8ZM3-Q2DW"
    assert code_of(SECRET + b"!", "abc", "observer") != code_of(SECRET, "abc", "observer")


@given(st.data())
def test_a_code_may_be_typed_sloppily(data: st.DataObject) -> None:
    meant = data.draw(st.sampled_from(CANDIDATES))
    code = code_of(SECRET, *meant).replace("-", "")
    typed = ""
    for letter in code:
        typed += data.draw(st.sampled_from(["", "", *GAPS]))
        typed += data.draw(st.sampled_from(TYPED_AS.get(letter, letter + letter.lower())))
    typed += data.draw(st.sampled_from(["", *GAPS, "\n"]))
    assert matching(SECRET, typed, CANDIDATES) == meant


@given(st.data())
def test_a_code_with_one_wrong_letter_opens_nothing(data: st.DataObject) -> None:
    code = code_of(SECRET, *data.draw(st.sampled_from(CANDIDATES))).replace("-", "")
    place = data.draw(st.integers(0, 11))
    letter = data.draw(st.sampled_from(sorted(set(ALPHABET) - {code[place]})))
    assert matching(SECRET, code[:place] + letter + code[place + 1 :], CANDIDATES) is None


@given(st.text() | st.text(alphabet=ALPHABET, max_size=30))
def test_whatever_is_typed_never_fails_and_opens_nothing(typed: str) -> None:
    assert matching(SECRET, typed, CANDIDATES) is None
    assert plain(plain(typed)[:200]) == plain(typed)


def test_a_revoked_code_opens_nothing_and_the_new_one_does() -> None:
    old, new = (code_of(SECRET, "abc", "observer", generation) for generation in (0, 1))
    after = [Candidate("abc", "observer", 1)]
    assert matching(SECRET, old, after) is None
    assert matching(SECRET, new, after) == after[0]


def test_every_candidate_is_compared_even_after_the_right_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared = []
    compare = hmac.compare_digest

    def count(one: bytes, other: bytes) -> bool:
        compared.append(one)
        return compare(one, other)

    monkeypatch.setattr(hmac, "compare_digest", count)
    code = code_of(SECRET, *CANDIDATES[0])
    assert matching(SECRET, code, CANDIDATES) == CANDIDATES[0]
    assert len(compared) == len(CANDIDATES)


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_cookie_gives_back_the_seat_it_holds(exercise: str, seat: str) -> None:
    cookie = cookie_of(SECRET, exercise, seat)
    assert re.fullmatch(r"[\w.-]+", cookie, re.ASCII)
    assert seat_of_cookie(SECRET, cookie) == (exercise, seat)
    assert seat_of_cookie(SECRET + b"!", cookie) is None


@given(st.data())
def test_a_cookie_that_was_tampered_with_holds_nothing(data: st.DataObject) -> None:
    cookie = cookie_of(SECRET, "abc", "kim")
    place = data.draw(st.integers(0, len(cookie) - 1))
    changed = cookie[:place] + data.draw(st.characters()) + cookie[place + 1 :]
    if changed != cookie:
        assert seat_of_cookie(SECRET, changed) is None


@given(st.text())
def test_what_is_no_cookie_holds_nothing(text: str) -> None:
    assert seat_of_cookie(SECRET, text) is None


def test_the_mark_of_a_code_is_no_mark_of_a_cookie() -> None:
    content = cookie_of(SECRET, "abc", "kim").partition(".")[0]
    code = code_of(SECRET, "abc", "kim").replace("-", "")
    assert seat_of_cookie(SECRET, f"{content}.{code}") is None


def test_the_secret_comes_from_the_environment_first(tmp_path: Path) -> None:
    assert secret_of({"TABLETOP_SECRET": "x" * 16}, tmp_path) == b"x" * 16
    assert list(tmp_path.iterdir()) == []


def test_a_short_secret_is_refused_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(SecretFault, match=r"too short.*openssl rand"):
        secret_of({"TABLETOP_SECRET": "hunter2"}, tmp_path)


def test_the_file_of_the_secret_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    first = secret_of({}, folder)
    assert secret_of({}, folder) == first
    assert len(first) == 64
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_hosts_that_start_at_once_agree_on_one_secret(tmp_path: Path) -> None:
    found: list[bytes] = []
    ready = threading.Barrier(8)

    def start() -> None:
        ready.wait()
        found.append(secret_of({}, tmp_path))

    hosts = [threading.Thread(target=start) for _ in range(8)]
    for host in hosts:
        host.start()
    for host in hosts:
        host.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["secret"]


def test_a_secret_that_others_may_read_is_refused_with_a_remedy(tmp_path: Path) -> None:
    secret_of({}, tmp_path)
    (tmp_path / "secret").chmod(0o640)
    with pytest.raises(SecretFault, match=r"Others may read .*chmod 600 "):
        secret_of({}, tmp_path)


@pytest.mark.parametrize("content", [b"", b"\n", b"short", b"\xff" * 40])
def test_a_file_without_a_secret_is_said_to_be_that(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "secret"
    file.touch(mode=0o600)
    file.write_bytes(content)
    with pytest.raises(SecretFault, match="secret"):
        secret_of({}, tmp_path)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    with pytest.raises(SecretFault, match=rf"{re.escape(os.fspath(blocked))}.*TABLETOP_SECRET"):
        secret_of({}, blocked / "folder")
