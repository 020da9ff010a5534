"""Records: what a journal holds, and the chain that shows nothing was changed or lost."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

GENESIS = "0" * 64
"""The digest before the first record."""


@dataclass(frozen=True, slots=True)
class Record:
    """One act as it was stored: its place in the order, its key, its text, its digest."""

    seq: int
    key: str
    body: str
    digest: str


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a journal. Two views of one exercise agree if their heads agree."""

    seq: int = 0
    digest: str = GENESIS


class BrokenChainError(ValueError):
    """The records are not an unbroken chain; `seq` is the first place where it does not hold."""

    def __init__(self, seq: int, why: str) -> None:
        super().__init__(f"act {seq}: {why}")
        self.seq = seq
        self.why = why


def chain(previous: str, seq: int, key: str, body: str) -> str:
    """Return the digest of a record that follows the one whose digest is `previous`."""
    # The key's length stands before it, so no text can pass for another key and body.
    return hashlib.sha256(f"{previous}\n{seq}\n{len(key)}\n{key}\n{body}".encode()).hexdigest()


def follow(head: Head, key: str, body: str) -> Record:
    """Return the record that comes next after `head`."""
    seq = head.seq + 1
    return Record(seq, key, body, chain(head.digest, seq, key, body))


def verify(records: Iterable[Record], after: Head | None = None) -> Head:
    """Return the head of `records`, which continue from `after` (or from the beginning).

    Raises BrokenChainError at the first record that is missing, changed or out of order.
    """
    head = after or Head()
    for record in records:
        if record.seq != head.seq + 1:
            raise BrokenChainError(head.seq + 1, f"missing, the next one is {record.seq!r}")
        if not isinstance(record.key, str) or not isinstance(record.body, str):
            raise BrokenChainError(record.seq, "not text")
        if record != follow(head, record.key, record.body):
            raise BrokenChainError(record.seq, "its digest does not match its text")
        head = Head(record.seq, record.digest)
    return head
