"""Codes to join with and cookies to stay with: computed from one secret, stored nowhere.

A code is 60 bits of an HMAC over the exercise, the role and how often that role's code has been
revoked, so every host with the same secret knows it, and revoking it is an act in the journal.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import hmac
import json
import os
import secrets
import stat
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import platformdirs

from simulator.session.faults import Told

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that is read as a digit."""

LETTERS = 12
VARIABLE = "TABLETOP_SECRET"
LEAST_SECRET = 16
"""Characters a secret must have at least: it is what every code and cookie rests on."""

_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


class SecretFault(Told):
    """The secret cannot be had; the text says why, and what to do."""


class Candidate(NamedTuple):
    """A role of an exercise that can be joined, and how often its code was revoked."""

    exercise: str
    role: str
    generation: int = 0


def secret_of(environment: Mapping[str, str], folder: Path | None = None) -> bytes:
    """Return the secret: TABLETOP_SECRET, else the file `secret` in `folder`, made if need be.

    The folder is the user's tabletop data folder unless one is given. The file is its owner's
    alone. Raises SecretFault if the secret is too short, or the file not ours or not to be had.
    """
    given = environment.get(VARIABLE)
    if given is not None:
        if len(given) < LEAST_SECRET:
            raise SecretFault(
                f"{VARIABLE} is too short to be a secret. Give it at least {LEAST_SECRET} "
                "characters that nobody can guess, such as the output of: openssl rand -hex 32"
            )
        return given.encode("utf-8", "surrogateescape")
    file = (folder or platformdirs.user_data_path("tabletop", False)) / "secret"
    try:
        if not file.exists():
            _make(file)
        state = file.stat()
        if stat.S_IMODE(state.st_mode) & 0o077:
            raise SecretFault(f"Others may read {file}. Take that from them: chmod 600 {file}")
        secret = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise SecretFault(
            f"The secret in {file} cannot be had: {reason}. Mend that, or set {VARIABLE}"
        ) from error
    if len(secret) < LEAST_SECRET:
        raise SecretFault(f"There is no secret in {file}. Delete the file: a new one is made")
    return secret.encode()


def code_of(secret: bytes, exercise: str, role: str, generation: int = 0) -> str:
    """Return the code of a role of an exercise, as it is shown: XXXX-XXXX-XXXX."""
    code = _code(secret, Candidate(exercise, role, generation))
    return "-".join(code[place : place + 4] for place in range(0, LETTERS, 4))


def matching(secret: bytes, typed: str, candidates: Iterable[Candidate]) -> Candidate | None:
    """Return the candidate whose code was typed, however sloppily, or None.

    Every candidate is compared, so that the time taken says nothing about which one it was.
    """
    meant = plain(typed).encode()
    found = None
    for candidate in candidates:
        if hmac.compare_digest(_code(secret, candidate).encode(), meant):
            found = candidate
    return found


def plain(typed: str) -> str:
    """Return a typed code in capitals, without gaps, its look-alikes as the digits they are."""
    letters = unicodedata.normalize("NFKC", typed[:200]).upper()
    return "".join(filter(str.isalnum, letters)).translate(_READ_AS)


def cookie_of(secret: bytes, exercise: str, seat: str) -> str:
    """Return the cookie that holds a seat of an exercise: safe in a header, forged by nobody."""
    content = _base64(json.dumps([exercise, seat]).encode())
    return f"{content}.{_base64(_digest(secret, 'cookie', content))}"


def seat_of_cookie(secret: bytes, cookie: str) -> tuple[str, str] | None:
    """Return the exercise and the seat that a cookie holds, or None if we did not make it."""
    content, _, mark = cookie.partition(".")
    expected = _base64(_digest(secret, "cookie", content))
    if not hmac.compare_digest(expected.encode(), mark.encode("utf-8", "replace")):
        return None
    with contextlib.suppress(ValueError, binascii.Error):
        exercise, seat = json.loads(base64.urlsafe_b64decode(content + "=" * (-len(content) % 4)))
        return str(exercise), str(seat)
    return None


def handle_of(cookie: str) -> str:
    """Return a short name for a cookie, which may be seen: it opens nothing."""
    return hashlib.sha256(cookie.encode("utf-8", "replace")).hexdigest()[:10]


def _code(secret: bytes, candidate: Candidate) -> str:
    said = f"{candidate.exercise}|{candidate.role}|{candidate.generation}"
    number = int.from_bytes(_digest(secret, "code", said)[:8]) >> 4
    return "".join(ALPHABET[number >> shift & 31] for shift in range(55, -1, -5))


def _digest(secret: bytes, purpose: str, said: str) -> bytes:
    return hmac.digest(secret, f"{purpose}|{said}".encode("utf-8", "replace"), hashlib.sha256)


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _make(file: Path) -> None:
    """Write a new secret, whole or not at all; who was quicker keeps theirs."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"secret.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
            opened.write(secrets.token_hex(32) + "\n")
            opened.flush()
            os.fsync(opened.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(fresh, file)
    finally:
        fresh.unlink(missing_ok=True)
