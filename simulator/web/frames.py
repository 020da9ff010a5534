"""The frames on a seat's socket: a length, a kind of one letter, and what it carries."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

LARGEST = 64 * 1024 * 1024
"""Bytes of one frame; the first entry of an exercise carries all its texts."""

INPUT, RESIZE, REPAINT, MESSAGE, LEAVE = b"i", b"z", b"p", b"j", b"q"
"""To a seat: what was typed, another size, paint everything, a message, leave now."""

OUTPUT = b"o"
"""From a seat: terminal output. It sends MESSAGE and LEAVE (with last words) as well."""

HELLO, REFUSED = b"h", b"e"
"""On the local socket: who comes, and why they may not come in."""


class FrameError(ValueError):
    """Bytes that are no frames of ours."""


def frame(kind: bytes, content: bytes = b"") -> bytes:
    """Return the bytes of a frame."""
    return (len(content) + 1).to_bytes(4) + kind + content


def message(said: Mapping[str, Any]) -> bytes:
    """Return the bytes of a frame that carries a message."""
    return frame(MESSAGE, json.dumps(said, separators=(",", ":")).encode())


class Frames:
    """Frames out of bytes that come in pieces of any size."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Yield (kind, content) of every frame that is whole by now. Raises FrameError."""
        self._held += data
        place = 0
        while len(self._held) - place >= 4:
            length = int.from_bytes(self._held[place : place + 4])
            if not 0 < length <= LARGEST:
                raise FrameError(f"a frame of {length} bytes")
            if len(self._held) - place - 4 < length:
                break
            start = place + 4
            kind = bytes(self._held[start : start + 1])
            content = bytes(self._held[start + 1 : start + length])
            place = start + length
            yield kind, content
        del self._held[:place]
